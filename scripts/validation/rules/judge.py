"""Runs the rules, and gives the verdict stage by stage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from scripts.constraints.violations import Violation
from scripts.facts.linked_evidence import link_evidence
from scripts.store.frames import numbered
from scripts.validation.rules.registry import Fault, Frames, Rule, Stage, all_rules, facts


@dataclass
class Verdict:
    """What the rules found, with its table, and the rules that wait until other faults are fixed."""

    found: list[tuple[str, Violation]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def judge(frames: Frames, faulty: Collection[str], rules: Sequence[Rule] | None = None) -> Verdict:
    """Run ``rules`` (all by default) over all tables; ``faulty`` names those with faults of their own."""
    rules = all_rules() if rules is None else rules
    # Numbered once for all rules.
    sound = {name: numbered(frame) for name, frame in frames.items() if name not in faulty}
    ready = [r for r in rules if r.reads <= sound.keys()]
    # Rules only look, so two can run at the same time.
    with ThreadPoolExecutor(2) as pool:
        linked = link_evidence(facts().values(), sound, pool.map) if any(r.linked for r in ready) else {}
        found = dict(zip(ready, pool.map(lambda r: r(sound, linked), ready), strict=True))
    verdict, first = Verdict(), sound
    for stage in Stage:
        now: list[tuple[Rule, Fault]] = []
        for rule in (r for r in rules if r.stage == stage):
            if not rule.reads <= sound.keys():
                verdict.waiting.append(rule.name)
                continue
            # Once more without the tables in which an earlier stage found faults.
            again = not rule.each & first.keys() <= sound.keys()
            now += [(rule, f) for f in (rule(sound, linked) if again else found[rule])]
        verdict.found += [(f.table, Violation(f.index, f.column, f.message, f.fix, r.name)) for r, f in now]
        suspects = {name for _, f in now for name in (f.table, f.about)}
        sound = {name: frame for name, frame in sound.items() if name not in suspects}
    return verdict
