"""Removed rows: their tombstones are of rows that are gone, and lead to rows that are there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from scripts.model.problems import brief
from scripts.model.tables import Table
from scripts.package.settings import load_package
from scripts.package.version_number import release_of, version_order
from scripts.store.frames import row_ids
from scripts.techpacts.nearest import did_you_mean
from scripts.techpacts.tombstones import lasting
from scripts.validation.rules.registry import Fault, Stage, Tables, declared, rows, rule

# What is asked of the successor by the reason; of a row that was wrong or out of scope nothing.
NEEDED, NONE = ("renamed", "merged"), ("split",)


def _lasts(table: Table) -> bool:
    return lasting(table.name, table.kind)


@cache
def _lasting() -> list[str]:
    """Return the tables whose ids never vanish."""
    return [t.name for t in declared().values() if _lasts(t)]


def _ids(t: Tables, table: str) -> pl.Series:
    return t[table].select(row_ids(declared()[table])).to_series().drop_nulls()


def _there(t: Tables, tables: str, ids: str) -> pl.Series:
    """Return for each tombstone whether the row that two of its columns name is there.

    It is null where they name no table of lasting ids, or one that cannot be judged.
    """
    found: list[bool | None] = [None] * t["tombstones"].height
    named = t["tombstones"].select(tables, ids).with_row_index("_at")
    for (name,), part in named.partition_by(tables, as_dict=True).items():
        if name in _lasting() and name in t:
            known = set(_ids(t, str(name)))
            for at, row_id in part.select("_at", ids).iter_rows():
                found[at] = row_id in known
    return pl.Series(found, dtype=pl.Boolean)


@rule(Stage.REMOVED, reads=("tombstones",), each=(_lasts,))
def tombstone_is_of_a_gone_row(t: Tables) -> Iterator[Fault]:
    """A tombstone is of a row that was removed, and of a table whose rows need one."""
    for row in rows(t["tombstones"], ~pl.col("table").is_in(_lasting())):
        yield Fault(
            "tombstones",
            row["_row"],
            "table",
            f"{brief(row['table'])} is not a table whose rows need tombstones",
            did_you_mean(
                row["table"], _lasting(), f"write one of {', '.join(_lasting())}, or remove the row"
            ),
        )
    for row in rows(t["tombstones"], pl.lit(_there(t, "table", "row_id"))):
        yield Fault(
            "tombstones",
            row["_row"],
            "row_id",
            f"{row['row_id']} is in {row['table']}",
            "remove the tombstone, or the row",
        )


@rule(Stage.REMOVED, reads=("tombstones",), each=(_lasts,))
def successor_is_there(t: Tables) -> Iterator[Fault]:
    """What took the place of a row is there, so that one step leads to it."""
    for row in rows(
        t["tombstones"], pl.col("successor_table").is_null() != pl.col("successor_row_id").is_null()
    ):
        empty = "successor_table" if row["successor_table"] is None else "successor_row_id"
        yield Fault(
            "tombstones",
            row["_row"],
            empty,
            f"{empty} is empty, and the other half of the successor is not",
            "fill both, or neither",
        )
    for row in rows(t["tombstones"], ~pl.col("successor_table").is_in(_lasting())):
        yield Fault(
            "tombstones",
            row["_row"],
            "successor_table",
            f"{brief(row['successor_table'])} is not a table whose rows last",
            did_you_mean(row["successor_table"], _lasting(), f"write one of {', '.join(_lasting())}"),
        )
    for row in rows(
        t["tombstones"],
        pl.col("successor_row_id").is_not_null() & ~pl.lit(_there(t, "successor_table", "successor_row_id")),
    ):
        yield Fault(
            "tombstones",
            row["_row"],
            "successor_row_id",
            f"{row['successor_row_id']} is not in {row['successor_table']}",
            did_you_mean(
                row["successor_row_id"],
                _ids(t, row["successor_table"]).to_list(),
                "name the row that is there now, or none",
            ),
        )


@rule(Stage.REMOVED, reads=("tombstones",))
def successor_fits_reason(t: Tables) -> Iterator[Fault]:
    """A row that was renamed or merged has its successor; the note names those of one that was split."""
    bare = pl.col("successor_row_id").is_null() & pl.col("successor_table").is_null()
    for row in rows(t["tombstones"], pl.col("reason").is_in(NEEDED) & bare):
        yield Fault(
            "tombstones",
            row["_row"],
            "reason",
            f"the row is {row['reason']}, and no successor is named",
            "name the successor, or correct reason",
        )
    for row in rows(t["tombstones"], pl.col("reason").is_in(NONE) & ~bare):
        yield Fault(
            "tombstones",
            row["_row"],
            "reason",
            f"the row is {row['reason']}, and a single successor is named",
            "name the rows in the notes alone, or correct reason",
        )


@rule(Stage.REMOVED, reads=("tombstones",))
def removed_by_now(t: Tables) -> Iterator[Fault]:
    """No row was removed in a version that is still to come."""
    now = load_package()["version"]
    for row in rows(t["tombstones"], pl.col("removed_in").is_not_null()):
        if version_order(row["removed_in"]) > version_order(release_of(now)):
            yield Fault(
                "tombstones",
                row["_row"],
                "removed_in",
                f"{row['removed_in']} is after this version, {now}",
                "write the first version that does not have the row",
            )
