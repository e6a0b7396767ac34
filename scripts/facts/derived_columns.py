"""Columns and tables that nobody types: dates as ranges, status, timeline, matrix, evidence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

import polars as pl

from scripts.facts.grades import Grader, letters
from scripts.facts.linked_evidence import link_evidence
from scripts.facts.totals import add_days, add_usd
from scripts.model.claims import Claim
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import date_range
from scripts.store.frames import frame_of, row_ids

# Effects that change what state an agreement is in; an accession adds a party and leaves the state as it is.
STATUS_EFFECTS = ("announced", "signed", "operative", "suspended", "resumed", "extended", "ended")


def ranged_columns(table: Table) -> list[str]:
    """Return the date columns of reduced precision: those that have a ``_from`` and a ``_to`` beside them."""
    return [f.name for f in table.claimed if f"{f.name}_from" in table.by_name]


def add_ranges(table: Table, rows: Iterable[Record]) -> None:
    """Fill ``x_from`` and ``x_to`` of every date column ``x``; empty where there is no such day."""
    for row in rows:
        for name in ranged_columns(table):
            days: tuple[dt.date | None, dt.date | None] = (None, None)
            if row.get(name):
                with suppress(ValueError):
                    days = date_range(row[name])
            row[f"{name}_from"], row[f"{name}_to"] = days


def _state_events(events: Iterable[Record]) -> dict[str, list[tuple[dt.date | None, int, str | None]]]:
    """Return by agreement its held events with an effect on its state: first day, effect and grade."""
    found: dict[str, list[tuple[dt.date | None, int, str | None]]] = defaultdict(list)
    for e in events:
        if e.get("agreement_id") and e.get("stage") == "held" and e.get("effect") in STATUS_EFFECTS:
            effect = STATUS_EFFECTS.index(e["effect"])
            found[e["agreement_id"]].append((e.get("start_on_from"), effect, e.get("evidence_grade")))
    return found


def statuses(events: Iterable[Record]) -> dict[str, tuple[str, dt.date | None, str | None]]:
    """Return by agreement its status, the first day of it and the evidence grade of the event that made it.

    That is the last held event with an effect on its state; events of the same day come in the order in which
    effects follow each other in a treaty's life. An event without a day comes after announcements, which a
    signature follows at any time, and before everything else that has a day; the day is then None.
    """
    best: dict[str, tuple[str, dt.date | None, str | None]] = {}
    for agreement_id, found in _state_events(events).items():
        dated = [(day, effect, grade) for day, effect, grade in found if day]
        undated = [(effect, grade) for day, effect, grade in found if not day]
        # All but announcements: what only an event without a day can outdo is an announcement.
        firm = any(effect for _, effect, _ in dated)
        if dated and (firm or not any(effect for effect, _ in undated)):
            day, effect, grade = max(dated, key=lambda e: e[:2])
            best[agreement_id] = (STATUS_EFFECTS[effect], day, grade)
        else:
            effect, grade = max(undated, key=lambda e: e[0])
            best[agreement_id] = (STATUS_EFFECTS[effect], None, grade)
    return best


def add_status(agreements: Iterable[Record], events: Iterable[Record]) -> None:
    """Fill ``status``, ``status_on`` and ``status_grade`` of every agreement from the events."""
    known = statuses(events)
    for a in agreements:
        a["status"], a["status_on"], a["status_grade"] = known.get(a["agreement_id"], ("unknown", None, None))


def evidence_rows(claims: Iterable[Claim], archived: Collection[str]) -> list[Record]:
    """Return the evidence table: a row for each claim, with ``_file`` and ``_line`` where it was typed.

    ``archived``: the sources whose whole text is in a public archive.
    """
    return [
        {
            "table": c.table,
            "row_id": c.row_id,
            "field": c.field,
            "value": c.text,
            "source_id": c.source_id,
            "at": c.at,
            "passage_sha256": c.passage_sha256,
            "check": c.check,
            "stands": c.stands,
            "recheckable": c.stands and c.source_id in archived,
            "attribution": c.attribution,
            "relays": c.relays,
            "note": c.note,
            "_file": c.file,
            "_line": c.line,
        }
        for c in claims
    ]


def _label(name: str, language: str) -> str | None:
    return {"agreements": f"title_{language}", "events": f"name_{language}", "parties": None}.get(
        name, f"summary_{language}"
    )


def _dated(table: Table, column: str, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the filled cells of one date column as rows of the timeline."""
    frame = frames[table.name]
    if table.name == "parties":
        # Whose accession, to what.
        titles = (
            frames["agreements"]
            .select("agreement_id", "title_en", "title_ko")
            .unique("agreement_id", keep="first")
        )
        names = (
            frames["organizations"]
            .select("organization_id", "name_en", "name_ko")
            .unique("organization_id", keep="first")
        )
        frame = frame.join(titles, on="agreement_id", how="inner").join(
            names, on="organization_id", how="inner"
        )
    labels = [
        (
            pl.col(c)
            if (c := _label(table.name, lang))
            else pl.format("{}: {}", f"name_{lang}", f"title_{lang}")
        ).alias(f"label_{lang}")
        for lang in ("en", "ko")
    ]
    # A sum without a day of its own has that of its event, which is in the timeline itself.
    return frame.filter(pl.col(column).is_not_null(), pl.col(f"{column}_from").is_not_null()).select(
        pl.lit(table.name).alias("table"),
        row_ids(table).alias("row_id"),
        pl.lit(column).alias("field"),
        pl.col(column).alias("date"),
        pl.col(f"{column}_from").alias("date_from"),
        pl.col(f"{column}_to").alias("date_to"),
        (
            pl.col("agreement_id")
            if "agreement_id" in table.by_name
            else pl.lit(None, pl.String).alias("agreement_id")
        ),
        pl.col("stage") if table.name == "events" else pl.lit(None, pl.String).alias("stage"),
        *labels,
    )


