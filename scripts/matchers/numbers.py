"""Numbers in Korean and English prose.

Grammar: digits with or without thousands separators, Korean myriad units (1000만, 4조5000억, 3만 5천),
English scales (10 million, £31bn), number words (열 번째, 첫, ten, third). A letter behind the digits that is
no scale (6G, 2.0x) makes a name, not a number. A figure is read whole or not at all, and never across a line feed,
which stands between two cited passages.
"""

from __future__ import annotations

import re
from decimal import Decimal

from scripts.matchers.normal import normal

_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_SINO = {c: n for n, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_ENGLISH_SCALE = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12,
}  # fmt: skip
_ENGLISH = {w: n for n, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"])}
_ENGLISH |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ENGLISH_ORDINAL = {w: n for n, w in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"], 1)}
_NATIVE = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "첫": 1}

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# What turns digits into a larger number: 1천만, 3만 5천, 4조5000억; spaced off only where a count follows: 5천 만 달러.
_KOREAN_UNIT = r"(?:[십백천]?[만억조경]|[십백천]| [만억조경](?= ?(?:달러|원|엔|유로|파운드|명|건|개)))"
# What is left below the last myriad unit: 1만5000, and 1만 5000 unless it is a date that follows.
_REST = rf"(?:{_DIGITS}| (?:[0-9],[0-9]{{3}}|[0-9]{{3,4}})(?![0-9A-Za-z]|[.,][0-9]| ?[년월일]))"
_FIGURE = re.compile(
    rf"(?<![0-9A-Za-z.,])(?P<sign>(?<![\w)\]\-~])-(?=[0-9]))?"
    rf"(?>(?P<body>{_DIGITS}(?:{_KOREAN_UNIT}(?: ?{_DIGITS}(?={_KOREAN_UNIT})|(?<=[만억조경]){_REST})?)*))"
    rf"(?: ?-? ?(?P<scale>thousand|million|billion|trillion)s?\b|(?P<short>k|m| ?mn| ?bn| ?tn)(?![A-Za-z0-9]))?"
    rf"(?![0-9]|\.[0-9]|,[0-9]{{3}}(?![0-9]))(?P<tail>(?:st|nd|rd|th)\b)?(?:(?<=[십백천만억조경])|(?![A-Za-z]))",
    re.IGNORECASE,
)
# 제5조 is an article, not five trillion.
_ARTICLE = re.compile(r"((?<![가-힣])제 ?[0-9]+)조")
_PIECE = re.compile(rf"(?P<n>{_DIGITS})(?P<small>[십백천]?)(?P<large>[만억조경]?)")
_COUNTER = r"(?:달러|원|엔|유로|파운드|명|건|개|년|위|차|배|곳|종|대|번|여|%|퍼센트|장|km|kg)"
_HANGUL = "일이삼사오육칠팔구십백천만억조"
_HANGUL_WORD = rf"[{_HANGUL}]*[십백천만억조][{_HANGUL}]*"
_MONEY = r"(?:달러|원(?![인리칙자전장료])|엔|유로|파운드)"
# Words that begin like a number and a counter: 조건, 구조개혁, 천명했다, 만장일치.
_LOOKALIKE = rf"(?:억|[일이삼사오육칠팔구]?조)(?! ?(?:[{_HANGUL}]|{_MONEY}))|[십백천만](?! ?(?:[{_HANGUL}]|{_MONEY})|여 | (?:명|건|개|년|곳|번|배|%|퍼센트))"
_HANGUL_NUMBER = re.compile(rf"(?<![가-힣0-9])(?<![0-9십백천만억조] )(?!{_LOOKALIKE})({_HANGUL_WORD}(?:(?<=[만억조]) {_HANGUL_WORD})*)(?= ?{_COUNTER})")
# Before a counter only: 새 시대를 열 것 is no ten.
_NATIVE_NUMBER = re.compile(r"(?<![가-힣])(?:(첫)(?= |째|번)|(한|두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?(?:째|번|차례|가지|나라|국가|곳|개|명|건|해|달|분야|사람|기관|기업|회사|단계|정부))")
_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_NTH = "|".join(_ENGLISH_ORDINAL)
# No part of a longer number: neither one of one hundred, nor twenty of twenty-first.
_ENGLISH_NUMBER = re.compile(
    rf"(?<!hundred )(?<!hundred and )\b(?P<word>{_WORD})(?:-(?P<unit>one|two|three|four|five|six|seven|eight|nine))?"
    rf"(?:[ -](?P<hundred>hundred)(?! and\b|[ -](?:{_WORD})\b))?(?:[ -](?P<scale>thousand|million|billion|trillion)s?)?\b(?![ -]hundred|-(?:{_NTH})\b)",
    re.IGNORECASE,
)
_ENGLISH_ORDINALS = re.compile(rf"\b(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?P<nth>{_NTH})\b", re.IGNORECASE)


def _korean(body: str) -> Decimal:
    """The value of digits with Korean units: the units before each myriad unit add up and are multiplied by it."""
    total = section = Decimal(0)
    for piece in _PIECE.finditer(body):
        section += Decimal(piece["n"].replace(",", "")) * _SMALL.get(piece["small"], 1)
        if piece["large"]:
            total += section * _LARGE[piece["large"]]
            section = Decimal(0)
    return total + section


def _sino(word: str) -> Decimal:
    """The value of a number written in Sino-Korean syllables: 삼천만 is 30 000 000."""
    total = section = digit = 0
    for c in word:
        if c in _SINO:
            digit = _SINO[c]
        elif c in _SMALL:
            section += (digit or 1) * _SMALL[c]
            digit = 0
        else:
            total += (section + digit or 1) * _LARGE[c]
            section = digit = 0
    return Decimal(total + section + digit)


def figure_spans(text: str) -> tuple[str, list[tuple[Decimal, int, int]]]:
    """The normal form of ``text``, and in it each number written with digits: value, start, end."""
    plain, found = _ARTICLE.sub(r"\1 ", normal(text)), []
    for match in _FIGURE.finditer(plain):
        value = _korean(match["body"].replace(" ", ""))
        scale = (match["scale"] or match["short"] or "").strip().lower()
        value *= _ENGLISH_SCALE.get(scale, 1)
        found.append((-value if match["sign"] else value, match.start(), match.end()))
    return plain, found


def figures(text: str) -> list[Decimal]:
    """Values of the numbers written with digits, in order of appearance."""
    return [value for value, _, _ in figure_spans(text)[1]]


def numbers(text: str) -> set[Decimal]:
    """Every number that ``text`` prints, in digits or in words, ordinals included."""
    text = normal(text)
    found = set(figures(text))
    found |= {_sino(m[1].replace(" ", "")) for m in _HANGUL_NUMBER.finditer(text)}
    found |= {Decimal(_NATIVE[m[1] or m[2]]) for m in _NATIVE_NUMBER.finditer(text)}
    for match in _ENGLISH_NUMBER.finditer(text):
        value = _ENGLISH[match["word"].lower()] + (_ENGLISH[match["unit"].lower()] if match["unit"] else 0)
        found.add(Decimal(value) * (100 if match["hundred"] else 1) * _ENGLISH_SCALE.get((match["scale"] or "").lower(), 1))
    found |= {Decimal(_ENGLISH.get((m["tens"] or "").lower(), 0) + _ENGLISH_ORDINAL[m["nth"].lower()]) for m in _ENGLISH_ORDINALS.finditer(text)}
    return found


def has_number(text: str, value: int | float) -> bool:
    """Whether ``text`` prints ``value``, exactly: no rounding, no tolerance."""
    return Decimal(repr(value)) in numbers(text)


_CURRENCY = {
    "USD": r"달러|(?<=[0-9만억조천백십])\s?불(?![가-힣])|US\$|(?<![A-Z])\$|\bUSD\b|\b(?:US )?dollars?\b",
    "KRW": r"(?<=[0-9만억조천백십])\s?원|₩|\bKRW\b|(?:[0-9]|illion|thousand|Korean)\s?won\b",
    "GBP": r"(?<!컴)파운드(?!리)|£|\bGBP\b|\bpounds?(?: sterling)?\b",
    "JPY": r"엔화|(?<=[0-9만억조천백십])\s?엔|¥|\bJPY\b|\byen\b",
    "EUR": r"(?:(?<![가-힣])|(?<=[만억조천백십]))유로(?!운|파)|€|\bEUR\b|\beuros?\b",
}


def has_currency(text: str, code: str) -> bool:
    """Whether ``text`` names the currency of ISO 4217 ``code``; False for a code that no form is known of."""
    return code in _CURRENCY and re.search(_CURRENCY[code], normal(text)) is not None
