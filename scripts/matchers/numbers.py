"""Numbers in prose, read whole or not at all.

Reads digits with separators of several languages, scales in front and behind, myriad units of Korean,
Japanese and Chinese, number words of English and Korean, ranges that share a scale, and vulgar fractions.
Does not read digits with letters behind them that are not a scale (6G, 2.0x: a name), powers and products,
parts of a whole (two thirds), and nothing across a line feed, which separates two cited passages. Where
several readings are possible there is none: a number may be missed, but none is read that the text does not
print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scripts.matchers.english import HALF, ORDINALS, PART, fraction, ordinal, words_in
from scripts.matchers.korean import (
    BODY,
    CONTINUED,
    HANGUL_NUMBER,
    LARGE,
    NATIVE_NUMBER,
    OF_PARTS,
    SMALL,
    in_myriads,
    native,
    sino,
)
from scripts.matchers.literals import parts
from scripts.matchers.normal import normal
from scripts.matchers.scales import CJK, CODES, NOT_ALPHABETIC, SIGNS, scale_at, scale_before

_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
# Not behind a letter other than a currency's (H100, but USD5), a letter and a hyphen (F-35), a separator or
# an exponent sign.
_CODE = "USD|EUR|GBP|AUD|CAD|JPY|KRW|CNY|RMB|INR|SGD|HKD|NZD|TWD|NTD|CHF|SEK|NOK|DKK|AED"
_START = (
    rf"(?:(?<![^\W_{CJK}])|(?<=\b(?:{_CODE})))(?<![.,^])(?<![A-Z]-)(?<![0-9][eE][+-])(?<![0-9]/)(?<![0-9]"
    r" [x×*] )(?<![0-9][×*])"
)
_FIGURE = re.compile(
    rf"{_START}(?P<sign>(?<![\w)\]\-~])-(?=[0-9]))?(?>(?P<body>{BODY}))(?P<vulgar> ?[{_VULGAR}])?"
)
_LONE_VULGAR = re.compile(rf"(?<![0-9] )(?<![^\W_{CJK}])[{_VULGAR}]")
_NTH = re.compile(rf"(?:st|nd|rd|th){NOT_ALPHABETIC}", re.IGNORECASE)
# Powers and products: 10^6, 5 x 10⁶, 3 × 5.
_PRODUCT = re.compile(r" ?(?:\^|[×*] ?[0-9]|x [0-9])")
_ARTICLE = re.compile(r"((?<![가-힣])제 ?[0-9]+)조")
_UNITS = "".join(SMALL) + "".join(LARGE)
_SIGN = rf"(?:(?:US|미화)? ?[{SIGNS}]|(?:{CODES}) )?"
_WORD = r"(?: ?(?:달러|원|엔|유로|파운드|円|ドル|dollars|pounds|euros|yen|won))?"
_RANGE = re.compile(
    rf"{_WORD}[ \n]?(?:-|~|to|bis|à|au|till|til|or|oder|ou|eller|and|,|·|/|및|또는|내지|에서|부터|와|과|から"
    rf"|至|or up to|,? and|,? or)[ \n]?{_SIGN}",
    re.IGNORECASE,
)
_ENDS = re.compile(rf"{_WORD}[ \n]?(?:-|~|to|bis|à|til|till|내지|から|至)[ \n]?{_SIGN}", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:from|von|de|från|fra) {_SIGN}$", re.IGNORECASE)
_BETWEEN = re.compile(rf"\b(?:between|zwischen|entre|mellan) {_SIGN}$", re.IGNORECASE)
_MONEY_SIGN = re.compile(rf"(?:[{SIGNS}]|(?<![A-Za-z])(?:{CODES})) ?$")
_MONEY_WORD = re.compile(
    rf" ?(?:[{SIGNS}]|(?:{CODES})\b|dollars?\b|pounds?\b|euros?\b|yen\b|won\b|달러|원|유로|파운드|엔|円)"
)


# Scales behind which digits alone may go on: 2 thousand 500.
_SMALL_FACTORS = {Decimal(100), Decimal(1000), Decimal(10**5), Decimal(10**7)}


class Figure(NamedTuple):
    """A number as printed, and its place in the normal form of a text.

    ``value`` is None where it cannot be read for certain. ``factor`` is what multiplies it: 1 for nothing,
    None for several units. ``digits``: it is written with digits. ``bound`` is what the figure by itself says
    of an amount: ``at_least`` for the lower end of a range and for 300여만, ``up_to`` for the upper end.
    """

    value: Decimal | None
    start: int
    end: int
    factor: Decimal | None = Decimal(1)
    digits: bool = True
    bound: str = ""


def _after_digits(text: str, value: Decimal | None, start: int, end: int, language: str | None) -> Figure:
    """Return the figure with the scale, the half or the letters that follow its digits taken into account."""
    if half := HALF.match(text, end):
        value, end = None if value is None else value + fraction(half), half.end()
    elif PART.match(text, end) or CONTINUED.match(text, end) or _PRODUCT.match(text, end):
        return Figure(None, start, end)
    scale = scale_at(text, end, start, language)
    ordinal_ending = _NTH.match(text, end)
    if scale.size is None:
        return Figure(None, start, scale.end)
    if scale.end == end:
        if ordinal_ending:
            return Figure(value, start, ordinal_ending.end())
        # Letters right behind digits make a name; behind a myriad unit they are a measure (10만km).
        named = not re.compile(NOT_ALPHABETIC).match(text, end) and text[end - 1] not in _UNITS
        return Figure(None if named else value, start, end)
    tail = text[scale.end :]
    if not re.match(rf"{NOT_ALPHABETIC}|(?:{CODES}|kr)\b", tail) or HALF.match(tail) or PART.match(tail):
        return Figure(None, start, scale.end, scale.size)
    return Figure(
        None if value is None else value * scale.size,
        start,
        scale.end,
        scale.size,
        bound="at_least" if scale.over else "",
    )


def _with_digits(text: str, language: str | None) -> Iterator[Figure]:
    consumed = 0
    for match in _FIGURE.finditer(text):
        body, start = match["body"], match.start()
        pieces = parts(body)
        at = start + len(match["sign"] or "")
        for number, piece in enumerate(pieces):
            stop = at + len(piece)
            last = number == len(pieces) - 1
            figure = _one(text, piece, at, stop, match["vulgar"] if last else None, language)
            if match["sign"] and not number and figure.value is not None:
                figure = figure._replace(value=-figure.value, start=start)
            if OF_PARTS.search(text, max(0, at - 3), at) or scale_before(text, at, consumed):
                figure = figure._replace(value=None)
            yield figure
            consumed = figure.end
            at = stop + 1
    for match in _LONE_VULGAR.finditer(text):
        value = Decimal(str(round(unicodedata.numeric(match[0]), 4)))
        exact = value * 8 == int(value * 8) or value * 10 == int(value * 10)
        yield _after_digits(text, value if exact else None, match.start(), match.end(), language)


def _one(text: str, body: str, start: int, end: int, vulgar: str | None, language: str | None) -> Figure:
    """Return the figure of one literal with its units."""
    money = _MONEY_SIGN.search(text, max(0, start - 6), start) or _MONEY_WORD.match(text, end)
    scale = scale_at(text, end, start, language)
    value, factor, over = in_myriads(
        body, language, foreign=scale.foreign, counted=bool(money) or scale.end > end
    )
    if vulgar:
        part = Decimal(str(unicodedata.numeric(vulgar.strip())))
        value = (
            value + part if value is not None and value == int(value) and part * 8 == int(part * 8) else None
        )
        end += len(vulgar)
    figure = _after_digits(text, value, start, end, language)
    if factor != 1:
        figure = figure._replace(factor=factor if figure.factor == 1 else None)
    return figure._replace(bound="at_least") if over else figure


def _in_words(text: str, language: str | None) -> Iterator[Figure]:
    for hangul in HANGUL_NUMBER.finditer(text):
        word = hangul[1].replace(" ", "")
        rest = CONTINUED.match(text, hangul.end())
        yield Figure(None if rest else sino(word), hangul.start(), hangul.end(), None, digits=False)
    for match in NATIVE_NUMBER.finditer(text):
        yield Figure(native(match), match.start(), match.end(), digits=False)
    if language != "fr":
        for value, factor, start, end in words_in(text):
            tail = scale_at(text, end, start, language)
            if tail.end > end or tail.size is None:
                value = None if tail.size is None or value is None else value * tail.size
                factor = tail.size if factor == 1 else None
            yield Figure(value, start, tail.end, factor, digits=False)
        for match in ORDINALS.finditer(text):
            yield Figure(ordinal(match), match.start(), match.end(), digits=False)


def _stands_alone(text: str, a: Figure, b: Figure, *, ends: bool, scaled: Decimal | None) -> bool:
    """Tell whether a number in front of a scaled one has certainly no part in its scale.

    It is so large that with the scale it would pass the upper end ($250,000 to $1.5 million), or a year.
    """
    if a.value is None or b.value is None:
        return False
    if ends:
        return scaled is not None and 1000 <= a.value < b.value <= scaled
    year = text[a.start : a.end].isdigit() and 1900 <= a.value <= 2100
    return year and text[a.end : b.start].strip() in {",", "and", "및"}


def _ranges(text: str, found: list[Figure]) -> list[Figure]:
    """Give the first number of a range the scale that only the last has ($20 to 30 billion, 100~200만), and
    both their bound.

    In a list (3 and 5 million) it is not certain that the numbers share the scale, so the first ones are not
    read.
    """
    result = list(found)
    for i in range(len(result) - 2, -1, -1):
        a, b = result[i], result[i + 1]
        between = text[a.end : b.start]
        if a.end > b.start or len(between) > 20 or not _RANGE.fullmatch(between):
            continue
        before = text[max(0, a.start - 24) : a.start]
        ends = (_ENDS.fullmatch(between) is not None and not _FROM.search(before)) or (
            " and " in between and _BETWEEN.search(before) is not None
        )
        shared = a.factor == 1 and b.factor != 1
        scaled = a.value * b.factor if a.value is not None and b.factor is not None else None
        if shared and ends and scaled is not None and b.value is not None and scaled < b.value:
            a = a._replace(value=scaled, factor=b.factor)
        elif shared and not _stands_alone(text, a, b, ends=ends, scaled=scaled):
            a = a._replace(value=None, factor=b.factor)
        if ends and a.value is not None and b.value is not None and a.value < b.value:
            a, b = a._replace(bound="at_least"), b._replace(bound="up_to")
        result[i], result[i + 1] = a, b
    return result


def _compound(text: str, found: list[Figure]) -> list[Figure]:
    """Leave out numbers that are parts of one: 1 crore 20 lakh, 2 billion 500 million."""
    result = list(found)
    for i, (a, b) in enumerate(pairwise(found)):
        parts_of_one = a.factor != 1 and b.factor != 1 and text[a.end : b.start] in {" ", " and ", "-"}
        # 2 thousand 500, 2 lakh 500, 5 hundred and fifty; but 10 million 20 projects.
        rest = (
            a.factor in _SMALL_FACTORS
            and b.factor == 1
            and b.value is not None
            and b.value < a.factor
            and text[a.end : b.start] in {" ", " and "}
        )
        if (parts_of_one or (rest and text[b.end : b.end + 1] != "-")) and (
            a.value is None or b.value is None or b.value < a.value
        ):
            result[i], result[i + 1] = a._replace(value=None), b._replace(value=None)
    return result


@lru_cache(maxsize=4096)
def read(text: str, language: str | None = None) -> tuple[str, tuple[Figure, ...]]:
    """Return the normal form of ``text`` and the figures in it, in order of appearance.

    Args:
        text: prose; a line feed separates two passages.
        language: ISO 639 code of the text, which decides what dots and commas mean; None is read as English
            or Korean.
    """
    plain = _ARTICLE.sub(r"\1 ", normal(text))
    found = sorted(
        [*_with_digits(plain, language), *_in_words(plain, language)], key=lambda f: (f.start, -f.end)
    )
    return plain, tuple(_ranges(plain, _compound(plain, found)))


def figures(text: str, language: str | None = None) -> list[Decimal]:
    """Return the values of the numbers written with digits, in order of appearance."""
    return [f.value for f in read(text, language)[1] if f.digits and f.value is not None]


def numbers(text: str, language: str | None = None) -> set[Decimal]:
    """Return every number that ``text`` prints, in digits or in words, ordinals included."""
    return {f.value for f in read(text, language)[1] if f.value is not None}


def has_number(text: str, value: int | float, language: str | None = None) -> bool:
    """Tell whether ``text`` prints ``value``, exactly: no rounding, no tolerance."""
    return Decimal(repr(value)) in numbers(text, language)
