"""Stata: a file for each table, with labels of variables and values, in English and again in Korean.

A column with a fixed set of values becomes whole numbers with labels, in the order of the declaration from 1; yes and
no are 1 and 0. Days are days of Stata. Format 118 (Stata 14 and later) holds Korean.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.problems import CannotRun
from scripts.release.contents import Contents, Language, title, value_labels
from scripts.tableschema import Field, Table

YES_NO = {"en": {1: "yes", 0: "no"}, "ko": {1: "예", 0: "아니요"}}
# What the format allows (help dta): a label of a variable in characters, the longest text that is not a long string in bytes.
LABEL, SHORT = 80, 2045
# Stata's storage of whole numbers ends below the first; more is stored as a double, which is exact up to the second.
LONG, EXACT = 2_147_483_620, 2**53


def codes(field: Field) -> dict[str, int]:
    """The number of each value of a column that has a fixed set of them."""
    return {value: i for i, value in enumerate(field.enum or (), 1)}


def _column(field: Field, cells: Any) -> Any:
    import numpy as np
    import pandas as pd

    if field.enum:
        numbers = codes(field)
        return pd.Series([np.nan if c is None else numbers[c] for c in cells], dtype="float64" if cells.null_count() else "int16")
    match field.type:
        case "string":
            # Stata has no missing text: an empty one stands for it, and no cell of ours is an empty text.
            return pd.Series(["" if c is None else c for c in cells], dtype=object)
        case "boolean":
            return pd.Series([np.nan if c is None else int(c) for c in cells], dtype="float64" if cells.null_count() else "int8")
        case "date":
            return pd.Series(pd.to_datetime(cells.to_list()))
        case "integer":
            whole = not cells.null_count() and (cells.abs().max() or 0) < LONG
            return pd.Series([np.nan if c is None else c for c in cells], dtype="int32" if whole else "float64")
    return pd.Series(cells.to_list(), dtype="float64")


def _write(contents: Contents, table: Table, language: Language, path: Path) -> None:
    import pandas as pd

    frame = contents.frames[table.name]
    for f in (f for f in table.fields if f.type == "integer"):
        largest = frame[f.name].abs().max()
        if largest is not None and largest > EXACT:
            raise CannotRun(f"{table.name}.{f.name}: {largest} is too large for Stata to hold exactly")
    columns = {f.name: _column(f, frame[f.name]) for f in table.fields}
    labels: dict[str, dict[int | float, str]] = {}
    for f in table.fields:
        if f.enum:
            given = value_labels(f, language)
            labels[f.name] = {number: given[value] for value, number in codes(f).items()}
        elif f.type == "boolean":
            labels[f.name] = dict(YES_NO[language])
    long = [f.name for f in table.fields if f.type == "string" and not f.enum and (frame[f.name].str.len_bytes().max() or 0) > SHORT]
    pd.DataFrame(columns).to_stata(
        path, write_index=False, version=118, time_stamp=contents.released, data_label=f"{title(table, language)}, {contents.package['name']} {contents.package['version']}"[:LABEL],
        variable_labels={f.name: title(f, language)[:LABEL] for f in table.fields}, value_labels=labels, convert_strl=long,
        convert_dates={f.name: "td" for f in table.fields if f.type == "date"},
    )  # fmt: skip


def write_stata(contents: Contents, folder: Path, language: Language) -> None:
    """Writes ``TABLE.dta`` for every table into ``folder``; the same rows give the same bytes."""
    for table in contents.tables.values():
        _write(contents, table, language, folder / f"{table.name}.dta")
