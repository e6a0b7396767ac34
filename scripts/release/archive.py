"""Zip files whose bytes depend on nothing but what is in them, and lists of checksums.

The same contents give the same bytes with the same zlib; the times in the archive are those of the release.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the list that ``sha256sum --check`` reads, by name."""
    return "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ).encode("utf-8")


def write_zip(path: Path, files: Mapping[str, bytes], day: dt.datetime, folder: str = "") -> None:
    """Write the files into a zip in order of name, with their checksums: at its top, or under ``folder/``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted({**files, SUMS: checksums(files)}.items()):
            info = zipfile.ZipInfo(f"{folder}{name}", day.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            # An ordinary file that everybody may read, whatever system made it.
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, data)
