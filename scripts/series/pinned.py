"""The pinned tables of ``seeds/upstream/``: read as they were pinned, or not at all.

``upstreams.csv`` lists them with their hash, ``series.csv`` says which measure of which table is which
indicator, ``names.csv`` whom a name in them means. A pinned table has one form whatever it was made from
(``schemas/seeds/pinned.json``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from scripts.coding.lists import read_list
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, shown
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.store.csvfile import Row, read_rows
from scripts.store.files import entries, read_inside, sha256
from scripts.store.schemas import load_seed_table

FOLDER, TABLES = "upstream", "tables"
LISTS = ("upstreams", "series", "names")


@dataclass(frozen=True)
class Point:
    """One figure of a pinned table: who by name (``partner`` too for a pair), the years, the value, and the
    line it stands on.
    """

    upstream_id: str
    measure: str
    entity: str
    partner: str | None
    period_from: int
    period_to: int
    value: float
    line: int


@dataclass
class Upstream:
    """All of ``seeds/upstream/``: the lists, and every figure in the order of its table. ``files``: the file
    of each list and table.
    """

    files: dict[str, str]
    upstreams: list[Record]
    series: list[Record] = field(default_factory=list)
    names: list[Record] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


def table_path(upstream_id: str) -> str:
    """Where in ``seeds/`` a pinned table lies."""
    return f"{FOLDER}/{TABLES}/{upstream_id}.csv"


def _points(upstream: Record, rows: list[Row]) -> list[Point]:
    return [
        Point(
            upstream["upstream_id"],
            *(r.values[n] for n in ("measure", "entity", "partner", "period_from", "period_to", "value")),
            r.line,
        )
        for r in rows
    ]


def _table(upstream: Record, path: Path, listed_in: str, form: Table, problems: list[Problem]) -> list[Point]:
    """The figures of one pinned table; of one that is not what was pinned none."""
    file = shown(path, ROOT)
    if not path.is_file():
        problems.append(
            Problem(
                listed_in,
                upstream["_line"],
                "upstream_id",
                f"there is no table {file}",
                "bring it back, or mend the name",
                "upstream",
            )
        )
        return []
    data = read_inside(path, path.parent, file)
    if sha256(data) != upstream["sha256"]:
        problems.append(
            Problem(
                file,
                0,
                "",
                f"this is not the table that was pinned: its SHA-256 is {sha256(data)}",
                "bring the old one back; a new edition is a new entry of upstreams.csv",
                "upstream",
            )
        )
        return []
    before = len(problems)
    rows = read_rows(data, file, form.fields, problems, exact=True)
    if len(problems) > before:
        return []
    for row in rows:
        for name in ("measure", "entity", "period_from", "period_to", "value"):
            if row.values[name] is None:
                problems.append(
                    Problem(file, row.line, name, "the cell is empty", "pin the table anew", "upstream")
                )
    return _points(upstream, rows) if len(problems) == before else []


def read_upstream(
    seeds: Path, upstreams: list[Record], problems: list[Problem], *, as_of: dt.date | None = None
) -> Upstream:
    """The tables that ``upstreams`` lists, those published by ``as_of`` where it is given. Faults go to
    ``problems``.
    """
    folder = seeds / FOLDER
    found = Upstream({n: shown(folder / f"{n}.csv", ROOT) for n in LISTS}, upstreams)
    before = len(problems)
    found.series = read_list(folder / "series.csv", load_seed_table("series"), problems)
    found.names = read_list(folder / "names.csv", load_seed_table("names"), problems)
    if len(problems) > before:
        return found
    wanted = (
        {seeds / table_path(u["upstream_id"]) for u in found.upstreams}
        | {folder / f"{n}.csv" for n in LISTS}
        | {folder / TABLES}
    )
    for path in [
        p for sub in (folder, folder / TABLES) for p in entries(sub, shown(sub, ROOT)) if p not in wanted
    ]:
        problems.append(
            Problem(
                shown(path, ROOT),
                0,
                "",
                f"no entry of {found.files['upstreams']} speaks of this file",
                "add one, or delete the file",
                "upstream",
            )
        )
    found.upstreams = [u for u in found.upstreams if as_of is None or u["published_on"] <= as_of]
    found.files |= {
        u["upstream_id"]: shown(seeds / table_path(u["upstream_id"]), ROOT) for u in found.upstreams
    }
    form = load_seed_table("pinned")
    for upstream in found.upstreams:
        found.points += _table(
            upstream, seeds / table_path(upstream["upstream_id"]), found.files["upstreams"], form, problems
        )
    return found
