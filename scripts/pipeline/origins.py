"""Typed cells: where in ``seeds/`` a person typed what is in a row, and which of them refer to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from scripts.coding.seeds import Record, Seeds, Spot
from scripts.constraints.violations import Violation, foreign_key_violations, frame_of, unknown_reference
from scripts.facts.derived_columns import key_of
from scripts.model.claims import Claim
from scripts.model.problems import Problem
from scripts.model.tables import Table
from scripts.validation.rules.vocabularies import alias_has_entity


@dataclass
class Typed:
    """The place of each cell of ``data`` in the seeds; ``claims`` are those behind each cell of a fact table."""

    data: dict[str, list[Record]]
    claims: dict[tuple[str, str, str], list[Claim]]
    seeds: Seeds
    tables: dict[str, Table]

    @cached_property
    def _locked(self) -> set[tuple[str, ...]]:
        """Cells that had a value when the lock was written, by source and place: all of a locked check but the value."""
        return {key[:5] for key in self.seeds.lock}

    def spots(self, name: str, row: Record) -> list[Spot]:
        """The rows of sheets that speak of a row of a fact table; none for other tables."""
        return (
            self.seeds.places.get((name, key_of(self.tables[name], row)), [])
            if self.tables[name].kind == "fact"
            else []
        )

    def place(self, name: str, index: int, column: str) -> tuple[str, int]:
        """File and line where a cell was typed; of an empty one those where it has to be typed."""
        if index < 0:
            return self.seeds.files.get(name, f"data/{name}.csv"), 0
        row = self.data[name][index]
        if "_file" in row:
            return row["_file"], row["_line"]
        if "_line" in row and name in self.seeds.files:
            return self.seeds.files[name], row["_line"]
        if row.get("upstream_line"):
            return self.seeds.files[row["upstream_id"]], row["upstream_line"]
        spots = self.spots(name, row)
        if not spots:
            return f"data/{name}.csv", index + 2
        key, first = key_of(self.tables[name], row), column.split(",")[0]
        for claim in self.claims.get((name, key, first), []):
            if claim.stands:
                return claim.file, claim.line
        # The cell is empty: it belongs where it was when the lock was written, or else where there is a column for it.
        had = [s for s in spots if (s.source_id, name, key, first, s.at) in self._locked]
        with_column = [s for s in spots if first in s.columns]
        spot = next(iter([s for s in with_column if s in had] or with_column or had or spots))
        return spot.file, spot.line

    def problem(self, name: str, violation: Violation) -> Problem:
        """The violation of a row of the data, reported at the seed to correct."""
        found = violation.problem(lambda index, column: self.place(name, index, column))
        spots = (
            self.spots(name, self.data[name][violation.index])
            if violation.rule == "required" and violation.index >= 0
            else []
        )
        if spots and not any(violation.column in s.columns for s in spots):
            example = self.tables[name].by_name[violation.column].example
            return replace(
                found,
                message="the cell may not be empty, and the sheet does not have the column",
                fix=f"add the column {violation.column} and fill it in, like {example}",
            )
        return found


def unknown_references(seeds: Seeds, tables: dict[str, Table], *, facts: bool) -> list[Problem]:
    """Report typed cells that refer to a row that neither a list nor a sheet has; with ``facts``, to rows of facts too.

    It is judged before any evidence: no passage can bear out what does not exist.
    """
    lists = {name: rows for name, rows in seeds.lists.items() if name in tables}
    frames = {name: frame_of(tables[name].fields, rows) for name, rows in lists.items()}
    found: list[Problem] = []
    for name, rows in lists.items():
        for v in foreign_key_violations(tables[name], frames):
            found.append(v.problem(lambda i, _, name=name, rows=rows: (seeds.files[name], rows[i]["_line"])))
    for f in alias_has_entity(frames):
        found.append(
            Problem(
                seeds.files["aliases"],
                lists["aliases"][f.index]["_line"],
                f.column,
                f.message,
                f.fix,
                alias_has_entity.__name__,
            )
        )
    known = {name: {key_of(tables[name], r) for r in rows} for name, rows in lists.items()}
    if facts:
        for name, row_id in seeds.keys:
            known.setdefault(name, set()).add(row_id)
        # A table without a row is known to have none.
        known |= {t.name: set() for t in tables.values() if t.kind == "fact" and t.name not in known}
    told = set()
    for cell, table, value in _referring(seeds, tables):
        if table in known and value not in known[table] and cell not in told:
            told.add(cell)
            found.append(Problem(*cell, *unknown_reference(table, value, known[table]), "foreign-key"))
    return found


def _referring(seeds: Seeds, tables: dict[str, Table]) -> Iterator[tuple[tuple[str, int, str], str, str]]:
    """Every cell of a sheet that refers to a row: file, line and column, the table referred to, the value."""
    for (name, row_id), spots in seeds.places.items():
        for column in tables[name].primary_key:
            if target := tables[name].reference_of(column):
                for spot in spots:
                    yield (spot.file, spot.line, column), target, str(seeds.keys[name, row_id][column])
    for claim in seeds.claims:
        if target := tables[claim.table].reference_of(claim.field):
            yield (claim.file, claim.line, claim.field), target, claim.text
        if claim.relays:
            yield (claim.file, claim.line, "relays"), "organizations", claim.relays
