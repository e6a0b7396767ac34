"""How to cite one row: the version of the dataset, the row, and the documents behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from scripts.lookup.rows import find_row, read_table
from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun
from scripts.package.settings import load_package
from scripts.store.schemas import load_tables
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


def _upstream(row: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The table of another publisher that a figure was taken from."""
    upstream = (
        read_table("upstreams", folder).filter(pl.col("upstream_id") == row["upstream_id"]).row(0, named=True)
    )
    publisher = (
        read_table("organizations", folder)
        .filter(pl.col("organization_id") == upstream["publisher_organization_id"])["name_en"]
        .item()
    )
    return {**of_upstream(upstream, publisher), "columns": ["value"]}


def documents(table_name: str, row_id: str, folder: Path = ROOT) -> list[dict[str, Any]]:
    """Return the documents whose word stands in a row of a fact table, the most authoritative first, with the
    columns they bear out.

    Of a row of a series it is the table that it was taken from. Each has the cells of ``sources``, the
    ``publisher`` by name, and ``columns``. Raises CannotRun where there is no such row.
    """
    citable = {n: t for n, t in load_tables().items() if t.kind == "fact" or "upstream_line" in t.by_name}
    table = citable.get(table_name)
    if table is None:
        raise CannotRun(f"{table_name} is not a table of facts or figures; there are {', '.join(citable)}")
    row = find_row(table, row_id, folder)
    if table.kind != "fact":
        return [_upstream(row, folder)]
    standing = read_table("evidence", folder).filter(
        (pl.col("table") == table_name) & (pl.col("row_id") == row_id) & pl.col("stands")
    )
    columns = standing.group_by("source_id").agg(pl.col("field").unique().sort().alias("columns"))
    publishers = read_table("organizations", folder).select(
        pl.col("organization_id").alias("publisher_organization_id"), pl.col("name_en").alias("publisher")
    )
    found = columns.join(read_table("sources", folder), on="source_id").join(
        publishers, on="publisher_organization_id", how="left"
    )
    return in_order(found.to_dicts())


def cite(table_name: str, row_id: str, form: str = "text", folder: Path = ROOT) -> str:
    """Return the reference of the dataset for one row of facts or figures and those of the documents behind
    it, in ``form``: text, bibtex, ris or csl.

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
