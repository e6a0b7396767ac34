"""Figures in every form that sources write them in: the matcher gives the right number or none, never
another.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.matchers.bounds import bounds_said
from scripts.matchers.numbers import has_number, numbers
from scripts.model.problems import BadData
from tests.mini import Mini

FAST = settings(max_examples=150, deadline=None, derandomize=True)

THOUSAND, MILLION, BILLION, TRILLION = 10**3, 10**6, 10**9, 10**12
# Scale words and what they multiply by, by language; those read for certain.
SCALES: dict[str, dict[str, int]] = {
    "en": {
        "thousand": THOUSAND,
        "million": MILLION,
        "billion": BILLION,
        "trillion": TRILLION,
        "bn": BILLION,
        "bln": BILLION,
        "mn": MILLION,
        "mln": MILLION,
        "tn": TRILLION,
        "hundred million": 10**8,
        "hundred thousand": 10**5,
        "lakh": 10**5,
        "crore": 10**7,
        "lakh crore": 10**12,
        "thousand crore": 10**10,
        "dozen": 12,
    },
    "de": {
        "Tausend": THOUSAND,
        "Tsd.": THOUSAND,
        "Millionen": MILLION,
        "Mio.": MILLION,
        "Milliarden": BILLION,
        "Mrd.": BILLION,
        "Mrd": BILLION,
        "Billionen": TRILLION,
        "Millionen Milliarden": 10**15,
    },
    "fr": {
        "mille": THOUSAND,
        "millions": MILLION,
        "milliards": BILLION,
        "Md": BILLION,
        "billions": TRILLION,
        "mille milliards": 10**12,
    },
    "sv": {
        "tusen": THOUSAND,
        "miljoner": MILLION,
        "miljarder": BILLION,
        "biljoner": TRILLION,
        "mnkr": MILLION,
        "mdkr": BILLION,
        "mkr": MILLION,
    },
    "ru": {"тыс.": THOUSAND, "млн": MILLION, "миллионов": MILLION, "млрд": BILLION, "трлн": TRILLION},
    "ko": {
        "만": 10**4,
        "억": 10**8,
        "조": 10**12,
        "천만": 10**7,
        "백만": 10**6,
        "십억": 10**9,
        "천억": 10**11,
    },
    "ja": {"万": 10**4, "億": 10**8, "兆": 10**12, "千万": 10**7, "百万": 10**6, "十億": 10**9},
    "zh": {"万": 10**4, "亿": 10**8, "万亿": 10**12, "億": 10**8},
}
POINT = ("en", "ko", "ja", "zh")
SPACED = {"en", "de", "fr", "sv", "ru"}
# How groups of three are set apart, and what stands before the fraction, by language.
GROUPS = {"en": ",", "ko": ",", "ja": ",", "zh": ",", "de": ".", "fr": " ", "sv": " ", "ru": " "}
languages = st.sampled_from(sorted(SCALES))


def digits(value: Decimal | int, language: str, *, grouped: bool) -> str:
    """``value`` in digits as the language writes it."""
    text = f"{value:,}" if grouped else f"{value:f}" if isinstance(value, Decimal) else str(value)
    if language in POINT:
        return text
    return text.replace(".", "\0").replace(",", GROUPS[language]).replace("\0", ",")


amounts = (
    st.integers(1, 999_999_999)
    | st.integers(1, 999)
    | st.decimals(Decimal("1.1"), 999, places=1)
    | st.decimals(Decimal("1.01"), 99, places=2)
)


def wrapped(text: str, language: str) -> str:
    return {
        "ko": f"사업에 {text} 달러를 쓴다",
        "ja": f"事業に{text}ドルを使う",
        "zh": f"投资{text}元",
        "en": f"It pays {text} pounds in all.",
    }.get(language, f"({text} Euro)")


@given(amounts, languages, st.booleans(), st.data())
@FAST
def test_a_figure_of_its_language_is_read(value, language, grouped, data):
    """Digits grouped as in the language, with its scale words, have the scaled value and no other."""
    scale = data.draw(st.sampled_from(["", *SCALES[language]]))
    if scale and isinstance(value, int) and value >= 10**6:
        value %= 1000
        value += 1
    between = data.draw(st.sampled_from([" ", "\u00a0", "-"])) if language in SPACED and scale else ""
    text = wrapped(f"{digits(value, language, grouped=grouped)}{between}{scale}", language)
    expected = Decimal(value) * SCALES[language].get(scale, 1)
    # Of words that other languages share the comma may be theirs.
    found = numbers(text, language)
    assert found == {expected} or (grouped and scale in {"bln", "mln"} and not found), text


@given(amounts, languages, st.booleans(), st.data(), st.sampled_from([None, "en", "de", "fr", "sv", "ko"]))
@FAST
def test_a_figure_of_another_language_is_right_or_none(value, language, grouped, data, told):
    """Where the text is not of the language that it is said to be, what is read may be nothing, but nothing
    else.
    """
    scales = [s for s in SCALES[language] if "illion" not in s and s != "billions"]
    scale = data.draw(st.sampled_from(scales))
    if isinstance(value, int) and value >= 10**6:
        value = value % 1000 + 1
    text = wrapped(
        (
            f"{digits(value, language, grouped=grouped)} {scale}"
            if language in SPACED
            else f"{digits(value, language, grouped=grouped)}{scale}"
        ),
        language,
    )
    expected = Decimal(value) * SCALES[language][scale]
    if language in POINT and told in {"de", "fr", "sv"} and (grouped or value != int(value)):
        return
    assert numbers(text, told) <= {expected}, text


@given(st.integers(2, 2400), st.integers(2401, 9999), languages, st.data())
@FAST
def test_the_ends_of_a_range_share_its_scale(low, high, language, data):
    """The first number of a range has the scale of the last, is a floor, and the last a ceiling."""
    scale = data.draw(st.sampled_from(sorted(SCALES[language])))
    dash = data.draw(st.sampled_from(["-", "–", "~", " to ", " - "] if language == "en" else ["-", "–", "~"]))
    between = " " if language in SPACED else ""
    size = SCALES[language][scale]
    text = wrapped(f"{low}{dash}{high}{between}{scale}", language)
    assert numbers(text, language) == {Decimal(low * size), Decimal(high * size)}, text
    assert bounds_said(text, low * size, language) == {"at_least"}
    assert bounds_said(text, high * size, language) == {"up_to"}


TAILS = [
    " and a half",
    " and a quarter",
    "½",
    " ½",
    " 1/2",
    "-1/2",
    "¼",
    "²",
    "⁶",
    "^6",
    " × 10⁶",
    " x 10",
    "/3",
    ":30",
    " 반",
    "半",
    "분의 3",
    " et demi",
    " und ein halb",
    "e6",
    "E+6",
    "①",
    "⅓",
]
PLUS = {
    " and a half": Fraction(1, 2),
    " and a quarter": Fraction(1, 4),
    "½": Fraction(1, 2),
    " ½": Fraction(1, 2),
    " 1/2": Fraction(1, 2),
    "-1/2": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "⅓": Fraction(1, 3),
    " 반": Fraction(1, 2),
    "半": Fraction(1, 2),
    " et demi": Fraction(1, 2),
    " und ein halb": Fraction(1, 2),
}


@given(st.integers(1, 999), st.sampled_from(TAILS), st.sampled_from(["", " million", " billion", " lakh"]))
@FAST
def test_a_tail_belongs_to_the_number(n, tail, scale):
    """Fractions, exponents, products and times are read whole or not at all."""
    text = f"It is {n}{tail}{scale} in all"
    size = {"": 1, " million": MILLION, " billion": BILLION, " lakh": 10**5}[scale]
    right = (
        {Decimal(int((n + PLUS[tail]) * size * 8)) / 8}
        if tail in PLUS and ((n + PLUS[tail]) * size * 8).denominator == 1
        else set()
    )
    assert numbers(text) <= right, text


@given(
    st.integers(1, 999),
    st.sampled_from(
        [
            "USD million {}",
            "US$ million: {}",
            "EUR bn {}",
            "M€ {}",
            "£m {}",
            "$bn {}",
            "(in millions) {}",
            "million {}",
            "lakh {}",
            "Mio. {}",
            "Mrd. Euro {}",
        ]
    ),
)
@FAST
def test_a_scale_in_front_is_never_left_out(n, form):
    """Digits behind a scale that belongs to no other number are not read without it."""
    assert Decimal(n) not in numbers(form.format(n))


@given(
    st.integers(2, 99),
    st.sampled_from(
        [
            "{}+ billion",
            "({}) million",
            "five ({}) million",
            "{} (five) million",
            "{} USD bn",
            "{} US$ million",
            "{}€ Mio.",
            "{} or so million",
            "{} or more billion",
            "{}-odd million",
            "{}-plus billion",
            "{} (in millions)",
            "{} (US$ million)",
            "{} (억 달러)",
            "{}\nmillion",
            "{}\n억 달러",
            "{}+억",
        ]
    ),
)
@FAST
def test_a_scale_kept_apart_is_never_left_out(n, form):
    """Digits are not read without a scale that a sign, a word, a bracket or a line feed keeps apart from
    them.
    """
    assert Decimal(n) not in numbers(f"It is {form.format(n)} in all")


def test_a_plus_between_digits_and_scale_makes_a_floor():
    assert numbers("an inaugural $7.5+ million in funding") == {Decimal(7_500_000)}
    assert bounds_said("an inaugural $7.5+ million in funding", 7_500_000) == {"at_least"}
    assert numbers("필라3(청정경제)") == {Decimal(3)}


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("£1,500 to 2,000 million", {1500 * MILLION, 2000 * MILLION}),
        ("1500~2000억 달러", {1500 * 10**8, 2000 * 10**8}),
        ("$250,000 to $1.5 million", {250_000, 1_500_000}),
        ("1500~1조 2000억 원", {1_200_000_000_000}),
        ("800 to 1 million", {MILLION}),
        ("2,000 and 3 million", {3 * MILLION}),
        ("in 2024, 30 billion", {2024, 30 * BILLION}),
    ],
)
def test_large_numbers_share_the_scale_of_a_range_too(text, ends):
    assert numbers(text) == {Decimal(n) for n in ends}


@given(
    st.integers(2, 99),
    st.sampled_from(["mil", "MM", "m", "M", "b", "B", "t", "T", "K", "bio", "cents", "G", "bil"]),
    st.sampled_from(["", " "]),
)
@FAST
def test_a_sign_that_may_multiply_hides_the_digits(n, sign, between):
    """What may be a scale and is not certain leaves no number."""
    assert numbers(f"It is {n}{between}{sign} in all") == set()


CARDINALS = [
    ("two and a half billion", 2_500_000_000), ("one hundred and five", 105), ("two hundred seventy", 270),
    ("two hundred and fifty million", 250_000_000),
    ("two point five billion", 2_500_000_000), ("three thousand two hundred", 3200),
    ("two thousand and twenty-five", 2025), ("five hundred thousand million", 5 * 10**11),
    ("ten crore", 10**8), ("twelve hundred", 1200), ("one million two hundred thousand", 1_200_000),
]  # fmt: skip
NOT_READ = [
    "half a million",
    "a quarter of a billion",
    "two-thirds",
    "one third of",
    "one hundred and first",
    "several million",
    "hundreds of millions",
    "cent six millions",
    "nineteen eighty-five",
    "이삼십억 달러",
    "수십억 달러",
    "몇 백만 달러",
    "삼분의 일",
    "5억 오천만 원",
    "1 crore 20 lakh",
    "2 thousand 500",
    "2 lakh 500",
    "5 hundred and fifty",
    "5 million²",
    "twenty score",
    "point five million",
    "five million three hundred thousand million",
]


@pytest.mark.parametrize(
    "text",
    [
        "‘6G 원칙’",
        "the 6G principles",
        "COVID-19",
        "24M Technologies",
        "F-35",
        "Resolution ES-11/1",
        "10:44 a.m.",
        "24/7",
    ],
)
def test_names_and_times_are_no_numbers(text):
    assert numbers(text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the 2022 Quad summit", 2022),
        ("a Twenty-First Century", 21),
        ("USD204.10 million", 204_100_000),
        ("$250,000 to $1.5 million", 250_000),
        ("10억여 달러", 10**9),
        ("in 2024, 30 billion", 2024),
        ("ten million two years ago", 10**7),
        ("€95 billion 7-year program", 95 * BILLION),
        ("€95 billion 7-year program", 7),
        ("1000만 달러 (약 130억 원)", 10**7),
        ("$75 (about 100,000 won)", 75),
        ("by 20%. Thousands came", 20),
    ],
)
def test_what_stands_beside_a_number_leaves_it(text, value):
    assert Decimal(value) in numbers(text)


@pytest.mark.parametrize(("words", "value"), CARDINALS)
def test_number_words_are_read_whole(words, value):
    assert numbers(f"It pays {words} pounds") == {Decimal(value)}


@pytest.mark.parametrize("words", NOT_READ)
def test_what_is_no_one_number_is_not_read(words):
    assert numbers(f"It pays {words} pounds") == set()


@given(
    st.characters(categories=("Nd", "Nl", "No", "So", "Sm"), exclude_characters="0123456789"),
    st.integers(1, 99),
)
@FAST
def test_only_full_width_forms_are_digits(sign, n):
    """Signs that NFKC makes digits of are none, alone or beside digits."""
    if unicodedata.east_asian_width(sign) == "F" and unicodedata.normalize("NFKC", sign).isdigit():
        assert has_number(f"see {sign} here", int(unicodedata.normalize("NFKC", sign)))
        return
    value = unicodedata.numeric(sign, None)
    vulgar = (
        value is not None
        and unicodedata.category(sign) == "No"
        and "FRACTION" in unicodedata.name(sign)
        and value != int(value)
    )
    assert numbers(f"see {sign} here") <= ({Decimal(str(value))} if vulgar else set())
    assert numbers(f"see {n}{sign} here") <= {Decimal(n) + Decimal(str(value))} if vulgar else {Decimal(n)}


WRONG = [
    ("35 lakh pounds", 35, "GBP"), ("2 hundred million pounds", 2, "GBP"), ("£5 bln", 5, "GBP"),
    ("€5 Mrd.", 5, "EUR"), ("$20 to 30 billion", 20, "USD"), ("$20 to 30 billion", 30, "USD"),
    ("two and a half billion pounds", 2, "GBP"), ("€2,5 billion", 2, "EUR"), ("€2,5 billion", 5, "EUR"),
    ("5 000 000 pounds", 5, "GBP"), ("£5.000.000", 5, "GBP"), ("£5.000", 5, "GBP"),
    ("2½ billion pounds", 2, "GBP"), ("2½ billion pounds", 21, "GBP"),
    ("10⁶ pounds", 106, "GBP"), ("5 x 10⁶ pounds", 5, "GBP"), ("USD million 5", 5, "USD"), ("£m 5", 5, "GBP"),
    ("1 crore 20 lakh rupees", 20, "INR"), ("£2/3 million", 3, "GBP"),
]  # fmt: skip
RIGHT = [
    ("35 lakh pounds", 3_500_000, "GBP"),
    ("2 hundred million pounds", 200_000_000, "GBP"),
    ("£5 bln", 5 * BILLION, "GBP"),
    ("5 000 000 pounds", 5_000_000, "GBP"),
    ("two and a half billion pounds", 2_500_000_000, "GBP"),
    ("2½ billion pounds", 2_500_000_000, "GBP"),
    ("€5 Mrd.", 5 * BILLION, "EUR"),
]


def _paid(mini: Mini, words: str, amount: int, currency: str) -> None:
    passages = next(mini.passages.iterdir())
    passages.write_text(passages.read_text("utf-8").replace("2 million pounds", words), "utf-8")
    mini.edit("coding/mini-release-2025-03-04/funding.csv", "2000000,GBP", f"{amount},{currency}")


@pytest.mark.parametrize(("words", "amount", "currency"), WRONG)
def test_a_figure_without_its_scale_does_not_build(
    mini: Mini, words: str, amount: int, currency: str
) -> None:
    """The whole way from a sheet: the digits alone are not confirmed."""
    _paid(mini, words, amount, currency)
    with pytest.raises(BadData) as bad:
        mini.build(against_lock=False)
    assert ("amount", "evidence") in {(p.column, p.rule) for p in bad.value.problems}


@pytest.mark.parametrize(("words", "amount", "currency"), RIGHT)
def test_a_figure_with_its_scale_is_confirmed(mini: Mini, words: str, amount: int, currency: str) -> None:
    _paid(mini, words, amount, currency)
    built = mini.build(against_lock=False)
    checks = {
        e["field"]: e["check"]
        for e in built.data["evidence"]
        if e["table"] == "funding" and e["row_id"] == "pact-pounds"
    }
    assert checks["amount"] == checks["currency"] == "confirmed"
