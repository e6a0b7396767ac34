"""What must not change a verdict: the order of rows, quotes, which of its two files a table is read from, the
names of things.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.model.seeds import Record
from scripts.package.settings import load_package
from scripts.pipeline.build import Built
from scripts.pipeline.judging import validate_frames
from scripts.store.csvfile import write_rows
from scripts.store.parquet import file_metadata, write_parquet
from scripts.validation.package import check_package
from scripts.validation.rules.registry import Frames
from tests.faults.csvs import to_csv
from tests.faults.frames import Plant
from tests.faults.packages import put_parquet, rewrite
from tests.judge import Finding
from tests.mini import HELD, PACT, TABLES, Mini
from tests.related import Related, budget, faulty_packages
from tests.secondopinion import ours
from tests.validation.test_rules import CASES

KEYS = {"primary-key", "unique", "unique-key", "foreign-key"}
Told = tuple[str, int, str, str, str]


def by_content(package: Related, found: dict[str, set[Finding]]) -> dict[str, Counter]:
    """What is reported of which cells. Of rows that share a key the later is told, so for keys only the cells
    of the key count.
    """

    def content(name: str, f: Finding) -> tuple:
        record = package.grids[name][f.row]
        cells = (
            [record[TABLES[name].names.index(c)] for c in f.column.split(",")] if f.rule in KEYS else record
        )
        return (f.rule, f.column, *cells)

    return {name: Counter(content(name, f) for f in findings) for name, findings in found.items()}


@given(faulty_packages(spoil=False), st.randoms(use_true_random=False))
@budget(15)
@pytest.mark.drawn
def test_order_of_rows_does_not_change_what_is_reported_of_them(
    package: Related, chance: random.Random
) -> None:
    shuffled = Related({name: chance.sample(grid, len(grid)) for name, grid in package.grids.items()}, {})
    before, after = (by_content(p, ours(p.tables, p.files())) for p in (package, shuffled))
    for name in package.grids:
        if any(rule == "primary-key" for rule, *_ in before[name]):
            # Of a row that repeats its primary key no other repeated key is told; which row that is depends
            # on the order.
            before[name], after[name] = (
                Counter({k: n for k, n in c.items() if k[0] not in {"unique", "unique-key"}})
                for c in (before[name], after[name])
            )
    assert after == before


@given(faulty_packages(spoil=False))
@budget(15)
@pytest.mark.drawn
def test_superfluous_quotes_do_not_change_the_verdict_on_cells(package: Related) -> None:
    quoted = {
        name: to_csv(TABLES[name].names, grid, quoting=csv.QUOTE_ALL) for name, grid in package.grids.items()
    }
    assert ours(package.tables, quoted) == ours(package.tables, package.files())


def told(folder: Path) -> set[Told]:
    """What is reported: file, line, column, message, rule."""
    return {(Path(p.file).name, p.row, p.column, p.message, p.rule) for p in check_package(folder)}


def put(folder: Path, name: str, rows: list[Record], *, parquet: bool) -> None:
    """Rewrite the CSV of a table, and its Parquet if wanted, and bring the descriptor up to date."""
    table = TABLES[name]
    rewrite(folder, name, lambda _: write_rows(table.fields, rows))
    if parquet:
        put_parquet(folder, name, write_parquet(table, rows, file_metadata(table, load_package())))


# Table, key cells of the row, what is changed in it, and the rule that reports it.
CHANGES = [
    ("funding", {"funding_id": "pact-money"}, {"amount": 4_000_000}, "every_cell_is_proven"),
    ("funding", {"funding_id": "pact-money"}, {"currency": "usd"}, "pattern"),
    ("funding", {"funding_id": "pact-money"}, {"bound": "at_most"}, "enum"),
    ("funding", {"funding_id": "pact-money"}, {"summary_en": " Support"}, "lexical"),
    ("signatories", {"person_id": "delta"}, {"organization_id": "ghost"}, "foreign-key"),
    ("statistics", {}, {"period_to": 2101}, "maximum"),
    ("exchange_rates", {}, {"value": -1.25}, "minimum"),
    ("countries", {"country_code": "USA"}, {"alpha_2": "KR"}, "unique"),
    ("events", {"event_id": "pact-signing"}, {"start_on_to": dt.date(2025, 3, 6)}, "ranges_fit"),
    ("evidence", {"field": "amount", "row_id": "pact-money"}, {"check": "coded"}, "check_fits_column"),
]


@pytest.mark.parametrize(("name", "row", "change", "rule"), CHANGES, ids=[c[3] for c in CHANGES])
def test_a_change_in_both_files_is_reported_like_one_in_the_csv(
    package: Path, mini_built: Built, name: str, row: Record, change: Record, rule: str
) -> None:
    """A table is read from its Parquet where both files agree, and from its CSV where they do not: two
    readers, one verdict.
    """
    rows = [{**r, **change} if row.items() <= r.items() else r for r in mini_built.data[name]]
    put(package, name, rows, parquet=False)
    by_csv = told(package)
    put(package, name, rows, parquet=True)
    by_parquet = told(package)
    assert rule in {t[4] for t in by_parquet}
    assert {t for t in by_csv if t[4] != "parquet"} == by_parquet


@pytest.mark.parametrize(
    "change",
    [{}, {"check": "verified"}, {"value": "x "}, {"source_id": "nobody"}],
    ids=["sound", "enum", "lexical", "foreign-key"],
)
def test_rows_out_of_order_are_reported_and_all_else_as_before(
    package: Path, mini_built: Built, change: Record
) -> None:
    where = next(i for i, r in enumerate(mini_built.data["evidence"]) if r["field"] == "amount")
    rows = [{**r, **change} if i == where else r for i, r in enumerate(mini_built.data["evidence"])]
    put(package, "evidence", rows, parquet=True)
    before = told(package)
    order = random.Random(7).sample(range(len(rows)), len(rows))
    put(package, "evidence", [rows[i] for i in order], parquet=True)
    # Nothing can be said of the order of rows some of which cannot be read.
    after = told(package)
    assert ("canonical" in {t[4] for t in after}) == (change != {"value": "x "})
    line = {i + 2: order.index(i) + 2 for i in range(len(rows))}
    assert {t for t in after if t[4] != "canonical"} == {
        (file, line[at] if file == "evidence.csv" else at, *rest) for file, at, *rest in before
    }


def test_quoted_cells_are_no_fault_but_of_the_form(package: Path) -> None:
    for name in ("funding", "places"):
        rewrite(package, name, lambda data: to_csv(*_split(data), quoting=csv.QUOTE_ALL))
    assert {(t[0], t[4]) for t in told(package)} == {
        ("funding.csv", "canonical"),
        ("places.csv", "canonical"),
    }


def _split(data: bytes) -> tuple[list[str], list[list[str]]]:
    header, *records = csv.reader(data.decode("utf-8").splitlines())
    return header, records


def renaming(old: str, new: str) -> Callable[[str], str]:
    """Renames an id where it is a whole cell or a part of a row's name."""
    return lambda text: "|".join(new if part == old else part for part in text.split("|"))


