"""The count with DuckDB: in this process, on all its cores, spilling to disk what does not fit into its share
of memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.openalex.counting import Dialect, narrow, quoted
from scripts.openalex.engine import Engine
from scripts.openalex.fields import WORK, duckdb_type, fit
from scripts.openalex.inputs import Part

# Rows of Parquet that are unpacked at a time.
BATCH = 20_000


DIALECT = Dialect(
    empty="CAST([] AS VARCHAR[])",
    each=lambda items, name, expression: f"list_transform({items}, lambda {name}: {expression})",
    only=lambda items, name, condition: f"list_filter({items}, lambda {name}: {condition})",
    size=lambda items: f"coalesce(len({items}), 0)",
    distinct=lambda lists: f"list_distinct(flatten({lists}))",
    joined=lambda items: f"coalesce(array_to_string(list_sort({items}), ' '), '')",
    matches=lambda text, pattern: f"regexp_full_match({text}, '{pattern}')",
)


def _batches(file: pq.ParquetFile, shape: pa.Schema, columns: list[str]) -> Iterator[pa.RecordBatch]:
    for batch in file.iter_batches(batch_size=BATCH, columns=columns):
        names = batch.schema.names
        yield pa.record_batch(
            [batch[f.name].cast(f.type) if f.name in names else pa.nulls(len(batch), f.type) for f in shape],
            schema=shape,
        )


class DuckDB(Engine):
    """``memory`` as DuckDB writes it; what does not fit goes to the folder ``spill``."""

    name, version = "duckdb", duckdb.__version__
    # Each thread unpacks a part of its own: pyarrow unpacks the columns of one mostly one after the other.
    together = os.cpu_count() or 1
    errors = (duckdb.Error,)

    def __init__(self, spill: Path, memory: str) -> None:
        # preserve_insertion_order would hold rows back until those before them are written; the order is not
        # needed.
        settings = {
            "memory_limit": memory,
            "temp_directory": str(spill),
            "preserve_insertion_order": "false",
            "TimeZone": "UTC",
        }
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        for name, value in settings.items():
            self._connection.execute(f"SET {name} = {quoted(value)}")

    def narrow(self, part: Part, source: Path, out: Path) -> None:
        cursor = self._connection.cursor()
        if source.suffix == ".parquet":
            file = pq.ParquetFile(source)
            shape, columns = fit(file, part.name)
            # DuckDB itself would unpack all of an authorship, names and addresses too; pyarrow can leave them
            # out.
            cursor.register("works", pa.RecordBatchReader.from_batches(shape, _batches(file, shape, columns)))
            relation = "(SELECT *, FALSE AS unsound FROM works)"
        else:
            types = ", ".join(f"{f.name}: '{duckdb_type(f.type)}'" for f in WORK)
            relation = (
                f"(SELECT *, FALSE AS unsound FROM read_json({quoted(str(source))},"
                f" format = 'newline_delimited', hive_partitioning = FALSE, columns = {{{types}}}))"
            )
        query = narrow(DIALECT, relation, part.name)
        cursor.execute(f"COPY ({query}) TO {quoted(str(out))} (FORMAT parquet, COMPRESSION zstd)")

    def query(self, make: Callable[[str], str], rows: list[Path]) -> pa.Table:
        files = ", ".join(quoted(str(path)) for path in rows)
        relation = f"read_parquet([{files}], hive_partitioning = FALSE)"
        return self._connection.cursor().sql(make(relation)).to_arrow_table()

    def close(self) -> None:
        self._connection.close()
