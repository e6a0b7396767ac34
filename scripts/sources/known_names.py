"""Every name by which a source may call a listed entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache

from scripts.matchers.names import Entity, Names
from scripts.model.seeds import Seeds
from scripts.model.tables import Table
from scripts.techpacts.tombstones import ENTITY

# Tables whose rows have names, and the kind of entity that each row is.
NAMED = {
    "countries": "country",
    "places": "place",
    "organizations": "organization",
    "people": "person",
    "domains": "domain",
}

NAME_COLUMNS = ("name_en", "name_ko", "acronym")


def names_by_source(seeds: Seeds, tables: dict[str, Table]) -> Callable[[str], Names]:
    """For a source, every name by which it may call a listed entity: those that hold everywhere and its own.

    A government bears the names of its country too: 한국과 미국이 합의했다 is said of two governments.
    """
    governments = {
        o["country_code"]: o["organization_id"]
        for o in seeds.lists["organizations"]
        if o["organization_type"] == "government"
    }
    everywhere: dict[str, set[Entity]] = defaultdict(set)
    own: dict[str, dict[str, set[Entity]]] = defaultdict(lambda: defaultdict(set))

    def add(name: str | None, entity: Entity, names: dict[str, set[Entity]] = everywhere) -> None:
        if name:
            names[name].add(entity)
            if entity.kind == "country" and entity.id in governments:
                names[name].add(Entity("organization", governments[entity.id]))

    for table, kind in NAMED.items():
        key = tables[table].primary_key[0]
        for record in seeds.lists[table]:
            for column in NAME_COLUMNS:
                add(record.get(column), Entity(kind, record[key]))
    for alias in seeds.lists["aliases"]:
        add(
            alias["name"],
            Entity(alias["entity_type"], alias["entity_id"]),
            own[alias["source_id"]] if alias["source_id"] else everywhere,
        )
    shared = Names(everywhere)
    return cache(lambda source_id: shared.and_also(own.get(source_id, {})))


def names_of(seeds: Seeds, table: str, row_id: str, source_id: str) -> list[str]:
    """Every name under which a source may speak of a listed entity; of a government those of its country too."""
    key = ENTITY[NAMED[table]][1]
    record = next((r for r in seeds.lists[table] if r[key] == row_id), {})
    found = [record[c] for c in NAME_COLUMNS if record.get(c)]
    found += [
        a["name"]
        for a in seeds.lists["aliases"]
        if (a["entity_type"], a["entity_id"]) == (NAMED[table], row_id)
        and a["source_id"] in (None, source_id)
    ]
    if record.get("organization_type") == "government":
        found += names_of(seeds, "countries", record["country_code"], source_id)
    return found
