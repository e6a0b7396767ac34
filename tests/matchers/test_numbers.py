"""Numbers written in every form that the matcher reads, and what only looks like them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scripts.matchers.numbers import figures, has_number, numbers

FAST = settings(max_examples=100, deadline=None, derandomize=True)

# Words that print no number; a form is set between two of them.
KOREAN_BEFORE = ["", "약 ", "총 ", "예산은 ", "정부가 ", "규모는 최소 ", "(", "협력 사업에 "]
KOREAN_AFTER = ["", ".", ")", ", 규모로 늘린다", " 규모의 사업", "로 늘었다", "에 이른다"]
MONEY_AFTER = [" 달러", "달러를 투자", " 원", "원을 들여", " 유로"]
COUNTED_AFTER = [" 명이 참여했다", " 건을 넘는", " 개 기관", " 곳"]
ENGLISH_BEFORE = ["", "about ", "worth ", "(", "a total of ", "funding of "]
ENGLISH_AFTER = ["", ".", ")", ", it said", " in grants", " of funding", "; more may follow"]

MYRIADS = ["", "만", "억", "조"]
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "mn": 10**6, "bn": 10**9, "tn": 10**12}
UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NTHS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
NATIVE = ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"]


def groups(value: int) -> list[tuple[int, str]]:
    """The digits of ``value`` in fours with their myriad units, the highest first, empty groups left out."""
    found = [(value // 10 ** (4 * i) % 10**4, unit) for i, unit in enumerate(MYRIADS)]
    return [(n, unit) for n, unit in reversed(found) if n]


def hangul(value: int) -> list[str]:
    """``value`` in Sino-Korean words, one for each myriad unit."""

    def below_myriad(n: int) -> str:
        word = ""
        for place, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
            digit = n // place % 10
            if digit:
                word += ("" if digit == 1 and name else "일이삼사오육칠팔구"[digit - 1]) + name
        return word

    return [unit if n == 1 and unit == "만" else below_myriad(n) + unit for n, unit in groups(value)]


def english(n: int) -> str:
    """A whole number below one hundred in English words."""
    if n < 10:
        return UNITS[n - 1]
    if n < 20:
        return TEENS[n - 10]
    return TENS[n // 10 - 2] + (f"-{UNITS[n % 10 - 1]}" if n % 10 else "")


def english_nth(n: int) -> str:
    """An ordinal up to twelfth, or from the twenties to the nineties, in English words."""
    return NTHS[n - 1] if n <= 12 else f"{TENS[n // 10 - 2]}-{NTHS[n % 10 - 1]}"


def nth(n: int) -> str:
    """An ordinal in digits: 21st."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


whole = st.integers(0, 10**15) | st.integers(0, 9999)
large = st.integers(10**4, 10**16 - 1)
decimals = st.decimals(Decimal("0.1"), 999, places=1)
nths = st.integers(1, 12) | st.integers(20, 99).filter(lambda n: n % 10)


@st.composite
def tenfold(draw):
    """A digit before one of 십, 백, 천 and a myriad unit: 1천만."""
    digits, (name, size), myriad = (
        draw(st.integers(1, 999)),
        draw(st.sampled_from([("십", 10), ("백", 100), ("천", 1000)])),
        draw(st.integers(0, 3)),
    )
    return digits * size * 10 ** (4 * myriad), f"{digits}{name}{MYRIADS[myriad]}"


@st.composite
def myriad_and_thousands(draw):
    """Myriads and thousands: 3만 5천."""
    a, b, space = draw(st.integers(1, 9999)), draw(st.integers(1, 9)), draw(st.sampled_from(["", " "]))
    return a * 10**4 + b * 1000, f"{a}만{space}{b}천"


@st.composite
def decimal_myriads(draw):
    """A fraction before a myriad unit: 2.5억."""
    n, power = draw(decimals), draw(st.integers(1, 3))
    return n * 10 ** (4 * power), f"{n}{MYRIADS[power]}"


@st.composite
def spaced_groups(draw):
    """Groups of four set apart: 4조 5000억, 1만 5,000."""
    value = draw(large.filter(lambda n: n % 10**4 == 0 or n % 10**4 >= 100))
    last = f"{value % 10**4:,}" if draw(st.booleans()) else f"{value % 10**4}"
    return value, " ".join(f"{n}{unit}" if unit else last for n, unit in groups(value))


@st.composite
def scaled(draw, scales, join, currency):
    """Digits, whole or with a fraction, and an English scale: $10 million, £31bn."""
    n, scale = draw(st.integers(1, 999) | decimals), draw(st.sampled_from(sorted(scales)))
    return n * scales[scale], f"{draw(st.sampled_from(currency))}{n}{draw(st.sampled_from(join))}{scale}"


@st.composite
def scaled_words(draw):
    """An English number word and its multiplier: ten million, twenty-one thousand, two hundred billion."""
    n, hundred, scale = (
        draw(st.integers(1, 99)),
        draw(st.booleans()),
        draw(st.sampled_from(["", *sorted(SCALES)])),
    )
    assume(not hundred or n < 10)
    words = [english(n), *(["hundred"] if hundred else []), *([scale] if scale else [])]
    return n * (100 if hundred else 1) * SCALES.get(scale, 1), draw(st.sampled_from([" ", "-"])).join(words)


