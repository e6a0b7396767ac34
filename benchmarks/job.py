"""One job in a process of its own: ``python -m benchmarks.job NAME ARGUMENTS`` prints a line of JSON.

The parent (``measure``) takes wall time and peak memory of the process; what is measured here is the part
without the imports.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What each tool needs to import before it can begin.
IMPORTS = {
    "floor": ["pyarrow.csv"], "validator": ["scripts.validation.package"], "duckdb": ["duckdb"],
    "pointblank": ["pointblank", "polars"],
    "pandera": ["pandas", "pandera.pandas"], "frictionless": ["frictionless"],
}  # fmt: skip
Result = dict[str, Any]


def check(tool: str, folder: str) -> Result:
    """Lets one tool check a package: seconds without imports, and what it found by kind."""
    from benchmarks.rivals import TOOLS

    for module in IMPORTS[tool]:
        importlib.import_module(module)
    start = time.perf_counter()
    found = TOOLS[tool](Path(folder))
    return {"seconds": time.perf_counter() - start, "found": found}


def package(folder: str, rows: str, seed: str) -> Result:
    """Makes a valid package."""
    from benchmarks.synthetic import write_package

    return {"rows": write_package(Path(folder), int(rows), int(seed))}


def faults(sound: str, folder: str, stage: str, seed: str) -> Result:
    """Makes a package with faults of one stage in one row of a hundred."""
    from benchmarks import faults as module

    return {"planted": module.faulty(Path(sound), Path(folder), module.STAGES[stage], seed=int(seed))}


def claims(folder: str, number: str, seed: str) -> Result:
    """Makes seeds."""
    from benchmarks.claims import write_claims

    return {"claims": write_claims(Path(folder), int(number), int(seed))}


def build(seeds: str, target: str) -> Result:
    """Builds a package from seeds by their lock and publishes it: seconds without imports."""
    from scripts.pipeline.build import build as make
    from scripts.store.publish import publish

    start = time.perf_counter()
    built = make(seeds_folder=Path(seeds), sources=(), passages=None)
    publish(Path(target), built.files)
    return {"seconds": time.perf_counter() - start, "rows": sum(map(len, built.data.values()))}


JOBS: dict[str, Callable[..., Result]] = {f.__name__: f for f in (check, package, faults, claims, build)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])))
