"""Reads the two files of a table and finds what is wrong with them: fast where they are sound and agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from scripts.constraints.violations import Violation, own_violations
from scripts.model.problems import Problem
from scripts.model.tables import Table
from scripts.model.values import text_fault
from scripts.store.block_reader import read_large
from scripts.store.fast_reader import Digest, Doubt, read_pair
from scripts.store.files import read_inside, sha256
from scripts.store.frames import first_moved, frame_of
from scripts.validation.descriptor_check import REBUILD
from scripts.validation.package_files import (
    Folder,
    file_hash,
    hash_problems,
    locate,
    row_count_problems,
)
from scripts.validation.parquet_check import check_parquet_schema


@dataclass
class ReadTable:
    """A table as far as it could be read: the rows of which every cell has its form.

    ``lines``: on which line each row is, where that is not its number and two. ``sound``: whether there are
    no other rows. ``parquet``: the file that is still to be compared with the rows. ``own``: constraints and
    keys that the rows break by themselves. ``problems``: what is wrong with the files.
    """

    frame: pl.DataFrame
    lines: pl.Series | None = None
    sound: bool = True
    parquet: Path | None = None
    own: list[Violation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def line(self, index: int) -> int:
        """Return the line of row ``index``; 0 where the whole table is meant."""
        if index < 0:
            return 0
        return index + 2 if self.lines is None else int(self.lines[index])


def unread(table: Table, problems: list[Problem] | None = None) -> ReadTable:
    """Return a table of which no row could be read."""
    return ReadTable(frame_of(table.fields, []), sound=False, problems=problems or [])


@dataclass(frozen=True)
class TableReader:
    """Reads tables of one package; SHA-256 is computed in ``pool`` beside the reading."""

    folder: Folder
    package: dict[str, Any]
    pool: ThreadPoolExecutor

    def read(self, table: Table, given: dict[str, Any]) -> ReadTable:
        """Read one table whole; ``given`` is its resource in the descriptor."""
        name = table.name
        csv, problems = locate(self.folder, given, f"{name}.path", f"data/{name}.csv")
        parquet, more = self._parquet(table, given.get("techpacts:parquet"))
        problems += more
        if csv is None:
            return unread(table, problems)
        digest = Digest(self.pool)
        try:
            if parquet is None:
                raise Doubt
            frame = pl.concat([frame_of(table.fields, []), *read_pair(csv, parquet, table, digest)])
            own = _ordered_violations(table, frame)
        except Doubt:
            read = self._read_strictly(table, given, csv, parquet)
            read.problems += problems
            return read
        problems += hash_problems(csv, given, digest.size, digest.hex())
        problems += row_count_problems(self.folder, name, given, frame.height)
        return ReadTable(frame, own=own, problems=problems)

    def _parquet(self, table: Table, given: Any) -> tuple[Path | None, list[Problem]]:
        """Return the Parquet of a table where its rows can be compared, and what is wrong with it so far."""
        where, wanted = f"{table.name}.techpacts:parquet", f"data/{table.name}.parquet"
        path, problems = locate(self.folder, given, where, wanted)
        if path is None:
            return None, problems
        problems += hash_problems(path, given, path.stat().st_size, file_hash(path))
        schema, more = check_parquet_schema(path, table, self.package)
        return None if schema is None else path, problems + more

    def _read_strictly(
        self, table: Table, given: dict[str, Any], csv: Path, parquet: Path | None
    ) -> ReadTable:
        """Read a table cell by cell, to report everything that is wrong with its CSV."""
        file = self.folder.csv(table.name)
        data = read_inside(csv, self.folder.path, file)
        problems = hash_problems(csv, given, len(data), sha256(data))
        found = read_large(data, file, table.fields)
        frame = pl.concat([frame_of(table.fields, []), *found.frames])
        lines = pl.concat([pl.Series([], dtype=pl.UInt32), *found.lines])
        own = own_violations(table, frame)
        if found.problems:
            return ReadTable(frame, lines, sound=False, own=own, problems=problems + found.problems)
        problems += row_count_problems(self.folder, table.name, given, frame.height)
        moved = first_moved(frame, table)
        noncanonical = [n for n in (found.noncanonical, lines[moved] if moved is not None else 0) if n]
        if noncanonical:
            message = "from here on it is not sorted by key or not in canonical form"
            problems.append(Problem(file, min(noncanonical), "", message, REBUILD, "canonical"))
        return ReadTable(frame, lines, parquet=parquet, own=own, problems=problems)


def _ordered_violations(table: Table, frame: pl.DataFrame) -> list[Violation]:
    """List constraints and keys that the rows break which both files of a table gave, in order of their key.

    Raises Doubt where a text that breaks one may have another fault as well: while the files are compared,
    columns that a constraint keeps plain are not searched for such.
    """
    found = own_violations(table, frame, ordered=True)
    if any(v.rule in {"enum", "pattern"} and text_fault(str(frame[v.column][v.index])) for v in found):
        raise Doubt
    return found
