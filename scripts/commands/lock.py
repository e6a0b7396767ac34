"""Check every cited passage at hand and write seeds/passages.lock.csv."""

from __future__ import annotations

import argparse
import sys

from scripts.commands.texts import add_texts, reread
from scripts.model.paths import ROOT
from scripts.pipeline.build import build
from scripts.sources.lock import LOCK_FILE, lock_file
from scripts.store.publish import publish

register = add_texts


def run(args: argparse.Namespace) -> int:
    """Write the lock and print how many checks it holds."""
    # What is not at hand keeps the checks that it has; a claim without any is refused.
    built = build(sources=args.sources, passages=args.passages, against_lock=False)
    lock = lock_file(built.seeds)
    publish(ROOT, {LOCK_FILE: lock}, clear=None)
    # A line for each, and the header.
    print(f"{LOCK_FILE}: {len(lock.splitlines()) - 1} checks")
    if args.verbose:
        print(reread(built), file=sys.stderr)
    return 0
