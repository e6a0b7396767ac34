"""The files of a package against its descriptor: where they are, their hashes, what else lies there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.store.files import inside
from scripts.validation.descriptor_check import REBUILD

# Files beside the tables that a package folder may hold.
COMPANIONS = {"README.md"}


@dataclass(frozen=True)
class Folder:
    """The folder of a package, and what its files are called in messages."""

    path: Path

    @property
    def descriptor(self) -> str:
        """The name of ``datapackage.json``."""
        return shown(self.path / "datapackage.json", ROOT)

    def csv(self, table: str) -> str:
        """Return the name of the CSV of a table."""
        return shown(self.path / f"data/{table}.csv", ROOT)


def locate(folder: Folder, given: object, where: str, wanted: str) -> tuple[Path | None, list[Problem]]:
    """Return the file that ``path`` of a resource names, and what is wrong with that.

    ``where``: the property, for messages. There is no file where another is named than ``wanted`` (the check
    of the descriptor reports that), where the path leads out of the package, or where nothing is there.
    """
    name = given.get("path") if isinstance(given, dict) else None
    path = inside(folder.path, name)
    if path is None:
        message = f"the path {brief(name)} leads out of the package"
        return None, [Problem(folder.descriptor, 0, where, message, "name a file inside it", "path")]
    if name != wanted:
        return None, []
    if not path.is_file():
        return None, [Problem(shown(path, ROOT), 0, "", "the file is missing", REBUILD, "missing-file")]
    return path, []


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal, without reading it whole into memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_problems(path: Path, given: Mapping[str, Any], size: int, digest: str) -> list[Problem]:
    """Hold size and SHA-256 of a file against the descriptor: one problem, whichever differs."""
    if size == given.get("bytes") and f"sha256:{digest}" == given.get("hash"):
        return []
    message = (
        f"its hash is not the one in the descriptor ({size} bytes, the descriptor says"
        f" {brief(given.get('bytes'))[1:-1]})"
    )
    return [Problem(shown(path, ROOT), 0, "", message, REBUILD, "hash")]


def row_count_problems(folder: Folder, table: str, given: Mapping[str, Any], rows: int) -> list[Problem]:
    """Hold the number of rows of a table against the descriptor."""
    said = given.get("techpacts:rows")
    if type(said) is int and said == rows:
        return []
    message = f"it says {brief(said)[1:-1]}, the table has {rows} rows"
    return [Problem(folder.descriptor, 0, f"{table}.techpacts:rows", message, REBUILD, "row-count")]


def stray_files(folder: Folder, tables: Iterable[str]) -> Iterator[Problem]:
    """Report files in ``data/`` that belong to none of ``tables``."""
    wanted = {f"{n}.{e}" for n in tables for e in ("csv", "parquet")} | COMPANIONS
    data = inside(folder.path, "data")
    for path in sorted(data.iterdir()) if data is not None and data.is_dir() else []:
        if path.name not in wanted:
            message, fix = "the file is not in the descriptor", "delete it, or declare its table"
            yield Problem(shown(path, ROOT), 0, "", message, fix, "stray-file")
