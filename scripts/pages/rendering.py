"""Fill templates; text is escaped by filters from ``techpacts/markup.py``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from scripts.package.version_number import pep440
from scripts.techpacts.markup import code, markdown, mermaid, one_line

TEMPLATES = Path(__file__).with_name("templates")
FILTERS = {"code": code, "markdown": markdown, "mermaid": mermaid, "one_line": one_line, "pep440": pep440}


@cache
def environment(folder: Path) -> jinja2.Environment:
    """Return what fills the templates of a folder; a name that is not given is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= FILTERS
    # Keys in the order in which they are given, Korean as it is.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def page(template: str, **given: object) -> bytes:
    """Fill a template of a page and end it with one line feed."""
    text = environment(TEMPLATES).get_template(template).render(**given)
    return (text.rstrip("\n") + "\n").encode("utf-8")
