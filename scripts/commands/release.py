"""Write the package as a zip and in every format."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import path
from scripts.model.paths import ROOT
from scripts.model.problems import shown
from scripts.release.make import make_release


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = "folder of the release (default: dist)"
    parser.add_argument("--out", type=path, default=ROOT / "dist", metavar="DIR", help=text)
    text = "the version before, a folder, zip or git revision: adds a file of what changed"
    parser.add_argument("--since", metavar="OLD", help=text)


def run(args: argparse.Namespace) -> int:
    """Write the release and print the names of its files."""
    for name in make_release(args.out, args.since):
        print(f"{shown(args.out)}/{name}")
    return 0
