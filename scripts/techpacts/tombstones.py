"""Rows that went: which ids never vanish, which tombstone speaks of a row, and what it says.

The standard library is enough for all of it: the wheel carries this module along
(``scripts/release/wheel.py``). Schemas are Table Schemas, as they are declared and published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .row_ids import join_key, split_key

# What a row of ``aliases`` may be a name of: the table and the column of its key.
ENTITY = {
    "country": ("countries", "country_code"),
    "place": ("places", "place_id"),
    "organization": ("organizations", "organization_id"),
    "person": ("people", "person_id"),
    "domain": ("domains", "domain_id"),
}

Schema = Mapping[str, Any]
Tombstone = Mapping[str, Any]
# A table and the id of a row in it.
Name = tuple[str, str]


def lasting(table: str, kind: str) -> bool:
    """Whether the ids of a table never vanish. What the build derives, evidence and rulings follow from other
    rows.
    """
    return kind in {"fact", "vocabulary"} or table == "sources"


def by_name(tombstones: Iterable[Tombstone]) -> dict[Name, Tombstone]:
    """The tombstones by the row that each is of."""
    return {(t["table"], t["row_id"]): t for t in tombstones}


def _named(table: str, row_id: str, schema: Schema) -> Iterator[tuple[int, Name]]:
    """The rows whose ids stand in the key of a row, each with the number of the part that it is."""
    key, parts = schema["primaryKey"], split_key(row_id)
    if len(parts) != len(key):
        return
    for foreign in schema.get("foreignKeys", []):
        if len(foreign["fields"]) == 1 and foreign["fields"][0] in key:
            at = key.index(foreign["fields"][0])
            yield at, (foreign["reference"]["resource"] or table, parts[at])
    if table == "aliases" and parts[0] in ENTITY:
        yield 1, (ENTITY[parts[0]][0], parts[1])


def tombstone_of(
    table: str, row_id: str, schema: Schema, known: Mapping[Name, Tombstone]
) -> Tombstone | None:
    """The tombstone that speaks of a row: its own, or that of a row whose id stands in its key."""
    names = [(table, row_id), *(name for _, name in _named(table, row_id, schema))]
    return next((known[n] for n in names if n in known), None)


def successor(table: str, row_id: str, schema: Schema, known: Mapping[Name, Tombstone]) -> Name | None:
    """What took the place of a row, as far as tombstones say: of one whose key holds an old id, the same row
    under the new one.
    """
    if own := known.get((table, row_id)):
        return (own["successor_table"], own["successor_row_id"]) if own["successor_row_id"] else None
    parts = split_key(row_id)
    for at, name in _named(table, row_id, schema):
        tombstone = known.get(name)
        if tombstone and tombstone["successor_table"] == name[0]:
            parts[at] = tombstone["successor_row_id"]
    moved = join_key(parts)
    return None if moved == row_id else (table, moved)


def inscription(table: str, row_id: str, tombstone: Tombstone) -> str:
    """What somebody is told who asks for a row that went."""
    version, reason, note = (
        tombstone["removed_in"],
        tombstone["reason"].replace("_", " "),
        tombstone["note_en"],
    )
    name = f"{tombstone['table']} {tombstone['row_id']}"
    went = (
        f"{name} was removed in version {version}"
        if name == f"{table} {row_id}"
        else f"{table} {row_id} went with {name}, which was removed in version {version}"
    )
    see = (
        f" See {tombstone['successor_table']} {tombstone['successor_row_id']}."
        if tombstone["successor_row_id"]
        else ""
    )
    return f"{went} ({reason}): {note}{see}"
