"""What was not supported yet on a day: rows and cells that lean on something only later sources say.

All days are judged at once, by the constraints, references and rules that judge a package: the rows of every
day stand in one set of tables, and what refers from one row to another bears the day, so that no day sees
another one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from scripts.constraints.violations import orphans
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.store.frames import frame_of
from scripts.techpacts.constraints import required
from scripts.validation.rules.registry import all_rules

# A row: its table and its id; and a row of a frame, or with a column one cell of it.
Place = tuple[str, str]
Gap = tuple[str, int, str | None]
# By fact table the id of a row, a day, and the row as the sources of that day give it.
Daily = dict[str, list[tuple[str, dt.date, Record]]]
ID, DAY = "_id", "_day"


@dataclass
class Hidden:
    """The days on which a row, or a cell of one that is there, is not shown."""

    rows: dict[Place, set[dt.date]] = field(default_factory=lambda: defaultdict(set))
    cells: dict[tuple[str, str, str], set[dt.date]] = field(default_factory=lambda: defaultdict(set))


def _gaps(frames: dict[str, pl.DataFrame], tables: dict[str, Table]) -> Iterator[Gap]:
    """Yield rows that lack a cell they need, references to nothing, and what the rules say to leave out."""
    for table in (t for t in tables.values() if t.kind == "fact"):
        needed = [required(f) for f in table.typed if f.required]
        whole = pl.all_horizontal(check.keeps for check in needed)
        for index in frames[table.name].select((~whole).arg_true()).to_series():
            yield table.name, index, None
        for key, found in orphans(table, frames):
            needs_it = {c for check in needed for c in check.columns} & set(key.fields)
            for index in found["_row"]:
                yield table.name, index, None if needs_it else key.fields[0]
    for rule in all_rules():
        if rule.as_of:
            for fault in rule(frames):
                yield fault.table, fault.index, fault.column if rule.as_of == "cell" else None


def hidden(daily: Daily, lists: Mapping[str, list[Record]], tables: dict[str, Table]) -> Hidden:
    """Return what is not shown on which day, until nothing more is reported.

    A later document may call an agreement the child of an older one that it alone describes, or name the
    signer of a memorandum that an earlier one only announces: on the earlier day such a row or cell is not
    published.
    """
    frames = {name: frame_of(tables[name].typed, given) for name, given in lists.items()}
    for table in (t for t in tables.values() if t.kind == "fact"):
        frames[table.name] = _on_days(tables, table, daily.get(table.name, []))
    found = Hidden()
    while gaps := set(_gaps(frames, tables)):
        by_table: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        for name, index, column in gaps:
            by_table[name][column].append(index)
        for name, by_column in by_table.items():
            frames[name] = _without(name, frames[name], by_column, found)
    return found


def _on_days(tables: dict[str, Table], table: Table, rows: list[tuple[str, dt.date, Record]]) -> pl.DataFrame:
    """Return the rows of a fact table on their days, with the day in every cell by which facts refer to each
    other.
    """
    frame = frame_of(table.typed, [record for _, _, record in rows])
    frame = frame.with_columns(
        pl.Series(ID, [row_id for row_id, _, _ in rows], dtype=pl.String),
        pl.Series(DAY, [day for _, day, _ in rows], dtype=pl.Date),
    )
    return frame.with_columns(
        pl.concat_str(pl.col(DAY).cast(pl.String), pl.col(c), separator=" ").alias(c)
        for c in sorted(referring(tables, table))
    )


def referring(tables: dict[str, Table], table: Table) -> set[str]:
    """Return the columns by which a fact table refers to facts, or facts to it."""
    facts = {t.name: t for t in tables.values() if t.kind == "fact"}
    return {c for key in table.foreign_keys if key.table in facts for c in key.fields} | {
        c for t in facts.values() for key in t.foreign_keys if key.table == table.name for c in key.reference
    }


def _without(
    name: str, frame: pl.DataFrame, by_column: Mapping[str | None, list[int]], found: Hidden
) -> pl.DataFrame:
    """Return the frame without these rows (None) and cells, which are added to ``found``."""
    for row_id, day in frame[by_column.get(None, [])].select(ID, DAY).iter_rows():
        found.rows[name, row_id].add(day)
    for column, places in by_column.items():
        if column is None:
            continue
        for row_id, day in frame[places].select(ID, DAY).iter_rows():
            found.cells[name, row_id, column].add(day)
        at = pl.int_range(pl.len()).is_in(places)
        frame = frame.with_columns(pl.when(~at).then(pl.col(column)).alias(column))
    return frame.filter(~pl.int_range(pl.len()).is_in(by_column.get(None, [])))
