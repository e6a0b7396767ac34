"""What changed between two versions of the package: cell by cell, as a file, and in words for the changelog.

Either side is a folder, a zip of a release, or a git revision of this repository. Each is read by its own descriptor,
so that tables, columns and keys that only one of them has are changes and not faults.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from scripts.problems import CannotRun, brief, shown
from scripts.tableschema import ROOT

# What may break a user's program, what gives it more, what it only reads otherwise: docs/versions.md.
LEVELS = {
    "major": ("table_removed", "column_removed", "key_changed", "type_changed", "row_removed"),
    "minor": ("table_added", "column_added", "row_added", "cell_filled", "cell_emptied"),
    "patch": ("cell_changed",),
}
HEAD = ("change", "table", "row_id", "field", "old", "new", "reason")
# Of the values that changed so many of a table are named in the changelog; the file has all.
NAMED = 12
Row = dict[str, str]


class Change(NamedTuple):
    """One change. ``row_id`` and ``field`` are empty where a whole table, column or row is meant; ``reason`` is one of ``REASONS``."""

    kind: str
    table: str
    row_id: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""


REASONS = {
    "structure": "the declaration of the table changed",
    "new_source": "a source that was not there before says so",
    "source_withdrawn": "what said the old value is no longer among the evidence",
    "ruling": "a ruling on the cell is new or another",
    "reread": "the same sources, read again",
    "coded": "coded from a source that was there before",
    "wording": "a text of our own, put otherwise",
    "derived": "follows from other cells",
    "listed": "a list kept by hand",
    "evidence": "what sources are coded to say, cell by cell",
}


@dataclass
class Version:
    """One version of the package: its descriptor, and how to read a file of it."""

    name: str
    descriptor: dict[str, Any]
    read: Callable[[str], bytes]

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        return {r["name"]: r for r in self.descriptor["resources"]}

    def fields(self, table: str) -> dict[str, dict[str, Any]]:
        """The declared columns of a table by name."""
        return {f["name"]: f for f in self.resources[table]["schema"]["fields"]}

    def key(self, table: str) -> list[str]:
        """The columns of the primary key."""
        return self.resources[table]["schema"]["primaryKey"]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, cells as text; a table that is not there has none. Raises CannotRun where the file cannot be read."""
        if table not in self.resources:
            return []
        path = self.resources[table]["path"]
        try:
            text = self.read(path).decode("utf-8")
            return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error, KeyError) as error:
            raise CannotRun(f"{self.name}: {path} cannot be read ({error}); validate that version first") from None


def _of_folder(folder: Path) -> Version:
    def read(path: str) -> bytes:
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            raise CannotRun(f"{shown(folder)}: the path {brief(path)} leads out of the package")
        return (folder / path).read_bytes()

    return _version(shown(folder), read)


def _of_zip(data: bytes, name: str) -> Version:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        places = sorted((p for p in archive.namelist() if p.split("/")[-1] == "datapackage.json"), key=lambda p: p.count("/"))
    except zipfile.BadZipFile:
        raise CannotRun(f"{name}: this is no zip file") from None
    if not places:
        raise CannotRun(f"{name}: there is no datapackage.json in it")
    folder = places[0].removesuffix("datapackage.json")
    return _version(name, lambda path: archive.read(folder + path))


def _of_revision(revision: str, repository: Path) -> Version:
    found = subprocess.run(["git", "-C", str(repository), "archive", "--format=zip", "--end-of-options", revision, "datapackage.json", "data"], capture_output=True)
    if found.returncode:
        why = (found.stderr.decode("utf-8", "replace").splitlines() or ["git failed"])[0]
        raise CannotRun(f"{brief(revision)} is no folder, no zip and no git revision with a package ({why})")
    return _of_zip(found.stdout, revision)


def _version(name: str, read: Callable[[str], bytes]) -> Version:
    try:
        descriptor = json.loads(read("datapackage.json"))
        version = Version(name, descriptor, read)
        for table, r in version.resources.items():
            assert isinstance(r["path"], str) and version.fields(table) and version.key(table)
    except (FileNotFoundError, KeyError):
        raise CannotRun(f"{name}: there is no datapackage.json that lists tables with columns and keys") from None
    except (ValueError, TypeError, AssertionError, RecursionError) as error:
        raise CannotRun(f"{name}: datapackage.json is no descriptor of tables with columns and keys ({error})") from None
    return version


def read_version(text: str, repository: Path = ROOT) -> Version:
    """The version that ``text`` names: a folder, a zip, or a git revision. Raises CannotRun where it is none of these."""
    try:
        if b"\0" in os.fsencode(text):
            raise ValueError
    except ValueError:
        raise CannotRun(f"{brief(text)} is no folder, no zip and no git revision") from None
    path = Path(text)
    if path.is_dir():
        return _of_folder(path)
    return _of_zip(path.read_bytes(), shown(path)) if path.is_file() else _of_revision(text, repository)


class _Evidence:
    """What each version says of the evidence and the rulings on cells, to tell why a cell changed."""

    def __init__(self, version: Version) -> None:
        self.of_row: dict[tuple[str, str], set[str]] = {}
        self.of_cell: dict[tuple[str, str, str], set[str]] = {}
        for e in version.rows("evidence"):
            self.of_row.setdefault((e["table"], e["row_id"]), set()).add(e["source_id"])
            if e["stands"] == "true":
                self.of_cell.setdefault((e["table"], e["row_id"], e["field"]), set()).add(e["source_id"])
        self.rulings = {(r["table"], r["row_id"], r["field"], r["expect"], r["stands"]) for r in version.rows("rulings")}
        self.sources = {s["source_id"] for s in version.rows("sources")}


