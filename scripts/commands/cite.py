"""Print how to cite a row: the dataset and the documents behind it."""

from __future__ import annotations

import argparse

from scripts.lookup.cite import cite


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("table")
    parser.add_argument("row", help="key values joined by |")
    parser.add_argument("--format", choices=("text", "bibtex", "ris", "csl"), default="text")


def run(args: argparse.Namespace) -> int:
    """Print the references."""
    print(cite(args.table, args.row, args.format))
    return 0
