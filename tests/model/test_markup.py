"""Hostile text comes back from every markup as it was, white space aside, and takes nothing else with it."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import tomllib
from html.parser import HTMLParser
from typing import Any

import marko
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from marko.ext.gfm import GFM

from scripts.package.loaded import Contents
from scripts.package.settings import load_package
from scripts.release.metadata import datacite, ro_crate
from scripts.release.wheel import project_file
from scripts.techpacts.markup import (
    address,
    bibtex,
    code,
    html,
    markdown,
    mermaid,
    one_line,
    ris_record,
    sql_comment,
)
from scripts.techpacts.references import as_bibtex, as_csl, as_ris, dataset_bibtex, dataset_csl, dataset_ris
from scripts.versions.change import Change
from scripts.versions.changelog import changelog
from scripts.versions.reading import Version

HOSTILE = st.text(
    st.sampled_from(list("{}\\#%&_~^$|<>\"'`*[]()!@,=-+.:; \n\r\t\u2028aB1양자é한")), max_size=40
)
EXAMPLES = [
    "{",
    "}",
    "a}b{c",
    "\\",
    "\\}",
    "a_b _c_ d_",
    "100% & #1 $x",
    "[a](b) ![c](d) [e]: f",
    "<b>x</b> <!-- y",
    "a|b||c",
    "`` ` ```",
    "1. x",
    "12) x",
    "- x",
    "# x",
    "> x",
    "+ x",
    "===",
    "&amp; &#35;",
    "a\nER  - \nTY  - x",
    '"""',
    "~~x~~",
    "x\\",
    "-- x\n; DROP",
    "@misc{x,",
    "***",
    "--",
    "http://a.b/c_d_",
    "~a",
    "*",
]


def each(function: Any) -> Any:
    """Run for text that is drawn and for every example."""
    for text in EXAMPLES:
        function = example(text)(function)
    return settings(deadline=None, derandomize=True, max_examples=300)(given(HOSTILE)(function))


# --- BibTeX, read as BibTeX reads it: braces are counted whatever stands before them.


def records(text: str) -> list[tuple[str, dict[str, str]]]:
    found, place = [], 0
    while match := re.compile(r"\s*@misc\{([^\s,{}]+),\n").match(text, place):
        place, fields = match.end(), {}
        while field := re.compile(r"  (\w+) = \{").match(text, place):
            depth, start, place = 1, field.end(), field.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(text[place], 0)
                place += 1
            assert text[place : place + 2] == ",\n" and field[1] not in fields
            fields[field[1]] = text[start : place - 1]
            place += 2
        assert text[place] == "}"
        place += 1
        found.append((match[1], fields))
    assert not text[place:].strip(), text[place:]
    return found


NAMED = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
}


def from_tex(text: str) -> str:
    """What TeX would print: commands that are known, and no character that means something to it."""
    parts = re.split(r"(\{\\[a-z]+\}|\\[&%$#_])", text)
    for i, part in enumerate(parts):
        assert i % 2 or not re.search(r"[\\{}&%$#_~^<>|]", part), part
    return "".join(p if not i % 2 else p[1] if p[0] == "\\" else NAMED[p[2:-1]] for i, p in enumerate(parts))


def document(title: str, url: str = "https://example.org/") -> dict[str, Any]:
    return {
        "source_id": "x-2025",
        "title": title,
        "author": title,
        "publisher": title,
        "document_type": "news",
        "language": "en",
        "published_on": dt.date(2025, 3, 4),
        "published_precision": "day",
        "url": url,
        "accessed_on": dt.date(2025, 4, 1),
    }


@each
def test_bibtex(text: str) -> None:
    assert from_tex(bibtex(text)) == one_line(text)
    # The record before and the one after are read, whatever stands in this one.
    (_, before), (key, fields), (_, after) = records(
        "\n\n".join(
            [
                as_bibtex(document("before")),
                as_bibtex(document(text, f"https://example.org/{text}")),
                as_bibtex(document("after")),
            ]
        )
    )
    assert key == "x-2025" and before["title"] == "{before}" and after["title"] == "{after}"
    if one_line(text):
        assert from_tex(fields["title"][1:-1]) == from_tex(fields["publisher"]) == one_line(text)
    assert fields["year"] == "2025" and not re.search(r'[{}\\\s"<>^`|]', fields["url"])


@each
def test_ris(text: str) -> None:
    lines = [
        line.split("  - ", 1) for line in as_ris(document(text, f"https://example.org/{text}")).split("\n")
    ]
    assert [tag for tag, _ in lines] == ["TY", "ID", "AU", "TI", "PB", "PY", "DA", "UR", "Y2", "LA", "ER"]
    told = dict(lines)
    assert told["PB"] == one_line(text) and (told["TI"] == one_line(text) or not one_line(text))
    assert ris_record([("N1", text)]).split("\n") == [f"N1  - {one_line(text)}", "ER  - "]


