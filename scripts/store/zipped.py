"""Read a package out of a zip that somebody else made, on whatever system.

Windows tools may write backslashes between folders, people zip a folder or what is in it, and names may come
back in other letters from a file system that does not tell capitals apart. None of that hides a file here.
What leads out of the zip, is a link, is there more than once or unpacks to more than ``LARGEST`` is refused
before anything is read.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath

from scripts.model.problems import CannotRun, brief

# What Python's zipfile raises where a file is missing, damaged, encrypted or packed in a way that it does not
# know.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
DESCRIPTOR = "datapackage.json"
# Ten million rows of CSV are 0.7 GB; a zip of a few kB that unpacks to more than this was not made in good
# faith.
LARGEST = 8 * 2**30
# What the Mac adds of its own beside the files of a folder.
NOT_OURS = ("__MACOSX/",)


def _plain(name: str) -> str:
    """Return a name in a zip with ``/`` between folders, without ``./``."""
    return str(PurePosixPath(name.replace("\\", "/")))


def _leads_out(name: str) -> bool:
    return (
        name.startswith("/")
        or ".." in name.split("/")
        or re.match(r"[A-Za-z]:", name) is not None
        or "\0" in name
    )


class Zipped:
    """A package in a zip. ``files`` are its files by path, seen from ``root``, the folder of its
    ``datapackage.json``.

    ``name`` is what messages call the zip. Raises CannotRun where it is not a zip, holds no package or
    several, or must not be trusted.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            entries = [
                (_plain(i.filename), i)
                for i in self._archive.infolist()
                if not i.filename.endswith(("/", "\\"))
            ]
        except DAMAGED:
            raise CannotRun(f"{name}: this is not a zip file") from None
        for path, entry in entries:
            if _leads_out(path):
                raise CannotRun(f"{name}: the name {brief(entry.filename)} leads out of the zip")
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise CannotRun(f"{name}: {brief(path)} is a link; zip the file itself")
        entries = [(path, entry) for path, entry in entries if not path.startswith(NOT_OURS)]
        if repeated := [path for path, count in Counter(path for path, _ in entries).items() if count > 1]:
            raise CannotRun(f"{name}: it holds {brief(repeated[0])} more than once; zip the folder again")
        if sum(entry.file_size for _, entry in entries) > LARGEST:
            raise CannotRun(
                f"{name}: it unpacks to more than {LARGEST // 2**30} GiB; unpack it yourself and give the"
                " folder"
            )
        self.root = self._root([path for path, _ in entries])
        self.files = {
            path.removeprefix(self.root): entry for path, entry in entries if path.startswith(self.root)
        }
        self._folded = {path.casefold(): path for path in self.files}

    def _root(self, paths: list[str]) -> str:
        """Return the folder of the package with its slash; its descriptor is the highest of all."""
        found = [p for p in paths if p.casefold().split("/")[-1] == DESCRIPTOR]
        if not found:
            raise CannotRun(f"{self.name}: there is no {DESCRIPTOR} in it")
        highest = min(p.count("/") for p in found)
        first, *others = (p for p in found if p.count("/") == highest)
        if others:
            raise CannotRun(
                f"{self.name}: it holds several packages ({brief(first)} and {brief(others[0])}); zip one of"
                " them"
            )
        return first[: -len(DESCRIPTOR)]

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, found also where only the case of its letters differs. Raises CannotRun
        where it cannot be read.
        """
        plain = _plain(path)
        entry = self.files.get(plain) or self.files.get(self._folded.get(plain.casefold(), ""))
        if entry is None:
            raise CannotRun(f"{self.name}: there is no {brief(path)} in it")
        try:
            return self._archive.read(entry)
        except DAMAGED as error:
            raise CannotRun(f"{self.name}: {brief(path)} cannot be read from it ({error})") from None

    def unpack(self, folder: Path) -> None:
        """Write every file of the package into ``folder``, which should be empty; the descriptor under its
        proper name.
        """
        for path in self.files:
            target = folder / (DESCRIPTOR if path.casefold() == DESCRIPTOR else path)
            data = self.read(path)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            except (OSError, ValueError) as error:
                raise CannotRun(
                    f"{self.name}: {brief(path)} cannot be unpacked"
                    f" ({getattr(error, 'strerror', None) or error})"
                ) from None
