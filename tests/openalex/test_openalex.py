"""``derive openalex`` with DuckDB: against an independent count, on odd and broken input, stopped and started
again.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from scripts.commands.main import main
from scripts.model.problems import BadData, CannotRun
from scripts.openalex import run
from scripts.openalex.definitions import DEFINITIONS, Switches
from scripts.openalex.report import Options
from scripts.openalex.run import derive
from tests.openalex.reference import (
    AI,
    BY_HAND,
    GENERATIONS,
    counted,
    drawn_works,
    read_tables,
    read_works,
    write_works,
)


def work(number: int, codes: str = "US KR", **more: object) -> dict:
    """A sound work."""
    return {
        "id": f"https://openalex.org/W{number}",
        "publication_year": 2022,
        "authorships": [{"countries": codes.split()}],
    } | more


def tables(out: Path, *works: Path, **options: object) -> dict[str, dict]:
    """The tables of a run."""
    derive(list(works), out, Options(**options))
    return read_tables(out)


@pytest.fixture
def never_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound parts are not to be read record by record."""

    def judge(*_: object) -> None:
        raise AssertionError("read record by record")

    monkeypatch.setattr(run, "check_records", judge)


# What is counted.


@pytest.mark.parametrize("path", GENERATIONS, ids=lambda p: p.name[6:10])
def test_real_works_of_each_generation(path: Path, tmp_path: Path, never_judged: None):
    found = tables(tmp_path, path)
    assert found == counted(read_works(path))
    assert found["country"]


@pytest.mark.parametrize("path", GENERATIONS[1:], ids=lambda p: p.name[6:10])
def test_as_many_countries_as_openalex_says(path: Path, tmp_path: Path):
    works = read_works(path)
    found = tables(tmp_path, path)
    assert sum(n for (_, _, definition), (n, _) in found["country"].items() if definition == "all") == sum(
        w["countries_distinct_count"] for w in works
    )


def test_all_generations_together_and_without_an_iso_code(tmp_path: Path):
    note = derive(list(GENERATIONS), tmp_path, Options())
    assert read_tables(tmp_path) == counted([w for path in GENERATIONS for w in read_works(path)])
    assert note["unlisted_codes"] == {"XK": 1}
    assert (
        "XK" not in (tmp_path / "country_year.csv").read_text()
        and "XK" in (tmp_path / "country_year_unlisted.csv").read_text()
    )


def test_by_hand(tmp_path: Path):
    found = tables(tmp_path, BY_HAND)
    pair = {key[3]: n for key, n in found["pair"].items() if key[:3] == ("KOR", "USA", 2022)}
    # W6 is of the expansion pack; W7, retracted, and W8, paratext, count as with the API.
    assert pair == {
        "all": 5,
        "subfield_1702": 3,
        "subfield_1702_or_1707": 4,
        "concept_030": 4,
        "concept_any": 4,
    }
    # 1/2 in W1, W7, W8; 1/3 in W2 and W4; 1 in W3, where both authors are in Korea.
    assert found["country"]["KOR", 2022, "all"] == (6, 3.166667)
    assert found["country"]["KOR", 2022, "concept_any"] == (5, 2.833333)
    assert found["totals"][2022, "all"] == (6, 1, 0)
    assert found["totals"][2023, "subfield_1702"] == (0, 0, 1) and found["totals"][2023, "concept_any"] == (
        0,
        0,
        1,
    )
    assert found["country"]["USA", None, "subfield_1702"] == (1, 1.0)
    rows = (tmp_path / "totals.csv").read_text().splitlines()
    assert (
        rows[0] == "year,definition,works,works_with_country,works_without_country,share_without_country,"
        "works_unknown"
    )
    assert rows[1] == "2022,all,7,6,1,0.142857,0"


@pytest.mark.parametrize(("switches", "works"), [
    (Switches(), 9), (Switches(include_xpac=True), 10), (Switches(exclude_retracted=True), 8),
    (Switches(exclude_paratext=True), 8), (Switches(True, True, True), 8),
])  # fmt: skip
def test_switches(switches: Switches, works: int, tmp_path: Path):
    note = derive([BY_HAND], tmp_path, Options(switches=switches))
    assert (note["counted"], note["left_out"]) == (works, 10 - works)
    assert read_tables(tmp_path) == counted(
        read_works(BY_HAND),
        switches.include_xpac,
        not switches.exclude_retracted,
        not switches.exclude_paratext,
    )


def as_parquet(path: Path, source: Path, change=lambda table: table, **options: object) -> Path:
    """Works as Parquet with the types that pyarrow finds in the JSON."""
    plain = path.with_suffix(".tmp")
    plain.write_bytes(gzip.decompress(source.read_bytes()))
    pq.write_table(change(pyarrow.json.read_json(plain)), path, **options)
    plain.unlink()
    return path


@pytest.mark.parametrize("path", GENERATIONS, ids=lambda p: p.name[6:10])
@pytest.mark.parametrize("old", [False, True])
def test_parquet_counts_as_json(path: Path, old: bool, tmp_path: Path, never_judged: None):
    # As newer and as older writers call the steps into a list.
    file = as_parquet(
        tmp_path / "x.parquet",
        path,
        compression="snappy",
        row_group_size=17,
        use_compliant_nested_type=not old,
    )
    assert tables(tmp_path / "out", file) == counted(read_works(path))


