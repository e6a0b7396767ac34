"""What rules are made of."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator
from functools import cache
from typing import NamedTuple

import polars as pl

from scripts.model.tables import Table
from scripts.store.frames import numbered
from scripts.store.schemas import load_tables

Frames = dict[str, pl.DataFrame]


class Fault(NamedTuple):
    """Row ``index`` (from 0) of ``table`` breaks a rule; ``column`` is the cell to look at first.

    ``about``: the table that the row speaks of, which may be the one at fault.
    """

    table: str
    index: int
    column: str
    message: str
    fix: str
    about: str = ""


Rule = Callable[[Frames], Iterator[Fault]]


class Waits(Exception):
    """A rule asked for a table whose own faults have to be mended first."""


class Watched(dict[str, pl.DataFrame]):
    """Frames that note which tables a rule reads, and keep those with faults from it."""

    def __init__(self, frames: Frames, faulty: set[str]) -> None:
        super().__init__(frames)
        self.faulty, self.read = faulty, set[str]()

    def __getitem__(self, name: str) -> pl.DataFrame:
        self.read.add(name)
        if name in self.faulty:
            raise Waits(name)
        return super().__getitem__(name)

    def items(self) -> ItemsView[str, pl.DataFrame]:
        """The sound tables: a rule that goes through all of them judges each by itself."""
        return {name: frame for name, frame in super().items() if name not in self.faulty}.items()


@cache
def declared() -> dict[str, Table]:
    """The tables as declared in ``schemas/``, read once."""
    return load_tables()


def rows(frame: pl.DataFrame, condition: pl.Expr | None = None) -> Iterator[dict]:
    """The rows for which ``condition`` is true, as dicts with their index in ``_row``; unknown is not true."""
    indexed = numbered(frame)
    yield from (indexed if condition is None else indexed.filter(condition.fill_null(False))).iter_rows(
        named=True
    )


def cycles(frame: pl.DataFrame, child: str, parent: str) -> set[str]:
    """Ids that are their own ancestor by way of ``parent``."""
    above = dict(frame.select(child, parent).drop_nulls().iter_rows())
    found, cleared = set(), set()
    for start in above:
        path, at = [], start
        while at in above and at not in cleared and at not in path:
            path.append(at)
            at = above[at]
        if at in path:
            found |= set(path[path.index(at) :])
        cleared |= set(path)
    return found
