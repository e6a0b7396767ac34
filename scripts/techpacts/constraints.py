"""What the cells of a table must be, stated once as expressions of polars.

The validator's own pass (``scripts/constraints/violations.py``) and the pandera schemas
(``pandera_schemas.py``) are both made from these. The wheel carries this module; it needs polars and pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import polars as pl
import pyarrow as pa

POLARS_TYPE = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}
# Plain strings and not dictionaries: some R and JavaScript readers lose dictionary columns silently.
ARROW_TYPE = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


class Column(Protocol):
    """A column as declared; ``scripts.model.tables.Field`` is one."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def unique(self) -> bool: ...
    @property
    def enum(self) -> Sequence[str] | None: ...
    @property
    def pattern(self) -> str | None: ...
    @property
    def minimum(self) -> float | None: ...
    @property
    def maximum(self) -> float | None: ...


class Declaration(Protocol):
    """A table as declared; ``scripts.model.tables.Table`` is one."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def fields(self) -> Sequence[Column]: ...
    @property
    def primary_key(self) -> Sequence[str]: ...
    @property
    def unique_keys(self) -> Sequence[Sequence[str]]: ...


@dataclass(frozen=True)
class PublishedColumn:
    """A column read from the descriptor."""

    name: str
    type: str
    title: str
    description: str
    required: bool = False
    unique: bool = False
    enum: Sequence[str] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class PublishedTable:
    """A table read from the descriptor."""

    name: str
    title: str
    description: str
    fields: Sequence[PublishedColumn]
    primary_key: Sequence[str]
    unique_keys: Sequence[Sequence[str]]


def published(resource: Mapping[str, Any]) -> PublishedTable:
    """Read the declaration of a table from its resource in ``datapackage.json``."""
    schema = resource["schema"]
    return PublishedTable(
        name=resource["name"],
        title=resource["title"],
        description=resource["description"],
        fields=[
            PublishedColumn(f["name"], f["type"], f["title"], f["description"], **f["constraints"])
            for f in schema["fields"]
        ],
        primary_key=schema["primaryKey"],
        unique_keys=schema.get("uniqueKeys", []),
    )


class Check(NamedTuple):
    """A constraint on the cells of ``columns``.

    ``keeps`` is true in the rows that keep it, false in those that break it, null where it does not apply.
    ``between_rows``: a row is held against the others and not judged by itself.
    """

    name: str
    description: str
    columns: tuple[str, ...]
    keeps: pl.Expr
    between_rows: bool = False


def checks(column: Column) -> Iterator[Check]:
    """Yield what the filled cells of a column must be; empty ones are judged by ``required`` alone."""
    name, cell = column.name, pl.col(column.name)
    if column.enum:
        values = list(column.enum)
        yield Check("enum", f"{name} is one of: {', '.join(values)}", (name,), cell.is_in(values))
    if column.pattern:
        # The end of the text is \z for Rust; $ would let a trailing line feed pass.
        whole = cell.str.contains(rf"\A(?:{column.pattern})\z")
        yield Check("pattern", f"the whole of {name} matches {column.pattern}", (name,), whole)
    if column.type == "number":
        yield Check("finite", f"{name} is a finite number", (name,), cell.is_finite())
    if column.minimum is not None:
        yield Check("minimum", f"{name} is at least {column.minimum}", (name,), cell >= column.minimum)
    if column.maximum is not None:
        yield Check("maximum", f"{name} is at most {column.maximum}", (name,), cell <= column.maximum)
    if column.unique:
        yield unique("unique", [name])


def required(column: Column) -> Check:
    """Return the check that a cell is filled."""
    name = column.name
    return Check("required", f"{name} is never empty", (name,), pl.col(name).is_not_null())


def unique(name: str, columns: Sequence[str]) -> Check:
    """Return the check that no row repeats an earlier one in ``columns``; as in SQL, an empty cell repeats
    nothing.
    """
    filled = pl.all_horizontal(pl.col(c).is_not_null() for c in columns)
    cells = pl.col(columns[0]) if len(columns) == 1 else pl.struct(columns)
    return Check(
        name,
        f"no two rows have the same {', '.join(columns)}; an empty cell equals no other",
        tuple(columns),
        pl.when(filled).then(cells.is_first_distinct()),
        between_rows=True,
    )
