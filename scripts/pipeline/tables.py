"""All tables of the package from seeds and merged facts: evidence, derived columns, derived tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from scripts.coding.merge import Merged
from scripts.coding.reliability import reliability
from scripts.facts.comparisons import add_comparisons
from scripts.facts.derived_columns import agreement_matrix, complete, evidence_rows, timeline
from scripts.facts.totals import funding_totals
from scripts.model.problems import Problem
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.pipeline.as_of import followed
from scripts.store.frames import frame_of, text_of

Rows = dict[str, list[Record]]


def _known_by_then(data: Rows, merged: Merged, tables: dict[str, Table]) -> None:
    """Keep of rulings and tombstones what had been said as of a day."""
    # Of a ruling that was not needed yet nothing is kept, or later sources would shine through.
    used = {
        (d["table"], d["row_id"], d["field"], d["value"])
        for d in merged.disagreements
        if d["resolved_by"] == "ruling"
    }
    data["rulings"] = [
        r for r in data["rulings"] if (r["table"], r["row_id"], r["field"], r["expect"]) in used
    ]
    data["tombstones"] = followed(data, tables)


def make_tables(
    seeds: Seeds,
    merged: Merged,
    history: list[Record],
    tables: dict[str, Table],
    as_of: dt.date | None,
    recoding: Path,
    problems: list[Problem],
) -> tuple[Rows, dict[str, pl.DataFrame]]:
    """Return every table of the package as rows and as a typed frame, both sorted by key.

    ``recoding`` is the folder of second codings; their faults go to ``problems``.
    """
    data: Rows = {**seeds.lists, **merged.rows}
    if as_of:
        _known_by_then(data, merged, tables)
    archived = {s["source_id"] for s in seeds.lists["sources"] if s["archive_url"]}
    data["evidence"] = evidence_rows((c for cell in merged.claims.values() for c in cell), archived)
    data["disagreements"] = merged.disagreements
    data["cell_history"] = history
    complete(data, tables)
    data |= seeds.series
    add_comparisons(data)
    frames = {
        name: frame_of(tables[name].fields, rows)
        for name, rows in data.items()
        if tables[name].kind in {"fact", "vocabulary"}
    }
    data["timeline"] = timeline(frames, tables).to_dicts()
    data["agreement_matrix"] = agreement_matrix(frames).to_dicts()
    data["funding_totals"] = funding_totals(frames).to_dicts()
    # A second coding speaks of the data as they are, not as of an earlier day.
    data["reliability"] = [] if as_of else reliability(recoding, data, tables, problems)
    sorted_data: Rows = {}
    for name, table in tables.items():
        frame = frames[name] if name in frames else frame_of(table.fields, data[name])
        order = _order(table, frame)
        frames[name], sorted_data[name] = frame[order], _whole(table, [data[name][i] for i in order])
    return sorted_data, frames


def _order(table: Table, frame: pl.DataFrame) -> pl.Series:
    """The numbers of the rows by primary key, compared as text by code point: no locale, no types."""
    key = list(table.primary_key)
    texts = frame.select(text_of(table.by_name[n]) for n in key).with_row_index("_row")
    return texts.sort(key, maintain_order=True)["_row"]


def _whole(table: Table, rows: list[Record]) -> list[Record]:
    """The rows with an entry for every column; empty cells are None."""
    for row in rows:
        if not row.keys() >= table.by_name.keys():
            for name in table.names:
                row.setdefault(name, None)
    return rows
