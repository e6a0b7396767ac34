"""Draw the pictures in docs/reference/pictures (needs the font Noto Sans CJK KR)."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import path
from scripts.model.paths import ROOT
from scripts.model.problems import shown
from scripts.package.loaded import read_contents
from scripts.pages.pictures import write_pictures


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = "folder of the pictures (default: docs/reference/pictures)"
    parser.add_argument(
        "--out", type=path, default=ROOT / "docs/reference/pictures", metavar="DIR", help=text
    )
    parser.add_argument("--png", action="store_true", help="as PNG too")


def run(args: argparse.Namespace) -> int:
    """Draw the pictures and print the names of their files."""
    args.out.mkdir(parents=True, exist_ok=True)
    for name in write_pictures(read_contents(), args.out, png=args.png):
        print(f"{shown(args.out)}/{name}")
    return 0