def test_parquet_types(tmp_path: Path, never_judged: None):
    def change(table: pa.Table) -> pa.Table:
        scores = pa.list_(pa.struct([("score", pa.float32()), ("id", pa.large_string())]))
        table = table.set_column(
            table.column_names.index("concepts"),
            "concepts",
            table["concepts"].cast(
                pa.list_(pa.struct([(f.name, f.type) for f in table["concepts"].type.value_type]))
            ),
        )
        slim = pa.chunked_array(
            [
                pa.array(
                    [
                        [{"score": c["score"], "id": c["id"]} for c in row]
                        for row in table["concepts"].to_pylist()
                    ],
                    scores,
                )
            ]
        )
        table = table.set_column(table.column_names.index("concepts"), "concepts", slim)
        return table.set_column(
            table.column_names.index("publication_year"),
            "publication_year",
            table["publication_year"].cast(pa.int16()),
        )

    file = as_parquet(tmp_path / "x.parquet", GENERATIONS[2], change)
    assert tables(tmp_path / "out", file) == counted(read_works(GENERATIONS[2]))


@settings(max_examples=25, derandomize=True, deadline=None)
@given(drawn_works(odd=False, min_size=1, max_size=12))
def test_drawn_works(works: list[dict]):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "check_records", None)
        assert tables(Path(folder) / "out", write_works(Path(folder) / "w.jsonl", works)) == counted(works)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(drawn_works(odd=True, min_size=1, max_size=12))
def test_drawn_odd_works(works: list[dict]):
    with tempfile.TemporaryDirectory() as folder:
        found = tables(Path(folder) / "out", write_works(Path(folder) / "w.jsonl", works))
        assert found == counted(works)


def test_the_tables_in_both_formats(tmp_path: Path):
    note = derive([*GENERATIONS, BY_HAND], tmp_path, Options(snapshot_date="2026-06-24", topic_model="2024"))
    for name in ("country_year", "pair_year", "totals"):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        lines = (tmp_path / f"{name}.csv").read_text().splitlines()
        assert table.column_names == lines[0].split(",") and len(table) == len(lines) - 1 > 0
        assert table.schema.metadata[b"snapshot_date"] == b"2026-06-24"
    assert [d["name"] for d in note["definitions"]] == [d.name for d in DEFINITIONS]
    assert json.loads((tmp_path / "run.json").read_text()) == note


def test_the_same_works_in_other_parts_give_the_same_bytes(tmp_path: Path):
    works = read_works(GENERATIONS[2]) + read_works(BY_HAND)
    tables(tmp_path / "a", write_works(tmp_path / "one.jsonl", works))
    random.Random(1).shuffle(works)
    tables(tmp_path / "b", *(write_works(tmp_path / f"{n}.gz", works[n::3]) for n in range(3)))
    for name in ("country_year", "pair_year", "totals"):
        for form in ("csv", "parquet"):
            assert (tmp_path / f"a/{name}.{form}").read_bytes() == (
                tmp_path / f"b/{name}.{form}"
            ).read_bytes()


# Works that occur more than once.


def test_of_copies_the_one_changed_last_counts(tmp_path: Path):
    old = [work(1, "US", updated_date="2024-01-01"), work(2, "CN", updated_date="2024-01-01")]
    new = [work(1, "KR", updated_date="2024-02-01T00:00:00"), work(3, "JP")]
    for name, parts in (("a", (old, new)), ("b", (new, old))):
        paths = [write_works(tmp_path / f"{name}{i}.jsonl", part) for i, part in enumerate(parts)]
        note = derive(paths, tmp_path / name, Options())
        assert note["copies"] == 1 and note["counted"] == 3
        assert read_tables(tmp_path / name) == counted([new[0], old[1], new[1]])


def test_copies_within_a_part(tmp_path: Path):
    note = derive(
        [write_works(tmp_path / "w.jsonl", [work(1)] * 4 + [work(2, "CN")])], tmp_path / "out", Options()
    )
    assert (note["copies"], note["counted"]) == (3, 2)


def test_a_file_given_twice_is_one_part(tmp_path: Path):
    note = derive([BY_HAND, BY_HAND.parent / "." / BY_HAND.name], tmp_path, Options())
    assert len(note["parts"]) == 1
    assert [s["reason"] for s in note["skipped"]] == [f"the same file as {BY_HAND.name}"]


# Broken records.

