"""Names of rows: the values of the primary key, joined by ``|``."""

from __future__ import annotations

from typing import Any

from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import format_value


def row_id(values: list[Any]) -> str:
    """The name of a row: its key values joined by ``|``."""
    return "|".join(map(str, values))


def key_of(table: Table, row: Record) -> str:
    """The ``row_id`` of a row: its key values joined by ``|``."""
    return row_id([format_value(table.by_name[k], row[k]) for k in table.primary_key])
