"""How a sound package or sound seeds are spoiled so that nothing but the intended fault gives it away."""

from __future__ import annotations

from scripts.model.tables import Table
from scripts.model.values import parse
from scripts.store.files import sha256
from scripts.store.parquet import file_metadata, write_parquet
from tests.faults.csvs import Csv
from tests.faults.damage import swap
from tests.mini import TABLES
from tests.mutants.operator import Changes
from tests.mutants.world import World


def typed(table: Table, csv: Csv) -> list[dict] | None:
    """The rows as values, or None where the columns are others or a cell cannot be typed."""
    if csv.header != tuple(table.names) or any(len(row) != len(csv.header) for row in csv.rows):
        return None
    rows = []
    for row in csv.rows:
        values = {f.name: parse(f, text)[0] for f, text in zip(table.fields, row, strict=True)}
        if any(text and values[f.name] is None for f, text in zip(table.fields, row, strict=True)):
            return None
        rows.append(values)
    return rows


def _stamp(data: bytes, indent: int) -> str:
    """Size and hash as they stand in the descriptor."""
    return f'"bytes": {len(data)},\n{" " * indent}"hash": "sha256:{sha256(data)}"'


def forge(
    world: World,
    name: str,
    data: bytes,
    *,
    rows: int | None = None,
    parquet: bytes | None = None,
    descriptor: bytes | None = None,
) -> dict[str, bytes]:
    """Puts ``data`` in as the CSV of a table, and a Parquet file, with their sizes and hashes in the
    descriptor made right.

    ``rows`` is the number of rows where it changes, ``descriptor`` one that is forged for other tables
    already.
    """
    text = (descriptor or world.files["datapackage.json"]).decode("utf-8")
    csv_file, parquet_file = f"data/{name}.csv", f"data/{name}.parquet"
    old = len(world.tables[name].csv.rows)
    count = '"techpacts:rows": {},'
    before, after = (
        f"{_stamp(d, 6)},\n      {count.format(n)}"
        for d, n in ((world.files[csv_file], old), (data, old if rows is None else rows))
    )
    text = swap(text, before, after)
    changes = {csv_file: data}
    if parquet is not None:
        text = swap(text, _stamp(world.files[parquet_file], 8), _stamp(parquet, 8))
        changes[parquet_file] = parquet
    return {**changes, "datapackage.json": text.encode("utf-8")}


def in_order(table: Table, csv: Csv) -> Csv:
    """The rows sorted by key, as the build sorts them; rows of the same key as they stand."""
    at = [csv.header.index(k) for k in table.primary_key]
    return csv.order(sorted(range(len(csv.rows)), key=lambda row: [csv.rows[row][i] for i in at]))


def forge_table(world: World, name: str, csv: Csv) -> Changes:
    """The table with these cells instead, CSV and descriptor agreeing, and Parquet too where the cells can be
    typed.
    """
    return forge_tables(world, {name: csv})


def forge_tables(world: World, tables: dict[str, Csv]) -> Changes:
    """Several tables with other cells at once; see ``forge_table``."""
    changes: dict[str, bytes] = {}
    for name, csv in tables.items():
        values = typed(TABLES[name], csv)
        parquet = None if values is None else _parquet(world, name, values)
        changes |= forge(
            world,
            name,
            csv.to_bytes(),
            rows=len(csv.rows),
            parquet=parquet,
            descriptor=changes.get("datapackage.json"),
        )
    return changes


def _parquet(world: World, name: str, rows: list[dict]) -> bytes | None:
    """The rows as Parquet, or None where a cell is empty that may not be: no Parquet file of the declared
    types holds that.
    """
    if any(row[f.name] is None for f in TABLES[name].fields if f.required for row in rows):
        return None
    return write_parquet(TABLES[name], rows, file_metadata(TABLES[name], world.package))
