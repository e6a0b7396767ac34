"""Why a row or a cell changed, worked out from the evidence, the rulings and the tombstones."""

from __future__ import annotations

from typing import Any

from scripts.model.evidence_kinds import EVIDENCE as KINDS
from scripts.techpacts.tombstones import by_name, lasting, successor, tombstone_of
from scripts.versions.change import Change
from scripts.versions.reading import Version


class Evidence:
    """The evidence and the rulings of a version on its cells, from which follows why a cell changed."""

    def __init__(self, version: Version) -> None:
        self.of_row: dict[tuple[str, str], set[str]] = {}
        self.of_cell: dict[tuple[str, str, str], set[str]] = {}
        for e in version.rows("evidence", "table", "row_id", "field", "source_id", "stands"):
            self.of_row.setdefault((e["table"], e["row_id"]), set()).add(e["source_id"])
            if e["stands"] == "true":
                self.of_cell.setdefault((e["table"], e["row_id"], e["field"]), set()).add(e["source_id"])
        self.rulings = {
            (r["table"], r["row_id"], r["field"], r["expect"], r["stands"])
            for r in version.rows("rulings", "table", "row_id", "field", "expect", "stands")
        }
        self.sources = {s["source_id"] for s in version.rows("sources", "source_id")}


class Tombstones:
    """What became of removed rows, according to the tombstones of a version."""

    def __init__(self, version: Version) -> None:
        columns = ("table", "row_id", "successor_table", "successor_row_id")
        self.version, self.known = version, by_name(version.rows("tombstones", *columns))
        self.ids: dict[str, set[str]] = {}

    def _exists(self, table: str, row_id: str) -> bool:
        if table not in self.ids:
            key = self.version.key(table) if table in self.version.resources else []
            self.ids[table] = {"|".join(row[k] for k in key) for row in self.version.rows(table)}
        return row_id in self.ids[table]

    def on(self, change: Change) -> Change:
        """Return a removed row that has a tombstone with its successor; any other change as it is."""
        resource = self.version.resources[change.table]
        row = change.table, change.row_id, resource["schema"], self.known
        if (
            change.kind != "row_removed"
            or not lasting(change.table, resource.get("techpacts:kind", ""))
            or tombstone_of(*row) is None
        ):
            return change
        found, new = successor(*row), ""
        if found is not None and self._exists(*found):
            new = found[1] if found[0] == change.table else " ".join(found)
        return change._replace(new=new, reason="tombstone")


def _why_row(row: tuple[str, str], old: Evidence, new: Evidence) -> str:
    before, after = old.of_row.get(row, set()), new.of_row.get(row, set())
    if after - old.sources:
        return "new_source"
    if before - new.sources:
        return "source_withdrawn"
    return "coded" if after else "reread"


def why(change: Change, old: Evidence, new: Evidence, declared: dict[str, Any], kind: str) -> str:
    """Return the reason of a change of a row or a cell, one of ``REASONS``.

    ``declared`` is the declaration of the column, empty for a row; ``kind`` is that of the table.
    """
    if kind != "fact":
        return "evidence" if change.table == "evidence" else "derived" if kind == "derived" else "listed"
    row = change.table, change.row_id
    if not change.field:
        return _why_row(row, old, new)
    if declared.get("techpacts:origin") == "derived":
        return "derived"
    cell = (*row, change.field)
    if {r for r in old.rulings if r[:3] == cell} != {r for r in new.rulings if r[:3] == cell}:
        return "ruling"
    if new.of_cell.get(cell, set()) - old.sources:
        return "new_source"
    if old.of_cell.get(cell, set()) - new.sources:
        return "source_withdrawn"
    evidence = KINDS.get(declared.get("techpacts:evidence", ""))
    return evidence.changed if evidence else "reread"
