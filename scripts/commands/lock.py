"""Check every cited passage at hand and write seeds/passages.lock.csv and seeds/coverage.lock.csv."""

from __future__ import annotations

import argparse

from scripts.commands.text_folders import add_texts, folders
from scripts.model.paths import ROOT
from scripts.pipeline.build import build
from scripts.sources.coverage import COVERAGE_FILE, coverage_file
from scripts.sources.lock import LOCK_FILE, counts, lock_file
from scripts.store.publish import publish

register = add_texts


def run(args: argparse.Namespace) -> int:
    """Write the lock and print how many checks it holds."""
    # What is not at hand keeps the checks that it has; a claim without any is refused.
    built = build(**folders(args), against_lock=False)
    files = {LOCK_FILE: lock_file(built.claims), COVERAGE_FILE: coverage_file(built.coverage)}
    publish(ROOT, files, clear=None)
    print(f"{LOCK_FILE}: {counts(built.claims)}")
    return 0
