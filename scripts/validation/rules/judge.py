"""Runs the rules, and gives the verdict stage by stage."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from scripts.constraints.violations import Violation
from scripts.store.frames import numbered
from scripts.validation.rules import ALL, STAGES
from scripts.validation.rules.base import Fault, Frames, Rule, Waits, Watched


@dataclass
class Verdict:
    """What the rules found: violations with their tables, and the rules that wait for other faults to be
    mended.
    """

    found: list[tuple[str, Violation]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


@dataclass
class _Outcome:
    """What a rule found, and which tables it read: if one of these turns out to have faults, it should not
    have spoken.
    """

    faults: list[Fault] = field(default_factory=list)
    read: set[str] = field(default_factory=set)


def _run(rule: Rule, frames: Frames, faulty: set[str]) -> _Outcome:
    """Run a rule over all tables but those in ``faulty``."""
    view, outcome = Watched(frames, faulty), _Outcome()
    with suppress(Waits):
        outcome.faults += rule(view)
    outcome.read = view.read
    return outcome


def judge(frames: Frames, faulty: set[str]) -> Verdict:
    """Run every rule over all tables. ``faulty`` names those with faults of their own, which no rule reads."""
    # Once for all rules.
    frames = {name: numbered(frame) for name, frame in frames.items()}
    # Rules only look, so two can at the same time.
    with ThreadPoolExecutor(2) as pool:
        outcomes = dict(zip(ALL, pool.map(lambda rule: _run(rule, frames, faulty), ALL), strict=True))
    return _staged(outcomes, set(faulty))


def _staged(outcomes: dict[Rule, _Outcome], faulty: set[str]) -> Verdict:
    """The verdict, stage by stage: a rule that read a table in which an earlier stage found faults does not
    speak.
    """
    verdict = Verdict()
    for stage in STAGES:
        found: list[tuple[Rule, Fault]] = []
        for rule in stage:
            if outcomes[rule].read & faulty:
                verdict.waiting.append(rule.__name__)
            else:
                # A rule that goes through all tables judges each by itself.
                found += [(rule, f) for f in outcomes[rule].faults if f.table not in faulty]
        verdict.found += [
            (f.table, Violation(f.index, f.column, f.message, f.fix, rule.__name__)) for rule, f in found
        ]
        faulty |= {name for _, f in found for name in (f.table, f.about)}
    return verdict
