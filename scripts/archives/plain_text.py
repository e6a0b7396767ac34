"""The plain text of a file of a public archive: the one way from Markdown, HTML or a feed to what is cited.

Markdown becomes HTML by CommonMark, HTML becomes lines: one for each block of the page (paragraph, heading,
list item, row of a table), white space collapsed, Unicode composed (NFC), a line feed after each. Markup,
pictures, scripts and the targets of links are gone; numbers of list items stay, since clauses are cited by
them. Title, day and hour of publication and address come first, as far as front matter or feed give them.
Offsets count the characters of this text, so any change here changes the hash of every held text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import yaml
from lxml import etree, html
from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkLabel, parseLinkTitle
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

# No document of a government comes near: a larger file was not made in good faith, or is not a document.
LARGEST = 4_000_000
DEEPEST = 90
# Markdown is read a hundred times slower than HTML.
LARGEST_MARKDOWN = 1_000_000
# What takes a parser a time that grows with the square of the file: attributes of one element, characters
# read in search of the ends of brackets, pieces of XML that do not end.
MOST_ATTRIBUTES = 1_000
MOST_SCANNED = 5_000_000
MOST_MARKS = {"[": 20_000, "<![": 100}
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)
# What of the front matter a reader of the page sees as well.
HEAD = ("title", "date", "published_time", "source_url")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
# Elements that end a line before and after.
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "li", "legend", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "br",
))
# fmt: on
CELLS = frozenset({"td", "th"})
# Elements whose content nobody reads as text.
# fmt: off
SILENT = frozenset((
    "audio", "button", "canvas", "embed", "head", "iframe", "map", "math", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video",
))
# fmt: on


class NotText(ValueError):
    """What a file holds cannot be made into text; says why."""


def plain_text(data: bytes, name: str, address: str | None = None) -> str:
    """Return the plain text of a file called ``name`` (``.md``, ``.html``, ``.htm``, ``.rss``).

    Of a feed it is the item whose link is ``address``. Raises NotText where the file is of another kind, too
    large, not UTF-8, nested too deeply, damaged, or holds no text.
    """
    suffix = name.rpartition(".")[2].lower()
    if len(data) > (most := LARGEST_MARKDOWN if suffix == "md" else LARGEST):
        raise NotText(f"it has {len(data)} bytes; at most {most} are read")
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise NotText(f"it is not UTF-8 (byte {error.start})") from None
    if suffix == "md":
        lines = _of_markdown(source)
    elif suffix in {"html", "htm"}:
        lines = _lines(source)
    elif suffix == "rss":
        title, content = _item(source, address)
        lines = [line for line in (_collapsed(title), *_lines(content)) if line]
    else:
        raise NotText("only .md, .html, .htm and .rss can be read")
    if not lines:
        raise NotText("it holds no text")
    return "\n".join(lines) + "\n"


def _of_markdown(source: str) -> list[str]:
    """The lines of a Markdown file, front matter first."""
    front, head = FRONT_MATTER.match(source), dict[str, Any]()
    if front:
        source = source[front.end() :]
        try:
            # Every value as it is written: a day stays a day.
            head = yaml.load(front[1], Loader=yaml.BaseLoader)
        except (yaml.YAMLError, RecursionError):
            raise NotText("its front matter is not YAML") from None
        if not isinstance(head, dict):
            raise NotText("its front matter is not YAML with names")
    for mark, most in MOST_MARKS.items():
        if source.count(mark) > most:
            raise NotText(f"it has more than {most} times {mark}")
    env: dict[str, Any] = {}
    tokens = MARKDOWN.parse(source, env)
    if any(token.level >= DEEPEST for token in tokens):
        raise NotText(f"its lists and quotations are nested {DEEPEST} deep")
    body = _lines(MARKDOWN.renderer.render(tokens, MARKDOWN.options, env))
    first = [_collapsed(value) for key in HEAD if isinstance(value := head.get(key), str)]
    return [line for line in first if line and line not in body[:1]] + body


def _drop_marks(state: StateCore) -> None:
    """Drop asterisks that were meant as emphasis and opened or closed nothing: escaped ones are another kind
    of token.
    """
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "text" and not child.content.strip("*"):
                child.content = ""


def _label_end(state: StateInline, start: int, disableNested: bool = False) -> int:
    """Return the end of what stands in brackets. Raises NotText where too much was read in search of ends."""
    end = parseLinkLabel(state, start, disableNested)
    scanned = state.env.get(SCANNED, 0) + (state.posMax if end < 0 else end) - start
    if scanned > MOST_SCANNED:
        raise NotText("it has too many brackets that do not end")
    state.env[SCANNED] = scanned
    return end


SCANNED = "scanned"
MARKDOWN = MarkdownIt("commonmark", {"maxNesting": DEEPEST + 10})
MARKDOWN.helpers = cast(
    Any,
    SimpleNamespace(
        parseLinkDestination=parseLinkDestination, parseLinkLabel=_label_end, parseLinkTitle=parseLinkTitle
    ),
)
# Before neighboring pieces of text are joined: until then a mark of emphasis is a piece of its own.
MARKDOWN.core.ruler.before("text_join", "drop_marks", _drop_marks)
MARKDOWN.disable("fragments_join", True)


def _item(source: str, address: str | None) -> tuple[str, str]:
    """Title and HTML of the item of a feed whose link is ``address``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        feed = etree.fromstring(source.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise NotText(f"it is not XML ({error.msg})") from None
    wanted = (address or "").rstrip("/")
    for item in feed.iter("item"):
        if (item.findtext("link") or "").strip().rstrip("/") == wanted:
            content = item.findtext(CONTENT) or item.findtext("description")
            return item.findtext("title") or "", content or ""
    raise NotText(f"no item of it has the address {address}")


class _Attributes:
    """A reader of HTML that makes nothing: it counts the attributes of each element.

    A tree looks through those that an element has for each one more.
    """

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        """Raise NotText where an element has too many."""
        if len(attributes) > MOST_ATTRIBUTES:
            raise NotText(f"an element has more than {MOST_ATTRIBUTES} attributes")

    def close(self) -> None:
        """Make nothing."""


def _lines(source: str) -> list[str]:
    """The lines of a piece of HTML, each collapsed, none empty."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    # What XML cannot hold would end the parser's reading.
    page = f"<html><body>{_allowed(source)}</body></html>".encode()
    with suppress(etree.XMLSyntaxError):
        etree.fromstring(page, etree.HTMLParser(target=_Attributes(), encoding="utf-8"))
    try:
        root = html.document_fromstring(page, parser=parser)
    except etree.ParserError:
        return []
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise NotText("its elements are nested too deeply")
    lines = (_collapsed(line) for line in "".join(_pieces(root)).split("\n"))
    return [line for line in lines if line]


def _pieces(root: html.HtmlElement) -> Iterator[str]:
    """Yield the text of a page in order, with a line feed where a line ends and a tab after a cell."""
    silent, counted = 0, dict[html.HtmlElement, int]()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in SILENT
            if not silent:
                yield "\n" if tag in BLOCKS else ""
                yield _number(element, counted) if tag == "li" else ""
                yield _in_one_line(element.text)
        else:
            if not silent:
                yield "\n" if tag in BLOCKS else "\t" if tag in CELLS else ""
            silent -= tag in SILENT
            if not silent:
                yield _in_one_line(element.tail)


def _number(item: html.HtmlElement, counted: dict[html.HtmlElement, int]) -> str:
    """The number that a reader sees before an item of a numbered list; nothing before others.

    ``counted`` has the number of the last item of each list.
    """
    above = item.getparent()
    if above is None or above.tag != "ol":
        return ""
    first = above.get("start", "1")
    start = int(first) if re.fullmatch(r"-?[0-9]{1,6}", first) else 1
    number = counted[above] = counted.get(above, start - 1) + 1
    kind = above.get("type", "1")
    if kind in {"a", "A"} and 1 <= number <= 26:
        return f"{chr(ord(kind) + number - 1)}. "
    if kind in {"i", "I"} and 1 <= number <= 39:
        roman = (
            "x" * (number // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][number % 10]
        )
        return f"{roman if kind == 'i' else roman.upper()}. "
    return f"{number}. "


def _in_one_line(text: str | None) -> str:
    return " ".join(re.split(r"\s", text)) if text else ""


def _allowed(text: str) -> str:
    """The text with a blank for what nobody reads and no XML may hold: controls, halves of characters."""
    return re.sub(r"[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)


def _collapsed(text: str) -> str:
    """The text with white space collapsed and composed, without what nobody sees: soft hyphens and marks of
    no width.
    """
    seen = re.sub("[\u00ad\u200b\u2060\ufeff]", "", _allowed(text))
    return unicodedata.normalize("NFC", " ".join(seen.split()))
