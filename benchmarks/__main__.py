"""``python -m benchmarks``: the whole run; prints as it goes and writes ``docs/reference/benchmarks.md``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks import ROOT
from benchmarks.bench import Results, builds, packages, start_up
from benchmarks.report import page

SIZES, CLAIMS = "1000,10000,100000,1000000,10000000", "10000,100000,1000000"


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def main() -> None:
    """Measures and reports. Nothing is written to the page before everything is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", default=SIZES, type=_numbers, help=f"rows of the packages, by default {SIZES}"
    )
    parser.add_argument(
        "--claims",
        default=CLAIMS,
        type=_numbers,
        help=f"claims of the builds, by default {CLAIMS}; empty for none",
    )
    parser.add_argument(
        "--work",
        default=ROOT / ".bench",
        type=Path,
        help="folder for the packages, emptied before and after (10 million rows: 3 GB)",
    )
    parser.add_argument(
        "--out", default=ROOT / "docs/reference/benchmarks.md", type=Path, help="the page to write"
    )
    given = parser.parse_args()
    shutil.rmtree(given.work, ignore_errors=True)
    given.work.mkdir(parents=True)
    results = Results()
    try:
        start_up(results, given.work)
        packages(results, given.sizes, given.work)
        builds(results, given.claims, given.work)
    finally:
        shutil.rmtree(given.work)
    command = "make bench"
    if (given.sizes, given.claims) != (_numbers(SIZES), _numbers(CLAIMS)):
        sizes, claims = (",".join(map(str, numbers)) for numbers in (given.sizes, given.claims))
        command = f'python -m benchmarks --sizes "{sizes}" --claims "{claims}"'
    given.out.write_text(page(results, command), "utf-8")


if __name__ == "__main__":
    main()
