"""Transcribed passages: read, held against claims, locked, and what is told where they are wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from scripts.model.problems import BadData
from scripts.sources.passages import parse_places, parse_transcript
from scripts.store.files import sha256
from tests.mini import HELD, PASSAGES, PREVIEW, RELEASE, Mini

FILE = f"coding/{RELEASE}/"


def told(mini: Mini, **options: object) -> list[str]:
    with pytest.raises(BadData) as caught:
        mini.build(**options)
    return [str(p).replace(str(mini.seeds) + "/", "") for p in caught.value.problems]


def test_white_space_and_unicode_form_do_not_change_the_hash() -> None:
    one = parse_transcript("s", "@ title\nCaf\u00e9  and\n tea\n", "f").passage("title")
    other = parse_transcript("s", "@ title\r\n\nCafe\u0301 and tea", "f").passage("title")
    assert one == other == "Caf\u00e9 and tea"


def test_several_places_are_joined_by_a_line_feed() -> None:
    text = parse_transcript("s", PASSAGES, "f")
    assert (
        text.passage("title; note 3")
        == "Memorandum of Cooperation on Quantum Technology\nOne pound was 1.25 US dollars on 3 March 2025."
    )
    assert text.passage("title; nowhere") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("words\n", "f:1: the passage has no place; put a line '@ place' above it"),
        ("@ a\nx\n@ a\ny\n", 'f:3: duplicate place "a" (first in row 1); give each place once'),
        (
            "@ a; b\nx\n",
            'f:1: "a; b" cannot be the name of a place; write up to 80 characters without a semicolon',
        ),
        ("@ a\n\n", 'f:1: there is nothing under the place "a"; transcribe the passage or remove the place'),
    ],
)
def test_faults_of_the_file(text: str, message: str) -> None:
    with pytest.raises(BadData) as caught:
        parse_transcript("s", text, "f")
    assert message in [str(p) for p in caught.value.problems]


@pytest.mark.parametrize("at", ["", "a;b", "a; ", " a", "a; a", "@ a"])
def test_places_that_are_none(at: str) -> None:
    assert parse_places(at)[1]


def test_not_utf8(mini: Mini) -> None:
    (mini.passages / f"{RELEASE}.txt").write_bytes(b"@ a\n\xff")
    assert any(":2: it is not UTF-8 (byte 4); save it as UTF-8" in t for t in told(mini))


def test_a_value_that_the_passage_does_not_say(mini: Mini) -> None:
    mini.edit(FILE + "funding.csv", ",2000000,", ",3000000,")
    assert any('funding.csv:2:amount: "3000000" is not in the passage' in t for t in told(mini))


def test_a_place_that_is_not_transcribed(mini: Mini) -> None:
    mini.edit(FILE + "funding_parties.csv", "para 2", "para 9")
    assert any('funding_parties.csv:2:at: "para 9" is not among the passages' in t for t in told(mini))


def test_a_passage_that_changed_is_reported_by_the_lock(mini: Mini) -> None:
    path = mini.passages / f"{RELEASE}.txt"
    path.write_text(
        path.read_text("utf-8").replace("for quantum research", "for the quantum research"), "utf-8"
    )
    assert any("the lock says otherwise; run python -m scripts lock" in t for t in told(mini))


def test_one_passage_at_hand_is_enough_to_change_its_row(mini: Mini, mini_built) -> None:
    """Whoever mends a row transcribes its passage alone; the lock serves for the rest."""
    (mini.passages / f"{RELEASE}.txt").write_text(
        "@ para 2\nOffice Beta pays 2 million pounds for quantum research.\n", "utf-8"
    )
    assert mini.build().files == mini_built.files
    mini.edit(FILE + "funding_parties.csv", ",funder", ",recipient")
    assert any("funding_parties.csv:2:role: the lock does not have this check" in t for t in told(mini))
    mini.lock()
    assert mini.build().data["funding_parties"][-1]["role"] == "recipient"


def test_without_passages_the_lock_gives_the_same_package(mini: Mini, mini_built) -> None:
    built = mini.build(passages=None)
    assert built.files == mini_built.files and built.unread == [RELEASE]


def test_the_published_hash_is_that_of_the_passage(mini_built) -> None:
    (row,) = [
        e
        for e in mini_built.data["evidence"]
        if e["table"] == "funding" and e["row_id"] == "pact-pounds" and e["field"] == "announced_on"
    ]
    assert row["at"] == "para 1; para 2" and row["check"] == "confirmed"
    assert row["passage_sha256"] == sha256(
        "Seoul, 4 March 2025: South Korea and the United States signed the memorandum of cooperation.\nOffice"
        " Beta pays 2 million pounds for quantum research."
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            ",passages,part,,",
            ",passages,part,x.txt,",
            "passages is held, but text_file, sha256 or characters is filled",
        ),
        ("https://example.org/release,", ",", "a source whose text is not held needs an address"),
    ],
)
def test_what_a_source_says_of_what_is_held(mini: Mini, old: str, new: str, message: str) -> None:
    mini.edit("sources.csv", old, new)
    assert any(message in t for t in told(mini))


def test_a_renamed_source_is_locked_anew(mini: Mini) -> None:
    mini.edit("sources.csv", RELEASE, "mini-renamed")
    (mini.seeds / "coding" / RELEASE).rename(mini.seeds / "coding/mini-renamed")
    (mini.passages / f"{RELEASE}.txt").rename(mini.passages / "mini-renamed.txt")
    assert any(f"from {RELEASE} at para 2 any more; run python -m scripts lock" in t for t in told(mini))
    mini.lock()
    assert "mini-renamed" in {e["source_id"] for e in mini.build().data["evidence"]}


@pytest.mark.parametrize(
    "line",
    ["@paragraph 2", " @ paragraph 2", "＠ paragraph 2", "@\tparagraph 2", "@@ paragraph 2", "@", "@ "],
)
def test_a_line_that_only_looks_like_a_place_is_reported_though_all_is_locked(mini: Mini, line: str) -> None:
    """It went into the passage above it, which nothing might cite any more, or only the lock knew."""
    path = mini.passages / f"{RELEASE}.txt"
    path.write_text(path.read_text("utf-8") + f"{line}\nWords.\n", "utf-8")
    (found,) = told(mini)
    assert f"{RELEASE}.txt:10: " in found and "begins with @ but does not name a place; write '@ " in found


def test_a_byte_order_mark_is_no_part_of_a_place(mini: Mini, mini_built) -> None:
    path = mini.passages / f"{RELEASE}.txt"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert mini.build().files == mini_built.files


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"{RELEASE[:-1]}.txt", f'no source has this file of passages; did you mean "{RELEASE}.txt"?'),
        (f"{RELEASE}.TXT", f'no source has this file of passages; did you mean "{RELEASE}.txt"?'),
        (f"{RELEASE}.txt.txt", f'no source has this file of passages; did you mean "{RELEASE}.txt"?'),
        (
            "notes.docx",
            "no source has this file of passages; name it SOURCE_ID.txt after a source that holds passages",
        ),
        (
            f"{PREVIEW}.txt",
            f"it is not read: sources.csv says of {PREVIEW} that none is held; write passages in held",
        ),
        (
            f"{HELD}.txt",
            f"it is not read: sources.csv says of {HELD} that text is held; write passages in held",
        ),
    ],
)
def test_a_file_of_passages_that_nobody_reads_is_reported(mini: Mini, name: str, message: str) -> None:
    (mini.passages / name).write_text(PASSAGES, "utf-8")
    (found,) = told(mini)
    assert f"passages/{name}: {message}" in found


def test_a_held_text_in_other_letters_is_reported_and_other_texts_are_let_be(mini: Mini, mini_built) -> None:
    (mini.texts / "other.txt").write_text("x", "utf-8")
    assert mini.build().files == mini_built.files
    (mini.texts / "news.txt").rename(mini.texts / "News.txt")
    assert (
        'sources.csv:2:text_file: there is no "news.txt" in the folder of texts, but "News.txt"; rename the'
        " file, or correct text_file" in told(mini)
    )


def test_as_of_a_day_the_passages_of_later_sources_are_no_strays(mini: Mini) -> None:
    assert mini.build(as_of=dt.date(2025, 3, 1)).unread == []


@pytest.mark.parametrize(
    "name",
    [
        "coding/{}/fundin.csv",
        "vocabularies/peple.csv",
        "recoding/round-1/provision.csv",
        "recoding/round-1/provisions.xlsx",
        "recoding/provisions.csv",
    ],
)
def test_a_sheet_that_nobody_reads_is_reported(mini: Mini, name: str) -> None:
    mini.path(name.format(HELD)).write_text("at\n", "utf-8")
    assert any(t.startswith(name.format(HELD) + ": there is no ") and "did you mean" in t for t in told(mini))
