"""Declarations changed in one place: each constraint, key and value dropped, loosened by a step, or tightened
by one.

A *looser* mutant lets something pass that should not; some bad value of the corpus must stop being reported.
A *tighter* one refuses something sound; some sound value must start being reported. One that changes no
verdict survives: nothing tests what it changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from scripts.model.tables import Field, Table

# One item of the patterns that the schemas may use: a class, an opening or closing group, a quantifier, "|"
# or a character.
ITEM = re.compile(r"\[(?:[^\]]+)\]|\(\?:|\)|\{\d+\}|.")
QUANTIFIER = re.compile(r"[*+?]|\{\d+\}")

# Mutants that say the same as the pattern: a hyphen that may be left out joins what was already one run of
# letters.
EQUIVALENT = {
    "[a-z0-9]+(?:-?[a-z0-9]+)*": "[a-z0-9]+(?:-[a-z0-9]+)*",
    "[A-Za-z0-9]+(?:-?[a-z0-9]+)*": "[A-Za-z0-9]+(?:-[a-z0-9]+)*",
}


class FieldMutant(NamedTuple):
    """A field with one constraint changed."""

    kind: str
    what: str
    field: Field
    looser: bool


class KeyMutant(NamedTuple):
    """A key with parts taken out or put in; None where it is dropped."""

    kind: str
    what: str
    key: tuple[str, ...] | None
    looser: bool


def _enum_mutants(field: Field) -> Iterator[FieldMutant]:
    values = field.enum or ()
    if values:
        yield FieldMutant("enumeration", "dropped", replace(field, enum=None), True)
    for value in values:
        yield FieldMutant(
            "enumeration value",
            f"without {value}",
            replace(field, enum=tuple(v for v in values if v != value)),
            False,
        )


def _bound_mutants(field: Field) -> Iterator[FieldMutant]:
    step = 1 if field.type == "integer" else 0.01
    if field.minimum is not None:
        yield FieldMutant("minimum", "dropped", replace(field, minimum=None), True)
        yield FieldMutant("minimum", "a step lower", replace(field, minimum=field.minimum - step), True)
        yield FieldMutant("minimum", "a step higher", replace(field, minimum=field.minimum + step), False)
    if field.maximum is not None:
        yield FieldMutant("maximum", "dropped", replace(field, maximum=None), True)
        yield FieldMutant("maximum", "a step higher", replace(field, maximum=field.maximum + step), True)
        yield FieldMutant("maximum", "a step lower", replace(field, maximum=field.maximum - step), False)


def field_mutants(field: Field) -> Iterator[FieldMutant]:
    """Everything that can be changed in the declaration of one field, one change at a time."""
    if field.type != "string":
        yield FieldMutant(
            "type", f"{field.type} as text", replace(field, type="string", minimum=None, maximum=None), True
        )
    if field.required:
        yield FieldMutant("required", "dropped", replace(field, required=False), True)
    else:
        yield FieldMutant("may be empty", "required", replace(field, required=True), False)
    if field.pattern:
        yield FieldMutant("pattern", "dropped", replace(field, pattern=None), True)
    yield from _enum_mutants(field)
    yield from _bound_mutants(field)


def _class_parts(item: str) -> list[str]:
    """The ranges and characters of a class: ``[a-z_]`` has two."""
    return re.findall(r".-.|.", item[1:-1])


def _item_mutants(items: Sequence[str], i: int) -> Iterator[tuple[str, bool]]:
    """What may stand in place of item ``i``, and whether that is looser."""
    item, after = items[i], items[i + 1] if i + 1 < len(items) else ""
    if item.startswith("["):
        yield "(?:.|\n)", True
        parts = _class_parts(item)
        for part in parts if len(parts) > 1 else ():
            yield "[" + "".join(p for p in parts if p != part) + "]", False
        for part in parts:
            # The ends of a range: [a-z] without a, without z.
            if len(part) == 3 and ord(part[2]) - ord(part[0]) > 1:
                rest = "".join(p for p in parts if p != part)
                yield f"[{chr(ord(part[0]) + 1)}-{part[2]}{rest}]", False
                yield f"[{part[0]}-{chr(ord(part[2]) - 1)}{rest}]", False
    elif item == "+":
        yield "*", True
        yield "", False
    elif item == "*":
        yield "", False
    elif item == "?":
        yield "*", True
        yield "", False
    elif QUANTIFIER.fullmatch(item):
        yield "*", True
        yield f"{{{int(item[1:-1]) - 1}}}", True
        yield f"{{{int(item[1:-1]) + 1}}}", True
    elif item not in {"(?:", ")", "|"}:
        yield "(?:.|\n)", True
        if not QUANTIFIER.fullmatch(after):
            yield item + "?", True


def pattern_mutants(pattern: str) -> Iterator[tuple[str, bool]]:
    """The pattern with one item changed, and whether that is looser; the same text twice is one mutant."""
    items = ITEM.findall(pattern)
    seen = {pattern}
    for i in range(len(items)):
        for other, looser in _item_mutants(items, i):
            mutant = "".join([*items[:i], other, *items[i + 1 :]])
            if mutant not in seen and EQUIVALENT.get(mutant) != pattern:
                seen.add(mutant)
                yield mutant, looser


def key_mutants(kind: str, key: tuple[str, ...], others: Sequence[str]) -> Iterator[KeyMutant]:
    """The key dropped, with one more column (fewer rows repeat it), and with one column less (more do)."""
    yield KeyMutant(kind, "dropped", None, True)
    for name in others:
        yield KeyMutant(kind, f"with {name}", (*key, name), True)
    for name in key if len(key) > 1 else ():
        yield KeyMutant(kind, f"without {name}", tuple(n for n in key if n != name), False)


def other_columns(table: Table, key: Sequence[str]) -> list[str]:
    """Columns of ``table`` that are not in ``key``."""
    return [n for n in table.names if n not in key]
