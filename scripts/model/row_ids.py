"""Names of rows of declared tables."""

from __future__ import annotations

from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import format_value
from scripts.techpacts.row_ids import join_key


def key_of(table: Table, row: Record) -> str:
    """Return the ``row_id`` of a row: its key values joined by ``|``."""
    return join_key(format_value(table.by_name[k], row[k]) for k in table.primary_key)
