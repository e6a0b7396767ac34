"""The pinned tables of ``seeds/upstream/``: read as they were pinned, or not at all.

``upstreams.csv`` lists them with their hash, ``series.csv`` says which measure of which table is which
indicator, ``names.csv`` which country or region a name in them means. A pinned table has one form whatever it
was made from (``schemas/seeds/pinned.json``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.coding.lists import read_list
from scripts.model.known import known_on
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, shown
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.store.csvfile import Row, read_rows
from scripts.store.files import entries, read_inside, sha256
from scripts.store.schemas import load_seed_table

FOLDER, TABLES = "upstream", "tables"
LISTS = ("upstreams", "series", "names")
_RULE = "upstream"


@dataclass(frozen=True)
class Point:
    """One figure of a pinned table.

    ``entity`` is the name of a country or region as printed there, ``partner`` that of the second country of
    a pair, ``line`` the line of the file.
    """

    upstream_id: str
    measure: str
    entity: str
    partner: str | None
    period_from: int
    period_to: int
    value: float
    line: int

    @classmethod
    def of(cls, upstream_id: str, row: Row) -> Point:
        """Return the figure of a row that was read without a fault."""
        cells: dict[str, Any] = {n: v for n, v in row.values.items() if n in cls.__dataclass_fields__}
        return cls(upstream_id, line=row.line, **cells)


@dataclass
class Upstream:
    """All of ``seeds/upstream/``: the lists, the file of each list and table, and every figure in the order
    of its table.
    """

    files: dict[str, str]
    upstreams: list[Record]
    series: list[Record] = field(default_factory=list)
    names: list[Record] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


def table_path(upstream_id: str) -> str:
    """Return the path of a pinned table in ``seeds/``."""
    return f"{FOLDER}/{TABLES}/{upstream_id}.csv"


def _read_table(
    upstream: Record, path: Path, listed_in: str, form: Table
) -> tuple[list[Point], list[Problem]]:
    """The figures of one pinned table, or what is wrong with it."""
    file = shown(path, ROOT)
    if not path.is_file():
        message, fix = f"there is no table {file}", "restore it, or correct the name"
        return [], [Problem(listed_in, upstream["_line"], "upstream_id", message, fix, _RULE)]
    data = read_inside(path, path.parent, file)
    if sha256(data) != upstream["sha256"]:
        message = f"this is not the table that was pinned: its SHA-256 is {sha256(data)}"
        fix = "restore the pinned one; a new edition is a new entry of upstreams.csv"
        return [], [Problem(file, 0, "", message, fix, _RULE)]
    problems: list[Problem] = []
    rows = read_rows(data, file, form.fields, problems, exact=True)
    if not problems:
        problems = [
            Problem(file, row.line, name, "the cell is empty", "pin the table again", _RULE)
            for row in rows
            for name in ("measure", "entity", "period_from", "period_to", "value")
            if row.values[name] is None
        ]
    return [] if problems else [Point.of(upstream["upstream_id"], row) for row in rows], problems


def _unlisted(seeds: Path, upstreams: list[Record], listed_in: str) -> list[Problem]:
    """Files of the folder that no list names."""
    folder = seeds / FOLDER
    wanted = {seeds / table_path(u["upstream_id"]) for u in upstreams}
    wanted |= {folder / f"{n}.csv" for n in LISTS} | {folder / TABLES}
    message = f"no entry of {listed_in} names this file"
    return [
        Problem(shown(path, ROOT), 0, "", message, "add one, or delete the file", _RULE)
        for sub in (folder, folder / TABLES)
        for path in entries(sub, shown(sub, ROOT))
        if path not in wanted
    ]


def read_upstream(
    seeds: Path, upstreams: list[Record], problems: list[Problem], *, as_of: dt.date | None = None
) -> Upstream:
    """Return the tables that ``upstreams`` lists, those known by ``as_of`` where it is given.

    What is wrong is added to ``problems``.
    """
    folder = seeds / FOLDER
    found = Upstream({n: shown(folder / f"{n}.csv", ROOT) for n in LISTS}, upstreams)
    faults: list[Problem] = []
    found.series = read_list(folder / "series.csv", load_seed_table("series"), faults)
    found.names = read_list(folder / "names.csv", load_seed_table("names"), faults)
    problems += faults
    if faults:
        return found
    problems += _unlisted(seeds, upstreams, found.files["upstreams"])
    found.upstreams = [u for u in upstreams if as_of is None or known_on(u) <= as_of]
    form = load_seed_table("pinned")
    for upstream in found.upstreams:
        path = seeds / table_path(upstream["upstream_id"])
        found.files[upstream["upstream_id"]] = shown(path, ROOT)
        points, faults = _read_table(upstream, path, found.files["upstreams"], form)
        found.points += points
        problems += faults
    return found
