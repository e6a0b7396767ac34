"""Check the properties of a declaration that pydantic's types cannot: one function each, which raises
``Refused``.

Each knows of what is around the property: ``info.data`` has the properties of the same object that were
declared before it in ``tables.py`` and are sound, ``info.context`` the outline of the whole table.
"""

from __future__ import annotations

import re
from functools import cache
from math import isfinite
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

from pydantic import BeforeValidator, ValidationInfo

from scripts.model.caveats import CAVEATS
from scripts.model.evidence_kinds import EVIDENCE, implied
from scripts.model.problems import Refused, brief

# The constraints that are enforced, by type of column.
CONSTRAINTS = {
    "string": {"required", "unique", "enum", "pattern"},
    "integer": {"required", "unique", "minimum", "maximum"},
    "number": {"required", "unique", "minimum", "maximum"},
    "boolean": {"required"},
    "date": {"required", "unique"},
}
# What a category, a value of an enumeration, says of itself.
CATEGORY = ("value", "label", "description", "techpacts:labelKo", "techpacts:descriptionKo")
# Patterns are run by Python, by Rust's regex (polars) and by XSD (R): what they read differently is refused.
UNPORTABLE = re.compile(r"\(\?(?!:)|\\[A-Za-z0-9]|(?<!\[)\^|\$")


class Outline(NamedTuple):
    """What the check of a property must know of the table around it, whatever else is wrong there."""

    file: str
    kind: Any
    key: list[Any]
    names: list[Any]


def outline_of(declaration: Any, file: str) -> Outline:
    """The outline of a declaration, which may be any JSON; what is not as it should be is left out."""
    given = declaration if isinstance(declaration, dict) else {}
    fields, key = (v if isinstance(v, list) else [] for v in (given.get("fields"), given.get("primaryKey")))
    return Outline(
        file,
        given.get("techpacts:kind"),
        key,
        [f.get("name") if isinstance(f, dict) else None for f in fields],
    )


Info = ValidationInfo[Outline]


class Null:
    """The null of JSON, which no property may be; pydantic would take None for a property left out."""

    def __str__(self) -> str:
        return "null"


