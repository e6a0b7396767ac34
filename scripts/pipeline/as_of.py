"""What was known on a day: the seeds and the facts of it, taken from the history of the cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from scripts.coding.merge import Decisions, Merged
from scripts.model.problems import CannotRun
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.pipeline.history import known_days


def seeds_known_by(seeds: Seeds, day: dt.date) -> Seeds:
    """Return the seeds without the sources of later days, and without the names that only these explain.

    Raises CannotRun where no source is that old.
    """
    later = {source for source, since in known_days(seeds.lists["sources"]).items() if since > day}
    if len(later) == len(seeds.lists["sources"]):
        raise CannotRun(f"no source was published on or before {day}")
    lists = {
        name: [r for r in rows if r["source_id"] not in later] if name in {"sources", "aliases"} else rows
        for name, rows in seeds.lists.items()
    }
    return replace(seeds, lists=lists)


def history_by(history: list[Record], day: dt.date) -> list[Record]:
    """Return the history of the cells as it could be told on a day."""
    return [
        {**row, "known_until": None} if row["known_until"] and row["known_until"] > day else row
        for row in history
        if row["known_from"] <= day
    ]


def merged_by(history: list[Record], merged: Merged, seeds: Seeds, decisions: Decisions) -> Merged:
    """Return the facts with the claims on each cell as of the day that ``history`` and ``seeds`` are of.

    ``merged``: the facts by all sources. Of what is not shown on the day nothing is said.
    """
    known = {s["source_id"] for s in seeds.lists["sources"]}
    values: dict[tuple[str, str], Record] = {}
    then = Merged({name: [] for name in merged.rows}, {})
    for row in (r for r in history if r["known_until"] is None):
        place, cell = (row["table"], row["row_id"]), (row["table"], row["row_id"], row["field"])
        claims = [c for c in merged.claims[cell] if c.source_id in known]
        then.claims[cell] = [c._replace(stands=c.text == row["value"]) for c in claims]
        value = next(c.value for c in claims if c.text == row["value"])
        values.setdefault(place, dict(seeds.keys[place]))[row["field"]] = value
        by = decisions.decide(cell, claims, partial=True).by
        if by:
            then.disagreements += decisions.differences(cell, claims, row["value"], by)
    for (name, _), cells in values.items():
        then.rows[name].append(cells)
    return then


def followed(data: dict[str, list[Record]], tables: dict[str, Table]) -> list[Record]:
    """Return the tombstones of rows whose successor is there on the day.

    Others would speak of what only later sources say.
    """
    there = {
        n: {key_of(tables[n], r) for r in data[n]}
        for n in {t["successor_table"] for t in data["tombstones"]} & set(data)
    }
    return [t for t in data["tombstones"] if t["successor_row_id"] in there.get(t["successor_table"], ())]
