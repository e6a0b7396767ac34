"""The build: seeds in, package out. Everything is made and checked in memory first and then put in place at
once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

import polars as pl

from scripts.coding.merge import Merged, merge
from scripts.coding.reliability import FOLDER as RECODING
from scripts.coding.reliability import reliability
from scripts.constraints.violations import (
    Odd,
    Violation,
    concerned,
    constraint_violations,
    foreign_key_violations,
    own_violations,
    reference_violations,
)
from scripts.facts.comparisons import add_comparisons
from scripts.facts.derived_columns import agreement_matrix, complete, evidence_rows, timeline
from scripts.facts.totals import funding_totals
from scripts.model.claims import Claim
from scripts.model.paths import SEEDS
from scripts.model.problems import BadData, Problem
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.package.citation_files import citation_cff, codemeta_json, zenodo_json
from scripts.package.descriptor import descriptor, resource
from scripts.package.settings import load_package
from scripts.pipeline.as_of import followed, hide_gaps
from scripts.pipeline.origins import Typed
from scripts.pipeline.references import unknown_references
from scripts.pipeline.seeds import read_seeds
from scripts.sources.check_claims import check_claims
from scripts.sources.lock import LOCK_FILE
from scripts.sources.passages import (
    PASSAGES,
    SOURCES,
    HeldText,
    Transcript,
    read_held_texts,
    read_transcripts,
    stray_passages,
)
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.frames import frame_of
from scripts.store.jsonfile import to_json
from scripts.store.parquet import file_metadata, write_parquet
from scripts.store.schemas import load_tables
from scripts.validation.rules.judge import judge


@dataclass
class Built:
    """A package in memory: its tables as rows, and its files by path."""

    tables: dict[str, Table]
    data: dict[str, list[Record]]
    files: dict[str, bytes]
    seeds: Seeds
    held: dict[str, HeldText | Transcript]
    typed: Typed

    @property
    def unread(self) -> list[str]:
        """Sources whose text or passages were not at hand, so that the lock served."""
        return [
            s["source_id"]
            for s in self.seeds.lists["sources"]
            if s["held"] != "none" and s["source_id"] not in self.held
        ]


def validate_frames(
    tables: dict[str, Table],
    frames: dict[str, pl.DataFrame],
    *,
    empty_allowed: bool = False,
    doubtful: Collection[str] = (),
) -> list[tuple[str, Violation]]:
    """Constraints, keys, references and rules over all tables: each violation with its table.

    Of tables in ``doubtful`` nothing is reported, and no rule that reads one is run.
    """
    emptied = (
        set()
        if empty_allowed
        else {t.name for t in tables.values() if t.min_rows and not frames[t.name].height}
    )
    found = [(name, v) for name, v in _constraints(tables, frames, emptied) if name not in doubtful]
    faulty = {
        other for name in frames for other in concerned(tables[name], [v for n, v in found if n == name])
    }
    if not empty_allowed:
        found += [
            (
                t.name,
                Violation(
                    -1,
                    "",
                    f"the table has {frames[t.name].height} rows, it needs {t.min_rows}",
                    "bring the rows back",
                    "min-rows",
                ),
            )
            for t in tables.values()
            if frames[t.name].height < t.min_rows and t.name not in doubtful
        ]
    return found + judge(frames, faulty | {name for name, _ in found} | set(doubtful)).found


def _constraints(
    tables: dict[str, Table], frames: dict[str, pl.DataFrame], emptied: set[str]
) -> list[tuple[str, Violation]]:
    """Constraints, keys and references of the tables in ``frames``; to an emptied one no reference is judged."""
    found = [(name, v) for name, frame in frames.items() for v in own_violations(tables[name], frame)]
    odd: Odd = {}
    for name, v in found:
        odd.setdefault(name, set()).add((v.index, v.column))
    return found + [
        (name, v) for name in frames for v in reference_violations(tables[name], frames, tables, odd, emptied)
    ]


def _data(
    seeds: Seeds,
    merged: Merged,
    tables: dict[str, Table],
    as_of: dt.date | None,
    recoding: Path,
    problems: list[Problem],
) -> dict[str, list[Record]]:
    data: dict[str, list[Record]] = {**seeds.lists, **merged.rows}
    if as_of:
        # Of a ruling only what had been said by then; of one not needed yet nothing, or later sources would
        # shine through.
        used = {
            (d["table"], d["row_id"], d["field"], d["value"])
            for d in merged.disagreements
            if d["resolved_by"] == "ruling"
        }
        data["rulings"] = [
            r for r in data["rulings"] if (r["table"], r["row_id"], r["field"], r["expect"]) in used
        ]
        data["tombstones"] = followed(data, tables)
    claims: list[Claim] = [c for cell in merged.claims.values() for c in cell]
    data["evidence"] = evidence_rows(claims)
    data["disagreements"] = merged.disagreements
    complete(data, merged.claims, tables)
    data |= seeds.series
    add_comparisons(data)
    frames = {
        name: frame_of(tables[name].fields, rows)
        for name, rows in data.items()
        if tables[name].kind in {"fact", "vocabulary"}
    }
    data["timeline"] = timeline(frames, tables).to_dicts()
    data["agreement_matrix"] = agreement_matrix(frames).to_dicts()
    data["funding_totals"] = funding_totals(data)
    # A second coding speaks of the data as they are, not as of an earlier day.
    data["reliability"] = [] if as_of else reliability(recoding, data, tables, problems)
    for name, table in tables.items():
        data[name] = [dict.fromkeys(table.names) | row for row in sort_rows(table, data[name])]
    return {name: data[name] for name in tables}


def _groundwork(tables: dict[str, Table], base: dict[str, list[Record]]) -> list[tuple[str, Violation]]:
    """What is wrong with the typed columns of the facts: nothing can be derived from rows that lack a cell or
    refer to nothing.

    The lists were checked when they were read.
    """
    frames = {n: frame_of(tables[n].typed, rows) for n, rows in base.items()}
    facts = [t for t in tables.values() if t.kind == "fact"]
    found = [
        (t.name, v) for t in facts for v in constraint_violations(t.typed, frames[t.name], key=t.primary_key)
    ]
    return found + [(t.name, v) for t in facts for v in foreign_key_violations(t, frames)]


# Fact tables with columns that follow from another one.
FOLLOWING = {"events": {"agreements"}, "exchange_rates": {"funding"}}


def _doubtful(problems: Iterable[Problem], tables: dict[str, Table]) -> set[str]:
    """The tables of which no rule can be judged, since cells of them, or of what they follow from, have
    faults.

    What is merely not in the lock is there as typed; only how it is proven is not known.
    """
    found = {"evidence"} if problems else set()
    for table in {PurePath(p.file).stem for p in problems if p.rule != "lock"}:
        found |= {table, *FOLLOWING.get(table, ()), *(t.name for t in tables.values() if t.kind == "derived")}
    return found


def _without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, of each cell the first stage that finds a fault; that it is not in the lock is no news
    then.
    """
    given = list(problems)
    first: dict[tuple[str, int, str], Problem] = {}
    for p in [*(p for p in given if p.rule != "lock"), *(p for p in given if p.rule == "lock")]:
        first.setdefault((p.file, p.row, p.column), p)
    return [p for p in given if not p.row or not p.column or first[p.file, p.row, p.column].rule == p.rule]


