"""Checks the repository: its seeds, its data, and the data against the seeds."""

from __future__ import annotations

from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun
from scripts.pipeline.build import Built, build
from scripts.pipeline.drift import compare_with_seeds
from scripts.validation.package import Report, inspect_package
from scripts.versions.ledger import version_problems


def check_repository(sources: Path | None, passages: Path | None) -> tuple[Report, Built | None]:
    """Faults of the seeds and of the data, and of the data against the seeds; and what the seeds give where
    they have none.
    """
    report, built = Report(), None
    try:
        built = build(sources=sources, passages=passages)
    except BadData as bad:
        report.problems = bad.problems
    else:
        report.problems = compare_with_seeds(built, ROOT)
        if report.problems:
            # What is not what the seeds give is made anew, whatever else may be wrong with it.
            return report, built
    try:
        data = inspect_package(ROOT)
    except CannotRun:
        if not report.problems:
            raise
    else:
        # Its version is judged once the package is sound: before that the descriptor may be anything.
        version = [] if data.problems else version_problems(ROOT)
        report = Report(sorted({*report.problems, *data.problems, *version}), data.waiting)
    return report, built
