"""One change between two versions: its kinds, the reasons for it, and changes as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

# What may break a user's program, what gives it more, what only changes a value: docs/versions.md.
LEVELS = {
    "major": ("table_removed", "column_removed", "key_changed", "type_changed", "row_removed"),
    "minor": ("table_added", "column_added", "row_added", "cell_filled", "cell_emptied"),
    "patch": ("cell_changed",),
}
HEAD = ("change", "table", "row_id", "field", "old", "new", "reason")


class Change(NamedTuple):
    """One change. ``row_id`` and ``field`` are empty where a whole table, column or row is meant; ``reason``
    is one of ``REASONS``.

    Of a removed row ``new`` is the row that took its place, preceded by its table if that is another one.
    """

    kind: str
    table: str
    row_id: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""


REASONS = {
    "structure": "the declaration of the table changed",
    "new_source": "a source that was not there before says so",
    "source_withdrawn": "what said the old value is no longer among the evidence",
    "ruling": "a ruling on the cell is new or has changed",
    "reread": "the same sources, read again",
    "coded": "coded from a source that was there before",
    "wording": "a text of our own, reworded",
    "derived": "follows from other cells",
    "listed": "a list kept by hand",
    "evidence": "what sources are coded to say, cell by cell",
    "tombstone": "a tombstone says why and what took its place",
}


def level(found: Iterable[Change]) -> str:
    """Return the least number of the version that has to rise: major, minor, patch, or none."""
    kinds = {c.kind for c in found}
    return next((name for name, these in LEVELS.items() if kinds & set(these)), "none")


def change_file(found: Iterable[Change]) -> bytes:
    """Return the changes as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(found)
    return out.getvalue().encode("utf-8")
