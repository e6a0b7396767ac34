"""Each value of a cell that stood, from which day to which: what was known when, for every day at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

from scripts.coding.merge import Cell, Decisions
from scripts.model.claims import Claim
from scripts.model.known import known_on
from scripts.model.problems import Problem
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.pipeline.gaps import Daily, Place, hidden, referring

Claims = Mapping[Cell, list[Claim]]
# A value, and a row, from a day on.
Value = tuple[dt.date, str]
Version = tuple[dt.date, Record]


def known_days(sources: Iterable[Record]) -> dict[str, dt.date]:
    """Return by source the first day on which it counts as known."""
    return {s["source_id"]: known_on(s) for s in sources}


def cell_history(
    seeds: Seeds, claims: Claims, tables: dict[str, Table], decisions: Decisions
) -> tuple[list[Record], list[Problem]]:
    """Return the rows of ``cell_history``, and what could not be decided on an earlier day.

    For each day they say what was published of the claimed columns of fact tables: what the sources known by
    then give, without what leans on something that only later ones say. ``claims`` are those on each cell.
    """
    known = known_days(seeds.lists["sources"])
    problems: list[Problem] = []
    values = {cell: _values(cell, given, known, decisions, problems) for cell, given in claims.items()}
    versions = _versions(values, claims, seeds)
    days = _days(versions, tables)
    gone = hidden(_daily(versions, days), seeds.lists, tables)
    rows = []
    for cell, given in values.items():
        place = cell[:2]
        unseen = gone.rows.get(place, set()) | gone.cells.get(cell, set())
        for value, first, until in _spells(given, days[place], unseen):
            rows.append(
                {
                    "table": cell[0],
                    "row_id": cell[1],
                    "field": cell[2],
                    "value": value,
                    "known_from": first,
                    "known_until": until,
                    "source_id": _first_to_say(value, first, claims[cell], known),
                }
            )
    return rows, problems


def _values(
    cell: Cell,
    claims: list[Claim],
    known: Mapping[str, dt.date],
    decisions: Decisions,
    problems: list[Problem],
) -> list[Value]:
    """The values of a cell by the sources alone, each from the day on which it began to stand."""
    days = sorted({known[c.source_id] for c in claims})
    if all(c.text == claims[0].text for c in claims):
        return [(days[0], claims[0].text)]
    values: list[Value] = []
    for day in days:
        by_then = [c for c in claims if known[c.source_id] <= day]
        stands, _, faults = decisions.decide(cell, by_then, partial=True)
        problems += faults
        if stands is not None:
            values.append((day, stands))
    return values


def _versions(values: Mapping[Cell, list[Value]], claims: Claims, seeds: Seeds) -> dict[Place, list[Version]]:
    """The rows as the sources alone give them, each version from the day on which it came to be so."""
    changes: dict[Place, dict[dt.date, Record]] = defaultdict(lambda: defaultdict(dict))
    for cell, given in values.items():
        typed = {c.text: c.value for c in claims[cell]}
        for day, text in given:
            changes[cell[:2]][day][cell[2]] = typed[text]
    versions: dict[Place, list[Version]] = {}
    for place, by_day in changes.items():
        row = seeds.keys[place]
        versions[place] = [(day, row := {**row, **by_day[day]}) for day in sorted(by_day)]
    return versions


class _Groups:
    """Things that belong together since a chain of pairs connects them."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, thing: Hashable) -> Hashable:
        """Return the one that stands for the group of ``thing``."""
        above = self._above
        above.setdefault(thing, thing)
        while above[thing] != thing:
            above[thing] = thing = above[above[thing]]
        return thing

    def join(self, one: Hashable, other: Hashable) -> None:
        """Put both into one group."""
        self._above[self.of(one)] = self.of(other)


def _days(versions: Mapping[Place, list[Version]], tables: dict[str, Table]) -> dict[Place, list[dt.date]]:
    """The days on which something changed in a row or in one that a chain of references connects it with.

    On other days nothing can appear or go: rules on what to leave out compare rows that refer to each other.
    """
    groups = _Groups()
    for place, given in versions.items():
        table = tables[place[0]]
        for column in referring(tables, table):
            targets = {table.name} | {k.table for k in table.foreign_keys if column in k.fields}
            for value in {row.get(column) for _, row in given} - {None}:
                for target in targets:
                    groups.join(place, (target, value))
    by_group: dict[Hashable, set[dt.date]] = defaultdict(set)
    for place, given in versions.items():
        by_group[groups.of(place)] |= {day for day, _ in given}
    in_order = {group: sorted(days) for group, days in by_group.items()}
    return {place: in_order[groups.of(place)] for place in versions}


def _daily(versions: Mapping[Place, list[Version]], days: Mapping[Place, list[dt.date]]) -> Daily:
    """The rows on each of their days."""
    daily: Daily = defaultdict(list)
    for place, given in versions.items():
        now, later = None, iter([*given, None])
        following = next(later)
        for day in days[place]:
            while following is not None and following[0] <= day:
                now, following = following[1], next(later)
            if now is not None:
                daily[place[0]].append((place[1], day, now))
    return daily


def _spells(
    values: list[Value], days: list[dt.date], unseen: Collection[dt.date]
) -> Iterator[tuple[str, dt.date, dt.date | None]]:
    """Yield how long each value stood: the first day, and the first on which it no longer did.

    ``days`` are those that matter to the row, ``unseen`` those of them on which the cell is not shown.
    """
    points: list[tuple[dt.date, str | None]] = list(values)
    if unseen:
        points = [
            (day, None if day in unseen else [text for since, text in values if since <= day][-1])
            for day in days
            if day >= values[0][0]
        ]
    now, since = None, dt.date.min
    for day, text in points:
        if text != now:
            if now is not None:
                yield now, since, day
            now, since = text, day
    if now is not None:
        yield now, since, None


def _first_to_say(value: str, day: dt.date, claims: list[Claim], known: Mapping[str, dt.date]) -> str:
    """The source that was the first to say ``value``, of those known by ``day``; by name among equals."""
    first = min((known[c.source_id], c.source_id) for c in claims if c.text == value)
    if first[0] > day:
        raise ValueError(f"nobody said {value!r} by {day}")
    return first[1]
