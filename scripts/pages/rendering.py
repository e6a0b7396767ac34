"""Fill the templates of the pages; text is escaped for Markdown by filters from ``techpacts/markup.py``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from scripts.techpacts.markup import code, markdown, mermaid

TEMPLATES = Path(__file__).with_name("templates")


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"markdown": markdown, "code": code, "mermaid": mermaid}
    return made


def page(template: str, **given: object) -> bytes:
    """Fill a template and end it with one line feed. A name that the template lacks is an error."""
    text = _environment().get_template(template).render(**given)
    return (text.rstrip("\n") + "\n").encode("utf-8")
