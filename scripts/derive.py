"""Columns and tables that nobody types: dates as ranges, status, evidence grade, timeline, matrix, evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from scripts.claims import Claim
from scripts.seeds import Record
from scripts.tableschema import Table
from scripts.totals import add_usd
from scripts.values import date_range, format_value, row_id

# Effects that change what state an agreement is in; an accession adds a party and leaves the state as it is.
STATUS_EFFECTS = ("announced", "signed", "operative", "suspended", "resumed", "extended", "ended")
TYPED_EVIDENCE = {"date", "year", "number", "currency", "name", "verbatim"}
PRIMARY_TYPES = {"primary_text", "official_release"}
UNCONFIRMED = {"unnamed_source", "hearsay"}
# A row that only announces an intention is unconfirmed whoever says so.
INTENTIONS = (("stage", "planned"), ("standing", "expected"), ("role", "announced"))


def ranged_columns(table: Table) -> list[str]:
    """Date columns of reduced precision: those that have a ``_from`` and a ``_to`` beside them."""
    return [f.name for f in table.fields if f.evidence == "date" and f"{f.name}_from" in table.by_name]


def add_ranges(table: Table, rows: Iterable[Record]) -> None:
    """Fills ``x_from`` and ``x_to`` for every date column ``x``; a day that does not exist leaves them empty."""
    for row in rows:
        for name in ranged_columns(table):
            try:
                row[f"{name}_from"], row[f"{name}_to"] = date_range(row[name]) if row.get(name) else (None, None)
            except ValueError:
                row[f"{name}_from"] = row[f"{name}_to"] = None


def statuses(events: Iterable[Record]) -> dict[str, tuple[str, object, str | None]]:
    """Status of each agreement, its first day and the evidence grade of the event: the last held one with an effect on its state.

    Events of the same day are told apart by the order in which effects follow each other in a treaty's life.
    """
    best: dict[str, tuple] = {}
    for e in events:
        if e.get("agreement_id") and e.get("stage") == "held" and e.get("effect") in STATUS_EFFECTS and e.get("start_on_from"):
            rank = (e["start_on_from"], STATUS_EFFECTS.index(e["effect"]))
            if e["agreement_id"] not in best or rank > best[e["agreement_id"]][0]:
                best[e["agreement_id"]] = (rank, e["effect"], e.get("evidence_grade"))
    return {a: (effect, rank[0], grade) for a, (rank, effect, grade) in best.items()}


def add_status(agreements: Iterable[Record], events: Iterable[Record]) -> None:
    """Fills ``status``, ``status_on`` and ``status_grade`` of every agreement from the events."""
    known = statuses(events)
    for a in agreements:
        a["status"], a["status_on"], a["status_grade"] = known.get(a["agreement_id"], ("unknown", None, None))


def _cell_grade(claims: list[Claim], sources: dict[str, Record]) -> str:
    if any(sources[c.source_id]["document_type"] in PRIMARY_TYPES for c in claims):
        return "A"
    if all(c.attribution in UNCONFIRMED for c in claims):
        return "D"
    # Two documents that pass on the same report are one source, and so are two of the same publisher.
    independent = {c.relays or sources[c.source_id]["publisher_organization_id"] or c.source_id for c in claims if c.attribution not in UNCONFIRMED}
    return "B" if len(independent) > 1 else "C"


def grade(row: Record, claims: dict[str, list[Claim]], table: Table, sources: dict[str, Record]) -> str:
    """The evidence grade of a row: that of its weakest typed cell, or of its best judgement where none is typed.

    ``claims`` are the standing ones by column. An announced intention is D, except from a primary or official text.
    """
    by_cell = {name: _cell_grade(c, sources) for name, c in claims.items() if c}
    typed = [g for name, g in by_cell.items() if table.by_name[name].evidence in TYPED_EVIDENCE]
    result = max(typed) if typed else min(by_cell.values(), default="D")
    if result != "A" and any(row.get(column) == value for column, value in INTENTIONS):
        return "D"
    return result


def evidence_rows(claims: Iterable[Claim]) -> list[Record]:
    """The evidence table: one row for each claim, which knows in ``_file`` and ``_line`` where it was typed."""
    return [
        {
            "table": c.table, "row_id": c.row_id, "field": c.field, "value": c.text, "source_id": c.source_id, "at": c.at,
            "passage_sha256": c.passage_sha256, "check": c.check, "stands": c.stands, "attribution": c.attribution,
            "relays": c.relays, "note": c.note, "_file": c.file, "_line": c.line,
        }
        for c in claims
    ]  # fmt: skip


def key_of(table: Table, row: Record) -> str:
    """The ``row_id`` of a row: its key values joined by ``|``."""
    return row_id([format_value(table.by_name[k], row[k]) for k in table.primary_key])


def _labels(data: dict[str, list[Record]]) -> Callable[[str, Record], tuple[str, str]]:
    agreements = {a["agreement_id"]: a for a in data["agreements"]}
    organizations = {o["organization_id"]: o for o in data["organizations"]}

    def label(table: str, row: Record) -> tuple[str, str]:
        if table == "agreements":
            return row["title_en"], row["title_ko"]
        if table == "events":
            return row["name_en"], row["name_ko"]
        if table == "parties":
            a, o = agreements[row["agreement_id"]], organizations[row["organization_id"]]
            return f"{o['name_en']}: {a['title_en']}", f"{o['name_ko']}: {a['title_ko']}"
        return row["summary_en"], row["summary_ko"]

    return label


def timeline(data: dict[str, list[Record]], tables: dict[str, Table]) -> list[Record]:
    """Every dated cell of the fact tables as one row, with what it dates."""
    label, rows = _labels(data), []
    for table in tables.values():
        # A day on which a currency was quoted is nothing that happened in the field.
        if table.kind != "fact" or table.name == "exchange_rates":
            continue
        for row in data[table.name]:
            for name in ranged_columns(table):
                if row.get(f"{name}_from"):
                    en, ko = label(table.name, row)
                    rows.append({"table": table.name, "row_id": key_of(table, row), "field": name, "date": row[name], "date_from": row[f"{name}_from"], "date_to": row[f"{name}_to"], "agreement_id": row.get("agreement_id"), "stage": row.get("stage") if table.name == "events" else None, "label_en": en, "label_ko": ko})
    return rows


def agreement_matrix(data: dict[str, list[Record]]) -> list[Record]:
    """Agreement by domain: whether it is named, and how many provisions of each standing there are."""
    cells: dict[tuple[str, str], Record] = {}

    def cell(agreement: str, domain: str) -> Record:
        return cells.setdefault((agreement, domain), {"agreement_id": agreement, "domain_id": domain, "named": False, "provisions_agreed": 0, "provisions_expected": 0, "provisions_author_view": 0})

    for d in data["agreement_domains"]:
        cell(d["agreement_id"], d["domain_id"])["named"] = True
    for p in data["provisions"]:
        if p.get("domain_id") and p.get("standing"):
            cell(p["agreement_id"], p["domain_id"])[f"provisions_{p['standing']}"] += 1
    return list(cells.values())


def complete(data: dict[str, list[Record]], claims: dict[tuple[str, str, str], list[Claim]], tables: dict[str, Table]) -> None:
    """Adds every derived column to the fact tables in ``data``."""
    sources = {s["source_id"]: s for s in data["sources"]}
    standing: dict[tuple[str, str], dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for (name, key, column), cell in claims.items():
        standing[name, key][column] += [c for c in cell if c.stands]
    for table in tables.values():
        if table.kind == "fact":
            add_ranges(table, data[table.name])
            for row in data[table.name]:
                row["evidence_grade"] = grade(row, standing[table.name, key_of(table, row)], table, sources)
    add_status(data["agreements"], data["events"])
    add_usd(data["funding"], data["exchange_rates"])
