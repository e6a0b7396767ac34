"""Finds what somebody probably meant who named a thing that is not there.

The standard library is enough: the wheel carries this module along (``scripts/release/wheel.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from .row_ids import split_key

# More names than this are not compared one by one: it would take seconds for each fault.
MOST = 20_000
# Of rows that are near so many are named.
SHOWN = 5
_SINGULAR = {
    "people": "person",
    "countries": "country",
    "funding": "funding row",
    "upstreams": "pinned table",
    "statistics": "figure",
}


def singular(table: str) -> str:
    """Return what one row of ``table`` is called in a sentence."""
    return _SINGULAR.get(table) or table.removesuffix("s").replace("_", " ")


def nearest(value: str, known: Collection[str], number: int = 1) -> list[str]:
    """Return the names of ``known`` that look most like ``value``, the nearest first; maybe none."""
    return get_close_matches(value, known, number) if len(known) <= MOST else []


def did_you_mean(value: str, known: Collection[str], otherwise: str) -> str:
    """Return the remedy for a name that is not among ``known``: the nearest one, or ``otherwise``."""
    near = nearest(value, known)
    return f'did you mean "{near[0]}"? Otherwise {otherwise}' if near else otherwise


def no_such_row(table: str, row_id: str, known: Iterable[str]) -> str:
    """Say that ``table`` has no row ``row_id``, and which rows are near: those of the same first key, or of a
    similar one.
    """
    every = list(known)
    near = [k for k in every if split_key(k)[0] == split_key(row_id)[0]] or nearest(row_id, every, SHOWN)
    shown = ", ".join((near or every)[:SHOWN]) + (" ..." if len(near or every) > SHOWN else "")
    return f'there is no row "{row_id}" in {table}; ' + (
        f"near it are {shown}" if near else f"there are {shown}" if shown else "the table is empty"
    )
