"""Check the seeds and data/, or another package."""

from __future__ import annotations

import argparse
import sys

from scripts.commands.argument_types import path
from scripts.commands.report import report
from scripts.commands.text_folders import add_texts, folders
from scripts.model.paths import ROOT
from scripts.model.problems import shown
from scripts.store.publish import recover
from scripts.validation.package import inspect_given


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_texts(parser)
    text = "a folder, its datapackage.json, or a zip of a release"
    parser.add_argument("dir", type=path, nargs="?", metavar="PACKAGE", help=text)
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")
    text = "say how many sources were checked against their text"
    parser.add_argument("--verbose", action="store_true", help=text)


def run(args: argparse.Namespace) -> int:
    """Print every problem of the package; 1 if there are any."""
    if args.dir is None or args.dir.resolve() == ROOT:
        # Not above: another package is checked without the pipeline, which takes time to import.
        from scripts.pipeline.repository import check_repository
        from scripts.pipeline.summary import texts_read

        recover(ROOT)
        found, built = check_repository(**folders(args))
        what, texts = "seeds and data", [texts_read(built)] if built and args.verbose else []
    else:
        found, what, texts = inspect_given(args.dir), shown(args.dir), []
    code = report(found.problems, args.json)
    if not args.json and not found.problems:
        print("\n".join([f"{what}: valid", *texts]))
    if found.waiting:
        print(
            f"{len(found.waiting)} rule(s) were skipped, because tables that they read have these problems;"
            " fix them and validate again",
            file=sys.stderr,
        )
    return code
