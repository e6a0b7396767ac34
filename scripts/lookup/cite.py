"""How to cite one row: the version of the dataset, the row, and the documents behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun, Gone, shown
from scripts.model.tables import Table
from scripts.package.settings import load_package
from scripts.store.frames import row_ids
from scripts.store.schemas import load_tables
from scripts.techpacts.nearest import no_such_row
from scripts.techpacts.references import (
    as_bibtex,
    as_csl,
    as_ris,
    as_text,
    dataset_bibtex,
    dataset_csl,
    dataset_ris,
    in_order,
    of_upstream,
)
from scripts.techpacts.tombstones import by_name, inscription, tombstone_of

FORMATS = ("text", "bibtex", "ris", "csl")


def _table(name: str, folder: Path) -> pl.DataFrame:
    path = folder / f"data/{name}.parquet"
    if not path.is_file():
        raise CannotRun(f"{shown(path)}: the file is missing; build the package first")
    return pl.read_parquet(path)


def _row(table: Table, row_id: str, folder: Path) -> None:
    """Raises Gone where the row was removed, and CannotRun, naming rows that are near, where the table never
    had it.
    """
    known = _table(table.name, folder).select(row_ids(table)).to_series()
    if row_id not in known:
        if gone := tombstone_of(
            table.name, row_id, table.declaration, by_name(_table("tombstones", folder).to_dicts())
        ):
            raise Gone(inscription(table.name, row_id, gone))
        raise CannotRun(no_such_row(table.name, row_id, known))


def _upstream(table: Table, row_id: str, folder: Path) -> dict[str, Any]:
    """The table of another publisher that a figure was taken from."""
    row = _table(table.name, folder).filter(row_ids(table) == row_id).row(0, named=True)
    upstream = (
        _table("upstreams", folder).filter(pl.col("upstream_id") == row["upstream_id"]).row(0, named=True)
    )
    publisher = (
        _table("organizations", folder)
        .filter(pl.col("organization_id") == upstream["publisher_organization_id"])["name_en"]
        .item()
    )
    return {**of_upstream(upstream, publisher), "columns": ["value"]}


def documents(table_name: str, row_id: str, folder: Path = ROOT) -> list[dict[str, Any]]:
    """The documents whose word stands in a row of a fact table, the most authoritative first, with the
    columns they bear out.

    Of a row of a series it is the table that it was taken from. Each has the cells of ``sources``, the
    ``publisher`` by name, and ``columns``. Raises CannotRun where there is no such row.
    """
    table = load_tables().get(table_name)
    if table is None or (table.kind != "fact" and "upstream_line" not in table.by_name):
        citable = ", ".join(
            t.name for t in load_tables().values() if t.kind == "fact" or "upstream_line" in t.by_name
        )
        raise CannotRun(f"{table_name} is no table of facts or figures; there are {citable}")
    _row(table, row_id, folder)
    if table.kind != "fact":
        return [_upstream(table, row_id, folder)]
    told = _table("evidence", folder).filter(
        (pl.col("table") == table_name) & (pl.col("row_id") == row_id) & pl.col("stands")
    )
    columns = told.group_by("source_id").agg(pl.col("field").unique().sort().alias("columns"))
    publishers = _table("organizations", folder).select(
        pl.col("organization_id").alias("publisher_organization_id"), pl.col("name_en").alias("publisher")
    )
    found = columns.join(_table("sources", folder), on="source_id").join(
        publishers, on="publisher_organization_id", how="left"
    )
    return in_order(found.to_dicts())


def cite(table_name: str, row_id: str, form: str = "text", folder: Path = ROOT) -> str:
    """The reference of the dataset for one row of facts or figures and those of the documents behind it, in
    one of ``FORMATS``.

    Raises CannotRun where there is no such row.
    """
    found, package = documents(table_name, row_id, folder), load_package()
    note = f"Table {table_name}, row {row_id}"
    if form == "csl":
        return json.dumps([dataset_csl(package, note), *map(as_csl, found)], ensure_ascii=False, indent=2)
    if form == "bibtex":
        return "\n\n".join([dataset_bibtex(package, note), *map(as_bibtex, found)])
    if form == "ris":
        return "\n\n".join([dataset_ris(package, note), *map(as_ris, found)])
    lines = [f"{package['citation']} Table {table_name}, row {row_id}.", ""]
    for document in found:
        lines += [as_text(document), f"    for {', '.join(document['columns'])}"]
    return "\n".join(lines)
