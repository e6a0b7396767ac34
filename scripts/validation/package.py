"""Checks a package on disk: descriptor, files, form, types, keys, rules, CSV against Parquet."""

from __future__ import annotations

import gc
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scripts.constraints.violations import Violation, concerned, reference_violations, unmet
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, Problem, shown
from scripts.model.tables import ForeignKey, Table
from scripts.package.settings import load_package
from scripts.store.files import read_inside
from scripts.store.jsonfile import read_json
from scripts.store.zipped import Zipped
from scripts.validation.descriptor_check import check_descriptor, day_problems
from scripts.validation.package_files import Folder, stray_files
from scripts.validation.parquet_check import compare_cells
from scripts.validation.rules.judge import judge
from scripts.validation.rules.registry import declared
from scripts.validation.table_reader import ReadTable, TableReader, unread


@dataclass
class Report:
    """What is wrong with a package, and which rules could not be judged before that is fixed."""

    problems: list[Problem] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


class _Inspection:
    """The tables of one package as read, and what was found in them so far.

    ``faulty``: tables that may be at fault; rules do not read these. ``known``: violations by table.
    """

    def __init__(self, folder: Folder, tables: dict[str, Table], read: dict[str, ReadTable]) -> None:
        self.folder, self.tables, self.read = folder, tables, read
        self.frames = {name: r.frame for name, r in read.items()}
        self.problems = [p for r in read.values() for p in r.problems]
        self.faulty = {name for name, r in read.items() if not r.sound}
        self.emptied: set[str] = set()
        self.known: dict[str, list[Violation]] = {name: [] for name in tables}

    def report_violations(self, table: Table, found: list[Violation]) -> None:
        """Report violations of a table, and note the tables that may be at fault."""
        self.known[table.name] += found
        file, read = self.folder.csv(table.name), self.read[table.name]
        self.problems += [v.problem(lambda index, _: (file, read.line(index))) for v in found]
        self.faulty |= concerned(table, found)

    def report_lost_rows(self, table: Table) -> None:
        """Report a table that was read whole and has fewer rows than it needs."""
        rows = self.frames[table.name].height
        if rows >= table.min_rows or not self.read[table.name].sound:
            return
        message = f"the table has {rows} rows, it needs {table.min_rows}"
        self.report_violations(table, [Violation(-1, "", message, "bring the rows back", "min-rows")])
        if not rows:
            self.emptied.add(table.name)

    def report_references(self, table: Table) -> None:
        """Report references of a table to rows that are not there."""
        unknown = {n for n, r in self.read.items() if not r.sound} | self.emptied
        found = reference_violations(table, self.frames, self.tables, self.known, unknown)
        self.report_violations(table, found)

    def compare_files(self, table: Table) -> None:
        """Compare the files of a table where that is still to be done, if its CSV has no fault of its own."""
        path = self.read[table.name].parquet
        if path is not None and table.name not in self.faulty:
            self.problems += compare_cells(path, self.frames[table.name])

    def judge(self) -> list[str]:
        """Run the rules. Returns those that could not be judged."""
        verdict = judge(self.frames, self.faulty)
        for name, v in verdict.found:
            line = self.read[name].line(v.index)
            self.problems.append(Problem(self.folder.csv(name), line, v.column, v.message, v.fix, v.rule))
        return verdict.waiting


def _inspect(folder: Folder, pool: ThreadPoolExecutor) -> Report:
    try:
        given = read_json(folder.path / "datapackage.json")
    except BadData as bad:
        return Report(bad.problems)
    tables, package = declared(), load_package()
    resources, problems = check_descriptor(given, tables, package, folder.descriptor)
    read, unmet_keys = _read_tables(tables, resources, TableReader(folder, package, pool))
    inspection = _Inspection(folder, tables, read)
    for name, table in tables.items():
        inspection.report_violations(table, read[name].own)
        if not (isinstance(given, dict) and "techpacts:asOf" in given):
            inspection.report_lost_rows(table)
    for name, table in tables.items():
        if unmet_keys[name]:
            inspection.report_references(table)
        inspection.compare_files(table)
    if "sources" not in inspection.faulty:
        newest = inspection.frames["sources"]["published_on"].max()
        problems += day_problems(given, newest, folder.descriptor)
    waiting = inspection.judge()
    problems += inspection.problems
    problems += stray_files(folder, tables)
    return Report(sorted(set(problems)), waiting)


def _read_tables(
    tables: dict[str, Table], resources: dict[str, dict[str, Any]], reader: TableReader
) -> tuple[dict[str, ReadTable], dict[str, list[ForeignKey]]]:
    """Read the tables, two at a time, the largest first; and find the foreign keys that some row may not
    meet.
    """
    order = sorted(resources, key=lambda name: name != "evidence")
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda name: reader.read(tables[name], resources[name]), order)
        read = dict(zip(order, found, strict=True))
        read = {name: read.get(name) or unread(table) for name, table in tables.items()}
        frames = {name: r.frame for name, r in read.items()}
        keys = threads.map(lambda table: unmet(table, frames), tables.values())
        return read, dict(zip(tables, keys, strict=True))


def inspect_package(folder: Path) -> Report:
    """Find every fault of the package in ``folder``, and the rules that wait for some of them to be fixed.

    Raises CannotRun where there is no descriptor to start from.
    """
    collecting = gc.isenabled()
    # What is read is needed to the end: to look for garbage on the way takes time and finds none.
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as pool:
            return _inspect(Folder(folder), pool)
    finally:
        if collecting:
            gc.enable()


def check_package(folder: Path) -> list[Problem]:
    """Find every fault of the package in ``folder``. Raises CannotRun where there is no descriptor."""
    return inspect_package(folder).problems


def inspect_given(path: Path) -> Report:
    """Inspect the package that ``path`` names: a folder, the descriptor in it, or a zip.

    Files in a zip are named in messages as in the zip.
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

    return replace(
        report,
        problems=[replace(p, file=named(p.file), message=named(p.message)) for p in report.problems],
    )