def build(
    *,
    seeds_folder: Path = SEEDS,
    sources: Path | None = SOURCES,
    passages: Path | None = PASSAGES,
    as_of: dt.date | None = None,
    against_lock: bool = True,
) -> Built:
    """Everything that is published, made from the seeds and validated, in memory.

    ``sources`` is the folder of held texts, ``passages`` that of transcribed passages; without them (or for
    what is not in them) the lock serves. Raises BadData with every fault, each at the line of the seed that
    has to be mended.
    """
    tables = load_tables()
    package = load_package()
    seeds = read_seeds(tables, seeds_folder, as_of=as_of)
    held: dict[str, HeldText | Transcript] = {
        **read_held_texts(sources, seeds.lists["sources"], seeds.files["sources"]),
        **read_transcripts(passages, seeds.lists["sources"]),
    }
    if as_of is None and (strays := stray_passages(passages, seeds.lists["sources"])):
        raise BadData(strays)
    # As of a day a row may refer to one that only later sources speak of; such rows are hidden below.
    problems = unknown_references(seeds, tables, facts=as_of is None)
    # With a list that refers to nothing it is not known which names to look for in the passages.
    if any(p.file in seeds.files.values() for p in problems):
        raise BadData(problems)
    problems += check_claims(
        seeds,
        tables,
        held,
        against_lock=against_lock and as_of is None,
        faulty={(p.file, p.row, p.column) for p in problems},
    )
    merged, faults = merge(seeds, tables, as_of=as_of)
    # Of what the sources differ on nothing stands yet, so nothing can be said of the rows.
    if faults:
        raise BadData(_without_echoes([*problems, *faults]))

    if as_of:
        hide_gaps(merged, seeds.lists, tables)
    typed = Typed({**seeds.lists, **merged.rows}, merged.claims, seeds, tables)
    groundwork = _groundwork(tables, typed.data)
    problems += [typed.problem(n, v) for n, v in groundwork]
    if groundwork:
        emptied = {
            (n, key_of(tables[n], typed.data[n][v.index]), v.column)
            for n, v in groundwork
            if v.rule == "required"
        }
        locked = {line: key[1:4] for key, line in seeds.lock_lines.items()}
        raise BadData(
            _without_echoes(p for p in problems if p.file != LOCK_FILE or locked[p.row] not in emptied)
        )

    doubtful = _doubtful(problems, tables)
    told = len(problems)
    data = _data(seeds, merged, tables, as_of, seeds_folder / RECODING, problems)
    # What a faulty second coding gives, or no longer gives, is no fault of its own.
    doubtful |= {"reliability"} if len(problems) > told else set()
    frames = {name: frame_of(table.fields, data[name]) for name, table in tables.items()}
    typed = Typed(data, merged.claims, seeds, tables)
    problems += [
        typed.problem(name, v)
        for name, v in validate_frames(tables, frames, empty_allowed=as_of is not None, doubtful=doubtful)
    ]
    if problems:
        raise BadData(_without_echoes(problems))
    return Built(tables, data, _files(tables, data, package, as_of), seeds, held, typed)


