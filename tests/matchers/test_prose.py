"""Summaries of our own against their passage, words taken letter for letter, and the check of one value."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scripts.matchers.names import Entity, Names
from scripts.matchers.prose import said_too_much, verbatim
from scripts.model.evidence_kinds import EVIDENCE
from scripts.model.tables import Field
from scripts.sources.check import check_value

FAST = settings(max_examples=100, deadline=None, derandomize=True)

KOR, USA, NSF = Entity("country", "KOR"), Entity("country", "USA"), Entity("organization", "nsf")
AI, NUCLEAR, ENERGY = (
    Entity("domain", "artificial-intelligence"),
    Entity("domain", "nuclear-energy"),
    Entity("domain", "energy"),
)
LISTED: dict[str, set[Entity]] = {
    "한국": {KOR}, "South Korea": {KOR}, "한미": {KOR, USA}, "미국": {USA}, "US": {USA},
    "United States": {USA},
    "미국 국립과학재단": {NSF}, "국립과학재단": {NSF}, "NSF": {NSF}, "National Science Foundation": {NSF},
    "AI": {AI}, "인공지능": {AI}, "energy": {ENERGY}, "nuclear energy": {NUCLEAR}, "원자력": {NUCLEAR},
}  # fmt: skip
NAMES = Names(LISTED)

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
days = st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31))
DAY_FORMS = [
    lambda d: f"{d.year}년 {d.month}월 {d.day}일",
    lambda d: f"{d.year}. {d.month}. {d.day}",
    lambda d: d.isoformat(),
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
]
NUMBER_FORMS = [
    lambda n: f"{n}개 기관이 참여한다",
    lambda n: f"{n:,} agencies take part",
    lambda n: f"예산은 {n}만 달러",
    lambda n: f"worth ${n} million",
]
# Names of the same entity, in either language.
SAME = [
    ["한국", "South Korea"],
    ["미국", "US", "United States"],
    ["국립과학재단", "미국 국립과학재단", "NSF", "National Science Foundation"],
    ["AI", "인공지능"],
    ["nuclear energy", "원자력"],
]


def said(summary: str, passage: str, *, strict: bool = True) -> list[str]:
    """The faults of a summary under the small list of names."""
    return said_too_much(summary, passage, NAMES, strict=strict)


def sentences(name: str) -> list[str]:
    """Summaries with ``name``: a Korean one, and an English one for a name in Latin letters."""
    return [f"이날 {name} 측이 서명했다", *([f"the {name} signed"] if name.isascii() else [])]


@given(st.integers(2, 9999), st.integers(2, 9999), st.sampled_from(NUMBER_FORMS), st.booleans())
@FAST
def test_a_number_that_the_passage_lacks_is_reported(n, other, write, strict):
    """A number in a summary is reported where the passage prints another one, and passes where it prints the
    same.
    """
    assume(n != other)
    scale = 10**4 if "만" in write(1) else 10**6 if "million" in write(1) else 1
    assert said(write(n), f"모두 {n * scale:,}이다", strict=strict) == []
    assert said(write(n), f"모두 {other * scale:,}이다", strict=strict) == [f"the number {n * scale}"]
    assert said(write(n), "모두 모였다", strict=strict) == [f"the number {n * scale}"]


@given(days, days, st.sampled_from(DAY_FORMS), st.sampled_from(DAY_FORMS))
@FAST
def test_a_date_that_the_passage_lacks_is_reported(day, other, write, print_as):
    """A date in a summary passes in any form of the same day, and is reported where the passage prints
    another.
    """
    assume(day != other)
    assert said(write(day), f"서명: {print_as(day)}") == []
    assert said(write(day), f"서명: {print_as(other)}") == [f"the date {day.year}-{day.month}-{day.day}"]
    assert said(write(day), "서명했다") == [f"the date {day.year}-{day.month}-{day.day}"]


@given(days, st.integers(1, 9))
@FAST
def test_parts_of_a_date_are_reported_as_parts(day, later):
    """A month and a day, or a year alone, are reported as they are printed, and pass inside a whole date."""
    whole = f"{day.year}년 {day.month}월 {day.day}일"
    assert said(f"{day.month}월 {day.day}일 서명", whole) == []
    assert said(f"{day.month}월 {day.day}일 서명", f"{day.year}년") == [f"the date {day.month}-{day.day}"]
    assert said(f"signed in {day.year}", whole) == []
    assert said(f"signed in {day.year + later}", whole) == [f"the date {day.year + later}"]


@given(days, st.sampled_from(DAY_FORMS[:3]))
@FAST
def test_a_day_of_the_month_proves_no_count(day, write):
    """A count that happens to equal a part of a date is still looked for, and the date of the passage does
    not prove it.
    """
    summary, passage = f"{write(day)}, {day.day}개 기관 참여", f"{day.isoformat()} 참여"
    assert said(summary, passage) == [f"the number {day.day}"]
    assert said(summary, f"{passage} 기관 {day.day}개") == []


@given(
    st.integers(2, 31),
    st.sampled_from(["{}일간 열린 회의", "{}일 동안의 회의", "a meeting of {} days"]),
    st.sampled_from(["3박 {}일", "{}일 일정", "{} days", "{}일간"]),
)
@FAST
def test_a_length_of_time_is_held_against_the_same_length(n, write, passage):
    """So many days in a summary are proved by as many days in the passage, even where those could be a day of
    a month.
    """
    assert said(write.format(n), passage.format(n)) == []
    assert said(write.format(n + 40), passage.format(n)) == [f"the number {n + 40}"]


@given(
    st.sampled_from(SAME).flatmap(lambda same: st.tuples(st.sampled_from(same), st.sampled_from(same))),
    st.booleans(),
)
@FAST
def test_a_name_passes_under_every_name_of_its_entity(pair, strict):
    """A listed name is proved by any name of the same entity, in either language."""
    name, other = pair
    for summary in sentences(name):
        assert said(summary, f"이날 {other} 측이 서명했다", strict=strict) == []
        assert said(summary, f"signed by the {other}", strict=strict) == []


@given(st.sampled_from(SAME), st.sampled_from(SAME), st.data(), st.booleans())
@FAST
def test_a_name_that_the_passage_lacks_is_reported(said_of, printed, data, strict):
    """A listed name is reported, as written, where the passage names only others."""
    assume(said_of != printed)
    name, other = data.draw(st.sampled_from(said_of)), data.draw(st.sampled_from(printed))
    for summary in sentences(name):
        assert said(summary, f"이날 {other} 측이 서명했다", strict=strict) == [f'the name "{name}"']
        assert said(summary, f"signed by the {other}", strict=strict) == [f'the name "{name}"']


def test_a_country_in_the_name_of_a_body_proves_no_country():
    """A passage that names the foundation alone does not name the country."""
    assert said("미국은 지원한다", "미국 국립과학재단은 지원한다") == ['the name "미국"']
    assert said("미국은 지원한다", "한미 양국은 지원한다") == []


words = st.sampled_from(
    [
        "Widgetron",
        "Marvell",
        "Mayo",
        "Mars",
        "Jang",
        "Augusta",
        "Octave",
        "Decatur",
        "Novartis",
        "Aprilia",
        "Sepia",
        "Febreze",
        "Quux-9",
        "A&B",
    ]
)


@given(
    words,
    st.sampled_from(
        ["a plan of {} too", "the {} plan", "a plan (by the {})", "joined NSF {} work", "the plan, and {}"]
    ),
)
@FAST
def test_an_unknown_capitalized_word_is_reported(word, write):
    """A capitalized word that is not a listed name must be in the passage, letter for letter; without
    strictness
    it need not.
    """
    summary, passage = write.format(word), "the NSF has a plan"
    fault = f'the word "{word}", which is not a listed name'
    assert [f for f in said(summary, passage) if "number" not in f] == [fault]
    assert fault in said(summary, f"{passage} with {word}s")
    assert fault in said(summary, f"{passage} with {word.lower()}")
    assert fault not in said(summary, f"{passage} with {word}.")
    assert fault not in said(summary, passage, strict=False)


@given(
    words | st.sampled_from(["widgetron", "xyz"]),
    st.sampled_from(["{} 협력", "새로운 {} 사업", "이날 {}은 시작", "한미 {}와 협력"]),
)
@FAST
def test_an_unknown_latin_word_in_korean_is_reported(word, write):
    """In a Korean summary every Latin word must be listed or printed in the passage, at the head of a
    sentence too.
    """
    summary, fault = write.format(word), f'the word "{word}", which is not a listed name'
    assert [f for f in said(summary, "한미 협력") if "number" not in f] == [fault]
    assert fault not in said(summary, f"한미 협력 {word} 사업")
    assert fault not in said(summary, "한미 협력", strict=False)


@given(
    st.sampled_from(["Agencies", "They", "Support"]),
    st.sampled_from(["{} meet.", "A talk. {} meet.", "Who: {} meet", "it says “{} meet”", "({})"]),
)
@FAST
def test_the_first_word_of_a_sentence_is_let_through(word, write):
    """A capital at the head of a sentence, a quotation or a bracket says nothing; within the sentence it
    does.
    """
    assert said(write.format(word), "they meet") == []
    assert said(f"all the {word} meet", "they meet") == [f'the word "{word}", which is not a listed name']


@given(st.integers(1, 12), st.booleans())
@FAST
def test_months_are_dates_and_no_names(month, short):
    """A month in a summary, whole or cut short, is checked as a date and not as an unknown word."""
    word = {9: "Sept."}.get(month, MONTHS[month - 1][:3]) if short else MONTHS[month - 1]
    assert said(f"signed in {word} 2025", f"2025년 {month}월") == []
    assert said(f"signed in {word} 2025", "서명했다") == [f"the date 2025-{month}"]


def test_a_listed_name_is_not_cut_out_of_a_longer_word():
    """USMCA and OpenAI are reported whole, though US and AI are listed and stand elsewhere in the summary."""
    assert said("the USMCA and the US", "the US") == ['the word "USMCA", which is not a listed name']
    assert said("with OpenAI on AI", "the AI plan") == ['the word "OpenAI", which is not a listed name']
    assert said("OpenAI와 AI 협력", "AI 협력") == ['the word "OpenAI", which is not a listed name']


@given(days, st.integers(40, 9999), words.filter(str.isalpha))
@FAST
def test_faults_are_listed_by_kind(day, n, word):
    """Everything that the passage lacks is reported: dates, then numbers, names and words."""
    summary = f"on {DAY_FORMS[3](day)} the US gave {n:,} grants to {word}"
    faults = [
        f"the date {day.year}-{day.month}-{day.day}",
        f"the number {n}",
        'the name "US"',
        f'the word "{word}", which is not a listed name',
    ]
    assert said(summary, "they signed") == faults
    assert said(summary, f"{day.isoformat()} 미국 {n}건 {word}") == []


LETTERS = st.text(st.sampled_from("가나다라마바사abcdeABCDE"), min_size=1, max_size=6)
DOTS = ["·", "‧", "ㆍ", "・", "•", "∙", "⋅"]
SINGLE, DOUBLE, DASHES, SPACES = (
    ["'", "‘", "’", "‛", "`"],
    ['"', "“", "”"],
    ["-", "–", "—", "‐", "‑", "−"],
    [" ", "\u00a0", "\u3000", "  ", "\t"],
)


@given(
    LETTERS,
    LETTERS,
    st.sampled_from([DOTS, SINGLE, DOUBLE, DASHES, SPACES, ["(", "（"], ["~", "〜", "∼", "～"]]),
    st.data(),
)
@FAST
def test_verbatim_ignores_typography(left, right, kind, data):
    """Whichever dot, quotation mark, dash or space is typed, the words are the same; another kind of sign is
    not.
    """
    one, two = data.draw(st.sampled_from(kind)), data.draw(st.sampled_from(kind))
    assert verbatim(f"앞 {left}{one}{right} 뒤", f"{left}{two}{right}")
    assert not verbatim(f"앞 {left}{one}{right} 뒤", f"{left}{two}={right}")
    assert not verbatim(f"앞 {left}={right} 뒤", f"{left}{two}{right}")


@given(
    LETTERS,
    LETTERS,
    st.sampled_from([*DOTS, "/", "(", ")", ","]),
    st.sampled_from(["", " "]),
    st.sampled_from(["", " "]),
    st.sampled_from(["", " "]),
)
@FAST
def test_verbatim_ignores_spaces_at_dots(left, right, sign, a, b, c):
    """Spaces beside a dot, a slash, a bracket or a comma do not count; between letters they do."""
    assert verbatim(f"앞 {left}{a}{sign}{b}{right} 뒤", f"{left}{c}{sign}{right}")
    assert not verbatim(f"앞 {left} {right} 뒤", f"{left}{sign}{right}")
    assert not verbatim(f"앞 {left} {right} 뒤", left + right)


@given(LETTERS, LETTERS, st.data())
@FAST
def test_verbatim_does_not_ignore_letters(left, right, data):
    """Each letter must be there, in its place and its case."""
    words = left + right
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from("가나다abcABC").filter(lambda c: c != words[at]))
    changed = words[:at] + other + words[at + 1 :]
    assert verbatim(f"「{words}」", words)
    assert not verbatim(f"「{changed}」", words)
    assert not verbatim(f"「{words[:at]}{words[at + 1 :]}」", words)
    assert verbatim(f"「{words}」", words.swapcase()) == (words == words.swapcase())


@given(LETTERS, LETTERS)
@FAST
def test_verbatim_does_not_run_across_a_gap(left, right):
    """What ends one cited passage and what begins the next are not one phrase."""
    assert verbatim(f"앞 {left} {right} 뒤", f"{left} {right}")
    assert not verbatim(f"앞 {left}\n{right} 뒤", f"{left} {right}")


def column(evidence: str) -> Field:
    """A column whose cells are proved by ``evidence``."""
    return Field(
        name="cell", type="string", title="Cell", title_ko="칸", description="A cell.",
        description_ko="칸이다.", example="x", origin="claim",
        evidence=evidence, resolve="agree", required=False, unique=False, enum=None, pattern=None,
        minimum=None, maximum=None, unit=None, categories=(),
    )  # fmt: skip


PASSAGE = "2025년 10월 29일 한국과 NSF는 1000만 달러의 인공지능 협력 각서를 체결했다."
FOUND = [
    ("date", "2025-10-29", None), ("date", "2025-10", None), ("year", 2025, None),
    ("number", 10_000_000, None), ("number", 1e7, None),
    ("currency", "USD", None), ("name", "KOR", "countries"), ("name", "nsf", "organizations"),
    ("name", "artificial-intelligence", "domains"),
    ("verbatim", "협력 각서", None), ("text", "협력 각서", None), ("translation", "협력 각서", None),
]  # fmt: skip
MISSING = [
    ("date", "2025-10-28", None), ("date", "2024", None), ("year", 2024, None), ("number", 1000, None),
    ("number", 1.5, None),
    ("currency", "KRW", None), ("name", "USA", "countries"), ("name", "KOR", "organizations"),
    ("name", "energy", "domains"),
    ("verbatim", "협력각서", None),
]  # fmt: skip


@pytest.mark.parametrize(("evidence", "value", "reference"), FOUND)
def test_a_value_in_the_passage_is_confirmed(evidence, value, reference):
    """Each kind of value is confirmed where the passage prints it, and not by a passage that says something
    else.
    """
    assert check_value(column(evidence), value, PASSAGE, NAMES, reference) == ("confirmed", "")
    assert check_value(column(evidence), value, "양측이 만났다.", NAMES, reference)[0] != "confirmed"


@pytest.mark.parametrize(("evidence", "value", "reference"), MISSING)
def test_a_value_that_the_passage_lacks_is_refused(evidence, value, reference):
    """Each kind of value is refused, by name, where the passage does not print it."""
    result, message = check_value(column(evidence), value, PASSAGE, NAMES, reference)
    assert result is None
    assert str(value) in message
    assert " is not in the passage" in message


@pytest.mark.parametrize("evidence", ["text", "summary"])
def test_words_of_our_own_are_coded_or_refused(evidence):
    """A summary that says no more than its passage is coded; one that says more is refused with what it says
    more.
    """
    assert check_value(
        column(evidence), "South Korea and the NSF agreed on $10 million", PASSAGE, NAMES, None
    ) == ("coded", "")
    assert check_value(column(evidence), "the US agreed on $11 million", PASSAGE, NAMES, None) == (
        None,
        'the passage does not hold the number 11000000, the name "US"',
    )


def test_an_unlisted_name_is_refused_in_a_summary_only():
    """A title may bear words that no list has; a summary may not."""
    assert check_value(column("text"), "the Widgetron plan", PASSAGE, NAMES, None) == ("coded", "")
    assert check_value(column("summary"), "the Widgetron plan", PASSAGE, NAMES, None) == (
        None,
        'the passage does not hold the word "Widgetron", which is not a listed name',
    )


def test_a_judgement_is_coded_whatever_the_passage_says():
    """A judgement is nobody's words, so nothing is looked for; the same value as words would be refused."""
    assert check_value(column("judgement"), "2031-01-01", PASSAGE, NAMES, None) == ("coded", "")
    assert check_value(column("date"), "2031-01-01", PASSAGE, NAMES, None)[0] is None