def form(values, write):
    """Pairs of a value and its text."""
    return values.map(lambda v: (v, write(v)))


KOREAN_FORMS = {
    "plain digits": form(whole, str),
    "thousands separators": form(whole, lambda n: f"{n:,}"),
    "full-width digits": form(
        whole, lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    ),
    "a fraction": form(decimals, str),
    "below zero": form(decimals, lambda d: f"-{d}").map(lambda pair: (-pair[0], pair[1])),
    "one myriad unit": (
        form(st.integers(1, 9999), lambda n: f"{n}만").map(lambda pair: (pair[0] * 10**4, pair[1]))
    ),
    "myriad units, joined": form(large, lambda n: "".join(f"{m}{unit}" for m, unit in groups(n))),
    "myriad units, spaced": spaced_groups(),
    "myriad unit after a fraction": decimal_myriads(),
    "tenfold units": tenfold(),
    "myriads and thousands": myriad_and_thousands(),
    "ordinal": (
        st.integers(1, 999).flatmap(
            lambda n: st.sampled_from(
                [(n, f"{n}번째"), (n, f"{n} 번째"), (n, f"제{n}차"), (n, f"제{n}조"), (n, f"{n}위")]
            )
        )
    ),
    "native ordinal": (
        st.integers(1, 10).flatmap(
            lambda n: st.sampled_from(
                [(n, f"{NATIVE[n - 1]} 번째"), (n, f"{NATIVE[n - 1]}번째"), (n, f"{NATIVE[n - 1]} 나라")]
            )
        )
    ),
    "the first": st.sampled_from([(1, "첫 번째"), (1, "첫째"), (1, "첫 회의")]),
}
MONEY_FORMS = {
    "Hangul words, joined": form(st.integers(10, 10**16 - 1), lambda n: "".join(hangul(n))),
    "Hangul words, spaced": form(
        st.integers(10, 10**16 - 1).filter(lambda n: n % 10**4 == 0 or n % 10**4 >= 10),
        lambda n: " ".join(hangul(n)),
    ),
    "myriad unit set apart": (
        form(st.integers(1, 9999), lambda n: f"{n} 만").map(lambda pair: (pair[0] * 10**4, pair[1]))
    ),
}
ENGLISH_FORMS = {
    "plain digits": form(whole, str),
    "thousands separators": form(whole, lambda n: f"{n:,}"),
    "scale words": scaled(SCALES, [" ", "-", ""], ["", "$", "US$", "£", "€"]),
    "short scales": scaled(SHORT_SCALES, [""], ["$", "US$", "£", "€"]),
    "short scales of two letters": scaled(
        {s: n for s, n in SHORT_SCALES.items() if len(s) == 2}, [""], ["", "$"]
    ),
    "short scales, spaced": scaled({s: n for s, n in SHORT_SCALES.items() if len(s) == 2}, [" "], ["$", "£"]),
    "number words": scaled_words(),
    "capital number words": scaled_words().map(lambda pair: (pair[0], pair[1].capitalize())),
    "ordinal": form(st.integers(1, 999), nth),
    "ordinal words": form(nths, english_nth),
}


def set_in(written, before, after):
    """Pairs of a value and a sentence with its text."""
    return st.builds(
        lambda pair, a, b: (pair[0], a + pair[1] + b),
        written,
        st.sampled_from(before),
        st.sampled_from(after),
    )


FORMS = [
    *(
        pytest.param(set_in(f, KOREAN_BEFORE, KOREAN_AFTER), id=f"Korean, {name}")
        for name, f in KOREAN_FORMS.items()
    ),
    *(
        pytest.param(set_in(f, KOREAN_BEFORE, MONEY_AFTER), id=f"Korean, {name}")
        for name, f in MONEY_FORMS.items()
    ),
    pytest.param(
        set_in(form(st.integers(10, 10**12 - 1), lambda n: "".join(hangul(n))), KOREAN_BEFORE, COUNTED_AFTER),
        id="Korean, a count in Hangul words",
    ),
    *(
        pytest.param(set_in(f, ENGLISH_BEFORE, ENGLISH_AFTER), id=f"English, {name}")
        for name, f in ENGLISH_FORMS.items()
    ),
]


def as_value(value: int | Decimal) -> int | float:
    """The value as a cell holds it."""
    return int(value) if value == int(value) else float(value)


def others(value: int | Decimal) -> list[Decimal]:
    """Values that are near, are off by a scale, or leave digits out."""
    near = [value + 1, value - 1, value * 10, value * 1000, value * 10**4, -value]
    parts = [Decimal(value) / 10**n for n in (1, 2, 3, 4, 6, 8, 9, 12)]
    digits = str(abs(int(value)))
    cut = [Decimal(d) for d in (digits[1:], digits[:-1]) if d]
    return sorted({Decimal(v) for v in [*near, *parts, *cut] if v != value})


