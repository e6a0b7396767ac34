"""Constraints and keys of a table: what its cells must be, and what breaks it said in words.

The conditions are stated once (``conditions``). A sound frame is recognised in one query (``holds``); in any
other pandera names each cell that fails (``enforced.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from scripts.model.problems import Problem, brief
from scripts.model.tables import Field, ForeignKey, Table
from scripts.model.values import format_value
from scripts.store.frames import MANY, POLARS_TYPE, distinct, firsts, numbered
from scripts.techpacts.nearest import did_you_mean, singular


class Violation(NamedTuple):
    """A broken constraint in row ``index`` (from 0) of a frame; ``index`` -1 means the whole table.

    Of a duplicate ``first`` is the earlier row that has the same.
    """

    index: int
    column: str
    message: str
    fix: str
    rule: str
    first: int = -1

    def problem(self, place: Callable[[int, str], tuple[str, int]]) -> Problem:
        """The fault at its place in a file; ``place`` gives file and line for a row and a column."""
        file, line = place(self.index, self.column)
        message = self.message
        if self.first >= 0:
            other, at = place(self.first, self.column)
            message += f" (first in row {at})" if other == file else f" (first in {other}:{at})"
        return Problem(file, line, self.column, message, self.fix, self.rule)


def conditions(field: Field) -> Iterator[tuple[str, Callable[[pl.Expr], pl.Expr]]]:
    """What the cells of a column must be, by name of the constraint; an empty cell is judged by ``required``
    alone.
    """
    if field.enum:
        yield "enum", lambda c, values=list(field.enum): c.is_in(values)
    if field.pattern:
        # Rust's end-of-text anchor is \z; $ would let a trailing line feed pass.
        yield "pattern", lambda c, p=field.pattern: c.str.contains(rf"\A(?:{p})\z")
    if field.type == "number":
        yield "finite", lambda c: c.is_finite()
    if field.minimum is not None:
        yield "minimum", lambda c, m=field.minimum: c >= m
    if field.maximum is not None:
        yield "maximum", lambda c, m=field.maximum: c <= m


def _words(field: Field, check: str, value: str) -> tuple[str, str]:
    name, shown = check.partition(":")[0], brief(value)
    match name:
        case "not_nullable":
            return "the cell is empty and may not be", f"fill it in, like {field.example}"
        case "enum":
            return f"{shown} is not one of the values of {field.name}", did_you_mean(
                value, field.enum or (), "use one of " + ", ".join(field.enum or ())
            )
        case "pattern":
            return f"{shown} does not have the form of {field.name}", f"write it like {field.example}"
        case "minimum":
            return f"{shown} is less than {field.minimum}", "check the figure"
        case "maximum":
            return f"{shown} is more than {field.maximum}", "check the figure"
        case "finite":
            return f"{shown} is not a finite number", "check the figure"
        case "field_uniqueness":
            return f"duplicate {field.name} {shown}", "give each row its own"
    return f"{shown} breaks the check {check}", f"write it like {field.example}"


def holds(
    fields: Sequence[Field],
    frame: pl.DataFrame,
    *,
    key: Sequence[str] = (),
    sheet: Sequence[str] | None = None,
) -> bool:
    """Whether pandera would find nothing: the same checks in one query over the frame, which is many times
    faster.

    It may say no where there is nothing after all (an empty cell in a unique column), never yes where there
    is.
    """
    if [(n, t) for n, t in frame.schema.items()] != [(f.name, POLARS_TYPE[f.type]) for f in fields]:
        return False
    asked = []
    for f in fields:
        column = pl.col(f.name)
        if f.required if sheet is None else f.name in sheet:
            asked.append(column.is_not_null().all())
        if f.unique and sheet is None:
            asked.append(~column.is_duplicated().any())
        cells = [expression(column).all() for _, expression in conditions(f)]
        if cells and f.type == "string" and frame.height >= MANY:
            if not all(
                distinct(frame[f.name]).to_frame().select(e.alias(str(i)) for i, e in enumerate(cells)).row(0)
            ):
                return False
        else:
            asked += cells
    if key:
        asked.append(~pl.struct(key).is_duplicated().any())
    return all(frame.select(e.alias(str(i)) for i, e in enumerate(asked)).row(0)) if asked else True


def constraint_violations(
    fields: Sequence[Field],
    frame: pl.DataFrame,
    *,
    key: Sequence[str] = (),
    sheet: Sequence[str] | None = None,
) -> list[Violation]:
    """Every cell of ``frame`` that breaks a constraint, by pandera, plus duplicates of ``key``."""
    if holds(fields, frame, key=key, sheet=sheet):
        return []
    from scripts.constraints.pandera_schemas import failures

    by_name = {f.name: f for f in fields}
    cases = failures(fields, frame, key, sheet)
    # The first of the rows that share a value is not the one to mend, and an empty cell has no value to
    # share.
    first = {
        columns: firsts(frame, columns)
        for columns in {tuple(key), *((f.name,) for f in fields if f.unique)}
        if columns
    }
    found: dict[tuple[int, str, str], Violation] = {}
    for case in cases.iter_rows(named=True):
        column, check = case["column"], str(case["check"])
        index = -1 if case["index"] is None else case["index"]
        # pandera names every row that shares a value.
        shared = check in {"multiple_fields_uniqueness", "field_uniqueness"}
        earlier = first[tuple(key) if column is None else (column,)][index] if shared else -1
        if shared and earlier in (None, index):
            continue
        if check == "multiple_fields_uniqueness":
            values = " | ".join(str(frame[index, n]) for n in key)
            v = Violation(
                index,
                ",".join(key),
                *_repeated(frame, index, earlier, values),
                rule="primary-key",
                first=earlier,
            )
        elif column is None or index < 0:
            v = Violation(
                -1,
                str(case["failure_case"]),
                f"the frame does not fit its schema ({check})",
                "report this",
                "schema",
            )
        else:
            field = by_name[column]
            value = format_value(field, frame[index, column])
            v = Violation(
                index,
                column,
                *_words(field, check, value),
                rule=check.partition(":")[0]
                .replace("not_nullable", "required")
                .replace("field_uniqueness", "unique"),
                first=earlier,
            )
        found[(v.index, v.column, v.rule)] = v
    return sorted(found.values())


def _repeated(frame: pl.DataFrame, index: int, first: int, key: str) -> tuple[str, str]:
    """What is wrong with a row that has the key of an earlier one, and the remedy: they may be equal or
    differ.
    """
    if frame.row(index) == frame.row(first):
        return f"duplicate row, with the key {brief(key)}", "delete one of the two"
    return (
        f"duplicate key {brief(key)}, with other cells",
        "give each row its own key, or delete one of the two",
    )


def unique_key_violations(table: Table, frame: pl.DataFrame) -> Iterator[Violation]:
    """Rows that repeat one of ``uniqueKeys``; as in SQL, a key with an empty part repeats nothing."""
    for key in table.unique_keys:
        repeated = (
            numbered(frame)
            .drop_nulls(list(key))
            .with_columns(pl.col("_row").first().over(key).alias("_first"))
        )
        for row in repeated.filter(pl.col("_row") != pl.col("_first")).iter_rows(named=True):
            values = brief(" | ".join(str(row[n]) for n in key))
            yield Violation(
                row["_row"],
                ",".join(key),
                f"duplicate {', '.join(key)} {values}",
                "give each row its own",
                "unique-key",
                row["_first"],
            )


# Of more references to nothing in one column none is compared with what there is: a whole list is missing
# then.
LOOKED_UP = 200


def unknown_reference(table: str, value: str, known: Collection[str]) -> tuple[str, str]:
    """What is wrong with a cell that refers to a row of ``table`` which is not there, and the remedy."""
    return f"there is no {singular(table)} {brief(value)}", did_you_mean(
        value, known, f"add it to {table}, or correct the spelling"
    )


def foreign_key_violations(
    table: Table, frames: dict[str, pl.DataFrame], unknown: Collection[str] = ()
) -> Iterator[Violation]:
    """Rows that refer to a key which is not there; references to a table in ``unknown`` cannot be judged."""
    frame = numbered(frames[table.name])
    for key in unmet(table, frames, unknown):
        target = frames[key.table].select(key.reference).drop_nulls()
        orphans = (
            frame.drop_nulls(list(key.fields))
            .join(target, left_on=list(key.fields), right_on=list(key.reference), how="anti")
            .sort("_row")
        )
        known: list[str] = []
        if orphans.height <= LOOKED_UP:
            known = [" | ".join(map(str, row)) for row in target.iter_rows()]
        for row in orphans.iter_rows(named=True):
            value = " | ".join(str(row[n]) for n in key.fields)
            yield Violation(
                row["_row"],
                ",".join(key.fields),
                *unknown_reference(key.table, value, known),
                rule="foreign-key",
            )


def unmet(table: Table, frames: dict[str, pl.DataFrame], unknown: Collection[str] = ()) -> list[ForeignKey]:
    """The references of a table that some row does not meet, or may not: those of one column are all asked
    for in one query.
    """
    keys = [key for key in table.foreign_keys if key.table not in unknown]
    single = [key for key in keys if len(key.fields) == 1]
    cells = [pl.lit(distinct(frames[table.name][key.fields[0]])) for key in single]
    known = [pl.lit(frames[key.table][key.reference[0]]).drop_nulls().implode() for key in single]
    met = (
        pl.select(
            c.is_in(k).all().alias(str(i)) for i, (c, k) in enumerate(zip(cells, known, strict=True))
        ).row(0)
        if single
        else ()
    )
    sound = {id(key) for key, yes in zip(single, met, strict=True) if yes}
    return [key for key in keys if id(key) not in sound]


def own_violations(table: Table, frame: pl.DataFrame, *, ordered: bool = False) -> list[Violation]:
    """Constraints and keys that the rows of a table break by themselves, each row that stands twice told
    once.

    ``ordered``: the rows strictly ascend by primary key, so that none stands twice.
    """
    found = constraint_violations(table.fields, frame, key=() if ordered else table.primary_key)
    twice = {v.index for v in found if v.rule == "primary-key"}
    return [
        v
        for v in [*found, *unique_key_violations(table, frame)]
        if v.rule not in {"unique", "unique-key"} or v.index not in twice
    ]


# Rows (by index) and columns of a table that are told to be wrong.
Odd = dict[str, set[tuple[int, str]]]


def reference_violations(
    table: Table,
    frames: dict[str, pl.DataFrame],
    tables: dict[str, Table],
    odd: Odd,
    unknown: Collection[str] = (),
) -> list[Violation]:
    """References to what is not there, as far as they can be judged: the cell and the keys it may point to
    are in order.

    ``unknown``: tables that could not be read whole, or were emptied: every row that refers to one would be
    an orphan.
    """
    unsure = {
        n
        for n, cells in odd.items()
        if {c for _, columns in cells for c in columns.split(",")} & set(tables[n].primary_key)
    }
    mine = {(index, c) for index, columns in odd.get(table.name, ()) for c in columns.split(",")}
    return [
        v
        for v in foreign_key_violations(table, frames, {*unknown, *unsure})
        if not any((v.index, c) in mine for c in v.column.split(","))
    ]


def concerned(table: Table, found: Sequence[Violation]) -> set[str]:
    """The tables that may be at fault where ``table`` has these violations: itself, and what orphans point
    to.
    """
    columns = {v.column for v in found if v.rule == "foreign-key"}
    return ({table.name} if found else set()) | {
        k.table for k in table.foreign_keys if ",".join(k.fields) in columns
    }
