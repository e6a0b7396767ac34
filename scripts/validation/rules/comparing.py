"""A derived table held against what the build would derive again."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.model.tables import Table
from scripts.store.frames import numbered, row_ids
from scripts.validation.rules.registry import Fault, Tables, declared

DERIVED = "_derived"


def differences(name: str, derived: pl.DataFrame, t: Tables) -> Iterator[Fault]:
    """Yield where the table ``name`` is not ``derived``: rows by key, and cells of rows with the same key."""
    table = declared()[name]
    others = [n for n in table.names if n not in table.primary_key]
    both = numbered(t[name]).join(
        derived.select(table.names).with_columns(pl.lit(True).alias(DERIVED)),
        on=table.primary_key,
        how="full",
        suffix=DERIVED,
        coalesce=True,
    )
    given, wanted = pl.col("_row").is_not_null(), pl.col(DERIVED).is_not_null()
    differing = [pl.col(n).ne_missing(pl.col(n + DERIVED)) for n in others]
    faulty = both.filter(~given | ~wanted | pl.any_horizontal(differing))
    if not faulty.height:
        return
    yield from _rows_differ(table, faulty.filter(~wanted), faulty.filter(~given))
    for row in faulty.filter(given & wanted).iter_rows(named=True):
        for n in others:
            if row[n] != row[n + DERIVED]:
                message = f"{n} is {row[n]}, the fact tables give {row[n + DERIVED]}"
                yield Fault(name, row["_row"], n, message, "rebuild")


def _rows_differ(table: Table, extra: pl.DataFrame, missing: pl.DataFrame) -> Iterator[Fault]:
    """Yield rows that should not be there and rows that are missing.

    A row with another key is reported once: it is in the place of a missing row with the same cells.
    """
    key = table.primary_key
    others = [n for n in table.names if n not in key]
    alike = missing.select(pl.struct(pl.col(n + DERIVED).alias(n) for n in others).alias("cells"))
    instead_of: dict[int, int] = dict(
        extra.select("_row", pl.struct(others).alias("cells"))
        .join(alike.with_row_index("_at"), on="cells", how="inner", nulls_equal=True)
        .unique("_row", keep="first")
        .unique("_at", keep="first")
        .select("_row", "_at")
        .iter_rows()
    )
    for row in extra.with_columns(row_ids(table).alias("_id")).sort("_row").iter_rows(named=True):
        column = key[0]
        if row["_row"] in instead_of:
            right = missing.row(instead_of[row["_row"]], named=True)
            column = next((k for k in key if row[k] != right[k]), key[0])
        yield Fault(table.name, row["_row"], column, f"the fact tables give no row {row['_id']}", "rebuild")
    replaced = set(instead_of.values())
    for at, row in enumerate(missing.with_columns(row_ids(table).alias("_id")).iter_rows(named=True)):
        if at not in replaced:
            yield Fault(table.name, -1, ",".join(key), f"there is no row for {row['_id']}", "rebuild")
