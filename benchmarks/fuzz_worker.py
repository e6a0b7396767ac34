"""One process of the fuzz: makes its share of the inputs and writes a line of JSON for each. Started by
``fuzz``.
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import shutil
import sys
from pathlib import Path
from random import Random

from benchmarks.fuzz_judge import Failure, Watch, interpreter_folders, judge
from benchmarks.fuzz_targets import TARGETS, Commands, Input, Target, placed
from benchmarks.fuzz_world import World

# Address space of a worker: a check that asks for more fails with MemoryError instead of filling the machine.
ADDRESS_SPACE = 6 * 2**30
# What no time limit stops ends the worker.
DEAD = 60


def _run(target: Target, given: Input, watch: Watch, seconds: float) -> tuple[str, Failure | None]:
    folders = target.folders
    folders["readable"] += interpreter_folders()
    with placed(target.world, given):
        return judge(target.name, lambda: target.check(given), watch, seconds=seconds, **folders)


def _smaller(target: Target, seed: str, failure: Failure, watch: Watch, seconds: float) -> Input:
    """The input with as few of its mutations as still give the same failure."""
    dropped: set[int] = set()
    for number in range(10):
        if (
            _run(
                target, target.make(Random(seed), lambda n, d=dropped | {number}: n not in d), watch, seconds
            )[1]
            == failure
        ):
            dropped.add(number)
    return target.make(Random(seed), lambda n: n not in dropped)


def work(
    world: World,
    log: Path,
    seed: int,
    first: int,
    inputs: int,
    step: int,
    seconds: float,
    light: bool,
    names: list[str],
) -> None:
    """Runs the inputs ``first``, ``first + step`` ... below ``inputs`` on the targets of these names (all
    where there are none).
    """
    targets = [t(world) for t in TARGETS if not names or t.name in names]
    shares = [t.light if light else t.share for t in targets]
    pristine = world.folder.with_name(world.folder.name + ".sound")
    shutil.rmtree(pristine, ignore_errors=True)
    shutil.copytree(world.folder, pristine, symlinks=True)
    watch = Watch()
    with log.open("a", encoding="utf-8") as out:
        for number in range(first, inputs, step):
            faulthandler.dump_traceback_later(DEAD, exit=True)
            (target,) = Random(f"{seed}/{number}/target").choices(targets, shares)
            name = f"{seed}/{number}"
            given = target.make(Random(name))
            verdict, failure = _run(target, given, watch, seconds)
            if failure and failure.kind.startswith("longer than"):
                # On a busy machine a check may be kept waiting; one that hangs hangs again.
                verdict, failure = _run(target, given, watch, 4 * seconds)
            line: dict = {"input": number, "target": target.name, "verdict": verdict}
            if failure:
                if given.files:
                    given = _smaller(target, name, failure, watch, seconds)
                line |= {
                    "kind": failure.kind,
                    "where": failure.where,
                    "detail": failure.detail,
                    "odd": given.odd,
                    "words": given.words,
                    "files": {n: d.hex() for n, d in given.files.items() if len(d) < 1_000_000},
                }
            print(json.dumps(line), file=out, flush=True)
            if isinstance(target, Commands) and given.words[0] in {"build", "lock", "as-of"}:
                # Only these write; the next input starts from sound files again.
                shutil.rmtree(world.folder)
                shutil.copytree(pristine, world.folder, symlinks=True)
                os.chdir(world.repo)
        print(
            json.dumps({"maxrss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), file=out, flush=True
        )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    folder, log, seed, first, inputs, step, seconds, light, *names = sys.argv[1:]
    work(
        World(Path(folder)),
        Path(log),
        int(seed),
        int(first),
        int(inputs),
        int(step),
        float(seconds),
        bool(int(light)),
        names,
    )
