"""Reads ``seeds/``: lists, pinned tables, coding sheets, the lock. Every fault of every file is reported at
once.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from scripts.coding.lists import read_list
from scripts.coding.sheets import duplicate_claims, read_sheets
from scripts.model.paths import ROOT, SEEDS
from scripts.model.problems import BadData, CannotRun, Problem, shown
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.series.pinned import read_upstream
from scripts.series.rows import series_rows
from scripts.sources.lock import locked_passages
from scripts.store.files import entries
from scripts.store.frames import frame_of
from scripts.store.schemas import load_seed_table
from scripts.techpacts.nearest import did_you_mean
from scripts.validation.rules.vocabularies import source_is_whole

# The provenance lists that people write, beside the vocabularies; evidence is the build's.
LISTS = {
    "sources": "sources.csv",
    "rulings": "rulings.csv",
    "tombstones": "tombstones.csv",
    "upstreams": "upstream/upstreams.csv",
}


def _check_sources(records: list[Record], table: Table, file: str, problems: list[Problem]) -> None:
    """Check what a source must be before sheets are read that depend on it; a row with a fault of its own is
    marked ``_faulty``.
    """
    reported = {p.row for p in problems if p.file == file}
    for record in records:
        record["_faulty"] = record["_line"] in reported
    sound = [r for r in records if not r["_faulty"]]
    for fault in source_is_whole({"sources": frame_of(table.fields, sound)}):
        record, rule = sound[fault.index], source_is_whole.name
        record["_faulty"] = True
        problems.append(Problem(file, record["_line"], fault.column, fault.message, fault.fix, rule))


def _upstream(folder: Path, seeds: Seeds, problems: list[Problem], as_of: dt.date | None) -> None:
    """Read the pinned tables and the rows that they give; none where the lists that they refer to have faults
    of their own.
    """
    referred = {seeds.files[n] for n in ("countries", "regions", "indicators", "upstreams")}
    if any(p.file in referred for p in problems):
        return
    faults: list[Problem] = []
    upstream = read_upstream(folder, seeds.lists["upstreams"], faults, as_of=as_of)
    seeds.lists["upstreams"] = upstream.upstreams
    seeds.files |= upstream.files
    if not faults:
        seeds.series = series_rows(upstream, seeds.lists, faults, whole=as_of is None)
    problems += faults


def _read_lists(
    tables: dict[str, Table], folder: Path, as_of: dt.date | None, problems: list[Problem]
) -> Seeds:
    """Read vocabularies, provenance lists and pinned tables; faults go to ``problems``."""
    if not folder.is_dir():
        raise CannotRun(f"{shown(folder, ROOT)}: there is no such folder")
    vocabularies = folder / "vocabularies"
    paths = {t.name: vocabularies / f"{t.name}.csv" for t in tables.values() if t.kind == "vocabulary"}
    paths |= {name: folder / file for name, file in LISTS.items()}
    lists = {name: read_list(path, tables[name], problems) for name, path in paths.items()}
    wanted = {f"{p.stem}.csv" for p in paths.values()}
    for path in entries(vocabularies, shown(vocabularies, ROOT)):
        if path.name not in wanted:
            fix = did_you_mean(path.name, sorted(wanted), "name it after a vocabulary table")
            message = "there is no vocabulary of this name"
            problems.append(Problem(shown(path, ROOT), 0, "", message, fix, "coding"))
    seeds = Seeds(lists, {name: shown(path, ROOT) for name, path in paths.items()})
    _check_sources(lists["sources"], tables["sources"], seeds.files["sources"], problems)
    _upstream(folder, seeds, problems, as_of)
    return seeds


def read_lists(tables: dict[str, Table], folder: Path = SEEDS) -> Seeds:
    """Return lists and pinned tables under ``folder``, without a claim: coding sheets are not read.

    Raises BadData with every fault found, CannotRun where the folder is not there.
    """
    problems: list[Problem] = []
    seeds = _read_lists(tables, folder, None, problems)
    if problems:
        raise BadData(problems)
    return seeds


def read_seeds(tables: dict[str, Table], folder: Path = SEEDS, *, as_of: dt.date | None = None) -> Seeds:
    """Return all seeds under ``folder``; with ``as_of``, of the pinned tables only those known by that day.

    Raises BadData with every fault found, CannotRun where the folder is not there.
    """
    problems: list[Problem] = []
    seeds = _read_lists(tables, folder, as_of, problems)
    read_sheets(folder / "coding", tables, seeds, problems)
    duplicate_claims(seeds, problems)
    lock = folder / "passages.lock.csv"
    if lock.exists():
        rows = read_list(lock, load_seed_table("passages_lock"), problems)
        if not problems:
            seeds.lock = locked_passages(rows)
    coverage = folder / "coverage.lock.csv"
    if coverage.exists():
        rows = read_list(coverage, load_seed_table("coverage_lock"), problems)
        seeds.coverage = {row["source_id"]: row for row in rows}
    if problems:
        raise BadData(problems)
    return seeds
