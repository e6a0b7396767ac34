"""Count works of OpenAlex by country, pair of countries and year (docs/openalex.md).

The counts are of all works and of those in each definition of AI.
"""

from __future__ import annotations

import argparse

from scripts.commands.argument_types import day, memory, path, share
from scripts.model.problems import shown
from scripts.openalex.definitions import Switches
from scripts.openalex.report import UNKNOWN, Options, report
from scripts.openalex.run import derive


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    text = "files of works (JSON Lines, gzipped or not, Parquet) and folders of them"
    add("works", type=path, nargs="+", metavar="WORKS", help=text)
    text = "folder of the tables; keeps the parts that are done, so that a stopped run can continue"
    add("--out", type=path, required=True, metavar="DIR", help=text)
    add("--engine", choices=("duckdb", "spark"), default="duckdb")
    add("--snapshot-date", type=day, metavar="D", help="day of the snapshot, as YYYY-MM-DD")
    add("--topic-model", metavar="V", help="version of the model that gave the topics")
    text = "count the works of the expansion pack too, which the API hides by default"
    add("--include-xpac", action="store_true", help=text)
    add("--exclude-retracted", action="store_true", help="leave retracted works out")
    text = "leave covers, tables of contents and the like out"
    add("--exclude-paratext", action="store_true", help=text)
    text = "share of broken records above which the run fails (default: 0.001)"
    add("--max-broken", type=share, default=0.001, metavar="SHARE", help=text)
    text = "memory of DuckDB; more goes to disk (default: 2500MB)"
    add("--memory", type=memory, default="2500MB", metavar="AMOUNT", help=text)
    text = "address of the Spark cluster (default: local[2], two workers here)"
    add("--spark-master", default="local[2]", metavar="URL", help=text)


def run(args: argparse.Namespace) -> int:
    """Write the tables and print how many works were counted."""
    options = Options(
        args.engine,
        args.snapshot_date.isoformat() if args.snapshot_date else UNKNOWN,
        args.topic_model or UNKNOWN,
        Switches(args.include_xpac, args.exclude_retracted, args.exclude_paratext),
        args.max_broken,
        args.memory,
        args.spark_master,
    )
    note = derive(args.works, args.out, options)
    report(note)
    print(f"{shown(args.out)}: {note['counted']} works counted, {note['left_out']} left out by the switches")
    return 0