def is_dated(table: Table) -> bool:
    """Tell whether the dates of a table are in the timeline."""
    # A day on which a currency was quoted is not an event.
    return table.kind == "fact" and table.name != "exchange_rates" and bool(ranged_columns(table))


def timeline(frames: Mapping[str, pl.DataFrame], tables: dict[str, Table]) -> pl.DataFrame:
    """Return every dated cell of the fact tables as one row, with what it dates."""
    return pl.concat(
        _dated(t, column, frames) for t in tables.values() if is_dated(t) for column in ranged_columns(t)
    )


def agreement_matrix(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return agreement by domain: whether it is named, and how many provisions of each standing there are."""
    cell = ["agreement_id", "domain_id"]
    named = frames["agreement_domains"].select(*cell, pl.lit(True).alias("named")).unique()
    standings = ("agreed", "expected", "author_view")
    counts = (
        frames["provisions"]
        .filter(pl.col("domain_id").is_not_null() & pl.col("standing").is_not_null())
        .group_by(cell)
        .agg((pl.col("standing") == s).sum().cast(pl.Int64).alias(f"provisions_{s}") for s in standings)
    )
    joined = named.join(counts, on=cell, how="full", coalesce=True)
    return joined.select(
        *cell, pl.col("named").fill_null(False), *(pl.col(f"provisions_{s}").fill_null(0) for s in standings)
    )


def complete(data: dict[str, list[Record]], tables: dict[str, Table]) -> None:
    """Fill every derived column of the fact tables in ``data``, which has the evidence too."""
    facts = [t for t in tables.values() if t.kind == "fact"]
    frames = {}
    for table in facts:
        add_ranges(table, data[table.name])
        frames[table.name] = frame_of(table.fields, data[table.name])
    for name in ("evidence", "sources"):
        frames[name] = frame_of(tables[name].fields, data[name])
    grader = Grader(frames["sources"], frames["evidence"])
    linked = link_evidence(facts, frames)
    for table in facts:
        grades = letters(grader.numbers(table, frames[table.name], linked[table.name]))
        for row, grade in zip(data[table.name], grades, strict=True):
            row["evidence_grade"] = grade
    add_status(data["agreements"], data["events"])
    add_days(data["funding"], data["events"])
    add_usd(data["funding"], data["exchange_rates"])