@each
def test_csl(text: str) -> None:
    item = json.loads(json.dumps(as_csl(document(text))))
    assert item["title"] == one_line(text) or not one_line(text)


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("https://a.b/c_d%20e?f=1&g#h", "https://a.b/c_d%20e?f=1&g#h"),
        ("https://a.b/{x}", "https://a.b/%7Bx%7D"),
        ("https://a.b/양", "https://a.b/%EC%96%91"),
        ("https://a.b/a b\\c\n", "https://a.b/a%20b%5Cc"),
        ('https://a.b/"<>|^`', "https://a.b/%22%3C%3E%7C%5E%60"),
        ("https://a.b/~c(d)[e]", "https://a.b/~c(d)[e]"),
    ],
)
def test_an_address_stays_one_and_is_not_changed_where_it_is_sound(given_: str, wanted: str) -> None:
    assert address(given_) == wanted


# --- Markdown, read by a parser


def plain(element: Any) -> str:
    """The text that a reader of the page sees."""
    children = element.children if hasattr(element, "children") else ""
    return children if isinstance(children, str) else "".join(map(plain, children))


def cells(page: str) -> list[str]:
    parsed = marko.Markdown(extensions=[GFM]).parse(page)
    (table,) = parsed.children
    return [plain(cell) for cell in table.children[1].children]


@each
def test_markdown(text: str) -> None:
    assert cells(
        f"| a | b | c |\n|---|---|---|\n| {markdown(text)} | {code(text, in_table=True)} | last |\n"
    ) == [one_line(text), one_line(text) or "``", "last"]
    if one_line(text):
        parsed = marko.Markdown(extensions=[GFM]).parse(f"{markdown(text)}\n\n- {markdown(text)}\n")
        paragraph, item = (c for c in parsed.children if c.get_type() != "BlankLine")
        assert (paragraph.get_type(), plain(paragraph)) == ("Paragraph", one_line(text))
        assert plain(item) == one_line(text) and [c.get_type() for c in item.children[0].children] == [
            "Paragraph"
        ]
        (line,) = marko.Markdown(extensions=[GFM]).parse(f"x {code(text)} y").children
        assert plain(line) == f"x {one_line(text)} y"


@each
def test_the_changelog(text: str) -> None:
    version = Version("v", {"version": "1.0.0", "created": "2025-01-01", "resources": []}, lambda _: b"")
    page = changelog(version, version, [Change("cell_changed", "t", text or "x", "f", text, "new", "reread")])
    parsed = marko.Markdown(extensions=[GFM]).parse(page)
    assert [c.get_type() for c in parsed.children] == ["Heading", "BlankLine", "List"]
    assert plain(parsed.children[2]).endswith('to "new" (the same sources, read again).')


# --- HTML, SQL, Mermaid, TOML


@each
def test_html(text: str) -> None:
    class Reader(HTMLParser):
        seen, tags = "", 0

        def handle_data(self, data: str) -> None:
            self.seen += data

        def handle_starttag(self, tag: str, attrs: list) -> None:
            self.tags += 1
            assert dict(attrs) == {"title": one_line(text)}

    reader = Reader()
    reader.feed(f'<p title="{html(text)}">{html(text)}</p>')
    reader.close()
    assert (reader.seen, reader.tags) == (one_line(text), 1)


@each
def test_a_comment_of_sql(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t ( -- {sql_comment(text)}\n a -- {sql_comment(text)}\n)")
    assert [c[1] for c in connection.execute("PRAGMA table_info(t)")] == ["a"]
    connection.close()


@each
def test_a_label_of_mermaid(text: str) -> None:
    label = mermaid(text)
    back = re.sub(
        "#(quot|lt|35|96);", lambda m: {"quot": '"', "lt": "<", "35": "#", "96": "`"}[m[1]], label[1:-1]
    )
    assert back == one_line(text) and not re.search('["<`\n]', label[1:-1])


@each
def test_everything_that_is_said_of_the_dataset(text: str) -> None:

    package = load_package()
    hostile = {
        **package,
        "title": f"x{text}",
        "description": text,
        "contributors": [{"title": f"x{text}"}],
        "keywords": [f"x{text}"],
    }
    ((key, fields),) = records(dataset_bibtex(hostile, f"x{text}"))
    assert (
        key == f"techpacts-{package['version']}"
        and from_tex(fields["title"][1:-1]) == one_line(f"techpacts: x{text}")
        and from_tex(fields["note"]) == one_line(f"x{text}")
    )
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in dataset_ris(hostile, text).split("\n"))
    assert json.loads(json.dumps(dataset_csl(hostile, text)))["id"] == key
    project = tomllib.loads(project_file(hostile))["project"]
    assert project["description"] == project["authors"][0]["name"] == one_line(f"x{text}")
    contents = Contents(hostile, {}, {})
    described = datacite(contents)
    assert described["descriptions"][0]["description"] == text
    assert (described["creators"], described["subjects"]) == (
        [{"name": f"x{text}", "nameType": "Organizational"}],
        [{"subject": f"x{text}"}],
    )
    root, part = (ro_crate(contents, {f"x{text}": b"12"})["@graph"][i] for i in (1, -1))
    assert root["description"] == text and root["hasPart"] == [{"@id": f"x{text}"}]
    assert part["name"] == f"x{text}" and part["contentSize"] == "2"
