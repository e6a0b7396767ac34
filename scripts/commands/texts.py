"""Arguments of the commands that read source texts."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import path
from scripts.sources.passages import PASSAGES, SOURCES


def add_texts(parser: argparse.ArgumentParser) -> None:
    """Add the arguments ``--sources`` and ``--passages``."""
    for name, default, text in (
        ("--sources", SOURCES, "folder of the held texts (default: ../shared/sources)"),
        ("--passages", PASSAGES, "folder of the transcribed passages (default: ../passages)"),
    ):
        parser.add_argument(name, type=path, default=default, metavar="DIR", help=text)
