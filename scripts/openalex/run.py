"""``derive openalex``: part by part to short rows, then all of them to tables."""

from __future__ import annotations

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from scripts.model.problems import BadData, CannotRun, Problem, shown
from scripts.openalex import tables
from scripts.openalex.counting import COUNTRIES, YEAR
from scripts.openalex.definitions import SUSPECT
from scripts.openalex.engine import Engine
from scripts.openalex.inputs import Part, find_parts, plain_path
from scripts.openalex.parts import Kept, Store
from scripts.openalex.record_check import PartCheck, check_records
from scripts.openalex.report import Checked, Options, run_note
from scripts.store.publish import locked, publish

# Inside the folder of results.
WORK = ".openalex-parts"
# A part of which more is broken is not a file of works: the run ends there and not after hours.
HOPELESS = 0.5


def _engine(options: Options, spill: Path) -> Engine:
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


def _progress(parts: list[Part]) -> Any:
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
    """Tell whether nothing about the rows of a part is suspect."""
    if not len(kinds):
        return True
    suspect = pc.not_equal(pc.bit_wise_and(kinds["bits"], pa.scalar(SUSPECT, kinds["bits"].type)), 0)
    years = pc.match_substring_regex(pc.unique(kinds["year"]).drop_null(), rf"\A{YEAR}\z")
    codes = pc.match_substring_regex(pc.unique(kinds["countries"]), rf"\A{COUNTRIES}\z")
    return not pc.any(suspect).as_py() and pc.all(years).as_py() is not False and bool(pc.all(codes).as_py())


def _count(engine: Engine, part: Part, kept: Kept) -> PartCheck:
    """Make the short rows of a part: at once, or record by record where the engine meets anything suspect."""
    try:
        # An empty file is a download that failed, though some readers read it as no works.
        if part.size:
            engine.narrow(part, part.path, kept.rows)
            kinds = engine.kinds(kept.rows)
            if _sound(kinds):
                return PartCheck(pc.sum(kinds["works"]).as_py() or 0)
    except (*engine.errors, pa.ArrowException, OSError):
        # The fault is found below and reported with its line.
        pass
    _remove(kept.rows)
    plain = kept.rows.with_suffix(".jsonl")
    found = check_records(part, plain)
    try:
        engine.narrow(part, plain, kept.rows)
        if not _sound(engine.kinds(kept.rows)):
            raise AssertionError(f"{part.name}: records that passed the check are suspect")
    except engine.errors as error:
        raise CannotRun(f"{part.name}: {engine.name} cannot count it: {_first_line(error)}") from None
    plain.unlink()
    return found


def _count_all(engine: Engine, store: Store, parts: list[Part]) -> Checked:
    """Count the parts that are not counted yet. Raises BadData at once where one is not a file of works."""
    kept = {part: store.of(part) for part in parts}
    store.clear(list(kept.values()))
    done = {part: check for part, k in kept.items() if (check := k.read()) is not None}

    def work(part: Part) -> PartCheck:
        found = _count(engine, part, kept[part])
        if found.broken > HOPELESS * found.records:
            message = f"{found.broken} of {found.records} records are broken"
            raise BadData(
                [*found.problems, Problem(part.name, 0, "", message, "give files of works", "works")]
            )
        kept[part].finish(found)
        return found

    with _progress(parts) as bar, ThreadPoolExecutor(engine.together) as pool:
        bar.update(sum(part.size for part in done))
        running = {pool.submit(work, part): part for part in parts if part not in done}
        try:
            for future in as_completed(running):
                part = running[future]
                done[part] = future.result()
                bar.update(part.size)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return Checked([done[part] for part in parts])


def _merged(engine: Engine, rows: list[Path]) -> pa.Table:
    """The kinds of works of all parts, none of no parts."""
    if not rows:
        types = {"year": pa.string(), "bits": pa.int32(), "countries": pa.string(), "works": pa.int64()}
        return pa.table({name: pa.array([], of) for name, of in types.items()})
    try:
        return engine.merged(rows)
    except engine.errors as error:
        raise CannotRun(f"{engine.name} cannot add the parts up: {_first_line(error)}") from None


def _files(found: tables.Tables, note: dict[str, Any]) -> dict[str, bytes]:
    notes = {"snapshot_date": note["snapshot_date"], "topic_model": note["topic_model"]}
    files = {"run.json": (json.dumps(note, ensure_ascii=False, indent=2) + "\n").encode("utf-8")}
    for name, rows in found.rows.items():
        files[f"{name}.csv"] = tables.csv_bytes(name, rows)
        files[f"{name}.parquet"] = tables.parquet_bytes(name, rows, notes)
    return files


def derive(works: list[Path], out: Path, options: Options) -> dict[str, Any]:
    """Count works, write the tables and ``run.json`` to ``out``, and return what ``run.json`` says.

    Raises BadData where too many records are broken, CannotRun where files or packages are missing.
    """
    inputs = find_parts(works)
    parts = inputs.parts
    folder = plain_path(out.resolve()) / WORK
    if any(folder.is_relative_to(read) for read in inputs.folders):
        raise CannotRun(
            f"{shown(out)}: it lies in a folder of works, where its tables would be read as parts; choose"
            " another"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), tempfile.TemporaryDirectory(prefix=".openalex-spill-", dir=out) as spill:
        engine = _engine(options, Path(spill))
        try:
            store = Store(folder, engine.name)
            checked = _count_all(engine, store, parts)
            if checked.broken > options.max_broken * checked.records:
                message = (
                    f"{checked.broken} of {checked.records} records are broken, more than the share"
                    f" {options.max_broken}"
                )
                fix = "correct or leave out the files, or allow more with --max-broken"
                raise BadData([*checked.problems, Problem(shown(out), 0, "", message, fix, "works")])
            filled = [p for p, c in zip(parts, checked.parts, strict=True) if c.records > c.broken]
            kinds = _merged(engine, [store.of(part).rows for part in filled])
        finally:
            engine.close()
    found = tables.tabulate(kinds, options.switches)
    note = run_note(options, f"{engine.name} {engine.version}", inputs, checked, found)
    publish(out, _files(found, note), clear=None)
    return note
