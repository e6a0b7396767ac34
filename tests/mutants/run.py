"""The campaign: every mutant of every operator, judged by two processes, and the kill table."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tests.mutants import (  # noqa: F401  (they fill the catalogue)
    constraint_faults,
    derived_faults,
    descriptor_faults,
    evidence_faults,
    fact_faults,
    file_faults,
    seed_meaning,
    structure,
    typing_faults,
)
from tests.mutants.operator import CATALOGUE, Mutant, Operator, Verdict
from tests.mutants.stage import Stage

PROCESSES = 2
_stage: Stage | None = None


def _ready() -> None:
    global _stage
    _stage = Stage(Path(tempfile.mkdtemp(prefix="mutants-")))


def _judge(name: str) -> list[Verdict]:
    assert _stage is not None
    operator = CATALOGUE[name]
    return _stage.judge(operator, operator.plant(_stage.world))


def campaign(names: Sequence[str]) -> Iterator[list[Verdict]]:
    """The verdicts on all mutants of the operators ``names``, operator by operator as they are done."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES, _ready) as pool:
        yield from pool.imap_unordered(_judge, names)


def one_each(operator: Operator, stage: Stage, take: int = 1) -> list[Mutant]:
    """The first ``take`` mutants of an operator."""
    return list(islice(operator.plant(stage.world), take))


def main(arguments: Sequence[str]) -> int:
    names = [n for n in CATALOGUE if not arguments or any(a in (n, CATALOGUE[n].group) for a in arguments)]
    verdicts: list[Verdict] = []
    for done, batch in enumerate(campaign(names), start=1):
        verdicts += batch
        bad = [v for v in batch if v.outcome != "killed"]
        name = batch[0].operator if batch else "?"
        print(f"{done}/{len(names)} {name}: {len(batch)} mutants, {len(bad)} not killed exactly", file=sys.stderr)
        for v in bad:
            print(f"    {v.outcome} {v.context} {v.spot}", file=sys.stderr)
            for place, n in sorted((v.expected - v.found).items()):
                print(f"        not reported: {':'.join(map(str, place))} x{n}", file=sys.stderr)
            for place, n in sorted((v.found - v.expected).items())[:8]:
                print(f"        reported too: {':'.join(map(str, place))} x{n}", file=sys.stderr)
    return 1 if any(v.outcome != "killed" for v in verdicts) else 0
