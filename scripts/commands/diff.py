"""Print what changed between two versions: folders, zips of releases, or git revisions."""

from __future__ import annotations

import argparse
import sys

from scripts.commands.argument_types import path
from scripts.model.problems import CannotRun, shown
from scripts.store.publish import publish
from scripts.versions.change import change_file, level
from scripts.versions.changelog import changelog
from scripts.versions.diff import changes
from scripts.versions.reading import read_version


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("--csv", type=path, metavar="FILE", help="write every changed cell there as well")


def run(args: argparse.Namespace) -> int:
    """Print the changes in the words of a changelog."""
    old, new = read_version(args.old), read_version(args.new)
    found = changes(old, new)
    if args.csv is not None:
        if not args.csv.parent.is_dir():
            raise CannotRun(f"{shown(args.csv.parent)}: there is no such folder")
        publish(args.csv.parent, {args.csv.name: change_file(found)}, clear=None)
    print(changelog(old, new, found), end="")
    print(
        f"{len(found)} changes; at least a new {level(found)} version" if found else "no changes",
        file=sys.stderr,
    )
    return 0
