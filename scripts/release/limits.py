"""What each format can hold, and what of a package it cannot.

A format declares its limits in its class (``limits``). They are checked against the rows before anything is
written: a writer that silently cuts a text or leaves a row out changes the data.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from scripts.model.problems import Problem, brief
from scripts.model.tables import Field, Table
from scripts.package.loaded import LANGUAGES, Contents, title, value_labels
from scripts.store.frames import row_ids


def utf16(text: pl.Expr) -> pl.Expr:
    """Count the units of UTF-16: a character beyond the first 65,536 counts twice."""
    return text.str.len_chars() + text.str.count_matches(r"[\x{10000}-\x{10FFFF}]")


def utf8(text: pl.Expr) -> pl.Expr:
    """Count the bytes of UTF-8."""
    return text.str.len_bytes()


@dataclass(frozen=True)
class Limits:
    """What a format can hold, each bound the last that it still holds; None where no table of ours can reach
    the bound.

    ``taken``: names of tables that the format uses itself. ``text``: the longest text, measured by
    ``measure`` and called ``unit``. ``breaks``: line feeds in a text. ``whole``: the largest whole number of
    either sign that the format or its usual reader holds exactly. ``digits``: significant digits of a number.
    ``label``, ``table_label``, ``value_label``: characters of the label of a column, a table, a value.
    ``values``: how many a fixed set may have.
    """

    tables: re.Pattern[str] | None = None
    taken: tuple[str, ...] = ()
    names: re.Pattern[str] | None = None
    reserved: re.Pattern[str] | None = None
    columns: int | None = None
    rows: int | None = None
    text: int | None = None
    measure: Callable[[pl.Expr], pl.Expr] = utf8
    unit: str = "bytes of UTF-8"
    breaks: int | None = None
    whole: int | None = None
    digits: int | None = None
    number: float | None = None
    first_day: dt.date | None = None
    label: int | None = None
    table_label: int | None = None
    value_label: int | None = None
    values: int | None = None


def _of_column(limits: Limits, f: Field) -> Iterator[tuple[pl.Expr, Callable[[object], str], str]]:
    """Yield what a cell of the column must not be, the message on such a cell, and the fix."""
    cell = pl.col(f.name)
    if f.type == "string":
        if limits.text is not None:
            yield (
                limits.measure(cell) > limits.text,
                lambda _: f"the text has more than {limits.text:,} {limits.unit}",
                "shorten it",
            )
        if limits.breaks is not None:
            yield (
                cell.str.count_matches("\n") > limits.breaks,
                lambda _: f"the text has more than {limits.breaks} line breaks",
                "shorten it",
            )
    if f.type == "integer" and limits.whole is not None:
        # Not by abs(): the smallest whole number of 64 bits has no positive counterpart.
        yield (
            (cell > limits.whole) | (cell < -limits.whole),
            lambda v: f"{v} is beyond {limits.whole}, up to which whole numbers are exact",
            "give it in a larger unit",
        )
    if f.type == "number":
        yield ~cell.is_finite(), lambda v: f"{v} is not a finite number", "correct it"
        if limits.number is not None:
            yield (
                cell.abs() > limits.number,
                lambda v: f"{v} is beyond {limits.number}",
                "give it in another unit",
            )
        if limits.digits is not None:
            kept = cell.map_batches(
                lambda s: pl.Series(
                    [None if v is None else float(f"{v:.{limits.digits}g}") for v in s], dtype=pl.Float64
                ),
                return_dtype=pl.Float64,
            )
            yield (
                cell != kept,
                lambda v: f"{v!r} has more than {limits.digits} significant digits",
                "round it",
            )
    if f.type == "date" and limits.first_day is not None:
        yield (
            cell < limits.first_day,
            lambda v: (
                f"{v} is before {limits.first_day}, the first day that every reader of the format shows alike"
            ),
            "give the day as a text column",
        )


def _of_declaration(limits: Limits, table: Table, field: Field | None = None) -> Iterator[str]:
    """Yield what is wrong with the name and the labels of a table or a column."""
    of = field or table
    pattern = limits.names if field else limits.tables
    if pattern and not pattern.fullmatch(of.name):
        yield f"it cannot hold the name {brief(of.name)}"
    if field and limits.reserved and limits.reserved.fullmatch(of.name):
        yield f"the name {brief(of.name)} is a reserved word"
    if not field and of.name.casefold() in map(str.casefold, limits.taken):
        yield f"the name {brief(of.name)} is taken: the format holds something else of that name"
    longest = limits.label if field else limits.table_label
    for language in LANGUAGES:
        if longest is not None and len(title(of, language)) > longest:
            yield f"the title {brief(title(of, language))} has more than {longest} characters"
        if field and limits.value_label is not None:
            for label in value_labels(field, language).values():
                if len(label) > limits.value_label:
                    yield f"the label {brief(label)} has more than {limits.value_label} characters"
    if field and limits.values is not None and len(field.enum or ()) > limits.values:
        yield f"the column has more than {limits.values} values"


def _of_table(format_name: str, limits: Limits, table: Table, frame: pl.DataFrame) -> Iterator[Problem]:
    schema, data = f"schemas/{table.name}.json", f"data/{table.name}.csv"

    def problem(file: str, line: int, column: str, message: str, fix: str) -> Problem:
        return Problem(file, line, column, f"{format_name}: {message}", fix, "limits")

    for field in (None, *table.fields):
        for message in _of_declaration(limits, table, field):
            yield problem(schema, 0, field.name if field else "", message, "change the declaration")
    for file, of, count, most in (
        (schema, "columns", len(table.fields), limits.columns),
        (data, "rows", frame.height, limits.rows),
    ):
        if most is not None and count > most:
            message = f"the table has {count:,} {of}, and {most:,} are the most"
            yield problem(file, 0, "", message, "split the table")
    for f in table.fields:
        for wrong, describe, fix in _of_column(limits, f):
            found = frame.select(wrong.fill_null(False).alias("wrong")).to_series().arg_true()
            ids = frame[found.to_list()].select(row_ids(table)).to_series() if found.len() else ()
            for place, row_id in zip(found, ids, strict=True):
                message = f"{describe(frame[f.name][place])} (row {brief(row_id)})"
                yield problem(data, place + 2, f.name, message, fix)


def _alike(names: Iterable[str], what: str, file: str) -> Iterator[Problem]:
    """Yield the names that differ only in case: to Excel, SQL and many file systems they are one."""
    seen: dict[str, str] = {}
    for name in names:
        if (other := seen.setdefault(name.casefold(), name)) is not name:
            message = f"the {what} {brief(other)} and {brief(name)} differ only in case"
            yield Problem(file, 0, "", message, "rename one", "limits")


def beyond(contents: Contents, limits: Mapping[str, Limits]) -> list[Problem]:
    """List every table, column and cell that a format cannot hold; the limits are by name of the format."""
    problems = list(_alike(contents.tables, "tables", "schemas/"))
    for table in contents.tables.values():
        problems += _alike(table.names, "columns", f"schemas/{table.name}.json")
        for format_name, of_format in limits.items():
            problems += _of_table(format_name, of_format, table, contents.frames[table.name])
    return problems
