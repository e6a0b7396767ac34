"""Make the held texts out of archives: folders of files, or git directories."""

from __future__ import annotations

import argparse
from collections import Counter

from scripts.archives.convert import convert
from scripts.archives.reader import open_archive
from scripts.coding.lists import read_list
from scripts.commands.argument_types import path
from scripts.commands.report import report
from scripts.model.paths import ROOT, SEEDS
from scripts.model.problems import BadData, CannotRun, Problem, shown
from scripts.sources.passages import TEXTS
from scripts.store.publish import publish
from scripts.store.schemas import load_tables


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("archives", type=path, nargs="+", metavar="ARCHIVE_DIR")
    parser.add_argument(
        "--out", type=path, default=TEXTS, metavar="DIR", help="where the texts go (default: ../texts)"
    )


def run(args: argparse.Namespace) -> int:
    """Write a file for each source that an archive has, and say which are missing; 1 if a text is not the one
    that was coded.
    """
    if args.out.resolve().is_relative_to(ROOT):
        raise CannotRun("--out lies in the repository; texts of others stay outside it")
    problems: list[Problem] = []
    file = SEEDS / "sources.csv"
    sources = [s for s in read_list(file, load_tables()["sources"], problems) if s["archive_path"]]
    if problems:
        raise BadData(problems)
    made = convert([open_archive(folder) for folder in args.archives], sources, shown(file, ROOT))
    if not made.texts and not made.problems:
        given = ", ".join(shown(folder) for folder in args.archives)
        raise CannotRun(f"{given}: no text of a source is there; sources.csv names archive and path of each")
    publish(args.out, made.texts, clear=None)
    print(f"{shown(args.out)}: {len(made.texts)} of {len(sources)} texts")
    for archive, count in sorted(Counter(s["archive_url"] for s in made.missing).items()):
        print(f"not found: {count} of {archive}")
    return report(made.problems)
