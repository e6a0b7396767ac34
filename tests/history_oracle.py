"""What stood on a day, found the long way: the claims known by then, merged by themselves, without what leans
on something that only later sources say.

The history of the cells must say the same of every day. Nothing here knows of days as ranges, and of what is
left out one package of one day is asked, as it would be published.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

import polars as pl

from scripts.constraints.violations import constraint_violations, foreign_key_violations
from scripts.model.claims import Claim
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.store.frames import frame_of
from scripts.techpacts.references import PRIMARY_TYPES
from scripts.validation.rules.registry import all_rules

Cell = tuple[str, str, str]
Rows = dict[str, list[Record]]


def known(source: Record) -> dt.date:
    """The first day on which a document counts: one that may be a week off counts a week later."""
    late = dt.timedelta(days=7 if source.get("published_precision") == "week" else 0)
    day: dt.date = source["published_on"] + late
    return day


class Oracle:
    """The claims and rulings of the seeds, asked for one day after the other."""

    def __init__(self, seeds: Seeds, claims: Iterable[Claim], tables: dict[str, Table]) -> None:
        self.seeds, self.tables = seeds, tables
        self.sources = {s["source_id"]: s for s in seeds.lists["sources"]}
        self.cells: dict[Cell, list[Claim]] = defaultdict(list)
        for c in claims:
            self.cells[c.table, c.row_id, c.field].append(c)
        self.ruled = {
            (r["table"], r["row_id"], r["field"]): r["expect"] for r in seeds.lists["rulings"] if r["stands"]
        }

    def on(self, day: dt.date) -> set[tuple[str, str, str, str]]:
        """Return the cells that are published on a day: table, row, column, value."""
        texts: dict[Cell, str] = {}
        rows: dict[tuple[str, str], Record] = {}
        for cell, claims in self.cells.items():
            given = [c for c in claims if known(self.sources[c.source_id]) <= day]
            if given:
                stands = self._stands(cell, given)
                texts[cell] = stands.text
                rows.setdefault(cell[:2], dict(self.seeds.keys[cell[:2]]))[cell[2]] = stands.value
        by_table: Rows = {t.name: [] for t in self.tables.values() if t.kind == "fact"}
        for (name, _), row in rows.items():
            by_table[name].append(row)
        left_out(by_table, self.seeds.lists, self.tables)
        there = {(n, key_of(self.tables[n], row)): row for n, given in by_table.items() for row in given}
        return {(*c, t) for c, t in texts.items() if c[:2] in there and there[c[:2]].get(c[2]) is not None}

    def _stands(self, cell: Cell, claims: list[Claim]) -> Claim:
        """The claim that stands: as ruled where that was said by then, else of the newest or best source."""
        resolve = self.tables[cell[0]].by_name[cell[2]].resolve
        ruled = [c for c in claims if resolve == "agree" and c.text == self.ruled.get(cell)]
        return ruled[0] if ruled else max(claims, key=lambda c: self._rank(c, best=resolve == "best"))

    def _rank(self, claim: Claim, *, best: bool) -> tuple[int, dt.datetime]:
        source = self.sources[claim.source_id]
        types = list(reversed(PRIMARY_TYPES))
        weight = types.index(source["document_type"]) + 1 if source["document_type"] in types else 0
        time = dt.time.fromisoformat(source["published_time"] or "00:00")
        zone = ZoneInfo(source["time_zone"] or "UTC")
        return (weight if best else 0), dt.datetime.combine(source["published_on"], time, zone)


def left_out(rows: Rows, lists: Mapping[str, list[Record]], tables: dict[str, Table]) -> None:
    """Remove from ``rows`` what leans on something that is not there, until nothing is reported."""
    frames = {name: frame_of(tables[name].typed, given) for name, given in {**lists, **rows}.items()}
    while gaps := set(_gaps(frames, tables)):
        for name in {name for name, _, _ in gaps}:
            gone = {index for table, index, column in gaps if table == name and column is None}
            for table, index, column in gaps:
                if table == name and column:
                    rows[name][index][column] = None
            rows[name] = [row for i, row in enumerate(rows[name]) if i not in gone]
            frames[name] = frame_of(tables[name].typed, rows[name])


def _gaps(frames: dict[str, pl.DataFrame], tables: dict[str, Table]) -> Iterator[tuple[str, int, str | None]]:
    """Yield rows that lack a cell they need, references to nothing, and what the rules say to leave out."""
    for table in (t for t in tables.values() if t.kind == "fact"):
        required = {f.name for f in table.typed if f.required}
        for v in constraint_violations(table.typed, frames[table.name]):
            if v.rule == "required":
                yield table.name, v.index, None
        for v in foreign_key_violations(table, frames):
            columns = v.column.split(",")
            yield table.name, v.index, None if required & set(columns) else columns[0]
    for rule in all_rules():
        if rule.as_of:
            for fault in rule(frames):
                yield fault.table, fault.index, fault.column if rule.as_of == "cell" else None
