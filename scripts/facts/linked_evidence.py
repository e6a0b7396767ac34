"""Evidence at the cells that it is on: by the place of the row, and by a number for the cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import polars as pl

from scripts.model.tables import Table
from scripts.store.frames import numbered, row_ids, text_of

# A cell by one number: the place of its row, and its column among the claimed ones of the table, of which
# there are fewer than this.
COLUMNS = 64


def columns_of(table: Table) -> list[str]:
    """Return the claimed columns in the order of the evidence, so that the numbers of its cells ascend."""
    return sorted(f.name for f in table.claimed)


def link_evidence(
    tables: Iterable[Table], frames: Mapping[str, pl.DataFrame], run: Callable[..., Iterable[Any]] = map
) -> dict[str, pl.DataFrame]:
    """Return by fact table its evidence at its cells.

    ``_at`` is the place of the row in the table, ``_key`` the number of the cell; null where there is none.
    ``frames`` has the tables and ``evidence``; ``run`` maps a function over the tables, like ``map``.
    """
    return link_cells(tables, frames, frames["evidence"], run)


def link_cells(
    tables: Iterable[Table],
    frames: Mapping[str, pl.DataFrame],
    said: pl.DataFrame,
    run: Callable[..., Iterable[Any]] = map,
) -> dict[str, pl.DataFrame]:
    """Return by fact table what is ``said`` of its cells, which are named by table, row_id and field."""
    parts, none = evidence_by_table(said), numbered(said.clear())
    given = list(tables)
    linked = run(lambda t: _placed(t, frames[t.name], parts.get(t.name, none)), given)
    return dict(zip((t.name for t in given), linked, strict=True))


def cell_texts(table: Table, frame: pl.DataFrame) -> pl.Series:
    """Return the claimed cells as text in one column, one column of the table after the other."""
    return pl.concat(
        [frame.select(text_of(table.by_name[n]).alias("")).to_series() for n in columns_of(table)]
    )


def text_places(linked: pl.DataFrame, frame: pl.DataFrame) -> pl.Series:
    """Return where in ``cell_texts`` the cell of each row of ``linked`` is; null where there is none."""
    return linked.select((pl.col("_key") % COLUMNS * frame.height + pl.col("_at")).alias("place")).to_series()


def evidence_by_table(evidence: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the evidence on each table that it names; not copied where it is in order, as published."""
    evidence = numbered(evidence)
    runs = evidence["table"].rle().struct.unnest()
    if runs["value"].n_unique() < runs.height:
        parts = evidence.partition_by("table", as_dict=True, maintain_order=True)
        return {str(name): part for (name,), part in parts.items()}
    starts = runs["len"].cum_sum() - runs["len"]
    return {
        str(name): evidence.slice(start, length)
        for start, length, name in zip(starts, runs["len"], runs["value"], strict=True)
    }


def _placed(table: Table, frame: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence on a table with ``_at`` and ``_key``."""
    ids = frame.select(row_ids(table)).to_series()
    # The evidence on a row is together, so the row is looked up once; mostly it is in the order of the rows.
    runs = evidence["row_id"].rle().struct.unnest()
    at = pl.Series(np.arange(runs.height, dtype=np.uint32))
    if not ids.equals(runs["value"]):
        places = ids.alias("value").to_frame().with_row_index("_at")
        places = places.unique("value", keep="first", maintain_order=True)
        at = runs.join(places, on="value", how="left", maintain_order="left")["_at"]
    of_run = np.repeat(np.arange(runs.height, dtype=np.uint32), runs["len"].to_numpy())
    column = pl.col("field").cast(pl.Enum(columns_of(table)), strict=False).to_physical().cast(pl.UInt64)
    return evidence.with_columns(at.gather(of_run).alias("_at")).with_columns(
        (pl.col("_at").cast(pl.UInt64) * COLUMNS + column).alias("_key")
    )
