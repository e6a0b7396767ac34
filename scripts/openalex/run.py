"""``derive openalex``: part by part to short rows, then all of them to tables."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from scripts.model.problems import BadData, CannotRun, Problem, shown
from scripts.openalex import tables
from scripts.openalex.counting import COUNTRIES, YEAR
from scripts.openalex.definitions import CONTRADICTIONS, DEFINITIONS, ODD, Switches
from scripts.openalex.inputs import Part, Skipped, find_parts, plain_path, summary
from scripts.openalex.parts import Kept, Store
from scripts.openalex.record_check import Verdict, judge
from scripts.store.publish import locked, publish

# Inside the folder of results.
WORK = ".openalex-parts"
# A part of which more is broken is no file of works: the run ends there and not after hours.
HOPELESS = 0.5
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Options:
    """``max_broken`` is the share of broken records that a run bears; ``memory`` is DuckDB's, ``master``
    Spark's.
    """

    engine: str = "duckdb"
    snapshot_date: str = UNKNOWN
    topic_model: str = UNKNOWN
    switches: Switches = field(default_factory=Switches)
    max_broken: float = 0.001
    memory: str = "2500MB"
    master: str = "local[2]"


def _engine(options: Options, spill: Path):
    try:
        if options.engine == "spark":
            from scripts.openalex.spark_engine import Spark

            return Spark(spill, options.master)
        from scripts.openalex.duckdb_engine import DuckDB

        return DuckDB(spill, options.memory)
    except ImportError as error:
        extra, target = ("spark", "spark") if options.engine == "spark" else ("openalex", "env")
        raise CannotRun(
            f"{error.name} is not installed; it belongs to the extra {extra}: make {target}"
        ) from None


def _progress(parts: list[Part]):
    try:
        from tqdm import tqdm
    except ImportError:
        raise CannotRun("tqdm is not installed; it belongs to the extra openalex: make env") from None
    # Shown on a terminal only.
    return tqdm(total=sum(p.size for p in parts), unit="B", unit_scale=True, desc="parts", disable=None)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _sound(kinds: pa.Table) -> bool:
    """Whether nothing about the rows of a part is odd."""
    if not len(kinds):
        return True
    odd = pc.not_equal(pc.bit_wise_and(kinds["bits"], pa.scalar(ODD, kinds["bits"].type)), 0)
    years = pc.match_substring_regex(pc.unique(kinds["year"]).drop_null(), rf"\A{YEAR}\z")
    codes = pc.match_substring_regex(pc.unique(kinds["countries"]), rf"\A{COUNTRIES}\z")
    return not pc.any(odd).as_py() and pc.all(years).as_py() is not False and pc.all(codes).as_py()


def _count(engine: Any, part: Part, kept: Kept) -> Verdict:
    """Makes the short rows of a part: at one go, or record by record where the engine meets anything odd."""
    try:
        # An empty file is a download that failed, though some readers take it for no works.
        if part.size:
            engine.narrow(part, part.path, kept.rows)
            kinds = engine.kinds(kept.rows)
            if _sound(kinds):
                return Verdict(pc.sum(kinds["works"]).as_py() or 0)
    except (*engine.errors, pa.ArrowException, OSError):
        # What is wrong is found out below, and told with its line.
        pass
    _remove(kept.rows)
    plain = kept.rows.with_suffix(".jsonl")
    verdict = judge(part, plain)
    try:
        engine.narrow(part, plain, kept.rows)
        if not _sound(engine.kinds(kept.rows)):
            raise AssertionError(f"{part.name}: what was judged sound is odd")
    except engine.errors as error:
        raise CannotRun(f"{part.name}: {engine.name} cannot count it: {_first_line(error)}") from None
    plain.unlink()
    return verdict


def _count_all(engine: Any, store: Store, parts: list[Part]) -> list[Verdict]:
    """Counts the parts that are not counted yet. Raises BadData at once where a part is no file of works."""
    kept = [store.of(part) for part in parts]
    store.clear(kept)
    verdicts = {part: k.read() for part, k in zip(parts, kept, strict=True)}

    def work(part: Part) -> Verdict:
        own = store.of(part)
        verdict = _count(engine, part, own)
        if verdict.broken > HOPELESS * verdict.records:
            raise BadData(
                [
                    *verdict.problems,
                    Problem(
                        part.name,
                        0,
                        "",
                        f"{verdict.broken} of {verdict.records} records are broken",
                        "give files of works",
                        "works",
                    ),
                ]
            )
        own.finish(verdict)
        return verdict

    with _progress(parts) as bar, ThreadPoolExecutor(engine.together) as pool:
        bar.update(sum(part.size for part, verdict in verdicts.items() if verdict))
        waiting = {pool.submit(work, part): part for part, verdict in verdicts.items() if verdict is None}
        try:
            for done in as_completed(waiting):
                part = waiting[done]
                verdicts[part] = done.result()
                bar.update(part.size)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [verdicts[part] for part in parts]


def _files(found: tables.Tables, note: dict) -> dict[str, bytes]:
    notes = {"snapshot_date": note["snapshot_date"], "topic_model": note["topic_model"]}
    files = {"run.json": (json.dumps(note, ensure_ascii=False, indent=2) + "\n").encode("utf-8")}
    for name, rows in found.rows.items():
        files[f"{name}.csv"] = tables.csv_bytes(name, rows)
        files[f"{name}.parquet"] = tables.parquet_bytes(name, rows, notes)
    return files


def derive(works: list[Path], out: Path, options: Options) -> dict[str, Any]:
    """Counts works and writes the tables and ``run.json`` to ``out``; returns what ``run.json`` says.

    Raises BadData where too many records are broken, CannotRun where files or packages are missing.
    """
    inputs = find_parts(works)
    parts = inputs.parts
    folder = plain_path(out.resolve()) / WORK
    if any(folder.is_relative_to(read) for read in inputs.folders):
        raise CannotRun(
            f"{shown(out)}: it lies in a folder of works, of which its tables would be taken for parts; give"
            " another"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), tempfile.TemporaryDirectory(prefix=".openalex-spill-", dir=out) as spill:
        engine = _engine(options, Path(spill))
        try:
            store = Store(folder, engine.name)
            verdicts = _count_all(engine, store, parts)
            records, broken = sum(v.records for v in verdicts), sum(v.broken for v in verdicts)
            problems = [p for v in verdicts for p in v.problems]
            if broken > options.max_broken * records:
                raise BadData(
                    [
                        *problems,
                        Problem(
                            shown(out),
                            0,
                            "",
                            f"{broken} of {records} records are broken, more than the share"
                            f" {options.max_broken}",
                            "mend or leave out the files, or bear more with --max-broken",
                            "works",
                        ),
                    ]
                )
            filled = [
                store.of(part).rows
                for part, verdict in zip(parts, verdicts, strict=True)
                if verdict.records > verdict.broken
            ]
            try:
                kinds = (
                    engine.merged(filled)
                    if filled
                    else pa.table(
                        {
                            n: pa.array([], t)
                            for n, t in (
                                ("year", pa.string()),
                                ("bits", pa.int32()),
                                ("countries", pa.string()),
                                ("works", pa.int64()),
                            )
                        }
                    )
                )
            except engine.errors as error:
                raise CannotRun(f"{engine.name} cannot add the parts up: {_first_line(error)}") from None
        finally:
            engine.close()
    found = tables.tabulate(kinds, options.switches)
    note = {
        "snapshot_date": options.snapshot_date,
        "topic_model": options.topic_model,
        "engine": f"{engine.name} {engine.version}",
        "switches": asdict(options.switches),
        "definitions": [tables.describe(d) for d in DEFINITIONS],
        "records": records,
        "broken": broken,
        "copies": records - broken - found.taken - found.left_out,
        "left_out": found.left_out,
        "counted": found.taken,
        "contradictions": found.contradictions,
        "contradictions_mean": [tables.describe(c) for c in CONTRADICTIONS],
        "unlisted_codes": found.unlisted,
        "broken_records": [
            {"file": p.file, "line": p.row, "field": p.column, "message": p.message} for p in problems
        ],
        "parts": [
            {
                "name": p.name,
                "bytes": p.size,
                "identity": p.identity,
                "records": v.records,
                "broken": v.broken,
            }
            for p, v in zip(parts, verdicts, strict=True)
        ],
        "skipped": [asdict(s) for s in inputs.skipped],
    }
    publish(out, _files(found, note), clear=None)
    return note


def report(note: dict[str, Any]) -> None:
    """Says on standard error what a reader of the counts must know."""
    for broken in note["broken_records"]:
        print(
            f"{broken['file']}:{broken['line']}:{broken['field']}: {broken['message']}".replace(":: ", ": "),
            file=sys.stderr,
        )
    if note["broken"]:
        print(f"{note['broken']} of {note['records']} records are broken and not counted", file=sys.stderr)
    if note["copies"]:
        print(
            f"{note['copies']} records are older copies of works that occur again and are not counted",
            file=sys.stderr,
        )
    if contradicting := note["contradictions"][tables.ANY]:
        kinds = ", ".join(
            f"{name}: {works}"
            for name, works in note["contradictions"].items()
            if works and name != tables.ANY
        )
        print(
            f"{contradicting} of {note['counted']} works have records that contradict themselves and are"
            f" counted as their authorships say ({kinds}; docs/openalex.md)",
            file=sys.stderr,
        )
    if note["skipped"]:
        print(f"skipped: {summary([Skipped(**s) for s in note['skipped']])}", file=sys.stderr)
    if note["unlisted_codes"]:
        print(
            "codes that ISO 3166-1 does not list stand in tables of their own:"
            f" {', '.join(f'{code} (works: {works})' for code, works in note['unlisted_codes'].items())}",
            file=sys.stderr,
        )
    missing = [
        option
        for option, key in (("--snapshot-date", "snapshot_date"), ("--topic-model", "topic_model"))
        if note[key] == UNKNOWN
    ]
    if missing:
        print(
            f"WARNING: without {' and '.join(missing)} the counts of AI works mean nothing: OpenAlex gives"
            " every work other topics from time to time; run.json says unknown",
            file=sys.stderr,
        )
