"""Second implementations, row by row and plain, that the fast ones in ``scripts/facts`` must equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Table

BOUNDS = ("at_least", "exactly", "about", "up_to")
TYPED = {"date", "year", "number", "currency", "name", "verbatim"}
PRIMARY_TYPES = {"primary_text", "official_release"}
UNCONFIRMED = {"unnamed_source", "hearsay"}
INTENTIONS = (("stage", "planned"), ("standing", "expected"), ("role", "announced"))


def _cell_grade(claims: list[Record], sources: dict[str, Record]) -> str:
    if any(sources[c["source_id"]]["document_type"] in PRIMARY_TYPES for c in claims):
        return "A"
    if all(c["attribution"] in UNCONFIRMED for c in claims):
        return "D"
    # Two documents that pass on the same report are one source, and so are two of the same publisher.
    independent = {
        c["relays"] or sources[c["source_id"]]["publisher_organization_id"] or c["source_id"]
        for c in claims
        if c["attribution"] not in UNCONFIRMED
    }
    return "B" if len(independent) > 1 else "C"


def plain_grade(
    row: Record, claims: dict[str, list[Record]], table: Table, sources: dict[str, Record]
) -> str:
    """Return the evidence grade of a row: that of its weakest typed cell, or of its best other cell.

    ``claims`` is the evidence that stands, by column. An announced intention is D, unless a text is primary.
    """
    by_cell = {name: _cell_grade(c, sources) for name, c in claims.items() if c}
    typed = [g for name, g in by_cell.items() if table.by_name[name].evidence in TYPED]
    result = max(typed) if typed else min(by_cell.values(), default="D")
    if result != "A" and any(row.get(column) == value for column, value in INTENTIONS):
        return "D"
    return result


def _groups(funding: list[Record], parties: Iterable[Record]) -> Iterator[tuple[str, str, Record]]:
    payers: dict[str, list[str]] = defaultdict(list)
    for p in parties:
        if p["role"] == "funder":
            payers[p["funding_id"]].append(p["organization_id"])
    for f in funding:
        if f.get("agreement_id"):
            yield (
                "own_money_of_agreement" if f["under_agreement"] else "announced_beside_agreement",
                f["agreement_id"],
                f,
            )
        if f.get("domain_id"):
            yield "domain", f["domain_id"], f
        # Of a sum with several payers nobody knows who pays how much.
        if len(payers[f["funding_id"]]) == 1:
            yield "funder", payers[f["funding_id"]][0], f


def _tops(group: list[Record], whole: dict[str, str | None]) -> list[Record]:
    """Return the sums of a group that are part of no other sum of it, however far up."""
    inside = {f["funding_id"] for f in group}

    def within(funding_id: str) -> bool:
        seen, at = {funding_id}, whole.get(funding_id)
        while at is not None and at not in seen:
            if at in inside:
                return True
            seen.add(at)
            at = whole.get(at)
        return False

    return [f for f in group if not within(f["funding_id"])]


def _total(
    key: tuple[str, str, str], basis: str, currency: str, group: list[Record], tops: set[str], column: str
) -> Record:
    """Return one row of totals: the sums of ``group`` that are in ``tops``, added up by bound."""
    counted = [f for f in group if f["funding_id"] in tops]
    known = [f for f in counted if f.get(column) is not None]
    return {
        "grouping": key[0],
        "group_id": key[1],
        "standing": key[2],
        "currency": currency,
        "basis": basis,
        "sums_counted": len(known),
        "parts_left_out": len(group) - len(counted),
        "without_rate": len(counted) - len(known),
        **{b: sum(f[column] for f in known if f["bound"] == b) for b in BOUNDS},
    }


def plain_totals(data: dict[str, list[Record]]) -> list[Record]:
    """Return totals by agreement, domain and payer, in the stated currencies and in US dollars.

    What is planned, committed and spent is in rows apart. A sum with a larger one above it in the same row is
    left out; so are, everywhere, withdrawn and superseded sums and those per award, team or year. Floors,
    exact sums, approximate sums and ceilings are never mixed.
    """
    funding = [
        f
        for f in data["funding"]
        if f.get("standing") not in (None, "withdrawn")
        and not f.get("superseded_by")
        and not f.get("amount_per")
    ]
    whole = {f["funding_id"]: f.get("part_of") for f in funding}
    groups: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for grouping, group_id, f in _groups(funding, data["funding_parties"]):
        groups[grouping, group_id, f["standing"]].append(f)
    rows = []
    for key, group in groups.items():
        tops = {f["funding_id"] for f in _tops(group, whole)}
        for currency in sorted({f["currency"] for f in group}):
            rows.append(
                _total(
                    key,
                    "as_stated",
                    currency,
                    [f for f in group if f["currency"] == currency],
                    tops,
                    "amount",
                )
            )
        rows.append(_total(key, "in_usd", "USD", group, tops, "amount_usd"))
    return rows


def plain_gaps(
    rows: dict[str, list[Record]], lists: dict[str, list[Record]], tables: dict[str, Table]
) -> Iterator[tuple[str, str, str | None]]:
    """Yield what cannot be shown as of a day: table and row, and the column where it is only a cell."""
    for name, given in rows.items():
        for row in given:
            for column in _unsupported(tables[name], row, {**lists, **rows}, tables):
                yield name, key_of(tables[name], row), column
    for row in rows["events"]:
        if row.get("effect") not in (None, "none") and row.get("agreement_id") is None:
            yield "events", row["event_id"], None
    for row in rows["funding"]:
        if row.get("agreement_id") is None and (row.get("event_id") is None or row.get("under_agreement")):
            yield "funding", row["funding_id"], None
    signings = {
        (e.get("agreement_id"), e.get("start_on"))
        for e in rows["events"]
        if e.get("effect") == "signed" and e.get("stage") == "held"
    }
    for row in rows["agreements"]:
        name = row["agreement_id"]
        parties = [p["role"] for p in rows["parties"] if p["agreement_id"] == name]
        needed = 1 if row.get("instrument_type") == "declaration" else 2
        if parties.count("party") + parties.count("acceding") < needed:
            yield "agreements", name, None
        elif row.get("signed_on") and (name, row["signed_on"]) not in signings:
            yield "agreements", name, "signed_on"


def _unsupported(
    table: Table, row: Record, rows: dict[str, list[Record]], tables: dict[str, Table]
) -> Iterator[str | None]:
    """Yield None for a row that lacks a cell or refers to nothing, the column of a cell that may be empty."""
    needed = {f.name for f in table.typed if f.required}
    if any(row.get(c) is None for c in needed):
        yield None
        return
    for key in table.foreign_keys:
        target = [row.get(c) for c in key.fields]
        there = [[r.get(c) for c in tables[key.table].primary_key] for r in rows.get(key.table, [])]
        if None not in target and key.table in rows and target not in there:
            yield None if needed & set(key.fields) else key.fields[0]
