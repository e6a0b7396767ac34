"""Released versions and what was in them: a released version never gets other data, and no id is lost.

Two lists, written by the release and compared with the package by ``validate``. ``releases/releases.csv`` has
a line for each version, ``releases/ids.csv`` one for each row that a version had, with the first that did.
The second only grows; the first has its hash.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from scripts.model.problems import CannotRun, Problem, brief
from scripts.model.tables import Table
from scripts.package.version_number import VERSION, is_development, release_of, version_order
from scripts.store.files import read_inside, sha256
from scripts.store.frames import row_ids
from scripts.store.schemas import load_tables
from scripts.techpacts.tombstones import by_name, lasting, tombstone_of

LEDGER = "releases/releases.csv"
HEAD = ["version", "released", "datapackage_sha256", "ids_sha256"]
IDS = "releases/ids.csv"
IDS_HEAD = ["table", "row_id", "since"]
RESTORE = "restore the file from the last commit"
Row = dict[str, str]


def _bytes(folder: Path, name: str) -> bytes | None:
    """Return a list as it is on disk; None before the first release."""
    path = folder / name
    return read_inside(path, folder, name) if path.exists() or path.is_symlink() else None


def _rows(folder: Path, name: str, head: list[str]) -> list[Row]:
    """Return the lines of a list, none before the first release. Raises CannotRun if the release did not
    write it so.
    """
    data = _bytes(folder, name)
    if data is None:
        return []
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotRun(f"{name}: it cannot be read ({error}); {RESTORE}") from None
    if reader.fieldnames != head or any(None in r or None in r.values() for r in rows):
        raise CannotRun(f"{name}: its columns are not {', '.join(head)}; {RESTORE}")
    column = "version" if "version" in head else "since"
    for row in rows:
        if not VERSION.match(row[column]) or is_development(row[column]):
            raise CannotRun(f"{name}: {brief(row[column])} is not a released version; {RESTORE}")
    return rows


def _written(head: list[str], rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, head, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _now(folder: Path) -> Row:
    data = (folder / "datapackage.json").read_bytes()
    given = json.loads(data)
    return {
        "version": given["version"],
        "released": given["created"][:10],
        "datapackage_sha256": sha256(data),
    }


def _of_version(message: str, fix: str) -> Problem:
    return Problem("schemas/package.json", 0, "version", message, fix, "version")


def version_problems(folder: Path) -> list[Problem]:
    """Return what is wrong with the package in ``folder`` in view of the versions that were released.

    A development version needs no section in the changelog.
    """
    now, rows = _now(folder), _rows(folder, LEDGER, HEAD)
    for row in rows:
        if row["version"] == now["version"] and row | now != row:
            message = f"version {row['version']} was released on {row['released']} with other data"
            fix = "set the next development version, like 0.5.0-dev.0 after 0.4.0"
            return [_of_version(message, fix)]
    last = max(rows, key=lambda r: version_order(r["version"]), default=None)
    if last and version_order(last["version"]) > version_order(now["version"]):
        message = f"version {last['version']} was released, and this is {now['version']}"
        return [_of_version(message, "set a later version")]
    if last and sha256(_bytes(folder, IDS) or b"") != last["ids_sha256"]:
        message = f"it is not as version {last['version']} left it"
        return [Problem(IDS, 0, "", message, RESTORE, "released-ids")]
    return [*_vanished(folder), *([] if is_development(now["version"]) else _unnoted(folder, now))]


def unreleasable(folder: Path) -> list[Problem]:
    """Return why the package in ``folder`` cannot be released, as far as its version is concerned."""
    now = _now(folder)["version"]
    if is_development(now):
        message = f"{now} is a development version, which is not released"
        fix = (
            f'set version to "{release_of(now)}" and released to the day, and write the section of that'
            " version in CHANGELOG.md"
        )
        return [_of_version(message, fix)]
    return version_problems(folder)


def _unnoted(folder: Path, now: Row) -> Iterator[Problem]:
    """Yield a problem if the changelog has no section on the version."""
    heading = f"## {now['version']} ({now['released']})"
    if f"\n{heading}\n" not in (folder / "CHANGELOG.md").read_text("utf-8"):
        message = f"there is no section on version {now['version']} of {now['released']}"
        yield Problem("CHANGELOG.md", 0, "", message, f"write it under {heading}", "changelog")


def _lasting() -> dict[str, Table]:
    return {t.name: t for t in load_tables().values() if lasting(t.name, t.kind)}


def _ids(folder: Path, tables: dict[str, Table]) -> dict[str, set[str]]:
    """Return the ids that the package in ``folder`` has, by table."""
    return {
        name: set(
            pl.read_parquet(folder / f"data/{name}.parquet", columns=list(table.primary_key))
            .select(row_ids(table))
            .to_series()
        )
        for name, table in tables.items()
    }


def _vanished(folder: Path) -> Iterator[Problem]:
    """Yield a problem for each released id that is not in its table and has no tombstone."""
    released, tables = _rows(folder, IDS, IDS_HEAD), _lasting()
    if not released:
        return
    present = _ids(folder, tables)
    known = by_name(pl.read_parquet(folder / "data/tombstones.parquet").to_dicts())
    for name, count in Counter(r["table"] for r in released if r["table"] not in tables).items():
        message = f"{brief(name)} had {count} row(s) in a released version, and there is no such table"
        fix = "keep the table, if without rows, and add a row to seeds/tombstones.csv for each that it had"
        yield Problem(IDS, 0, "table", message, fix, "vanished")
    for row in (r for r in released if r["table"] in tables and r["row_id"] not in present[r["table"]]):
        if tombstone_of(row["table"], row["row_id"], tables[row["table"]].declaration, known) is None:
            message = (
                f"{row['table']} {row['row_id']}, which version {row['since']} had, was removed without a"
                " tombstone"
            )
            fix = "restore the row, or add a line that says why it was removed and what took its place"
            yield Problem("seeds/tombstones.csv", 0, "row_id", message, fix, "vanished")


def recorded(folder: Path) -> dict[str, bytes]:
    """Return both lists with the version of the package in ``folder`` added, by path.

    Raises CannotRun for a development version.
    """
    now = _now(folder)
    if is_development(now["version"]):
        raise CannotRun(f"{now['version']} is a development version, which is not recorded in {LEDGER}")
    since = {(r["table"], r["row_id"]): r["since"] for r in _rows(folder, IDS, IDS_HEAD)}
    for name, ids in _ids(folder, _lasting()).items():
        for row_id in ids:
            since.setdefault((name, row_id), now["version"])
    ids_list = _written(
        IDS_HEAD,
        [dict(zip(IDS_HEAD, (*name, version), strict=True)) for name, version in sorted(since.items())],
    )
    earlier = (r for r in _rows(folder, LEDGER, HEAD) if r["version"] != now["version"])
    return {LEDGER: _written(HEAD, [*earlier, {**now, "ids_sha256": sha256(ids_list)}]), IDS: ids_list}
