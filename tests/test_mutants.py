"""The catalogue of planted faults: one mutant of every operator is killed exactly, and the page speaks of the
operators there are.

``make mutants`` plants them all.
"""

from __future__ import annotations

import re

import pytest

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.killtable import PAGE, kill_table
from tests.mutants.operator import Verdict
from tests.mutants.run import explained, sample


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """The verdict on one mutant of each operator, the same on every run."""
    return {v.operator: v for v in sample()}


def test_one_mutant_of_every_operator_is_tried(verdicts: dict[str, Verdict]) -> None:
    assert set(verdicts) == set(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_mutant_is_killed_exactly(verdicts: dict[str, Verdict], name: str) -> None:
    assert verdicts[name].expected, "a mutant that nothing is expected of cannot be killed"
    assert verdicts[name].outcome == "killed", explained(verdicts[name])


def test_the_catalogue_is_wide() -> None:
    """Kinds of fault, by the group and by the sentence: no kind is counted twice."""
    assert len(CATALOGUE) >= 60 and len({o.sentence for o in CATALOGUE.values()}) == len(CATALOGUE)


def _rows(page: str) -> dict[str, str]:
    return dict(
        re.findall(r"^\| ([a-z0-9-]+) \| (.+?) \| [^|]* \| \d+ \| \d+ \| \d+ \| \d+ \|$", page, re.MULTILINE)
    )


def test_the_page_lists_the_operators_of_the_catalogue() -> None:
    """Written by ``make mutants``."""
    assert _rows(PAGE.read_text("utf-8")) == _rows(kill_table([])) != {}


def test_no_mutant_on_the_page_escaped() -> None:
    assert re.search(
        r"`\d+` mutants: `\d+` killed exactly, `0` reported elsewhere too, `0` escaped",
        PAGE.read_text("utf-8"),
    )
