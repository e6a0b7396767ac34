"""The versions that were released, and what was in them: a released version never gets other data, and no id
of one vanishes.

Two lists, written by the release; ``validate`` holds the package against them. ``releases/releases.csv`` has a
line for each version, ``releases/ids.csv`` one for each row that a version had, with the first that did.
To the second lines are only added: the first has its hash.
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
from scripts.package.descriptor import VERSION, version_order
from scripts.store.files import read_inside, sha256
from scripts.store.frames import row_ids
from scripts.store.schemas import load_tables
from scripts.techpacts.tombstones import by_name, lasting, tombstone_of

LEDGER = "releases/releases.csv"
HEAD = ["version", "released", "datapackage_sha256", "ids_sha256"]
IDS = "releases/ids.csv"
IDS_HEAD = ["table", "row_id", "since"]
BACK = "bring the file back from the last commit"
Row = dict[str, str]


def _bytes(folder: Path, name: str) -> bytes | None:
    """A list as it stands; None where nothing was released yet."""
    path = folder / name
    return read_inside(path, folder, name) if path.exists() or path.is_symlink() else None


def _rows(folder: Path, name: str, head: list[str]) -> list[Row]:
    """The lines of a list; none where it is not there. Raises CannotRun where it is not as the release writes
    it.
    """
    data = _bytes(folder, name)
    if data is None:
        return []
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotRun(f"{name}: it cannot be read ({error}); {BACK}") from None
    if reader.fieldnames != head or any(None in r or None in r.values() for r in rows):
        raise CannotRun(f"{name}: its columns are not {', '.join(head)}; {BACK}")
    column = "version" if "version" in head else "since"
    for row in rows:
        if not VERSION.match(row[column]):
            raise CannotRun(f"{name}: {brief(row[column])} is no version; {BACK}")
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


def unreleasable(folder: Path) -> list[Problem]:
    """What is wrong with the version of the package in ``folder``, seen from the versions that were released."""
    now, rows = _now(folder), _rows(folder, LEDGER, HEAD)
    for row in rows:
        if row["version"] == now["version"] and row | now != row:
            return [
                Problem(
                    "schemas/package.json",
                    0,
                    "version",
                    f"version {row['version']} was released on {row['released']} with other data",
                    "set a new version and day, and write its section in CHANGELOG.md",
                    "version",
                )
            ]
    last = max(rows, key=lambda r: version_order(r["version"]), default=None)
    if last and version_order(last["version"]) > version_order(now["version"]):
        return [
            Problem(
                "schemas/package.json",
                0,
                "version",
                f"version {last['version']} was released, and this is {now['version']}",
                "set a version after it",
                "version",
            )
        ]
    if last and sha256(_bytes(folder, IDS) or b"") != last["ids_sha256"]:
        return [Problem(IDS, 0, "", f"it is not as version {last['version']} left it", BACK, "released-ids")]
    return [*_vanished(folder), *unnoted(folder)]


def unnoted(folder: Path) -> list[Problem]:
    """A problem where the changelog has no section on the version of the package."""
    now = _now(folder)
    heading = f"## {now['version']} ({now['released']})"
    if f"\n{heading}\n" in (folder / "CHANGELOG.md").read_text("utf-8"):
        return []
    return [
        Problem(
            "CHANGELOG.md",
            0,
            "",
            f"there is no section on version {now['version']} of {now['released']}",
            f"write it under {heading}",
            "changelog",
        )
    ]


def _lasting() -> dict[str, Table]:
    return {t.name: t for t in load_tables().values() if lasting(t.name, t.kind)}


def _ids(folder: Path, tables: dict[str, Table]) -> dict[str, set[str]]:
    """The ids that the package in ``folder`` has, by table."""
    return {
        name: set(
            pl.read_parquet(folder / f"data/{name}.parquet", columns=list(table.primary_key))
            .select(row_ids(table))
            .to_series()
        )
        for name, table in tables.items()
    }


def _vanished(folder: Path) -> Iterator[Problem]:
    """A problem for each released id that is neither in its table nor spoken of by a tombstone."""
    released, tables = _rows(folder, IDS, IDS_HEAD), _lasting()
    if not released:
        return
    there, known = (
        _ids(folder, tables),
        by_name(pl.read_parquet(folder / "data/tombstones.parquet").to_dicts()),
    )
    for name, count in Counter(r["table"] for r in released if r["table"] not in tables).items():
        yield Problem(
            IDS,
            0,
            "table",
            f"{brief(name)} had {count} row(s) in a released version, and there is no such table",
            "keep the table, if without rows, and add a row to seeds/tombstones.csv for each that it had",
            "vanished",
        )
    for row in (r for r in released if r["table"] in tables and r["row_id"] not in there[r["table"]]):
        if tombstone_of(row["table"], row["row_id"], tables[row["table"]].declaration, known) is None:
            yield Problem(
                "seeds/tombstones.csv",
                0,
                "row_id",
                f"{row['table']} {row['row_id']}, which version {row['since']} had, is gone without a"
                " tombstone",
                "bring the row back, or add a line that says why it went and what took its place",
                "vanished",
            )


def recorded(folder: Path) -> dict[str, bytes]:
    """Both lists with the version of the package in ``folder`` in them, by path."""
    now = _now(folder)
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
