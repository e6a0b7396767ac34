"""Make the series by country, region and pair from the pinned NCSES tables."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import path
from scripts.model.paths import SEEDS
from scripts.model.problems import BadData
from scripts.pipeline.seeds import read_seeds
from scripts.series.publishers.ncses import pin
from scripts.series.report import derive, table_files
from scripts.store.publish import publish
from scripts.store.schemas import load_tables


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = "write the rows there as CSV (the build writes the same rows to data/)"
    parser.add_argument("--out", type=path, metavar="DIR", help=text)
    text = "first pin the tables anew from the conversion in DIR"
    parser.add_argument("--pin", type=path, metavar="DIR", help=text)


def run(args: argparse.Namespace) -> int:
    """Print what the series hold; raise BadData if a pinned table has problems."""
    if args.pin is not None:
        made = pin(args.pin)
        publish(SEEDS, made, clear=None)
        print(f"seeds/upstream: {len(made)} tables pinned")
    derived = derive(read_seeds(load_tables()))
    print(derived.summary)
    if derived.problems:
        raise BadData(derived.problems)
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
        publish(args.out, table_files(derived), clear=None)
    return 0
