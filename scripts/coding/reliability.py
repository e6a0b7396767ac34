"""How well a second, blind coding agrees with the first: Krippendorff's alpha by column.

A round is a folder of ``seeds/recoding/`` with a sheet for each table coded again: the key of the row and the
columns that the second coder filled, from the passage and the manual alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from scripts.coding.sheets import Sheet, check_sheets, no_table, read_sheet
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Field, Table
from scripts.model.values import Value, format_value
from scripts.store.files import entries
from scripts.techpacts.nearest import did_you_mean
from scripts.techpacts.row_ids import join_key

FOLDER = "recoding"
# An empty cell is an answer too: this text stands for it, and no value can be it.
EMPTY = ""


def alpha(first: list[str], second: list[str]) -> float | None:
    """Return Krippendorff's alpha for two coders and nominal data, by package ``krippendorff``; None where
    only one value occurs.

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
    coding_round: str, table: Table, again: list[Record], columns: Iterable[str], rows: Mapping[str, Record]
) -> list[Record]:
    """The row of the reliability table for each of ``columns``."""
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


def _text(field: Field, value: Value) -> str:
    return EMPTY if value is None else format_value(field, value)


def _again(
    sheet: Sheet,
    faulty: Collection[tuple[str, int]],
    table: Table,
    rows: Mapping[str, Record],
    problems: list[Problem],
) -> list[Record]:
    """The rows of a second coding, each with the row of the data that it codes again in ``_key``."""
    key = table.primary_key
    again: dict[str, Record] = {}
    lines: dict[str, int] = {}
    for row in sheet.rows:
        if (sheet.file, row.line) in faulty:
            continue
        name = join_key(row.text[k] for k in key)
        if name not in rows:
            message, fix = (
                f"{table.name} has no row {brief(name)}",
                did_you_mean(name, rows, "remove the row"),
            )
        elif name in lines:
            message, fix = (
                f"duplicate key {brief(name)} (first in row {lines[name]})",
                "remove one of the two",
            )
        else:
            again[name], lines[name] = {**row.values, "_key": name}, row.line
            continue
        problems.append(Problem(sheet.file, row.line, key[0], message, fix, "recoding"))
    return list(again.values())


def reliability(
    folder: Path, data: dict[str, list[Record]], tables: dict[str, Table], problems: list[Problem]
) -> list[Record]:
    """Return the rows of the reliability table for every round under ``folder``; faults go to ``problems``.

    A row of a second coding that is not in the data is a fault: what it was coded for is gone.
    """
    result: list[Record] = []
    facts = {t.name: t for t in tables.values() if t.kind == "fact"}
    rounds = entries(folder, shown(folder, ROOT)) if folder.is_dir() else []
    for path in [
        path for sub in rounds for path in (entries(sub, shown(sub, ROOT)) if sub.is_dir() else [sub])
    ]:
        table = facts.get(path.stem)
        if table is None or path.suffix != ".csv" or path.parent == folder:
            problems.append(
                no_table(path, facts, "name the sheet ROUND/TABLE.csv after a fact table", "recoding")
            )
            continue
        key = list(table.primary_key)
        fields = [table.by_name[k] for k in key] + [f for f in table.claimed if f.name not in key]
        sheet = read_sheet(path, fields, key, problems)
        faulty = check_sheets([sheet], fields, key, problems)
        rows = {key_of(table, r): r for r in data[table.name]}
        if again := _again(sheet, faulty, table, rows, problems):
            columns = [f.name for f in fields if f.name in sheet.columns and f.name not in key]
            result += _compare(path.parent.name, table, again, columns, rows)
    return result
