"""Read files that somebody else put there: only regular files, and only from where they seem to be."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from scripts.model.problems import CannotRun


def read_inside(path: Path, folder: Path, name: str) -> bytes:
    """Return the bytes of ``path``, called ``name`` in messages.

    Raises CannotRun where it does not exist, is not a regular file (reading a pipe would never end), is a
    link that leads out of ``folder``, or cannot be read.
    """
    try:
        # Nothing is opened before it is clear what it is.
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(folder.resolve()):
            raise CannotRun(f"{name}: it is a link that leads out of the folder")
        if path.exists() and not path.is_file():
            raise CannotRun(f"{name}: it is not a file")
        return path.read_bytes()
    except FileNotFoundError:
        raise CannotRun(f"{name}: there is no such file") from None
    except (OSError, RuntimeError, ValueError) as error:
        # A circle of links is a RuntimeError here, a NUL in the name a ValueError.
        raise CannotRun(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def entries(folder: Path, name: str) -> list[Path]:
    """Return what is in ``folder``, sorted, without hidden files. Raises CannotRun where it is not a folder,
    or is a link, or cannot be listed.
    """
    try:
        if folder.is_symlink() or not folder.is_dir():
            raise CannotRun(
                f"{name}: there is no such folder"
                if not folder.is_symlink()
                else f"{name}: it is a link, not a folder"
            )
        return sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except OSError as error:
        raise CannotRun(f"{name}: cannot be listed ({error.strerror})") from None


def sha256(data: bytes | str) -> str:
    """Return the hexadecimal SHA-256 of bytes, or of text in UTF-8."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def inside(folder: Path, name: Any) -> Path | None:
    """Return the file that a descriptor names; None where it is not in the package or links out of it."""
    if (
        not isinstance(name, str)
        or not 0 < len(name) < 1_000
        or "://" in name
        or os.path.isabs(name)
        or ".." in Path(name).parts
        or "\0" in name
    ):
        return None
    path = folder / name
    try:
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):
        # Links in a circle lead nowhere: the file is not there.
        return path
