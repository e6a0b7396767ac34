"""Plants faults in a valid package, an exact number of each kind, so that a validator can be held to finding
them all.

A kind is named after the rule that has to report it. Each planted row has one fault, and its neighbour above
none.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import defaultdict
from pathlib import Path

import polars as pl

from benchmarks.synthetic import text_table, write_descriptor, write_parquet
from scripts.model.tables import Table
from scripts.package.settings import load_package
from scripts.store.jsonfile import read_json
from scripts.store.schemas import load_tables
from tests.faults.frames import put_in_rows, repeat_above

# The stages in which a validator comes to them: a fault of one stage may keep the next from being judged.
FORM = ("lexical",)
CONSTRAINTS = ("enum", "required", "foreign-key", "primary-key")
MEANING = ("every_cell_is_proven",)
STAGES = {"form": FORM, "constraints": CONSTRAINTS, "meaning": MEANING}
# Cells on which nothing else rests: another value than the evidence has is one fault and no more.
FREE = {
    "provisions": "activity", "funding": "instrument", "agreements": "family", "statements": "kind",
    "agreement_domains": "heading", "signatories": "office_en", "event_people": "office_ko",
}  # fmt: skip
WRONG = {"lexical": "ten", "enum": "no_such_value", "required": None, "foreign-key": "nowhere"}
NO_COUNTRY = "QQQ"


def _leaves(tables: dict[str, Table]) -> set[str]:
    """Tables that no other refers to: a fault there makes no reference of another table unsure."""
    return set(tables) - {k.table for t in tables.values() for k in t.foreign_keys}


def columns_for(kind: str, table: Table) -> list[str]:
    """The columns of ``table`` in which a fault of this kind can be planted without making another one; ``*``
    is the whole row.
    """
    if kind == "every_cell_is_proven":
        return [FREE[table.name]] if table.name in FREE else []
    if kind == "primary-key":
        return [] if table.unique_keys else ["*"]
    if kind == "foreign-key":
        found = [k.fields[0] for k in table.foreign_keys if len(k.fields) == 1]
    else:
        fits = {
            "lexical": lambda f: f.type != "string",
            "enum": lambda f: f.enum is not None,
            "required": lambda f: f.required,
        }
        found = [f.name for f in table.fields if fits[kind](f)]
    return [c for c in found if c not in table.primary_key]


def _wrong(kind: str, table: Table, column: str) -> pl.Expr:
    """The planted value of a cell."""
    if kind == "every_cell_is_proven":
        values = list(table.by_name[column].enum or ())
        return pl.col(column).replace_strict(values, values[1:] + values[:1]) if values else pl.lit("Other")
    if kind == "foreign-key" and table.reference_of(column) == "countries":
        return pl.lit(NO_COUNTRY)
    return pl.lit(WRONG[kind])


def _places(
    tables: dict[str, Table], rows: dict[str, int], kinds: tuple[str, ...], total: int, rng: random.Random
) -> dict[str, list[tuple[int, str, str]]]:
    """Where to plant: by table the row, the column and the kind; every second row at most."""
    leaves, places = _leaves(tables), defaultdict(list)
    taken: set[tuple[str, int]] = set()
    for number, kind in enumerate(kinds):
        fit = [t for t in tables.values() if columns_for(kind, t) and (t.name in leaves or kind in MEANING)]
        wanted = total // len(kinds) + (number < total % len(kinds))
        free = [rows[t.name] // 2 for t in fit]
        if wanted > sum(free):
            raise ValueError(f"{wanted} faults of the kind {kind} do not fit into this package")
        while wanted:
            table = rng.choices(fit, free)[0]
            row = 2 * rng.randrange(rows[table.name] // 2) + 1
            if (table.name, row) not in taken:
                taken.add((table.name, row))
                places[table.name].append((row, rng.choice(columns_for(kind, table)), kind))
                wanted -= 1
    return places


def _plant(table: Table, frame: pl.DataFrame, places: list[tuple[int, str, str]]) -> pl.DataFrame:
    by_cell: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, column, kind in places:
        by_cell[column, kind].append(row)
    for (column, kind), rows in by_cell.items():
        if column == "*":
            frame = repeat_above(frame, rows)
        else:
            frame = put_in_rows(frame, rows, column, _wrong(kind, table, column))
    return frame


def faulty(
    package: Path, folder: Path, kinds: tuple[str, ...], *, share: float = 0.01, seed: int = 1
) -> dict[str, int]:
    """Copies ``package`` to ``folder`` with faults in ``share`` of its rows; how many of each kind.

    The descriptor fits the files. The Parquet is that of the sound rows where a fault cannot be written with
    the declared types, and that of the planted ones for faults of meaning.
    """
    tables = load_tables()
    given = read_json(package / "datapackage.json")
    rows = {r["name"]: r["techpacts:rows"] for r in given["resources"]}
    places = _places(tables, rows, kinds, round(share * sum(rows.values())), random.Random(seed))
    (folder / "data").mkdir(parents=True)
    for file in (package / "data").iterdir():
        os.link(file, folder / "data" / file.name)
    for name in places:
        table, path = tables[name], folder / f"data/{name}.csv"
        planted = _plant(table, text_table(path), places[name])
        # A link of the sound file lies there: writing into it would spoil the package copied from.
        path.unlink()
        planted.write_csv(path)
        if set(kinds) <= set(MEANING):
            path.with_suffix(".parquet").unlink()
            write_parquet(table, planted, folder, load_package())
    write_descriptor(folder, rows, dt.date.fromisoformat(given["techpacts:coversTo"]))
    return {kind: sum(k == kind for found in places.values() for _, _, k in found) for kind in kinds}
