"""How well a second, blind coding agrees with the first: Krippendorff's alpha by column.

A round is a folder of ``seeds/recoding/`` with a sheet for each table coded again: the key of the row and the
columns that the second coder filled, from the passage and the manual alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from scripts.coding.lists import read_typed
from scripts.constraints.violations import constraint_violations
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import format_value
from scripts.store.files import entries
from scripts.store.frames import frame_of
from scripts.techpacts.nearest import did_you_mean
from scripts.techpacts.row_ids import join_key

FOLDER = "recoding"
# An empty cell is an answer too: this text stands for it, and no value can be it.
EMPTY = ""


def alpha(first: list[str], second: list[str]) -> float | None:
    """Krippendorff's alpha for two coders and nominal data, by the package ``krippendorff``; None where only
    one value occurs.

    Source: K. Krippendorff, Content Analysis (2004), ch. 11.
    """
    import krippendorff

    values = sorted({*first, *second})
    if len(values) < 2:
        return None
    codes = {v: i for i, v in enumerate(values)}
    result = float(
        krippendorff.alpha(
            reliability_data=[[codes[v] for v in first], [codes[v] for v in second]],
            level_of_measurement="nominal",
        )
    )
    return None if math.isnan(result) else round(result, 4)


def _compare(
    coding_round: str, table: Table, again: list[Record], columns: Iterable[str], rows: dict[str, Record]
) -> list[Record]:
    found = []
    for name in columns:
        field = table.by_name[name]
        pairs = [(_text(field, rows[r["_key"]].get(name)), _text(field, r.get(name))) for r in again]
        first, second = [p[0] for p in pairs], [p[1] for p in pairs]
        found.append(
            {
                "coding_round": coding_round,
                "table": table.name,
                "field": name,
                "units": len(pairs),
                "values_used": len({*first, *second}),
                "agreement_share": round(sum(a == b for a, b in pairs) / len(pairs), 4),
                "alpha": alpha(first, second),
            }
        )
    return found


def _text(field, value) -> str:
    return EMPTY if value is None else format_value(field, value)


def reliability(
    folder: Path, data: dict[str, list[Record]], tables: dict[str, Table], problems: list[Problem]
) -> list[Record]:
    """The rows of the reliability table for every round under ``folder``; faults go to ``problems``.

    A row of a second coding that is not in the data is a fault: what it was coded for is gone.
    """
    result: list[Record] = []
    rounds = entries(folder, shown(folder, ROOT)) if folder.is_dir() else []
    for sheet in [
        sheet for sub in rounds for sheet in (entries(sub, shown(sub, ROOT)) if sub.is_dir() else [sub])
    ]:
        file, table = shown(sheet, ROOT), tables.get(sheet.stem)
        if table is None or table.kind != "fact" or sheet.suffix != ".csv" or sheet.parent == folder:
            facts = [f"{t.name}.csv" for t in tables.values() if t.kind == "fact"]
            problems.append(
                Problem(
                    file,
                    0,
                    "",
                    f"there is no table {brief(sheet.name)} to code into",
                    did_you_mean(sheet.name, facts, "name the sheet ROUND/TABLE.csv after a fact table"),
                    "recoding",
                )
            )
            continue
        key = list(table.primary_key)
        fields = [table.by_name[k] for k in key] + [f for f in table.claimed if f.name not in key]
        read = read_typed(sheet, file, fields, problems, exact=False, needed=key)
        rows = {join_key([format_value(table.by_name[k], r[k]) for k in key]): r for r in data[table.name]}
        again: list[Record] = []
        seen: dict[str, int] = {}
        whole = [r for r in read if len(r.values) == len(r.text)]
        faulty = set()
        for v in constraint_violations(fields, frame_of(fields, [r.values for r in whole]), sheet=key):
            problems.append(v.problem(lambda i, _: (file, whole[i].line)))  # noqa: B023
            faulty.add(whole[v.index].line)
        for row in whole:
            if row.line in faulty:
                continue
            name = join_key([format_value(table.by_name[k], row.values[k]) for k in key])
            if name not in rows:
                problems.append(
                    Problem(
                        file,
                        row.line,
                        key[0],
                        f"{table.name} has no row {brief(name)}",
                        did_you_mean(name, rows, "remove the row"),
                        "recoding",
                    )
                )
                continue
            if seen.setdefault(name, row.line) != row.line:
                problems.append(
                    Problem(
                        file,
                        row.line,
                        key[0],
                        f"duplicate key {brief(name)} (first in row {seen[name]})",
                        "remove one of the two",
                        "recoding",
                    )
                )
                continue
            again.append({**row.values, "_key": name})
        if again:
            columns = [f.name for f in fields if f.name not in key and f.name in read[0].text]
            result += _compare(sheet.parent.name, table, again, columns, rows)
    return result
