"""Hold JSON that people wrote against a model of pydantic, and report each error in a plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ConfigDict, StrictStr, TypeAdapter, ValidationError

from scripts.model.problems import BadData, Flaw, Problem, Refused, brief

# Properties are refused where no code enforces them. Values are strict by their types (``StrictStr``): JSON
# has no tuples and no objects of Python, so that neither tuples nor dataclasses may be.
STRICT = ConfigDict(extra="forbid")
# What a value should be, by pydantic's type of error.
NEEDED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "greater_than_equal": "a whole number from 0 to 2**63 - 1",
    "less_than": "a whole number from 0 to 2**63 - 1",
    "tuple_type": "a list",
    "dict_type": "an object",
    "dataclass_type": "an object",
}
Model = TypeVar("Model")


def _filled(value: Any) -> Any:
    if not value or (isinstance(value, str) and not value.strip()):
        raise Refused("is empty", "fill it in")
    return value


Filled = AfterValidator(_filled)
# A text that is not blank.
Text = Annotated[StrictStr, Filled]


def flaw_of(error: Mapping[str, Any]) -> Flaw:
    """Return what is wrong with a value and how to fix it, from one of pydantic's errors."""
    kind, context = error["type"], error.get("ctx", {})
    if isinstance(refused := context.get("error"), Refused):
        return refused.flaw
    if kind == "missing":
        return Flaw("is missing", "add it")
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return Flaw("is not enforced by this project", "remove it, or teach the validator to enforce it")
    if kind == "string_unicode":
        return Flaw("holds a lone surrogate", "remove it")
    value = brief("null" if error["input"] is None else error["input"])
    if kind == "literal_error":
        return Flaw(f"is {value}, which is not an allowed value", f"use {context['expected']}")
    needed = NEEDED.get(kind, "what is needed here")
    return Flaw(f"is {value}, not {needed}", f"write {needed}")


def validated(
    adapter: TypeAdapter[Model],
    given: Any,
    file: str,
    rule: str,
    context: Any = None,
    columns: Mapping[Any, str] | None = None,
) -> Model:
    """Make a model of ``given``, which may be any JSON, with ``context`` for the validators.

    ``file`` and ``rule`` are those of the problems. The column of a problem is the property at the top, or
    where it is below one of the places in ``columns`` the name given there. Raises BadData with all of them.
    """
    problems = []
    try:
        return adapter.validate_python(given, context=context)
    except UnicodeEncodeError:
        problems.append(Problem(file, 0, "", "it holds a lone surrogate", "remove it", rule))
    except ValidationError as bad:
        for error in bad.errors(include_url=False):
            place, column = error["loc"], ""
            if columns and place[:2] in columns:
                place, column = place[2:], columns[place[:2]]
            elif place:
                column = str(place[0])
            flaw = flaw_of(error)
            name = brief(".".join(map(str, place)), 200) if place else "the whole"
            problems.append(Problem(file, 0, column, f"{name} {flaw.message}", flaw.fix, rule))
    raise BadData(problems)
