"""``derive openalex`` with Spark: exactly what DuckDB gives. One session for all, since it takes seconds to
start.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from scripts.model.problems import BadData
from scripts.openalex import run
from scripts.openalex.report import Options
from scripts.openalex.run import derive
from tests.openalex.reference import (
    BY_HAND,
    GENERATIONS,
    counted,
    drawn_works,
    read_tables,
    read_works,
    write_works,
)
from tests.openalex.test_openalex import BROKEN, CONSISTENT, CONTRADICTING, as_parquet, damaged, work

MISSING = [
    name
    for name, there in (("pyspark", importlib.util.find_spec("pyspark")), ("java", shutil.which("java")))
    if not there
]
NEEDED = os.environ.get("TECHPACTS_NEEDS_SPARK")
pytestmark = pytest.mark.skipif(
    bool(MISSING) and not NEEDED, reason=f"{' and '.join(MISSING)} not installed: make spark"
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The engine, with two workers."""
    from scripts.openalex.spark_engine import Spark

    with pytest.MonkeyPatch.context() as patch:
        # Java has no time to get warm here, so it need not try.
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        engine = Spark(tmp_path_factory.mktemp("spill"), "local[2]")
        yield engine
        engine.close()


@pytest.fixture
def both(spark: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Counts with both engines; gives the note and the tables if they agree in every byte of every table."""
    engine_of = run._engine
    close = type("Open", (), {"__getattr__": lambda _, name: getattr(spark, name), "close": lambda _: None})()
    monkeypatch.setattr(
        run,
        "_engine",
        lambda options, spill: close if options.engine == "spark" else engine_of(options, spill),
    )

    def count(works: list[Path], **options: object) -> tuple[dict, dict]:
        notes = {}
        for engine in ("duckdb", "spark"):
            notes[engine] = derive(works, tmp_path / engine, Options(engine=engine, **options))
        for file in sorted((tmp_path / "duckdb").glob("*.csv")) + sorted(
            (tmp_path / "duckdb").glob("*.parquet")
        ):
            assert (tmp_path / "spark" / file.name).read_bytes() == file.read_bytes(), file.name
        assert notes["spark"].pop("engine").startswith("spark ") and notes["duckdb"].pop("engine").startswith(
            "duckdb "
        )
        assert notes["spark"] == notes["duckdb"]
        return notes["spark"], read_tables(tmp_path / "spark")

    return count


def test_real_works_in_both_formats(both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "check_records", None)
    parquet = [as_parquet(tmp_path / f"{path.name[:10]}.parquet", path) for path in GENERATIONS]
    works = [w for path in GENERATIONS for w in read_works(path)]
    assert both([write_works(tmp_path / "all.jsonl", works)])[1] == counted(works)
    assert both(parquet)[1] == counted(works)


def _drawn(odd: bool) -> list[dict]:
    """All works of sixty drawn examples."""
    works: list[dict] = []

    @settings(max_examples=60, derandomize=True, deadline=None, database=None)
    @given(drawn_works(odd=odd, max_size=12))
    def draw(some: list[dict]) -> None:
        works.extend(some)

    draw()
    return works


def test_drawn_works_in_one_go(both, tmp_path: Path):
    """All that hypothesis draws, numbered through, as two parts: a sound one counted at one go, an odd one
    record by record.
    """
    parts = [_drawn(odd=False), _drawn(odd=True)]
    works = [w | {"id": f"https://openalex.org/W{n}"} for n, w in enumerate(parts[0] + parts[1], 1)]
    paths = [
        write_works(tmp_path / "sound.jsonl", works[: len(parts[0])]),
        write_works(tmp_path / "odd.gz", works[len(parts[0]) :]),
    ]
    assert len(works) > 300
    judged, judge = [], run.check_records
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "check_records", lambda part, out: judged.append(part.name) or judge(part, out))
        assert both(paths)[1] == counted(works)
    assert judged == ["odd.gz", "odd.gz"]


def test_broken_lines_and_copies(both, tmp_path: Path):
    sound = [work(n) for n in range(len(BROKEN))] + [
        work(100, "CN"),
        work(100, "JP", updated_date="2026-01-01"),
    ]
    broken = [line for line, _, _ in BROKEN]
    note, found = both(
        [write_works(tmp_path / "w.jsonl", broken + sound), BY_HAND.with_name("works_2026.jsonl.gz")],
        max_broken=0.9,
    )
    assert note["broken"] == len(broken) and [b["line"] for b in note["broken_records"]] == list(range(1, 21))
    assert note["copies"] == 1 and found == counted(sound[:-2] + sound[-1:] + read_works(GENERATIONS[2]))


def test_records_that_contradict_themselves(both, tmp_path: Path):
    records = [*(w for _, w in CONTRADICTING), *CONSISTENT]
    works = [w | {"id": f"https://openalex.org/W{n}"} for n, w in enumerate(records, 1)]
    for name, lines in (("sound.jsonl", works), ("judged.jsonl", [*works, "broken"])):
        note, _ = both([write_works(tmp_path / name, lines)], max_broken=0.1)
        assert note["contradictions"]["any"] == len(CONTRADICTING)


def test_two_records_on_a_line_are_seen(both, tmp_path: Path):
    lines = [work(n) for n in range(30)] + [json.dumps(work(31)) + json.dumps(work(32))]
    note, found = both(
        [write_works(tmp_path / "updated_date=2026-06-02/it's 작품.gz", lines)], max_broken=0.1
    )
    assert [(b["line"], b["message"][:20]) for b in note["broken_records"]] == [(31, "the line is not JSON")]
    assert found == counted([work(n) for n in range(30)])


@pytest.mark.parametrize("name", ["cut.gz", "noise.gz", "empty.gz", "cut.parquet", "hole.parquet"])
def test_damaged_files(name: str, spark: object, both, tmp_path: Path):
    (tmp_path / name).write_bytes(damaged()[name])
    with pytest.raises(BadData, match=f"{name}: the file is damaged or cut off"):
        derive([tmp_path / name], tmp_path / "out", Options(engine="spark"))


def test_types_of_parquet(both, tmp_path: Path):
    day = pa.array([1_750_000_000_000_000, None, 1_760_000_000_000_000], pa.timestamp("us"))
    ids = [f"https://openalex.org/W{n}" for n in (1, 2, 1)]
    score = pa.array(
        [[{"id": "https://openalex.org/C154945302", "score": 0.3}]] * 3,
        pa.list_(pa.struct([("id", pa.string()), ("score", pa.float32())])),
    )
    topic = pa.array(
        [{"subfield": {"id": 1702}}] * 3, pa.struct([("subfield", pa.struct([("id", pa.int32())]))])
    )
    pq.write_table(
        pa.table(
            {
                "id": ids,
                "updated_date": day,
                "publication_year": pa.array([2020, 2021, 2022], pa.int16()),
                "concepts": score,
                "primary_topic": topic,
                "is_retracted": pa.nulls(3),
            }
        ),
        tmp_path / "w.parquet",
    )
    note, found = both([tmp_path / "w.parquet"])
    assert note["copies"] == 1
    assert {key for key, cell in found["totals"].items() if sum(cell[:2])} == {
        (y, d)
        for y in (2021, 2022)
        for d in ("all", "subfield_1702", "subfield_1702_or_1707", "concept_030", "concept_any")
    }