BROKEN = [
    ("not json", "", "the line is not JSON"),
    ('{"id":"https://openalex.org/W7"} {"id":"https://openalex.org/W8"}', "", "the line is not JSON"),
    ('[{"id":"https://openalex.org/W7"},{"id":"https://openalex.org/W8"}]', "", "is not a record"),
    ("null", "", "is not a record"),
    ("7", "", "is not a record"),
    ("{'id':'https://openalex.org/W7'}", "", "the line is not JSON"),
    ('{"publication_year":2022}', "id", "there is no id"),
    ('{"id":7}', "id", "is not the id of a work"),
    ('{"id":"https://openalex.org/A7"}', "id", "is not the id of a work"),
    (json.dumps(work(7, publication_year="soon")), "publication_year", '"soon" is not a year'),
    (json.dumps(work(7, publication_year=2022.5)), "publication_year", '"2022.5" is not a year'),
    (json.dumps(work(7, is_xpac=1)), "is_xpac", '"1" is not true or false'),
    (json.dumps(work(7, authorships={"countries": ["US"]})), "authorships", "is not a list"),
    (json.dumps(work(7, authorships=[7])), "authorships", "is not a record"),
    (json.dumps(work(7, authorships=[{"countries": "US"}])), "authorships.countries", "is not a list"),
    (json.dumps(work(7, "USA")), "authorships.countries", '"USA" is not a country code of two letters'),
    (
        json.dumps(work(7, authorships=[{"countries": [["US"]]}])),
        "authorships.countries",
        "is not a country code",
    ),
    (json.dumps(work(7, authorships=[{"institutions": [7]}])), "authorships.institutions", "is not a record"),
    (json.dumps(work(7, primary_topic="AI")), "primary_topic", "is not a record"),
    (
        json.dumps(work(7, primary_topic={"subfield": {"id": "AI"}})),
        "primary_topic.subfield.id",
        "is not the id of a subfield",
    ),
    (json.dumps(work(7, concepts=[AI])), "concepts", "is not a record"),
    (json.dumps(work(7, concepts=[{"id": AI, "score": "high"}])), "concepts.score", '"high" is not a number'),
    (json.dumps(work(7))[:-9], "", "the line is not JSON"),
]


@pytest.mark.parametrize(("line", "column", "message"), BROKEN)
def test_a_broken_line_is_reported_and_not_counted(line: str, column: str, message: str, tmp_path: Path):
    path = write_works(tmp_path / "w.jsonl", [work(1), "", line, work(2, "CN")])
    note = derive([path], tmp_path / "out", Options(max_broken=0.4))
    (told,) = note["broken_records"]
    assert (told["file"], told["line"], told["field"]) == ("w.jsonl", 3, column) and message in told[
        "message"
    ]
    assert (note["records"], note["broken"], note["counted"]) == (3, 1, 2)
    assert read_tables(tmp_path / "out") == counted([work(1), work(2, "CN")])
    # The same above the share.
    with pytest.raises(BadData, match=r"1 of 3 records are broken, more than the share 0\.3") as bad:
        derive([path], tmp_path / "out", Options(max_broken=0.3))
    assert "w.jsonl:3" in str(bad.value)


def test_letters_that_are_no_utf8_and_blank_lines_do_no_harm(tmp_path: Path):
    path = tmp_path / "w.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + json.dumps(work(1)).encode()
        + b"\r\n \n"
        + json.dumps(work(2, title="?")).encode().replace(b"?", b"\xff")
        + b"\n\n"
    )
    assert derive([path], tmp_path / "out", Options())["counted"] == 2


def test_a_broken_row_of_parquet(tmp_path: Path):
    table = pa.table(
        {"id": ["https://openalex.org/W1", None, "https://openalex.org/W2"], "is_xpac": [None, True, True]}
    )
    pq.write_table(table, tmp_path / "w.parquet")
    note = derive([tmp_path / "w.parquet"], tmp_path / "out", Options(max_broken=0.4))
    assert [(b["line"], b["message"]) for b in note["broken_records"]] == [(2, "there is no id")]
    assert (note["counted"], note["left_out"]) == (1, 1)


@pytest.mark.parametrize(("table", "message"), [
    (pa.table({"name": ["x"]}), "there is no column id"),
    (pa.table({"id": ["x"], "authorships": ["x"]}), "authorships is string, not a list"),
    (pa.table({"id": ["x"], "concepts": [["x"]]}), "concepts is string, not a record"),
    (pa.table({"id": ["x"], "is_xpac": [["x"]]}), "is_xpac is list"),
])  # fmt: skip
def test_parquet_of_something_else(table: pa.Table, message: str, tmp_path: Path):
    pq.write_table(table, tmp_path / "w.parquet")
    with pytest.raises(BadData, match=message):
        derive([tmp_path / "w.parquet"], tmp_path / "out", Options())


