"""From claims to rows: claims that agree make a cell; where they differ, a ruling or the column's own rule
decides.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scripts.constraints.violations import unknown_reference
from scripts.model.claims import Claim
from scripts.model.problems import Problem, brief
from scripts.model.resolution import REASON, authority, descriptive
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.techpacts.nearest import did_you_mean

# Table, row and column.
Cell = tuple[str, str, str]


@dataclass
class Merged:
    """Fact tables as rows, with the claims behind each cell and the disagreements found."""

    rows: dict[str, list[Record]]
    claims: dict[Cell, list[Claim]]
    disagreements: list[Record] = field(default_factory=list)


@dataclass(frozen=True)
class _Order:
    """How sources rank: by the moment of publication, and by authority."""

    day: dict[str, dt.datetime]
    weight: dict[str, int]

    def highest(self, claims: list[Claim], resolve: str) -> list[Claim]:
        """Return the claims of the newest source, or of the most authoritative and then newest; several where
        they tie.
        """
        rank = {
            c.source_id: (0 if resolve == "latest" else self.weight[c.source_id], self.day[c.source_id])
            for c in claims
        }
        return [c for c in claims if rank[c.source_id] == max(rank.values())]


def _moment(source: Record) -> dt.datetime:
    """When a source was published, as a moment: 19:07 in Seoul is before 08:00 in Washington. Without an
    hour, the day begins.
    """
    hour = dt.time.fromisoformat(source["published_time"]) if source["published_time"] else dt.time()
    zone = ZoneInfo(source["time_zone"]) if source["time_zone"] else dt.UTC
    return dt.datetime.combine(source["published_on"], hour, zone)


def _by_column(
    cell: Cell, claims: list[Claim], resolve: str, order: _Order
) -> tuple[str | None, list[Problem]]:
    """The value that the column's own rule lets stand, or the fault where two sources tie."""
    chosen = order.highest(claims, resolve)
    said = sorted({c.text for c in chosen})
    if len(said) == 1:
        return said[0], []
    sources = " and ".join(sorted({c.source_id for c in chosen}))
    message = f"{sources}, equally new, say {' and '.join(map(brief, said))}"
    fix = "let one source say one thing; give published_time in sources.csv to order two of the same day"
    return None, [Problem(chosen[0].file, chosen[0].line, cell[2], message, fix, "ruling")]


def _by_ruling(
    cell: Cell, claims: list[Claim], rulings: list[Record], file: str, partial: bool
) -> tuple[str | None, list[Problem]]:
    """The value that a ruling lets stand among those claimed (None where ``partial`` and it is not there
    yet), or the fault.
    """
    table, row, column = cell
    seen, expected = {c.text for c in claims}, {r["expect"] for r in rulings}
    says = " and ".join(
        f"{brief(v)} ({', '.join(sorted({c.source_id for c in claims if c.text == v}))})"
        for v in sorted(seen)
    )
    if not rulings:
        message = f"the sources differ on {column} of {table} {row}: {says}"
        fix = "add a ruling to seeds/rulings.csv, one row for each value"
        return None, [Problem(claims[0].file, claims[0].line, column, message, fix, "ruling")]
    if expected != seen and not (partial and seen < expected):
        message = (
            f"the ruling on {column} of {table} {row} is stale: it expects"
            f" {', '.join(map(brief, sorted(expected)))}, the sources say {says}"
        )
        fix = "look at the sources again and write a new ruling"
        return None, [Problem(file, rulings[0]["_line"], "expect", message, fix, "ruling")]
    return next((r["expect"] for r in rulings if r["stands"] and r["expect"] in seen), None), []


def _misplaced(cell: Cell, seeds: Seeds, tables: dict[str, Table]) -> tuple[str, str, str] | None:
    """Why a ruling cannot be on ``cell``: column, message and fix; None where it can."""
    name, row_id, column = cell
    facts = {t.name: t for t in tables.values() if t.kind == "fact"}
    claimed = {f.name: f for f in facts[name].claimed} if name in facts else {}
    if column not in claimed:
        fix = (
            did_you_mean(column, claimed, "correct the table or the field")
            if claimed
            else did_you_mean(name, facts, "correct the table")
        )
        return "field", f"{name} has no claimed column {brief(column)}", fix
    if (name, row_id) not in seeds.keys:
        known = [row for table, row in seeds.keys if table == name]
        return "row_id", *unknown_reference(name, row_id, known)
    if (resolve := claimed[column].resolve) != "agree":
        which = "newest" if resolve == "latest" else "best"
        return "field", f"{column} takes the {which} source and is not ruled on", "delete the ruling"
    return None


