"""The declarations in ``schemas/``: read, completed, and refused where they say more than is enforced.

A schema is a Frictionless Table Schema with a few properties of our own (``techpacts:``).
Everything else (Arrow types, pandera checks, the descriptor) is derived from the objects made here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    PlainValidator,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
)
from pydantic import Field as Property

from scripts.model import property_checks as check
from scripts.model.pydantic_problems import STRICT, Filled, Text, validated

Kind = Literal["fact", "vocabulary", "provenance", "derived", "seed"]
# Kinds of table, in the order in which the package lists them.
KINDS: tuple[Kind, ...] = get_args(Kind)


def _of(name: str, *, validate_default: bool = False) -> Any:
    """Take the value from the property ``name``, which is called otherwise than the attribute."""
    return Property(validation_alias=name, validate_default=validate_default)


Constraint = AfterValidator(check.constraint)
Texts = tuple[StrictStr, ...]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column: its declaration with the standard's defaults filled in.

    ``origin``: ``name`` only names the row, ``claim`` is filled from coding sheets, ``derived`` by the build,
    ``listed`` is typed in a list. ``resolve``: where sources differ, ``agree`` asks for a ruling, ``latest``
    takes the newest source (the world moved on), ``best`` the most authoritative one, the newest among equals
    (descriptive text of our own).
    """

    __pydantic_config__ = STRICT

    name: Annotated[str, PlainValidator(check.field_name)]
    type: Literal["string", "integer", "number", "boolean", "date"]
    title: Text
    title_ko: Annotated[Text, _of("techpacts:titleKo")]
    description: Text
    description_ko: Annotated[Text, _of("techpacts:descriptionKo")]
    example: StrictStr
    origin: Annotated[
        Literal["name", "claim", "derived", "listed"], _of("techpacts:origin"), AfterValidator(check.origin)
    ]
    evidence: Annotated[
        StrictStr | None,
        _of("techpacts:evidence", validate_default=True),
        AfterValidator(check.evidence),
    ] = None
    resolve: Annotated[Literal["agree", "latest", "best"], _of("techpacts:resolve")] = "agree"
    required: Annotated[StrictBool, _of("constraints.required"), AfterValidator(check.required)]
    unique: Annotated[StrictBool, _of("constraints.unique"), Constraint] = False
    enum: Annotated[Annotated[Texts, Filled] | None, _of("constraints.enum"), Constraint] = None
    pattern: Annotated[
        Annotated[StrictStr, AfterValidator(check.pattern)] | None,
        _of("constraints.pattern"),
        Constraint,
    ] = None
    minimum: Annotated[float | int | None, _of("constraints.minimum"), PlainValidator(check.bound)] = None
    maximum: Annotated[float | int | None, _of("constraints.maximum"), PlainValidator(check.bound)] = None
    unit: StrictStr | None = None
    categories: Annotated[
        tuple[Annotated[dict[StrictStr, Text], AfterValidator(check.category)], ...],
        Property(validate_default=True),
        AfterValidator(check.categories),
    ] = ()
    caveats: Annotated[
        Texts, _of("techpacts:caveats", validate_default=True), AfterValidator(check.caveats)
    ] = ()
    true_values: Annotated[
        Texts | None, _of("trueValues", validate_default=True), AfterValidator(check.boolean_values)
    ] = None
    false_values: Annotated[
        Texts | None, _of("falseValues", validate_default=True), AfterValidator(check.boolean_values)
    ] = None

    @cached_property
    def fullmatch(self) -> re.Pattern[str] | None:
        """The pattern, grouped and anchored, so that an alternation or a line feed cannot slip past."""
        return re.compile(rf"\A(?:{self.pattern})\Z") if self.pattern else None


Key = Annotated[Texts, AfterValidator(check.key)]


@dataclass(frozen=True)
class ForeignKey:
    """Columns that must hold a key of another table; an empty part means no reference."""

    __pydantic_config__ = STRICT

    fields: Key
    table: Annotated[StrictStr, _of("reference.resource")]
    reference: Annotated[Texts, _of("reference.fields")]


NotOfSeeds = AfterValidator(check.not_of_seeds)


@dataclass(frozen=True, kw_only=True)
class _Declared:
    """The properties of a table that its declaration gives."""

    __pydantic_config__ = STRICT

    name: Annotated[StrictStr, AfterValidator(check.table_name)]
    kind: Annotated[Kind, _of("techpacts:kind")]
    title: Text
    title_ko: Annotated[Text, _of("techpacts:titleKo")]
    description: Text
    description_ko: Annotated[Text, _of("techpacts:descriptionKo")]
    fields: Annotated[tuple[Annotated[Field, check.flattened("constraints")], ...], Filled]
    missing_values: Annotated[Texts, _of("missingValues"), AfterValidator(check.missing_values)]
    primary_key: Annotated[Key, _of("primaryKey")]
    unique_keys: Annotated[tuple[Key, ...], _of("uniqueKeys"), NotOfSeeds] = ()
    foreign_keys: Annotated[
        tuple[Annotated[ForeignKey, check.flattened("reference")], ...], _of("foreignKeys"), NotOfSeeds
    ] = ()
    min_rows: Annotated[StrictInt, Property(ge=0, lt=2**63), _of("techpacts:minRows")]


@dataclass(frozen=True, kw_only=True)
class Table(_Declared):
    """One table: columns in order, keys, and the declaration as published."""

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
        """Return the table that a single-column foreign key on ``column`` points to."""
        return next((k.table for k in self.foreign_keys if k.fields == (column,)), None)


_DECLARED = TypeAdapter(_Declared)


def parse_table(declaration: Any, file: str) -> Table:
    """Make a table of ``declaration``, which may be any JSON; ``file`` names it in messages.

    Raises BadData with every property that the code would not enforce. The column of a problem is the field
    that it is about, or else the property.
    """
    outline = check.outline_of(declaration, file)
    columns = {("fields", i): name for i, name in enumerate(outline.names) if isinstance(name, str)}
    declared = validated(_DECLARED, declaration, file, "schema", outline, columns)
    return Table(**vars(declared), declaration=declaration)
