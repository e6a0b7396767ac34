"""Names of listed entities: which are found in Korean and English prose, and which are other words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.matchers.names import Entity, Names

FAST = settings(max_examples=100, deadline=None, derandomize=True)

KOR, USA, GBR = Entity("country", "KOR"), Entity("country", "USA"), Entity("country", "GBR")
NSF, WHO, OFFICE = (
    Entity("organization", "nsf"),
    Entity("organization", "who"),
    Entity("organization", "security-office"),
)
CHO = Entity("person", "cho")
AI, CHIPS, QUANTUM = (
    Entity("domain", "artificial-intelligence"),
    Entity("domain", "semiconductors"),
    Entity("domain", "quantum"),
)
ENERGY, NUCLEAR = Entity("domain", "energy"), Entity("domain", "nuclear-energy")

LISTED: dict[str, set[Entity]] = {
    "한국": {KOR}, "South Korea": {KOR}, "Korea": {KOR}, "한미": {KOR, USA}, "한·미": {KOR, USA},
    "미국": {USA}, "美": {USA}, "US": {USA}, "U.S.": {USA}, "United States": {USA}, "영국": {GBR},
    "UK": {GBR},
    "국립과학재단": {NSF}, "미국 국립과학재단": {NSF}, "NSF": {NSF}, "US National Science Foundation": {NSF},
    "WHO": {WHO}, "국가안보실": {OFFICE}, "Cho": {CHO}, "조 실장": {CHO},
    "AI": {AI}, "인공지능": {AI}, "반도체": {CHIPS}, "AI 반도체": {CHIPS}, "양자": {QUANTUM},
    "quantum": {QUANTUM},
    "energy": {ENERGY}, "nuclear energy": {NUCLEAR},
}  # fmt: skip
NAMES = Names(LISTED)

HANGUL_NAMES = ["한국", "한미", "미국", "영국", "국립과학재단", "미국 국립과학재단", "국가안보실"]
LATIN_NAMES = [
    "South Korea",
    "Korea",
    "US",
    "United States",
    "UK",
    "NSF",
    "WHO",
    "Cho",
    "US National Science Foundation",
]
ACRONYMS = ["US", "UK", "NSF", "WHO"]

PARTICLES = [
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "과",
    "와",
    "의",
    "에",
    "에서",
    "에게",
    "께서",
    "도",
    "로",
    "으로",
    "으로서",
    "로서",
    "으로써",
    "로써",
    "으로부터",
    "로부터",
    "부터",
    "까지",
    "만",
    "보다",
    "처럼",
    "만큼",
    "마다",
    "조차",
    "밖에",
    "이나",
    "이며",
    "이자",
    "하고",
    "이라는",
    "라는",
    "이라고",
    "라고",
    "란",
    "이란",
    "측",
    "내",
    "간",
    "인",
    "들",
    "등",
    "및",
    "산",
    "주재",
    "주도",
    "당국",
    "쪽",
]
TWO_PARTICLES = [
    "에서는",
    "에서도",
    "에는",
    "에도",
    "과의",
    "와의",
    "과는",
    "와는",
    "로는",
    "으로는",
    "까지도",
    "에게는",
    "측은",
    "측이",
    "간의",
    "내에",
    "들이",
    "들은",
    "부터는",
    "당국은",
]
# Syllables that may follow a noun without making another word; 장 makes the head of a body.
MAY_FOLLOW = {p for p in PARTICLES if len(p) == 1} | {"나", "야", "장"}
hangul = st.integers(ord("가"), ord("힣")).map(chr)
other_syllable = hangul.filter(lambda c: c not in MAY_FOLLOW)
BEFORE = ["", "지난해 ", "(", "‘", "이날 ", "\n"]
AFTER = ["", " 서명했다", ".", ", 그리고", ")", "’", "\n"]
ENGLISH_BEFORE = ["", "the ", "(", "with the ", "“", "non-"]
ENGLISH_AFTER = ["", ".", ", too", ")", " signed", "'s part", "’s part", "-led", "”"]


@given(
    st.sampled_from(HANGUL_NAMES),
    st.sampled_from(["", *PARTICLES, *TWO_PARTICLES]),
    st.sampled_from(BEFORE),
    st.sampled_from(AFTER),
)
@FAST
def test_a_hangul_name_is_found_before_each_particle(name, particle, before, after):
    """A Hangul name is found alone, with one particle and with two, and nothing else is."""
    assert NAMES.entities(before + name + particle + after) == LISTED[name]


@pytest.mark.parametrize("particle", PARTICLES + TWO_PARTICLES)
def test_each_particle_may_follow(particle):
    """No particle that Korean joins to a noun hides the noun."""
    assert NAMES.entities(f"이날 한국{particle} 서명했다") == {KOR}


@given(
    st.sampled_from(HANGUL_NAMES),
    other_syllable,
    st.sampled_from(["", "은", "의", "에서"]),
    st.sampled_from(BEFORE),
)
@FAST
def test_another_syllable_makes_another_word(name, syllable, particle, before):
    """A name with a syllable behind that is no particle is another word, with a particle of its own or
    without.
    """
    found = NAMES.find(before + name + syllable + particle)
    assert name not in [printed for printed, _ in found]


@pytest.mark.parametrize(
    "word", ["한국형", "한국어로", "미국식", "영국계", "한미약품", "국립과학재단법", "미국형은"]
)
def test_words_made_from_names(word):
    """Words made from a name name nobody."""
    assert NAMES.entities(f"이날 {word} 논의") == set()


@given(st.sampled_from(["한국", "영국", "한미"]), hangul, st.sampled_from(["", "은", "의"]))
@FAST
def test_a_hangul_name_starts_a_word(name, syllable, particle):
    """A name behind another syllable is the end of another word."""
    assert NAMES.entities(f"이날 {syllable}{name}{particle} 논의") == set()
    assert NAMES.entities(f"이날 {syllable} {name}{particle} 논의") == LISTED[name]


def test_the_head_of_a_body_names_the_body():
    """국가안보실장 names the office that he heads; a longer word does not."""
    assert NAMES.entities("국가안보실장은 배석했다") == {OFFICE}
    assert NAMES.entities("국가안보실장실은 비었다") == set()


@given(
    st.sampled_from(["미국 국립과학재단", "미국  국립과학재단", "US National Science Foundation"]),
    st.sampled_from(["", " 측", ", "]),
)
@FAST
def test_the_longest_name_wins(name, after):
    """A country in the name of a body is not the country, and in front of anything else it is."""
    assert NAMES.entities(name + after) == {NSF}
    assert NAMES.entities(f"미국 상무부와 {name}{after}") == {USA, NSF}
    assert NAMES.entities(f"{name}{after} and the US") == {USA, NSF}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("미국 과학재단", {USA}),
        ("미국의 국립과학재단", {USA, NSF}),
        ("미국\n국립과학재단", {USA, NSF}),
        ("US Science Foundation", {USA}),
        ("South Korean", set()),
        ("North Korea", {KOR}),
        ("조\n실장", set()),
    ],
)
def test_a_name_counts_only_whole(text, expected):
    """A longer name that is not all there leaves the shorter one, and none runs across the gap between two
    passages.
    """
    assert NAMES.entities(text) == expected


@given(st.sampled_from(LATIN_NAMES), st.sampled_from(ENGLISH_BEFORE), st.sampled_from(ENGLISH_AFTER))
@FAST
def test_a_latin_name_is_found_between_other_signs(name, before, after):
    """A Latin name is found among English words, in brackets, quotes and compounds, and with a possessive."""
    assert NAMES.entities(before + name + after) == LISTED[name]


@given(st.sampled_from(LATIN_NAMES), st.sampled_from(PARTICLES + TWO_PARTICLES))
@FAST
def test_a_latin_name_is_found_before_a_particle(name, particle):
    """Korean joins its particles to Latin names too."""
    assert NAMES.entities(f"이날 {name}{particle} 서명했다") == LISTED[name]


letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


@given(st.sampled_from(ACRONYMS), letters, st.booleans())
@FAST
def test_a_latin_name_needs_word_boundaries(name, letter, leads):
    """A letter or digit before or behind an acronym makes another word: USA, BUS, US2. The plural s alone
    does not.
    """
    text = f"the {letter}{name} text" if leads else f"the {name}{letter} text"
    plural = not leads and letter == "s"
    assert NAMES.entities(text) == (LISTED[name] if plural else set())


@given(
    st.sampled_from(ACRONYMS),
    st.sampled_from([str.lower, str.capitalize, str.title, lambda s: s[0].lower() + s[1:]]),
)
@FAST
def test_a_short_latin_name_in_other_letters_is_a_word(name, spell):
    """Us and who are words; only US and WHO are names."""
    assert NAMES.entities(f"{spell(name)} signed with them") == set()
    assert NAMES.entities(f"{name} signed with them") == LISTED[name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cho signed", {CHO}),
        ("CHO signed", {CHO}),
        ("cho signed", set()),
        ("SOUTH KOREA", {KOR}),
        ("south korea", {KOR}),
        ("U.S. officials", {USA}),
        ("the US’ view", {USA}),
    ],
)
def test_letters_of_other_latin_names(text, expected):
    """Headlines in capitals name the same; a long name needs no capitals, a short one does."""
    assert NAMES.entities(text) == expected


@given(
    st.sampled_from(["한미", "한·미", "한ㆍ미", "한‧미"]),
    st.sampled_from(["", " 양국", "는", "가", "의", " 간"]),
)
@FAST
def test_two_entities_share_a_name(name, after):
    """A name borne by several entities can mean each of them, however its dot is typed."""
    (found,) = NAMES.find(name + after)
    assert found[1] == {KOR, USA}
    assert GBR not in NAMES.entities(name + after)


@given(
    st.text(hangul, max_size=3), st.sampled_from(["반도체", "양자", "인공지능"]), st.text(hangul, max_size=3)
)
@FAST
def test_a_domain_is_found_inside_compounds(before, term, after):
    """A Hangul term of a domain is found wherever it stands, alone or in a compound, and broken up it is
    not.
    """
    assert LISTED[term] <= NAMES.entities(before + term + after)
    assert not LISTED[term] & NAMES.entities(f"{before}{term[0]} {term[1:]}{after}".replace(term, ""))


@given(
    st.text(hangul, max_size=3),
    st.sampled_from(["AI", "ai", "Ai", "quantum", "Quantum", "QUANTUM"]),
    st.text(hangul, max_size=3),
    letters,
)
@FAST
def test_a_latin_term_of_a_domain(before, term, after, letter):
    """A Latin term is found in any case and beside Hangul, but not inside a longer Latin word."""
    expected = {AI} if term.lower() == "ai" else {QUANTUM}
    assert expected <= NAMES.entities(before + term + after)
    assert not expected & NAMES.entities(f"{before}{letter}{term}{after}")
    assert not expected & NAMES.entities(f"{before}{term}{letter}{after}")


def test_a_compound_is_of_each_domain_in_it():
    """AI반도체 is of two domains, and so is a domain's name inside another's unless only the longest is asked
    for.
    """
    assert NAMES.entities("AI반도체 협력") == {AI, CHIPS}
    assert NAMES.entities("clean nuclear energy") == {ENERGY, NUCLEAR}
    assert NAMES.find("clean nuclear energy", nested=False) == [("nuclear energy", frozenset({NUCLEAR}))]
    assert NAMES.find("energy and nuclear energy", nested=False) == [
        ("energy", frozenset({ENERGY})),
        ("nuclear energy", frozenset({NUCLEAR})),
    ]


@given(st.text(st.sampled_from("가나다 abc,.()12"), max_size=30))
@FAST
def test_a_vocabulary_without_names_finds_none(text):
    """An empty list finds nothing, where a list with a name finds it in the same place."""
    assert Names({}).find(text) == []
    assert NAMES.entities(f"{text}; 한국은") == {KOR}
