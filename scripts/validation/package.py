"""Checks a package on disk: bytes, form, types, keys, rules, CSV against Parquet, descriptor against files."""

from __future__ import annotations

import gc
import hashlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.constraints.violations import (
    Odd,
    Violation,
    concerned,
    own_violations,
    reference_violations,
    unmet,
)
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, Problem, brief, shown
from scripts.model.tables import Table
from scripts.model.values import text_fault
from scripts.package.settings import load_package
from scripts.store.block_reader import read_large
from scripts.store.fast_reader import Digest, Doubt, read_pair, same_types
from scripts.store.files import inside, read_inside, sha256
from scripts.store.frames import first_moved, frame_of
from scripts.store.jsonfile import read_json
from scripts.store.parquet import arrow_schema, file_metadata
from scripts.store.zipped import Zipped
from scripts.validation.descriptor_check import COMPANIONS, REBUILD, check_descriptor, is_day
from scripts.validation.rules.base import declared
from scripts.validation.rules.judge import judge


@dataclass
class _Read:
    """A table as far as it could be read: rows of which every cell has its form, and on which line each
    stands.
    """

    frame: pl.DataFrame
    lines: pl.Series | None = None
    sound: bool = True
    # The Parquet that is still to be compared.
    parquet: Path | None = None
    # Constraints and keys that its rows break by themselves.
    own: list[Violation] = field(default_factory=list)

    def line(self, index: int) -> int:
        """The line of row ``index``, 0 where the whole table is meant."""
        if index < 0:
            return 0
        return index + 2 if self.lines is None else self.lines[index]


@dataclass
class Report:
    """What is wrong with a package, and which rules could not be judged before that is mended."""

    problems: list[Problem] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


