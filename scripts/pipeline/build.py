"""The build: seeds in, package out. Everything is made and checked in memory first and then put in place at
once.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.coding.merge import Decisions, merge
from scripts.coding.reliability import FOLDER as RECODING
from scripts.model.claims import Claim
from scripts.model.paths import SEEDS
from scripts.model.problems import BadData, Problem
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.package.settings import load_package
from scripts.pipeline.as_of import history_by, merged_by, seeds_known_by
from scripts.pipeline.files import package_files
from scripts.pipeline.history import cell_history
from scripts.pipeline.judging import doubtful_tables, groundwork, validate_frames, without_echoes
from scripts.pipeline.origins import Typed
from scripts.pipeline.references import unknown_references
from scripts.pipeline.seeds import read_seeds
from scripts.pipeline.tables import make_tables
from scripts.sources.check_claims import check_claims
from scripts.sources.coverage import coverages
from scripts.sources.lock import Place, stale_checks
from scripts.sources.passages import (
    PASSAGES,
    SOURCES,
    HeldText,
    Transcript,
    read_held_texts,
    read_transcripts,
    stray_passages,
)
from scripts.store.schemas import load_tables


@dataclass
class Built:
    """A package in memory: its tables as rows, and its files by path."""

    tables: dict[str, Table]
    data: dict[str, list[Record]]
    files: dict[str, bytes]
    seeds: Seeds
    held: dict[str, HeldText | Transcript]
    typed: Typed
    claims: list[Claim]
    coverage: list[Record]

    @property
    def unread(self) -> list[str]:
        """Return the sources whose text or passages were not at hand, so that the lock served."""
        return [
            s["source_id"]
            for s in self.seeds.lists["sources"]
            if s["held"] != "none" and s["source_id"] not in self.held
        ]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking at rows that are all needed to the end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_no_collection()
def build(
    *,
    seeds_folder: Path = SEEDS,
    sources: Sequence[Path] = SOURCES,
    passages: Path | None = PASSAGES,
    as_of: dt.date | None = None,
    against_lock: bool = True,
) -> Built:
    """Make everything that is published from the seeds and validate it, in memory.

    ``sources`` are the folders of held texts, ``passages`` is that of transcribed passages; for what is not
    in them the lock serves. ``as_of``: the package as it could be known on that day; the seeds are judged as
    a whole all the same. Raises BadData with every fault, each at the line of the seed that has to be fixed.
    """
    tables = load_tables()
    package = load_package()
    seeds = read_seeds(tables, seeds_folder, as_of=as_of)
    held: dict[str, HeldText | Transcript] = {
        **read_held_texts(sources, seeds.lists["sources"], seeds.files["sources"]),
        **read_transcripts(passages, seeds.lists["sources"]),
    }
    if strays := stray_passages(passages, seeds.lists["sources"]):
        raise BadData(strays)
    problems = unknown_references(seeds, tables)
    # With a list that refers to nothing it is not known which names to look for in the passages.
    if any(p.file in seeds.files.values() for p in problems):
        raise BadData(problems)
    checked = check_claims(
        seeds,
        tables,
        held,
        against_lock=against_lock,
        faulty={(p.file, p.row, p.column) for p in problems},
    )
    problems += checked.problems
    coverage, uncovered = coverages(seeds, held, against_lock=against_lock)
    # A changed place is reported where its claim is; coverage is news only where all claims are right.
    problems += [] if problems else uncovered

    def stale(emptied: Counter[Place]) -> list[Problem]:
        return stale_checks(seeds.lock, checked.left, checked.reported + emptied) if against_lock else []

    decisions = Decisions(seeds, tables)
    merged, faults = merge(seeds, checked.claims, tables, decisions)
    # Of what the sources differ on nothing stands yet, so nothing can be said of the rows.
    if faults:
        raise BadData(without_echoes([*problems, *stale(Counter()), *faults]))

    typed = Typed({**seeds.lists, **merged.rows}, merged.claims, seeds, tables, checked.left)
    broken = groundwork(tables, typed.data)
    problems += [typed.problem(n, v) for n, v in broken]
    if broken:
        emptied = Counter(
            (spot.source_id, spot.at)
            for n, v in broken
            if v.rule == "required" and v.index >= 0
            for spot in typed.spots(n, typed.data[n][v.index])
        )
        raise BadData(without_echoes([*problems, *stale(emptied)]))
    problems += stale(Counter())
    history, faults = cell_history(seeds, merged.claims, tables, decisions)
    problems += faults
    if as_of:
        seeds, history = seeds_known_by(seeds, as_of), history_by(history, as_of)
        merged = merged_by(history, merged, seeds, decisions)

    doubtful, recoding = doubtful_tables(problems, tables), list[Problem]()
    data, frames = make_tables(seeds, merged, history, tables, as_of, seeds_folder / RECODING, recoding)
    # What a faulty second coding gives, or no longer gives, is not a fault of its own.
    doubtful |= {"reliability"} if recoding else set()
    problems += recoding
    typed = Typed(data, merged.claims, seeds, tables, checked.left)
    problems += [
        typed.problem(name, v)
        for name, v in validate_frames(tables, frames, empty_allowed=as_of is not None, doubtful=doubtful)
    ]
    if problems:
        raise BadData(without_echoes(problems))
    return Built(
        tables,
        data,
        package_files(tables, frames, package, as_of),
        seeds,
        held,
        typed,
        checked.claims,
        coverage,
    )
