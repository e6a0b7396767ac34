"""JSON in and out: read strictly or refused with the reason, written in one form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, Problem, brief, shown
from scripts.store.files import read_inside

# A declaration is flat. Deeper nesting would end every function that walks it.
DEEPEST = 50


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [n for n, _ in pairs]
        raise ValueError(f"duplicate name {brief(next(n for n in names if names.count(n) > 1))} in an object")
    return made


def _literal(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


def _whole_characters(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unfit(value: Any, *, escapes: bool) -> str | None:
    """Return what keeps ``value`` from being walked and written again; None where nothing does.

    ``escapes``: whether its text has characters written as numbers, which alone can be a lone surrogate.
    """
    todo: list[tuple[list[Any] | dict[str, Any], int]] = [([value], -1)]
    while todo:
        at, depth = todo.pop()
        if depth > DEEPEST:
            return f"it nests deeper than {DEEPEST} levels"
        for inside in [*at, *at.values()] if isinstance(at, dict) else at:
            if isinstance(inside, (dict, list)):
                todo.append((inside, depth + 1))
            elif escapes and isinstance(inside, str) and not _whole_characters(inside):
                return f"{brief(inside)} holds a lone surrogate"
    return None


def read_json(path: Path) -> Any:
    """Read the JSON in ``path``. Raises CannotRun where there is no file, BadData where it is not JSON.

    Refused as well: a name given twice in an object (readers differ on which one counts), NaN and Infinity,
    nesting without end, and lone surrogates.
    """
    return parse_json(read_inside(path, path.parent, shown(path, ROOT)), shown(path, ROOT))


def parse_json(data: bytes, name: str) -> Any:
    """Read the JSON in ``data`` as strictly as ``read_json``; ``name`` says in messages where it is from."""
    try:
        given = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_literal)
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits is a ValueError too.
        line = getattr(error, "lineno", 0)
        raise BadData(
            [Problem(name, line, "", f"is not JSON in UTF-8 ({error})", "correct the syntax", "json")]
        ) from None
    if fault := _unfit(given, escapes=b"\\u" in data):
        raise BadData([Problem(name, 0, "", f"cannot be used: {fault}", "remove it", "json")])
    return given


def to_json(value: Any) -> bytes:
    """Return JSON as committed: UTF-8, two spaces, a final line feed."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
