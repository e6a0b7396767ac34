"""The declarations in ``schemas/``: read, completed, and refused where they say more than is enforced.

A schema is a Frictionless Table Schema with a few properties of our own (``techpacts:``).
Everything else (Arrow types, pandera checks, the descriptor) is derived from the objects made here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PureWindowsPath
from typing import Any

from scripts.model.caveats import CAVEATS
from scripts.model.evidence_kinds import EVIDENCE, implied
from scripts.model.problems import BadData, Problem, brief
from scripts.model.shape import shaped

# Kinds of table, in the order in which the package lists them.
KINDS = ("fact", "vocabulary", "provenance", "derived", "seed")
# name: only names the row. claim: filled from coding sheets. derived: by the build. listed: typed in a list.
ORIGINS = ("name", "claim", "derived", "listed")
# What happens where sources differ: agree asks for a ruling; latest takes the newest source (the world moved
# on); best takes the most authoritative one, the newest among equals (descriptive text of our own).
RESOLVE = ("agree", "latest", "best")

# The properties that are enforced, by the kind of their value (scripts/model/shape.py).
TABLE_PROPERTIES = {
    **dict.fromkeys(
        ("name", "title", "description", "techpacts:titleKo", "techpacts:descriptionKo", "techpacts:kind"),
        "a text",
    ),
    "fields": "a list of objects",
    "missingValues": "a list of texts",
    "primaryKey": "a list of texts",
    "foreignKeys": "a list of objects",
    "uniqueKeys": "a list of lists of texts",
    "techpacts:minRows": "a whole number",
}
FIELD_PROPERTIES = {
    **dict.fromkeys(
        (
            "name",
            "type",
            "title",
            "description",
            "example",
            "unit",
            "techpacts:titleKo",
            "techpacts:descriptionKo",
        ),
        "a text",
    ),
    **dict.fromkeys(("techpacts:origin", "techpacts:evidence", "techpacts:resolve"), "a text"),
    "trueValues": "a list of texts",
    "falseValues": "a list of texts",
    "constraints": "an object",
    "categories": "a list of objects",
    "techpacts:caveats": "a list of texts",
}
_REQUIRED, _UNIQUE = {"required": "true or false"}, {"unique": "true or false"}
CONSTRAINTS = {
    "string": {**_REQUIRED, **_UNIQUE, "enum": "a list of texts", "pattern": "a text"},
    "integer": {**_REQUIRED, **_UNIQUE, "minimum": "a whole number", "maximum": "a whole number"},
    "number": {**_REQUIRED, **_UNIQUE, "minimum": "a number", "maximum": "a number"},
    "boolean": _REQUIRED,
    "date": {**_REQUIRED, **_UNIQUE},
}
CATEGORY_PROPERTIES = dict.fromkeys(
    ("value", "label", "description", "techpacts:labelKo", "techpacts:descriptionKo"), "a text"
)
REFERENCE_PROPERTIES = {"resource": "a text", "fields": "a list of texts"}
FOREIGN_KEY_PROPERTIES = {"fields": "a list of texts", "reference": "an object"}
# Patterns are run by Python, by Rust's regex (polars) and by XSD (R): what they read differently is refused.
UNPORTABLE = re.compile(r"\(\?(?!:)|\\[A-Za-z0-9]|(?<!\[)\^|\$")


@dataclass(frozen=True)
class Field:
    """One column: its declaration with the standard's defaults filled in."""

    name: str
    type: str
    title: str
    title_ko: str
    description: str
    description_ko: str
    example: str
    origin: str
    evidence: str | None
    resolve: str
    required: bool
    unique: bool
    enum: tuple[str, ...] | None
    pattern: str | None
    minimum: float | int | None
    maximum: float | int | None
    unit: str | None
    categories: tuple[dict[str, str], ...]
    caveats: tuple[str, ...] = ()

    @cached_property
    def fullmatch(self) -> re.Pattern[str] | None:
        """The pattern, grouped and anchored, so that an alternation or a line feed cannot slip past."""
        return re.compile(rf"\A(?:{self.pattern})\Z") if self.pattern else None


