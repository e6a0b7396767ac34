"""Evidence put at the cells that it is on: by the place of the row, and by a number for the cell."""

from __future__ import annotations

from functools import cache
from threading import Lock

import numpy as np
import polars as pl

from scripts.model.tables import Table
from scripts.store.frames import numbered, row_ids
from scripts.validation.rules.base import Frames, declared


@cache
def facts() -> dict[str, Table]:
    """The fact tables by name."""
    return {t.name: t for t in declared().values() if t.kind == "fact"}


# A cell by one number: the place of its row, and its column among the claimed ones of the table, of which
# there are fewer.
COLUMNS = 64


@cache
def columns_of(table_name: str) -> tuple[str, ...]:
    """The claimed columns of a fact table in the order of the evidence, so that the numbers of its cells
    ascend too.
    """
    return tuple(sorted(f.name for f in facts()[table_name].claimed))


def _key(table: Table) -> pl.Expr:
    """The number of the cell that a piece of evidence is on; null where there is none."""
    columns = pl.Enum(columns_of(table.name))
    return pl.col("_at").cast(pl.UInt64) * COLUMNS + pl.col("field").cast(
        columns, strict=False
    ).to_physical().cast(pl.UInt64)


class _Links:
    """The evidence on each fact table with the place of its cell there, kept while the same frames are asked
    for.
    """

    def __init__(self) -> None:
        self.evidence: pl.DataFrame | None = None
        self.parts: dict[str, pl.DataFrame] = {}
        self.linked: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = {}
        self.lock = Lock()

    def on(self, name: str, evidence: pl.DataFrame) -> pl.DataFrame:
        """The evidence on a table."""
        with self.lock:
            return self._on(name, evidence)

    def _on(self, name: str, evidence: pl.DataFrame) -> pl.DataFrame:
        if evidence is not self.evidence:
            self.evidence, self.linked = evidence, {}
            self.parts = _by_table(numbered(evidence))
        part = self.parts.get(name)
        return numbered(evidence.clear()) if part is None else part

    def get(self, table: Table, t: Frames) -> pl.DataFrame:
        evidence, frame = t["evidence"], t[table.name]
        with self.lock:
            part = self._on(table.name, evidence)
            known = self.linked.get(table.name)
            if known is None or known[0] is not frame:
                known = self.linked[table.name] = (frame, _placed(table, frame, part))
            return known[1]


def _placed(table: Table, frame: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """The evidence on a table with the place of its row (``_at``) and the number of its cell (``_key``), null
    where there is none.
    """
    ids = frame.select(row_ids(table)).to_series()
    # What is said of a row stands together, so it is looked up once; and mostly in the order of the rows.
    runs = evidence["row_id"].rle().struct.unnest()
    at = pl.Series(np.arange(runs.height, dtype=np.uint32))
    if not ids.equals(runs["value"]):
        places = (
            ids.alias("value")
            .to_frame()
            .with_row_index("_at")
            .unique("value", keep="first", maintain_order=True)
        )
        at = runs.join(places, on="value", how="left", maintain_order="left")["_at"]
    of_run = np.repeat(np.arange(runs.height, dtype=np.uint32), runs["len"].to_numpy())
    return evidence.with_columns(at.gather(of_run).alias("_at")).with_columns(_key(table).alias("_key"))


_links = _Links()


def _by_table(evidence: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The evidence on each table; in order, as it is published, it need not be copied."""
    runs = (
        evidence.select(pl.col("table").rle().struct.unnest())
        if evidence.height
        else pl.DataFrame({"len": [], "value": []})
    )
    if runs["value"].n_unique() < runs.height:
        return {
            str(name): part
            for (name,), part in evidence.partition_by("table", as_dict=True, maintain_order=True).items()
        }
    starts = runs["len"].cum_sum() - runs["len"]
    return {
        str(name): evidence.slice(start, length)
        for start, length, name in zip(starts, runs["len"], runs["value"], strict=True)
    }


def linked(table: Table, t: Frames) -> pl.DataFrame:
    """The evidence on a fact table, with the place of its row in the frame (``_at``) and the number of its
    cell (``_key``).
    """
    return _links.get(table, t)


def evidence_on(name: str, evidence: pl.DataFrame) -> pl.DataFrame:
    """The evidence on a table."""
    return _links.on(name, evidence)