class _Package:
    """One package being checked; problems are gathered in ``report``."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.folder, self.pool = folder, pool
        self.tables, self.package = declared(), load_package()
        self.file = shown(folder / "datapackage.json", ROOT)
        self.report = Report()
        self.read: dict[str, _Read] = {}
        # Tables with faults of their own, and the cells among these by row and column.
        self.faulty: set[str] = set()
        self.emptied: set[str] = set()
        self.odd: Odd = {}

    def say(self, file: str, row: int, column: str, message: str, fix: str, rule: str) -> None:
        self.report.problems.append(Problem(file, row, column, message, fix, rule))

    def csv(self, name: str) -> str:
        return shown(self.folder / f"data/{name}.csv", ROOT)

    # --- files

    def path(self, given: Any, where: str, wanted: str) -> Path | None:
        """The file that a property of the descriptor names; None where it is not ``wanted``, or not there."""
        name = given.get("path") if isinstance(given, dict) else None
        path = inside(self.folder, name)
        if path is None:
            self.say(
                self.file,
                0,
                where,
                f"the path {brief(name)} leads out of the package",
                "name a file inside it",
                "path",
            )
        elif name != wanted:
            # Told with the descriptor.
            return None
        elif not path.is_file():
            self.say(shown(path, ROOT), 0, "", "the file is missing", REBUILD, "missing-file")
            return None
        return path

    def fingerprint(self, path: Path, given: dict[str, Any], size: int, digest: str) -> None:
        """Holds size and SHA-256 of a file against the descriptor: one problem, whichever differs."""
        if size != given.get("bytes") or f"sha256:{digest}" != given.get("hash"):
            self.say(
                shown(path, ROOT),
                0,
                "",
                f"its hash is not the one in the descriptor ({size} bytes, the descriptor says"
                f" {brief(given.get('bytes'))[1:-1]})",
                REBUILD,
                "hash",
            )

    def count(self, name: str, given: dict[str, Any], rows: int) -> None:
        if type(given.get("techpacts:rows")) is not int or rows != given["techpacts:rows"]:
            self.say(
                self.file,
                0,
                f"{name}.techpacts:rows",
                f"it says {brief(given.get('techpacts:rows'))[1:-1]}, the table has {rows} rows",
                REBUILD,
                "row-count",
            )

    def metadata(self, table: Table, parquet: Path) -> bool:
        """Holds the types and the metadata of a Parquet file against the declaration; False where it cannot
        be compared.
        """
        file = shown(parquet, ROOT)
        try:
            found = pq.read_schema(parquet)
        except (pa.ArrowException, OSError) as error:
            self.say(
                file,
                0,
                "",
                f"it cannot be read as Parquet ({(str(error).splitlines() or [''])[0][:80]})",
                REBUILD,
                "parquet",
            )
            return False
        wanted = arrow_schema(table)
        if found.names != wanted.names:
            self.say(
                file,
                0,
                "",
                f"its columns are {', '.join(brief(n)[1:-1] for n in found.names[:50])}",
                REBUILD,
                "parquet",
            )
            return False
        if not same_types(found, table):
            for f in wanted:
                other = found.field(f.name)
                if (other.type, other.nullable) != (f.type, f.nullable):
                    same = "its cells may " + (
                        "be empty, which the declaration does not allow"
                        if other.nullable
                        else "not be empty, which the declaration allows"
                    )
                    self.say(
                        file,
                        0,
                        f.name,
                        f"the type is {other.type}, not {f.type}" if other.type != f.type else same,
                        REBUILD,
                        "parquet",
                    )
            return False
        given = {
            k.decode("utf-8", "replace"): v.decode("utf-8", "replace")
            for k, v in (found.metadata or {}).items()
        }
        for key, value in file_metadata(table, self.package).items():
            if given.get(key) != value:
                self.say(file, 0, "", f"its metadata {key} is not that of the package", REBUILD, "parquet")
        return True

    # --- tables

    def strictly(self, table: Table, given: dict[str, Any], csv: Path, parquet: Path | None) -> _Read:
        """Reads a table cell by cell, to say everything that is wrong with its two files."""
        name, faults = table.name, list[Problem]()
        data = read_inside(csv, self.folder, self.csv(name))
        self.fingerprint(csv, given, len(data), sha256(data))
        found = read_large(data, self.csv(name), table.fields, faults)
        self.report.problems += faults
        frame = pl.concat([frame_of(table.fields, []), *found.frames])
        lines = pl.concat([pl.Series([], dtype=pl.UInt32), *found.lines])
        if not faults:
            self.count(name, given, frame.height)
            moved = first_moved(frame, table)
            odd = [line for line in (found.odd_line, lines[moved] if moved is not None else 0) if line]
            if odd:
                self.say(
                    self.csv(name),
                    min(odd),
                    "",
                    "from here on it is not sorted by key or not written in the one form",
                    REBUILD,
                    "canonical",
                )
        return _Read(
            frame,
            lines,
            sound=not faults,
            parquet=None if faults else parquet,
            own=own_violations(table, frame),
        )

    def compare(self, table: Table) -> None:
        """Holds the Parquet against a CSV that has no faults of its own, cell by cell."""
        frame, parquet = self.read[table.name].frame, self.read[table.name].parquet
        if parquet is None or table.name in self.faulty:
            return
        file = shown(parquet, ROOT)
        try:
            # As many rows as the CSV at most: a few bytes of Parquet can stand for any number.
            height = pq.read_metadata(parquet).num_rows
            other = pl.DataFrame(pl.from_arrow(pq.read_table(parquet))) if height == frame.height else None
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            self.say(
                file,
                0,
                "",
                f"it cannot be read as Parquet ({(str(error).splitlines() or [''])[0][:80]})",
                REBUILD,
                "parquet",
            )
            return
        if other is None:
            self.say(file, 0, "", f"it has {height} rows, the CSV {frame.height}", REBUILD, "parquet")
            return
        for name in table.names:
            differ = frame[name].ne_missing(other[name]).arg_true()
            for index in differ:
                self.say(
                    file,
                    index + 2,
                    name,
                    f"it holds {brief(other[name][index])}, the CSV {brief(frame[name][index])}",
                    REBUILD,
                    "parquet",
                )

    def open(self, table: Table, given: dict[str, Any]) -> tuple[Path | None, Path | None]:
        """The CSV and, where it can be compared, the Parquet of a table; their names and the Parquet's hash
        are judged.
        """
        beside = given.get("techpacts:parquet")
        csv = self.path(given, f"{table.name}.path", f"data/{table.name}.csv")
        parquet = self.path(beside, f"{table.name}.techpacts:parquet", f"data/{table.name}.parquet")
        if parquet is not None:
            with parquet.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            self.fingerprint(parquet, beside, parquet.stat().st_size, digest)
            if not self.metadata(table, parquet):
                parquet = None
        return csv, parquet

    def table(self, table: Table, given: dict[str, Any]) -> None:
        """Reads one table whole, fast where its files are sound and agree."""
        csv, parquet = self.open(table, given)
        if csv is None:
            self.read[table.name] = _Read(frame_of(table.fields, []), sound=False)
            return
        digest = Digest(self.pool)
        try:
            if parquet is None:
                raise Doubt
            frame = pl.concat([frame_of(table.fields, []), *read_pair(csv, parquet, table, digest)])
            own = self.constrain(table, frame)
        except Doubt:
            self.read[table.name] = self.strictly(table, given, csv, parquet)
        else:
            self.fingerprint(csv, given, digest.size, digest.hex())
            self.count(table.name, given, frame.height)
            self.read[table.name] = _Read(frame, own=own)

    def constrain(self, table: Table, frame: pl.DataFrame) -> list[Violation]:
        """Constraints and keys that rows of a table break which come from both its files, in order."""
        found = own_violations(table, frame, ordered=True)
        if any(v.rule in {"enum", "pattern"} and text_fault(str(frame[v.column][v.index])) for v in found):
            # Texts that a constraint refuses were not looked at while the files were compared.
            raise Doubt
        return found

    def refer(self, table: Table, frames: dict[str, pl.DataFrame]) -> None:
        """Report references of a table to rows that are not there."""
        unknown = {n for n, r in self.read.items() if not r.sound} | self.emptied
        self.tell(table, reference_violations(table, frames, self.tables, self.odd, unknown))

    def tell(self, table: Table, found: list[Violation]) -> None:
        """Report violations of a table, and note its faulty cells and the tables that may be at fault."""
        for v in found:
            self.odd.setdefault(table.name, set()).add((v.index, v.column))
            self.report.problems.append(
                v.problem(lambda i, _: (self.csv(table.name), self.read[table.name].line(i)))
            )
        self.faulty |= concerned(table, found)

    def enough(self, table: Table, rows: int) -> None:
        if rows < table.min_rows:
            self.say(
                self.csv(table.name),
                0,
                "",
                f"the table has {rows} rows, it needs {table.min_rows}",
                "bring the rows back",
                "min-rows",
            )
            self.faulty.add(table.name)
            if not rows:
                self.emptied.add(table.name)

    def judge(self, frames: dict[str, pl.DataFrame]) -> None:
        """Run the rules and add what they find to the report."""
        verdict = judge(frames, self.faulty)
        for name, v in verdict.found:
            self.say(self.csv(name), self.read[name].line(v.index), v.column, v.message, v.fix, v.rule)
        self.report.waiting = verdict.waiting

    def check(self) -> Report:
        try:
            given = read_json(self.folder / "datapackage.json")
        except BadData as bad:
            return Report(bad.problems)
        resources = check_descriptor(given, self.tables, self.package, self.file, self.report.problems)
        empty_allowed = isinstance(given, dict) and "techpacts:asOf" in given
        for name, table in self.tables.items():
            if name not in resources:
                self.read[name] = _Read(frame_of(table.fields, []), sound=False)
        # Two at a time, the largest first.
        reading = [self.tables[n] for n in sorted(resources, key=lambda n: n != "evidence")]
        with ThreadPoolExecutor(2) as readers:
            list(readers.map(lambda table: self.table(table, resources[table.name]), reading))
            frames = {name: r.frame for name, r in self.read.items()}
            orphans = dict(
                zip(
                    self.tables,
                    readers.map(lambda table: unmet(table, frames), self.tables.values()),
                    strict=True,
                )
            )
        for name, table in self.tables.items():
            self.tell(table, self.read[name].own)
            if not self.read[name].sound:
                self.faulty.add(name)
            if not empty_allowed and self.read[name].sound:
                self.enough(table, self.read[name].frame.height)
        for name, table in self.tables.items():
            if orphans[name]:
                self.refer(table, frames)
            self.compare(table)
        self.covers(given)
        self.judge(frames)
        self.strays()
        self.report.problems = sorted(set(self.report.problems))
        return self.report

    def covers(self, given: Any) -> None:
        """The day of the newest source is the one that the descriptor says the data reach to."""
        newest = self.read["sources"].frame["published_on"].max()
        said = given.get("techpacts:coversTo") if isinstance(given, dict) else None
        if newest is not None and "sources" not in self.faulty and is_day(said) and said != str(newest):
            self.say(
                self.file,
                0,
                "techpacts:coversTo",
                f"it says {said}, the newest source is of {newest}",
                REBUILD,
                "descriptor",
            )
        as_of = given.get("techpacts:asOf") if isinstance(given, dict) else None
        if newest is not None and "sources" not in self.faulty and is_day(as_of) and as_of < str(newest):
            self.say(
                self.file,
                0,
                "techpacts:asOf",
                f"it says {as_of}, the newest source is of {newest}",
                "take it out, or build the package as of that day",
                "descriptor",
            )

    def strays(self) -> None:
        """Files that nothing in the descriptor speaks of."""
        wanted = {f"{n}.{e}" for n in self.tables for e in ("csv", "parquet")} | COMPANIONS
        data = inside(self.folder, "data")
        there = sorted(data.iterdir()) if data is not None and data.is_dir() else []
        for p in (p for p in there if p.name not in wanted):
            self.say(
                shown(p, ROOT),
                0,
                "",
                "the file is not in the descriptor",
                "delete it, or declare its table",
                "stray-file",
            )


def inspect_package(folder: Path) -> Report:
    """Find every fault of the package in ``folder``, and the rules that wait for some of them to be fixed.

    Raises CannotRun where there is no descriptor to start from.
    """
    collecting = gc.isenabled()
    # What is read is needed to the end: to look for garbage on the way takes time and finds none.
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as pool:
            return _Package(folder, pool).check()
    finally:
        if collecting:
            gc.enable()


def check_package(folder: Path) -> list[Problem]:
    """Every fault of the package in ``folder``. Raises CannotRun where there is no descriptor to start from."""
    return inspect_package(folder).problems


def inspect_given(path: Path) -> Report:
    """Inspect the package that ``path`` names: a folder, the descriptor in it, or a zip, whose files are
    named as in the zip.
    """
    if path.is_dir() or not path.exists():
        return inspect_package(path)
    if path.name == "datapackage.json":
        return inspect_package(path.parent)
    name = shown(path)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        zipped = Zipped(read_inside(path, path.parent, name), name)
        zipped.unpack(folder)
        report = inspect_package(folder)

        def named(text: str) -> str:
            return text.replace(f"{shown(folder, ROOT)}/", f"{name}/{zipped.root}")

        report.problems = [replace(p, file=named(p.file), message=named(p.message)) for p in report.problems]
    return report
