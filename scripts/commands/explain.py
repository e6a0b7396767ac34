"""Print a row with the evidence for each cell."""

from __future__ import annotations

import argparse

from scripts.commands.text_folders import add_texts, folders
from scripts.lookup.explain import explain


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_texts(parser)
    parser.add_argument("table")
    parser.add_argument("row", help="key values joined by |")


def run(args: argparse.Namespace) -> int:
    """Print the row."""
    print(explain(args.table, args.row, **folders(args)))
    return 0