def damaged() -> dict[str, bytes]:
    """Files that cannot be read, by name."""
    text = "".join(
        json.dumps(work(n, pad=random.Random(n).randbytes(40).hex())) + "\n" for n in range(2000)
    ).encode()
    packed, noise = gzip.compress(text), random.Random(1).randbytes(5000)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"id": [f"https://openalex.org/W{n}" for n in range(2000)]}), sink)
    parquet = sink.getvalue().to_pybytes()
    return {
        "noise.gz": noise, "noise.parquet": noise, "noise.jsonl": noise, "empty.gz": b"", "empty.jsonl": b"",
        "empty.parquet": b"", "cut.gz": packed[:-9],
        "half.gz": packed[: len(packed) // 2], "plain.gz": text, "behind.gz": packed + b"garbage",
        "cut.parquet": parquet[:-20],
        "hole.parquet": parquet[:200] + bytes(4000) + parquet[4200:],
    }  # fmt: skip


@pytest.mark.parametrize("name", damaged())
def test_damaged_files(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / name).write_bytes(damaged()[name])
    assert main(["derive", "openalex", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert name in said.out
    # Noise without gzip about it is lines, and each of them broken.
    assert ("records are broken" if name == "noise.jsonl" else "the file is damaged or cut off") in said.out
    assert "Traceback" not in said.err
    assert not (tmp_path / "out/totals.csv").exists()


def test_authors_are_no_works_and_stop_the_run_at_once(tmp_path: Path):
    write_works(tmp_path / "in/a.jsonl", [{"id": f"https://openalex.org/A{n}"} for n in range(9)])
    write_works(tmp_path / "in/b.jsonl", [work(1)])
    with pytest.raises(BadData, match="9 of 9 records are broken; give files of works"):
        derive([tmp_path / "in"], tmp_path / "out", Options(max_broken=1))


# Which files.


def test_a_snapshot(tmp_path: Path):
    parts = ["works/updated_date=2026-06-01/part_0000.gz", "works/updated_date=2026-06-02/part_0000.gz"]
    for number, name in enumerate(parts):
        write_works(tmp_path / "jsonl" / name, [work(number)])
    write_works(
        tmp_path / "jsonl/authors/updated_date=2026-06-01/part_0000.gz", [{"id": "https://openalex.org/A1"}]
    )
    (tmp_path / "jsonl/manifest.json").write_text("{}")
    (tmp_path / "jsonl/works/manifest").write_text("{}")
    note = derive([tmp_path / "jsonl"], tmp_path / "out", Options())
    assert [p["name"] for p in note["parts"]] == [f"jsonl/{name}" for name in parts]
    # Both formats are the same works twice.
    (tmp_path / "parquet/works").mkdir(parents=True)
    pq.write_table(
        pa.table({"id": ["https://openalex.org/W1"]}), tmp_path / "parquet/works/part_0000.parquet"
    )
    with pytest.raises(
        CannotRun, match=r"the same works twice; name one of the folders, such as .*jsonl/works"
    ):
        derive([tmp_path], tmp_path / "out", Options())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "there is no such file"),
        ("x.txt", "this is not a file of works: its name does not end in"),
        ("empty", "there are no works in it"),
    ],
)
def test_nothing_to_count(name: str, message: str, tmp_path: Path):
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CannotRun, match=message):
        derive([tmp_path / name], tmp_path / "out", Options())


