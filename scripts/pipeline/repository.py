"""Checks the repository: its seeds, its data, and the data against the seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun
from scripts.pipeline.build import Built, build
from scripts.pipeline.drift import compare_with_seeds
from scripts.validation.package import Report, inspect_package
from scripts.versions.ledger import version_problems


def check_repository(sources: Sequence[Path], passages: Path | None) -> tuple[Report, Built | None]:
    """Report faults of the seeds and of the data, and of the data against the seeds; and return what the
    seeds give where they have none.

    Data that are byte for byte what the seeds give are not read a second time. The build judged the same
    frames: constraints, keys, references, rules, the characters of texts that it made itself; both files of a
    table were written from one frame in the order of its key, and the descriptor from these files.
    """
    try:
        built = build(sources=sources, passages=passages)
    except BadData as bad:
        return _with_data(bad), None
    differences = compare_with_seeds(built, ROOT)
    # What is not what the seeds give will be built again, whatever else may be wrong with it.
    return Report(differences or version_problems(ROOT)), built


def _with_data(bad: BadData) -> Report:
    """The faults of the seeds, and those of the data beside them, which nothing can be held against."""
    try:
        data = inspect_package(ROOT)
    except CannotRun:
        return Report(bad.problems)
    # Its version is judged once the package is sound: before that the descriptor may be anything.
    version = [] if data.problems else version_problems(ROOT)
    return Report(sorted({*bad.problems, *data.problems, *version}), data.waiting)
