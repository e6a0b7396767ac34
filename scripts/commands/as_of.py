"""Build the package from the sources published by DATE."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import day, path
from scripts.commands.text_folders import add_texts, folders
from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun, shown
from scripts.pipeline.build import build
from scripts.pipeline.summary import summary
from scripts.store.publish import publish


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_texts(parser)
    parser.add_argument("date", type=day, metavar="DATE")
    parser.add_argument("--out", type=path, required=True, metavar="DIR")


def run(args: argparse.Namespace) -> int:
    """Build the package into ``--out`` and print its closing table."""
    target = args.out.resolve()
    if target == ROOT or ROOT.is_relative_to(target):
        raise CannotRun("--out must be a folder of its own, or the package itself would be overwritten")
    if target.is_dir() and any(target.iterdir()) and not (target / "datapackage.json").is_file():
        raise CannotRun(f"{shown(args.out)} is not empty and holds no package; give another folder")
    built = build(**folders(args), as_of=args.date)
    publish(target, built.files)
    print(summary(built))
    print(f"{shown(args.out)}: as known on {args.date}, from {len(built.seeds.lists['sources'])} source(s)")
    return 0
