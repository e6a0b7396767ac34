"""Read files of a public archive: out of a folder, or of a git directory at the commit that is named."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun, shown
from scripts.store.files import read_inside

# Hooks, settings and extra programs of somebody else's git directory are not for us, nor is its network.
GIT = ("git", "--no-replace-objects", "-c", "safe.directory=*", "-c", "protocol.allow=never")

# A line feed or NUL ends a name; git takes what begins with dots for a path from the working folder.
NO_PATH = re.compile(r"[\n\0]|:\.\.?(?:/|\Z)")


class Wanted(NamedTuple):
    """A file of an archive: the commit, and the path inside the repository."""

    commit: str
    path: str


class Archive(Protocol):
    """An archive at hand."""

    folder: Path

    def read(self, wanted: Sequence[Wanted]) -> list[bytes | None]:
        """Return the bytes of each wanted file, None where it is not there."""

    def others(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of every file that may be one of the wanted under another name."""


class GitArchive:
    """A git directory, bare or with a work tree, read at the commit that each file names."""

    def __init__(self, folder: Path, directory: Path) -> None:
        self.folder, self.directory = folder, directory

    def read(self, wanted: Sequence[Wanted]) -> list[bytes | None]:
        """Return the file at its commit, or, where the directory does not have that, at its newest one."""
        at_commit = self._blobs([f"{w.commit}:{w.path}" for w in wanted])
        missing = [i for i, data in enumerate(at_commit) if data is None]
        for i, data in zip(missing, self._blobs([f"HEAD:{wanted[i].path}" for i in missing]), strict=True):
            at_commit[i] = data
        return at_commit

    def others(self) -> Iterator[tuple[str, bytes]]:
        """Yield nothing: in a repository a file has its path."""
        return iter(())

    def _blobs(self, names: list[str]) -> list[bytes | None]:
        asked = [None if NO_PATH.search(name) else name for name in names]
        command = [*GIT, f"--git-dir={self.directory}", "cat-file", "--batch"]
        lines = "".join(f"{name}\n" for name in asked if name)
        try:
            done = subprocess.run(command, input=lines.encode(), capture_output=True, env=_environment())
        except FileNotFoundError:
            raise CannotRun("git is not installed; it is needed to read a git directory") from None
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip().partition("\n")[0]
            raise CannotRun(f"{shown(self.folder, ROOT)}: git cannot read it ({why})")
        found, rest = list[bytes | None](), done.stdout
        for name in asked:
            if name is None:
                found.append(None)
                continue
            header, _, rest = rest.partition(b"\n")
            *_, kind, size = [b"", b"", *header.split(b" ")]
            if not size.isdigit():
                found.append(None)
                continue
            data, rest = rest[: int(size)], rest[int(size) + 1 :]
            found.append(data if kind == b"blob" else None)
        return found


class FolderArchive:
    """Files in a folder: an archive's work tree, or some files of it under names of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = sorted(p for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts)

    def read(self, wanted: Sequence[Wanted]) -> list[bytes | None]:
        """Return the file at the path, wherever in the folder the archive begins."""
        by_name: dict[str, list[Path]] = {}
        for path in self.paths:
            by_name.setdefault(path.name, []).append(path)
        return [self._read(w, by_name) for w in wanted]

    def _read(self, wanted: Wanted, by_name: dict[str, list[Path]]) -> bytes | None:
        parts = PurePosixPath(wanted.path).parts
        for path in by_name.get(parts[-1], []) if parts else []:
            if path.parts[-len(parts) :] == parts:
                return self._bytes(path)
        return None

    def others(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file."""
        return ((path.name, self._bytes(path)) for path in self.paths)

    def _bytes(self, path: Path) -> bytes:
        return read_inside(path, self.folder, shown(path, ROOT))


def _environment() -> dict[str, str]:
    """The environment of git: nothing of the person's own, no prompt, no fetch of what a clone lacks."""
    return {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def open_archive(folder: Path) -> Archive:
    """Return the archive in ``folder``. Raises CannotRun where there is no such folder."""
    if not folder.is_dir():
        raise CannotRun(f"{shown(folder, ROOT)}: there is no such folder")
    for directory in (folder / ".git", folder):
        if (directory / "HEAD").is_file() and (directory / "objects").is_dir():
            return GitArchive(folder, directory)
    return FolderArchive(folder)
