"""The corpus of bad and of sound values: data written once, not derived from the schemas that it tests.

``bad/cells.csv``: a value that breaks one constraint of one field, and no other. ``bad/keys.csv``: key values
that may not stand twice (``primary-key``, ``unique-key``, ``unique``), references to nothing
(``foreign-key``), a number of rows that is too small (``min-rows``). ``bad/forms.csv``: texts that do not
have the form of a pattern. ``good/values.csv``: sound values of each field, the first of them typical, every
value of every enumeration, both ends of every range, and the empty cell where it is allowed.
``good/keys.csv``: two keys that differ in one part. ``good/forms.csv``: texts that have the form of a
pattern.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
Place = tuple[str, str]


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def bad_cells() -> list[tuple[Place, str, str]]:
    """Field, value, and the one rule that reports it there."""
    return [((r["table"], r["field"]), r["value"], r["rule"]) for r in _rows("bad/cells.csv")]


@cache
def sound_values() -> dict[Place, list[str]]:
    """Sound values by field, in the order of the file."""
    values: dict[Place, list[str]] = defaultdict(list)
    for r in _rows("good/values.csv"):
        values[r["table"], r["field"]].append(r["value"])
    return dict(values)


def sound_row(table: str) -> dict[str, str]:
    """A typical row of a table."""
    return {field: values[0] for (t, field), values in sound_values().items() if t == table}


def bad_keys(rule: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Table, columns and their cells, for the faults of one rule."""
    return [
        (r["table"], tuple(r["columns"].split(",")), tuple(r["value"].split("|")))
        for r in _rows("bad/keys.csv")
        if r["rule"] == rule
    ]


def sound_keys() -> list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Table, columns, and the cells of two rows that may stand together."""
    return [
        (
            r["table"],
            tuple(r["columns"].split(",")),
            tuple(r["first"].split("|")),
            tuple(r["second"].split("|")),
        )
        for r in _rows("good/keys.csv")
    ]


def forms(kind: str) -> dict[str, Sequence[str]]:
    """Texts by pattern; ``kind`` is ``bad`` or ``good``."""
    texts: dict[str, list[str]] = defaultdict(list)
    for r in _rows(f"{kind}/forms.csv"):
        texts[r["pattern"]].append(r["text"])
    return dict(texts)
