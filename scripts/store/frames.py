"""Expressions over typed frames: the text of a cell, the id of a row, the order of rows."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from scripts.model.tables import Field, Table
from scripts.model.values import Value, format_number
from scripts.techpacts.constraints import POLARS_TYPE


def _numbers(column: pl.Series) -> pl.Series:
    return pl.Series(column.name, [None if v is None else format_number(v) for v in column], dtype=pl.String)


def text_of(field: Field) -> pl.Expr:
    """The cells of a typed column as they stand in a CSV; null stays null."""
    column = pl.col(field.name)
    if field.type == "number":
        return column.map_batches(_numbers, return_dtype=pl.String)
    return column if field.type == "string" else column.cast(pl.String)


def row_ids(table: Table) -> pl.Expr:
    """The ``row_id`` of each row: its key values joined by ``|``."""
    return pl.concat_str([text_of(table.by_name[n]) for n in table.primary_key], separator="|")


def in_order(frame: pl.DataFrame, table: Table, after: pl.DataFrame | None = None) -> bool:
    """Whether the rows strictly ascend by primary key, compared as text by code point: then no key stands
    twice.

    ``after`` is the frame before this one in the same table; its last row must come before the first.
    """
    keys = frame.select(text_of(table.by_name[n]) for n in table.primary_key)
    if after is not None:
        keys = pl.concat([after.tail(1).select(text_of(table.by_name[n]) for n in table.primary_key), keys])
    if keys.height < 2:
        return True
    ascends: pl.Expr | None = None
    for name in reversed(table.primary_key):
        here, before = pl.col(name).slice(1), pl.col(name).slice(0, keys.height - 1)
        ascends = here > before if ascends is None else (here > before) | ((here == before) & ascends)
    # A null, which no key may hold, leaves the order unknown and so not proven.
    return bool(keys.select(ascends.fill_null(False).all()).item())  # type: ignore[union-attr]


def first_moved(frame: pl.DataFrame, table: Table) -> int | None:
    """The first row that is another one when the rows are sorted by primary key as text; None where they are
    sorted.
    """
    keys = frame.select(text_of(table.by_name[n]) for n in table.primary_key)
    in_place = keys.with_row_index("_row").sort(table.primary_key, maintain_order=True)["_row"]
    moved = (in_place != pl.int_range(keys.height, eager=True, dtype=pl.UInt32)).arg_true()
    return moved[0] if moved.len() else None


def firsts(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return for each row the first with the same cells in ``columns``; null where one is empty."""
    whole = pl.all_horizontal(pl.col(columns).is_not_null())
    return numbered(frame).select(pl.when(whole).then(pl.col("_row").first().over(columns))).to_series()


# Rows from which on it may pay to look at cells that repeat only once, and how many of the first are tried
# for that.
MANY, TRIED = 20_000, 4_000


def distinct(column: pl.Series) -> pl.Series:
    """The cells of a column, fewer times where so many repeat that what is to be asked of each is then
    quicker to ask.
    """
    tried = column.head(TRIED)
    if column.len() >= MANY and tried.rle().len() <= tried.len() // 4:
        return column.rle().struct.field("value").alias(column.name)
    if column.len() >= MANY and tried.n_unique() <= tried.len() // 8:
        return column.unique()
    return column


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Number the rows of ``frame`` in ``_row``, unless they are numbered already."""
    return frame if "_row" in frame.columns else frame.with_row_index("_row")


def frame_of(fields: Sequence[Field], rows: Sequence[dict[str, Value]]) -> pl.DataFrame:
    """Rows as a typed frame with the columns of ``fields`` in order; a missing cell is null."""
    return pl.DataFrame(
        {
            f.name: pl.Series(
                f.name, [row.get(f.name) for row in rows], dtype=POLARS_TYPE[f.type], strict=True
            )
            for f in fields
        }
    )
