"""What the validator says of tables given as text: form, constraints, keys and references, by cell.

Shared by the tests that loosen the schemas and by those that hold the validator against another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from scripts.constraints.violations import (
    Violation,
    constraint_violations,
    foreign_key_violations,
    own_violations,
    reference_violations,
    unique_key_violations,
)
from scripts.model.tables import Field, Table
from scripts.store.block_reader import read_large
from scripts.store.frames import frame_of
from tests.faults.csvs import to_csv


class Finding(NamedTuple):
    """A fault of record ``row`` (from 0) in ``column``; keys of several columns are joined by a comma."""

    row: int
    column: str
    rule: str


class Sheet(NamedTuple):
    """A table as read: the typed frame of its well-formed records, which record each row is, and the faults
    of form.
    """

    frame: pl.DataFrame
    records: list[int]
    faults: set[Finding]

    def numbered(self, found: Iterable[Violation]) -> set[Finding]:
        """Violations by record."""
        return {Finding(self.records[v.index] if v.index >= 0 else -1, v.column, v.rule) for v in found}


def read_sheet(fields: Sequence[Field], data: bytes) -> Sheet:
    """The records of a CSV as the validator reads it: one with a fault of form is reported and is no row of
    the frame.

    A fault of the whole file (bytes, header) is in row -1.
    """
    found = read_large(data, "", fields)
    lines = [line for part in found.lines for line in part]
    # Lines count from the header on and a cell may hold line breaks: records are numbered by where they
    # start.
    number = {
        line: i
        for i, line in enumerate(
            sorted({*lines, *(p.row for p in found.problems if p.rule in {"shape", "lexical"})})
        )
    }
    faults = {
        Finding(number[p.row] if p.rule in {"shape", "lexical"} else -1, p.column, p.rule)
        for p in found.problems
    }
    return Sheet(pl.concat([frame_of(fields, []), *found.frames]), [number[line] for line in lines], faults)


def text_sheet(fields: Sequence[Field], records: Sequence[Mapping[str, str]]) -> Sheet:
    """Records given as text by column; a column that is not given is empty."""
    return read_sheet(
        fields, to_csv([f.name for f in fields], [[r.get(f.name, "") for f in fields] for r in records])
    )


def cell_faults(fields: Sequence[Field], sheet: Sheet, *, key: Sequence[str] = ()) -> set[Finding]:
    """Faults of form and of constraints, with repeats of ``key``."""
    return sheet.faults | sheet.numbered(constraint_violations(fields, sheet.frame, key=key))


def unique_key_faults(table: Table, sheet: Sheet) -> set[Finding]:
    """Records that repeat one of ``uniqueKeys``."""
    return sheet.numbered(unique_key_violations(table, sheet.frame))


def foreign_key_faults(table: Table, sheets: Mapping[str, Sheet]) -> set[Finding]:
    """Records that refer to what is not there; ``sheets`` holds the table and those it refers to."""
    return sheets[table.name].numbered(
        foreign_key_violations(table, {name: sheet.frame for name, sheet in sheets.items()})
    )


def table_faults(tables: Mapping[str, Table], sheets: Mapping[str, Sheet]) -> dict[str, set[Finding]]:
    """What the validator reports of several tables before any rule: form, then constraints and keys, then
    references.
    """
    frames = {name: sheet.frame for name, sheet in sheets.items()}
    own = {name: own_violations(table, frames[name]) for name, table in tables.items()}
    unread = {name for name, sheet in sheets.items() if sheet.faults}
    return {
        name: (
            sheets[name].faults
            | sheets[name].numbered(
                [*own[name], *reference_violations(table, frames, dict(tables), own, unread)]
            )
        )
        for name, table in tables.items()
    }
