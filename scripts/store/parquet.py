"""Parquet beside the CSV: the same rows, typed, with schema and license inside the file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.tables import Table
from scripts.model.values import Value
from scripts.store.frames import frame_of
from scripts.techpacts.constraints import ARROW_TYPE


def arrow_schema(table: Table, metadata: dict[str, str] | None = None) -> pa.Schema:
    """Return the Arrow schema of a table, with titles and units in the metadata of its fields.

    ``metadata``: that of the file.
    """
    fields = []
    for f in table.fields:
        notes = {"title": f.title, "titleKo": f.title_ko, "description": f.description}
        if f.unit:
            notes["unit"] = f.unit
        fields.append(pa.field(f.name, ARROW_TYPE[f.type], nullable=not f.required, metadata=notes))
    return pa.schema(fields, metadata=metadata)


def file_metadata(table: Table, package: dict[str, Any]) -> dict[str, str]:
    """Return what a Parquet file says of itself: its Table Schema and license.

    Version and citation stand in the descriptor, so that the file changes only when its rows do.
    """
    return {
        "tableschema": json.dumps(table.declaration, ensure_ascii=False, separators=(",", ":")),
        "license": package["licenses"][0]["name"],
    }


def write_parquet(
    table: Table, rows: Sequence[dict[str, Value]] | pl.DataFrame, metadata: dict[str, str]
) -> bytes:
    """Return the rows as Parquet; the same rows give the same bytes with the same pyarrow."""
    schema = arrow_schema(table, metadata)
    frame = rows if isinstance(rows, pl.DataFrame) else frame_of(table.fields, rows)
    # Each column as one array, whatever chunks the frame is made of.
    columns = [frame[f.name].rechunk().to_arrow().cast(f.type) for f in schema]
    out = io.BytesIO()
    pq.write_table(
        pa.Table.from_arrays(columns, schema=schema),
        out,
        compression="zstd",
        compression_level=3,
        version="2.6",
        data_page_version="1.0",
        row_group_size=100_000,
        store_schema=True,
    )
    return out.getvalue()
