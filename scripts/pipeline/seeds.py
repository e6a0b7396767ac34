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
from scripts.store.files import entries
from scripts.store.frames import frame_of
from scripts.store.schemas import load_seed_table
from scripts.techpacts.nearest import did_you_mean

# The vocabularies and provenance lists that people write; evidence is the build's.
LISTS = {
    "sources": "sources.csv",
    "rulings": "rulings.csv",
    "tombstones": "tombstones.csv",
    "upstreams": "upstream/upstreams.csv",
}


def _sources(records: list[Record], table: Table, file: str, problems: list[Problem]) -> None:
    """What a source must be before sheets are read that lean on it; a row with a fault of its own is marked
    ``_faulty`` and waits.
    """
    from scripts.validation.rules.vocabularies import source_is_whole

    told = {p.row for p in problems if p.file == file}
    for record in records:
        record["_faulty"] = record["_line"] in told
    records = [r for r in records if not r["_faulty"]]
    for fault in source_is_whole({"sources": frame_of(table.fields, records)}):
        records[fault.index]["_faulty"] = True
        problems.append(
            Problem(
                file,
                records[fault.index]["_line"],
                fault.column,
                fault.message,
                fault.fix,
                source_is_whole.name,
            )
        )


def _upstream(folder: Path, seeds: Seeds, problems: list[Problem], as_of: dt.date | None) -> None:
    """The pinned tables and the rows that they give; none where the lists that they refer to have faults of
    their own.
    """
    from scripts.series.pinned import read_upstream
    from scripts.series.rows import series_rows

    referred = {seeds.files[n] for n in ("countries", "regions", "indicators", "upstreams")}
    if any(p.file in referred for p in problems):
        return
    before = len(problems)
    upstream = read_upstream(folder, seeds.lists["upstreams"], problems, as_of=as_of)
    seeds.lists["upstreams"] = upstream.upstreams
    seeds.files |= upstream.files
    if len(problems) == before:
        seeds.series = series_rows(upstream, seeds.lists, problems, whole=as_of is None)


def read_seeds(tables: dict[str, Table], folder: Path = SEEDS, *, as_of: dt.date | None = None) -> Seeds:
    """All seeds under ``folder``; with ``as_of``, only sources published on or before that day.

    Raises BadData with every fault found, CannotRun where the folder is not there or no source is that old.
    """
    if not folder.is_dir():
        raise CannotRun(f"{shown(folder, ROOT)}: there is no such folder")
    problems: list[Problem] = []
    paths = {
        t.name: folder / "vocabularies" / f"{t.name}.csv" for t in tables.values() if t.kind == "vocabulary"
    }
    paths |= {name: folder / file for name, file in LISTS.items()}
    lists: dict[str, list[Record]] = {}
    for name, path in paths.items():
        lists[name] = read_list(path, tables[name], problems)
    known = {p.stem for p in paths.values()}
    for path in entries(folder / "vocabularies", shown(folder / "vocabularies", ROOT)):
        if path.stem not in known or path.suffix != ".csv":
            problems.append(
                Problem(
                    shown(path, ROOT),
                    0,
                    "",
                    "there is no vocabulary of this name",
                    did_you_mean(
                        path.name, [f"{n}.csv" for n in sorted(known)], "name it after a vocabulary table"
                    ),
                    "coding",
                )
            )
    seeds = Seeds(lists, {name: shown(path, ROOT) for name, path in paths.items()})
    _sources(lists["sources"], tables["sources"], seeds.files["sources"], problems)
    _upstream(folder, seeds, problems, as_of)
    kept = {s["source_id"] for s in lists["sources"] if as_of is None or s["published_on"] <= as_of}
    if not kept and not problems:
        raise CannotRun(f"no source was published on or before {as_of}")
    read_sheets(folder / "coding", tables, seeds, problems, kept)
    later = {s["source_id"] for s in lists["sources"]} - kept
    lists["sources"] = [s for s in lists["sources"] if s["source_id"] in kept]
    # Names that only a source of its own explains go with that source.
    lists["aliases"] = [a for a in lists["aliases"] if a["source_id"] not in later]
    duplicate_claims(seeds, problems)
    lock = folder / "passages.lock.csv"
    if lock.exists():
        table = load_seed_table("passages_lock")
        for row in read_list(lock, table, problems):
            key = tuple(str(row[k]) for k in table.primary_key)
            seeds.lock[key], seeds.lock_lines[key] = (row["passage_sha256"], row["check"]), row["_line"]
    if problems:
        raise BadData(problems)
    return seeds
