"""Prints a row with its proof: per cell the value, how it was checked, by which source, where, and the
passage. It reads the package, and the texts that are at hand.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from scripts.lookup.rows import find_row, read_table
from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun
from scripts.model.values import format_value
from scripts.series.pinned import table_path
from scripts.sources.passages import (
    PASSAGES,
    SOURCES,
    HeldText,
    Transcript,
    read_held_texts,
    read_transcripts,
)
from scripts.store.schemas import load_tables

Row = dict[str, Any]
MARKS = {"derived": " (derived by the build)", "name": " (names the row)"}


def explain(
    table_name: str,
    key: str,
    folder: Path = ROOT,
    *,
    sources: Sequence[Path] = SOURCES,
    passages: Path | None = PASSAGES,
) -> str:
    """Return the row ``key`` (key values joined by ``|``) of ``table_name``, cell by cell.

    ``folder`` is that of the package, ``sources`` those of held texts, ``passages`` that of transcripts.
    Raises CannotRun where the row is not there, Gone where it was removed, BadData where a text at hand is
    not the one that was coded.
    """
    tables = load_tables()
    table = tables.get(table_name)
    if table is None:
        raise CannotRun(f"there is no table {table_name}; there are " + ", ".join(tables))
    row = find_row(table, key, folder)
    proof = _Proof(table_name, key, folder, sources, passages)
    lines = [f"{table_name} {key}"]
    for f in table.fields:
        if row[f.name] is not None:
            lines.append(f"\n{f.name}: {format_value(f, row[f.name])}{MARKS.get(f.origin, '')}")
            lines += proof.of(f.name)
    if "upstream_line" in row:
        lines += _pinned(row, folder)
    return "\n".join(lines)


def _pinned(row: Row, folder: Path) -> list[str]:
    """Where a figure of a series stands in the table of another publisher."""
    listed = read_table("upstreams", folder)
    upstream = listed.row(by_predicate=pl.col("upstream_id") == row["upstream_id"], named=True)
    file = f"seeds/{table_path(row['upstream_id'])}"
    return [
        "",
        f"value: line {row['upstream_line']} of {file}, SHA-256 {upstream['sha256']}",
        f"    {upstream['title_en']} ({upstream['publication']}, {upstream['published_on']})",
        *([f"        {upstream['url']}"] if upstream["url"] else []),
        f"        {upstream['note_en']}",
    ]


class _Proof:
    """What bears out each cell of one row: its evidence, the sources, and what of their texts is at hand."""

    def __init__(
        self, table: str, key: str, folder: Path, sources: Sequence[Path], passages: Path | None
    ) -> None:
        found = read_table("evidence", folder).filter(pl.col("table") == table, pl.col("row_id") == key)
        self.evidence = found.to_dicts()
        listed = read_table("sources", folder).with_row_index("_line", offset=2)
        cited = listed.filter(pl.col("source_id").is_in(found["source_id"].implode())).to_dicts()
        self.sources = {s["source_id"]: s for s in cited}
        self.held: dict[str, HeldText | Transcript] = {
            **read_held_texts(sources, cited, "data/sources.csv"),
            **read_transcripts(passages, cited),
        }

    def of(self, column: str) -> list[str]:
        """Return the lines of one cell; none where it has no evidence."""
        return [line for e in self.evidence if e["field"] == column for line in self._lines(e)]

    def _lines(self, e: Row) -> list[str]:
        source = self.sources[e["source_id"]]
        what = e["check"] if e["stands"] else f"{e['check']}, does not stand: {e['value']}"
        voice = "" if e["attribution"] == "document" else f", word of: {e['attribution']}"
        voice += f", relayed from {e['relays']}" if e["relays"] else ""
        lines = [f"    {what} | {e['source_id']} ({source['published_on']}{voice}) | at {e['at']}"]
        if source["url"]:
            lines.append(f"        {source['url']}")
        if e["note"]:
            lines.append(f"        note: {e['note']}")
        text = self.held.get(e["source_id"])
        for passage in (text.passage(e["at"]) or "").split("\n") if text else []:
            if passage.strip():
                words, indent = f"“{' '.join(passage.split())}”", " " * 8
                lines.append(textwrap.fill(words, 110, initial_indent=indent, subsequent_indent=indent))
        return lines
