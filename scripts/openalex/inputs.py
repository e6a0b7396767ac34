"""The parts of what was given: files and folders of works in OpenAlex's own layouts.

A part is one file: JSON Lines, gzipped or not, or Parquet. Of a snapshot only its folder ``works`` is read.
Every file is read, or named as skipped with the reason, or, where it can only be works that would be missing,
refused.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.model.problems import CannotRun, one_line, shown

JSON, PARQUET = (".jsonl", ".json", ".ndjson", ".gz"), (".parquet",)
# Where in a snapshot, or in a copy of the whole bucket, the folders of the entities are: since 2026 by
# format.
ROOTS = ("", "data", "jsonl", "parquet", "data/jsonl", "data/parquet", "legacy-data", "legacy-data/data")
# How programs that download call what is not finished, and the packings that are not read.
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".aria2")
PACKED = (".zip", ".bz2", ".xz", ".zst", ".lz4", ".7z", ".tar", ".tgz")
SAME = "the same"
# How much of each end of a file identifies it: at the end gzip has a checksum and Parquet its index.
_EDGE = 1 << 20


@dataclass(frozen=True)
class Part:
    """One file of works.

    ``name`` is for people and for the order of parts; ``size`` in bytes; ``identity`` changes with the
    content.
    """

    path: Path
    name: str
    size: int
    identity: str

    @property
    def is_parquet(self) -> bool:
        """Tell whether it is Parquet and not JSON Lines."""
        return self.path.suffix in PARQUET


@dataclass(frozen=True, order=True)
class Skipped:
    """What was not read, why, and how many files that is."""

    name: str
    reason: str
    files: int = 1


@dataclass
class Found:
    """The parts, each once, by name; what was skipped; the names of the real files and folders that were
    read.
    """

    parts: list[Part] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)

    def skip(self, name: str, reason: str, files: int = 1) -> None:
        """Record what is not read."""
        self.skipped.append(Skipped(one_line(name), reason, files))

    def add(self, path: Path, name: str) -> None:
        """Add a file, unless it is there already."""
        real = os.path.realpath(path)
        if real in self.files:
            self.skip(name, f"{SAME} file as {self.files[real]}")
            return
        self.files[real] = name
        # As it was named, not as a link resolves: the ending of the target can be another.
        status = path.stat()
        self.parts.append(Part(plain_path(path.absolute()), name, status.st_size, _identity(path, status)))


def _identity(path: Path, status: os.stat_result) -> str:
    """SHA-256 of size, time of change and both ends of the file: to read all of it would take as long as to
    count it.
    """
    digest = hashlib.sha256(f"{status.st_size} {status.st_mtime_ns} ".encode())
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        file.seek(max(0, status.st_size - _EDGE))
        digest.update(file.read(_EDGE))
    return digest.hexdigest()


def plain_path(path: Path) -> Path:
    """Return the path. Raises CannotRun where an engine would take it for a pattern, or cannot write it in a
    query.
    """
    whole = path.as_posix()
    if any(c in whole for c in "*?[]{}\\") or not whole.isprintable():
        raise CannotRun(
            f"{shown(path)}: the engines take *, ?, [, ], {{, }} and \\ in names for patterns; rename it"
        )
    return path


def _why_not(path: Path) -> str | None:
    """Why a file is not one of works; None where it is. Raises CannotRun where it is, but cannot be read as
    it is.
    """
    ending, inner = path.suffix.lower(), Path(path.stem).suffix.lower()
    if ending in UNFINISHED or path.name.endswith("~"):
        raise CannotRun(f"{shown(path)}: the download is not finished; finish it, or delete the file")
    if ending in PACKED or (ending == ".gz" and inner in (*PARQUET, *PACKED)):
        raise CannotRun(
            f"{shown(path)}: files packed like this are not read; unpack it, or move it elsewhere"
        )
    if ending in JSON + PARQUET and path.suffix != ending:
        raise CannotRun(
            f"{shown(path)}: write the ending in lower case, {ending}, or move the file elsewhere"
        )
    if path.name.casefold() in ("manifest", "manifest.json"):
        return "a list of files, not works"
    # A letter behind the dot: "part.01.gz" is no type of its own.
    if ending == ".gz" and re.match(r"\.[a-z]", inner) and inner not in JSON:
        return f"a gzipped {inner} file, not JSON Lines"
    return None if ending in JSON + PARQUET else f"its name does not end in {', '.join(JSON + PARQUET)}"


def _count(path: Path) -> int:
    """How many files there are, links not followed."""
    return sum(len(names) for _, _, names in os.walk(path)) if path.is_dir() else 1


def _sorted(folder: Path) -> list[os.DirEntry[str]]:
    # A folder that cannot be read raises OSError, and the command says so.
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda e: e.name)


def _read(top: Path, label: str, found: Found) -> None:
    """Add the parts below a folder. Links are followed once, after all that lies there itself."""
    waiting = [(top, label)]
    links: list[tuple[Path, str]] = []
    while waiting or links:
        path, name = waiting.pop() if waiting else links.pop(0)
        if path.is_dir():
            real = os.path.realpath(path)
            if real in found.folders:
                found.skip(name, f"{SAME} folder as {found.folders[real]}", 0)
                continue
            found.folders[real] = name
            entries = _sorted(path)
            if not entries:
                found.skip(name, "an empty folder", 0)
        else:
            entries = []
            if not path.exists():
                raise CannotRun(f"{shown(path)}: the link leads nowhere; correct it, or delete it")
            reason = _why_not(path) if stat.S_ISREG(path.stat().st_mode) else "not a regular file"
            found.skip(name, reason) if reason else found.add(path, name)
        for entry in entries:
            inside = (Path(entry.path), f"{name}/{entry.name}")
            if entry.name.startswith((".", "_")):
                found.skip(inside[1], "hidden: its name begins with . or _", _count(inside[0]))
            elif not entry.is_symlink():
                waiting.append(inside)
            else:
                # Through a link to a folder that the link itself lies in, everything beside the works would
                # be read.
                if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(entry.path)):
                    raise CannotRun(f"{shown(entry.path)}: the link leads in a circle; delete it")
                links.append(inside)


def _works_folders(folder: Path) -> list[Path]:
    """The folders ``works`` of a snapshot; none where the folder is not one, but a folder of works itself."""
    if Path(os.path.abspath(folder)).name.casefold() == "works" or any(
        e.name.startswith("updated_date=") for e in _sorted(folder)
    ):
        return []
    roots = [folder / root for root in ROOTS if (folder / root).is_dir()]
    return [
        Path(e.path) for root in roots for e in _sorted(root) if e.name.casefold() == "works" and e.is_dir()
    ]


def _outside(folder: Path, works: Path) -> Iterator[Path]:
    """What a snapshot has beside its folder of works."""
    for entry in _sorted(folder):
        path = Path(entry.path)
        if works.is_relative_to(path):
            yield from _outside(path, works) if path != works else ()
        else:
            yield path


def _find_in(folder: Path, found: Found) -> None:
    before, skipped = len(found.parts), len(found.skipped)
    label = Path(os.path.abspath(folder)).name
    works = _works_folders(folder)
    if len(works) > 1:
        raise CannotRun(
            f"{shown(folder)}: it holds {', '.join(map(shown, works))}, which in a snapshot are the same"
            f" works twice; name one of the folders, such as {shown(works[0])}"
        )
    for top in works:
        for path in _outside(folder, top):
            found.skip(
                f"{label}/{path.relative_to(folder).as_posix()}",
                "not in the folder works of the snapshot",
                _count(path),
            )
    top = works[0] if works else folder
    _read(top, f"{label}/{top.relative_to(folder).as_posix()}" if works else label, found)
    parts = found.parts[before:]
    if not parts and not any(s.reason.startswith(SAME) for s in found.skipped[skipped:]):
        said = summary(found.skipped[skipped:])
        raise CannotRun(
            f"{shown(folder)}: there are no works in it; a part is a file that ends in"
            f" {', '.join(JSON + PARQUET)}" + (f" (skipped: {said})" if said else "")
        )
    if len({p.is_parquet for p in parts}) == 2:
        raise CannotRun(
            f"{shown(folder)}: it holds JSON Lines and Parquet, which in a snapshot are the same works twice;"
            f" name one of the folders, such as {shown(parts[0].path.parent)}"
        )


def find_parts(given: list[Path]) -> Found:
    """Find the parts of what was given. Raises CannotRun where there are none or it is not clear which."""
    found = Found()
    for path in given:
        if path.is_dir():
            _find_in(path, found)
        elif not path.exists():
            raise CannotRun(f"{shown(path)}: there is no such file or folder")
        elif reason := _why_not(path) if path.is_file() else "it is not a regular file":
            raise CannotRun(f"{shown(path)}: this is not a file of works: {reason}")
        else:
            found.add(path, path.name)
    found.parts.sort(key=lambda p: (p.name, p.path))
    found.skipped.sort()
    return found


def summary(skipped: list[Skipped]) -> str:
    """Return what was skipped in one line: by reason, with three names each."""
    reasons: dict[str, list[Skipped]] = {}
    for item in skipped:
        reasons.setdefault(item.reason, []).append(item)
    said = []
    for reason, items in reasons.items():
        names = ", ".join(item.name for item in items[:3]) + f" and {len(items) - 3} more" * (len(items) > 3)
        said.append(f"{names}: {reason} (files: {sum(item.files for item in items)})")
    return "; ".join(said)
