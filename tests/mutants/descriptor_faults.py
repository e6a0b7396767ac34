"""Faults of the descriptor; the files are sound."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.mini import TABLES
from tests.mutants.operator import Mutant, Place, operator
from tests.mutants.world import World

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


@operator(
    "descriptor",
    "A property of the package misspelt.",
    "The known name is missing and the misspelt one is not known: two reports.",
)
def package_property_misspelt(world: World) -> Iterator[Mutant]:
    for name in world.descriptor:
        if name != "resources" and not name.startswith("techpacts:"):
            mutant = _described(world, name, lambda d, n=name: d.update({n + "s": d.pop(n)}), name)
            yield Mutant(
                "data",
                name,
                mutant.damage,
                (*mutant.expected, Place(DESCRIPTOR, 0, name + "s", "descriptor")),
            )


# These are held against the files and reported there; see the group "file".
HELD_AGAINST_FILES = {"name", "bytes", "hash", "techpacts:rows", "techpacts:parquet", "path"}


@operator("descriptor", "A property of a resource with another value.")
def resource_property(world: World) -> Iterator[Mutant]:
    for i, r in enumerate(world.descriptor["resources"]):
        # The schema in every resource; of the other properties, which are alike in all, one after another.
        names = [n for n in r if n not in HELD_AGAINST_FILES]
        for name in {"schema", names[i % len(names)]}:
            yield _described(
                world,
                f"{r['name']}.{name}",
                lambda d, t=r["name"], n=name: _resource(d, t).update({n: _other(_resource(d, t)[n])}),
                f"{r['name']}.{name}",
            )


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
                yield _described(
                    world,
                    f"{name}.{field['name']}.{constraint}",
                    lambda d, n=name, i=i, c=constraint: _resource(d, n)["schema"]["fields"][i][
                        "constraints"
                    ].pop(c),
                    f"{name}.schema",
                )


@operator("descriptor", "Another type for a field of each schema in the descriptor.")
def field_type_changed(world: World) -> Iterator[Mutant]:
    for name, table in TABLES.items():
        seen = set()
        for i, field in enumerate(table.fields):
            if field.type in seen:
                continue
            seen.add(field.type)
            other = "any" if field.type == "string" else "string"
            yield _described(
                world,
                f"{name}.{field.name}",
                lambda d, n=name, i=i, o=other: _resource(d, n)["schema"]["fields"][i].update(type=o),
                f"{name}.schema",
            )


@operator("descriptor", "A key removed from a schema in the descriptor.")
def key_removed(world: World) -> Iterator[Mutant]:
    for r in world.descriptor["resources"]:
        for key in ("primaryKey", "foreignKeys", "uniqueKeys"):
            if key in r["schema"]:
                yield _described(
                    world,
                    f"{r['name']}.{key}",
                    lambda d, n=r["name"], k=key: _resource(d, n)["schema"].pop(k),
                    f"{r['name']}.schema",
                )


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
    yield _described(
        world,
        "appendix",
        lambda d: d["resources"].append({**_resource(d, "funding"), "name": "appendix"}),
        "appendix",
    )


@operator("descriptor", "A resource whose path is the file of another table, or outside of the package.")
def resource_path(world: World) -> Iterator[Mutant]:
    names = list(TABLES)
    for i, name in enumerate(names):
        yield _described(
            world,
            name,
            lambda d, n=name, o=names[i - 1]: _resource(d, n).update(path=f"data/{o}.csv"),
            f"{name}.path",
        )
    for path in ("../funding.csv", "/etc/hosts", "https://example.org/funding.csv", "", "data/\0.csv"):
        outside = _described(
            world,
            f"funding:{path[:8]!r}",
            lambda d, p=path: _resource(d, "funding").update(path=p),
            "funding.path",
        )
        yield Mutant("data", outside.spot, outside.damage, (Place(DESCRIPTOR, 0, "funding.path", "path"),))


@operator("descriptor", "A wrong number of rows in the descriptor.")
def wrong_row_count(world: World) -> Iterator[Mutant]:
    for name in TABLES:
        m = _described(
            world,
            name,
            lambda d, n=name: _resource(d, n).update(
                {"techpacts:rows": _resource(d, n)["techpacts:rows"] + 1}
            ),
            "",
        )
        yield Mutant("data", name, m.damage, (Place(DESCRIPTOR, 0, f"{name}.techpacts:rows", "row-count"),))


@operator("descriptor", "A descriptor that is no JSON.")
def descriptor_broken(world: World) -> Iterator[Mutant]:
    sound = world.files[DESCRIPTOR]
    for spot, data, line in (
        ("cut", sound[: len(sound) // 2], None),
        ("empty", b"", 1),
        ("utf-16", sound.decode().encode("utf-16"), 0),
    ):
        at = data.count(b"\n") + 1 if line is None else line
        yield Mutant("data", spot, lambda d=data: {DESCRIPTOR: d}, (Place(DESCRIPTOR, at, "", "json"),))
