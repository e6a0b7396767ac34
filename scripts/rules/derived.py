"""What the build derives is what the fact tables give: grades, timeline, matrix, dollars, totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace

import polars as pl

from scripts.derive import agreement_matrix, grade, key_of, timeline
from scripts.rules.base import Fault, Frames, rows
from scripts.tableschema import load_tables
from scripts.totals import add_usd, funding_totals


# The evidence grade of a row follows from its evidence.
def grade_from_evidence(t: Frames) -> Iterator[Fault]:
    sources = {s["source_id"]: s for s in t["sources"].iter_rows(named=True)}
    claims: dict = defaultdict(lambda: defaultdict(list))
    for e in t["evidence"].iter_rows(named=True):
        if e["stands"] and e["source_id"] in sources:
            claims[e["table"], e["row_id"]][e["field"]].append(SimpleNamespace(**e))
    for table in load_tables().values():
        if table.kind != "fact":
            continue
        for row in rows(t[table.name]):
            known = {k: v for k, v in claims[table.name, key_of(table, row)].items() if k in table.by_name}
            given = grade(row, known, table, sources)
            if row["evidence_grade"] != given:
                yield Fault(table.name, row["_row"], "evidence_grade", f"the grade is {row['evidence_grade']}, the evidence gives {given}", "rebuild")


def _same(name: str, wanted: list[dict], t: Frames) -> Iterator[Fault]:
    table = load_tables()[name]
    there = {key_of(table, r): r for r in rows(t[name])}
    for row in wanted:
        found = there.pop(key_of(table, row), None)
        if found is None:
            yield Fault(name, -1, ",".join(table.primary_key), f"there is no row for {key_of(table, row)}", "rebuild")
            continue
        for column in table.names:
            if found[column] != row.get(column):
                yield Fault(name, found["_row"], column, f"{column} is {found[column]}, the fact tables give {row.get(column)}", "rebuild")
    for key, row in there.items():
        yield Fault(name, row["_row"], table.primary_key[0], f"the fact tables give no row {key}", "rebuild")


# The timeline has every date of the fact tables and no other.
def timeline_matches(t: Frames) -> Iterator[Fault]:
    data = {name: frame.to_dicts() for name, frame in t.items()}
    known = {r["agreement_id"] for r in data["agreements"]}, {r["organization_id"] for r in data["organizations"]}
    # Orphans are reported by the foreign keys; here they would have no label.
    data["parties"] = [p for p in data["parties"] if p["agreement_id"] in known[0] and p["organization_id"] in known[1]]
    yield from _same("timeline", timeline(data, load_tables()), t)


# The matrix counts the provisions as they stand.
def matrix_matches(t: Frames) -> Iterator[Fault]:
    data = {name: t[name].to_dicts() for name in ("agreement_domains", "provisions")}
    yield from _same("agreement_matrix", agreement_matrix(data), t)


# A sum in dollars is the sum at the listed rate.
def usd_from_rates(t: Frames) -> Iterator[Fault]:
    wanted = [r for r in t["funding"].to_dicts() if r["amount"] is not None]
    add_usd(wanted, t["exchange_rates"].to_dicts())
    given = {r["funding_id"]: r for r in wanted}
    for row in rows(t["funding"], pl.col("amount").is_not_null()):
        other = given[row["funding_id"]]
        for column in ("amount_usd", "usd_rate_on"):
            if row[column] != other[column]:
                yield Fault("funding", row["_row"], column, f"{column} is {row[column]}, the rates give {other[column]}", "rebuild")


# The totals add up the sums, each once.
def totals_match(t: Frames) -> Iterator[Fault]:
    data = {name: t[name].to_dicts() for name in ("funding", "funding_parties")}
    data["funding"] = [f for f in data["funding"] if None not in (f["amount"], f["currency"], f["bound"], f["under_agreement"])]
    yield from _same("funding_totals", funding_totals(data), t)


RULES = (grade_from_evidence, timeline_matches, matrix_matches, usd_from_rates, totals_match)
