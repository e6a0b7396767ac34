"""Rows that went: their tombstones speak of rows that are gone, and lead to rows that are there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from scripts.model.problems import brief
from scripts.package.descriptor import load_package
from scripts.package.version_number import release_of, version_order
from scripts.store.frames import row_ids
from scripts.techpacts.nearest import did_you_mean
from scripts.techpacts.tombstones import lasting
from scripts.validation.rules.base import Fault, Frames, declared, rows

# What is asked of the successor by the reason; of a row that was wrong or out of scope nothing.
NEEDED, NONE = ("renamed", "merged"), ("split",)


@cache
def _lasting() -> dict[str, str]:
    """The tables whose ids never vanish."""
    return {t.name: t.kind for t in declared().values() if lasting(t.name, t.kind)}


def _ids(t: Frames, table: str) -> pl.Series:
    return t[table].select(row_ids(declared()[table])).to_series().drop_nulls()


def _there(t: Frames, tables: str, ids: str) -> pl.Series:
    """Of each tombstone whether the row that two of its columns name is there; null where they name no table
    of lasting ids.
    """
    found: list[bool | None] = [None] * t["tombstones"].height
    named = t["tombstones"].select(tables, ids).with_row_index("_at")
    for (name,), part in named.partition_by(tables, as_dict=True).items():
        if name in _lasting():
            known = set(_ids(t, str(name)))
            for at, row_id in part.select("_at", ids).iter_rows():
                found[at] = row_id in known
    return pl.Series(found, dtype=pl.Boolean)


# A tombstone is of a row that went, and of a table whose rows need one.
def tombstone_is_of_a_gone_row(t: Frames) -> Iterator[Fault]:
    for row in rows(t["tombstones"], ~pl.col("table").is_in(list(_lasting()))):
        yield Fault(
            "tombstones",
            row["_row"],
            "table",
            f"{brief(row['table'])} is no table whose rows need tombstones",
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
            "take the tombstone out, or the row",
        )


# What took the place of a row is there, so that one step leads to it.
def successor_is_there(t: Frames) -> Iterator[Fault]:
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
    for row in rows(t["tombstones"], ~pl.col("successor_table").is_in(list(_lasting()))):
        yield Fault(
            "tombstones",
            row["_row"],
            "successor_table",
            f"{brief(row['successor_table'])} is no table whose rows last",
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


# A row that was renamed or merged has its successor; one that was split has several, which the note names.
def successor_fits_reason(t: Frames) -> Iterator[Fault]:
    bare = pl.col("successor_row_id").is_null() & pl.col("successor_table").is_null()
    for row in rows(t["tombstones"], pl.col("reason").is_in(NEEDED) & bare):
        yield Fault(
            "tombstones",
            row["_row"],
            "reason",
            f"the row is {row['reason']}, and no successor is named",
            "name the successor, or mend reason",
        )
    for row in rows(t["tombstones"], pl.col("reason").is_in(NONE) & ~bare):
        yield Fault(
            "tombstones",
            row["_row"],
            "reason",
            f"the row is {row['reason']}, and a single successor is named",
            "name the rows in the notes alone, or mend reason",
        )


# No row went in a version that is still to come.
def removed_by_now(t: Frames) -> Iterator[Fault]:
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


RULES = (tombstone_is_of_a_gone_row, successor_is_there, successor_fits_reason, removed_by_now)
