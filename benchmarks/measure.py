"""Runs a job in a fresh process and says what it cost. This process must stay small: a child starts with its
memory counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import ROOT


@dataclass(frozen=True)
class Cost:
    """``wall``: seconds from start to end of the process; ``cpu``: seconds of all its threads on a processor;
    ``peak``: most
    resident memory in MiB; ``result``: what the job said.
    """

    wall: float
    cpu: float
    peak: float
    result: dict[str, Any]

    @property
    def seconds(self) -> float:
        """Without start-up and imports, where the job says so."""
        return self.result.get("seconds", self.wall)


def run(arguments: Sequence[str]) -> Cost:
    """Runs ``python`` with these arguments in the repository; raises RuntimeError with what it said where it
    fails.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        child = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=said, stderr=complaints)
        # Not child.wait(): only this gives the memory of this one child.
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complaints.seek(0)
        out = said.read().decode("utf-8")
        if child.returncode:
            raise RuntimeError(
                f"python {' '.join(arguments)}: exit code"
                f" {child.returncode}\n{out}{complaints.read().decode('utf-8')}"
            )
    # Linux counts in KiB, macOS in bytes.
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return Cost(
        wall,
        usage.ru_utime + usage.ru_stime,
        peak,
        json.loads(out.splitlines()[-1]) if out.startswith("{") else {},
    )


def job(name: str, *arguments: object) -> Cost:
    """One run of a job of ``benchmarks.job``."""
    return run(["-m", "benchmarks.job", name, *map(str, arguments)])


def best(costs: Sequence[Cost]) -> Cost:
    """The quickest of several runs of the same."""
    return min(costs, key=lambda c: c.seconds)


# A job is run again until it was run so often, or all runs together took so many seconds.
RUNS, LONG = 5, 60


def repeated(name: str, *arguments: object) -> Cost:
    """The quickest of several runs of a job: other work on a machine makes a run longer, never shorter."""
    costs = [job(name, *arguments)]
    while len(costs) < RUNS and sum(c.wall for c in costs) < LONG:
        costs.append(job(name, *arguments))
    return best(costs)
