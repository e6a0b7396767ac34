"""Counts with DuckDB: in this process, on all its cores, spilling to disk what does not fit into its share of
memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.openalex import counting
from scripts.openalex.fields import WORK, duckdb_type, fit
from scripts.openalex.inputs import Part

# Rows of Parquet that are unpacked at a time.
BATCH = 20_000


class _Dialect:
    empty = "CAST([] AS VARCHAR[])"

    def each(self, items: str, name: str, expression: str) -> str:
        return f"list_transform({items}, lambda {name}: {expression})"

    def only(self, items: str, name: str, condition: str) -> str:
        return f"list_filter({items}, lambda {name}: {condition})"

    def size(self, items: str) -> str:
        return f"coalesce(len({items}), 0)"

    def distinct(self, lists: str) -> str:
        return f"list_distinct(flatten({lists}))"

    def joined(self, items: str) -> str:
        return f"coalesce(array_to_string(list_sort({items}), ' '), '')"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_full_match({text}, '{pattern}')"


def _batches(file: pq.ParquetFile, shape: pa.Schema, columns: list[str]) -> Iterator[pa.RecordBatch]:
    for batch in file.iter_batches(batch_size=BATCH, columns=columns):
        names = batch.schema.names
        yield pa.record_batch(
            [batch[f.name].cast(f.type) if f.name in names else pa.nulls(len(batch), f.type) for f in shape],
            schema=shape,
        )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class DuckDB:
    """``memory`` as DuckDB writes it; what is more goes to the folder ``spill``."""

    name, version = "duckdb", duckdb.__version__
    # Each thread unpacks a part of its own: pyarrow unpacks the columns of one mostly one after the other.
    together = os.cpu_count() or 1
    errors = (duckdb.Error,)

    def __init__(self, spill: Path, memory: str) -> None:
        # preserve_insertion_order would keep rows back until the ones before them are written; nobody needs
        # the order.
        settings = {
            "memory_limit": memory,
            "temp_directory": str(spill),
            "preserve_insertion_order": "false",
            "TimeZone": "UTC",
        }
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        for name, value in settings.items():
            self._connection.execute(f"SET {name} = '{value.replace(chr(39), chr(39) * 2)}'")

    def narrow(self, part: Part, source: Path, out: Path) -> None:
        """Writes the short rows of a part, read from ``source``, to the Parquet file ``out``."""
        cursor = self._connection.cursor()
        if source.suffix == ".parquet":
            file = pq.ParquetFile(source)
            shape, columns = fit(file, part.name)
            # DuckDB itself would unpack all of an authorship, names and addresses too; pyarrow can leave them
            # out.
            cursor.register("works", pa.RecordBatchReader.from_batches(shape, _batches(file, shape, columns)))
            relation = "(SELECT *, FALSE AS unsound FROM works)"
        else:
            columns = ", ".join(f"{f.name}: '{duckdb_type(f.type)}'" for f in WORK)
            relation = (
                f"(SELECT *, FALSE AS unsound FROM read_json({_quoted(source)}, format = 'newline_delimited',"
                f" hive_partitioning = FALSE, columns = {{{columns}}}))"
            )
        query = counting.narrow(_Dialect(), relation, part.name)
        cursor.execute(f"COPY ({query}) TO {_quoted(out)} (FORMAT parquet, COMPRESSION zstd)")

    def kinds(self, rows: Path) -> pa.Table:
        """The kinds of short rows of one part."""
        return (
            self._connection.cursor()
            .sql(counting.kinds(f"read_parquet({_quoted(rows)}, hive_partitioning = FALSE)"))
            .to_arrow_table()
        )

    def merged(self, parts: list[Path]) -> pa.Table:
        """The kinds of works of all parts, each work once."""
        files = ", ".join(map(_quoted, parts))
        return self._connection.sql(
            counting.merged(f"read_parquet([{files}], hive_partitioning = FALSE)")
        ).to_arrow_table()

    def close(self) -> None:
        """Gives everything back."""
        self._connection.close()