def test_every_declared_kind_of_evidence_has_a_matcher():
    """Each kind that a schema may declare is checked; an undeclared one is an error, not a pass."""
    printed = {name for name, kind in EVIDENCE.items() if "confirmed" in kind.checks}
    assert {e for e, _, _ in FOUND} | {"bound"} == printed
    with pytest.raises(ValueError, match="no kind of evidence is called guess"):
        check_value(column("guess"), "x", PASSAGE, NAMES, None)


def test_a_name_of_two_countries_needs_both_of_them() -> None:
    """한미 in a summary is not borne out by a passage that names Korea alone."""
    korea, america = Entity("country", "KOR"), Entity("country", "USA")
    names = Names({"한국": {korea}, "미국": {america}, "한미": {korea, america}})
    assert said_too_much("한미가 합의했다.", "한국이 합의했다.", names, strict=True) == ['the name "한미"']
    assert said_too_much("한미가 합의했다.", "한국과 미국이 합의했다.", names, strict=True) == []


def test_numbers_in_words_count_from_three_on() -> None:
    """Two sides and one of them count nothing; three agencies are a figure."""
    names = Names({})
    assert said_too_much("The two sides name three agencies.", "기관을 든다.", names, strict=True) == [
        "the number 3"
    ]
    assert said_too_much("The two sides name three agencies.", "세 기관을 든다.", names, strict=True) == []
    assert said_too_much("새 시대를 열 것이다.", "시대를 연다.", names, strict=True) == []
