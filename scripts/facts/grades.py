"""The evidence grade of a row, from A (a primary text) to D (unconfirmed)."""

from __future__ import annotations

import numpy as np
import polars as pl

from scripts.facts.linked_evidence import COLUMNS, columns_of
from scripts.model.evidence_kinds import kind_of
from scripts.model.tables import Table
from scripts.techpacts.references import PRIMARY_TYPES

UNCONFIRMED = {"unnamed_source", "hearsay"}
# A row that only announces an intention is unconfirmed whoever says so.
INTENTIONS = (("stage", "planned"), ("standing", "expected"), ("role", "announced"))
LETTERS = "ABCD"


class Grader:
    """Grades rows by their evidence, with ``sources`` and ``evidence`` of one package."""

    def __init__(self, sources: pl.DataFrame, evidence: pl.DataFrame) -> None:
        known = sources.select(
            "source_id",
            pl.col("document_type").is_in(list(PRIMARY_TYPES)).alias("primary"),
            # Two documents of the same publisher are one source.
            pl.coalesce("publisher_organization_id", "source_id").alias("origin"),
        )
        known = known.drop_nulls("source_id").unique("source_id", keep="first", maintain_order=True)
        # Whose word it is, as a number: it is only asked whether two are the same.
        whose = pl.Enum(pl.concat([known["origin"], evidence["relays"].drop_nulls()]).unique())
        number = pl.col("source_id").cast(pl.Enum(known["source_id"]), strict=False).to_physical()
        self._primary = pl.lit(known["primary"]).gather(number)
        self._sure = ~pl.col("attribution").is_in(list(UNCONFIRMED))
        # Two documents that pass on the same report are one source too.
        self._origin = pl.coalesce(
            pl.col("relays").cast(whose).to_physical(),
            pl.lit(known["origin"].cast(whose).to_physical()).gather(number),
        )

    def numbers(self, table: Table, frame: pl.DataFrame, linked: pl.DataFrame) -> pl.Series:
        """Return the grade of each row of ``frame`` as a place in ``LETTERS``.

        It is that of the weakest typed cell, or of the best other cell where none is typed. An announced
        intention is D, unless a primary or official text announces it. ``linked``: the evidence on the table
        at its cells.
        """
        cells = linked.select(
            "_key",
            "stands",
            self._primary.alias("primary"),
            self._sure.alias("sure"),
            self._origin.alias("origin"),
        )
        given = pl.Series(_weakest(table, cells.filter("stands").drop_nulls(), frame.height))
        for column, value in INTENTIONS:
            if column in table.by_name:
                settled = (given == 0) | (frame[column] != value).fill_null(True)
                given = given.zip_with(settled, pl.Series([LETTERS.index("D")], dtype=pl.UInt8))
        return given


def letters(numbers: pl.Series) -> pl.Series:
    """Return grades given as numbers (``Grader.numbers``) as letters."""
    return numbers.replace_strict(dict(enumerate(LETTERS)), return_dtype=pl.String)


def _weakest(table: Table, cells: pl.DataFrame, height: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return the grade of each of ``height`` rows by the cells of the table alone, 0 the best.

    ``cells``: evidence that stands by ``_key``, with ``primary``, ``sure`` and the number of the ``origin``.
    """
    grades = np.full(height, 3, np.uint8)
    cells = cells if cells["_key"].is_sorted() else cells.sort("_key")
    key = cells["_key"].to_numpy()
    if not key.size:
        return grades
    # Evidence on the same cell is together: where each cell begins.
    first = np.flatnonzero(np.diff(key, prepend=key[0] + 1))
    sure, origin = cells["sure"].to_numpy(), cells["origin"].to_numpy()
    least = np.minimum.reduceat(np.where(sure, origin, np.iinfo(origin.dtype).max), first)
    most = np.maximum.reduceat(np.where(sure, origin, 0), first)
    of_cell = np.where(np.logical_or.reduceat(sure, first), np.where(least != most, 1, 2), 3)
    of_cell[np.logical_or.reduceat(cells["primary"].to_numpy(), first)] = 0
    at, column = np.divmod(key[first], COLUMNS)
    kinds = [kind_of(table.by_name[name].evidence) for name in columns_of(table)]
    typed = np.isin(column, [i for i, kind in enumerate(kinds) if kind.typed])
    # Where each row begins among the cells.
    first = np.flatnonzero(np.diff(at, prepend=at[0] + 1))
    weakest = np.maximum.reduceat(np.where(typed, of_cell, -1), first)
    best = np.minimum.reduceat(of_cell, first)
    grades[at[first]] = np.where(weakest < 0, best, weakest)
    return grades