# The layouts of developers.openalex.org/download/snapshot-format and, before 2026, docs.openalex.org: where
# the works are, and what lies beside them.
BESIDE = {
    "authors/updated_date=2026-06-01/part_000.gz": b"not read", "institutions/part_000.gz": b"not read",
    "work-types/part_000.gz": b"not read",
    "awards/works/part_000.gz": b"not read",
}  # fmt: skip
LAYOUTS = {
    "old": (
        "data/works",
        {
            "data/works/manifest": b"{}",
            "data/merged_ids/works/2023-05-17.csv.gz": gzip.compress(b"merge_date,id\n"),
            "data/merged_ids/manifest": b"{}",
            "RELEASE_NOTES.txt": b"",
            "LICENSE.txt": b"",
        },
    ),
    "legacy": (
        "legacy-data/works",
        {"legacy-data/merged_ids/works/2023-05-17.csv.gz": b"", "browse.html": b""},
    ),
    "new": ("data/jsonl/works", {"data/jsonl/manifest.json": b"{}"}),
    "new-parquet": ("data/parquet/works", {"data/parquet/manifest.json": b"{}"}),
    "spelled otherwise": ("data/Works", {"data/MANIFEST": b"{}"}),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("given", ["", "root", "works"])
def test_of_a_snapshot_only_the_works_are_read(layout: str, given: str, tmp_path: Path):
    """Given whole, or from where its entities are, or the folder of works alone; whatever is not read is
    named.
    """
    works, beside = LAYOUTS[layout]
    root = str(Path(works).parent)
    parts = [f"{works}/updated_date=2026-06-0{n}/part_0000" for n in (1, 2)]
    for number, name in enumerate(parts):
        path = write_works(tmp_path / "s" / f"{name}.gz", [work(number)])
        if "parquet" in layout:
            as_parquet(path.with_suffix(".parquet"), path)
            path.unlink()
    others = {**{f"{root}/{name}": data for name, data in BESIDE.items()}, **beside}
    for name, data in others.items():
        (tmp_path / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "s" / name).write_bytes(data)
    top = tmp_path / "s" / {"": "", "root": root, "works": works}[given]
    note = derive([top], tmp_path / "out", Options())
    assert note["counted"] == 2 and len(note["parts"]) == 2 and note["broken"] == 0
    assert sum(s["files"] for s in note["skipped"]) == sum(
        (tmp_path / "s" / name).is_relative_to(top) for name in others
    )


def test_a_folder_of_merged_ids_is_no_folder_of_works(tmp_path: Path):
    (tmp_path / "merged_ids/works").mkdir(parents=True)
    (tmp_path / "merged_ids/works/2023-05-17.csv.gz").write_bytes(gzip.compress(b"merge_date,id\n"))
    with pytest.raises(
        CannotRun,
        match=r"there are no works in it.*2023-05-17\.csv\.gz: a gzipped \.csv file, not JSON Lines",
    ):
        derive([tmp_path / "merged_ids"], tmp_path / "out", Options())


def test_the_same_works_in_two_layouts(tmp_path: Path):
    for name in ("data/works", "legacy-data/works"):
        write_works(tmp_path / name / "part_000.gz", [work(1)])
    with pytest.raises(
        CannotRun, match=r"data/works, .*legacy-data/works, which in a snapshot are the same works twice"
    ):
        derive([tmp_path], tmp_path / "out", Options())


def test_every_file_is_read_or_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Files of every name: the parts and what is skipped are all that there is."""
    names = (
        "a.jsonl",
        "b.json",
        "c.ndjson",
        "d.gz",
        "0000_part_00.gz",
        "part.01.gz",
        "e.jsonl.gz",
        "x/y/z.gz",
    )
    skipped = {
        "manifest": "a list of files", "x/manifest.json": "a list of files", "_SUCCESS": "hidden",
        ".crc": "hidden", "x/.hidden.gz": "hidden", "_temporary": "hidden",
        "notes.txt": "its name does not end in", "works.csv": "its name does not end in",
        "ids.csv.gz": "a gzipped .csv file", "gz": "its name does not end in",
        "a.gz.9aF3b2c1": "its name does not end in", "x/empty": "an empty folder",
        "pipe.gz": "not a regular file", "s\udcff.txt": "its name does not end in",
    }  # fmt: skip
    top = tmp_path / "in"
    for number, name in enumerate(names):
        write_works(top / name, [work(number)])
    for name in skipped:
        if name == "x/empty":
            (top / name).mkdir()
        elif name == "pipe.gz":
            os.mkfifo(top / name)
        elif name == "_temporary":
            write_works(top / name / "0/d.gz", [work(100)])
        else:
            (top / name).write_bytes(b"not read")
    assert main(["derive", "openalex", str(top), "--out", str(tmp_path / "out")]) == 0
    note = json.loads((tmp_path / "out/run.json").read_text("utf-8"))
    assert {p["name"] for p in note["parts"]} == {f"in/{name}" for name in names}
    told = {s["name"]: s["reason"] for s in note["skipped"]}
    assert set(told) == {f"in/{name}".replace("\udcff", "\\udcff") for name in skipped}
    for name, reason in skipped.items():
        assert told[f"in/{name}".replace("\udcff", "\\udcff")].startswith(reason)
    assert sum(s["files"] for s in note["skipped"]) == len(skipped) - 1
    assert (
        "skipped: " in (said := capsys.readouterr().err)
        and "in/_SUCCESS" in said
        and "in/x/empty: an empty folder (files: 0)" in said
    )


@pytest.mark.parametrize(("name", "message"), [
    *((f"b.gz{ending}", "the download is not finished")
      for ending in (".part", ".PART", ".tmp", ".crdownload", "~")),
    *((name, "write the ending in lower case") for name in ("b.GZ", "b.jsonl.Gz", "b.JSONL", "b.Parquet")),
    *((name, "files packed like this are not read")
      for name in ("b.jsonl.zst", "b.zip", "b.tar.gz", "b.tgz", "b.parquet.gz")),
])  # fmt: skip
@pytest.mark.parametrize("alone", [False, True])
def test_works_that_would_be_missing_are_refused(name: str, message: str, alone: bool, tmp_path: Path):
    write_works(tmp_path / "in/a.gz", [work(1)])
    (tmp_path / "in" / name).write_bytes(b"works")
    with pytest.raises(CannotRun, match=message):
        derive([tmp_path / "in" / name if alone else tmp_path / "in"], tmp_path / "out", Options())


def test_a_folder_that_cannot_be_read_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    scandir = os.scandir
    write_works(tmp_path / "in/a.gz", [work(1)])
    write_works(tmp_path / "in/locked/b.gz", [work(2)])

    def locked(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    assert main(["derive", "openalex", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 2
    assert "locked: Permission denied" in capsys.readouterr().err


# Links.


def test_links_to_folders_and_files_are_followed_once(tmp_path: Path):
    """A partition on another disk, a file whose target has another name, links to what is read anyway."""
    top = tmp_path / "works"
    write_works(top / "updated_date=2026-06-03/part_000.gz", [work(1)])
    write_works(tmp_path / "disk/two/part_000.gz", [work(2)])
    write_works(tmp_path / "disk/three.gz", [work(3)]).rename(tmp_path / "disk/sha256-three")
    (top / "updated_date=2026-06-02").symlink_to(tmp_path / "disk/two")
    (top / "updated_date=2026-06-03/part_001.gz").symlink_to(tmp_path / "disk/sha256-three")
    # What lies there itself comes before links to it, whatever their names.
    (top / "a").symlink_to(top / "updated_date=2026-06-03")
    (top / "a.gz").symlink_to(top / "updated_date=2026-06-03/part_000.gz")
    (top / "z").symlink_to(tmp_path / "disk/two")
    (tmp_path / "disk/two/back").symlink_to(top / "updated_date=2026-06-03")
    for start in (top, tmp_path):
        note = derive([start], tmp_path.with_name(tmp_path.name + start.name), Options())
        parts = [p["name"].removeprefix(f"{tmp_path.name}/") for p in note["parts"]]
        assert parts == [
            "works/updated_date=2026-06-02/part_000.gz",
            "works/updated_date=2026-06-03/part_000.gz",
            "works/updated_date=2026-06-03/part_001.gz",
        ]
        assert note["counted"] == 3 and note["copies"] == 0
        same = {s["name"].rpartition("/")[2] for s in note["skipped"] if s["reason"].startswith("the same f")}
        assert same == {"a", "a.gz", "z", "back"}


def test_a_folder_of_works_that_is_a_link(tmp_path: Path):
    write_works(tmp_path / "disk/updated_date=2026-06-03/part_000.gz", [work(1)])
    (tmp_path / "data").mkdir()
    (tmp_path / "data/works").symlink_to(tmp_path / "disk")
    for start in (tmp_path / "data", tmp_path / "data/works"):
        assert derive([start], tmp_path / "out", Options())["counted"] == 1
    with pytest.raises(CannotRun, match="it lies in a folder of works"):
        derive([tmp_path / "data"], tmp_path / "disk/out", Options())


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("..", "leads in a circle"),
        (".", "leads in a circle"),
        ("../..", "leads in a circle"),
        ("gone", "leads nowhere"),
        ("loop.gz", "leads nowhere"),
    ],
)
def test_links_that_lead_nowhere_or_back_are_refused(target: str, message: str, tmp_path: Path):
    write_works(tmp_path / "data/works/x/part_000.gz", [work(1)])
    (tmp_path / "data/works/x/loop.gz").symlink_to(target)
    with pytest.raises(CannotRun, match=rf"loop\.gz: the link {message}"):
        derive([tmp_path / "data/works"], tmp_path / "out", Options())


# Records that contradict themselves.


def contradicting(works: list[dict]) -> dict[str, int]:
    """How many works contradict themselves, and in what, said by nothing of the pipeline's."""
    found = dict.fromkeys(
        (
            "any",
            "authors_truncated",
            "authors_count",
            "countries_distinct_count",
            "institutions_distinct_count",
            "publication_date",
        ),
        0,
    )
    for w in works:
        authorships = w.get("authorships") or []
        countries = {c for a in authorships for c in a.get("countries") or []}
        institutions = {i["id"] for a in authorships for i in a.get("institutions") or [] if i.get("id")}
        said = {
            "authors_count": len(authorships),
            "countries_distinct_count": len(countries),
            "institutions_distinct_count": len(institutions),
        }
        own = {
            name
            for name, number in said.items()
            if w.get(name) is not None and str(w[name]) not in (str(number), f"{number}.0")
        }
        own |= (
            {"authors_truncated"}
            if w.get("is_authors_truncated") in (True, "true") or len(authorships) == 100
            else set()
        )
        own |= (
            {"publication_date"}
            if w.get("publication_date") and int(w["publication_date"][:4]) != int(w["publication_year"])
            else set()
        )
        for name in own | ({"any"} if own else set()):
            found[name] += 1
    return found


def institution(number: int) -> dict:
    return {"id": f"https://openalex.org/I{number}", "country_code": "KR"}


CONTRADICTING = [
    ("authors_truncated", work(1, "KR", is_authors_truncated=True)),
    ("authors_truncated", work(1, authorships=[{"countries": ["KR"]}] * 100)),
    ("authors_count", work(1, "KR", authors_count=3)),
    ("countries_distinct_count", work(1, "KR", countries_distinct_count=30)),
    ("countries_distinct_count", work(1, "KR US KR", countries_distinct_count="3")),
    ("countries_distinct_count", work(1, "KR", countries_distinct_count="many")),
    ("countries_distinct_count", work(1, "", countries_distinct_count=1)),
    (
        "institutions_distinct_count",
        work(
            1,
            authorships=[{"countries": ["KR"], "institutions": [institution(1), institution(1)]}] * 2,
            institutions_distinct_count=2,
        ),
    ),
    ("publication_date", work(1, "KR", publication_date="2021-12-31")),
]
CONSISTENT = [
    work(1), work(1, is_authors_truncated=False), work(1, authorships=[{"countries": ["KR"]}] * 101),
    work(1, authors_count=1), work(1, "KR US KR", countries_distinct_count=2.0),
    work(1, "", countries_distinct_count=0),
    work(1, authorships=None, countries_distinct_count=0, institutions_distinct_count=0, authors_count=0),
    work(1, authorships=[None, {"institutions": None},
                         {"countries": None,
                          "institutions": [institution(1), None, {"id": None}, institution(2),
                                           institution(1)]}], institutions_distinct_count="2",
         countries_distinct_count=1, authors_count=3),
    work(1, publication_date="2022-12-31"), work(1, publication_date=None),
    work(1, publication_date="0987-01-01", publication_year=987),
    work(1, publication_year=None, publication_date="2022-01-01"),
]  # fmt: skip


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize(("kind", "record"), [*CONTRADICTING, *((None, w) for w in CONSISTENT)])
def test_a_record_that_contradicts_itself_is_counted_and_told(
    kind: str | None, record: dict, slow: bool, tmp_path: Path
):
    """At one go, and record by record, as in a part in which something is broken."""
    note = derive(
        [write_works(tmp_path / "w.jsonl", [record] + ["broken"] * slow)],
        tmp_path / "out",
        Options(max_broken=0.5),
    )
    assert note["counted"] == 1 and note["broken"] == slow
    assert {name for name, works in note["contradictions"].items() if works} == (
        {kind, "any"} if kind else set()
    )
    plain = record | {"authorships": [a or {} for a in record["authorships"] or []]}
    assert read_tables(tmp_path / "out") == counted([plain])


def test_the_fault_as_it_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """One country of thirty: counted as one, and said on standard error, in the note and in a table."""
    path = write_works(
        tmp_path / "w.jsonl", [work(1, "KR", is_authors_truncated=True, countries_distinct_count=30), work(2)]
    )
    assert main(["derive", "openalex", str(path), "--out", str(tmp_path / "out")]) == 0
    assert (
        "1 of 2 works have records that contradict themselves and are counted as their authorships say"
        " (authors_truncated: 1, countries_distinct_count: 1;" in capsys.readouterr().err
    )
    rows = (tmp_path / "out/contradictions.csv").read_text().splitlines()
    assert rows == [
        "contradiction,year,definition,works",
        "any,2022,all,1",
        "authors_truncated,2022,all,1",
        "countries_distinct_count,2022,all,1",
    ]
    assert read_tables(tmp_path / "out")["country"]["KOR", 2022, "all"] == (2, 1.5)


@pytest.mark.parametrize("parquet", [False, True])
@pytest.mark.parametrize("path", GENERATIONS, ids=lambda p: p.name[6:10])
def test_what_real_records_contradict(path: Path, parquet: bool, tmp_path: Path):
    file = as_parquet(tmp_path / "x.parquet", path) if parquet else path
    found = derive([file], tmp_path / "out", Options())["contradictions"]
    assert found == contradicting(read_works(path))
    # In 2026 the field holds the number of authorships, as docs/openalex.md says.
    assert bool(found["institutions_distinct_count"]) == ("2026" in path.name)


def test_contradictions_are_of_the_works_that_count(tmp_path: Path):
    """Neither of older copies nor of what the switches leave out."""
    bad = {"countries_distinct_count": 9}
    works = [
        work(1, updated_date="2026-01-01", **bad),
        work(1, updated_date="2026-01-02"),
        work(2, is_xpac=True, **bad),
        work(3, **bad),
    ]
    note = derive([write_works(tmp_path / "w.jsonl", works)], tmp_path / "out", Options())
    assert (note["counted"], note["contradictions"]["any"]) == (2, 1)


def test_the_day_is_that_of_the_record_and_not_of_its_folder(tmp_path: Path):
    write_works(tmp_path / "in/updated_date=2026-06-02/a.gz", [work(1, "CN", updated_date="2024-01-01")])
    write_works(tmp_path / "in/updated_date=2026-06-01/a.gz", [work(1, "JP", updated_date="2024-01-02")])
    assert set(tables(tmp_path / "out", tmp_path / "in")["country"]) == {("JPN", 2022, d) for d in ("all",)}


def test_results_in_a_folder_of_works(tmp_path: Path):
    write_works(tmp_path / "in/a.jsonl", [work(1)])
    write_works(tmp_path / "in/.part/b.jsonl", [work(2)])
    write_works(tmp_path / "in/_temporary/c.jsonl", [work(3)])
    for out in ("in", "in/out"):
        with pytest.raises(CannotRun, match="it lies in a folder of works"):
            derive([tmp_path / "in"], tmp_path / out, Options())
    assert derive([tmp_path / "in"], tmp_path / "out", Options())["counted"] == 1


@pytest.mark.parametrize(
    "name", ["a*.jsonl", "a[1].jsonl", "{a}.jsonl", "a?.jsonl", "a\n.jsonl", "a\udcff.jsonl"]
)
def test_names_that_are_patterns(name: str, tmp_path: Path):
    write_works(tmp_path / name, [work(1)])
    with pytest.raises(CannotRun, match="rename it"):
        derive([tmp_path / name], tmp_path / "out", Options())


def test_names_with_quotes_and_korean(tmp_path: Path):
    assert (
        derive([write_works(tmp_path / "O'작품 1/it's.jsonl", [work(1)])], tmp_path / "the 'out'", Options())[
            "counted"
        ]
        == 1
    )


def test_no_works_at_all(tmp_path: Path):
    note = derive([write_works(tmp_path / "w.jsonl", [""])], tmp_path / "out", Options())
    assert note["counted"] == 0 and (tmp_path / "out/country_year.csv").read_text().count("\n") == 1


# Stopped and started again.


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are counted, in turn."""
    names, count = [], run._count

    def counting(engine, part, kept):
        names.append(part.name)
        return count(engine, part, kept)

    monkeypatch.setattr(run, "_count", counting)
    return names


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    return [write_works(tmp_path / f"{n}.jsonl", [work(n), work(10 + n, "CN")]) for n in range(3)]


def test_a_stopped_run_goes_on(
    three: list[Path], tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
):
    count = run._count

    def stop(engine, part, kept):
        if part.name == "1.jsonl":
            kept.rows.write_bytes(b"half written")
            raise KeyboardInterrupt
        return count(engine, part, kept)

    with monkeypatch.context() as patch:
        patch.setattr(run, "_count", stop)
        with pytest.raises(KeyboardInterrupt):
            tables(tmp_path / "out", *three)
    assert not (tmp_path / "out/totals.csv").exists()
    before = list(calls)
    assert "0.jsonl" in before and "1.jsonl" not in before
    assert tables(tmp_path / "out", *three) == counted([w for path in three for w in read_works(path)])
    assert sorted(calls) == ["0.jsonl", "1.jsonl", "2.jsonl"]


def test_only_what_changed_is_counted_again(
    three: list[Path], tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "out"
    tables(out, *three)
    calls.clear()
    # Other switches, nothing new to read.
    tables(out, *three, switches=Switches(include_xpac=True))
    assert calls == []
    write_works(three[1], [work(1, "JP"), work(11, "CN")])
    assert tables(out, *three) == counted([w for path in three for w in read_works(path)])
    assert calls == ["1.jsonl"]
    # A file of the same size and day, with one letter changed.
    calls.clear()
    status = three[2].stat()
    write_works(three[2], [work(2, "US KP"), work(12, "CN")])
    os.utime(three[2], ns=(status.st_atime_ns, status.st_mtime_ns))
    assert three[2].stat().st_size == status.st_size
    assert ("PRK", 2022, "all") in tables(out, *three)["country"]
    assert calls == ["2.jsonl"]
    # Another logic; then one part less, of which nothing is left behind.
    calls.clear()
    monkeypatch.setattr("scripts.openalex.parts.logic", lambda: "other")
    tables(out, *three)
    assert len(calls) == 3
    tables(out, three[0])
    assert len(list((out / run.WORK).iterdir())) == 2


def test_a_result_that_is_gone_is_made_again(three: list[Path], tmp_path: Path, calls: list[str]):
    expected = tables(tmp_path / "out", *three)
    next((tmp_path / "out" / run.WORK).glob("*.parquet")).unlink()
    calls.clear()
    assert tables(tmp_path / "out", *three) == expected and len(calls) == 1


@pytest.mark.parametrize("damage", ["", "{}", "\0"])
def test_a_note_that_was_not_written_whole_does_not_count(
    damage: str, three: list[Path], tmp_path: Path, calls: list[str]
):
    tables(tmp_path / "out", *three)
    for note in (tmp_path / "out" / run.WORK).glob("*.json"):
        note.write_text(damage)
    calls.clear()
    tables(tmp_path / "out", *three)
    assert len(calls) == 3


def test_what_was_broken_is_reported_again(tmp_path: Path, calls: list[str]):
    path = write_works(tmp_path / "w.jsonl", [work(1), work(2), "x"])
    notes = [derive([path], tmp_path / "out", Options(max_broken=0.5)) for _ in range(2)]
    assert notes[0] == notes[1] and notes[0]["broken_records"] and len(calls) == 1


def test_bad_data_leaves_the_old_tables(tmp_path: Path):
    out = tmp_path / "out"
    tables(out, write_works(tmp_path / "w.jsonl", [work(1)]))
    before = (out / "totals.csv").read_bytes()
    with pytest.raises(BadData):
        tables(out, write_works(tmp_path / "w.jsonl", [work(1), work(2), "x"]))
    assert (out / "totals.csv").read_bytes() == before
    assert not list(out.glob(".openalex-spill*"))


def test_the_bar_goes_by_bytes_and_starts_where_the_run_was(
    three: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import tqdm

    bars = []

    class Bar(tqdm.tqdm):
        def __init__(self, **options: object) -> None:
            super().__init__(**options | {"file": open(os.devnull, "w"), "disable": False})  # noqa: SIM115
            self.seen: list[int] = []
            bars.append(self)

        def update(self, n: int = 1) -> None:
            self.seen.append(n)
            super().update(n)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    tables(tmp_path / "out", *three)
    write_works(three[0], [work(7)])
    tables(tmp_path / "out", *three)
    sizes = [path.stat().st_size for path in three]
    assert bars[0].seen[0] == 0 and len(bars[0].seen) == 4 and sum(bars[0].seen) == bars[0].total
    assert bars[1].seen == [sizes[1] + sizes[2], sizes[0]] and bars[1].total == sum(sizes)


# The command.


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["derive", "openalex", str(BY_HAND), "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "9 works counted, 1 left out by the switches" in said.out
    assert (
        "XK (works: 1)" in said.err
        and "without --snapshot-date and --topic-model the counts of AI works mean nothing" in said.err
    )
    assert json.loads((tmp_path / "run.json").read_text())["snapshot_date"] == "unknown"
    assert (
        main(
            [
                "derive",
                "openalex",
                str(BY_HAND),
                "--out",
                str(tmp_path),
                "--snapshot-date",
                "2026-06-24",
                "--topic-model",
                "v1",
                "--include-xpac",
            ]
        )
        == 0
    )
    said = capsys.readouterr()
    assert "10 works counted, 0 left out" in said.out and "WARNING" not in said.err


@pytest.mark.parametrize(
    "option",
    [("--max-broken", "2"), ("--max-broken", "x"), ("--memory", "much"), ("--snapshot-date", "2026-06")],
)
def test_bad_options(option: tuple[str, str], tmp_path: Path):
    with pytest.raises(SystemExit) as stop:
        main(["derive", "openalex", str(BY_HAND), "--out", str(tmp_path), *option])
    assert stop.value.code == 2


@pytest.mark.parametrize(
    ("engine", "module", "extra"),
    [("duckdb", "duckdb", "openalex"), ("spark", "pyspark", "spark"), ("duckdb", "tqdm", "openalex")],
)
def test_a_package_that_is_missing(
    engine: str,
    module: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"scripts.openalex.{engine}_engine", raising=False)
    assert main(["derive", "openalex", str(BY_HAND), "--out", str(tmp_path), "--engine", engine]) == 2
    assert f"{module} is not installed; it belongs to the extra {extra}" in capsys.readouterr().err


def test_too_little_memory_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["derive", "openalex", str(BY_HAND), "--out", str(tmp_path), "--memory", "1MB"]) == 2
    assert "duckdb cannot count it" in capsys.readouterr().err
