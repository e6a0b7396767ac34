"""Currencies: each by its unit, sign or code, and by the country that stands beside it."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scripts.matchers.currencies import has_currency
from scripts.model.problems import BadData
from tests.mini import Mini

FAST = settings(max_examples=100, deadline=None, derandomize=True)

CURRENCIES = {
    "USD": ["1000만 달러", "500만불", "US$10", "$10 million", "ten million dollars", "USD 5bn"],
    "KRW": ["3조 원", "1만원", "₩5000", "10 billion won", "KRW 10bn"],
    "GBP": ["310억 파운드", "£31bn", "five million pounds", "GBP 3m"],
    "JPY": ["5조 엔", "엔화", "¥100", "10 trillion yen"],
    "EUR": ["5억 유로", "1000만유로", "€3m", "five million euros"],
}


@given(
    st.sampled_from(sorted(CURRENCIES)).flatmap(
        lambda c: st.tuples(st.just(c), st.sampled_from(CURRENCIES[c]))
    )
)
@FAST
def test_a_currency_is_found_and_no_other(pair):
    """The currency of a sum is named by its word, its sign or its code, and no other currency is."""
    code, text = pair
    assert [c for c in CURRENCIES if has_currency(text, c)] == [code]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("USD", "비용 지불 방식"),
        ("USD", "A$10"),
        ("KRW", "they won the bid"),
        ("KRW", "연구원"),
        ("GBP", "반도체 파운드리"),
        ("GBP", "a compound"),
        ("EUR", "자유로운 교류"),
        ("EUR", "같은 이유로"),
        ("JPY", "유엔"),
        ("JPY", "10 CHF"),
    ],
)
def test_words_that_only_look_like_currencies(code, text):
    """Letters of a currency inside another word name none,"""
    assert not has_currency(text, code)


# A unit that several countries share, written with the country in front, behind or as letters.
SHARED = {
    "AUD": [
        "A${}",
        "AU${}",
        "AUD {}",
        "AUD{}",
        "{} AUD",
        "{} Australian dollars",
        "${} Australian",
        "${} (AUD)",
        "{} 호주 달러",
        "{}호주달러",
        "{} 豪ドル",
    ],
    "CAD": [
        "C${}",
        "CA${}",
        "Can${}",
        "CAD {}",
        "CAD${}",
        "{} CAD",
        "{} Canadian dollars",
        "${} CAD",
        "{} 캐나다 달러",
        "{}カナダドル",
    ],
    "SGD": ["S${}", "SGD {}", "{} Singapore dollars", "{} 싱가포르 달러"],
    "TWD": [
        "NT${}",
        "NTD {}",
        "TWD {}",
        "{} New Taiwan dollars",
        "{} Taiwan dollars",
        "{} 대만 달러",
        "{} 대만달러",
    ],
    "HKD": ["HK${}", "HKD {}", "{} Hong Kong dollars", "{} 홍콩 달러"],
    "NZD": ["NZ${}", "NZD {}", "{} New Zealand dollars", "{} 뉴질랜드 달러"],
    "USD": [
        "US${}",
        "U.S.${}",
        "${}",
        "USD {}",
        "{} US dollars",
        "{} U.S. dollars",
        "{} dollars",
        "{} 달러",
        "{} 미국 달러",
        "미화 {} 달러",
        "{} 米ドル",
        "{}ドル",
    ],
    "CNY": ["RMB {}", "CNY {}", "{} yuan", "CN¥{}", "{} 위안", "{}元"],
    "JPY": ["¥{}", "JPY {}", "{} yen", "{} 엔", "{}円"],
    "INR": ["₹{}", "Rs. {}", "INR {}", "{} rupees", "{} 루피"],
    "GBP": ["£{}", "GBP {}", "{} pounds", "{} pounds sterling", "{} 파운드"],
    "EGP": ["E£{}", "EGP {}", "{} Egyptian pounds"],
    "EUR": ["€{}", "EUR {}", "{} euros", "{} Euro", "{}유로", "{}ユーロ"],
    "CHF": ["CHF {}", "{} Swiss francs", "{} 스위스 프랑"],
    "SEK": ["SEK {}", "{} Swedish kronor", "{} kronor", "{} 스웨덴 크로나"],
    "NOK": ["NOK {}", "{} Norwegian kroner"],
    "DKK": ["DKK {}", "{} Danish kroner"],
    "AED": ["AED {}", "{} UAE dirhams"],
    "SAR": ["SAR {}", "{} Saudi riyals"],
}
PAIRS = [(code, form) for code, forms in SHARED.items() for form in forms]


@given(
    st.sampled_from(PAIRS),
    st.integers(2, 99),
    st.sampled_from([" million", "만", "", "억"]),
    st.sampled_from(["It pays ", "", "사업에 "]),
)
@FAST
def test_the_country_beside_a_unit_decides(pair, n, scale, before):
    """However a currency is written, it is this one and no other."""
    code, form = pair
    # Korean and Japanese words go with the scales of their own.
    assume(scale != " million" or form.isascii() or not re.search("[가-힣ァ-ヿ円元]", form))
    text = before + form.format(f"{n}{scale}")
    amount = n * {" million": 10**6, "만": 10**4, "억": 10**8, "": 1}[scale]
    assert [c for c in SHARED if has_currency(text, c, amount)] == [code], text
    assert [c for c in SHARED if has_currency(text, c)] == [code], text


@given(st.sampled_from(PAIRS), st.sampled_from(PAIRS), st.integers(2, 40), st.integers(41, 99))
@FAST
def test_of_two_sums_each_has_its_own_currency(one, other, a, b):
    """The currency of a sum is the one beside it, not any of the passage."""
    text = f"It pays {one[1].format(f'{a}000000')} in 2025; then {other[1].format(f'{b}000000')} more."
    assert [c for c in SHARED if has_currency(text, c, a * 10**6)] == [one[0]], text
    assert [c for c in SHARED if has_currency(text, c, b * 10**6)] == [other[0]], text


@pytest.mark.parametrize(
    "text",
    [
        "{} francs",
        "{} kroner",
        "{} dirhams",
        "{} pesos",
        "J${}",
        "{} Jamaican dollars",
        "{} Lebanese pounds",
        "X${}",
        "{} North Korean won",
    ],
)
def test_a_unit_of_nobody_in_particular_is_none(text):
    """A shared unit that names no country, or one that is not listed, confirms nothing."""
    assert [c for c in SHARED if has_currency(text.format("5 million"), c, 5_000_000)] == []


@pytest.mark.parametrize(("home", "found"), [(None, ["USD"]), ("CAD", []), ("AUD", []), ("EGP", ["USD"])])
def test_a_bare_dollar_of_a_source_with_dollars_of_its_own_is_uncertain(home, found):
    assert [
        c for c in ("USD", "CAD", "AUD") if has_currency("It pays $5 million.", c, 5_000_000, home=home)
    ] == found
    assert has_currency("It pays US$5 million.", "USD", 5_000_000, home=home)


@pytest.mark.parametrize(
    "sentence",
    [
        "Office Beta pays 5 million Australian dollars for quantum research.",
        "Office Beta pays CAD 5 million for quantum research.",
        "Office Beta pays NT$5 million for quantum research.",
    ],
)
def test_other_dollars_are_not_confirmed_as_us_dollars(mini: Mini, sentence: str) -> None:
    passages = next(mini.passages.iterdir())
    passages.write_text(
        passages.read_text("utf-8").replace(
            "Office Beta pays 2 million pounds for quantum research.", sentence
        ),
        "utf-8",
    )
    mini.edit("coding/mini-release-2025-03-04/funding.csv", "2000000,GBP", "5000000,USD")
    with pytest.raises(BadData) as bad:
        mini.build(against_lock=False)
    assert [(p.column, p.rule) for p in bad.value.problems] == [("currency", "evidence")]
