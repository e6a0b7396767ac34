"""Names of rows: the values of the primary key, joined by ``|``.

The standard library is enough: the wheel carries this module along (``scripts/release/wheel.py``).
"""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = "|"


def join_key(values: Iterable[object]) -> str:
    """Return the name of the row with these key values."""
    return SEPARATOR.join(map(str, values))


def split_key(row_id: str) -> list[str]:
    """Return the key values in the name of a row, as text."""
    return row_id.split(SEPARATOR)