def _why(change: Change, old: _Evidence, new: _Evidence, declared: dict[str, Any], kind: str) -> str:
    """The reason of a change of a row or a cell, as far as evidence and rulings tell it."""
    if kind != "fact":
        return "evidence" if change.table == "evidence" else "derived" if kind == "derived" else "listed"
    row = change.table, change.row_id
    if not change.field:
        before, after = old.of_row.get(row, set()), new.of_row.get(row, set())
        return "new_source" if after - old.sources else "source_withdrawn" if before - new.sources else "coded" if after else "reread"
    if declared.get("techpacts:origin") == "derived":
        return "derived"
    cell = (*row, change.field)
    if {r for r in old.rulings if r[:3] == cell} != {r for r in new.rulings if r[:3] == cell}:
        return "ruling"
    if new.of_cell.get(cell, set()) - old.sources:
        return "new_source"
    if old.of_cell.get(cell, set()) - new.sources:
        return "source_withdrawn"
    return "wording" if declared.get("techpacts:evidence") == "summary" else "reread"


def _columns(table: str, old: Version, new: Version) -> Iterator[Change]:
    before, after = old.fields(table), new.fields(table)
    yield from (Change("column_removed", table, field=name) for name in before if name not in after)
    yield from (Change("column_added", table, field=name) for name in after if name not in before)
    for name in (n for n in before if n in after):
        if before[name]["type"] != after[name]["type"]:
            yield Change("type_changed", table, field=name, old=before[name]["type"], new=after[name]["type"])
    if old.key(table) != new.key(table):
        yield Change("key_changed", table, old="|".join(old.key(table)), new="|".join(new.key(table)))


def _rows(table: str, old: Version, new: Version) -> Iterator[Change]:
    key, before, after = new.key(table), old.fields(table), new.fields(table)
    # Under another key, rows are matched by the new one where the old version has its columns.
    key = key if set(key) <= set(before) else old.key(table)
    if not set(key) <= set(after):
        return
    was, now = ({"|".join(row[k] or "" for k in key): row for row in version.rows(table)} for version in (old, new))
    shared = [n for n in before if n in after and n not in key]
    yield from (Change("row_removed", table, row_id) for row_id in was if row_id not in now)
    for row_id, row in now.items():
        if row_id not in was:
            yield Change("row_added", table, row_id)
            continue
        for name in shared:
            a, b = was[row_id][name] or "", row[name] or ""
            if a != b:
                yield Change("cell_filled" if not a else "cell_emptied" if not b else "cell_changed", table, row_id, name, a, b)


def changes(old: Version, new: Version) -> list[Change]:
    """Every change from ``old`` to ``new``, by table in the order of the newer descriptor."""
    before, after = _Evidence(old), _Evidence(new)
    found: list[Change] = [Change("table_removed", t, reason="structure") for t in old.resources if t not in new.resources]
    for table, resource in new.resources.items():
        if table not in old.resources:
            found.append(Change("table_added", table, reason="structure"))
            continue
        found += (c._replace(reason="structure") for c in _columns(table, old, new))
        declared, kind = new.fields(table), resource.get("techpacts:kind", "")
        found += (c._replace(reason=_why(c, before, after, declared.get(c.field, {}), kind)) for c in _rows(table, old, new))
    return found


def level(found: Iterable[Change]) -> str:
    """The number of the version that has to rise at least: major, minor, patch, or none."""
    kinds = {c.kind for c in found}
    return next((name for name, these in LEVELS.items() if kinds & set(these)), "none")


def change_file(found: Iterable[Change]) -> bytes:
    """The changes as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(found)
    return out.getvalue().encode("utf-8")


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def changelog(old: Version, new: Version, found: list[Change]) -> str:
    """The changes as a section of the changelog, Markdown."""
    given = new.descriptor
    lines = [f"## {given.get('version', new.name)} ({str(given.get('created', ''))[:10]})", ""]
    if not found:
        return "\n".join([*lines, f"No cell differs from {old.descriptor.get('version', old.name)}."]) + "\n"
    for table in dict.fromkeys(c.table for c in found):
        mine = [c for c in found if c.table == table]
        kinds = Counter(c.kind for c in mine)
        told = [_counted(number, kind.split("_")[0]) + " " + kind.split("_")[1] for kind, number in kinds.items() if kind.startswith(("row", "cell"))]
        told += [f"{c.kind.replace('_', ' ')} `{c.field or c.table}`" + (f" ({c.old} to {c.new})" if c.new else "") for c in mine if not c.kind.startswith(("row", "cell"))]
        lines.append(f"- `{table}`: {', '.join(told)}.")
        cells = [c for c in mine if c.kind.startswith("cell") and c.reason not in {"derived", "wording", "listed"}]
        lines += [f"  - `{c.row_id}`, {c.field}: {brief(c.old) if c.old else 'empty'} to {brief(c.new) if c.new else 'empty'} ({REASONS[c.reason]})." for c in cells[:NAMED]]
        if len(cells) > NAMED:
            lines.append(f"  - and {_counted(len(cells) - NAMED, 'cell')} more, in the change file.")
    return "\n".join(lines) + "\n"
