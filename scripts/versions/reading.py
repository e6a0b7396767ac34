"""Read one version of the package: a folder, a zip of a release, or a git revision of this repository.

Each is read by its own descriptor, so that tables, columns and keys that only one of two versions has are
changes between them and not faults.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, brief, shown
from scripts.store.files import inside, read_inside
from scripts.store.jsonfile import parse_json
from scripts.store.zipped import Zipped
from scripts.versions.foreign import require_tables

NEITHER = "neither a folder nor a zip nor a git revision"
Row = dict[str, str]


@dataclass
class Version:
    """One version of the package: its descriptor, and how to read a file of it."""

    name: str
    descriptor: dict[str, Any]
    read: Callable[[str], bytes]

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The tables of the descriptor by name."""
        return {r["name"]: r for r in self.descriptor["resources"]}

    def fields(self, table: str) -> dict[str, dict[str, Any]]:
        """Return the declared columns of a table by name."""
        return {f["name"]: f for f in self.resources[table]["schema"]["fields"]}

    def key(self, table: str) -> list[str]:
        """Return the columns of the primary key."""
        return list(self.resources[table]["schema"]["primaryKey"])

    def rows(self, table: str, *needed: str) -> list[Row]:
        """Return the rows of a table, cells as text; a table that is not there has none.

        Raises CannotRun if the file cannot be read, or lacks a column that is declared or ``needed``.
        """
        if table not in self.resources:
            return []
        path = self.resources[table]["path"]
        try:
            reader = csv.DictReader(io.StringIO(self.read(path).decode("utf-8"), newline=""), strict=True)
            rows = list(reader)
        except (UnicodeDecodeError, csv.Error) as error:
            why = f"{self.name}: {path} cannot be read ({error}); validate that version first"
            raise CannotRun(why) from None
        missing = {*self.fields(table), *needed} - set(reader.fieldnames or ())
        if missing or any(None in r or None in r.values() for r in rows):
            lacking = ", ".join(sorted(missing))[:200] or "of its header in every row"
            raise CannotRun(
                f"{self.name}: {path} does not have the columns {lacking}; validate that version first"
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
    # git may be configured to write CR LF on checkout, and old versions have no .gitattributes against it.
    as_committed = ("-c", "core.autocrlf=false", "-c", "core.eol=lf")
    archive = ("archive", "--format=zip", "--end-of-options", revision, "datapackage.json", "data")
    found = subprocess.run(["git", "-C", str(repository), *as_committed, *archive], capture_output=True)
    if found.returncode:
        why = (found.stderr.decode("utf-8", "replace").splitlines() or ["git failed"])[0]
        raise CannotRun(f"{brief(revision)} is {NEITHER} with a package ({why})")
    return _of_zip(found.stdout, revision)


def _version(name: str, read: Callable[[str], bytes]) -> Version:
    try:
        descriptor = parse_json(read("datapackage.json"), "datapackage.json")
        require_tables(descriptor)
    except BadData as bad:
        raise CannotRun(
            f"{name}: datapackage.json does not describe tables with columns and keys"
            f" ({brief(bad.problems[0].message)})"
        ) from None
    return Version(name, descriptor, read)


def read_version(text: str, repository: Path = ROOT) -> Version:
    """Read the version that ``text`` names: a folder, a zip, or a git revision of ``repository``.

    Raises CannotRun if it is none of these.
    """
    try:
        if b"\0" in os.fsencode(text):
            raise ValueError
    except ValueError:
        raise CannotRun(f"{brief(text)} is {NEITHER}") from None
    path = Path(text)
    if path.is_dir():
        return _of_folder(path)
    return _of_zip(path.read_bytes(), shown(path)) if path.is_file() else _of_revision(text, repository)