@dataclass(frozen=True)
class ForeignKey:
    """Columns that must hold a key of another table; an empty part means no reference."""

    fields: tuple[str, ...]
    table: str
    reference: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table: columns in order, keys, and the declaration as published."""

    name: str
    kind: str
    title: str
    title_ko: str
    description: str
    description_ko: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    min_rows: int
    declaration: dict[str, Any]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {f.name: f for f in self.fields}

    @property
    def names(self) -> list[str]:
        return [f.name for f in self.fields]

    @cached_property
    def claimed(self) -> tuple[Field, ...]:
        """Columns that coding sheets fill and evidence proves."""
        return tuple(f for f in self.fields if f.origin == "claim")

    @cached_property
    def typed(self) -> tuple[Field, ...]:
        """Columns filled by hand: everything but the derived ones."""
        return tuple(f for f in self.fields if f.origin != "derived")

    @property
    def is_series(self) -> bool:
        """Whether the rows are figures taken from pinned tables of other publishers."""
        return "upstream_line" in self.by_name

    def reference_of(self, column: str) -> str | None:
        """The table that a single-column foreign key on ``column`` points to."""
        return next((k.table for k in self.foreign_keys if k.fields == (column,)), None)


class _Refusals:
    def __init__(self, file: str) -> None:
        self.file, self.problems = file, []

    def say(self, column: str, message: str, fix: str) -> None:
        self.problems.append(Problem(self.file, 0, column, message, fix, "schema"))

    def shaped(self, column: str, what: str, given: Any, kinds: dict[str, str]) -> dict[str, Any]:
        """The properties that are enforced and of the type that the code reads them as; each other one is
        told.
        """
        return shaped(given, kinds, lambda _, message, fix: self.say(column, message, fix), what)

    def text(self, column: str, given: dict[str, Any], *names: str) -> None:
        for name in names:
            if not isinstance(given.get(name), str) or not given[name].strip():
                self.say(column, f'"{name}" is missing or empty', "write it")


@cache
def _pattern_fault(pattern: str) -> str | None:
    """Why a pattern cannot be used by both engines that run it, Python's and that of polars; None where it
    can.
    """
    import polars as pl

    try:
        re.compile(pattern)
        pl.select(pl.lit("").str.contains(rf"\A(?:{pattern})\z"))
    except (re.error, RecursionError, OverflowError) as error:
        return f"the pattern is no regular expression: {error}"
    except pl.exceptions.ComputeError:
        return "the pattern is no regular expression that polars can run"
    return None


def _field(whole: dict[str, Any], kind: str, key: tuple[str, ...], out: _Refusals) -> Field | None:
    name = whole.get("name")
    if not isinstance(name, str) or not re.fullmatch("[a-z][a-z0-9_]*", name):
        out.say(brief(name), "a field needs a snake_case name", "give it one")
        return None
    given = out.shaped(name, "property", whole, FIELD_PROPERTIES)
    if given.get("type") not in CONSTRAINTS:
        out.say(
            name,
            f"type {brief(whole.get('type'))} is not enforced by this project",
            "use one of " + ", ".join(CONSTRAINTS),
        )
        return None
    out.text(name, given, "title", "description", "techpacts:titleKo", "techpacts:descriptionKo")
    constraints = out.shaped(name, "constraint", given.get("constraints", {}), CONSTRAINTS[given["type"]])
    if "required" not in constraints:
        out.say(name, '"required" is not stated', "say true or false: an empty cell is a decision")
    if not isinstance(given.get("example"), str):
        out.say(
            name,
            '"example" is missing or no text',
            "give a value that the field allows, as it stands in a CSV",
        )
    if given["type"] == "boolean" and (given.get("trueValues"), given.get("falseValues")) != (
        ["true"],
        ["false"],
    ):
        out.say(
            name,
            "a boolean is written true or false only",
            'set trueValues ["true"] and falseValues ["false"]',
        )
    pattern = constraints.get("pattern")
    if pattern is not None and (fault := _pattern_fault(pattern)):
        out.say(name, fault, "mend it")
        pattern = None
    elif pattern is not None and UNPORTABLE.search(pattern):
        out.say(
            name,
            "the pattern uses anchors, classes or look-around that engines read differently",
            "spell it out with [...] and (?:...)",
        )
    enum = constraints.get("enum")
    categories = [
        out.shaped(name, f"property of category {brief(c.get('value'))}", c, CATEGORY_PROPERTIES)
        for c in given.get("categories", [])
    ]
    if (enum or []) != [c.get("value") for c in categories]:
        out.say(name, "enum and categories differ", "list the same values in the same order")
    for category in categories:
        out.text(name, category, "label", "description", "techpacts:labelKo", "techpacts:descriptionKo")
    origin, evidence = given.get("techpacts:origin"), given.get("techpacts:evidence")
    if origin not in ORIGINS or (origin == "listed") != (kind in {"vocabulary", "provenance", "seed"}):
        out.say(
            name,
            f'techpacts:origin "{origin}" does not fit a {kind} table',
            "use one of " + ", ".join(ORIGINS),
        )
    if (origin == "claim") != (evidence in EVIDENCE):
        out.say(
            name,
            f'techpacts:evidence "{evidence}" does not fit origin "{origin}"',
            "a claimed column says how it is checked: " + ", ".join(EVIDENCE),
        )
    resolve = given.get("techpacts:resolve", "agree")
    if resolve not in RESOLVE:
        out.say(name, f'techpacts:resolve "{resolve}" is unknown', "use one of " + ", ".join(RESOLVE))
    caveats = given.get("techpacts:caveats", [])
    for code in [c for c in caveats if c not in CAVEATS or c in implied(evidence) or caveats.count(c) > 1]:
        out.say(
            name,
            f"the caveat {brief(code)} is not on the list, said twice, or follows from techpacts:evidence",
            "use each once, of " + ", ".join(CAVEATS),
        )
    if name in key and not constraints.get("required"):
        out.say(name, "a part of the primary key may not be empty", 'set "required": true')
    return Field(
        name=name,
        type=given["type"],
        title=given.get("title", ""),
        title_ko=given.get("techpacts:titleKo", ""),
        description=given.get("description", ""),
        description_ko=given.get("techpacts:descriptionKo", ""),
        example=str(given.get("example")),
        origin=origin or "",
        evidence=evidence,
        resolve=resolve,
        required=bool(constraints.get("required")),
        unique=bool(constraints.get("unique")),
        enum=tuple(enum) if enum else None,
        pattern=pattern,
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        unit=given.get("unit"),
        categories=tuple(categories),
        caveats=(*implied(evidence), *caveats),
    )


def parse_table(declaration: Any, file: str) -> Table:
    """A declaration as objects. Raises BadData with every property that the code would not enforce."""
    out = _Refusals(file)
    given = out.shaped("", "property", declaration, TABLE_PROPERTIES)
    out.text("", given, "name", "title", "description", "techpacts:titleKo", "techpacts:descriptionKo")
    if given.get("name") != Path(file).stem:
        out.say("", f"the name {brief(given.get('name'))} is not the file's", "let both be the same")
    elif PureWindowsPath(given["name"]).is_reserved():
        out.say(
            "",
            f"the name {brief(given['name'])} is that of a device on Windows, so no file can be called so",
            "choose another name",
        )
    if given.get("techpacts:kind") not in KINDS:
        out.say(
            "",
            f"techpacts:kind {brief(given.get('techpacts:kind'))} is unknown",
            "use one of " + ", ".join(KINDS),
        )
    if given.get("missingValues") != [""]:
        out.say("", "missing is written as an empty cell only", 'set missingValues [""]')
    key = tuple(given.get("primaryKey", ()))
    fields = [_field(f, given.get("techpacts:kind", ""), key, out) for f in given.get("fields", [])]
    names = [f.name for f in fields if f]
    if not given.get("fields"):
        out.say("fields", "there are no fields", "declare the columns of the table")
    for name in sorted({n for n in names if names.count(n) > 1}):
        out.say(name, "the field is declared twice", "keep one")
    foreign = []
    for given_key in given.get("foreignKeys", []):
        found = out.shaped("", "property of a foreign key", given_key, FOREIGN_KEY_PROPERTIES)
        reference = out.shaped(
            "", "property of a reference", found.get("reference", {}), REFERENCE_PROPERTIES
        )
        foreign.append(
            ForeignKey(
                tuple(found.get("fields", ())),
                reference.get("resource", ""),
                tuple(reference.get("fields", ())),
            )
        )
    unique = tuple(tuple(u) for u in given.get("uniqueKeys", []))
    if not all(unique) or not all(k.fields for k in foreign):
        out.say("", "a key names no field", "name its fields or take it out")
    if not key:
        out.say("", "there is no primary key", "declare one")
    if any(len(set(k)) < len(k) for k in (key, *unique, *(k.fields for k in foreign))):
        out.say("", "a key names a field twice", "name each field once")
    if given.get("techpacts:kind") == "seed" and (foreign or unique):
        out.say(
            "",
            "foreign and unique keys of a list that only the seeds have are not enforced by this project",
            "take them out",
        )
    for name in [*key, *(n for u in unique for n in u), *(n for k in foreign for n in k.fields)]:
        if name not in names:
            out.say(name, "a key names a field that is not declared", "declare the field or mend the key")
    if "techpacts:minRows" not in given:
        out.say("", "techpacts:minRows is missing", "say how many rows there are at least")
    if out.problems:
        raise BadData(out.problems)
    return Table(
        name=given["name"],
        kind=given["techpacts:kind"],
        title=given["title"],
        title_ko=given["techpacts:titleKo"],
        description=given["description"],
        description_ko=given["techpacts:descriptionKo"],
        fields=tuple(f for f in fields if f),
        primary_key=key,
        unique_keys=unique,
        foreign_keys=tuple(foreign),
        min_rows=given["techpacts:minRows"],
        declaration=declaration,
    )
