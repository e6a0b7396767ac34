"""Text and JSON of a release from the templates beside this module."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from scripts.techpacts.markup import markdown, one_line

TEMPLATES = Path(__file__).with_name("templates")


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"markdown": markdown, "one_line": one_line}
    # Keys in the order in which they are given, Korean as it is.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def render(template: str, **given: Any) -> str:
    """Fill a template; a name that the template uses and ``given`` lacks is an error."""
    return _environment().get_template(template).render(**given)


def render_json(template: str, **given: Any) -> dict[str, Any]:
    """Fill a template of JSON and parse it, so that it is JSON for certain.

    Every value in such a template goes through ``tojson``, whatever it is.
    """
    made: dict[str, Any] = json.loads(render(template, **given))
    return made
