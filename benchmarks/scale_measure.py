"""Runs the jobs of ``benchmarks.scale``, each in a process of its own, on the first parts of the works."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks import works
from benchmarks.measure import Cost, run

# Of these sizes and below also with pandas (which needs all in memory), and with Spark.
PANDAS_TO, SPARK_TO = 1_000_000, 3_000_000
JOBS = ("pyarrow", "floor", "duckdb", "tight", "spark", "pandas")
# What DuckDB is held to in the job ``tight``, so that it has to spill.
TIGHT = "400MB"


def files_of(folder: Path) -> list[Path]:
    """Return the files with works in ``folder``."""
    return sorted(p for p in folder.rglob("part_*") if p.suffix in (".gz", ".parquet"))


@dataclass
class Measured:
    """Costs by job and size, for one format; ``size`` of the files in bytes."""

    costs: dict[tuple[str, int], Cost]
    bytes: dict[int, int]


def measure(sizes: list[int], form: str, folder: Path, made: Path | None = None) -> Measured:
    """Makes works once, the largest size, or takes those of ``made``, and runs the jobs on the first parts of
    them.
    """
    found = Measured({}, {})
    parts = (
        sorted(files_of(made), key=lambda p: p.name) if made else works.write(max(sizes), folder / form, form)
    )
    for size in sizes:
        here = folder / f"{form}-{size}"
        here.mkdir()
        for path in parts[: math.ceil(size / works.PART)]:
            (here / path.name).symlink_to(path.resolve())
        found.bytes[size] = sum(p.stat().st_size for p in files_of(here))
        for name in JOBS:
            limit = {"pandas": PANDAS_TO, "spark": SPARK_TO}.get(name, size)
            if (
                size > limit
                or (form == "jsonl" and name in ("pyarrow", "pandas"))
                or (name == "tight" and (form == "jsonl" or size < max(sizes)))
            ):
                continue
            cost = run(["-m", "benchmarks.scale", "--job", name, str(here)])
            if name != "pandas" and cost.result["rows"] != size:
                raise RuntimeError(f"{name} read {cost.result['rows']} of {size} works")
            found.costs[name, size] = cost
            print(
                f"{form} {size} {name}: {cost.seconds:.1f} s, {cost.cpu:.1f} s of processor, {cost.peak:.0f}"
                f" MiB, {cost.result['spill']:.0f} MiB spilled",
                flush=True,
            )
            shutil.rmtree(folder / f"{here.name}-{name}", ignore_errors=True)
    return found
