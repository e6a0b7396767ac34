"""Prints a row with its proof: per cell the value, how it was checked, by which source, where, and the
passage.
"""

from __future__ import annotations

import textwrap

from scripts.model.problems import CannotRun, Gone
from scripts.model.row_ids import key_of
from scripts.model.values import format_value
from scripts.pipeline.build import Built
from scripts.techpacts.nearest import no_such_row
from scripts.techpacts.tombstones import by_name, inscription, tombstone_of


def explain(built: Built, table_name: str, key: str) -> str:
    """The row ``key`` (key values joined by ``|``) of ``table_name``, cell by cell. Raises CannotRun where it
    is not there, Gone where it was removed.
    """
    table = built.tables.get(table_name)
    if table is None:
        raise CannotRun(f"there is no table {table_name}; there are " + ", ".join(built.tables))
    row = next((r for r in built.data[table_name] if key_of(table, r) == key), None)
    if row is None:
        if gone := tombstone_of(table_name, key, table.declaration, by_name(built.data["tombstones"])):
            raise Gone(inscription(table_name, key, gone))
        raise CannotRun(no_such_row(table_name, key, (key_of(table, r) for r in built.data[table_name])))
    lines = [f"{table_name} {key}"]
    for f in table.fields:
        if row.get(f.name) is None:
            continue
        mark = {"derived": " (derived by the build)", "name": " (names the row)"}.get(f.origin, "")
        lines.append(f"\n{f.name}: {format_value(f, row[f.name])}{mark}")
        for e in built.data["evidence"]:
            if (e["table"], e["row_id"], e["field"]) == (table_name, key, f.name):
                lines += _proof(built, e)
    if "upstream_line" in row:
        lines += _pinned(built, row)
    return "\n".join(lines)


def _pinned(built: Built, row: dict) -> list[str]:
    """Where a figure of a series stands in the table of another publisher."""
    upstream = next(u for u in built.seeds.lists["upstreams"] if u["upstream_id"] == row["upstream_id"])
    where = f"    {upstream['title_en']} ({upstream['publication']}, {upstream['published_on']})"
    return [
        "",
        (
            f"value: line {row['upstream_line']} of {built.seeds.files[row['upstream_id']]}, SHA-256"
            f" {upstream['sha256']}"
        ),
        where,
        *([f"        {upstream['url']}"] if upstream["url"] else []),
        f"        {upstream['note_en']}",
    ]


def _proof(built: Built, e: dict) -> list[str]:
    source = built.seeds.source(e["source_id"])
    what = e["check"] if e["stands"] else f"{e['check']}, does not stand: {e['value']}"
    voice = "" if e["attribution"] == "document" else f", word of: {e['attribution']}"
    voice += f", relayed from {e['relays']}" if e["relays"] else ""
    lines = [f"    {what} | {e['source_id']} ({source['published_on']}{voice}) | at {e['at']}"]
    if source["url"]:
        lines.append(f"        {source['url']}")
    if e["note"]:
        lines.append(f"        note: {e['note']}")
    text = built.held.get(e["source_id"])
    for passage in (text.passage(e["at"]) or "").split("\n") if text else []:
        if passage.strip():
            lines.append(
                textwrap.fill(
                    f"“{' '.join(passage.split())}”",
                    110,
                    initial_indent="        ",
                    subsequent_indent="        ",
                )
            )
    return lines
