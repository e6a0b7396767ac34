"""The order in which rules speak, and the evidence in pieces: one mistake is told once, and pieces find what the whole does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from scripts import pairs
from scripts.rules import ALL, Frames
from scripts.rules import judge as judging
from scripts.rules.evidence import BY_PIECES
from scripts.rules.judge import judge, pieces, whole_rows
from scripts.validate import inspect_package
from tests.mini import TABLES
from tests.test_rules import cell, where

PLANTS: dict[str, Callable[[Frames], None]] = {
    "nothing": lambda f: None,
    "cell": cell("funding", 0, amount=3_000_001),
    "evidence value": lambda f: cell("evidence", where("evidence", f, field="amount"), value="5")(f),
    "evidence check": lambda f: cell("evidence", where("evidence", f, field="amount"), check="coded")(f),
    "evidence hash": lambda f: cell("evidence", where("evidence", f, field="amount"), passage_sha256="0" * 64)(f),
    "grade": cell("funding", 0, evidence_grade="A"),
    "first row": cell("agreements", 0, evidence_grade="D"),
    "last row": cell("statistics", 0, evidence_grade="D"),
    "disagreement": cell("disagreements", 0, reason_en="Because."),
    "held": cell("sources", 0, held="none"),
    "event": cell("events", 1, evidence_grade="D"),
}


def cut(evidence: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    yield from (evidence.slice(i, size) for i in range(0, evidence.height, size))


@pytest.mark.parametrize("size", [7])
@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_pieces_find_what_the_whole_does(frames: Frames, plant: Callable[[Frames], None], size: int) -> None:
    plant(frames)
    whole = judge(frames, set())
    by_pieces = judge(frames, set(), cut(frames["evidence"], size))
    assert sorted(by_pieces.found) == sorted(whole.found)
    assert by_pieces.waiting == whole.waiting


def test_pieces_hold_every_row_once_and_a_row_with_all_its_evidence(frames: Frames) -> None:
    parts = list(pieces(frames, cut(frames["evidence"], 4)))
    assert len(parts) > 20
    for name in (*(n for n, t in TABLES.items() if t.kind == "fact"), "evidence", "disagreements"):
        assert sorted(i for p in parts for i in p[name]["_row"]) == list(range(frames[name].height)), name
    seen = [{tuple(k) for k in p["evidence"].select("table", "row_id").unique().iter_rows()} for p in parts]
    assert sum(map(len, seen)) == len(set().union(*seen))
    assert [last for _, last in whole_rows(cut(frames["evidence"], 4))].count(True) == 1


def test_large_evidence_on_disk_is_judged_in_pieces(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "PIECE", 5)
    taken, kept = [], judging._needed_later
    monkeypatch.setattr(judging, "_needed_later", lambda evidence: taken.append(evidence.height) or kept(evidence))
    assert inspect_package(package, whole=10).problems == []
    assert len(taken) > 10
    path = package / "data/evidence.csv"
    path.write_bytes(path.read_bytes().replace(b",confirmed,", b",coded,", 1))
    found = inspect_package(package, whole=10).problems
    assert found == inspect_package(package).problems and {p.rule for p in found} >= {"hash", "check_fits_column"}


def test_a_rule_waits_for_the_tables_that_it_reads(frames: Frames) -> None:
    cell("events", 0, effect="operative")(frames)
    verdict = judge(frames, set())
    assert {(t, v.column, v.rule) for t, v in verdict.found} == {("events", "effect", "every_cell_is_proven")}
    assert "planned_has_no_effect" in verdict.waiting and "sum_has_an_occasion" not in verdict.waiting
    verdict = judge(frames, {"events"})
    assert verdict.found == [] and "every_cell_is_proven" in verdict.waiting


def test_every_rule_by_pieces_is_a_rule() -> None:
    assert set(BY_PIECES) < set(ALL) and len({r.__name__ for r in ALL}) == len(ALL)
