"""pandera schemas derived from the declarations, and what they find said in words.

The polars backend, eager: a lazy frame would skip the checks of data. Nothing is coerced here; the lexical
form of every cell was judged before (``values.parse``).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from scripts.problems import brief
from scripts.tableschema import Field, Table
from scripts.values import Value, format_value

POLARS_TYPE = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}


class Violation(NamedTuple):
    """A broken constraint in row ``index`` (from 0) of a frame; ``index`` -1 means the whole table."""

    index: int
    column: str
    message: str
    fix: str
    rule: str


def frame_of(fields: Sequence[Field], rows: Sequence[dict[str, Value]]) -> pl.DataFrame:
    """Rows as a typed frame with the columns of ``fields`` in order; a missing cell is null."""
    return pl.DataFrame(
        {f.name: pl.Series(f.name, [row.get(f.name) for row in rows], dtype=POLARS_TYPE[f.type], strict=True) for f in fields}
    )


def _check(name: str, expression: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    def run(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(expression(pl.col(data.key)))

    return pa.Check(run, name=name)


def _column_checks(field: Field) -> Iterator[pa.Check]:
    if field.enum:
        yield _check("enum", lambda c, values=list(field.enum): c.is_in(values))
    if field.pattern:
        # Rust's end-of-text anchor is \z; $ would let a trailing line feed pass.
        yield _check("pattern", lambda c, p=field.pattern: c.str.contains(rf"\A(?:{p})\z"))
    if field.type == "number":
        yield _check("finite", lambda c: c.is_finite())
    if field.minimum is not None:
        yield _check("minimum", lambda c, m=field.minimum: c >= m)
    if field.maximum is not None:
        yield _check("maximum", lambda c, m=field.maximum: c <= m)


def pandera_schema(fields: Sequence[Field], unique: Sequence[str] = (), *, sheet: Sequence[str] | None = None) -> pa.DataFrameSchema:
    """The schema of a frame with exactly these columns in this order, ``unique`` together.

    ``sheet``: the columns that a coding sheet must fill; it replaces ``required`` and ``unique``, since a
    sheet holds claims and not rows.
    """
    columns = {}
    for f in fields:
        required = f.required if sheet is None else f.name in sheet
        columns[f.name] = pa.Column(
            POLARS_TYPE[f.type], nullable=not required, unique=f.unique and sheet is None, checks=list(_column_checks(f)),
            title=f.title, description=f.description,
        )  # fmt: skip
    return pa.DataFrameSchema(columns, strict=True, ordered=True, coerce=False, unique=list(unique) or None)


def _words(field: Field, check: str, shown: str) -> tuple[str, str]:
    name = check.partition(":")[0]
    match name:
        case "not_nullable":
            return "the cell is empty and may not be", f"fill it in, like {field.example}"
        case "enum":
            return f"{shown} is not one of the values of {field.name}", "use one of " + ", ".join(field.enum or ())
        case "pattern":
            return f"{shown} does not have the form of {field.name}", f"write it like {field.example}"
        case "minimum":
            return f"{shown} is less than {field.minimum}", "check the figure"
        case "maximum":
            return f"{shown} is more than {field.maximum}", "check the figure"
        case "finite":
            return f"{shown} is not a finite number", "check the figure"
        case "field_uniqueness":
            return f"{shown} stands in an earlier row too", "give each row its own"
    return f"{shown} breaks the check {check}", f"write it like {field.example}"


def constraint_violations(fields: Sequence[Field], frame: pl.DataFrame, *, key: Sequence[str] = (), sheet: Sequence[str] | None = None) -> list[Violation]:
    """Every cell of ``frame`` that breaks a constraint, by pandera, plus duplicates of ``key``."""
    by_name = {f.name: f for f in fields}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pandera_schema(fields, key, sheet=sheet).validate(frame, lazy=True)
        return []
    except SchemaErrors as errors:
        cases = errors.failure_cases
    found: dict[tuple[int, str, str], Violation] = {}
    for case in cases.iter_rows(named=True):
        column, check = case["column"], str(case["check"])
        index = -1 if case["index"] is None else case["index"]
        if check in {"multiple_fields_uniqueness", "field_uniqueness"}:
            # pandera names every row that shares a value; the first of them is not the one to mend.
            shared = list(key) if column is None else [column]
            if frame.select(pl.struct(shared).is_first_distinct()).item(index, 0):
                continue
        if check == "multiple_fields_uniqueness":
            values = " | ".join(str(frame[index, n]) for n in key)
            v = Violation(index, ",".join(key), f"the key {brief(values)} stands in an earlier row too", "give each row its own key, or drop one", "primary-key")
        elif column is None or index < 0:
            v = Violation(-1, str(case["failure_case"]), f"the frame does not fit its schema ({check})", "report this", "schema")
        else:
            field = by_name[column]
            shown = brief(format_value(field, frame[index, column]))
            v = Violation(index, column, *_words(field, check, shown), rule=check.partition(":")[0].replace("not_nullable", "required").replace("field_uniqueness", "unique"))
        found[(v.index, v.column, v.rule)] = v
    return sorted(found.values())


def unique_key_violations(table: Table, frame: pl.DataFrame) -> Iterator[Violation]:
    """Rows that repeat one of ``uniqueKeys``; as in SQL, a key with an empty part repeats nothing."""
    for key in table.unique_keys:
        repeated = frame.with_row_index("_row").drop_nulls(list(key)).filter(~pl.struct(key).is_first_distinct())
        for row in repeated.iter_rows(named=True):
            yield Violation(row["_row"], ",".join(key), f"{brief(' | '.join(str(row[n]) for n in key))} stands in an earlier row too", "give each row its own", "unique-key")


def foreign_key_violations(table: Table, frames: dict[str, pl.DataFrame]) -> Iterator[Violation]:
    """Rows that refer to a key which is not there."""
    frame = frames[table.name].with_row_index("_row")
    for key in table.foreign_keys:
        target = frames[key.table].select(key.reference).drop_nulls()
        orphans = frame.drop_nulls(list(key.fields)).join(target, left_on=list(key.fields), right_on=list(key.reference), how="anti").sort("_row")
        for row in orphans.iter_rows(named=True):
            value = " | ".join(str(row[n]) for n in key.fields)
            yield Violation(row["_row"], ",".join(key.fields), f"there is no {brief(value)} in {key.table}", f"add it to {key.table} or mend the spelling", "foreign-key")
