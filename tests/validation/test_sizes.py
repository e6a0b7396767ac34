"""No verdict depends on how much is read or asked at once: the same reports in the same places, whatever the
sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from scripts.constraints import violations as constraints
from scripts.store import block_reader as large
from scripts.store import fast_reader as pairs
from scripts.store import frames
from scripts.validation.package import check_package
from tests.mutants.catalogue import CATALOGUE
from tests.mutants.operator import Mutant
from tests.mutants.run import chosen
from tests.mutants.stage import Stage

HELD = ("held-said-none", "none-said-held")


@contextmanager
def small() -> Iterator[None]:
    """Read five rows or a few hundred bytes at once, and judge repeated cells once in the smallest table."""
    with (
        patch.object(pairs, "PIECE", 5),
        patch.object(pairs, "AT_ONCE", 100),
        patch.object(large, "BLOCK", 300),
        patch.object(frames, "MANY", 2),
        patch.object(frames, "TRIED", 8),
        patch.object(constraints, "MANY", 2),
    ):
        yield


def mutants(stage: Stage) -> Iterator[Mutant]:
    """Yield every source that is said to be held otherwise, and one fault for each rule that judges a
    package.
    """
    rules: set[str] = set()
    for operator in CATALOGUE.values():
        mutant = chosen(operator, stage.world)
        if operator.name in HELD:
            yield from operator.plant(stage.world)
        elif (
            mutant.context == "data"
            and not {p.rule for p in mutant.expected if p.file.startswith("data/")} <= rules
        ):
            rules |= {p.rule for p in mutant.expected}
            yield mutant


def test_a_fault_is_reported_in_the_same_place(tmp_path: Path) -> None:
    """``tests/validation/test_mutants.py`` demands the same of them at the usual sizes."""
    stage, tried, missed = Stage(tmp_path), set(), []
    for mutant in mutants(stage):
        with small():
            if stage.found("data", mutant.damage()) != Counter(mutant.expected):
                missed.append(mutant.spot)
        tried |= {p.rule for p in mutant.expected}
    assert not missed
    assert len(tried) > 40 and "source_is_held_as_said" in tried


def test_a_sound_package_has_no_faults(package: Path) -> None:
    with small():
        assert check_package(package) == []


@pytest.mark.parametrize("value", [b"mini-preview", b"confirmed"])
def test_reports_are_the_same_word_for_word(package: Path, value: bytes) -> None:
    """Damage in many lines, which the strict reader has to read in many blocks."""
    path = package / "data/evidence.csv"
    path.write_bytes(path.read_bytes().replace(value, b'no"\xe2\x80\x8bsuch'))
    usual = check_package(package)
    with small():
        assert len(usual) > 10 and check_package(package) == usual
