"""The plain text of files of archives: what becomes of each piece of markup, and what is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scripts.archives.plain_text import LARGEST, LARGEST_MARKDOWN, NotText, plain_text
from tests.related import budget

ADDRESS = "https://example.org/1"
FEED = (
    '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><link>{}</link>{}</item>'
    "</channel></rss>"
)


def made(text: str | bytes, name: str = "a.md") -> str:
    return plain_text(text if isinstance(text, bytes) else text.encode(), name, ADDRESS)


def why(text: str | bytes, name: str = "a.md") -> str:
    """Why it is refused."""
    with pytest.raises(NotText) as caught:
        made(text, name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a\n\nb", "a\nb\n"),
        ("soft\nbreak", "soft break\n"),
        ("hard  \nbreak\\\nagain", "hard\nbreak\nagain\n"),
        ("# Head #\n\nUnder\n===\n\ntext", "Head\nUnder\ntext\n"),
        ("---\ntitle: A title\ndate: 2025-10-29\n---\ntext", "A title\n2025-10-29\ntext\n"),
        ("---\ntitle: A title\n---\n# A title\n\ntext", "A title\ntext\n"),
        ("---\ntitle: A  title\n---\ntext", "A title\ntext\n"),
        ("---\ntitle:\nother: 1\n---\ntext", "text\n"),
        ("---\ntitle: [a]\n---\ntext", "text\n"),
        ("---\ndate: 2025-13-45\n---\ntext", "2025-13-45\ntext\n"),
        ('---\ntitle: "a\\ud800b\\0c\\x9fd"\n---\ntext', "a b c d\ntext\n"),
        ("text\n\n---\n\ntitle: x", "text\ntitle: x\n"),
        ("- a\n- b", "a\nb\n"),
        ("1. a\n2. b", "1. a\n2. b\n"),
        ("7. a\n9. b", "7. a\n8. b\n"),
        ("- a\n  1. b\n     - c\n- d", "a\n1. b\nc\nd\n"),
        ("1. a\n\n   more\n2. b", "1.\na\nmore\n2.\nb\n"),
        ("> a\n> > b", "a\nb\n"),
        ("*a* **b** ***c*** _d_ a*b*c", "a b c d abc\n"),
        ("**Awareness  **of it", "Awareness of it\n"),
        ("a **b", "a b\n"),
        ("a \\* b \\*\\*", "a * b **\n"),
        ("a_b_c snake_case", "a_b_c snake_case\n"),
        ("[a *b*](https://example.org 'title') ![picture](a.png) c", "a b c\n"),
        ("[a][1] [1]\n\n[1]: https://example.org", "a 1\n"),
        ("<https://example.org/x>", "https://example.org/x\n"),
        ("H<sub>2</sub>O 10<sup>th</sup> a<br>b", "H2O 10th a\nb\n"),
        ("<div>a<p>b</div>\n\nc <!-- gone --> d", "a\nb\nc d\n"),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b | |---|---| | c | d |\n"),
        ("`code *a*`\n\n```\nx  y\nz\n```", "code *a*\nx y z\n"),
        ("&amp; &lt;b&gt; &#8217; &nbsp;x", "& <b> \u2019 x\n"),
        ("a\u00a0\u2003b\u200bc\u00add\u2060e\ufefff", "a bcdef\n"),
        ("Cafe\u0301", "Caf\u00e9\n"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국\n"),
        ("a\r\nb\r\n\r\nc\rd\r\re", "a b\nc d\ne\n"),
        ("\ufeffa", "a\n"),
        ("a\x00b\x07c\x85d\x9fe\x7ff", "a\ufffdb c d e f\n"),
        ("한국과 **미국**은\n\n각서", "한국과 미국은\n각서\n"),
    ],
)
def test_markdown(source: str, text: str) -> None:
    assert made(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a<p>b", "a\nb\n"),
        ("<html><head><title>x</title><style>p{}</style></head><body>a</body></html>", "a\n"),
        ("a<script>var x = '<p>';</script><style>b</style><!-- c --><noscript>d</noscript>e", "ae\n"),
        ("a<svg><text>b</text></svg><select><option>c</select><textarea>d</textarea>", "a\n"),
        ("<table><caption>t</caption><tr><th>a<th>b<tr><td>c</td><td> d </td></tr></table>", "t\na b\nc d\n"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b\n"),
        ("<ol start=-1><li>a<li>b</ol><ol start=x><li>c</ol>", "-1. a\n0. b\n1. c\n"),
        ("<ol type=a><li>x<li>y</ol><ol type=A start=26><li>z<li>q</ol>", "a. x\nb. y\nZ. z\n27. q\n"),
        (
            "<ol type=i start=3><li>x<li>y</ol><ol type=I start=9><li>z<li>q</ol>"
            "<ol type=i start=40><li>r</ol>",
            "iii. x\niv. y\nIX. z\nX. q\n40. r\n",
        ),
        ("<ol><li>a<ol type=a><li>b</ol><li>c</ol><ul><li>d</ul>", "1. a\na. b\n2. c\nd\n"),
        ("<ol><li><p>a</p></ol>", "1.\na\n"),
        ("a<br/>b<hr>c<div>d</div>e", "a\nb\nc\nd\ne\n"),
        ("<b>a</b><i>b</i> <a href=x>c</a>\n<img alt=d>e", "ab c e\n"),
        ("&lt;p&gt; &nbsp;&copy;", "<p> ©\n"),
        ("<p>a<?php b ?>c", "ac\n"),
        ("<pre>a\n  b</pre>", "a b\n"),
        ("</p></div>a</body>b", "a\nb\n"),
    ],
)
def test_html(source: str, text: str) -> None:
    assert made(source, "A.HTML") == text


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<description>&lt;p&gt;a&lt;p&gt;b</description>", "a\nb\n"),
        ("<description>a</description><content:encoded><![CDATA[<b>b</b> c]]></content:encoded>", "b c\n"),
        ("<title>A  title</title><description>a</description>", "A title\na\n"),
        ("<title>A title</title>", "A title\n"),
    ],
)
def test_the_item_of_a_feed(item: str, text: str) -> None:
    assert made(FEED.format(f" {ADDRESS}/ ", item), "a.rss") == text


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("a", "a.pdf", "only .md, .html, .htm and .rss can be read"),
        ("a", "md", "it is not UTF-8"),
        (b"a\xff", "a.md", "it is not UTF-8 (byte 1)"),
        ("", "a.md", "it holds no text"),
        (" \n\u00a0\u200b ", "a.md", "it holds no text"),
        ("![picture](a.png)", "a.md", "it holds no text"),
        ("<script>a</script>", "a.html", "it holds no text"),
        ("", "a.html", "it holds no text"),
        ("---\na: [\n---\nx", "a.md", "its front matter is not YAML"),
        ("---\n- a\n---\nx", "a.md", "its front matter is not YAML with names"),
        ("---\na: &a [*a]\n---\nx", "a.md", "its front matter is not YAML"),
        ("---\na: " + "[" * 10_000 + "\n---\nx", "a.md", "its front matter is not YAML"),
        (">" * 10_000 + "a", "a.md", "its lists and quotations are nested 90 deep"),
        ("<div>" * 10_000 + "a", "a.html", "its elements are nested too deeply"),
        ("<div>" * 10_000 + "a", "a.md", "its elements are nested too deeply"),
        ("[" * 10_000, "a.md", "it has too many brackets that do not end"),
        ("[a](" * 30_000, "a.md", "it has more than 20000 times ["),
        ("a<![CDATA[ " * 200, "a.md", "it has more than 100 times <!["),
        ("<a " + " ".join(f"a{i}" for i in range(2_000)) + ">x", "a.html", "more than 1000 attributes"),
        ("x", "a.rss", "it is not XML"),
        ("<rss><a></rss>", "a.rss", "it is not XML"),
        ("<a>" * 10_000, "a.rss", "it is not XML"),
        (FEED.format("https://example.org/2", ""), "a.rss", f"no item of it has the address {ADDRESS}"),
        (FEED.format(ADDRESS, ""), "a.rss", "it holds no text"),
    ],
    ids=lambda value: None if len(value) < 40 else "long",
)
def test_what_cannot_be_made_into_text_is_refused(source: str | bytes, name: str, message: str) -> None:
    if name == "md":
        name, source = "a.md", "a".encode("utf-16")
    assert message in why(source, name)


@pytest.mark.parametrize(("name", "most"), [("a.md", LARGEST_MARKDOWN), ("a.html", LARGEST)])
def test_too_large(name: str, most: int) -> None:
    assert why(b"a" * (most + 1), name) == f"it has {most + 1} bytes; at most {most} are read"


def test_aliases_of_front_matter_that_double_are_never_written_out() -> None:
    doubled = "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert made(f"---\na: &a [x]\n{doubled}title: *i\n---\ntext") == "text\n"


@pytest.mark.parametrize(
    "entity", ['SYSTEM "file:///etc/passwd"', 'SYSTEM "http://127.0.0.1:9/x"', '"inner"']
)
def test_entities_of_a_feed_stay_out(entity: str) -> None:
    item = FEED.format(ADDRESS, "<title>t</title><description>before &a; after</description>")
    assert made(f"<!DOCTYPE r [<!ENTITY a {entity}>]>{item}", "a.rss") == "t\nbefore\n"


def test_a_billion_laughs() -> None:
    doubled = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    item = FEED.format(ADDRESS, "<description>&i;</description>")
    try:
        text = made(f'<!DOCTYPE r [<!ENTITY a "ha">{doubled}]>{item}', "a.rss")
    except NotText:
        text = ""
    assert len(text) < 1_000


# Drawn pieces of markup, and bytes of any kind.
# fmt: off
PIECES = st.lists(st.sampled_from((
    "a", "b c", "한", "é", "\n", "\n\n", "\r", "\t", "  \n", " ", "\u00a0", "\u200b", "\x00", "\x85", "\x1c",
    "\u2028", "e\u0301", "\ufeff", "*", "**", "_", "`", "```", "[", "](", ")", "![", "]", "<", ">", "</",
    "/>", "<p>", "</p>", "<ol>", "<li>", "<table>", "<td>", "<br>", "<script>", "</script>", "<!--", "-->",
    "<![CDATA[", "]]>", "<?", "&", "&amp;", "&#0;", "&#x9f;", "&#xd800;", "---\n", "title: ", "date: ", "# ",
    "> ", "- ", "1. ", "    ", "\\", ": ", "'", '"', "|", "<rss>", "<item>", "<link>", "</link>", "</item>",
    "</rss>",
)), max_size=40).map("".join)
# fmt: on


def ordered(text: str) -> bool:
    """Whether the text has the form that offsets count on."""
    lines = text.removesuffix("\n").split("\n")
    return (
        text.endswith("\n")
        and unicodedata.is_normalized("NFC", text)
        and all(line and line == " ".join(line.split()) for line in lines)
        and not any(unicodedata.category(c) in {"Cc", "Cs"} for c in text.replace("\n", ""))
    )


@pytest.mark.drawn
@pytest.mark.parametrize("name", ["a.md", "a.html", "a.rss"])
def test_any_bytes_give_orderly_text_or_are_refused(name: str) -> None:
    @given(st.one_of(st.binary(max_size=60), PIECES.map(str.encode)))
    @example(b'---\ntitle: "\\ud800"\n---\nx')
    @example(b"<rss><item><link/></item></rss>")
    @budget(600)
    def tried(data: bytes) -> None:
        try:
            text = plain_text(data, name, "")
        except NotText as refused:
            assert str(refused)
            return
        assert ordered(text) and plain_text(data, name, "") == text

    tried()


WORD = st.text("abcdefgh한국é", min_size=1, max_size=6)
# Markup and the words in it.
Marked = tuple[str, tuple[str, ...]]
MARKDOWN_WORD = (
    "{}",
    "*{}*",
    "**{}**",
    "_{}_",
    "[{}](https://example.org)",
    "{}<!-- x -->",
    "`{}`",
    "{}![x](y)",
)
HTML_WORD = ("{}", "<b>{}</b>", "<a href='x'>{}</a>", "{}<script>x</script>", "<p>{}</p>", "{}<br>", "<i>{}")


def _lined(forms: tuple[str, ...]) -> st.SearchStrategy[Marked]:
    """A line of words, each in a form of its own."""
    word = st.tuples(st.sampled_from(forms), WORD)
    words = st.lists(word, min_size=1, max_size=6)
    return words.map(lambda ws: (" ".join(form.format(w) for form, w in ws), tuple(w for _, w in ws)))


def _quoted(block: str) -> str:
    return "\n".join("> " + line for line in block.split("\n"))


def _listed(blocks: list[str]) -> str:
    return "\n".join("- " + block.replace("\n", "\n  ") for block in blocks)


def _celled(blocks: list[str]) -> str:
    return "<table><tr>" + "".join(f"<td>{block}" for block in blocks) + "</table>"


# What may stand around blocks.
AROUND_MARKDOWN = ("\n\n".join, _listed, lambda blocks: _quoted("\n\n".join(blocks)))
AROUND_HTML = (
    "".join,
    _celled,
    lambda blocks: f"<blockquote>{''.join(blocks)}</blockquote>",
    lambda blocks: "<ul>" + "".join(f"<li>{block}</li>" for block in blocks) + "</ul>",
)


def marked(markdown: bool) -> st.SearchStrategy[Marked]:
    """Words in markup, nested."""
    leaf = _lined(MARKDOWN_WORD if markdown else HTML_WORD)
    if not markdown:
        leaf = leaf.map(lambda line: (f"<div>{line[0]}</div>", line[1]))
    around = st.sampled_from(AROUND_MARKDOWN if markdown else AROUND_HTML)
    return st.recursive(
        leaf,
        lambda inner: st.tuples(around, st.lists(inner, min_size=1, max_size=3)).map(
            lambda drawn: (drawn[0]([b for b, _ in drawn[1]]), tuple(w for _, ws in drawn[1] for w in ws))
        ),
        max_leaves=6,
    )


@pytest.mark.drawn
@pytest.mark.parametrize("name", ["a.md", "a.html"])
def test_words_in_markup_come_back_in_order_and_nothing_else(name: str) -> None:
    @given(marked(name == "a.md"))
    @budget(300)
    def tried(drawn: Marked) -> None:
        source, words = drawn
        assert made(source, name).split() == list(words)

    tried()
