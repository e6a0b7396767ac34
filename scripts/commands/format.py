"""Bring seed files that a spreadsheet saved back to canonical form."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import path
from scripts.model.problems import shown
from scripts.store.files import read_inside
from scripts.store.publish import publish
from scripts.store.spreadsheet import canonical


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", type=path, nargs="+", metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Rewrite each file that is not in canonical form."""
    for file in args.files:
        data = read_inside(file, file.parent, shown(file))
        made = canonical(data, shown(file))
        if made != data:
            publish(file.parent, {file.name: made}, clear=None)
        print(f"{shown(file)}: {'rewritten' if made != data else 'unchanged'}")
    return 0
