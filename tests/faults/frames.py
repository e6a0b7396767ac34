"""Faults in typed tables: each changes the frames that it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from scripts.store.frames import frame_of
from scripts.validation.rules.registry import Frames
from tests.mini import TABLES

Plant = Callable[[Frames], None]


def cell(table: str, row: int, /, **cells: object) -> Plant:
    """Put other values in cells of one row."""

    def plant(frames: Frames) -> None:
        rows = frames[table].to_dicts()
        rows[row].update(cells)
        frames[table] = frame_of(TABLES[table].fields, rows)

    return plant


def more(table: str, row: int, **cells: object) -> Plant:
    """Append a copy of a row with some cells changed."""

    def plant(frames: Frames) -> None:
        rows = frames[table].to_dicts()
        frames[table] = frame_of(TABLES[table].fields, [*rows, {**rows[row], **cells}])

    return plant


def drop(table: str, row: int) -> Plant:
    """Remove a row."""

    def plant(frames: Frames) -> None:
        rows = frames[table].to_dicts()
        frames[table] = frame_of(TABLES[table].fields, rows[:row] + rows[row + 1 :])

    return plant


def both(*plants: Plant) -> Plant:
    """Plant several faults, one after the other."""

    def plant(frames: Frames) -> None:
        for p in plants:
            p(frames)

    return plant


def where(table: str, frames: Frames, **cells: object) -> int:
    """Return the index of the first row with these cells."""
    return next(i for i, r in enumerate(frames[table].to_dicts()) if all(r[k] == v for k, v in cells.items()))


def put_in_rows(frame: pl.DataFrame, rows: Sequence[int], column: str, value: pl.Expr) -> pl.DataFrame:
    """Put a value in one column of many rows at once; a frame may have millions."""
    here = pl.int_range(pl.len()).is_in(list(rows))
    return frame.with_columns(pl.when(here).then(value).otherwise(pl.col(column)).alias(column))


def repeat_above(frame: pl.DataFrame, rows: Sequence[int]) -> pl.DataFrame:
    """Put a copy of the row above in the place of each of ``rows``."""
    here = pl.int_range(pl.len()).is_in(list(rows))
    return frame.with_columns(
        pl.when(here).then(pl.col(c).shift(1)).otherwise(pl.col(c)).alias(c) for c in frame.columns
    )
