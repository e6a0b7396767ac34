"""The descriptor against the declarations: what ``datapackage.json`` promises must be what ``schemas/`` says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from scripts.model.problems import Problem, brief
from scripts.model.tables import Table
from scripts.package.descriptor import described, descriptor
from scripts.store.files import inside

REBUILD = "rebuild with python -m scripts build"
# Files beside the tables that a package folder may hold.
COMPANIONS = {"README.md"}
# Properties of a resource that speak of its files and not of its table.
OF_FILES = {"path", "bytes", "hash", "techpacts:rows", "techpacts:parquet"}


def is_day(text: Any) -> bool:
    """Whether ``text`` is a day written as YYYY-MM-DD."""
    try:
        return isinstance(text, str) and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_descriptor(
    given: Any, tables: dict[str, Table], package: dict, file: str, problems: list[Problem]
) -> dict[str, dict[str, Any]]:
    """The resources by name, after the descriptor was held against the schemas and ``schemas/package.json``."""

    def say(column: str, message: str, fix: str = REBUILD) -> None:
        problems.append(Problem(file, 0, column, message, fix, "descriptor"))

    if not isinstance(given, dict) or not isinstance(given.get("resources"), list):
        say("resources", "there is no list of resources")
        return {}
    wanted = descriptor(package, [], covers_to=None) | {"resources": given["resources"]}
    for name, value in wanted.items():
        if (name not in given) if name == "techpacts:coversTo" else given.get(name) != value:
            say(
                name, f"{name} is not that of schemas/package.json" if name in given else f"{name} is missing"
            )
    known = {*wanted, "techpacts:asOf"}
    for name in sorted(k for k in given if k not in known):
        say(name, f"the property {brief(name)} is not known", "take it out")
    for name in ("techpacts:coversTo", "techpacts:asOf"):
        if name in known & set(given) and not is_day(given[name]):
            say(name, f"{brief(given[name])} is not a day", "write it as YYYY-MM-DD")
    resources = {}
    for r in given["resources"]:
        name = str(r.get("name")) if isinstance(r, dict) else ""
        if name not in tables:
            say(
                name,
                f"there is no table {brief(name)}",
                "take the resource out, or declare the table in schemas/",
            )
        elif name in resources:
            say(name, "duplicate resource", "keep one")
        else:
            resources[name] = r
            for key, value in described(tables[name]).items():
                if r.get(key) != value:
                    say(
                        f"{name}.{key}",
                        (
                            "the schema in the descriptor is not the one in schemas/"
                            if key == "schema"
                            else f"{key} is {brief(r.get(key))}, not {brief(value)}"
                        ),
                    )
            for key in sorted(set(r) - set(described(tables[name])) - OF_FILES):
                say(f"{name}.{key}", f"the property {brief(key)} is not known", "take it out")
            path = r.get("path")
            if path != f"data/{name}.csv" and inside(Path(), path) is not None:
                say(f"{name}.path", f"the path is {brief(path)}, not data/{name}.csv")
            beside = r.get("techpacts:parquet")
            path = beside.get("path") if isinstance(beside, dict) else None
            if path != f"data/{name}.parquet" and inside(Path(), path) is not None:
                say(f"{name}.techpacts:parquet", f"the path is {brief(path)}, not data/{name}.parquet")
            for key in sorted(set(beside) - {"path", "bytes", "hash"}) if isinstance(beside, dict) else ():
                say(f"{name}.techpacts:parquet", f"the property {brief(key)} is not known", "take it out")
    for name in tables:
        if name not in resources:
            say("resources", f"the table {name} is not listed")
    return resources
