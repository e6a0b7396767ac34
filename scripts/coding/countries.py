"""The list of countries, from pycountry (ISO 3166-1, English) and Babel (Unicode CLDR, Korean), and what was
added by hand.
"""

from __future__ import annotations

import re
from pathlib import Path

from scripts.coding.lists import read_list
from scripts.model.paths import ROOT, SEEDS
from scripts.model.problems import BadData, Problem, brief, shown
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.schemas import load_tables

LIST = SEEDS / "vocabularies/countries.csv"
# The codes that ISO 3166-1 leaves to its users and never gives to a country, such as XKX and XK for Kosovo.
USER_ASSIGNED = {
    "country_code": re.compile("AA[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|ZZ[A-Z]"),
    "alpha_2": re.compile("AA|Q[M-Z]|X[A-Z]|ZZ"),
}


def countries_csv(held: Path = LIST) -> bytes:
    """Return ``seeds/vocabularies/countries.csv``: every country of ISO 3166-1 with its codes and names, and
    the added ones.

    Rows of ``held`` with user-assigned codes were added by hand and are kept. Raises BadData where another
    row has a code that ISO 3166-1 does not list; KeyError for a country that CLDR has no Korean name for.
    """
    import babel
    import pycountry

    table, korean = load_tables()["countries"], babel.Locale("ko").territories
    rows = [
        {"country_code": c.alpha_3, "alpha_2": c.alpha_2, "name_en": c.name, "name_ko": korean[c.alpha_2]}
        for c in pycountry.countries
    ]
    listed, problems = {row["country_code"] for row in rows}, list[Problem]()
    for row in read_list(held, table, problems) if held.exists() else []:
        line = row.pop("_line")
        if row["country_code"] in listed:
            continue
        for column, pattern in USER_ASSIGNED.items():
            if not pattern.fullmatch(str(row[column])):
                message = (
                    f"{brief(row[column])} is neither a code of ISO 3166-1 nor one that it leaves to users"
                )
                fix = "remove the row, or give it user-assigned codes, like XKX and XK"
                problems.append(Problem(shown(held, ROOT), line, column, message, fix, "country-code"))
        rows.append(row)
    if problems:
        raise BadData(problems)
    return write_rows(table.fields, sort_rows(table, rows))
