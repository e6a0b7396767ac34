"""Faults of a Parquet file that is not the CSV beside it; the descriptor has its size and hash."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.tables import Field
from tests.mini import TABLES
from tests.mutants.damage import forge
from tests.mutants.operator import Mutant, Place, operator
from tests.mutants.world import Sheet, World


def _parquet(world: World, name: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[], Any]:
    """A Parquet file changed, with its size and hash in the descriptor made right; the CSV as it was."""

    def damage() -> Any:
        out = io.BytesIO()
        pq.write_table(change(pq.read_table(io.BytesIO(world.files[f"data/{name}.parquet"]))), out)
        return forge(world, name, world.files[f"data/{name}.csv"], parquet=out.getvalue())

    return damage


def _another(value: Any, kind: pa.DataType) -> Any:
    """Another value of the same Arrow type."""
    if value is None:
        return {"string": "x", "int64": 1, "double": 1.5, "bool": True, "date32[day]": dt.date(2025, 1, 1)}[
            str(kind)
        ]
    if isinstance(value, bool):
        return not value
    return value + ("x" if isinstance(value, str) else dt.timedelta(1) if isinstance(value, dt.date) else 1)


def _with_column(table: pa.Table, name: str, values: list, kind: pa.DataType) -> pa.Table:
    at = table.schema.get_field_index(name)
    field = table.schema.field(at).with_type(kind)
    return table.set_column(at, field, pa.array(values, kind)).replace_schema_metadata(table.schema.metadata)


def _cells(
    world: World, salt: str, sheet: Sheet, fields: list[Field], change: Callable[[Any, pa.DataType], Any]
) -> Mutant:
    """A row of each of ``fields`` changed in the Parquet file; each cell is to be reported."""
    file = f"data/{sheet.name}.parquet"
    rows = {f.name: sheet.pick(salt, f.name) for f in fields}

    def changed(table: pa.Table) -> pa.Table:
        for name, row in rows.items():
            kind = table.schema.field(name).type
            table = _with_column(
                table,
                name,
                [change(v, kind) if i == row else v for i, v in enumerate(table.column(name).to_pylist())],
                kind,
            )
        return table

    return Mutant(
        "data",
        sheet.name,
        _parquet(world, sheet.name, changed),
        tuple(Place(file, row + 2, name, "parquet") for name, row in rows.items()),
    )


EACH_COLUMN = "A cell of every column at once: each is reported."


@operator("parquet", "Cells of the Parquet file that differ from the CSV.", EACH_COLUMN)
def parquet_cell(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        yield _cells(world, "parquet-cell", sheet, list(sheet.fields), _another)


@operator("parquet", "Cells of the Parquet file that are empty where the CSV has a value.", EACH_COLUMN)
def parquet_cell_empty(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        fields = [
            f
            for f in sheet.fields
            if not f.required and sheet.csv.cell(sheet.pick("parquet-cell-empty", f.name), f.name)
        ]
        if fields:
            yield _cells(world, "parquet-cell-empty", sheet, fields, lambda value, kind: None)


@operator("parquet", "A Parquet column of another type: one of each type in each table.")
def parquet_type(world: World) -> Iterator[Mutant]:
    other = {
        "string": pa.large_string(),
        "integer": pa.float64(),
        "number": pa.float32(),
        "boolean": pa.int8(),
        "date": pa.timestamp("us"),
    }
    for name, table in TABLES.items():
        for field in {f.type: f for f in table.fields}.values():

            def change(t: pa.Table, n: str = field.name, kind: pa.DataType = other[field.type]) -> pa.Table:
                return _with_column(t, n, t.column(n).cast(kind).to_pylist(), kind)

            yield Mutant(
                "data",
                f"{name}.{field.name}",
                _parquet(world, name, change),
                (Place(f"data/{name}.parquet", 0, field.name, "parquet"),),
            )


@operator("parquet", "A Parquet column of text saved as categories, which some readers lose.")
def parquet_categories(world: World) -> Iterator[Mutant]:
    kind = pa.dictionary(pa.int32(), pa.string())
    for name, table in TABLES.items():
        field = next(f for f in table.fields if f.type == "string")
        yield Mutant(
            "data",
            f"{name}.{field.name}",
            _parquet(
                world,
                name,
                lambda t, n=field.name: t.set_column(
                    t.schema.get_field_index(n),
                    t.schema.field(n).with_type(kind),
                    t.column(n).cast(pa.string()).dictionary_encode().cast(kind),
                ).replace_schema_metadata(t.schema.metadata),
            ),
            (Place(f"data/{name}.parquet", 0, field.name, "parquet"),),
        )


@operator("parquet", "A Parquet column that may not be empty declared as one that may.")
def parquet_nullable(world: World) -> Iterator[Mutant]:
    for name, table in TABLES.items():
        field = next(f for f in table.fields if f.required)
        yield Mutant(
            "data",
            f"{name}.{field.name}",
            _parquet(
                world,
                name,
                lambda t, n=field.name: t.cast(
                    pa.schema(
                        [f.with_nullable(True) if f.name == n else f for f in t.schema],
                        metadata=t.schema.metadata,
                    )
                ),
            ),
            (Place(f"data/{name}.parquet", 0, field.name, "parquet"),),
        )


@operator("parquet", "A Parquet file with a column less, one more, one renamed, or two exchanged.")
def parquet_columns(world: World) -> Iterator[Mutant]:
    changes: dict[str, Callable[[pa.Table], pa.Table]] = {
        "less": lambda t: t.drop_columns([t.column_names[-1]]),
        "more": lambda t: t.append_column("x", pa.nulls(t.num_rows, pa.string())),
        "renamed": lambda t: t.rename_columns(["x", *t.column_names[1:]]),
        "exchanged": lambda t: t.select([t.column_names[1], t.column_names[0], *t.column_names[2:]]),
    }
    for i, name in enumerate(TABLES):
        spot, change = list(changes.items())[i % len(changes)]
        yield Mutant(
            "data",
            f"{name}:{spot}",
            _parquet(world, name, change),
            (Place(f"data/{name}.parquet", 0, "", "parquet"),),
        )


@operator("parquet", "A Parquet file with a row less, one more, or none.")
def parquet_rows(world: World) -> Iterator[Mutant]:
    changes: dict[str, Callable[[pa.Table], pa.Table]] = {
        "less": lambda t: t.slice(1),
        "more": lambda t: pa.concat_tables([t, t.slice(0, 1)]),
        "none": lambda t: t.slice(0, 0),
    }
    for i, name in enumerate(TABLES):
        spot, change = list(changes.items())[i % len(changes)]
        yield Mutant(
            "data",
            f"{name}:{spot}",
            _parquet(world, name, change),
            (Place(f"data/{name}.parquet", 0, "", "parquet"),),
        )


@operator("parquet", "What a Parquet file says of itself (schema, license) changed.")
def parquet_metadata(world: World) -> Iterator[Mutant]:
    keys = ("tableschema", "license")
    for i, name in enumerate(TABLES):
        key = keys[i % len(keys)].encode()
        yield Mutant(
            "data",
            f"{name}:{key.decode()}",
            _parquet(
                world,
                name,
                lambda t, k=key: t.replace_schema_metadata(
                    {**t.schema.metadata, k: t.schema.metadata[k] + b"x"}
                ),
            ),
            (Place(f"data/{name}.parquet", 0, "", "parquet"),),
        )
