"""The whole run: packages of every size, every tool on them, start-up, builds. It only starts processes and
waits for them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import ROOT
from benchmarks.job import IMPORTS
from benchmarks.measure import Cost, best, job, repeated, run

TOOLS = tuple(IMPORTS)
ALWAYS = ("floor", "validator")
STAGES = ("form", "constraints", "meaning")
# A tool that would take longer, or more of the machine's memory than this, is left out at that size.
MOST_SECONDS, MOST_MEMORY = 600, 0.7
# The size at which every tool is given faulty packages; the validator is at every size.
FAULTS_FOR_ALL = 100_000
SEED = 1


@dataclass
class Results:
    """What was measured. ``valid`` and ``faulty`` by wanted rows and tool; a text instead of a cost says why
    there is none.
    """

    rows: dict[int, int] = field(default_factory=dict)
    megabytes: dict[int, float] = field(default_factory=dict)
    valid: dict[tuple[int, str], Cost | str] = field(default_factory=dict)
    faulty: dict[tuple[int, str, str], Cost | str] = field(default_factory=dict)
    planted: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    start_up: dict[str, Cost] = field(default_factory=dict)
    builds: dict[int, Cost] = field(default_factory=dict)


def _say(*words: object) -> None:
    print(*words, flush=True)


def _memory() -> float:
    """Memory of the machine in MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**2


def too_much(last: Cost | str | None, factor: float) -> str:
    """Why a tool is left out at a size ``factor`` times the last one it did; empty where it is not."""
    if last is None:
        return ""
    if isinstance(last, str):
        return last
    minutes = last.seconds * factor / 60
    if minutes * 60 > MOST_SECONDS:
        return f"about {minutes:.0f} min"
    if last.peak * factor > MOST_MEMORY * _memory():
        return f"about {last.peak * factor / 1024:.0f} GiB"
    return ""


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _valid(results: Results, size: int, before: int | None, folder: Path) -> None:
    for tool in TOOLS:
        why = (
            too_much(results.valid.get((before, tool)), results.rows[size] / results.rows[before])
            if before and tool not in ALWAYS
            else ""
        )
        cost = why or repeated("check", tool, folder)
        if isinstance(cost, Cost) and tool != "floor" and cost.result["found"]:
            raise RuntimeError(
                f"{tool} finds faults in the valid package of {size} rows: {cost.result['found']}"
            )
        results.valid[size, tool] = cost
        _say(
            f"  {tool}:",
            (
                cost
                if isinstance(cost, str)
                else f"{cost.seconds:.2f} s, {cost.wall:.2f} s with imports, {cost.peak:.0f} MiB"
            ),
        )


def _faulty(results: Results, size: int, before: int | None, sound: Path, folder: Path) -> None:
    for stage in STAGES:
        results.planted[size, stage] = job("faults", sound, _fresh(folder), stage, SEED).result["planted"]
        for tool in (t for t in TOOLS if t != "floor" and (t == "validator" or size == FAULTS_FOR_ALL)):
            why = (
                too_much(results.faulty.get((before, stage, tool)), results.rows[size] / results.rows[before])
                if before
                else ""
            )
            results.faulty[size, stage, tool] = cost = why or job("check", tool, folder)
            _say(
                f"  1% faults of {stage}, {tool}:",
                (
                    cost
                    if isinstance(cost, str)
                    else (
                        f"{cost.seconds:.2f} s, {cost.peak:.0f} MiB, found {cost.result['found']} of"
                        f" {results.planted[size, stage]}"
                    )
                ),
            )
    shutil.rmtree(folder)


def packages(results: Results, sizes: Iterable[int], work: Path) -> None:
    """Every tool on a valid package of each size, and on faulty ones."""
    before = None
    for size in sizes:
        folder = work / "package"
        made = job("package", _fresh(folder), size, SEED)
        results.rows[size] = made.result["rows"]
        results.megabytes[size] = sum(p.stat().st_size for p in (folder / "data").glob("*.csv")) / 1e6
        _say(f"{results.rows[size]} rows, {results.megabytes[size]:.0f} MB of CSV, made in {made.wall:.0f} s")
        _valid(results, size, before, folder)
        _faulty(results, size, before, folder, work / "faulty")
        before = size
        shutil.rmtree(folder)


def start_up(results: Results, work: Path) -> None:
    """The command on the real package in a folder of its own, and on the repository (seeds built again and
    compared).
    """
    folder = _fresh(work / "real")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "datapackage.json", folder)
    for name, arguments in (("package", [str(folder)]), ("repository", [])):
        results.start_up[name] = best([run(["-m", "scripts", "validate", *arguments]) for _ in range(3)])
        _say(
            f"validate on the real {name}: {results.start_up[name].wall:.2f} s,"
            f" {results.start_up[name].peak:.0f} MiB"
        )


def builds(results: Results, sizes: Iterable[int], work: Path) -> None:
    """Builds of seeds of each number of claims."""
    for size in sizes:
        seeds, target = _fresh(work / "seeds"), _fresh(work / "built")
        number = job("claims", seeds, size, SEED).result["claims"]
        results.builds[number] = cost = job("build", seeds, target)
        _say(
            f"build of {number} claims: {cost.seconds:.1f} s, {cost.peak:.0f} MiB, {cost.result['rows']} rows"
        )
        shutil.rmtree(seeds)
        shutil.rmtree(target)
