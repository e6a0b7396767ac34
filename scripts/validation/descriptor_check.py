"""The descriptor against the declarations: ``datapackage.json`` must promise what ``schemas/`` says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

from scripts.model.problems import Problem, brief
from scripts.model.tables import Table
from scripts.package.descriptor import described, descriptor
from scripts.store.files import inside

REBUILD = "rebuild with python -m scripts build"
# Properties of a resource that speak of its files and not of its table.
OF_FILES = {"path", "bytes", "hash", "techpacts:rows", "techpacts:parquet"}
# Days in the descriptor.
DAYS = ("techpacts:coversTo", "techpacts:asOf")
# The property at fault, what is wrong, and how to fix it.
Fault = tuple[str, str, str]


def _is_day(text: object) -> TypeGuard[str]:
    """Return whether ``text`` is a day written as YYYY-MM-DD."""
    try:
        return isinstance(text, str) and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_descriptor(
    given: Any, tables: dict[str, Table], package: dict[str, Any], file: str
) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """Hold a descriptor against the schemas and ``schemas/package.json``.

    Returns its resources by name of the table, and what is wrong with it; ``file`` is its name in messages.
    """
    if not isinstance(given, dict) or not isinstance(given.get("resources"), list):
        faults: list[Fault] = [("resources", "there is no list of resources", REBUILD)]
        return {}, _problems(file, faults)
    faults = list(_package_faults(given, package))
    resources: dict[str, dict[str, Any]] = {}
    for r in given["resources"]:
        name = str(r.get("name")) if isinstance(r, dict) else ""
        if name not in tables:
            fix = "remove the resource, or declare the table in schemas/"
            faults.append((name, f"there is no table {brief(name)}", fix))
        elif name in resources:
            faults.append((name, "duplicate resource", "keep one"))
        else:
            resources[name] = r
            faults += _resource_faults(r, tables[name])
    faults += [
        ("resources", f"the table {name} is not listed", REBUILD) for name in tables if name not in resources
    ]
    return resources, _problems(file, faults)


def _problems(file: str, faults: list[Fault]) -> list[Problem]:
    return [Problem(file, 0, *fault, "descriptor") for fault in faults]


def _package_faults(given: dict[str, Any], package: dict[str, Any]) -> Iterator[Fault]:
    """Yield faults of what the descriptor says of the package as a whole."""
    wanted = descriptor(package, [], covers_to=None) | {"resources": given["resources"]}
    for name, value in wanted.items():
        if name not in given:
            yield name, f"{name} is missing", REBUILD
        elif name not in DAYS and given[name] != value:
            yield name, f"{name} is not that of schemas/package.json", REBUILD
    yield from _unknown("", set(given) - {*wanted, "techpacts:asOf"})
    for name in DAYS:
        if name in given and not _is_day(given[name]):
            yield name, f"{brief(given[name])} is not a day", "write it as YYYY-MM-DD"


def _resource_faults(given: dict[str, Any], table: Table) -> Iterator[Fault]:
    """Yield faults of what the descriptor says of a table and its files."""
    name, wanted = table.name, described(table)
    for key, value in wanted.items():
        if given.get(key) != value:
            message = f"{key} is {brief(given.get(key))}, not {brief(value)}"
            if key == "schema":
                message = "the schema in the descriptor is not the one in schemas/"
            yield f"{name}.{key}", message, REBUILD
    yield from _unknown(f"{name}.", set(given) - set(wanted) - OF_FILES)
    yield from _path_faults(f"{name}.path", given.get("path"), f"data/{name}.csv")
    beside, where = given.get("techpacts:parquet"), f"{name}.techpacts:parquet"
    of_parquet = beside if isinstance(beside, dict) else {}
    yield from _path_faults(where, of_parquet.get("path"), f"data/{name}.parquet")
    for key in sorted(set(of_parquet) - {"path", "bytes", "hash"}):
        yield where, f"the property {brief(key)} is not known", "remove it"


def _unknown(where: str, names: set[str]) -> Iterator[Fault]:
    for name in sorted(names):
        yield f"{where}{name}", f"the property {brief(name)} is not known", "remove it"


def _path_faults(where: str, path: Any, wanted: str) -> Iterator[Fault]:
    """Yield that a path inside the package is another one; one that leads out of it is reported with the
    files.
    """
    if path != wanted and inside(Path(), path) is not None:
        yield where, f"the path is {brief(path)}, not {wanted}", REBUILD


def day_problems(given: Any, newest: object, file: str) -> list[Problem]:
    """Hold the days in a descriptor against the day of the newest source; None where there is no source."""
    if newest is None or not isinstance(given, dict):
        return []
    covers_to, as_of = (given.get(name) for name in DAYS)
    faults: list[Fault] = []
    if _is_day(covers_to) and covers_to != str(newest):
        faults.append((DAYS[0], f"it says {covers_to}, the newest source is of {newest}", REBUILD))
    if _is_day(as_of) and as_of < str(newest):
        message = f"it says {as_of}, the newest source is of {newest}"
        faults.append((DAYS[1], message, "remove it, or build the package as of that day"))
    return _problems(file, faults)
