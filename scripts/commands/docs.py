"""Write what follows from the data into the pages: codebook, list of modules, answers, counts."""

from __future__ import annotations

import argparse

from scripts.model.problems import BadData
from scripts.package.loaded import read_contents
from scripts.pages.docs import stale_docs, write_docs
from scripts.pages.pictures import drawn_from_earlier_data


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = "write nothing; report each page that is not what the data give"
    parser.add_argument("--check", action="store_true", help=text)


def run(args: argparse.Namespace) -> int:
    """Write the pages, or check them."""
    if args.check:
        if problems := stale_docs():
            raise BadData(problems)
        print("pages: as the data give them")
    else:
        for name in (written := write_docs()):
            print(name)
        print(f"{len(written)} pages changed")
    if drawn_from_earlier_data(read_contents()):
        print("The pictures show earlier data; python -m scripts pictures draws them anew.")
    return 0
