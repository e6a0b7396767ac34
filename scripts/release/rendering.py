"""Text and JSON of a release from the templates beside this module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.pages.rendering import environment

TEMPLATES = Path(__file__).with_name("templates")


def render(template: str, **given: Any) -> str:
    """Fill a template; a name that the template uses and ``given`` lacks is an error."""
    return environment(TEMPLATES).get_template(template).render(**given)


def render_json(template: str, **given: Any) -> dict[str, Any]:
    """Fill a template of JSON and parse it, so that it is JSON for certain.

    Every value in such a template goes through ``tojson``, whatever it is.
    """
    made: dict[str, Any] = json.loads(render(template, **given))
    return made
