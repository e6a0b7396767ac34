"""What a comparison needs of the descriptor of another version; whatever else it says is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictStr, TypeAdapter, ValidationInfo

from scripts.model.problems import Refused
from scripts.model.pydantic_problems import Filled, validated

Texts = tuple[StrictStr, ...]


@dataclass
class _Column:
    name: StrictStr
    type: StrictStr


@dataclass
class _Reference:
    resource: StrictStr


@dataclass
class _ForeignKey:
    fields: Texts
    reference: _Reference


def _key(names: Texts, info: ValidationInfo) -> Texts:
    if not set(names) <= {column.name for column in info.data.get("fields", ())}:
        raise Refused("names a column that is not there", "declare the column")
    return names


@dataclass
class _Schema:
    fields: tuple[_Column, ...]
    primaryKey: Annotated[Texts, Filled, AfterValidator(_key)]
    foreignKeys: tuple[_ForeignKey, ...] = ()


@dataclass
class _Resource:
    name: StrictStr
    path: StrictStr
    schema: _Schema
    kind: Annotated[StrictStr, Field(validation_alias="techpacts:kind")] = ""


@dataclass
class _Descriptor:
    resources: tuple[_Resource, ...]


_DESCRIPTOR = TypeAdapter(_Descriptor)


def require_tables(descriptor: Any) -> None:
    """Raise BadData unless ``descriptor``, which may be any JSON, has tables with columns and keys."""
    validated(_DESCRIPTOR, descriptor, "datapackage.json", "descriptor")
