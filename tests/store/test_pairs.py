"""The fast reading of CSV and Parquet together: it accepts only what the strict reader accepts, and says no
where in doubt.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.constraints import violations as constraints
from scripts.constraints.violations import own_violations
from scripts.model.values import SUSPECT, text_fault
from scripts.package.settings import load_package
from scripts.store import fast_reader as pairs
from scripts.store import frames
from scripts.store.csvfile import write_rows
from scripts.store.fast_reader import PLAIN_PATTERN, Digest, Doubt, read_pair
from scripts.store.files import sha256
from scripts.store.frames import frame_of, in_order
from scripts.store.parquet import file_metadata, write_parquet
from tests.mini import TABLES

VALUES = {
    "string": st.one_of(
        st.none(),
        st.text(min_size=1, max_size=8),
        st.sampled_from(["한국", "a,b", 'say "x"', "#1", "NULL", "true", "1", "nan"]),
    ),
    "integer": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    "number": st.one_of(
        st.none(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from([0.1, 1e-07, 1e15, 1e16, 1250.0, 0.0]),
    ),
    "boolean": st.one_of(st.none(), st.booleans()),
    "date": st.one_of(st.none(), st.dates()),
}


@st.composite
def drawn_rows(draw: st.DrawFn) -> tuple[str, list[dict]]:
    """Rows of one of three tables that between them have every type; where constraints do not see to it, any
    text.
    """
    name = draw(st.sampled_from(["exchange_rates", "funding", "statistics"]))
    table = TABLES[name]
    searched = pairs._searched(table)
    kept = {
        f.name: st.sampled_from([None, f.example])
        for f in table.fields
        if f.type == "string" and f.name not in searched
    }
    return name, [
        {f.name: draw(kept.get(f.name, VALUES[f.type])) for f in table.fields}
        for _ in range(draw(st.integers(1, 4)))
    ]


@given(drawn_rows())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_is_plain_is_written_as_the_pipeline_writes_it(drawn: tuple[str, list[dict]]) -> None:
    """Equal bytes prove a CSV only if they are the bytes of our own writer."""
    name, rows = drawn
    table = TABLES[name]
    frame = frame_of(table.fields, rows)
    if pairs._plain(frame, table):
        written = write_rows(table.fields, rows).removeprefix((",".join(table.names) + "\n").encode())
        with ThreadPoolExecutor(1) as pool:
            assert pairs._comes_next(
                frame, table, pairs._Following(io.BytesIO(written), digest := Digest(pool))
            )
            assert (digest.size, digest.hex()) == (len(written), sha256(written))
            assert not pairs._comes_next(
                frame, table, pairs._Following(io.BytesIO(written[:-1]), Digest(pool))
            )
            assert not pairs._comes_next(
                frame, table, pairs._Following(io.BytesIO(written[:-2] + b"\0\n"), Digest(pool))
            )
    else:
        assert any(isinstance(v, str) and text_fault(v) for r in rows for v in r.values())


def test_no_character_with_a_fault_escapes_the_search() -> None:
    """Every code point, alone and between letters: what text_fault refuses, or might after another letter, is
    suspect.
    """
    every = [chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000]
    for before, after in (("", ""), ("a", "a")):
        found = pl.Series([before + c + after for c in every]).str.contains(SUSPECT)
        missed = [
            f"{ord(c):04X}"
            for c, f in zip(every, found, strict=True)
            if not f and (text_fault(before + c + after) or (before and unicodedata.combining(c)))
        ]
        assert missed == []
    # A second letter that would melt into the first.
    assert (
        pl.Series(["가", "각", "é", "が"])
        .map_elements(lambda s: unicodedata.normalize("NFD", s), pl.String)
        .str.contains(SUSPECT)
        .all()
    )


@pytest.mark.parametrize(
    "pattern",
    sorted(
        {
            f.pattern
            for t in TABLES.values()
            for f in t.fields
            if f.pattern and PLAIN_PATTERN.fullmatch(f.pattern)
        }
    ),
)
@given(data=st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_columns_that_are_not_searched_cannot_hold_a_fault(pattern: str, data: st.DataObject) -> None:
    assert text_fault(data.draw(st.from_regex(pattern, fullmatch=True))) is None


@st.composite
def judged_rows(draw: st.DrawFn) -> tuple[str, list[dict]]:
    """Rows that keep or break the constraints of their table."""
    name = draw(st.sampled_from(["funding", "countries", "exchange_rates", "evidence"]))
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        row = {}
        for f in TABLES[name].fields:
            sound = {
                "string": f.enum[0] if f.enum else f.example,
                "integer": f.minimum or 3,
                "number": 1.5,
                "boolean": True,
                "date": None,
            }[f.type]
            row[f.name] = draw(VALUES[f.type]) if draw(st.integers(0, 30)) == 0 else sound
        rows.append(row)
    return name, rows


@given(judged_rows())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_cells_that_repeat_may_be_looked_at_once(drawn: tuple[str, list[dict]]) -> None:
    """What is asked of long columns in another way gives the same answers."""
    name, rows = drawn
    table = TABLES[name]
    frame = frame_of(table.fields, rows)
    with pytest.MonkeyPatch.context() as patch:
        before = own_violations(table, frame), pairs._plain(frame, table)
        for module in (frames, constraints):
            patch.setattr(module, "MANY", 0)
        assert (own_violations(table, frame), pairs._plain(frame, table)) == before


# --- doubts

PLACES = [
    {"place_id": p, "name_en": p.title(), "name_ko": "곳", "country_code": "KOR"}
    for p in ("busan", "jeju", "seoul")
]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as one:
        yield one


def pair(
    folder: Path, csv: bytes | None = None, parquet: bytes | None = None, rows: list[dict] = PLACES
) -> tuple[Path, Path]:
    table = TABLES["places"]
    (folder / "a.csv").write_bytes(write_rows(table.fields, rows) if csv is None else csv)
    (folder / "a.parquet").write_bytes(
        write_parquet(table, rows, file_metadata(table, load_package())) if parquet is None else parquet
    )
    return folder / "a.csv", folder / "a.parquet"


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_sound_files_are_read_in_pieces(
    tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(pairs, "PIECE", piece)
    digest = Digest(pool)
    frames = list(read_pair(*pair(tmp_path), TABLES["places"], digest))
    assert [f.height for f in frames] == [piece] * (3 // piece) + [3 % piece] * (3 % piece > 0)
    assert pl.concat(frames).to_dicts() == PLACES
    assert (digest.size, digest.hex()) == (
        (tmp_path / "a.csv").stat().st_size,
        sha256((tmp_path / "a.csv").read_bytes()),
    )


SOUND = write_rows(TABLES["places"].fields, PLACES)
DOUBTS = {
    "quoted": {"csv": SOUND.replace(b"Jeju", b'"Jeju"')},
    "empty in quotes": {
        "csv": SOUND.replace(b"Jeju", b'""'),
        "rows": [{**p, "name_en": ""} if p["place_id"] == "jeju" else p for p in PLACES],
    },
    "more rows": {"csv": SOUND + b"ulsan,Ulsan,\xea\xb3\xb3,KOR\n"},
    "fewer rows": {"csv": SOUND.rsplit(b"\n", 2)[0] + b"\n"},
    "no last line feed": {"csv": SOUND[:-1]},
    "carriage return": {"csv": SOUND.replace(b"\n", b"\r\n")},
    "byte order mark": {"csv": b"\xef\xbb\xbf" + SOUND},
    "other header": {"csv": SOUND.replace(b"place_id", b"place_ID")},
    "other value": {"csv": SOUND.replace(b"Jeju", b"Jejv")},
    "another order": {"rows": PLACES[::-1], "csv": write_rows(TABLES["places"].fields, PLACES[::-1])},
    "key twice": {
        "rows": [*PLACES, PLACES[-1]],
        "csv": write_rows(TABLES["places"].fields, [*PLACES, PLACES[-1]]),
    },
    "space in both": {
        "rows": [{**p, "name_en": " X"} for p in PLACES],
        "csv": write_rows(TABLES["places"].fields, [{**p, "name_en": " X"} for p in PLACES]),
    },
    "no parquet": {"parquet": b"PAR1"},
    "cut parquet": {"parquet": write_parquet(TABLES["places"], PLACES, {})[:-9]},
}


@pytest.mark.parametrize("piece", [1, 2, 100])
@pytest.mark.parametrize("files", DOUBTS.values(), ids=DOUBTS)
def test_in_doubt_nothing_is_accepted(
    tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, files: dict, piece: int
) -> None:
    monkeypatch.setattr(pairs, "PIECE", piece)
    with pytest.raises(Doubt):
        list(read_pair(*pair(tmp_path, **files), TABLES["places"], Digest(pool)))


def test_other_types_are_in_doubt(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    csv, parquet = pair(tmp_path)
    found = pq.read_table(parquet)
    pq.write_table(found.set_column(0, "place_id", found["place_id"].dictionary_encode()), parquet)
    with pytest.raises(Doubt):
        list(read_pair(csv, parquet, TABLES["places"], Digest(pool)))
    pq.write_table(pa.table({"place_id": [1]}), parquet)
    with pytest.raises(Doubt):
        list(read_pair(csv, parquet, TABLES["places"], Digest(pool)))


def test_order_is_by_code_point_over_all_keys_and_pieces() -> None:
    table = TABLES["parties"]

    def frame(*keys: tuple[str, str]) -> pl.DataFrame:
        return frame_of(table.fields, [{"agreement_id": a, "organization_id": o} for a, o in keys])

    assert in_order(frame(("a", "b"), ("a", "c"), ("ab", "a"), ("a가", "a")), table)
    assert not in_order(frame(("a", "b"), ("a", "b")), table)
    assert not in_order(frame(("a", "c"), ("a", "b")), table)
    assert not in_order(frame(("a-b", "a"), ("a", "a")), table)
    assert in_order(frame(("b", "a")), table, frame(("a", "z"))) and not in_order(
        frame(("b", "a")), table, frame(("b", "a"))
    )
