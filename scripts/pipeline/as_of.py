"""What cannot be shown yet as of a day: rows and cells that lean on something only later sources say."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.coding.merge import Merged
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.validation.rules.agreements import parties_needed

# A row of a table, or with a column one cell of it.
Gap = tuple[str, str, str | None]


def _gaps(
    rows: dict[str, list[Record]], lists: dict[str, list[Record]], tables: dict[str, Table]
) -> Iterator[Gap]:
    """Rows that lack a cell they need or refer to nothing, and optional cells that refer to nothing."""
    keys = {
        n: {tuple(r.get(k) for k in tables[n].primary_key) for r in given}
        for n, given in {**lists, **rows}.items()
    }
    for name, given in rows.items():
        table = tables[name]
        needed = {f.name for f in table.typed if f.required}
        for row in given:
            row_id = key_of(table, row)
            if any(row.get(c) is None for c in needed):
                yield name, row_id, None
                continue
            for fk in table.foreign_keys:
                target = tuple(row.get(c) for c in fk.fields)
                if None not in target and fk.table in keys and target not in keys[fk.table]:
                    yield name, row_id, None if needed & set(fk.fields) else fk.fields[0]
    for row in rows["events"]:
        # What changes the state of an agreement cannot be shown before the agreement.
        if row.get("effect") not in (None, "none") and row.get("agreement_id") is None:
            yield "events", row["event_id"], None
    for row in rows["funding"]:
        # A sum needs its occasion, and money of an agreement the agreement.
        if row.get("agreement_id") is None and (row.get("event_id") is None or row.get("under_agreement")):
            yield "funding", row["funding_id"], None
    held = {
        (e.get("agreement_id"), e.get("start_on"))
        for e in rows["events"]
        if e.get("effect") == "signed" and e.get("stage") == "held"
    }
    for row in rows["agreements"]:
        parties = [
            p
            for p in rows["parties"]
            if p["agreement_id"] == row["agreement_id"] and p.get("role") in ("party", "acceding")
        ]
        if len(parties) < parties_needed(row):
            yield "agreements", row["agreement_id"], None
        elif row.get("signed_on") and (row["agreement_id"], row["signed_on"]) not in held:
            yield "agreements", row["agreement_id"], "signed_on"


def hide_gaps(merged: Merged, lists: dict[str, list[Record]], tables: dict[str, Table]) -> None:
    """Takes out of ``merged`` what the sources of the day do not carry yet, until nothing leans on anything
    missing.

    A later document may call an agreement the child of an older one that it alone describes, or list the
    signer of a memorandum that an earlier one only announces: on the earlier day such a row or cell is not
    published.
    """
    while gaps := set(_gaps(merged.rows, lists, tables)):
        for name, row_id, column in gaps:
            table = tables[name]
            if column is None:
                merged.rows[name] = [r for r in merged.rows[name] if key_of(table, r) != row_id]
            else:
                next(r for r in merged.rows[name] if key_of(table, r) == row_id)[column] = None
            for cell in [c for c in merged.claims if c[:2] == (name, row_id) and column in (None, c[2])]:
                del merged.claims[cell]
            merged.disagreements = [
                d
                for d in merged.disagreements
                if not (d["table"] == name and d["row_id"] == row_id and column in (None, d["field"]))
            ]


def followed(data: dict[str, list[Record]], tables: dict[str, Table]) -> list[Record]:
    """The tombstones of rows whose successor is there on the day. Others would speak of what only later
    sources say.
    """
    there = {
        n: {key_of(tables[n], r) for r in data[n]}
        for n in {t["successor_table"] for t in data["tombstones"]} & set(data)
    }
    return [t for t in data["tombstones"] if t["successor_row_id"] in there.get(t["successor_table"], ())]
