"""The sound files that mutants are made from: the made-up package and its seeds, as tables of text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zlib import crc32

from scripts.model.tables import Field, Table
from scripts.package.settings import load_package
from scripts.pipeline.build import Built
from scripts.store.schemas import load_seed_table
from tests.faults.csvs import Csv
from tests.mini import TABLES, Mini

EVIDENCE = TABLES["evidence"]
SHEET_COLUMNS = ("attribution", "relays", "note")


@dataclass(frozen=True)
class Sheet:
    """A table in a file: of the package (``context`` data) or of the seeds.

    ``kind``: ``table`` of the package; of the seeds a coding ``sheet``, a ``list``, or a second ``coding``.
    """

    context: str
    kind: str
    file: str
    name: str
    table: Table
    csv: Csv
    fields: tuple[Field, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that may not be empty in this file."""
        if self.kind == "sheet":
            return ("at", *self.table.primary_key)
        if self.kind == "coding":
            return self.table.primary_key
        return tuple(f.name for f in self.fields if f.required)

    def pick(self, salt: str, column: str) -> int:
        """A row to spoil, the same for the same ``salt``: one that has a value in ``column`` if there is
        any.
        """
        filled = [i for i in range(len(self.csv.rows)) if self.csv.cell(i, column)]
        rows = filled or list(range(len(self.csv.rows)))
        return rows[crc32(f"{salt} {self.file} {column}".encode()) % len(rows)]


def _seed_fields(kind: str, table: Table, header: tuple[str, ...]) -> tuple[Field, ...]:
    fields = {f.name: f for f in table.fields}
    if kind == "sheet":
        fields |= {n: EVIDENCE.by_name[n] for n in ("at", *SHEET_COLUMNS)}
    return tuple(fields[n] for n in header)


class World:
    """The made-up package and seeds, built once; not to be changed."""

    def __init__(self, folder: Path) -> None:
        mini = Mini.write(folder)
        mini.lock()
        self.folder = folder
        self.built: Built = mini.build()
        self.package = load_package()
        self.files = dict(self.built.files)
        self.seed_files = {
            p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
        }

    @cached_property
    def descriptor(self) -> dict:
        return json.loads(self.files["datapackage.json"])

    @cached_property
    def tables(self) -> dict[str, Sheet]:
        """The tables of the package by name."""
        found = {}
        for name, table in TABLES.items():
            file = f"data/{name}.csv"
            found[name] = Sheet("data", "table", file, name, table, Csv.read(self.files[file]), table.fields)
        return found

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The tables of the seeds by file."""
        found = {}
        for file, data in self.seed_files.items():
            path = Path(file)
            # A pinned table is no list: any change of it is told by its hash.
            if path.suffix != ".csv" or (path.parts[1:2] == ("upstream",) and len(path.parts) > 3):
                continue
            kind = {"coding": "sheet", "recoding": "coding"}.get(path.parts[1], "list")
            if path.stem == "uncoded":
                kind = "list"
            table = TABLES.get(path.stem) or load_seed_table(path.stem.replace(".", "_"))
            csv = Csv.read(data)
            found[file] = Sheet(
                "seeds", kind, file, path.stem, table, csv, _seed_fields(kind, table, csv.header)
            )
        return found

    def seed_types(self, salt: str) -> Iterator[Sheet]:
        """One file of each type of seed file (every list, a sheet of each table), the same for the same
        ``salt``.
        """
        by_type: dict[tuple[str, str], list[Sheet]] = {}
        for sheet in self.sheets.values():
            by_type.setdefault((sheet.kind, sheet.name), []).append(sheet)
        for key, sheets in by_type.items():
            yield sheets[crc32(f"{salt} {key}".encode()) % len(sheets)]
