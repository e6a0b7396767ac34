"""Feeds damaged input to every reader of the pipeline: ``python -m benchmarks.fuzz --inputs 100000 --seed 1
--jobs 2``.

What has to hold for each input: nothing but BadData, CannotRun or a list of problems comes out, each with a
message of one line and a remedy; it ends within the time limit; no file outside the folder given is opened
and none is written; no network, no program. The seed and the number of an input give the same input again
(``--only``).

Inputs are sound files with one to five mutations that know their form (``tests.faults.drawn``), and noise.
atheris 3.0.0 was tried beside it and is not needed: on the readers as they were before the first fuzz, 60 s
of it (18,000 schemas, coverage-guided) found none of the eight faults that the first 66 schemas of this fuzz
found, since hardly any of its inputs were JSON; on ``package.json`` it found one of three after 11,000. On
the readers as they are, 625,000 inputs of it to four readers found nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.fuzz_targets import TARGETS
from benchmarks.fuzz_world import World
from scripts.model.paths import ROOT


def _start(
    world: World, args: argparse.Namespace, job: int, first: int, log: Path
) -> subprocess.Popen[bytes]:
    """A worker that takes every ``jobs``-th input from ``first`` on, with the world's own copy of the
    pipeline.
    """
    words = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "benchmarks.fuzz_worker",
        str(world.folder),
        str(log),
        str(args.seed),
        str(first),
        str(args.inputs),
        str(args.jobs),
        str(args.seconds),
        str(int(args.light)),
        *args.target,
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "POLARS_MAX_THREADS": "1"}
    with (log.with_suffix(f".{job}.err")).open("ab") as err:
        return subprocess.Popen(words, cwd=world.repo, env=env, stderr=err, stdout=err)


def _read(log: Path) -> list[dict]:
    # The last line may be cut where the worker was killed.
    lines = log.read_text("utf-8").split("\n")[:-1] if log.exists() else []
    return [json.loads(x) for x in lines]


def fuzz(args: argparse.Namespace) -> tuple[Counter[tuple[str, str]], dict[tuple, list[dict]], int]:
    """Runs all inputs; counts by target and verdict, failures by signature, and the largest memory of a
    worker in KiB.
    """
    with tempfile.TemporaryDirectory(prefix="techpacts-fuzz-") as folder:
        base = World.make(Path(folder) / "world")
        worlds = [base] + [base.copy(Path(folder) / f"world-{job}") for job in range(1, args.jobs)]
        logs = [Path(folder) / f"{job}.log" for job in range(args.jobs)]
        firsts = [args.only if args.only is not None else job for job in range(args.jobs)]
        if args.only is not None:
            args.inputs = args.only + 1
            del worlds[1:], logs[1:], firsts[1:]
        running = {job: _start(worlds[job], args, job, firsts[job], log) for job, log in enumerate(logs)}
        began = said = time.monotonic()
        while running:
            time.sleep(0.2)
            if time.monotonic() - said > 60:
                said = time.monotonic()
                done = [x for log in logs for x in _read(log)]
                print(
                    f"{said - began:.0f} s: {len(done)} of {args.inputs},"
                    f" {sum(x.get('verdict') == 'failed' for x in done)} failed",
                    file=sys.stderr,
                    flush=True,
                )
            for job, process in list(running.items()):
                if process.poll() is None:
                    continue
                del running[job]
                done = _read(logs[job])
                if process.returncode == 0:
                    continue
                # A worker that died did so on the input after the last one logged: that is a failure; go on
                # behind it.
                at = (
                    max((x["input"] for x in done if "input" in x), default=firsts[job] - args.jobs)
                    + args.jobs
                )
                words = logs[job].with_suffix(f".{job}.err").read_text("utf-8", "replace")[-2_000:]
                with logs[job].open("a", encoding="utf-8") as log:
                    print(
                        json.dumps(
                            {
                                "input": at,
                                "target": "?",
                                "verdict": "failed",
                                "kind": f"worker ended with {process.returncode}",
                                "where": words.strip().split("\n")[-1][:200],
                                "detail": words,
                            }
                        ),
                        file=log,
                    )
                if at + args.jobs < args.inputs:
                    running[job] = _start(worlds[job], args, job, at + args.jobs, logs[job])
        results = [x for log in logs for x in _read(log)]
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    counts = Counter((x["target"], x["verdict"]) for x in results if "input" in x)
    failures: dict[tuple, list[dict]] = {}
    for x in results:
        if x.get("verdict") == "failed":
            failures.setdefault((x["target"], x["kind"], x["where"]), []).append(x)
    return counts, failures, max((x["maxrss"] for x in results if "maxrss" in x), default=0)


def _keep(folder: Path, number: int, cases: list[dict]) -> None:
    """Saves the smallest input of a failure: its files, its words, and what came of it."""
    case = min(cases, key=lambda x: sum(map(len, x.get("files", {}).values())))
    into = folder / f"{number}-{case['target'].strip('?') or 'worker'}"
    into.mkdir(parents=True, exist_ok=True)
    for name, data in case.get("files", {}).items():
        (into / name.replace("/", "__")).write_bytes(bytes.fromhex(data))
    (into / "failure.json").write_text(
        json.dumps({k: v for k, v in case.items() if k != "files"}, indent=2) + "\n", "utf-8"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """The command; exit code 1 where an input failed."""
    p = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz", description="Feeds damaged input to every reader of the pipeline."
    )
    p.add_argument("--inputs", type=int, default=100_000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--seconds", type=float, default=5, help="time limit of one input")
    p.add_argument("--light", action="store_true", help="few of the costly checks")
    p.add_argument("--only", type=int, help="run this input alone")
    p.add_argument(
        "--target",
        action="append",
        default=[],
        choices=[t.name for t in TARGETS],
        help="only this one; may be given several times",
    )
    p.add_argument("--keep", type=Path, help="folder for the inputs that failed")
    args = p.parse_args(argv)
    counts, failures, memory = fuzz(args)
    verdicts = ("valid", "bad data", "cannot run", "failed")
    print(f"{'target':<12}" + "".join(f"{v:>12}" for v in verdicts))
    for target in sorted({t for t, _ in counts}):
        print(f"{target:<12}" + "".join(f"{counts[target, v]:>12}" for v in verdicts))
    print(
        f"{'all':<12}" + "".join(f"{sum(n for (_, w), n in counts.items() if w == v):>12}" for v in verdicts)
    )
    print(f"largest memory of a worker: {memory // 1024} MiB; distinct failures: {len(failures)}")
    for number, (signature, cases) in enumerate(sorted(failures.items()), start=1):
        print(
            f"{number}. {' | '.join(signature)}: {len(cases)} time(s), first input"
            f" {min(c['input'] for c in cases)}: {cases[0]['detail'][:200]!r}"
        )
        if args.keep:
            _keep(args.keep, number, cases)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
