"""What cannot be shown yet as of a day: rows and cells that lean on something only later sources say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from scripts.coding.merge import Merged
from scripts.constraints.violations import constraint_violations, foreign_key_violations
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.store.frames import frame_of
from scripts.validation.rules.registry import all_rules

# A row of a table, or with a column one cell of it.
Gap = tuple[str, int, str | None]


def _gaps(frames: dict[str, pl.DataFrame], tables: dict[str, Table]) -> Iterator[Gap]:
    """Yield rows that lack a cell they need, references to nothing, and what the rules say to leave out."""
    for table in (t for t in tables.values() if t.kind == "fact"):
        required = {f.name for f in table.typed if f.required}
        for v in constraint_violations(table.typed, frames[table.name]):
            if v.rule == "required":
                yield table.name, v.index, None
        for v in foreign_key_violations(table, frames):
            columns = v.column.split(",")
            yield table.name, v.index, None if required & set(columns) else columns[0]
    for rule in all_rules():
        if rule.as_of:
            for fault in rule(frames):
                yield fault.table, fault.index, fault.column if rule.as_of == "cell" else None


def hide_gaps(merged: Merged, lists: dict[str, list[Record]], tables: dict[str, Table]) -> None:
    """Remove from ``merged`` what the sources of the day do not support yet, until nothing is reported.

    A later document may call an agreement the child of an older one that it alone describes, or name the
    signer of a memorandum that an earlier one only announces: on the earlier day such a row or cell is not
    published.
    """
    frames = {name: frame_of(tables[name].typed, rows) for name, rows in {**lists, **merged.rows}.items()}
    while gaps := set(_gaps(frames, tables)):
        hidden: dict[str, dict[str, set[str | None]]] = defaultdict(lambda: defaultdict(set))
        for name, index, column in gaps:
            hidden[name][key_of(tables[name], merged.rows[name][index])].add(column)
        for name, rows in hidden.items():
            _hide(merged, tables[name], rows)
            frames[name] = frame_of(tables[name].typed, merged.rows[name])


def _hide(merged: Merged, table: Table, hidden: dict[str, set[str | None]]) -> None:
    """Remove rows (None) or cells of one table, by the id of the row, with all that is said of them."""

    def is_hidden(row_id: str, column: str) -> bool:
        return not hidden.get(row_id, set()).isdisjoint((None, column))

    kept = []
    for row in merged.rows[table.name]:
        columns = hidden.get(key_of(table, row), set())
        if None not in columns:
            row.update(dict.fromkeys(c for c in columns if c))
            kept.append(row)
    merged.rows[table.name] = kept
    for cell in [c for c in merged.claims if c[0] == table.name and is_hidden(*c[1:])]:
        del merged.claims[cell]
    merged.disagreements = [
        d for d in merged.disagreements if d["table"] != table.name or not is_hidden(d["row_id"], d["field"])
    ]


def followed(data: dict[str, list[Record]], tables: dict[str, Table]) -> list[Record]:
    """Return the tombstones of rows whose successor is there on the day.

    Others would speak of what only later sources say.
    """
    there = {
        n: {key_of(tables[n], r) for r in data[n]}
        for n in {t["successor_table"] for t in data["tombstones"]} & set(data)
    }
    return [t for t in data["tombstones"] if t["successor_row_id"] in there.get(t["successor_table"], ())]
