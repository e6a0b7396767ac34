"""The verdicts of frictionless and of this project on the same files, brought to the same places and
compared.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from frictionless import Error, Package

from scripts.model.tables import Field, Table
from scripts.package.descriptor import PROFILE, table_schema
from tests.judge import Finding, read_sheet, table_faults

# Errors of frictionless that concern a file or its header: nothing in it can be compared cell by cell.
WHOLE = {
    "encoding-error",
    "source-error",
    "format-error",
    "scheme-error",
    "incorrect-label",
    "missing-label",
    "extra-label",
    "blank-label",
    "blank-header",
    "duplicate-label",
}
SHAPE = {"blank-row", "extra-cell", "missing-cell"}
LIMIT = 1_000_000
Said = dict[str, dict[str, set[Finding]]]


@dataclass(frozen=True)
class Difference:
    """A place that one side reports and the other does not, with what is needed to see why.

    ``records`` are the records of all tables, ``known`` what this project reports, by table; ``broken`` are
    the tables whose file one of the sides cannot read.
    """

    table: Table
    row: int
    column: str
    side: str
    rules: frozenset[str]
    files: Mapping[str, bytes]
    records: Mapping[str, list[list[str]]]
    known: Mapping[str, set[Finding]]
    broken: frozenset[str]

    @property
    def data(self) -> bytes:
        """The file."""
        return self.files[self.table.name]

    @property
    def field(self) -> Field | None:
        return self.table.by_name.get(self.column)

    @property
    def cells(self) -> list[str]:
        """The record as csv reads it; none for a fault of the whole file."""
        return self.records[self.table.name][self.row] if self.row >= 0 else []

    def cell(self, column: str) -> str:
        """The text in a column of the record, empty where the record is too short."""
        at = self.table.names.index(column)
        return self.cells[at] if at < len(self.cells) else ""

    @property
    def text(self) -> str:
        return self.cell(self.column) if self.field else ""

    def __str__(self) -> str:
        return (
            f"{self.side} reports {self.table.name}:{self.row}:{self.column} {sorted(self.rules)}"
            f" {self.text!r} in {self.cells}"
        )


def _records(data: bytes) -> list[list[str]]:
    """The records below the header, read leniently."""
    return list(csv.reader(io.StringIO(data.decode("utf-8", "replace").replace("\0", ""), newline="")))[1:]


def ours(tables: Mapping[str, Table], files: Mapping[str, bytes]) -> dict[str, set[Finding]]:
    """What this project reports."""
    return table_faults(
        tables, {name: read_sheet(table.fields, files[name]) for name, table in tables.items()}
    )


def _descriptor(tables: Mapping[str, Table]) -> dict:
    dialect = {
        "delimiter": ",",
        "lineTerminator": "\n",
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
    }
    resources = [
        {"name": n, "type": "table", "path": f"{n}.csv", "scheme": "file", "format": "csv",
         "encoding": "utf-8", "dialect": dialect, "schema": table_schema(t)}
        for n, t in tables.items()
    ]  # fmt: skip
    return {"$schema": PROFILE, "name": "related", "resources": resources}


def _finding(error: Error, table: Table) -> Finding:
    """An error of frictionless as a finding of ours: record from 0, column, rule."""
    row = getattr(error, "row_number", 1) - 2
    if error.type in WHOLE:
        return Finding(-1, "", "header" if "label" in error.type or "header" in error.type else "bytes")
    if error.type in SHAPE:
        return Finding(row, "", "shape")
    if error.type == "primary-key":
        return Finding(row, ",".join(table.primary_key), "primary-key")
    if error.type == "foreign-key":
        return Finding(row, ",".join(error.field_names), "foreign-key")  # type: ignore[attr-defined]
    rule = {"type-error": "lexical", "unique-error": "unique"}.get(error.type) or error.note.split('"')[1]
    return Finding(row, error.field_name, rule)  # type: ignore[attr-defined]


def theirs(tables: Mapping[str, Table], files: Mapping[str, bytes]) -> dict[str, set[Finding]]:
    """What frictionless reports."""
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / f"{name}.csv").write_bytes(data)
        report = Package.from_descriptor(_descriptor(tables), basepath=folder).validate(limit_errors=LIMIT)
    assert not report.errors, report.errors
    return {task.name: {_finding(e, tables[task.name]) for e in task.errors} for task in report.tasks}


def _places(found: set[Finding], rows: set[int]) -> dict[tuple[int, str], set[str]]:
    """Rules by place; what is said of a row in ``rows`` is said of the row as a whole."""
    places: dict[tuple[int, str], set[str]] = defaultdict(set)
    for f in found:
        places[(f.row, "") if f.row in rows else (f.row, f.column)].add(f.rule)
    return places


def both(tables: Mapping[str, Table], files: Mapping[str, bytes]) -> Said:
    """What each side reports, by side and table."""
    return {"ours": ours(tables, files), "frictionless": theirs(tables, files)}


def differences(
    tables: Mapping[str, Table], files: Mapping[str, bytes], sides: Said | None = None
) -> list[Difference]:
    """Places that only one side reports; ``sides`` is what they say, where it is known.

    Where either cannot read a file, only that is compared, and no reference to the file; a record of another
    length or without a filled cell is one place.
    """
    sides = sides or both(tables, files)
    records = {name: _records(data) for name, data in files.items()}
    unread = {
        name
        for found in sides.values()
        for name, findings in found.items()
        if any(f.row < 0 for f in findings)
    }
    result = []
    for name, table in tables.items():
        beyond = {",".join(k.fields) for k in table.foreign_keys if k.table in unread}
        rows = {
            i for i, cells in enumerate(records[name]) if len(cells) != len(table.names) or not any(cells)
        }
        places = {}
        for side, found in sides.items():
            known = (
                {f for f in found[name] if f.row < 0}
                if name in unread
                else {f for f in found[name] if not (f.rule == "foreign-key" and f.column in beyond)}
            )
            places[side] = _places(known, rows | {-1})
        for side, other in (("ours", "frictionless"), ("frictionless", "ours")):
            for row, column in sorted(places[side].keys() - places[other].keys()):
                result.append(
                    Difference(
                        table,
                        row,
                        column,
                        side,
                        frozenset(places[side][row, column]),
                        files,
                        records,
                        sides["ours"],
                        frozenset(unread),
                    )
                )
    return result
