"""What breaks the constraints and keys of a table, said in words.

What a cell must be is stated in ``scripts/techpacts/constraints.py``; here the rows that break it are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import polars as pl

from scripts.model.problems import Problem, brief
from scripts.model.tables import Field, ForeignKey, Table
from scripts.model.values import Value, format_value
from scripts.store.frames import MANY, distinct, firsts, numbered
from scripts.techpacts.constraints import POLARS_TYPE, Check, checks, required, unique
from scripts.techpacts.nearest import did_you_mean, singular


@dataclass(frozen=True, order=True, slots=True)
class Violation:
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
        """Return the fault at its place in a file; ``place`` gives file and line for a row and a column."""
        file, line = place(self.index, self.column)
        message = self.message
        if self.first >= 0:
            other, at = place(self.first, self.column)
            message += f" (first in row {at})" if other == file else f" (first in {other}:{at})"
        return Problem(file, line, self.column, message, self.fix, self.rule)


def _words(field: Field, check: str, value: str) -> tuple[str, str]:
    """Return what is wrong with a cell that breaks a check, and the remedy."""
    shown = brief(value)
    match check:
        case "required":
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
    raise ValueError(f"no words for the check {check}")


def broken_checks(asked: Sequence[Check], frame: pl.DataFrame) -> list[Check]:
    """Return those of ``asked`` that some row of the frame breaks: nearly all are asked in one query."""
    by_row: list[Check] = []
    by_value: dict[str, list[Check]] = {}
    for check in asked:
        name = check.columns[0]
        # In a long column of texts few differ.
        once = frame.height >= MANY and frame.schema[name] == pl.String and not check.between_rows
        (by_value.setdefault(name, []) if once else by_row).append(check)
    kept = _kept(by_row, frame)
    for name, of_one in by_value.items():
        kept |= _kept(of_one, distinct(frame[name]).to_frame())
    return [check for check in asked if not kept[check.columns, check.name]]


def _kept(asked: Sequence[Check], frame: pl.DataFrame) -> dict[tuple[tuple[str, ...], str], bool]:
    """Return for each check whether all rows keep it."""
    every = frame.select(c.keeps.all().alias(str(i)) for i, c in enumerate(asked)).row(0) if asked else ()
    return {(c.columns, c.name): kept for c, kept in zip(asked, every, strict=True)}


def _checks(fields: Sequence[Field], key: Sequence[str], sheet: Sequence[str] | None) -> Iterator[Check]:
    """Yield the checks of a table, or of a coding sheet that must fill the columns in ``sheet``."""
    for f in fields:
        if f.required if sheet is None else f.name in sheet:
            yield required(f)
        yield from (c for c in checks(f) if sheet is None or not c.between_rows)
    if key:
        yield unique("primary-key", key)


def constraint_violations(
    fields: Sequence[Field],
    frame: pl.DataFrame,
    *,
    key: Sequence[str] = (),
    sheet: Sequence[str] | None = None,
) -> list[Violation]:
    """List every cell of ``frame`` that breaks a constraint, and the rows that repeat an earlier ``key``.

    ``sheet``: the columns that a coding sheet must fill; it replaces what ``fields`` say of required and
    unique cells, since a sheet holds claims and not rows.
    """
    if list(frame.schema.items()) != [(f.name, POLARS_TYPE[f.type]) for f in fields]:
        misfit = f"the columns are {dict(frame.schema)}"
        return [Violation(-1, "", f"the frame does not fit its schema: {misfit}", "report this", "schema")]
    by_name = {f.name: f for f in fields}
    found = []
    for check in broken_checks(list(_checks(fields, key, sheet)), frame):
        if check.between_rows:
            found += list(_duplicates(check, frame, by_name))
            continue
        field = by_name[check.columns[0]]
        for index in _breaking(check, frame):
            words = _words(field, check.name, _text(field, frame[index, field.name]))
            found.append(Violation(index, field.name, *words, check.name))
    return sorted(found)


def _text(field: Field, value: Value) -> str:
    """Return a cell as in a CSV, where it can be written there; infinite numbers cannot."""
    return str(value) if isinstance(value, float) and not isfinite(value) else format_value(field, value)


def _breaking(check: Check, frame: pl.DataFrame) -> pl.Series:
    """Return the numbers of the rows that break a check."""
    return frame.select((~check.keeps).arg_true()).to_series()


def _duplicates(check: Check, frame: pl.DataFrame, by_name: Mapping[str, Field]) -> Iterator[Violation]:
    """Yield the rows that repeat an earlier one in the columns of ``check``, each with that one."""
    first = firsts(frame, check.columns)
    for index in _breaking(check, frame):
        values = brief(" | ".join(_text(by_name[n], frame[index, n]) for n in check.columns))
        named, fix = ", ".join(check.columns), "give each row its own"
        message = f"duplicate {named} {values}"
        if check.name == "primary-key" and frame.row(index) == frame.row(first[index]):
            message, fix = f"duplicate row, with the key {values}", "delete one of the two"
        elif check.name == "primary-key":
            message = f"duplicate key {values}, with other cells"
            fix = "give each row its own key, or delete one of the two"
        yield Violation(index, ",".join(check.columns), message, fix, check.name, first[index])


def unique_key_violations(table: Table, frame: pl.DataFrame) -> Iterator[Violation]:
    """Yield rows that repeat one of ``uniqueKeys``; as in SQL, a key with an empty part repeats nothing."""
    for check in broken_checks([unique("unique-key", key) for key in table.unique_keys], frame):
        yield from _duplicates(check, frame, table.by_name)


# Of more references to nothing in one column none is compared with what there is: then a whole list is
# missing.
LOOKED_UP = 200


def unknown_reference(table: str, value: str, known: Collection[str]) -> tuple[str, str]:
    """Return what is wrong with a cell that refers to a missing row of ``table``, and the remedy."""
    return f"there is no {singular(table)} {brief(value)}", did_you_mean(
        value, known, f"add it to {table}, or correct the spelling"
    )


def foreign_key_violations(
    table: Table, frames: dict[str, pl.DataFrame], unknown: Collection[str] = ()
) -> Iterator[Violation]:
    """Yield rows that refer to a missing key; references to a table in ``unknown`` cannot be judged."""
    for key, found in orphans(table, frames, unknown):
        known: list[str] = []
        if found.height <= LOOKED_UP:
            target = frames[key.table].select(key.reference).drop_nulls()
            known = [" | ".join(map(str, row)) for row in target.iter_rows()]
        for row in found.iter_rows(named=True):
            value = " | ".join(str(row[n]) for n in key.fields)
            yield Violation(
                row["_row"],
                ",".join(key.fields),
                *unknown_reference(key.table, value, known),
                rule="foreign-key",
            )


def orphans(
    table: Table, frames: dict[str, pl.DataFrame], unknown: Collection[str] = ()
) -> Iterator[tuple[ForeignKey, pl.DataFrame]]:
    """Yield for each foreign key that is not met the rows that refer to a missing key."""
    frame = numbered(frames[table.name])
    for key in unmet(table, frames, unknown):
        target = frames[key.table].select(key.reference).drop_nulls()
        yield (
            key,
            frame.drop_nulls(list(key.fields))
            .join(target, left_on=list(key.fields), right_on=list(key.reference), how="anti")
            .sort("_row"),
        )


def unmet(table: Table, frames: dict[str, pl.DataFrame], unknown: Collection[str] = ()) -> list[ForeignKey]:
    """Return the foreign keys of a table that some row may not meet: those of one column are all asked for
    in one query.
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
    """List constraints and keys that the rows of a table break by themselves, each duplicate row once.

    ``ordered``: the rows strictly ascend by primary key, so that none repeats another.
    """
    found = constraint_violations(table.fields, frame, key=() if ordered else table.primary_key)
    twice = {v.index for v in found if v.rule == "primary-key"}
    return [
        v
        for v in [*found, *unique_key_violations(table, frame)]
        if v.rule not in {"unique", "unique-key"} or v.index not in twice
    ]


def reference_violations(
    table: Table,
    frames: dict[str, pl.DataFrame],
    tables: dict[str, Table],
    known: Mapping[str, Collection[Violation]],
    unknown: Collection[str] = (),
) -> list[Violation]:
    """List references to what is not there, as far as they can be judged: the cell and the keys it may point
    to are in order.

    ``known``: the violations found so far, by table. ``unknown``: tables that could not be read whole, or
    were emptied: every row that refers to one would be an orphan.
    """
    unsure = {
        name
        for name, found in known.items()
        if {c for v in found for c in v.column.split(",")} & set(tables[name].primary_key)
    }
    faulty = {(v.index, c) for v in known.get(table.name, ()) for c in v.column.split(",")}
    return [
        v
        for v in foreign_key_violations(table, frames, {*unknown, *unsure})
        if not any((v.index, c) in faulty for c in v.column.split(","))
    ]


def concerned(table: Table, found: Sequence[Violation]) -> set[str]:
    """Return the tables that may be at fault where ``table`` has these violations: itself, and what orphans
    point to.
    """
    columns = {v.column for v in found if v.rule == "foreign-key"}
    return ({table.name} if found else set()) | {
        k.table for k in table.foreign_keys if ",".join(k.fields) in columns
    }
