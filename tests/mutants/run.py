"""The campaign: every mutant of every operator, judged by two processes, and the kill table."""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import Pool
from multiprocessing.util import Finalize
from pathlib import Path
from zlib import crc32

import pytest

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.killtable import PAGE, kept_lines, kill_table
from tests.mutants.operator import Mutant, Operator, Verdict
from tests.mutants.stage import Stage
from tests.mutants.world import World

PROCESSES = 2
SHOWN = 8
_stage: Stage | None = None


def _ready() -> None:
    """What a process of the campaign needs: a stage in a folder of its own, gone when the process ends."""
    global _stage
    folder = tempfile.mkdtemp(prefix="mutants-")
    Finalize(None, shutil.rmtree, (folder, True), exitpriority=1)
    _stage = Stage(Path(folder))


@contextmanager
def _pool() -> Iterator[Pool]:
    """Processes with a stage each. The made-up tables are tiny: threads of polars would only stand in each
    other's way.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLARS_MAX_THREADS", "1")
        pool = multiprocessing.get_context("spawn").Pool(PROCESSES, _ready)
    with pool:
        yield pool
        pool.close()
        pool.join()


def _judge(name: str) -> list[Verdict]:
    assert _stage is not None
    return _stage.judge(CATALOGUE[name], CATALOGUE[name].plant(_stage.world))


def chosen(operator: Operator, world: World, taken: Collection[tuple[str, int]] = ()) -> Mutant:
    """One mutant of an operator, always the same; if there is one, not in a row that is ``taken``."""
    mutants = list(operator.plant(world))
    free = [m for m in mutants if m.cell is None or m.cell[:2] not in taken] or mutants
    return free[crc32(operator.name.encode()) % len(free)]


def drawn(group: str, share: float) -> list[str]:
    """Draw a share of the operators of a group, two at least, always the same."""
    names = sorted(
        (n for n, o in CATALOGUE.items() if o.group == group), key=lambda n: crc32(f"draw {n}".encode())
    )
    return names[: max(2, round(share * len(names)))]


def sample(stage: Stage, names: Iterable[str]) -> Iterator[Verdict]:
    """Try one mutant of each operator; cells that one rule judges all at once, in different rows."""
    by_rule: dict[str, dict[tuple[str, int], tuple[Operator, Mutant]]] = {}
    for operator in (CATALOGUE[name] for name in names):
        first = next(iter(operator.plant(stage.world)))
        group = by_rule.setdefault(first.expected[0].rule, {})
        mutant = chosen(operator, stage.world, group)
        if (
            mutant.cell is None
            or mutant.cell[:2] in group
            or mutant.expected[0].rule != first.expected[0].rule
        ):
            yield stage.alone(operator, mutant)
        else:
            group[mutant.cell[:2]] = (operator, mutant)
    for group in by_rule.values():
        yield from stage.together(list(group.values())) if group else []


def campaign(names: Sequence[str]) -> Iterator[list[Verdict]]:
    """The verdicts on all mutants of the operators ``names``, operator by operator as they are done."""
    with _pool() as pool:
        yield from pool.imap_unordered(_judge, names)


def explained(verdict: Verdict) -> str:
    """What a mutant that was not killed exactly was to give, and what it gave."""
    lines = [f"    {verdict.outcome}: {verdict.context} {verdict.spot}"]
    for what, places in (
        ("not reported", verdict.expected - verdict.found),
        ("reported too", verdict.found - verdict.expected),
    ):
        lines += [
            f"        {what}: {':'.join(map(str, place))}" for place in sorted(places.elements())[:SHOWN]
        ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Runs the campaign, or the part of it whose operators or groups are named, and writes their lines of the
    page.

    Exit code 1 if any mutant was not killed exactly.
    """
    names = [n for n, o in CATALOGUE.items() if not arguments or {n, o.group} & set(arguments)]
    verdicts: list[Verdict] = []
    # Those with the most mutants stand first in the catalogue and are tried last: what is new shows early.
    for done, batch in enumerate(campaign(names[::-1]), start=1):
        verdicts += batch
        missed = [v for v in batch if v.outcome != "killed"]
        print(
            f"{done}/{len(names)} {batch[0].operator}: {len(batch)} mutants"
            + (f", {len(missed)} not killed exactly" if missed else ""),
            file=sys.stderr,
        )
        for verdict in missed:
            print(explained(verdict), file=sys.stderr)
    kept = kept_lines(PAGE.read_text("utf-8")) if arguments and PAGE.is_file() else {}
    PAGE.write_text(kill_table(verdicts, kept), "utf-8")
    missed = [v for v in verdicts if v.outcome != "killed"]
    print(
        f"{len(names)} operators, {len(verdicts)} mutants, {len(verdicts) - len(missed)} killed exactly,"
        f" {len(missed)} not"
    )
    return 1 if missed else 0
