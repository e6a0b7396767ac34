"""Checks a package on disk: bytes, form, types, keys, rules, CSV against Parquet, descriptor against files."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.build import build, validate_frames
from scripts.constraints import frame_of
from scripts.csvfile import Row, read_rows, sort_rows, write_rows
from scripts.package import load_package, table_schema
from scripts.parquet import arrow_schema, file_metadata
from scripts.passages import sha256
from scripts.problems import BadData, CannotRun, Problem, brief, shown
from scripts.tableschema import ROOT, Table, load_tables, read_json

REBUILD = "rebuild with python -m scripts build"
# Files beside the tables that a package folder may hold.
COMPANIONS = {"README.md"}


def _inside(folder: Path, name: Any) -> Path | None:
    """The file that a descriptor names, where it lies in the package and is no link out of it."""
    if not isinstance(name, str) or not name or "://" in name or os.path.isabs(name) or ".." in Path(name).parts or "\0" in name:
        return None
    path = folder / name
    return path if path.resolve().is_relative_to(folder.resolve()) else None


def _bytes(folder: Path, given: dict[str, Any], where: str, file: str, problems: list[Problem]) -> bytes | None:
    """The bytes of a file named in the descriptor, held against its size and hash."""
    path = _inside(folder, given.get("path"))
    if path is None:
        problems.append(Problem(file, 0, where, f"the path {brief(given.get('path'))} leads out of the package", "name a file inside it", "path"))
        return None
    shown_path = shown(path, ROOT)
    if not path.is_file():
        problems.append(Problem(shown_path, 0, "", "the file is missing", REBUILD, "missing-file"))
        return None
    data = path.read_bytes()
    if len(data) != given.get("bytes"):
        problems.append(Problem(shown_path, 0, "", f"it has {len(data)} bytes, the descriptor says {given.get('bytes')}", REBUILD, "bytes-count"))
    if f"sha256:{sha256(data)}" != given.get("hash"):
        problems.append(Problem(shown_path, 0, "", "its hash is not the one in the descriptor", REBUILD, "hash"))
    return data


def _descriptor(given: Any, tables: dict[str, Table], package: dict, file: str, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """The resources by name, after the descriptor was held against the schemas and ``schemas/package.json``."""

    def say(column: str, message: str, fix: str = REBUILD) -> None:
        problems.append(Problem(file, 0, column, message, fix, "descriptor"))

    if not isinstance(given, dict) or not isinstance(given.get("resources"), list):
        say("resources", "there is no list of resources")
        return {}
    for name in ("name", "title", "version", "licenses", "keywords", "contributors", "description"):
        if given.get(name) != package[name]:
            say(name, f"{name} is not that of schemas/package.json")
    known = {"$schema", "name", "title", "description", "version", "created", "keywords", "licenses", "contributors", "resources"}
    for name in sorted(k for k in given if k not in known and not k.startswith("techpacts:")):
        say(name, f"the property {brief(name)} is not known", "take it out")
    resources = {}
    for r in given["resources"]:
        name = str(r.get("name")) if isinstance(r, dict) else ""
        if name not in tables:
            say(name, f"there is no table {brief(name)}", "take the resource out, or declare the table in schemas/")
        elif name in resources:
            say(name, "the resource stands twice", "keep one")
        else:
            resources[name] = r
            if r.get("schema") != table_schema(tables[name]):
                say(f"{name}.schema", "the schema in the descriptor is not the one in schemas/")
            if r.get("path") != f"data/{name}.csv" and _inside(Path(), r.get("path")) is not None:
                say(f"{name}.path", f"the path is {brief(r.get('path'))}, not data/{name}.csv")
            for key, wanted in (("type", "table"), ("profile", "tabular-data-resource"), ("encoding", "utf-8")):
                if r.get(key) != wanted:
                    say(f"{name}.{key}", f"{key} is {brief(r.get(key))}, not {wanted}")
    for name in tables:
        if name not in resources:
            say("resources", f"the table {name} is not listed")
    return resources


def _parquet(table: Table, data: bytes, rows: list[Row], package: dict, file: str, problems: list[Problem]) -> None:
    """The Parquet file against the declared types, the version, and the CSV cell by cell."""

    def say(row: int, column: str, message: str) -> None:
        problems.append(Problem(file, row, column, message, REBUILD, "parquet"))

    try:
        found = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        say(0, "", f"it cannot be read as Parquet ({str(error).splitlines()[0][:80]})")
        return
    wanted = arrow_schema(table)
    if found.column_names != wanted.names:
        say(0, "", f"its columns are {', '.join(found.column_names)}")
        return
    for field in wanted:
        if found.schema.field(field.name).type != field.type or found.schema.field(field.name).nullable != field.nullable:
            say(0, field.name, f"the type is {found.schema.field(field.name).type}, not {field.type}")
            return
    metadata = {k.decode(): v.decode() for k, v in (found.schema.metadata or {}).items()}
    for key, value in file_metadata(table, package).items():
        if metadata.get(key) != value:
            say(0, "", f"its metadata {key} is not that of the package")
    if found.num_rows != len(rows):
        say(0, "", f"it has {found.num_rows} rows, the CSV {len(rows)}")
        return
    for f in table.fields:
        for i, value in enumerate(found.column(f.name).to_pylist()):
            if value != rows[i].values.get(f.name):
                say(i + 2, f.name, f"it holds {brief(value)}, the CSV {brief(rows[i].values.get(f.name))}")


def check_package(folder: Path) -> list[Problem]:
    """Every fault of the package in ``folder``. Raises CannotRun where there is no descriptor to start from."""
    tables, package = load_tables(), load_package()
    file = shown(folder / "datapackage.json", ROOT)
    try:
        given = read_json(folder / "datapackage.json")
    except BadData as bad:
        return bad.problems
    problems: list[Problem] = []
    resources = _descriptor(given, tables, package, file, problems)
    as_of = isinstance(given, dict) and "techpacts:asOf" in given
    rows: dict[str, list[Row]] = {}
    whole = True
    for name, r in resources.items():
        table = tables[name]
        before = len(problems)
        data = _bytes(folder, r, f"{name}.path", file, problems)
        if data is None:
            whole = False
            continue
        csv = shown(folder / f"data/{name}.csv", ROOT)
        at = len(problems)
        rows[name] = read_rows(data, csv, table.fields, problems, exact=True)
        whole &= len(problems) == at
        if len(rows[name]) != r.get("techpacts:rows"):
            problems.append(Problem(csv, 0, "", f"it has {len(rows[name])} rows, the descriptor says {r.get('techpacts:rows')}", REBUILD, "row-count"))
        elif len(problems) == before and write_rows(table.fields, sort_rows(table, [x.values for x in rows[name]])) != data:
            problems.append(Problem(csv, 0, "", "it is not sorted by key or not written in the one form", REBUILD, "canonical"))
        beside = r.get("techpacts:parquet")
        parquet = _bytes(folder, beside if isinstance(beside, dict) else {}, f"{name}.techpacts:parquet", file, problems)
        if parquet is not None and len(problems) == before:
            _parquet(table, parquet, rows[name], package, shown(folder / f"data/{name}.parquet", ROOT), problems)
    problems += _strays(folder, tables)
    if whole and set(rows) == set(tables):
        problems += _rules(folder, tables, rows, as_of)
    return sorted(set(problems))


def _strays(folder: Path, tables: dict[str, Table]) -> list[Problem]:
    wanted = {f"{n}.{e}" for n in tables for e in ("csv", "parquet")} | COMPANIONS
    there = sorted(p for p in (folder / "data").iterdir()) if (folder / "data").is_dir() else []
    return [Problem(shown(p, ROOT), 0, "", "the file is not in the descriptor", "delete it, or declare its table", "stray-file") for p in there if p.name not in wanted]


def _rules(folder: Path, tables: dict[str, Table], rows: dict[str, list[Row]], as_of: bool) -> list[Problem]:
    frames = {n: frame_of(t.fields, [r.values for r in rows[n]]) for n, t in tables.items()}
    found = validate_frames(tables, frames, empty_allowed=as_of)
    return [Problem(shown(folder / f"data/{n}.csv", ROOT), rows[n][v.index].line if v.index >= 0 else 0, v.column, v.message, v.fix, v.rule) for n, v in found]


def check_repository(sources: Path | None, passages: Path | None) -> tuple[list[Problem], list[str]]:
    """Faults of the seeds and of the data, and of the data against the seeds; and the sources that were not re-read."""
    try:
        built = build(sources=sources, passages=passages)
    except BadData as bad:
        problems, unread = bad.problems, []
    else:
        unread = built.unread
        problems = [
            Problem(name, 0, "", "it is not what the seeds give", REBUILD, "stale")
            for name, content in built.files.items()
            if not (ROOT / name).is_file() or (ROOT / name).read_bytes() != content
        ]
    try:
        problems = problems + check_package(ROOT)
    except CannotRun:
        if not problems:
            raise
    return sorted(set(problems)), unread
