"""What changed between two versions of the package: cell by cell, as a file, and in words for the changelog.

Either side is a folder, a zip of a release, or a git revision of this repository. Each is read by its own
descriptor, so that tables, columns and keys that only one of them has are changes and not faults.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from scripts.model.evidence_kinds import EVIDENCE, Kind
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, brief, shown
from scripts.store.files import inside, read_inside
from scripts.store.jsonfile import parse_json
from scripts.store.zipped import Zipped
from scripts.techpacts.markup import code, markdown
from scripts.techpacts.tombstones import by_name, lasting, successor, tombstone_of
from scripts.versions.foreign import require_tables

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
    """One change. ``row_id`` and ``field`` are empty where a whole table, column or row is meant; ``reason``
    is one of ``REASONS``.

    Of a removed row ``new`` is the row that took its place, with its table before it where that is another
    one.
    """

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
    "tombstone": "a tombstone says why and what took its place",
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

    def rows(self, table: str, *needed: str) -> list[Row]:
        """The rows of a table, cells as text; a table that is not there has none.

        Raises CannotRun where the file cannot be read, or lacks a column that is declared or ``needed``.
        """
        if table not in self.resources:
            return []
        path = self.resources[table]["path"]
        try:
            reader = csv.DictReader(io.StringIO(self.read(path).decode("utf-8"), newline=""), strict=True)
            rows = list(reader)
        except (UnicodeDecodeError, csv.Error) as error:
            raise CannotRun(
                f"{self.name}: {path} cannot be read ({error}); validate that version first"
            ) from None
        missing = {*self.fields(table), *needed} - set(reader.fieldnames or ())
        if missing or any(None in r or None in r.values() for r in rows):
            raise CannotRun(
                f"{self.name}: {path} does not have the columns"
                f" {', '.join(sorted(missing))[:200] or 'of its header in every row'}; validate that version"
                " first"
            )
        return rows


def _of_folder(folder: Path) -> Version:
    def read(path: str) -> bytes:
        where = inside(folder, path)
        if where is None:
            raise CannotRun(f"{shown(folder)}: the path {brief(path)} leads out of the package")
        return read_inside(where, folder, shown(where))

    if not (folder / "datapackage.json").exists():
        raise CannotRun(f"{shown(folder)}: there is no datapackage.json in it")
    return _version(shown(folder), read)


def _of_zip(data: bytes, name: str) -> Version:
    return _version(name, Zipped(data, name).read)


def _of_revision(revision: str, repository: Path) -> Version:
    # git would write CR LF where it is told to check files out so, and old versions have no .gitattributes
    # against it.
    as_committed = ("-c", "core.autocrlf=false", "-c", "core.eol=lf")
    words = [
        "git",
        "-C",
        str(repository),
        *as_committed,
        "archive",
        "--format=zip",
        "--end-of-options",
        revision,
        "datapackage.json",
        "data",
    ]
    found = subprocess.run(words, capture_output=True)
    if found.returncode:
        why = (found.stderr.decode("utf-8", "replace").splitlines() or ["git failed"])[0]
        raise CannotRun(f"{brief(revision)} is no folder, no zip and no git revision with a package ({why})")
    return _of_zip(found.stdout, revision)


def _version(name: str, read: Callable[[str], bytes]) -> Version:
    try:
        descriptor = parse_json(read("datapackage.json"), "datapackage.json")
        require_tables(descriptor)
    except BadData as bad:
        raise CannotRun(
            f"{name}: datapackage.json is not a descriptor of tables with columns and keys"
            f" ({brief(bad.problems[0].message)})"
        ) from None
    return Version(name, descriptor, read)


def read_version(text: str, repository: Path = ROOT) -> Version:
    """The version that ``text`` names: a folder, a zip, or a git revision. Raises CannotRun where it is none
    of these.
    """
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
        for e in version.rows("evidence", "table", "row_id", "field", "source_id", "stands"):
            self.of_row.setdefault((e["table"], e["row_id"]), set()).add(e["source_id"])
            if e["stands"] == "true":
                self.of_cell.setdefault((e["table"], e["row_id"], e["field"]), set()).add(e["source_id"])
        self.rulings = {
            (r["table"], r["row_id"], r["field"], r["expect"], r["stands"])
            for r in version.rows("rulings", "table", "row_id", "field", "expect", "stands")
        }
        self.sources = {s["source_id"] for s in version.rows("sources", "source_id")}


class _Tombstones:
    """What became of the rows that a version no longer has, as far as its tombstones tell."""

    def __init__(self, version: Version) -> None:
        self.version, self.known = (
            version,
            by_name(version.rows("tombstones", "table", "row_id", "successor_table", "successor_row_id")),
        )
        self.there: dict[str, set[str]] = {}

    def _is_there(self, table: str, row_id: str) -> bool:
        if table not in self.there:
            self.there[table] = (
                {"|".join(row[k] for k in self.version.key(table)) for row in self.version.rows(table)}
                if table in self.version.resources
                else set()
            )
        return row_id in self.there[table]

    def on(self, change: Change) -> Change:
        """A removed row with its successor, where a tombstone speaks of it; any other change as it is."""
        resource = self.version.resources[change.table]
        row = change.table, change.row_id, resource["schema"], self.known
        if (
            change.kind != "row_removed"
            or not lasting(change.table, resource.get("techpacts:kind", ""))
            or tombstone_of(*row) is None
        ):
            return change
        found = successor(*row)
        new = (
            ""
            if found is None or not self._is_there(*found)
            else found[1]
            if found[0] == change.table
            else " ".join(found)
        )
        return change._replace(new=new, reason="tombstone")


def _why(change: Change, old: _Evidence, new: _Evidence, declared: dict[str, Any], kind: str) -> str:
    """The reason of a change of a row or a cell, as far as evidence and rulings tell it."""
    if kind != "fact":
        return "evidence" if change.table == "evidence" else "derived" if kind == "derived" else "listed"
    row = change.table, change.row_id
    if not change.field:
        before, after = old.of_row.get(row, set()), new.of_row.get(row, set())
        return (
            "new_source"
            if after - old.sources
            else "source_withdrawn"
            if before - new.sources
            else "coded"
            if after
            else "reread"
        )
    if declared.get("techpacts:origin") == "derived":
        return "derived"
    cell = (*row, change.field)
    if {r for r in old.rulings if r[:3] == cell} != {r for r in new.rulings if r[:3] == cell}:
        return "ruling"
    if new.of_cell.get(cell, set()) - old.sources:
        return "new_source"
    if old.of_cell.get(cell, set()) - new.sources:
        return "source_withdrawn"
    # A version may declare a kind of evidence that there is no longer.
    return EVIDENCE.get(declared.get("techpacts:evidence") or "", Kind()).changed


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
    was, now = (
        {"|".join(row[k] or "" for k in key): row for row in version.rows(table)} for version in (old, new)
    )
    shared = [n for n in before if n in after and n not in key]
    yield from (Change("row_removed", table, row_id) for row_id in was if row_id not in now)
    for row_id, row in now.items():
        if row_id not in was:
            yield Change("row_added", table, row_id)
            continue
        for name in shared:
            a, b = was[row_id][name] or "", row[name] or ""
            if a != b:
                yield Change(
                    "cell_filled" if not a else "cell_emptied" if not b else "cell_changed",
                    table,
                    row_id,
                    name,
                    a,
                    b,
                )


def changes(old: Version, new: Version) -> list[Change]:
    """Every change from ``old`` to ``new``, by table in the order of the newer descriptor."""
    before, after, gone = _Evidence(old), _Evidence(new), _Tombstones(new)
    found: list[Change] = [
        Change("table_removed", t, reason="structure") for t in old.resources if t not in new.resources
    ]
    for table, resource in new.resources.items():
        if table not in old.resources:
            found.append(Change("table_added", table, reason="structure"))
            continue
        found += (c._replace(reason="structure") for c in _columns(table, old, new))
        declared, kind = new.fields(table), resource.get("techpacts:kind", "")
        found += (
            gone.on(c._replace(reason=_why(c, before, after, declared.get(c.field, {}), kind)))
            for c in _rows(table, old, new)
        )
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


def _value(cell: str) -> str:
    return markdown(brief(cell)) if cell else "empty"


def changelog(old: Version, new: Version, found: list[Change]) -> str:
    """The changes as a section of the changelog, Markdown."""
    given = new.descriptor
    lines = [f"## {given.get('version', new.name)} ({str(given.get('created', ''))[:10]})", ""]
    if not found:
        return "\n".join([*lines, f"No cell differs from {old.descriptor.get('version', old.name)}."]) + "\n"
    for table in dict.fromkeys(c.table for c in found):
        mine = [c for c in found if c.table == table]
        kinds = Counter(c.kind for c in mine)
        told = [
            _counted(number, kind.split("_")[0]) + " " + kind.split("_")[1]
            for kind, number in kinds.items()
            if kind.startswith(("row", "cell"))
        ]
        told += [
            f"{c.kind.replace('_', ' ')} {code(c.field or c.table)}"
            + (f" ({markdown(c.old)} to {markdown(c.new)})" if c.new else "")
            for c in mine
            if not c.kind.startswith(("row", "cell"))
        ]
        lines.append(f"- {code(table)}: {', '.join(told)}.")
        cells = [
            c for c in mine if c.kind.startswith("cell") and c.reason not in {"derived", "wording", "listed"}
        ]
        lines += [
            f"  - {code(c.row_id)}, {markdown(c.field)}: {_value(c.old)} to {_value(c.new)}"
            f" ({REASONS[c.reason]})."
            for c in cells[:NAMED]
        ]
        if len(cells) > NAMED:
            lines.append(f"  - and {_counted(len(cells) - NAMED, 'cell')} more, in the change file.")
        gone = [c for c in mine if c.reason == "tombstone"]
        lines += [
            f"  - {code(c.row_id)} is removed" + (f"; see {code(c.new)}." if c.new else ".")
            for c in gone[:NAMED]
        ]
        if len(gone) > NAMED:
            lines.append(
                f"  - and {_counted(len(gone) - NAMED, 'row')} more that have tombstones, in the change file."
            )
    return "\n".join(lines) + "\n"