def flattened(name: str) -> BeforeValidator:
    """Read the properties of the object ``name`` as properties of what it is in, called ``name.property``."""

    def flat(given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        inner = given.get(name, {})
        if not isinstance(inner, dict):
            raise Refused(f"has {brief(inner)} for {name}, not an object", "write an object")
        if unknown := [k for k in given if k.startswith(f"{name}.")]:
            raise Refused(f"has {brief(unknown[0])}, which is not enforced by this project", "remove it")
        whole = {k: v for k, v in given.items() if k != name} | {f"{name}.{k}": v for k, v in inner.items()}
        return {k: Null() if v is None else v for k, v in whole.items()}

    return BeforeValidator(flat)


def field_name(name: Any, info: Info) -> str:
    """Refuse a name that is not in snake_case or that two fields have."""
    if not isinstance(name, str) or not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise Refused(f"is {brief(name)}, not in snake_case", "use a-z, 0-9 and _ only")
    if info.context.names.count(name) > 1:
        raise Refused(f"is {brief(name)}, a duplicate", "keep one")
    return name


def constraint(value: Any, info: Info) -> Any:
    """Refuse a constraint that the type of the column does not have; of an unknown type none is known."""
    type_ = info.data.get("type")
    if type_ and info.field_name not in CONSTRAINTS[type_]:
        raise Refused(f"is not enforced by this project for the type {type_}", "remove it")
    return value


def required(value: bool, info: Info) -> bool:
    """Refuse a part of the primary key that may be empty."""
    if not value and info.data.get("name") in info.context.key:
        raise Refused("is false, and a part of the primary key may not be empty", "write true")
    return value


def bound(value: Any, info: Info) -> float | int:
    """Refuse what is not a number of the type of the column."""
    whole = type(value) is int and abs(value) < 2**63
    if info.data.get("type") == "integer" and not whole:
        raise Refused(f"is {brief(value)}, not a whole number", "write a whole number")
    if not whole and not (isinstance(value, float) and isfinite(value)):
        raise Refused(f"is {brief(value)}, not a number", "write a number")
    number: float | int = constraint(value, info)
    return number


@cache
def pattern(value: str) -> str:
    """Refuse a pattern that the engines which run it, Python's and that of polars, cannot run or read
    differently.
    """
    import polars as pl

    try:
        re.compile(value)
        pl.select(pl.lit("").str.contains(rf"\A(?:{value})\z"))
    except (re.error, RecursionError, OverflowError) as error:
        raise Refused(f"is not a regular expression: {error}", "correct it") from None
    except pl.exceptions.ComputeError:
        raise Refused("is not a regular expression that polars can run", "correct it") from None
    if UNPORTABLE.search(value):
        raise Refused(
            "uses anchors, classes or look-around that engines read differently",
            "spell it out with [...] and (?:...)",
        )
    return value


def category(value: dict[str, str]) -> dict[str, str]:
    """Refuse a category with other properties than it needs."""
    if unfit := set(value) ^ set(CATEGORY):
        raise Refused(
            f"does not have the properties of a category; compare {brief(min(unfit))}",
            "give it " + ", ".join(CATEGORY),
        )
    return value


def categories(categories: tuple[dict[str, str], ...], info: Info) -> tuple[dict[str, str], ...]:
    """Refuse categories that are not those of the enumeration."""
    if "enum" in info.data and [c["value"] for c in categories] != list(info.data["enum"] or ()):
        raise Refused("and the enum differ", "list the same values in the same order")
    return categories


def boolean_values(values: tuple[str, ...] | None, info: Info) -> tuple[str, ...] | None:
    """Refuse a boolean that is written in any other way than true and false."""
    only = info.field_name.removesuffix("_values") if info.field_name else ""
    if info.data.get("type") == "boolean" and values != (only,):
        raise Refused("leaves open how it is written; a boolean is true or false only", f'write ["{only}"]')
    return values


def origin(origin: str, info: Info) -> str:
    """Refuse an origin that tables of this kind do not have."""
    if (origin == "listed") != (info.context.kind in ("vocabulary", "provenance", "seed")):
        raise Refused(
            f"is {brief(origin)}, which does not fit a {brief(info.context.kind)} table",
            "write listed in a vocabulary, a provenance or a seed table, and only there",
        )
    return origin


def evidence(evidence: str | None, info: Info) -> str | None:
    """Refuse evidence of a column that is not claimed, and a claimed column without."""
    if "origin" in info.data and (info.data["origin"] == "claim") != (evidence in EVIDENCE):
        raise Refused(
            f"is {brief(evidence)}, which does not fit the origin {brief(info.data['origin'])}",
            "a claimed column, and no other, says how it is checked: " + ", ".join(EVIDENCE),
        )
    return evidence


def caveats(caveats: tuple[str, ...], info: Info) -> tuple[str, ...]:
    """Refuse unknown and needless caveats; add those that follow from the evidence."""
    follow = implied(info.data.get("evidence"))
    for code in caveats:
        if code not in CAVEATS or code in follow or caveats.count(code) > 1:
            raise Refused(
                f"has {brief(code)}, which is not on the list, a duplicate, or follows from"
                " techpacts:evidence",
                "use each once, of " + ", ".join(CAVEATS),
            )
    return (*follow, *caveats)


def key(names: tuple[str, ...], info: Info) -> tuple[str, ...]:
    """Refuse a key without fields, with duplicate ones or with ones that are not declared."""
    if not names:
        raise Refused("names no field", "name the fields of the key")
    if len(set(names)) < len(names):
        raise Refused("names a field twice", "name each field once")
    for name in names:
        if name not in info.context.names:
            raise Refused(
                f"names {brief(name)}, which is not declared", "declare the field or correct the key"
            )
    return names


def table_name(name: str, info: Info) -> str:
    """Refuse a name that is not that of the file, or that no file can have on Windows."""
    if name != Path(info.context.file).stem:
        raise Refused(f"is {brief(name)}, not the name of the file", "let both be the same")
    if PureWindowsPath(name).is_reserved():
        raise Refused(f"is {brief(name)}, a device on Windows and so not a name for a file", "choose another")
    return name


def missing_values(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse any missing value but the empty cell."""
    if values != ("",):
        raise Refused("has more than the empty cell, the only missing value", 'write [""]')
    return values


def not_of_seeds(keys: tuple[Any, ...], info: Info) -> tuple[Any, ...]:
    """Refuse keys that are not enforced in a list that only the seeds have."""
    if keys and info.context.kind == "seed":
        raise Refused("is not enforced by this project for a list that only the seeds have", "remove it")
    return keys
