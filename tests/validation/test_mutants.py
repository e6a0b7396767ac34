"""The catalogue of planted faults: mutants of every group are killed exactly, and the page speaks of the
operators there are.

Of each group a share of the operators is tried, of the others in the second tier, one mutant of each;
``make mutants`` plants them all.
"""

from __future__ import annotations

import re

import pytest

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.killtable import PAGE, kill_table
from tests.mutants.run import drawn, explained, sample
from tests.mutants.stage import Stage

GROUPS = list(dict.fromkeys(o.group for o in CATALOGUE.values()))
SHARE = 0.15


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Where the mutants are tried."""
    return Stage(tmp_path_factory.mktemp("mutants"))


def killed(stage: Stage, names: list[str]) -> None:
    verdicts = list(sample(stage, names))
    assert {v.operator for v in verdicts} == set(names)
    assert all(v.expected for v in verdicts), "a mutant that nothing is expected of cannot be killed"
    missed = [v for v in verdicts if v.outcome != "killed"]
    assert not missed, "\n".join(f"{v.operator}\n{explained(v)}" for v in missed)


@pytest.mark.parametrize("group", GROUPS)
def test_mutants_of_every_group_are_killed_exactly(stage: Stage, group: str) -> None:
    killed(stage, drawn(group, SHARE))


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_a_mutant_of_every_other_operator_is_killed_exactly(stage: Stage, group: str) -> None:
    done = drawn(group, SHARE)
    killed(stage, [name for name, o in CATALOGUE.items() if o.group == group and name not in done])


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
