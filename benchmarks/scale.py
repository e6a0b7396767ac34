"""``python -m benchmarks.scale``: how counting works of OpenAlex grows; prints as it goes and writes
``docs/reference/scale.md``.

Each job is a process of its own. The floors only look at every value of the same columns: with pyarrow, which
can leave out the other fields of an authorship, and with DuckDB, which cannot.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import threading
import time
from pathlib import Path

from benchmarks import ROOT
from benchmarks.scale_measure import TIGHT, files_of, measure
from benchmarks.scale_report import page

SIZES = "100000,300000,1000000,3000000,10000000,20000000"
# Of these sizes and below also as gzipped JSON.
JSON_TO = 300_000


def _pyarrow(folder: Path) -> int:
    import pyarrow.parquet as pq

    from scripts.openalex.fields import fit

    rows = 0
    for path in files_of(folder):
        file = pq.ParquetFile(path)
        for batch in file.iter_batches(batch_size=20_000, columns=fit(file, path.name)[1]):
            rows += len(batch)
    return rows


def _floor(folder: Path) -> int:
    import duckdb

    from scripts.openalex.fields import WORK, duckdb_type

    files = [str(p) for p in files_of(folder)]
    columns = {f.name: duckdb_type(f.type) for f in WORK}
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '2500MB'")
    if files[0].endswith(".parquet"):
        relation = connection.read_parquet(files)
        topic = "primary_topic.subfield.id"
    else:
        relation = connection.read_json(files, format="newline_delimited", columns=columns)
        topic = "primary_topic"
    looks = [f"count({topic})"] + [
        f"count({name})"
        for name in ("id", "publication_year", "updated_date", "is_retracted", "is_paratext", "is_xpac")
    ]
    return relation.aggregate(
        f"{', '.join(looks)}, sum(len(authorships)), sum(len(concepts)), count(*)"
    ).fetchall()[0][-1]


def _pandas(folder: Path) -> int:
    """The same whole counts of all works and of AI works by subfield, as one would write it with pandas."""
    import pandas as pd

    names = ["id", "publication_year", "is_xpac", "authorships", "primary_topic"]
    frame = pd.concat([pd.read_parquet(p, columns=names) for p in files_of(folder)], ignore_index=True)
    frame = frame[~frame["is_xpac"]]
    frame["codes"] = [sorted({c for a in row for c in a["countries"]}) for row in frame["authorships"]]
    frame["ai"] = [t is not None and t["subfield"]["id"].endswith("/1702") for t in frame["primary_topic"]]
    frame["n"] = frame["codes"].str.len()
    long = frame[["id", "publication_year", "codes", "ai", "n"]].explode("codes").dropna(subset="codes")
    long.assign(part=1 / long["n"]).groupby(["codes", "publication_year", "ai"])["part"].agg(["size", "sum"])
    pairs = long.merge(long[["id", "codes"]], on="id")
    pairs[pairs["codes_x"] < pairs["codes_y"]].groupby(
        ["codes_x", "codes_y", "publication_year", "ai"]
    ).size()
    return len(frame)


def _derive(folder: Path, name: str) -> int:
    from scripts.openalex.run import Options, derive

    options = Options("duckdb", memory=TIGHT) if name == "tight" else Options(name)
    return derive([folder], folder.parent / f"{folder.name}-{name}", options)["records"]


def job(name: str, folder: Path) -> None:
    """Runs one job in this process and prints its seconds, what was spilled at most (MiB) and what is kept of
    the parts (bytes).
    """
    jobs = {"pyarrow": _pyarrow, "floor": _floor, "pandas": _pandas}
    out, most, done = folder.parent / f"{folder.name}-{name}", [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            spilled = 0
            for path in out.glob(".openalex-spill-*/**/*"):
                try:
                    spilled += path.stat().st_size
                except FileNotFoundError:
                    continue
            most[0] = max(most[0], spilled)

    threading.Thread(target=watch, daemon=True).start()
    start = time.perf_counter()
    rows = jobs[name](folder) if name in jobs else _derive(folder, name)
    seconds = time.perf_counter() - start
    done.set()
    kept = sum(p.stat().st_size for p in out.glob(".openalex-parts/**/*.parquet") if p.is_file())
    print(json.dumps({"seconds": seconds, "rows": rows, "spill": most[0] / 2**20, "kept": kept}))


def main() -> None:
    """Measures and reports. Nothing is written before everything is measured."""

    def numbers(text: str) -> list[int]:
        return [int(n) for n in text.split(",") if n]

    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--job", nargs=2, metavar=("NAME", "DIR"), help=argparse.SUPPRESS)
    parser.add_argument("--sizes", default=SIZES, type=numbers, help=f"numbers of works, by default {SIZES}")
    parser.add_argument(
        "--work", default=ROOT / ".bench", type=Path, help="folder for the works, emptied before and after"
    )
    parser.add_argument(
        "--parquet",
        type=Path,
        metavar="DIR",
        help="works made before with benchmarks.works, to save the time",
    )
    parser.add_argument(
        "--out", default=ROOT / "docs/reference/scale.md", type=Path, help="the page to write"
    )
    given = parser.parse_args()
    if given.job:
        return job(given.job[0], Path(given.job[1]))
    shutil.rmtree(given.work, ignore_errors=True)
    given.work.mkdir(parents=True)
    try:
        found = {
            "parquet": measure(given.sizes, "parquet", given.work, given.parquet),
            "jsonl": measure([n for n in given.sizes if n <= JSON_TO], "jsonl", given.work),
        }
    finally:
        shutil.rmtree(given.work)
    given.out.write_text(page(found), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
