"""Rows of a package on disk by their id: the row, or its tombstone, or the rows that are near."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from scripts.model.problems import CannotRun, Gone, shown
from scripts.model.tables import Table
from scripts.store.frames import row_ids
from scripts.techpacts.nearest import no_such_row
from scripts.techpacts.tombstones import by_name, inscription, tombstone_of


def read_table(name: str, folder: Path) -> pl.DataFrame:
    """Return a table of the package in ``folder``. Raises CannotRun where its file is missing."""
    path = folder / f"data/{name}.parquet"
    if not path.is_file():
        raise CannotRun(f"{shown(path)}: the file is missing; build the package first")
    return pl.read_parquet(path)


def find_row(table: Table, row_id: str, folder: Path) -> dict[str, Any]:
    """Return the row of ``table`` with the key values ``row_id``, joined by ``|``.

    Raises Gone where a tombstone says that the row was removed, and CannotRun, naming rows that are near,
    where the table never had it.
    """
    frame = read_table(table.name, folder).with_columns(row_ids(table).alias("_id"))
    for row in frame.filter(pl.col("_id") == row_id).drop("_id").iter_rows(named=True):
        return row
    tombstones = by_name(read_table("tombstones", folder).to_dicts())
    if gone := tombstone_of(table.name, row_id, table.declaration, tombstones):
        raise Gone(inscription(table.name, row_id, gone))
    raise CannotRun(no_such_row(table.name, row_id, frame["_id"]))
