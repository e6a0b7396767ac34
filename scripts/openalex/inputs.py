"""Finds the parts of what was given: files and folders of works in OpenAlex's own layouts.

A part is one file: JSON Lines, gzipped or not, or Parquet. Of a folder that holds other entities besides, as a snapshot
does, only what lies below a folder ``works`` is taken.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from scripts.problems import CannotRun, shown

JSON, PARQUET = (".jsonl", ".json", ".ndjson", ".gz"), (".parquet",)
# What the end of a file tells of it: gzip keeps a checksum there, Parquet its index.
_EDGE = 1 << 20


@dataclass(frozen=True)
class Part:
    """One file of works. ``name`` is for people and for the order of parts; ``size`` in bytes; ``identity`` changes with the content."""

    path: Path
    name: str
    size: int
    identity: str

    @property
    def is_parquet(self) -> bool:
        """Whether it is Parquet and not JSON Lines."""
        return self.path.suffix in PARQUET


def _identity(path: Path, status: os.stat_result) -> str:
    """SHA-256 of size, time of change and both ends of the file: to read all of it would take as long as to count it."""
    digest = hashlib.sha256(f"{status.st_size} {status.st_mtime_ns} ".encode())
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        file.seek(max(0, status.st_size - _EDGE))
        digest.update(file.read(_EDGE))
    return digest.hexdigest()


def plain_path(path: Path) -> Path:
    """The whole path. Raises CannotRun where an engine would take it for a pattern, or cannot write it in a query."""
    whole = path.resolve().as_posix()
    if any(c in whole for c in "*?[]{}\\") or not whole.isprintable():
        raise CannotRun(f"{shown(path)}: the engines take *, ?, [, ], {{, }} and \\ in names for patterns; rename it")
    return Path(whole)


def _part(path: Path, name: str) -> Part:
    plain = plain_path(path)
    status = path.stat()
    return Part(plain, name, status.st_size, _identity(path, status))


def _within(folder: Path) -> list[Path]:
    """The parts below a folder."""
    files = sorted(Path(top) / name for top, _, names in os.walk(folder) for name in names if Path(name).suffix in JSON + PARQUET)
    # What is hidden is no data: unfinished downloads, notes of Spark, results of parts.
    files = [f for f in files if not any(n.startswith((".", "_")) for n in f.relative_to(folder).parts) and not f.name.startswith("manifest")]
    works = [f for f in files if "works" in f.relative_to(folder).parts[:-1]]
    files = works or files
    if not files:
        raise CannotRun(f"{shown(folder)}: there are no works in it; a part is a file that ends in {', '.join(JSON + PARQUET)}")
    if len({f.suffix in PARQUET for f in files}) == 2:
        raise CannotRun(f"{shown(folder)}: it holds JSON Lines and Parquet, which in a snapshot are the same works twice; name one of the folders, such as {shown(files[0].parent)}")
    return files


def find_parts(given: list[Path]) -> list[Part]:
    """The parts of what was given, each once, by name. Raises CannotRun where there are none or it is not clear which."""
    parts: dict[Path, Part] = {}
    for path in given:
        if path.is_dir():
            found = [_part(f, f"{path.name}/{f.relative_to(path).as_posix()}") for f in _within(path)]
        elif not path.exists():
            raise CannotRun(f"{shown(path)}: there is no such file or folder")
        elif path.suffix not in JSON + PARQUET or not path.is_file():
            raise CannotRun(f"{shown(path)}: it is no file of works; their names end in {', '.join(JSON + PARQUET)}")
        else:
            found = [_part(path, path.name)]
        for part in found:
            parts.setdefault(part.path, part)
    return sorted(parts.values(), key=lambda p: (p.name, p.path))
