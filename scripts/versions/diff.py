"""What changed between two versions of the package, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.versions.change import Change
from scripts.versions.reading import Version
from scripts.versions.reasons import Evidence, Tombstones, why


def _columns(table: str, old: Version, new: Version) -> Iterator[Change]:
    before, after = old.fields(table), new.fields(table)
    yield from (Change("column_removed", table, field=name) for name in before if name not in after)
    yield from (Change("column_added", table, field=name) for name in after if name not in before)
    for name in (n for n in before if n in after):
        if before[name]["type"] != after[name]["type"]:
            yield Change("type_changed", table, field=name, old=before[name]["type"], new=after[name]["type"])
    if old.key(table) != new.key(table):
        yield Change("key_changed", table, old="|".join(old.key(table)), new="|".join(new.key(table)))


def _rows(table: str, old: Version, new: Version) -> Iterator[Change]:
    key, before, after = new.key(table), old.fields(table), new.fields(table)
    # Under another key, rows are matched by the new one where the old version has its columns.
    key = key if set(key) <= set(before) else old.key(table)
    if not set(key) <= set(after):
        return
    was, now = (
        {"|".join(row[k] or "" for k in key): row for row in version.rows(table)} for version in (old, new)
    )
    shared = [n for n in before if n in after and n not in key]
    yield from (Change("row_removed", table, row_id) for row_id in was if row_id not in now)
    for row_id, row in now.items():
        if row_id not in was:
            yield Change("row_added", table, row_id)
            continue
        for name in shared:
            a, b = was[row_id][name] or "", row[name] or ""
            if a != b:
                kind = "cell_filled" if not a else "cell_emptied" if not b else "cell_changed"
                yield Change(kind, table, row_id, name, a, b)


def changes(old: Version, new: Version) -> list[Change]:
    """Return every change from ``old`` to ``new``, by table in the order of the newer descriptor."""
    before, after, gone = Evidence(old), Evidence(new), Tombstones(new)
    found: list[Change] = [
        Change("table_removed", t, reason="structure") for t in old.resources if t not in new.resources
    ]
    for table, resource in new.resources.items():
        if table not in old.resources:
            found.append(Change("table_added", table, reason="structure"))
            continue
        found += (c._replace(reason="structure") for c in _columns(table, old, new))
        declared, kind = new.fields(table), resource.get("techpacts:kind", "")
        found += (
            gone.on(c._replace(reason=why(c, before, after, declared.get(c.field, {}), kind)))
            for c in _rows(table, old, new)
        )
    return found
