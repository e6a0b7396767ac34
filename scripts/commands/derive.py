"""The command ``derive``: statistics from what others publish, one target for each of them."""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import day, folder, memory, share
from scripts.model.problems import BadData, shown


def _ncses(args: argparse.Namespace) -> int:
    from scripts.model.paths import SEEDS
    from scripts.pipeline.seeds import read_lists
    from scripts.series.publishers.ncses import pin
    from scripts.series.report import derive, table_files
    from scripts.store.publish import publish
    from scripts.store.schemas import load_tables

    if args.pin is not None:
        made = pin(args.pin)
        publish(SEEDS, made, clear=None)
        print(f"seeds/upstream: {len(made)} tables pinned")
    derived = derive(read_lists(load_tables()))
    print(derived.summary)
    if args.out is not None and not derived.problems:
        args.out.mkdir(parents=True, exist_ok=True)
        publish(args.out, table_files(derived), clear=None)
    if derived.problems:
        raise BadData(derived.problems)
    return 0


def _openalex(args: argparse.Namespace) -> int:
    from scripts.openalex.definitions import Switches
    from scripts.openalex.run import UNKNOWN, Options, derive, report

    note = derive(
        args.works,
        args.out,
        Options(
            args.engine,
            args.snapshot_date.isoformat() if args.snapshot_date else UNKNOWN,
            args.topic_model or UNKNOWN,
            Switches(args.include_xpac, args.exclude_retracted, args.exclude_paratext),
            args.max_broken,
            args.memory,
            args.spark_master,
        ),
    )
    report(note)
    print(f"{shown(args.out)}: {note['counted']} works counted, {note['left_out']} left out by the switches")
    return 0


def add_derive(commands: argparse._SubParsersAction) -> None:
    """Adds the command with its targets."""
    derive = commands.add_parser(
        "derive",
        help="derive statistics from what others publish",
        description="Makes statistics from what others publish.",
    )
    targets = derive.add_subparsers(dest="target", required=True, metavar="TARGET")
    text = "make the series by country, region and pair from the pinned NCSES tables"
    sub = targets.add_parser("ncses", help=text, description=text)
    sub.set_defaults(run=_ncses)
    sub.add_argument(
        "--out",
        type=folder,
        metavar="DIR",
        help="write the rows there as CSV (the build puts the same into data/)",
    )
    sub.add_argument(
        "--pin",
        type=folder,
        metavar="DIR",
        help="first make the pinned tables anew from the conversion in DIR",
    )
    text = (
        "count works of OpenAlex by country, pair of countries and year, all and by each definition of AI"
        " (docs/openalex.md)"
    )
    sub = targets.add_parser("openalex", help=text, description=text)
    sub.set_defaults(run=_openalex)
    sub.add_argument(
        "works",
        type=folder,
        nargs="+",
        metavar="WORKS",
        help="files of works (JSON Lines, gzipped or not, Parquet) and folders of them",
    )
    sub.add_argument(
        "--out",
        type=folder,
        required=True,
        metavar="DIR",
        help="folder of the tables; keeps what is done, so that a stopped run goes on",
    )
    sub.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    sub.add_argument("--snapshot-date", type=day, metavar="D", help="day of the snapshot, as YYYY-MM-DD")
    sub.add_argument("--topic-model", metavar="V", help="version of the model that gave the topics")
    sub.add_argument(
        "--include-xpac",
        action="store_true",
        help="count the works of the expansion pack too, which the API hides by default",
    )
    sub.add_argument("--exclude-retracted", action="store_true", help="leave retracted works out")
    sub.add_argument(
        "--exclude-paratext", action="store_true", help="leave covers, tables of contents and the like out"
    )
    sub.add_argument(
        "--max-broken",
        type=share,
        default=0.001,
        metavar="SHARE",
        help="share of broken records above which the run fails (default: 0.001)",
    )
    sub.add_argument(
        "--memory",
        type=memory,
        default="2500MB",
        metavar="AMOUNT",
        help="memory of DuckDB; more goes to disk (default: 2500MB)",
    )
    sub.add_argument(
        "--spark-master",
        default="local[2]",
        metavar="URL",
        help="address of the Spark cluster (default: local[2], two workers here)",
    )