def renamed(frames: Frames, old: str, new: str) -> Frames:
    """All tables with an id renamed everywhere."""
    rename = renaming(old, new)
    return {
        name: frame.with_columns(pl.col(pl.String).map_elements(rename, return_dtype=pl.String))
        for name, frame in frames.items()
    }


# An organization, an agreement, a source, a domain and a sum.
IDS = ("alpha", PACT, HELD, "quantum", "pact-money")


@pytest.mark.parametrize("case", range(0, len(CASES), 8), ids=lambda i: CASES[i][0])
def test_another_name_for_a_thing_keeps_the_verdict(frames: Frames, case: int) -> None:
    """With a fault planted and without: whatever is called otherwise everywhere is judged as before."""
    plant: Plant = CASES[case][1]
    plant(frames)
    before = {(table, v.index, v.column, v.rule) for table, v in validate_frames(TABLES, frames)}
    other = IDS[case // 8 % len(IDS)]
    after = {
        (table, v.index, v.column, v.rule)
        for table, v in validate_frames(TABLES, renamed(frames, other, f"zz-{other}"))
    }
    assert before and after == before


def test_the_seeds_with_another_name_for_a_thing_give_the_package_with_that_name(
    mini: Mini, mini_built: Built
) -> None:
    rename = renaming("alpha", "zz-alpha")
    for path in sorted(p for p in mini.seeds.rglob("*.csv") if p.parent.name != "tables"):
        header, records = _split(path.read_bytes())
        path.write_bytes(to_csv(header, [[rename(c) for c in r] for r in records]))
    # The lock has digests of what the sheets say, so it is written again.
    mini.lock()
    built = mini.build()
    for name, rows in mini_built.data.items():
        wanted = [
            {k: rename(v) if isinstance(v, str) else v for k, v in row.items() if not k.startswith("_")}
            for row in rows
        ]
        given_rows = [{k: v for k, v in row.items() if not k.startswith("_")} for row in built.data[name]]
        assert sorted(map(str, given_rows)) == sorted(map(str, wanted)), name
