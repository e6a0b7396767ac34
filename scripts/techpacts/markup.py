"""Text put into a markup: one function for each, and the only place where it is escaped. Needs nothing but
Python: the wheel carries it too.

What it says comes back from a reader of that markup as it was, white space aside: a run of it, line breaks
included, is one space, since none of these markups keeps a line break where the text stands.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

# What TeX and BibTeX read as theirs. A brace must not stand even behind a backslash: BibTeX counts it all the
# same, and a record with a lone one takes the rest of the file with it.
_TEX = {
    **{c: f"\\{c}" for c in "&%$#_"},
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
}
_MARKDOWN = re.compile(
    r"[\\`*<|~]"  # whatever stands around them
    r"|(?<![^\W_])_|_(?![^\W_])"  # not within a word
    r"|\](?=[\[(:])|!(?=\[)"  # a link, a picture, a definition
    r"|&(?=#?\w+;)"  # an entity
    r"|^(?:#|>|[-+=](?=\s|$|[-+=]))|(?<=^\d)[.)]|(?<=^\d\d)[.)]"  # at the beginning of a line
)


def one_line(text: str) -> str:
    """Return the text with each run of white space, and of what no markup can hold, as one space."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def bibtex(text: str) -> str:
    """Return text for a field of BibTeX."""
    return "".join(_TEX.get(c, c) for c in one_line(text))


def address(url: str) -> str:
    """Return an address for where BibTeX and RIS take it verbatim: what an address may not hold is
    percent-encoded, as browsers do.
    """
    return quote(url.strip(), safe="!#$%&'()*+,/:;=?@[]~")


def bibtex_record(key: str, fields: dict[str, str | None]) -> str:
    """Return a record of BibTeX from fields that are escaped already; those that are empty are left out."""
    return (
        f"@misc{{{re.sub('[^A-Za-z0-9._:-]', '-', key)},\n"
        + "".join(f"  {k} = {{{v}}},\n" for k, v in fields.items() if v)
        + "}"
    )


def ris_record(lines: list[tuple[str, str | None]]) -> str:
    """Return a record of RIS: a tag and its text on each line; those without text are left out."""
    return "\n".join(f"{tag}  - {one_line(text)}" for tag, text in [*lines, ("ER", "")] if text is not None)


def markdown(text: str) -> str:
    """Return text for Markdown, for a paragraph as for a cell of a table."""
    return _MARKDOWN.sub(lambda m: m[0].replace(m[0][-1], "\\" + m[0][-1]), one_line(text))


def code(text: str, *, in_table: bool = False) -> str:
    """Return text as a span of code in Markdown.

    ``in_table``: escape the bar, which in a table ends the cell even in code.
    """
    text = one_line(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    span = f"{fence}{space}{text}{space}{fence}"
    return span.replace("|", "\\|") if in_table else span


def html(text: str) -> str:
    """Return text for HTML, between tags or in an attribute."""
    return escape(one_line(text))


def mermaid(text: str) -> str:
    """Return text as a quoted label of Mermaid."""
    return (
        '"'
        + one_line(text).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace("`", "#96;")
        + '"'
    )


def sql_comment(text: str) -> str:
    """Return text for a comment of SQL, which ends with the line."""
    return one_line(text)
