"""Print a row with the evidence for each cell."""

from __future__ import annotations

import argparse
import sys

from scripts.commands.texts import add_texts, reread
from scripts.lookup.explain import explain
from scripts.pipeline.build import build


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_texts(parser)
    parser.add_argument("table")
    parser.add_argument("row", help="key values joined by |")


def run(args: argparse.Namespace) -> int:
    """Print the row."""
    built = build(sources=args.sources, passages=args.passages)
    print(explain(built, args.table, args.row))
    if args.verbose:
        print(reread(built), file=sys.stderr)
    return 0
