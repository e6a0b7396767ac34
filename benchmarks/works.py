"""Synthetic works of OpenAlex with the real structure: ``python -m benchmarks.works WORKS DIR --format
parquet``.

The pool is made of the real samples of ``../shared/upstream/openalex``: authorships, institutions, countries,
concepts and years of a work stay together as they were found, topics are drawn from the works that have one,
and some country codes are exchanged for others so that there are as many kinds of collaboration as in a large
set. Each synthetic work is one of the pool under an id of its own. The same seed gives the same works.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import ROOT

SAMPLES = ROOT.parent / "shared/upstream/openalex"
# A quarter of what the parts of a snapshot have at most (developers.openalex.org/download/snapshot-format).
PART = 100_000
POOL = 40_000
# Shares of works, set here since the samples were chosen by subject: that carry a flag, whose topic is AI or
# vision, a code exchanged.
RETRACTED, PARATEXT, XPAC, TOPIC_AI, TOPIC_VISION, EXCHANGED = 0.001, 0.02, 0.4, 0.03, 0.015, 0.15

_string, _strings = pa.string(), pa.list_(pa.string())
_named = [("id", _string), ("display_name", _string)]
_level = pa.struct(_named)
_topic = pa.struct(
    [*_named, ("score", pa.float64()), ("subfield", _level), ("field", _level), ("domain", _level)]
)
_institution = pa.struct(
    [*_named, ("ror", _string), ("country_code", _string), ("type", _string), ("lineage", _strings)]
)
_authorship = pa.struct([
    ("author_position", _string), ("author", pa.struct([*_named, ("orcid", _string)])),
    ("institutions", pa.list_(_institution)),
    ("countries", _strings), ("is_corresponding", pa.bool_()), ("raw_affiliation_strings", _strings),
])  # fmt: skip
_concept = pa.struct(
    [
        ("id", _string),
        ("wikidata", _string),
        ("display_name", _string),
        ("level", pa.int64()),
        ("score", pa.float64()),
    ]
)
SCHEMA = pa.schema([
    ("id", _string), ("doi", _string), ("display_name", _string), ("publication_year", pa.int64()),
    ("publication_date", _string),
    ("type", _string), ("language", _string), ("is_retracted", pa.bool_()), ("is_paratext", pa.bool_()),
    ("is_xpac", pa.bool_()),
    ("authorships", pa.list_(_authorship)), ("countries_distinct_count", pa.int64()),
    ("primary_topic", _topic), ("topics", pa.list_(_topic)),
    ("concepts", pa.list_(_concept)), ("cited_by_count", pa.int64()), ("updated_date", _string),
    ("created_date", _string),
])  # fmt: skip


def _real(samples: Path) -> list[dict]:
    works = []
    for path in sorted(samples.glob("works_*.jsonl*")):
        data = path.read_bytes()
        works += map(json.loads, (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines())
    return works


def _about(draw: random.Random, topics: list[dict]) -> dict | None:
    """Draw a real topic, sometimes of the two subfields that matter here; none for one work in twenty."""
    if draw.random() < 0.05:
        return None
    topic, lot = dict(draw.choice(topics)), draw.random()
    for share, subfield in ((TOPIC_AI, "1702"), (TOPIC_AI + TOPIC_VISION, "1707")):
        if lot < share:
            topic["subfield"] = {"id": f"https://openalex.org/subfields/{subfield}", "display_name": subfield}
            break
    return topic


def pool(samples: Path = SAMPLES, size: int = POOL, seed: int = 1) -> pa.Table:
    """``size`` works to draw from, by ``SCHEMA``; the column ``id`` is empty."""
    draw, real = random.Random(seed), _real(samples)
    topics = [w["primary_topic"] for w in real if w.get("primary_topic")]
    codes = [
        i["country_code"]
        for w in real
        for a in w["authorships"]
        for i in a["institutions"]
        if i["country_code"]
    ]
    texts, rows = [json.dumps(work) for work in real], []
    for _ in range(size):
        work = json.loads(draw.choice(texts))
        here = sorted({i["country_code"] for a in work["authorships"] for i in a["institutions"]} - {None})
        swap = {c: draw.choice(codes) if draw.random() < EXCHANGED else c for c in here}
        for number, authorship in enumerate(work["authorships"]):
            institutions = authorship["institutions"]
            for institution in institutions:
                institution["country_code"] = swap.get(institution["country_code"])
            authorship["countries"] = sorted({i["country_code"] for i in institutions} - {None})
            authorship["author"] = {
                "id": f"https://openalex.org/A5{draw.randrange(10**9):09}",
                "display_name": f"Author {number}",
                "orcid": None,
            }
            authorship["raw_affiliation_strings"] = [
                f"Department {draw.randrange(10**5)}, {i['display_name']}" for i in institutions
            ]
        for concept in work["concepts"]:
            concept["score"] = float(concept["score"])
        topic = _about(draw, topics)
        work |= {
            "primary_topic": topic, "topics": [topic] if topic else [],
            "display_name": f"Work {draw.randrange(10**9):x} " * 5, "language": "en",
            "is_retracted": draw.random() < RETRACTED, "is_paratext": draw.random() < PARATEXT,
            "is_xpac": draw.random() < XPAC,
            "countries_distinct_count": len({c for a in work["authorships"] for c in a["countries"]}),
        }  # fmt: skip
        rows.append({name: work.get(name) for name in SCHEMA.names if name != "id"})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def part(works: pa.Table, number: int, size: int, seed: int = 1) -> pa.Table:
    """The works of one part, ``size`` of them, drawn from the pool ``works``; ids go on from part to part."""
    chosen = np.random.default_rng([seed, number]).integers(len(works), size=size)
    # Gaps as between real ids.
    ids = (np.arange(size, dtype=np.int64) + number * PART) * 7 + 2_000_000_000
    texts = pa.array(np.char.add("https://openalex.org/W", ids.astype("U")))
    return works.take(pa.array(chosen)).set_column(0, SCHEMA.field("id"), texts)


def _write(number: int, size: int, folder: Path, form: str, seed: int) -> Path:
    day = folder / f"works/updated_date=2026-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
    day.mkdir(parents=True, exist_ok=True)
    path = day / f"part_{number:04}.{'parquet' if form == 'parquet' else 'gz'}"
    table = part(_pool, number, size, seed)
    if form == "parquet":
        # Like the snapshot.
        pq.write_table(table, path, compression="snappy")
    else:
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=4) as out:
            for batch in table.to_batches(10_000):
                out.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in batch.to_pylist())
    return path


def _prepare(seed: int) -> None:
    global _pool
    _pool = pool(seed=seed)


def write(count: int, folder: Path, form: str, seed: int = 1) -> list[Path]:
    """Writes ``count`` works as parts of a snapshot below ``folder``; ``form`` is parquet or jsonl (gzipped).
    Returns the files in order.
    """
    tasks = [
        (number, min(PART, count - start), folder, form, seed)
        for number, start in enumerate(range(0, count, PART))
    ]
    with ProcessPoolExecutor(2, get_context("spawn"), _prepare, (seed,)) as workers:
        return list(workers.map(_write, *zip(*tasks, strict=True)))


def main() -> None:
    """Writes works."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.works", description=__doc__)
    parser.add_argument("works", type=int)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--format", choices=("parquet", "jsonl"), default="parquet")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.works, given.dir, given.format, given.seed)


if __name__ == "__main__":
    main()
