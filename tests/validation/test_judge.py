"""The order in which rules speak: one mistake is told once."""

from __future__ import annotations

from scripts.validation.rules import ALL, Frames
from scripts.validation.rules.judge import judge
from tests.faults.frames import cell


def test_a_rule_waits_for_the_tables_that_it_reads(frames: Frames) -> None:
    cell("events", 0, effect="operative")(frames)
    verdict = judge(frames, set())
    assert {(t, v.column, v.rule) for t, v in verdict.found} == {("events", "effect", "every_cell_is_proven")}
    assert "planned_has_no_effect" in verdict.waiting and "sum_has_an_occasion" not in verdict.waiting
    verdict = judge(frames, {"events"})
    assert verdict.found == [] and "every_cell_is_proven" in verdict.waiting


def test_rules_have_names_of_their_own() -> None:
    assert len({r.__name__ for r in ALL}) == len(ALL)
