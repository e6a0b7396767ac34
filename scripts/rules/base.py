"""What rules are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import polars as pl

Frames = dict[str, pl.DataFrame]


class Fault(NamedTuple):
    """Row ``index`` (from 0) of ``table`` breaks a rule; ``column`` is the cell to look at first."""

    table: str
    index: int
    column: str
    message: str
    fix: str


Rule = Callable[[Frames], Iterator[Fault]]


def rows(frame: pl.DataFrame, condition: pl.Expr | None = None) -> Iterator[dict]:
    """The rows for which ``condition`` is true, as dicts with their index in ``_row``; unknown is not true."""
    indexed = frame.with_row_index("_row")
    yield from (indexed if condition is None else indexed.filter(condition.fill_null(False))).iter_rows(named=True)


def cycles(frame: pl.DataFrame, child: str, parent: str) -> set[str]:
    """Ids that are their own ancestor by way of ``parent``."""
    above = {r[child]: r[parent] for r in frame.select(child, parent).iter_rows(named=True)}
    found = set()
    for start in above:
        seen, at = set(), above[start]
        while at is not None and at not in seen and at != start:
            seen.add(at)
            at = above.get(at)
        if at == start:
            found.add(start)
    return found
