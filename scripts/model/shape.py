"""The shape of JSON that people wrote: whether each property is of the type that the code reads it as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scripts.model.problems import brief


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, dict) for v in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


# The kinds of value that a property may have, as told in a message.
KINDS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda v: isinstance(v, str),
    "a list of texts": _texts,
    "a list of lists of texts": lambda v: isinstance(v, list) and all(map(_texts, v)),
    "an object": lambda v: isinstance(v, dict),
    "a list of objects": _objects,
    "a whole number": _whole,
    "a number": lambda v: _whole(v) or (isinstance(v, float) and abs(v) < float("inf")),
    "true or false": lambda v: isinstance(v, bool),
}
Say = Callable[[str, str, str], None]


def shaped(given: Any, kinds: Mapping[str, str], say: Say, what: str = "property") -> dict[str, Any]:
    """The properties of ``given`` that are listed in ``kinds`` and of the kind named there; each other one is
    told.

    ``say`` takes the name of the property, what is wrong with it and how to mend it. What comes back can be
    read without further checks of type; a property may still be missing.
    """
    if not isinstance(given, dict):
        say("", f"{brief(given)} stands where an object is needed", "write {...}")
        return {}
    for name in sorted(set(given) - set(kinds)):
        say(
            name,
            f"{what} {brief(name)} is not enforced by this project",
            "take it out, or teach the validator to enforce it",
        )
    fitting = {}
    for name, kind in kinds.items():
        if name in given and KINDS[kind](given[name]):
            fitting[name] = given[name]
        elif name in given:
            say(name, f'{what} "{name}" is {brief(given[name])}, not {kind}', f"write {kind}")
    return fitting
