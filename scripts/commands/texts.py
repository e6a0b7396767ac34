"""Arguments and helpers of the commands that read source texts."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.commands.argument_types import path
from scripts.model.seeds import Seeds
from scripts.pipeline.seeds import read_seeds
from scripts.sources.passages import PASSAGES, SOURCES, HeldText, read_held_texts
from scripts.store.schemas import load_tables


def add_texts(parser: argparse.ArgumentParser) -> None:
    """Add the arguments ``--sources`` and ``--passages``."""
    for name, default, text in (
        ("--sources", SOURCES, "folder of the held texts (default: ../shared/sources)"),
        ("--passages", PASSAGES, "folder of the transcribed passages (default: ../passages)"),
    ):
        parser.add_argument(name, type=path, default=default, metavar="DIR", help=text)


def read_seeds_and_texts(sources: Path) -> tuple[Seeds, dict[str, HeldText]]:
    """Read the seeds, and the held texts that are in the folder ``sources``, by source."""
    seeds = read_seeds(load_tables())
    return seeds, read_held_texts(sources, seeds.lists["sources"], seeds.files["sources"])
