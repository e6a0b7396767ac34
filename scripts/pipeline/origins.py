"""Where in ``seeds/`` a person typed what is in a row of the data."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from scripts.constraints.violations import Violation
from scripts.model.claims import Claim
from scripts.model.problems import Problem
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record, Seeds, Spot
from scripts.model.tables import Table
from scripts.sources.lock import Place


@dataclass
class Typed:
    """The place of each cell of ``data`` in the seeds; ``claims`` are those behind each cell of a fact."""

    data: dict[str, list[Record]]
    claims: dict[tuple[str, str, str], list[Claim]]
    seeds: Seeds
    tables: dict[str, Table]
    # Places of the lock with more checks than the sheets have claims: something that was there is gone.
    left: Container[Place] = ()

    def spots(self, name: str, row: Record) -> list[Spot]:
        """Return the rows of sheets that speak of a row of a fact table; none for other tables."""
        return (
            self.seeds.places.get((name, key_of(self.tables[name], row)), [])
            if self.tables[name].kind == "fact"
            else []
        )

    def place(self, name: str, index: int, column: str) -> tuple[str, int]:
        """Return file and line where a cell was typed; of an empty one those where it has to be typed."""
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
        # The cell is empty: it belongs where a claim is gone that the lock knows, or else where there is a
        # column for it.
        had = [s for s in spots if (s.source_id, s.at) in self.left]
        with_column = [s for s in spots if first in s.columns]
        spot = next(iter([s for s in with_column if s in had] or with_column or had or spots))
        return spot.file, spot.line

    def problem(self, name: str, violation: Violation) -> Problem:
        """Return the violation of a row of the data as a problem of the seed to correct."""
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
