"""Evidence and rows meet: each speaks of the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from scripts.model.problems import brief
from scripts.model.tables import Table
from scripts.store.frames import row_ids, text_of
from scripts.validation.rules.registry import Fault, Row, Stage, Tables, facts, rows, rule


@rule(Stage.LISTS, linked=True)
def evidence_and_rows_meet(t: Tables) -> Iterator[Fault]:
    """Evidence is about rows and columns that are there, and about every row."""
    for row in rows(t["evidence"], ~pl.col("table").is_in(list(facts()))):
        message = f"{brief(row['table'])} is not a table that sources fill"
        yield Fault("evidence", row["_row"], "table", message, "correct the table")
    for table in facts().values():
        frame, linked = t[table.name], t.linked[table.name]
        proven = np.zeros(frame.height, bool)
        proven[linked["_at"].drop_nulls().to_numpy()] = True
        if not proven.all() or linked["_key"].null_count():
            yield from _unmet(table, frame, linked, proven)


def _unmet(table: Table, frame: pl.DataFrame, linked: pl.DataFrame, proven: np.ndarray) -> Iterator[Fault]:
    """Yield rows without evidence, and evidence on rows or columns that are not there."""
    orphans = linked.filter(pl.col("_at").is_null())
    filled = pl.any_horizontal(pl.col(f.name).is_not_null() for f in table.claimed)
    bare = frame.filter(filled & ~pl.lit(pl.Series(proven)))
    renamed = list(_renamed(table, bare, orphans)) if bare.height and orphans.height else []
    column_of = {at: column for at, _, column in renamed}
    for at, row in enumerate(bare.with_columns(row_ids(table).alias("_id")).iter_rows(named=True)):
        yield Fault(
            table.name,
            row["_row"],
            column_of.get(at, table.primary_key[0]),
            f"no source speaks of {brief(row['_id'])}",
            "code it from a source, or remove it",
        )
    gone = orphans.filter(~pl.col("row_id").is_in([row_id for _, row_id, _ in renamed]))
    for row in gone.unique("row_id", keep="first", maintain_order=True).iter_rows(named=True):
        message = f"there is no row {brief(row['row_id'])} in {table.name}"
        yield Fault(
            "evidence", row["_row"], "row_id", message, "bring the row back, or correct row_id", table.name
        )
    for row in rows(linked, pl.col("_at").is_not_null() & pl.col("_key").is_null()):
        message = f"{brief(row['field'])} is not a column of {table.name} that sources fill"
        yield Fault("evidence", row["_row"], "field", message, "correct the field", table.name)


def _renamed(table: Table, bare: pl.DataFrame, orphans: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield rows without evidence that have the cells of a row that is missing, under another key.

    Position in ``bare``, the id that the evidence gives the row, the part of the key that differs.
    """
    standing = orphans.filter(pl.col("stands") & pl.col("row_id").is_not_null())
    said: dict[str, set[tuple[str, str]]] = {}
    for row_id, column, value in standing.select("row_id", "field", "value").iter_rows():
        said.setdefault(row_id, set()).add((column, value))
    for at, row in enumerate(bare.select(text_of(f).alias(f.name) for f in table.fields).to_dicts()):
        for row_id, cells in said.items():
            if column := _differs(table, row, row_id, cells):
                yield at, row_id, column
                del said[row_id]
                break


def _differs(table: Table, row: Row, row_id: str, cells: set[tuple[str, str]]) -> str | None:
    """Return the only part of the key in which ``row`` is not the row of ``row_id`` with these cells."""
    parts = row_id.split("|")
    if len(parts) != len(table.primary_key):
        return None
    differ = [k for k, part in zip(table.primary_key, parts, strict=True) if row[k] != part]
    same = all(row.get(c) == v for c, v in cells if c not in table.primary_key)
    return differ[0] if len(differ) == 1 and same else None
