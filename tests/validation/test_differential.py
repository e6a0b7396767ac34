"""This project and frictionless judge drawn packages alike, except for the listed disagreements, and each of
these exists.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.disagreements import LISTED, REPORT, Disagreement, explained, page, unexplained
from tests.related import Related, budget, faulty_packages, sound_packages
from tests.secondopinion import both, differences


def test_every_difference_is_a_listed_one() -> None:
    """And both see most kinds of faults: the comparison is not of nothing."""
    seen: dict[str, set[str]] = {"ours": set(), "frictionless": set()}

    @given(faulty_packages())
    # Fewer would not see every kind of fault.
    @settings(budget(40), max_examples=40)
    def judged(package: Related) -> None:
        tables, files = package.tables, package.files()
        said = both(tables, files)
        for side, by_table in said.items():
            seen[side] |= {f.rule for found in by_table.values() for f in found}
        assert [str(d) for d in differences(tables, files, said) if unexplained(d)] == []

    judged()
    known = {"lexical", "required", "pattern", "enum", "primary-key", "foreign-key", "shape", "header"}
    assert len(known & seen["ours"] & seen["frictionless"]) >= 6, seen


@given(sound_packages())
@budget(12)
@pytest.mark.drawn
def test_both_find_nothing_in_sound_packages(package: Related) -> None:
    nothing = {name: set() for name in package.grids}
    assert both(package.tables, package.files()) == {"ours": nothing, "frictionless": nothing}


@pytest.mark.parametrize("listed", LISTED, ids=lambda d: d.name)
def test_the_disagreement_exists(listed: Disagreement) -> None:
    """With these versions the two differ on the example, where and for the reason that is listed."""
    found = differences(listed.example.tables, listed.example.files)
    assert found
    assert {d.side for d in found} <= ({listed.side} if listed.side != "either" else {"ours", "frictionless"})
    assert [explained(d) for d in found] == [[listed.name]] * len(found)


def test_the_published_list_is_current() -> None:
    assert REPORT.read_text("utf-8") == page(), "run: python -m tests.disagreements --write"
