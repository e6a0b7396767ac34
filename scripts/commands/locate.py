"""Print the offsets of words in a held text."""

from __future__ import annotations

import argparse
import sys

from scripts.commands.held_texts import read_seeds_and_texts
from scripts.commands.text_folders import add_texts, folders
from scripts.model.problems import CannotRun
from scripts.sources.locate import locate


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_texts(parser)
    parser.add_argument("source_id")
    parser.add_argument("words")


def run(args: argparse.Namespace) -> int:
    """Print each place with the words around it; 1 if there is none."""
    _, held = read_seeds_and_texts(folders(args)["sources"])
    if args.source_id not in held:
        raise CannotRun(
            f"the text of {args.source_id} is not at hand in {args.sources} or {args.texts}; there are:"
            f" {', '.join(held) or 'none'}"
        )
    places = locate(held[args.source_id], args.words)
    for start, end, around in places:
        print(f"{start}-{end}\t{around}")
    if not places:
        print("not found: check the spelling against the text", file=sys.stderr)
    return 0 if places else 1
