"""Numbers in English words: two hundred and fifty million, two and a half, two point five billion,
twenty-first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scripts.matchers.scales import NOT_ALPHABETIC

_UNITS = {
    w: n
    for n, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
}
_TEENS = {
    w: n
    for n, w in enumerate(
        [
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
        ],
        10,
    )
}
_TENS = {
    w: n
    for n, w in zip(
        range(20, 100, 10),
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        strict=True,
    )
}
_SCALES = {
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
    "thousands": 10**3,
    "lakhs": 10**5,
    "millions": 10**6,
    "crores": 10**7,
    "billions": 10**9,
    "trillions": 10**12,
}
_ORDINALS = {
    w: n
    for n, w in enumerate(
        [
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
        ],
        1,
    )
}

_CARDINAL = "|".join(sorted([*_UNITS, *_TEENS, *_TENS, *_SCALES, "hundred"], key=len, reverse=True))
_NTH = "|".join(_ORDINALS)
# What may stand before a number word and make another number of it: cent six millions, point five.
_NOT_AFTER = "".join(
    rf"(?<!\b{w} )(?<!\b{w}-)"
    for w in (
        "cent",
        "cents",
        "mille",
        "vingt",
        "vingts",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "dix",
        "point",
    )
)
_SMALL = "|".join(sorted([*_UNITS, *_TEENS, *_TENS], key=len, reverse=True))
_RUN = re.compile(
    rf"{_NOT_AFTER}(?<![\w.,-])(?:{_SMALL})(?:(?:[ -]|,? and )(?:{_CARDINAL}))*{NOT_ALPHABETIC}",
    re.IGNORECASE,
)
_CUT = re.compile(r",? and |(?<=illion) (?=[a-z]+$)", re.IGNORECASE)
_POINT = re.compile(rf" point((?:[ -](?:{'|'.join(_UNITS)}))+){NOT_ALPHABETIC}", re.IGNORECASE)
# A half, quarter or third behind a number: with a known size where it adds to it.
HALF = re.compile(r"[ -]and[ -](?:a[ -](?P<one>half|quarter)|(?P<three>three[ -]quarters))\b", re.IGNORECASE)
# Of other words behind a number the size of the whole is not certain: one third, 2 milliards et demi, zwei
# und ein halb.
PART = re.compile(
    r"(?:[ -]|[ -](?:and|&|plus)[ -](?:an?["
    r" -])?)(?:half|halves|thirds?|quarters?|fourths|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|hundredths?|thousandths?)\b"
    r"| ?[+&-]? ?[1-9]/[2-9](?![0-9/])| (?:et|y|e|und|og|och) (?:un |ein |einen |en"
    r" )?(?:demi|quart|halb|halv|medio|media|mezzo|mezza)|einhalb",
    re.IGNORECASE,
)
_ORDINAL_PART = re.compile(rf"[ -](?:and )?(?:{_NTH})\b", re.IGNORECASE)
# One hundred and first; a third of, two fifths.
_NOT_ORDINAL = "".join(
    rf"(?<!\b{w} )" for w in ("hundred", "hundred and", "thousand", "thousand and", "million", "a", *_UNITS)
)
ORDINALS = re.compile(
    rf"(?<![\w-])(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?P<unit>{_NTH})|{_NOT_ORDINAL}(?P<nth>{_NTH}))\b",
    re.IGNORECASE,
)


def ordinal(match: re.Match[str]) -> Decimal:
    """Return the value of an ordinal word."""
    return Decimal(
        _TENS.get((match["tens"] or "").lower(), 0) + _ORDINALS[(match["unit"] or match["nth"]).lower()]
    )


def _cardinal(words: list[str]) -> tuple[Decimal, Decimal | None] | None:
    """Return the value of the words and what multiplies it (None where several words do), or None where they
    are not one number.
    """
    total, section = Decimal(0), Decimal(0)
    last, before, highest = Decimal("Infinity"), "", Decimal(1)
    for word in words:
        low = _UNITS.get(word, _TEENS.get(word, _TENS.get(word)))
        if word == "and":
            if before not in {"hundred", *_SCALES}:
                return None
        elif low is not None:
            room = 100 if before in {"", "hundred", "and", *_SCALES} else 10 if before in _TENS else 0
            if low >= room or (room == 10 and low == 0) or (section % 100 and room == 100):
                return None
            # Ten million two years ago, three thousand five companies: two numbers side by side.
            if before in _SCALES and low < 13 and words[-1] == word:
                return None
            section += low
        elif word == "hundred":
            if not 0 < section < 100 or before == "and":
                return None
            section, highest = section * 100, max(highest, Decimal(100))
        elif before in _SCALES:
            # Two thousand million.
            if total and last != highest:
                return None
            total, last = total * _SCALES[word], last * _SCALES[word]
            highest = last
        else:
            if not section or _SCALES[word] >= last or before == "and":
                return None
            last = Decimal(_SCALES[word])
            total, section, highest = total + section * last, Decimal(0), max(highest, last)
        before = word
    if before == "and":
        return None
    scales = [w for w in words if w == "hundred" or w in _SCALES]
    one = len(scales) <= 1 and before in {*scales, words[0]}
    return total + section, highest if one or not scales else None


def _alone(text: str) -> list[str]:
    return [w for w in re.split(r"[ ,-]+", text.lower()) if w]


Words = tuple[Decimal | None, Decimal | None, int, int]


def words_in(text: str) -> Iterator[Words]:
    """Yield the numbers in English words: value (None where uncertain), what multiplies it (None where
    several do), start, end.
    """
    taken = 0
    for match in _RUN.finditer(text):
        if match.start() < taken:
            continue
        pieces = [(match.start(), match.end())]
        if _cardinal(_alone(match[0])) is None:
            # Five and ten; ten million two years ago: two numbers.
            cuts = [m.span() for m in _CUT.finditer(match[0])]
            edges = [0, *(e for cut in cuts for e in cut), len(match[0])]
            pieces = [
                (match.start() + a, match.start() + b) for a, b in zip(edges[::2], edges[1::2], strict=True)
            ]
        for start, end in pieces:
            words = _with_tail(text, start, end)
            taken = words[3]
            yield words


def _with_tail(text: str, start: int, end: int) -> Words:
    found = _cardinal(_alone(text[start:end]))
    if found is None:
        return None, Decimal(1), start, end
    value, highest = found
    if (point := _POINT.match(text, end)) and highest == 1:
        digits = "".join(str(_UNITS[w]) for w in _alone(point[1]))
        value, end = value + Decimal(f"0.{digits}"), point.end()
    elif (half := HALF.match(text, end)) and highest == 1:
        value, end = value + fraction(half), half.end()
    elif (
        PART.match(text, end)
        or (highest != 1 and _ORDINAL_PART.match(text, end))
        or re.match(rf"-(?:{_NTH})\b", text[end:], re.IGNORECASE)
    ):
        return None, highest, start, end
    return value, highest, start, end


def fraction(match: re.Match[str]) -> Decimal:
    """Return what a match of ``HALF`` adds to the number before it."""
    return (
        Decimal("0.75")
        if match["three"]
        else {"half": Decimal("0.5"), "quarter": Decimal("0.25")}[match["one"].lower()]
    )
