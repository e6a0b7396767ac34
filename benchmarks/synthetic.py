"""Valid packages of any size: a few agreements are built from made-up seeds and then copied under other
names.

The pipeline itself builds the pattern, so every derived table fits; a copy writes another tag for ``TAG`` in
every cell, so keys, references, evidence and totals of the copy hang together as those of the pattern do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.seeds import TAG, write_seeds
from scripts.model.tables import Table
from scripts.package.descriptor import descriptor, resource
from scripts.package.settings import load_package
from scripts.pipeline.build import Built, build
from scripts.store.jsonfile import to_json
from scripts.store.parquet import arrow_schema, file_metadata
from scripts.store.schemas import load_tables

# The pattern grows with the size wanted up to this many agreements; beyond, it is copied.
MOST_CLUSTERS = 40
# Rows of all tables that one agreement brings, and that all share: only to choose the size of the pattern.
ROWS_PER_CLUSTER, ROWS_SHARED = 860, 200
ROW_GROUP = 100_000


def _tagged(frame: pl.DataFrame) -> pl.Expr:
    return pl.any_horizontal(
        pl.col(c).str.contains(TAG, literal=True).fill_null(False) for c in frame.columns
    )


def build_pattern(folder: Path, clusters: int, seed: int) -> Built:
    """Writes made-up seeds under ``folder`` and builds them, every claim checked against its passage."""
    write_seeds(folder, clusters, seed)
    return build(
        seeds_folder=folder / "seeds",
        sources=(folder / "texts",),
        passages=folder / "passages",
        against_lock=False,
    )


def clusters_for(rows: int) -> int:
    """How many agreements the pattern of a package of ``rows`` rows has."""
    return min(MOST_CLUSTERS, max(1, (rows - ROWS_SHARED) // ROWS_PER_CLUSTER))


def pattern(rows: int, seed: int) -> dict[str, pl.DataFrame]:
    """The tables, as text, that the package of ``rows`` rows is copied from."""
    with tempfile.TemporaryDirectory() as folder:
        built = build_pattern(Path(folder), clusters_for(rows), seed)
    return {n: text_table(built.files[f"data/{n}.csv"]) for n in built.tables}


def text_table(given: Path | bytes) -> pl.DataFrame:
    """A CSV with every cell as text; an empty one is null."""
    return pl.read_csv(given, infer_schema=False)


def copies_for(wanted: int, frames: Iterable[pl.DataFrame]) -> int:
    """How many copies of the rows that bear the tag give about ``wanted`` rows."""
    rows = bearing = 0
    for frame in frames:
        rows, bearing = rows + frame.height, bearing + frame.filter(_tagged(frame)).height
    return max(1, round((wanted - rows + bearing) / bearing))


def tag(copy: int) -> str:
    """What a copy has in place of ``TAG``; as long as it, so that all copies have the same size."""
    text = f"{TAG[0]}{copy:0{len(TAG) - 1}d}"
    if len(text) != len(TAG):
        raise ValueError(f"{copy} copies are more than the tag {TAG} can tell apart")
    return text


def _copy(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    copy = frame.with_columns(pl.all().str.replace_all(TAG, tag(number), literal=True))
    # Two texts may not have the same hash; that of a copy is as made up as its text.
    return (
        copy.with_columns(pl.col("sha256").str.replace("^.{8}", f"{number:08x}"))
        if number and "sha256" in frame.columns
        else copy
    )


def expanded(frame: pl.DataFrame, copies: int) -> pl.DataFrame:
    """The rows without the tag once, those that bear it in every copy."""
    tagged = frame.filter(_tagged(frame))
    return pl.concat(
        [frame.filter(~_tagged(frame)), *(_copy(tagged, i) for i in range(copies if tagged.height else 0))]
    )


def typed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Text cells as values of the declared types."""
    as_type = {
        "integer": lambda c: c.cast(pl.Int64),
        "number": lambda c: c.cast(pl.Float64),
        "boolean": lambda c: c == "true",
        "date": lambda c: c.str.to_date("%Y-%m-%d"),
        "string": lambda c: c,
    }
    return frame.select(as_type[f.type](pl.col(f.name)) for f in table.fields)


def write_table(table: Table, frame: pl.DataFrame, folder: Path, package: dict) -> None:
    """The CSV and the Parquet of a table, as the pipeline's own writers would give them."""
    frame.write_csv(folder / f"data/{table.name}.csv")
    write_parquet(table, frame, folder, package)


def write_parquet(table: Table, frame: pl.DataFrame, folder: Path, package: dict) -> None:
    """The Parquet of a table of text cells, in pieces: the whole would need its memory twice."""
    schema = arrow_schema(table, file_metadata(table, package))
    with pq.ParquetWriter(
        folder / f"data/{table.name}.parquet",
        schema,
        compression="zstd",
        compression_level=3,
        version="2.6",
        data_page_version="1.0",
        store_schema=True,
    ) as writer:
        for start in range(0, frame.height, ROW_GROUP):
            piece = typed(table, frame.slice(start, ROW_GROUP)).to_arrow()
            writer.write_table(
                pa.Table.from_arrays(
                    [c.cast(f.type) for c, f in zip(piece.columns, schema, strict=True)], schema=schema
                ),
                row_group_size=ROW_GROUP,
            )


def _hashed(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {
            "bytes": path.stat().st_size,
            "hash": f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}",
        }


def write_descriptor(folder: Path, rows: dict[str, int], covers_to: dt.date) -> None:
    """``datapackage.json`` for the files that lie in ``folder``; ``rows`` by table."""
    resources = []
    for table in load_tables().values():
        given = resource(table, b"", b"", rows[table.name]) | _hashed(folder / f"data/{table.name}.csv")
        given["techpacts:parquet"] |= _hashed(folder / f"data/{table.name}.parquet")
        resources.append(given)
    (folder / "datapackage.json").write_bytes(
        to_json(descriptor(load_package(), resources, covers_to=covers_to))
    )


def write_package(folder: Path, rows: int, seed: int = 1) -> int:
    """A valid package of about ``rows`` rows in ``folder``; the number of rows it has. The same seed gives
    the same bytes.
    """
    (folder / "data").mkdir(parents=True)
    frames, package, tables = pattern(rows, seed), load_package(), load_tables()
    copies, counts, covers_to = copies_for(rows, frames.values()), {}, dt.date.min
    for table in tables.values():
        frame = expanded(frames[table.name], copies).sort(table.primary_key)
        counts[table.name] = frame.height
        if table.name == "sources":
            covers_to = dt.date.fromisoformat(str(frame["published_on"].max()))
        write_table(table, frame, folder, package)
    write_descriptor(folder, counts, covers_to)
    return sum(counts.values())
