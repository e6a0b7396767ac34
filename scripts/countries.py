"""The list of countries, from pycountry (ISO 3166-1, English) and Babel (Unicode CLDR, Korean)."""

from __future__ import annotations

from scripts.csvfile import sort_rows, write_rows
from scripts.tableschema import load_tables


def countries_csv() -> bytes:
    """``seeds/vocabularies/countries.csv``: every country of ISO 3166-1 with its codes and names.

    A country that CLDR has no Korean name for raises KeyError.
    """
    import babel
    import pycountry

    korean = babel.Locale("ko").territories
    table = load_tables()["countries"]
    rows = [{"country_code": c.alpha_3, "alpha_2": c.alpha_2, "name_en": c.name, "name_ko": korean[c.alpha_2]} for c in pycountry.countries]
    return write_rows(table.fields, sort_rows(table, rows))
