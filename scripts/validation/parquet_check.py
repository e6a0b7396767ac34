"""The Parquet file of a table against its declaration, and against its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.model.tables import Table
from scripts.store.fast_reader import same_types
from scripts.store.parquet import arrow_schema, file_metadata
from scripts.validation.descriptor_check import REBUILD


def _problem(path: Path, message: str, row: int = 0, column: str = "") -> Problem:
    return Problem(shown(path, ROOT), row, column, message, REBUILD, "parquet")


def _unreadable(path: Path, error: Exception) -> Problem:
    reason = (str(error).splitlines() or [""])[0][:80]
    return _problem(path, f"it cannot be read as Parquet ({reason})")


def check_parquet_schema(
    path: Path, table: Table, package: dict[str, Any]
) -> tuple[pa.Schema | None, list[Problem]]:
    """Hold columns, types and metadata of a Parquet file against the declaration of its table.

    Returns its schema where its rows can be compared, and what is wrong with it.
    """
    try:
        found = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        return None, [_unreadable(path, error)]
    wanted = arrow_schema(table)
    if found.names != wanted.names:
        names = ", ".join(brief(n)[1:-1] for n in found.names[:50])
        return None, [_problem(path, f"its columns are {names}")]
    if not same_types(found, table):
        return None, list(_other_types(path, found, wanted))
    given = {
        k.decode("utf-8", "replace"): v.decode("utf-8", "replace") for k, v in (found.metadata or {}).items()
    }
    return found, [
        _problem(path, f"its metadata {key} is not that of the package")
        for key, value in file_metadata(table, package).items()
        if given.get(key) != value
    ]


def _other_types(path: Path, found: pa.Schema, wanted: pa.Schema) -> Iterator[Problem]:
    for f in wanted:
        other = found.field(f.name)
        if other.type != f.type:
            yield _problem(path, f"the type is {other.type}, not {f.type}", column=f.name)
        elif other.nullable and not f.nullable:
            message = "its cells may be empty, which the declaration does not allow"
            yield _problem(path, message, column=f.name)
        elif f.nullable and not other.nullable:
            message = "its cells may not be empty, which the declaration allows"
            yield _problem(path, message, column=f.name)


def compare_cells(path: Path, frame: pl.DataFrame) -> Iterator[Problem]:
    """Hold a Parquet file against the rows of a CSV that has no faults of its own, cell by cell."""
    try:
        # As many rows as the CSV at most: a few bytes of Parquet can stand for any number.
        height = pq.read_metadata(path).num_rows
        other = pl.DataFrame(pl.from_arrow(pq.read_table(path))) if height == frame.height else None
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        yield _unreadable(path, error)
        return
    if other is None:
        yield _problem(path, f"it has {height} rows, the CSV {frame.height}")
        return
    for name in frame.columns:
        for index in frame[name].ne_missing(other[name]).arg_true():
            message = f"it holds {brief(other[name][index])}, the CSV {brief(frame[name][index])}"
            yield _problem(path, message, index + 2, name)