@pytest.mark.parametrize("sentences", FORMS)
@given(data=st.data())
@FAST
def test_a_written_number_is_found_and_no_other(sentences, data):
    """A number in each form is found among words, and nothing else is: no part of it, no neighbour, no other
    scale.
    """
    value, sentence = data.draw(sentences)
    assert has_number(sentence, as_value(value)), sentence
    other = data.draw(st.sampled_from(others(value)))
    assert not has_number(sentence, as_value(other)), sentence
    assert numbers(sentence) == {Decimal(value)}


@given(
    st.lists(whole, min_size=2, max_size=4, unique=True),
    st.sampled_from([" 및 ", ", ", "~", "와 ", " and ", "\n", "·"]),
)
@FAST
def test_each_of_several_numbers_is_found(values, between):
    """Numbers in a list or at the ends of a range are all found, in order, and what is not listed is not."""
    text = between.join(f"{v:,}" for v in values)
    assert figures(text) == values
    assert not has_number(text, sum(values) + 1)


@given(st.integers(1, 999) | decimals, st.sampled_from("ABCDEFGHIJLNOPQRSUVWXYZacdgvwxyz"))
@FAST
def test_a_letter_behind_makes_a_name(n, letter):
    """Digits with a letter behind that is no scale are a name (6G, 2.0x) and no number, not even in part."""
    assert numbers(f"차세대 {n}{letter} 통신") == set()
    assert numbers(f"차세대 {n} 통신") == {Decimal(n)}


@given(st.integers(0, 999), st.sampled_from("ABGKMXabkmx"))
@FAST
def test_a_letter_before_makes_a_name(n, letter):
    """Digits that a letter leads are a name (H100) and no number."""
    assert numbers(f"the {letter}{n} chip") == set()
    assert numbers(f"the {letter} {n} chip") == {Decimal(n)}


@given(st.integers(1, 99), st.integers(0, 99), st.integers(0, 99))
@FAST
def test_dotted_digits_are_no_number(a, b, c):
    """Three groups of digits with dots between are a version or a date, and no number."""
    assert numbers(f"version {a}.{b}.{c} of the text") == set()
    assert has_number(f"version {a}.{b} of the text", float(f"{a}.{b}"))


@given(st.integers(1, 9999), st.sampled_from(["만", "억", "조"]), st.sampled_from(["km", "GW", "TEU"]))
@FAST
def test_letters_may_follow_a_korean_unit(n, unit, letters):
    """After a myriad unit letters are a measure, and the unit still counts: 10만km."""
    value = n * 10 ** (4 * MYRIADS.index(unit))
    assert numbers(f"{n}{unit}{letters}") == {Decimal(value)}


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["만", "억"]))
@FAST
def test_no_number_runs_across_a_gap(a, b, unit):
    """Two cited passages are two texts: what ends one and what begins the next make no number together."""
    higher = 10 ** (4 * MYRIADS.index(unit))
    assert numbers(f"{a}{unit}\n{b}") == {Decimal(a * higher), Decimal(b)}
    # Nor is it certain that they do not belong together, as in a text with broken lines.
    assert numbers(f"{a}\n{unit}") == numbers(f"{a}\nmillion") == numbers("ten\nmillion") == set()


LOOKALIKES = [
    "조건",
    "조차",
    "조종사",
    "조명",
    "구조개혁",
    "구조대원",
    "천명했다",
    "천장",
    "만장일치",
    "만약",
    "백건우",
    "억대",
    "한국",
    "한다",
    "열린",
    "두루",
    "두뇌",
    "세계",
    "세대",
    "네트워크",
    "첫눈",
]


@given(
    st.sampled_from(
        [*LOOKALIKES, "someone", "often", "seconds", "thirsty", "hundreds of millions", "tension"]
    ),
    st.sampled_from(KOREAN_BEFORE),
    st.sampled_from(["", " 대상", "의 개선", " 명단", " 원칙"]),
)
@FAST
def test_words_that_only_look_like_numbers(word, before, after):
    """A word that merely begins with or holds the letters of a number word prints no number."""
    assert numbers(before + word + after) == set()
    assert numbers(f"{before}{word}{after} 7개") == {Decimal(7)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("인구 5만 2025년", 50000),
        ("예산 10억 3월 확정", 10**9),
        ("보급 3만 5G 단말", 30000),
        ("twenty-first century", 21),
        ("one hundred companies", 100),
        ("제5조 원문", 5),
        ("10-million-dollar", 10**7),
    ],
)
def test_where_a_number_ends(text, value):
    """A number takes what belongs to it and leaves the date, the name or the word that follows."""
    assert has_number(text, value)
    assert not {Decimal(n) for n in (1, 20, 52025, 10**9 + 3, 30005, 5 * 10**12)} & numbers(text)


@pytest.mark.parametrize(
    "text", ["two hundred seventy eleven", "nineteen eighty", "1,0000", "1,2345,678", "5,10", "5m", "3 200"]
)
def test_a_number_that_cannot_be_read_whole_is_not_read_in_part(text):
    """What the grammar does not hold is left alone rather than misread."""
    assert numbers(text) == set()
