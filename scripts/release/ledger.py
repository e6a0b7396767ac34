"""The versions that were released, and what was in them: a released version never gets other data.

``docs/releases.csv`` has a line for each, written by the release; ``validate`` holds the package against it.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from scripts.passages import sha256
from scripts.problems import CannotRun, Problem

LEDGER = "docs/releases.csv"
HEAD = ["version", "released", "datapackage_sha256"]


def _rows(folder: Path) -> list[dict[str, str]]:
    path = folder / LEDGER
    if not path.is_file():
        return []
    reader = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))
    rows = list(reader)
    if reader.fieldnames != HEAD or any(None in r or None in r.values() for r in rows):
        raise CannotRun(f"{LEDGER}: its columns are not {', '.join(HEAD)}; bring the file back from the last commit")
    return rows


def _now(folder: Path) -> dict[str, str]:
    data = (folder / "datapackage.json").read_bytes()
    given = json.loads(data)
    return {"version": given["version"], "released": given["created"][:10], "datapackage_sha256": sha256(data)}


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def unreleasable(folder: Path) -> list[Problem]:
    """What is wrong with the version of the package in ``folder``, seen from the versions that were released."""
    now, rows = _now(folder), _rows(folder)
    for row in rows:
        if row["version"] == now["version"] and row != now:
            return [Problem("schemas/package.json", 0, "version", f"version {row['version']} was released on {row['released']} with other data", "set a new version and day, and write its section in CHANGELOG.md", "version")]
    later = [row["version"] for row in rows if _number(row["version"]) > _number(now["version"])]
    if later:
        return [Problem("schemas/package.json", 0, "version", f"version {max(later, key=_number)} was released, and this is {now['version']}", "set a version after it", "version")]
    return unnoted(folder)


def unnoted(folder: Path) -> list[Problem]:
    """A problem where the changelog has no section on the version of the package."""
    now = _now(folder)
    heading = f"## {now['version']} ({now['released']})"
    if f"\n{heading}\n" in (folder / "CHANGELOG.md").read_text("utf-8"):
        return []
    return [Problem("CHANGELOG.md", 0, "", f"there is no section on version {now['version']} of {now['released']}", f"write it under {heading}", "changelog")]


def recorded(folder: Path) -> bytes:
    """The list with the version of the package in ``folder`` in it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD, lineterminator="\n")
    writer.writeheader()
    now = _now(folder)
    writer.writerows([*(r for r in _rows(folder) if r["version"] != now["version"]), now])
    return out.getvalue().encode("utf-8")