def _check_rulings(
    seeds: Seeds, tables: dict[str, Table], differing: set[Cell], claimed: Collection[Cell]
) -> list[Problem]:
    """Report rulings on what cannot be ruled on, on what is not disputed, and without one standing value."""
    file, problems = seeds.files["rulings"], []
    by_cell: dict[Cell, list[Record]] = defaultdict(list)
    for r in seeds.lists["rulings"]:
        by_cell[r["table"], r["row_id"], r["field"]].append(r)
    for cell, rows in by_cell.items():
        line, what = rows[0]["_line"], f"{cell[2]} of {cell[0]} {cell[1]}"
        if misplaced := _misplaced(cell, seeds, tables):
            problems.append(Problem(file, line, *misplaced, "ruling"))
        # That no source fills a cell that may not be empty is reported as such.
        elif cell not in differing and (cell in claimed or not _needed(cell, tables)):
            message = f"the ruling on {what} is stale: the sources do not differ"
            problems.append(Problem(file, line, "expect", message, "delete it", "ruling"))
        if (standing := sum(r["stands"] for r in rows)) != 1:
            message = f"{standing} values stand for {what}"
            problems.append(Problem(file, line, "stands", message, "let exactly one stand", "ruling"))
    return problems


def _needed(cell: Cell, tables: dict[str, Table]) -> bool:
    return tables[cell[0]].by_name[cell[2]].required


class Decision(NamedTuple):
    """The value that stands among the claims on a cell, what decided it where they differ (``ruling``,
    ``latest``, ``best``), and the faults.
    """

    stands: str | None
    by: str = ""
    faults: tuple[Problem, ...] = ()


class Decisions:
    """What stands where sources differ: a ruling or the column's own rule decides."""

    def __init__(self, seeds: Seeds, tables: dict[str, Table]) -> None:
        self._file, self._tables = seeds.files["rulings"], tables
        sources = seeds.lists["sources"]
        self._order = _Order(
            {s["source_id"]: _moment(s) for s in sources},
            {s["source_id"]: authority(s["document_type"]) for s in sources},
        )
        self._rulings: dict[Cell, list[Record]] = defaultdict(list)
        for r in seeds.lists["rulings"]:
            self._rulings[r["table"], r["row_id"], r["field"]].append(r)

    def decide(self, cell: Cell, claims: list[Claim], *, partial: bool = False) -> Decision:
        """Return what stands among ``claims``, which are all on ``cell``.

        ``partial``: they are what was known by an earlier day. Then a ruling also serves where only some of
        the values that it knows had been published; where the one that stands had not, the newest source is
        taken.
        """
        first = claims[0].text
        # What no passage bears out was reported; whether the rest still differs is known when that is fixed.
        if all(c.text == first for c in claims) or not all(c.check for c in claims):
            return Decision(first)
        resolve = self._tables[cell[0]].by_name[cell[2]].resolve
        if resolve == "agree":
            stands, faults = _by_ruling(cell, claims, self._rulings.get(cell, []), self._file, partial)
            if stands is not None or faults:
                return Decision(stands, "ruling", tuple(faults))
            resolve = "latest"
        stands, faults = _by_column(cell, claims, resolve, self._order)
        return Decision(stands, resolve, tuple(faults))

    def differences(self, cell: Cell, claims: list[Claim], stands: str | None, by: str) -> list[Record]:
        """Return the rows of the disagreements table for one cell: each value with each source that gives it;
        none of text of our own, where no fact is disputed.
        """
        if descriptive(self._tables[cell[0]].by_name[cell[2]]):
            return []
        rulings = self._rulings.get(cell, []) if by == "ruling" else []
        reasons = {r["expect"]: (r["reason_en"], r["reason_ko"]) for r in rulings}
        rows = []
        for value, source in sorted({(c.text, c.source_id) for c in claims}):
            en, ko = reasons.get(value) or REASON.get(by, ("", ""))
            rows.append(
                {
                    "table": cell[0],
                    "row_id": cell[1],
                    "field": cell[2],
                    "value": value,
                    "source_id": source,
                    "stands": value == stands,
                    "resolved_by": by,
                    "reason_en": en,
                    "reason_ko": ko,
                }
            )
        return rows


def merge(
    seeds: Seeds, claims: Iterable[Claim], tables: dict[str, Table], decisions: Decisions
) -> tuple[Merged, list[Problem]]:
    """Return the rows of the fact tables from the checked claims, and every unresolved or stale
    disagreement.
    """
    cells: dict[Cell, list[Claim]] = defaultdict(list)
    for claim in claims:
        cells[claim.table, claim.row_id, claim.field].append(claim)

    problems: list[Problem] = []
    merged = Merged({t.name: [] for t in tables.values() if t.kind == "fact"}, cells)
    values: dict[tuple[str, str], Record] = {place: dict(key) for place, key in seeds.keys.items()}
    differing: set[Cell] = set()
    for cell, given in cells.items():
        stands, by, faults = decisions.decide(cell, given)
        problems += faults
        if by or not all(c.check for c in given):
            differing.add(cell)
        if by:
            merged.disagreements += decisions.differences(cell, given, stands, by)
        for i, claim in enumerate(given):
            if claim.text == stands:
                values[cell[0], cell[1]][cell[2]] = claim.value
            else:
                given[i] = claim._replace(stands=False)
    for (name, _), row in values.items():
        merged.rows[name].append(row)
    return merged, problems + _check_rulings(seeds, tables, differing, cells)
