"""Parquet beside the CSV: the same rows, typed, with schema and license inside the file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.tables import Table
from scripts.model.values import Value

# Plain strings, no dictionary type: some R and JavaScript readers lose dictionary columns silently.
ARROW_TYPE = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def arrow_schema(table: Table, metadata: dict[str, str] | None = None) -> pa.Schema:
    """The Arrow schema of a table; titles and units as field metadata, ``metadata`` as that of the file."""
    fields = []
    for f in table.fields:
        notes = {"title": f.title, "titleKo": f.title_ko, "description": f.description}
        if f.unit:
            notes["unit"] = f.unit
        fields.append(pa.field(f.name, ARROW_TYPE[f.type], nullable=not f.required, metadata=notes))
    return pa.schema(fields, metadata=metadata)


def file_metadata(table: Table, package: dict) -> dict[str, str]:
    """Return what a Parquet file says of itself: its Table Schema and license.

    Version and citation stand in the descriptor, so that the file changes only when its rows do.
    """
    return {
        "tableschema": json.dumps(table.declaration, ensure_ascii=False, separators=(",", ":")),
        "license": package["licenses"][0]["name"],
    }


def write_parquet(table: Table, rows: Sequence[dict[str, Value]], metadata: dict[str, str]) -> bytes:
    """The rows as Parquet; the same rows give the same bytes with the same pyarrow."""
    schema = arrow_schema(table, metadata)
    columns = [pa.array([r.get(f.name) for r in rows], type=f.type) for f in schema]
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
