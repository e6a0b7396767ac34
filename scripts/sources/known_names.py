"""Every name by which a source may call a listed entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache

from scripts.matchers.names import Entity, Names
from scripts.model.evidence_kinds import NAMED
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.techpacts.tombstones import ENTITY

NAME_COLUMNS = ("name_en", "name_ko", "acronym")


def _printed(record: Record) -> Iterator[str]:
    """Yield the names in the row of an entity itself."""
    yield from (record[c] for c in NAME_COLUMNS if record.get(c))


def names_by_source(seeds: Seeds, tables: dict[str, Table]) -> Callable[[str], Names]:
    """Return a function that gives, for a source, every name by which it may call a listed entity.

    Those are the names that hold everywhere and those that ``aliases`` lists for this source alone. A
    government has the names of its country too: 한국과 미국이 합의했다 is said of two governments.
    """
    governments = {
        o["country_code"]: o["organization_id"]
        for o in seeds.lists["organizations"]
        if o["organization_type"] == "government"
    }
    everywhere: dict[str, set[Entity]] = defaultdict(set)
    own: dict[str, dict[str, set[Entity]]] = defaultdict(lambda: defaultdict(set))

    def add(name: str, entity: Entity, names: dict[str, set[Entity]]) -> None:
        names[name].add(entity)
        if entity.kind == "country" and entity.id in governments:
            names[name].add(Entity("organization", governments[entity.id]))

    for table, kind in NAMED.items():
        key = tables[table].primary_key[0]
        for record in seeds.lists[table]:
            for name in _printed(record):
                add(name, Entity(kind, record[key]), everywhere)
    for alias in seeds.lists["aliases"]:
        if alias["name"]:
            names = own[alias["source_id"]] if alias["source_id"] else everywhere
            add(alias["name"], Entity(alias["entity_type"], alias["entity_id"]), names)
    shared = Names(everywhere)
    return cache(lambda source_id: shared.and_also(own.get(source_id, {})))


def names_of(seeds: Seeds, table: str, row_id: str, source_id: str) -> list[str]:
    """Return every name by which a source may call one entity; for a government those of its country too."""
    kind = NAMED[table]
    record = next((r for r in seeds.lists[table] if r[ENTITY[kind][1]] == row_id), {})
    found = list(_printed(record))
    found += [
        a["name"]
        for a in seeds.lists["aliases"]
        if (a["entity_type"], a["entity_id"]) == (kind, row_id) and a["source_id"] in (None, source_id)
    ]
    if record.get("organization_type") == "government":
        found += names_of(seeds, "countries", record["country_code"], source_id)
    return found
