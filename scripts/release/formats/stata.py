"""Stata: a file for each table, with labels of variables and values, in English and again in Korean.

A column with a fixed set of values becomes whole numbers with labels, in the order of the declaration from 1;
yes and no are 1 and 0. Days are days of Stata. Format 118 (Stata 14 and later) holds Korean.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from scripts.model.problems import CannotRun
from scripts.model.tables import Field, Table
from scripts.package.loaded import LANGUAGES, Contents, Language, title, value_labels
from scripts.release.exporter import Exporter
from scripts.release.limits import Limits

YES_NO: dict[Language, dict[int | float, str]] = {"en": {1: "yes", 0: "no"}, "ko": {1: "예", 0: "아니요"}}
# Where texts become long strings, in bytes, and where the storage of whole numbers ends; above are Stata's
# missing values. A larger number is stored as a double.
SHORT, LONG = 2045, 2_147_483_620


def codes(field: Field) -> dict[str, int]:
    """Number the values of a column that has a fixed set of them, from 1."""
    return {value: i for i, value in enumerate(field.enum or (), 1)}


def _column(field: Field, cells: pl.Series) -> pd.Series[Any]:
    """Return the cells of a column as pandas has to have them for Stata."""
    if field.enum:
        numbers = codes(field)
        return pd.Series(
            [np.nan if c is None else numbers[c] for c in cells],
            dtype="float64" if cells.null_count() else "int16",
        )
    match field.type:
        case "string":
            # Stata has no missing text: an empty one means it, and no cell here is an empty text.
            return pd.Series(["" if c is None else c for c in cells], dtype=object)
        case "boolean":
            return pd.Series(
                [np.nan if c is None else int(c) for c in cells],
                dtype="float64" if cells.null_count() else "int8",
            )
        case "date":
            return pd.Series(pd.to_datetime(cells.to_list()))
        case "integer":
            whole = not cells.null_count() and cells.is_between(-LONG, LONG).all()
            return pd.Series(
                [np.nan if c is None else c for c in cells], dtype="int32" if whole else "float64"
            )
    return pd.Series(cells.to_list(), dtype="float64")


def _write(contents: Contents, table: Table, language: Language, path: Path) -> None:
    frame = contents.frames[table.name]
    columns = {f.name: _column(f, frame[f.name]) for f in table.fields}
    labels: dict[str, dict[int | float, str]] = {}
    for f in table.fields:
        if f.enum:
            given = value_labels(f, language)
            labels[f.name] = {number: given[value] for value, number in codes(f).items()}
        elif f.type == "boolean":
            labels[f.name] = YES_NO[language]
    long = [
        f.name
        for f in table.fields
        if f.type == "string" and not f.enum and (frame[f.name].str.len_bytes() > SHORT).any()
    ]
    with warnings.catch_warnings():
        # pandas renames a column, cuts a label or rounds a number with no more than a warning.
        warnings.simplefilter("error")
        try:
            pd.DataFrame(columns).to_stata(
                path,
                write_index=False,
                version=118,
                time_stamp=contents.released,
                data_label=(
                    f"{title(table, language)}, {contents.package['name']} {contents.package['version']}"
                ),
                variable_labels={f.name: title(f, language) for f in table.fields},
                value_labels=labels,
                convert_strl=long,
                convert_dates={f.name: "td" for f in table.fields if f.type == "date"},
            )
        except (Warning, ValueError, OverflowError) as error:
            raise CannotRun(f"Stata: {table.name} cannot be written ({error})") from None


class Stata(Exporter):
    """A file for each table, with labels in one language."""

    name = "Stata"
    # https://www.stata.com/help.cgi?dta, https://www.stata.com/help.cgi?limits
    limits = Limits(
        names=re.compile("[A-Za-z_][A-Za-z0-9_]{0,31}"),
        columns=2_048,
        rows=2_147_483_619,
        text=2_000_000_000,
        whole=2**53,
        number=8.9884656743115785e307,
        reserved=re.compile(
            "_all|_b|byte|_coef|_cons|double|float|if|in|int|_n|_N|long|_pi|_pred|_rc|_skip|str[0-9]+|strL|using"
            "|with"
        ),
        first_day=dt.date(100, 1, 1),
        label=80,
        table_label=60,
        value_label=32_000,
        values=32_740,
    )

    def __init__(self, language: Language) -> None:
        """Make the variant for a language."""
        self.language = language
        self.made = f"stata-{language}"
        words = {"en": "English", "ko": "Korean"}[language]
        self.description = f"Stata, a file for each table, labels in {words}"

    def write(self, contents: Contents, path: Path) -> None:
        """Write ``TABLE.dta`` for every table; the same rows give the same bytes."""
        for table in contents.tables.values():
            _write(contents, table, self.language, path / f"{table.name}.dta")


EXPORTERS = tuple(Stata(language) for language in LANGUAGES)
