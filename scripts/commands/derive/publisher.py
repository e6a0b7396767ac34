"""Make the series by country, region and pair from the pinned tables of a publisher."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from scripts.commands.argument_types import path
from scripts.series.publishers import publishers


def targets() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield a target for each publisher: its name, its help text, what its arguments hold."""
    for name, publisher in publishers().items():
        text = f"Make the series by country, region and pair from the pinned tables of {publisher.name}."
        yield name, text, {"publisher": publisher}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = "write the rows there as CSV (the build writes the same rows to data/)"
    parser.add_argument("--out", type=path, metavar="DIR", help=text)
    text = "first pin the tables again from the conversion in DIR"
    parser.add_argument("--pin", type=path, metavar="DIR", help=text)


def run(args: argparse.Namespace) -> int:
    """Print what the series hold; raise BadData if a pinned table has problems."""
    # Not above: listing the targets must not load the pipeline.
    from scripts.model.paths import SEEDS
    from scripts.model.problems import BadData
    from scripts.pipeline.seeds import read_lists
    from scripts.series.pin import pin
    from scripts.series.report import report, table_files
    from scripts.store.publish import publish
    from scripts.store.schemas import load_tables

    if args.pin is not None:
        made = pin(args.publisher, args.pin)
        publish(SEEDS, made, clear=None)
        print(f"seeds/upstream: {len(made)} tables pinned")
    found = report(args.publisher, read_lists(load_tables()))
    print(found.summary)
    if found.problems:
        raise BadData(found.problems)
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
        publish(args.out, table_files(found), clear=None)
    return 0
