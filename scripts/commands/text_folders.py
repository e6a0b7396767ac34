"""Arguments of the commands that read source texts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypedDict

from scripts.commands.argument_types import path
from scripts.sources.passages import PASSAGES, SOURCES


class Folders(TypedDict):
    """The folders of held texts, and that of transcribed passages."""

    sources: tuple[Path, ...]
    passages: Path


def add_texts(parser: argparse.ArgumentParser) -> None:
    """Add the arguments ``--sources``, ``--texts`` and ``--passages``."""
    for name, default, text in (
        ("--sources", SOURCES[0], "folder of the held texts (default: ../shared/sources)"),
        ("--texts", SOURCES[1], "folder of those that the command texts makes (default: ../texts)"),
        ("--passages", PASSAGES, "folder of the transcribed passages (default: ../passages)"),
    ):
        parser.add_argument(name, type=path, default=default, metavar="DIR", help=text)


def folders(args: argparse.Namespace) -> Folders:
    """Return the folders that the arguments name."""
    return {"sources": (args.sources, args.texts), "passages": args.passages}
