"""The order in which rules speak: one mistake is told once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.validation.rules import registry
from scripts.validation.rules.judge import judge
from scripts.validation.rules.registry import Fault, Frames, Rule, Stage, Tables, all_rules, rule
from tests.faults.frames import cell
from tests.mini import TABLES


def test_a_rule_waits_for_the_tables_that_it_reads(frames: Frames) -> None:
    cell("events", 0, effect="operative")(frames)
    verdict = judge(frames, set())
    assert {(t, v.column, v.rule) for t, v in verdict.found} == {("events", "effect", "every_cell_is_proven")}
    assert "planned_has_no_effect" in verdict.waiting and "sum_has_an_occasion" not in verdict.waiting
    verdict = judge(frames, {"events"})
    assert verdict.found == [] and "every_cell_is_proven" in verdict.waiting


def test_rules_have_names_of_their_own() -> None:
    assert len({r.name for r in all_rules()}) == len(all_rules())


def test_a_rule_says_what_it_is_and_what_it_reads() -> None:
    for r in all_rules():
        assert (
            r.sentence.split(". ")[0].rstrip(".") and r.sentence[0].isupper() and r.sentence.endswith(".")
        ), r.name
        assert r.reads | r.each and not r.reads & r.each, r.name
        assert r.reads | r.each <= TABLES.keys(), r.name


def test_every_module_is_searched_for_rules() -> None:
    """Each rule that a module of the package declares is known."""
    files = (Path(registry.__file__).parent).glob("*.py")
    declared = [
        name for f in files for name in re.findall(r"^@rule\(.*\)\ndef (\w+)", f.read_text("utf-8"), re.M)
    ]
    assert len(declared) > 50 and sorted(declared) == sorted(r.name for r in all_rules())


def _planted(monkeypatch: pytest.MonkeyPatch, **declared: Any) -> Rule:
    """A rule that reports the first row of places, and looks at people for that; not registered."""
    monkeypatch.setattr(registry, "_registered", [])

    @rule(Stage.CELLS, **declared)
    def planted(t: Tables) -> Iterator[Fault]:
        """A made-up rule."""
        if "people" in t and t["people"].height:
            yield Fault("places", 0, "place_id", "wrong", "correct it")

    return planted


def test_a_rule_gets_the_tables_that_it_declares_and_no_others(
    frames: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(_planted(monkeypatch, reads=("places", "people"))(frames)) == 1
    assert _planted(monkeypatch, reads=("places",))(frames) == []
    greedy = next(r for r in all_rules() if r.name == "event_tree")
    with pytest.raises(KeyError, match="events"):
        replace(greedy, selected=("places",))(frames)


def test_what_a_rule_reads_decides_whether_it_waits(frames: Frames, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = _planted(monkeypatch, reads=("places", "people"))
    assert [t for t, _ in judge(frames, set(), [needs]).found] == ["places"]
    verdict = judge(frames, {"people"}, [needs])
    assert (verdict.found, verdict.waiting) == ([], ["planted"])
    # Judged table by table it does not wait, and does not see the faulty one.
    each = _planted(monkeypatch, reads=("places",), each=("people",))
    verdict = judge(frames, {"people"}, [each])
    assert (verdict.found, verdict.waiting) == ([], [])


def test_a_rule_does_not_see_tables_in_which_an_earlier_stage_found_faults(
    frames: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = _planted(monkeypatch, reads=("places",), each=("people",))

    @rule(Stage.LISTS, reads=("people",))
    def earlier(t: Tables) -> Iterator[Fault]:
        """A made-up rule."""
        yield Fault("people", 0, "person_id", "wrong", "correct it")

    assert [t for t, _ in judge(frames, set(), [earlier, each]).found] == ["people"]
