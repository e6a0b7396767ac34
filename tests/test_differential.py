"""This project and frictionless judge drawn packages alike, except for the listed disagreements, and each of these exists."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.disagreements import LISTED, REPORT, Disagreement, explained, page, unexplained
from tests.related import LEAVES, Related, budget, family, faulty_packages, sound_packages
from tests.secondopinion import differences, ours, theirs


@given(faulty_packages())
@budget(40)
def test_every_difference_is_a_listed_one(package: Related) -> None:
    assert [str(d) for d in differences(package.tables, package.files()) if unexplained(d)] == []


@pytest.mark.parametrize("leaf", LEAVES)
def test_both_find_nothing_in_sound_packages(leaf: str) -> None:
    """And so nothing that is drawn as sound is reported by either."""

    @given(sound_packages((leaf,)))
    @budget(2)
    def judged(package: Related) -> None:
        nothing = {name: set() for name in family(leaf)}
        assert ours(package.tables, package.files()) == nothing
        assert theirs(package.tables, package.files()) == nothing

    judged()


@pytest.mark.parametrize("listed", LISTED, ids=lambda d: d.name)
def test_the_disagreement_exists(listed: Disagreement) -> None:
    """With these versions the two differ on the example, where and for the reason that is listed."""
    found = differences(listed.example.tables, listed.example.files)
    assert found
    assert {d.side for d in found} <= ({listed.side} if listed.side != "either" else {"ours", "frictionless"})
    assert [explained(d) for d in found] == [[listed.name]] * len(found)


def test_the_drawn_faults_are_seen() -> None:
    """Of what is planted both sides report something in most packages: the comparison is not of nothing."""
    seen = {"ours": set(), "frictionless": set()}

    @given(faulty_packages(("funding", "parties")))
    @budget(12)
    def judged(package: Related) -> None:
        for side, look in (("ours", ours), ("frictionless", theirs)):
            seen[side] |= {f.rule for found in look(package.tables, package.files()).values() for f in found}

    judged()
    assert seen["ours"] & seen["frictionless"] >= {"lexical", "required", "pattern", "primary-key", "shape"}, seen


def test_the_published_list_is_current() -> None:
    assert REPORT.read_text("utf-8") == page(), "run: python -m tests.disagreements --write"
