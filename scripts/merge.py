"""From claims to rows: claims that agree make a cell; where they differ, a ruling or the column's own rule decides."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from scripts.claims import Claim
from scripts.problems import Problem, brief
from scripts.seeds import Record, Seeds
from scripts.tableschema import Field, Table

REASON = {
    "latest": ("Sources written at different times; the newest one stands.", "자료의 시점이 서로 달라 가장 최근 자료를 따른다."),
    "best": ("The most authoritative source stands, the newest among equals.", "가장 권위 있는 자료를, 같은 급이면 최근 자료를 따른다."),
}
# How much a kind of document weighs where a column takes the best source.
AUTHORITY = {"primary_text": 2, "official_release": 1}


@dataclass
class Merged:
    """Fact tables as rows, with the claims behind each cell and the disagreements found."""

    rows: dict[str, list[Record]]
    claims: dict[tuple[str, str, str], list[Claim]]
    disagreements: list[Record] = field(default_factory=list)


def _rule(cell: tuple[str, str, str], seen: set[str], rulings: list[Record], claims: list[Claim], file: str, partial: bool) -> tuple[str | None, list[Problem]]:
    """The value that a ruling lets stand among ``seen``, or the fault."""
    table, row, column = cell
    where = Problem(claims[0].file, claims[0].line, column, "", "", "ruling")
    says = " and ".join(f"{brief(v)} ({', '.join(sorted({c.source_id for c in claims if c.text == v}))})" for v in sorted(seen))
    if not rulings:
        return None, [Problem(where.file, where.row, column, f"the sources differ on {column} of {table} {row}: {says}", "add a ruling to seeds/rulings.csv, one row for each value", "ruling")]
    expected = {r["expect"] for r in rulings}
    if expected != seen and not (partial and seen < expected):
        line = rulings[0]["_line"]
        return None, [Problem(file, line, "expect", f"the ruling on {column} of {table} {row} is stale: it expects {', '.join(map(brief, sorted(expected)))}, the sources say {says}", "look at the sources again and rule anew", "ruling")]
    return next((r["expect"] for r in rulings if r["stands"] and r["expect"] in seen), None), []


def _check_rulings(seeds: Seeds, tables: dict[str, Table], used: set[tuple[str, str, str]], partial: bool) -> list[Problem]:
    file, problems = seeds.files["rulings"], []
    by_cell: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for r in seeds.lists["rulings"]:
        by_cell[r["table"], r["row_id"], r["field"]].append(r)
    for cell, rows in by_cell.items():
        table = tables.get(cell[0])
        line = rows[0]["_line"]
        if table is None or table.kind != "fact" or cell[2] not in {f.name for f in table.claimed}:
            problems.append(Problem(file, line, "field", f"{cell[0]} has no claimed column {brief(cell[2])}", "mend the table or the field", "ruling"))
        elif table.by_name[cell[2]].resolve != "agree":
            problems.append(Problem(file, line, "field", f"{cell[2]} takes the {'newest' if table.by_name[cell[2]].resolve == 'latest' else 'best'} source and is not ruled on", "delete the ruling", "ruling"))
        elif cell not in used and not partial:
            problems.append(Problem(file, line, "expect", f"the ruling on {cell[2]} of {cell[0]} {cell[1]} is stale: the sources do not differ", "delete it", "ruling"))
        if sum(r["stands"] for r in rows) != 1:
            problems.append(Problem(file, line, "stands", f"{sum(r['stands'] for r in rows)} values stand for {cell[2]} of {cell[0]} {cell[1]}", "let exactly one stand", "ruling"))
    return problems


def descriptive(field: Field) -> bool:
    """Whether a column holds text of our own; where sources give it differently, nobody disagrees about a fact."""
    return field.evidence in {"text", "summary"} and field.resolve != "agree"


def _settle(claims: list[Claim], stands: str | None, row: Record) -> None:
    for claim in claims:
        claim.stands = claim.text == stands
        if claim.stands:
            row[claim.field] = claim.value


def merge(seeds: Seeds, tables: dict[str, Table], *, as_of: dt.date | None = None) -> tuple[Merged, list[Problem]]:
    """Rows of the fact tables from the claims, and every unresolved or stale disagreement.

    With ``as_of`` a ruling also serves where only some of the values that it knows had been published; where
    the one that stands had not, the newest source is taken.
    """
    partial = as_of is not None
    day = {s["source_id"]: (s["published_on"], s["published_time"] or "") for s in seeds.lists["sources"]}
    weight = {s["source_id"]: AUTHORITY.get(s["document_type"], 0) for s in seeds.lists["sources"]}
    cells: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in seeds.claims:
        cells[claim.table, claim.row_id, claim.field].append(claim)
    rulings: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for r in seeds.lists["rulings"]:
        rulings[r["table"], r["row_id"], r["field"]].append(r)

    problems: list[Problem] = []
    merged = Merged({t.name: [] for t in tables.values() if t.kind == "fact"}, cells)
    values: dict[tuple[str, str], Record] = {place: dict(key) for place, key in seeds.keys.items()}
    ruled: set[tuple[str, str, str]] = set()
    for cell, claims in cells.items():
        table = tables[cell[0]]
        seen = {c.text for c in claims}
        stands: str | None = claims[0].text
        if len(seen) > 1:
            by = table.by_name[cell[2]].resolve
            newest = max(day[c.source_id] for c in claims)
            if by != "agree":
                order = {c.source_id: day[c.source_id] if by == "latest" else (weight[c.source_id], *day[c.source_id]) for c in claims}
                chosen = sorted(i for i, rank in order.items() if rank == max(order.values()))
                said = {c.text for c in claims if c.source_id in chosen}
                stands = next(iter(said)) if len(said) == 1 else None
                if stands is None:
                    problems.append(Problem(claims[0].file, claims[0].line, cell[2], f"{' and '.join(chosen)}, equally new, say {' and '.join(map(brief, sorted(said)))}", "let one source say one thing; give published_time in sources.csv to order two of the same day", "ruling"))
            else:
                ruled.add(cell)
                stands, faults = _rule(cell, seen, rulings[cell], claims, seeds.files["rulings"], partial)
                problems += faults
                if stands is None and not faults:
                    stands, by = next(c.text for c in claims if day[c.source_id] == newest), "latest"
                else:
                    by = "ruling"
            if descriptive(table.by_name[cell[2]]):
                _settle(claims, stands, values[cell[0], cell[1]])
                continue
            reasons = {r["expect"]: r for r in rulings[cell]} if by == "ruling" else {}
            for value, source in sorted({(c.text, c.source_id) for c in claims}):
                reason = reasons.get(value, {})
                general = REASON.get(by, ("", ""))
                merged.disagreements.append({
                    "table": cell[0], "row_id": cell[1], "field": cell[2], "value": value, "source_id": source, "stands": value == stands,
                    "resolved_by": by, "reason_en": reason.get("reason_en", general[0]), "reason_ko": reason.get("reason_ko", general[1]),
                })  # fmt: skip
        _settle(claims, stands, values[cell[0], cell[1]])
    for (name, _), row in values.items():
        merged.rows[name].append(row)
    problems += _check_rulings(seeds, tables, ruled, partial)
    return merged, problems