def _files(
    tables: dict[str, Table], data: dict[str, list[Record]], package: dict, as_of: dt.date | None
) -> dict[str, bytes]:
    files, resources = {}, []
    for table in tables.values():
        rows = data[table.name]
        csv, parquet = (
            write_rows(table.fields, rows),
            write_parquet(table, rows, file_metadata(table, package)),
        )
        files[f"data/{table.name}.csv"], files[f"data/{table.name}.parquet"] = csv, parquet
        resources.append(resource(table, csv, parquet, len(rows)))
    covers_to = max(s["published_on"] for s in data["sources"])
    files["datapackage.json"] = to_json(descriptor(package, resources, covers_to=covers_to, as_of=as_of))
    files |= {
        "CITATION.cff": citation_cff(package),
        ".zenodo.json": zenodo_json(package),
        "codemeta.json": codemeta_json(package),
    }
    return files


def summary(built: Built) -> str:
    """The closing table: rows, filled cells and how they are proven, per fact table; other tables in one
    line.
    """
    head = ("table", "rows", "cells", "confirmed", "coded", "inferred", "cited", "differing")
    lines: list[tuple[object, ...]] = [head]
    for table in built.tables.values():
        if table.kind != "fact":
            continue
        rows = built.data[table.name]
        evidence = [e for e in built.data["evidence"] if e["table"] == table.name and e["stands"]]
        # A cell counts once, under the strongest check that any source gives it.
        best: dict[tuple, str] = {}
        order = ("confirmed", "cited", "inferred", "coded")
        for e in evidence:
            cell = (e["row_id"], e["field"])
            if cell not in best or order.index(e["check"]) < order.index(best[cell]):
                best[cell] = e["check"]
        counts = [
            sum(1 for c in best.values() if c == check)
            for check in ("confirmed", "coded", "inferred", "cited")
        ]
        differing = len(
            {(d["row_id"], d["field"]) for d in built.data["disagreements"] if d["table"] == table.name}
        )
        lines.append((table.name, len(rows), len(best), *counts, differing))
    lines.append(("total", *(sum(int(str(x[i])) for x in lines[1:]) for i in range(1, len(head)))))
    text = [f"{x[0]!s:<24}" + "".join(f"{v!s:>11}" for v in x[1:]) for x in lines]
    others = ", ".join(
        f"{t.name} {len(built.data[t.name])}" for t in built.tables.values() if t.kind != "fact"
    )
    return "\n".join([*text, f"other tables (rows): {others}"])
