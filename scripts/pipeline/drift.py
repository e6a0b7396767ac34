"""The files on disk against what the seeds give: which cell differs, not only which file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import format_value
from scripts.pipeline.build import Built
from scripts.store.csvfile import Row, read_rows
from scripts.validation.descriptor_check import REBUILD
from scripts.validation.package_files import Folder, stray_files


def _tree(here: Any, wanted: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield where two JSON values differ, and how."""
    if isinstance(here, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(k for k in here if k not in wanted)]:
            place = f"{path}.{key}" if path else str(key)
            if key not in here:
                yield place, "it is missing"
            elif key not in wanted:
                yield place, "the seeds give no such property"
            else:
                yield from _tree(here[key], wanted[key], place)
    elif isinstance(here, list) and isinstance(wanted, list) and len(here) == len(wanted):
        for i, (a, b) in enumerate(zip(here, wanted, strict=True)):
            name = b.get("name") if isinstance(b, dict) else None
            yield from _tree(a, b, f"{path}.{name or i}")
    elif type(here) is not type(wanted) or here != wanted:
        yield path, f"it is {brief(here)}, the seeds give {brief(wanted)}"


def _differing(table: Table, row: Row, wanted: Record) -> list[tuple[str, str]]:
    """The columns in which a row of the file is not ``wanted``, and what the seeds give there."""
    given = ((f.name, format_value(f, wanted.get(f.name))) for f in table.fields)
    return [(name, text) for name, text in given if row.text[name] != text]


def _cells(table: Table, rows: list[Row], wanted: list[Record]) -> Iterator[tuple[int, str, str, str]]:
    """Rows and cells of a CSV that are not the wanted ones: line, column, what is wrong, and the row of the
    seeds by its key.
    """
    right = {key_of(table, r): r for r in wanted}
    seen: dict[str, int] = {}
    extra = []
    for row in rows:
        key = key_of(table, row.values)
        if key in seen:
            what = "key" if _differing(table, row, right[key]) else "row, with the key"
            yield row.line, "", f"duplicate {what} {brief(key)} (first in row {seen[key]})", key
        elif key in right:
            seen[key] = row.line
            for name, text in _differing(table, row, right[key]):
                yield row.line, name, f"it is {brief(row.text[name])}, the seeds give {brief(text)}", key
        else:
            extra.append((row, key))
    missing = [k for k in right if k not in seen]
    for row, key in extra:
        # A row whose key alone was changed stands for the one that is missing.
        changed = {k: [name for name, _ in _differing(table, row, right[k])] for k in missing}
        alike = [k for k, names in changed.items() if set(names) <= set(table.primary_key)]
        message = f"the seeds give no row {brief(key)}"
        if alike:
            near = min(alike, key=lambda k: len(changed[k]))
            missing.remove(near)
            yield row.line, changed[near][0], f"{message}, but {brief(near)}", near
        else:
            yield row.line, "", message, ""
    for key in missing:
        yield 0, "", f"the row {brief(key)} is missing", key


def _remedy(table: Table, column: str, index: int | None, built: Built) -> str:
    """Where to change what was changed in a generated file: ``index`` is the row of the data, None where the
    seeds have none.
    """
    if "upstream_line" in table.by_name and index is not None:
        file, line = built.typed.place(table.name, index, column)
        return f"data/ is generated: the row is made from {file}:{line}; {REBUILD}"
    if table.kind == "derived":
        return f"data/ is generated: the table is derived by the build ({table.description}); {REBUILD}"
    if column and table.by_name[column].origin == "derived":
        return (
            f"data/ is generated: {column} is derived by the build ({table.by_name[column].description});"
            f" {REBUILD}"
        )
    if index is None:
        where = built.seeds.files.get(table.name, f"a sheet seeds/coding/SOURCE_ID/{table.name}.csv")
        return f"data/ is generated: add the row to {where}, then {REBUILD}"
    file, line = built.typed.place(table.name, index, column or table.primary_key[0])
    return f"data/ is generated: change {file}:{line}, then {REBUILD}"


def _csv(table: Table, data: bytes, built: Built, file: str) -> list[Problem]:
    problems: list[Problem] = []
    rows = read_rows(data, file, table.fields, problems, exact=True)
    if not problems:
        data_rows = built.data[table.name]
        at = {key_of(table, row): i for i, row in enumerate(data_rows)}
        problems = [
            Problem(file, line, column, message, _remedy(table, column, at.get(key), built), "stale")
            for line, column, message, key in _cells(table, rows, data_rows)
        ]
    if problems:
        return problems
    wanted = built.files[f"data/{table.name}.csv"]
    first = next(
        (
            i
            for i, (a, b) in enumerate(zip_longest(data.split(b"\n"), wanted.split(b"\n")), start=1)
            if a != b
        ),
        0,
    )
    return [
        Problem(
            file,
            first,
            "",
            "from here on it is not sorted by key or not in canonical form",
            REBUILD,
            "canonical",
        )
    ]


def _differences(file: str, path: Path, data: bytes, content: bytes) -> Iterator[Problem]:
    """Where a file that is not a CSV differs from what the seeds give."""
    found = [("", "it is not what the seeds give")]
    if path.suffix == ".json":
        try:
            found = list(_tree(json.loads(data), json.loads(content), "")) or [
                ("", "it is not in canonical form")
            ]
        except (ValueError, RecursionError):
            found = [("", "it is not valid JSON")]
    for column, message in found:
        yield Problem(file, 0, column, message, REBUILD, "stale")


def compare_with_seeds(built: Built, folder: Path) -> list[Problem]:
    """Report where the published files in ``folder`` are not what the seeds give, cell by cell."""
    problems: list[Problem] = []
    for name, content in built.files.items():
        path, file = folder / name, shown(folder / name, ROOT)
        if not path.is_file():
            problems.append(Problem(file, 0, "", "the file is missing", REBUILD, "missing-file"))
        elif (data := path.read_bytes()) != content:
            if path.suffix == ".csv":
                problems += _csv(built.tables[path.stem], data, built, file)
            else:
                problems += _differences(file, path, data, content)
    return sorted({*problems, *stray_files(Folder(folder), built.tables)})
