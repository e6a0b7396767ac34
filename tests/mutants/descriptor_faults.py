"""Faults of the descriptor, and of a Parquet file that is not the CSV beside it."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.tableschema import Field
from tests.mini import TABLES
from tests.mutants.damage import forge
from tests.mutants.operator import Mutant, Place, operator
from tests.mutants.world import Sheet, World

DESCRIPTOR = "datapackage.json"
Change = Callable[[dict], Any]


def _described(world: World, spot: str, change: Change, column: str) -> Mutant:
    """The descriptor changed and nothing else, to be reported at ``column`` of it."""

    def damage() -> dict[str, bytes]:
        given = copy.deepcopy(world.descriptor)
        change(given)
        return {DESCRIPTOR: json.dumps(given, ensure_ascii=False).encode("utf-8")}

    return Mutant("data", spot, damage, (Place(DESCRIPTOR, 0, column, "descriptor"),))


def _resource(given: dict, name: str) -> dict:
    return next(r for r in given["resources"] if r["name"] == name)


def _other(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case str():
            return value + "x"
        case bool():
            return not value
        case int():
            return value + 1
        case list():
            return value[:-1]
        case _:
            return {**value, "x": "x"}


@operator("descriptor", "A property of the package with another value.")
def package_property(world: World) -> Iterator[Mutant]:
    for name in world.descriptor:
        if name != "resources":
            yield _described(world, name, lambda d, n=name: d.update({n: _other(d[n])}), name)


@operator("descriptor", "A property of the package taken out.")
def package_property_missing(world: World) -> Iterator[Mutant]:
    for name in world.descriptor:
        yield _described(world, name, lambda d, n=name: d.pop(n), name)


@operator("descriptor", "A property of the package misspelt.", "The known name is missing and the misspelt one is not known: two reports.")
def package_property_misspelt(world: World) -> Iterator[Mutant]:
    for name in world.descriptor:
        if name != "resources" and not name.startswith("techpacts:"):
            mutant = _described(world, name, lambda d, n=name: d.update({n + "s": d.pop(n)}), name)
            yield Mutant("data", name, mutant.damage, (*mutant.expected, Place(DESCRIPTOR, 0, name + "s", "descriptor")))


# These are held against the files and reported there; see the group "file".
HELD_AGAINST_FILES = {"name", "bytes", "hash", "techpacts:rows", "techpacts:parquet", "path"}


@operator("descriptor", "A property of a resource with another value.")
def resource_property(world: World) -> Iterator[Mutant]:
    for i, r in enumerate(world.descriptor["resources"]):
        # The schema in every resource; of the other properties, which are alike in all, one after another.
        names = [n for n in r if n not in HELD_AGAINST_FILES]
        for name in {"schema", names[i % len(names)]}:
            yield _described(world, f"{r['name']}.{name}", lambda d, t=r["name"], n=name: _resource(d, t).update({n: _other(_resource(d, t)[n])}), f"{r['name']}.{name}")


@operator("descriptor", "A schema removed from its resource.")
def schema_removed(world: World) -> Iterator[Mutant]:
    for name in TABLES:
        yield _described(world, name, lambda d, n=name: _resource(d, n).pop("schema"), f"{name}.schema")


@operator("descriptor", "A constraint of each kind removed from each schema in the descriptor.")
def constraint_loosened(world: World) -> Iterator[Mutant]:
    for name, table in TABLES.items():
        seen = set()
        for i, field in enumerate(table.declaration["fields"]):
            for constraint in sorted(set(field.get("constraints", {})) - seen):
                seen.add(constraint)
                yield _described(world, f"{name}.{field['name']}.{constraint}", lambda d, n=name, i=i, c=constraint: _resource(d, n)["schema"]["fields"][i]["constraints"].pop(c), f"{name}.schema")


@operator("descriptor", "Another type for a field of each schema in the descriptor.")
def field_type_changed(world: World) -> Iterator[Mutant]:
    for name, table in TABLES.items():
        seen = set()
        for i, field in enumerate(table.fields):
            if field.type in seen:
                continue
            seen.add(field.type)
            other = "any" if field.type == "string" else "string"
            yield _described(world, f"{name}.{field.name}", lambda d, n=name, i=i, o=other: _resource(d, n)["schema"]["fields"][i].update(type=o), f"{name}.schema")


@operator("descriptor", "A key removed from a schema in the descriptor.")
def key_removed(world: World) -> Iterator[Mutant]:
    for r in world.descriptor["resources"]:
        for key in ("primaryKey", "foreignKeys", "uniqueKeys"):
            if key in r["schema"]:
                yield _described(world, f"{r['name']}.{key}", lambda d, n=r["name"], k=key: _resource(d, n)["schema"].pop(k), f"{r['name']}.schema")


@operator("descriptor", "A resource taken out of the descriptor; its files are still there.")
def resource_removed(world: World) -> Iterator[Mutant]:
    for name in TABLES:
        yield _described(world, name, lambda d, n=name: d["resources"].remove(_resource(d, n)), "resources")


@operator("descriptor", "A resource that stands twice.")
def resource_twice(world: World) -> Iterator[Mutant]:
    for name in TABLES:
        yield _described(world, name, lambda d, n=name: d["resources"].append(_resource(d, n)), name)


@operator("descriptor", "A resource of a table that is not declared.")
def resource_unknown(world: World) -> Iterator[Mutant]:
    yield _described(world, "appendix", lambda d: d["resources"].append({**_resource(d, "funding"), "name": "appendix"}), "appendix")


@operator("descriptor", "A resource whose path is the file of another table, or outside of the package.")
def resource_path(world: World) -> Iterator[Mutant]:
    names = list(TABLES)
    for i, name in enumerate(names):
        yield _described(world, name, lambda d, n=name, o=names[i - 1]: _resource(d, n).update(path=f"data/{o}.csv"), f"{name}.path")
    for path in ("../funding.csv", "/etc/hosts", "https://example.org/funding.csv", "", "data/\0.csv"):
        outside = _described(world, f"funding:{path[:8]!r}", lambda d, p=path: _resource(d, "funding").update(path=p), "funding.path")
        yield Mutant("data", outside.spot, outside.damage, (Place(DESCRIPTOR, 0, "funding.path", "path"),))


@operator("descriptor", "A wrong number of rows in the descriptor.")
def wrong_row_count(world: World) -> Iterator[Mutant]:
    for name in TABLES:
        m = _described(world, name, lambda d, n=name: _resource(d, n).update({"techpacts:rows": _resource(d, n)["techpacts:rows"] + 1}), "")
        yield Mutant("data", name, m.damage, (Place(DESCRIPTOR, 0, f"{name}.techpacts:rows", "row-count"),))


@operator("descriptor", "A descriptor that is no JSON.")
def descriptor_broken(world: World) -> Iterator[Mutant]:
    sound = world.files[DESCRIPTOR]
    for spot, data, line in (("cut", sound[: len(sound) // 2], None), ("empty", b"", 1), ("utf-16", sound.decode().encode("utf-16"), 0)):
        at = data.count(b"\n") + 1 if line is None else line
        yield Mutant("data", spot, lambda d=data: {DESCRIPTOR: d}, (Place(DESCRIPTOR, at, "", "json"),))


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
        return {"string": "x", "int64": 1, "double": 1.5, "bool": True, "date32[day]": dt.date(2025, 1, 1)}[str(kind)]
    if isinstance(value, bool):
        return not value
    return value + ("x" if isinstance(value, str) else dt.timedelta(1) if isinstance(value, dt.date) else 1)


def _with_column(table: pa.Table, name: str, values: list, kind: pa.DataType) -> pa.Table:
    at = table.schema.get_field_index(name)
    field = table.schema.field(at).with_type(kind)
    return table.set_column(at, field, pa.array(values, kind)).replace_schema_metadata(table.schema.metadata)


def _cells(world: World, salt: str, sheet: Sheet, fields: list[Field], change: Callable[[Any, pa.DataType], Any]) -> Mutant:
    """A row of each of ``fields`` changed in the Parquet file; each cell is to be reported."""
    file = f"data/{sheet.name}.parquet"
    rows = {f.name: sheet.pick(salt, f.name) for f in fields}

    def changed(table: pa.Table) -> pa.Table:
        for name, row in rows.items():
            kind = table.schema.field(name).type
            table = _with_column(table, name, [change(v, kind) if i == row else v for i, v in enumerate(table.column(name).to_pylist())], kind)
        return table

    return Mutant("data", sheet.name, _parquet(world, sheet.name, changed), tuple(Place(file, row + 2, name, "parquet") for name, row in rows.items()))


EACH_COLUMN = "A cell of every column at once: each is reported."


@operator("parquet", "Cells of the Parquet file that differ from the CSV.", EACH_COLUMN)
def parquet_cell(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        yield _cells(world, "parquet-cell", sheet, list(sheet.fields), _another)


@operator("parquet", "Cells of the Parquet file that are empty where the CSV has a value.", EACH_COLUMN)
def parquet_cell_empty(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        fields = [f for f in sheet.fields if not f.required and sheet.csv.cell(sheet.pick("parquet-cell-empty", f.name), f.name)]
        if fields:
            yield _cells(world, "parquet-cell-empty", sheet, fields, lambda value, kind: None)


@operator("parquet", "A Parquet column of another type: one of each type in each table.")
def parquet_type(world: World) -> Iterator[Mutant]:
    other = {"string": pa.large_string(), "integer": pa.float64(), "number": pa.float32(), "boolean": pa.int8(), "date": pa.timestamp("us")}
    for name, table in TABLES.items():
        for field in {f.type: f for f in table.fields}.values():

            def change(t: pa.Table, n: str = field.name, kind: pa.DataType = other[field.type]) -> pa.Table:
                return _with_column(t, n, t.column(n).cast(kind).to_pylist(), kind)

            yield Mutant("data", f"{name}.{field.name}", _parquet(world, name, change), (Place(f"data/{name}.parquet", 0, field.name, "parquet"),))


@operator("parquet", "A Parquet column of text saved as categories, which some readers lose.")
def parquet_categories(world: World) -> Iterator[Mutant]:
    kind = pa.dictionary(pa.int32(), pa.string())
    for name, table in TABLES.items():
        field = next(f for f in table.fields if f.type == "string")
        yield Mutant("data", f"{name}.{field.name}", _parquet(world, name, lambda t, n=field.name: t.set_column(t.schema.get_field_index(n), t.schema.field(n).with_type(kind), t.column(n).cast(pa.string()).dictionary_encode().cast(kind)).replace_schema_metadata(t.schema.metadata)), (Place(f"data/{name}.parquet", 0, field.name, "parquet"),))


@operator("parquet", "A Parquet column that may not be empty declared as one that may.")
def parquet_nullable(world: World) -> Iterator[Mutant]:
    for name, table in TABLES.items():
        field = next(f for f in table.fields if f.required)
        yield Mutant("data", f"{name}.{field.name}", _parquet(world, name, lambda t, n=field.name: t.cast(pa.schema([f.with_nullable(True) if f.name == n else f for f in t.schema], metadata=t.schema.metadata))), (Place(f"data/{name}.parquet", 0, field.name, "parquet"),))


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
        yield Mutant("data", f"{name}:{spot}", _parquet(world, name, change), (Place(f"data/{name}.parquet", 0, "", "parquet"),))


@operator("parquet", "A Parquet file with a row less, one more, or none.")
def parquet_rows(world: World) -> Iterator[Mutant]:
    changes: dict[str, Callable[[pa.Table], pa.Table]] = {"less": lambda t: t.slice(1), "more": lambda t: pa.concat_tables([t, t.slice(0, 1)]), "none": lambda t: t.slice(0, 0)}
    for i, name in enumerate(TABLES):
        spot, change = list(changes.items())[i % len(changes)]
        yield Mutant("data", f"{name}:{spot}", _parquet(world, name, change), (Place(f"data/{name}.parquet", 0, "", "parquet"),))


@operator("parquet", "What a Parquet file says of itself (schema, version, citation, licence) changed.")
def parquet_metadata(world: World) -> Iterator[Mutant]:
    keys = ("tableschema", "version", "citation", "licence")
    for i, name in enumerate(TABLES):
        key = keys[i % len(keys)].encode()
        yield Mutant("data", f"{name}:{key.decode()}", _parquet(world, name, lambda t, k=key: t.replace_schema_metadata({**t.schema.metadata, k: t.schema.metadata[k] + b"x"})), (Place(f"data/{name}.parquet", 0, "", "parquet"),))
