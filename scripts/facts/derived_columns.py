"""Columns and tables that nobody types: dates as ranges, status, evidence grade, timeline, matrix, evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from scripts.facts.totals import add_usd
from scripts.model.claims import Claim
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import date_range
from scripts.store.frames import row_ids
from scripts.techpacts.references import PRIMARY_TYPES

# Effects that change what state an agreement is in; an accession adds a party and leaves the state as it is.
STATUS_EFFECTS = ("announced", "signed", "operative", "suspended", "resumed", "extended", "ended")
TYPED_EVIDENCE = {"date", "year", "number", "currency", "name", "verbatim"}
UNCONFIRMED = {"unnamed_source", "hearsay"}
# A row that only announces an intention is unconfirmed whoever says so.
INTENTIONS = (("stage", "planned"), ("standing", "expected"), ("role", "announced"))


def ranged_columns(table: Table) -> list[str]:
    """Date columns of reduced precision: those that have a ``_from`` and a ``_to`` beside them."""
    return [f.name for f in table.fields if f.evidence == "date" and f"{f.name}_from" in table.by_name]


def add_ranges(table: Table, rows: Iterable[Record]) -> None:
    """Fills ``x_from`` and ``x_to`` for every date column ``x``; a day that does not exist leaves them empty."""
    for row in rows:
        for name in ranged_columns(table):
            try:
                row[f"{name}_from"], row[f"{name}_to"] = (
                    date_range(row[name]) if row.get(name) else (None, None)
                )
            except ValueError:
                row[f"{name}_from"] = row[f"{name}_to"] = None


def statuses(events: Iterable[Record]) -> dict[str, tuple[str, object, str | None]]:
    """Status of each agreement, its first day and the evidence grade of the event: the last held one with an
    effect on its state.

    Events of the same day are told apart by the order in which effects follow each other in a treaty's life.
    """
    best: dict[str, tuple] = {}
    for e in events:
        if (
            e.get("agreement_id")
            and e.get("stage") == "held"
            and e.get("effect") in STATUS_EFFECTS
            and e.get("start_on_from")
        ):
            rank = (e["start_on_from"], STATUS_EFFECTS.index(e["effect"]))
            if e["agreement_id"] not in best or rank > best[e["agreement_id"]][0]:
                best[e["agreement_id"]] = (rank, e["effect"], e.get("evidence_grade"))
    return {a: (effect, rank[0], grade) for a, (rank, effect, grade) in best.items()}


def add_status(agreements: Iterable[Record], events: Iterable[Record]) -> None:
    """Fills ``status``, ``status_on`` and ``status_grade`` of every agreement from the events."""
    known = statuses(events)
    for a in agreements:
        a["status"], a["status_on"], a["status_grade"] = known.get(a["agreement_id"], ("unknown", None, None))


def _cell_grade(claims: list[Claim], sources: dict[str, Record]) -> str:
    if any(sources[c.source_id]["document_type"] in PRIMARY_TYPES for c in claims):
        return "A"
    if all(c.attribution in UNCONFIRMED for c in claims):
        return "D"
    # Two documents that pass on the same report are one source, and so are two of the same publisher.
    independent = {
        c.relays or sources[c.source_id]["publisher_organization_id"] or c.source_id
        for c in claims
        if c.attribution not in UNCONFIRMED
    }
    return "B" if len(independent) > 1 else "C"


def grade(row: Record, claims: dict[str, list[Claim]], table: Table, sources: dict[str, Record]) -> str:
    """The evidence grade of a row: that of its weakest typed cell, or of its best judgement where none is
    typed.

    ``claims`` are the standing ones by column. An announced intention is D, except from a primary or official
    text.
    """
    by_cell = {name: _cell_grade(c, sources) for name, c in claims.items() if c}
    typed = [g for name, g in by_cell.items() if table.by_name[name].evidence in TYPED_EVIDENCE]
    result = max(typed) if typed else min(by_cell.values(), default="D")
    if result != "A" and any(row.get(column) == value for column, value in INTENTIONS):
        return "D"
    return result


def evidence_rows(claims: Iterable[Claim]) -> list[Record]:
    """The evidence table: one row for each claim, which knows in ``_file`` and ``_line`` where it was typed."""
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


def _dated(table: Table, column: str, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The filled cells of one date column as rows of the timeline."""
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
    return frame.filter(pl.col(f"{column}_from").is_not_null()).select(
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


def timeline(frames: dict[str, pl.DataFrame], tables: dict[str, Table]) -> pl.DataFrame:
    """Every dated cell of the fact tables as one row, with what it dates."""
    # A day on which a currency was quoted is nothing that happened in the field.
    facts = [t for t in tables.values() if t.kind == "fact" and t.name != "exchange_rates"]
    return pl.concat(_dated(t, column, frames) for t in facts for column in ranged_columns(t))


def agreement_matrix(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Agreement by domain: whether it is named, and how many provisions of each standing there are."""
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


def complete(
    data: dict[str, list[Record]], claims: dict[tuple[str, str, str], list[Claim]], tables: dict[str, Table]
) -> None:
    """Adds every derived column to the fact tables in ``data``."""
    sources = {s["source_id"]: s for s in data["sources"]}
    standing: dict[tuple[str, str], dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for (name, key, column), cell in claims.items():
        standing[name, key][column] += [c for c in cell if c.stands]
    for table in tables.values():
        if table.kind == "fact":
            add_ranges(table, data[table.name])
            for row in data[table.name]:
                row["evidence_grade"] = grade(row, standing[table.name, key_of(table, row)], table, sources)
    add_status(data["agreements"], data["events"])
    add_usd(data["funding"], data["exchange_rates"])
