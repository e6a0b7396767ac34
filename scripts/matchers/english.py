"""Numbers in English words.

Reads cardinals with scales (two hundred and fifty million, three lakh), decimals (two point five), a half and
quarters added to them (two and a half), and ordinals up to ninety-twelfth or alone up to twelfth (third,
twenty-first). Does not read other fractions (one third), ordinals of hundreds (one hundred and first), dozens
or words of other languages: a number that goes on so has no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scripts.matchers.scales import NOT_ALPHABETIC


def _numbered(words: str, first: int) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split(), first)}


_UNITS = _numbered("zero one two three four five six seven eight nine", 0)
_TEENS = _numbered("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_TENS = {w: 10 * n for w, n in _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()}
_BELOW_100 = _UNITS | _TEENS | _TENS
_SCALE = {
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALES = _SCALE | {f"{w}s": n for w, n in _SCALE.items()}
_ORDINALS = _numbered("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 1)

_CARDINAL = "|".join(sorted([*_BELOW_100, *_SCALES, "hundred"], key=len, reverse=True))
_NTH = "|".join(_ORDINALS)
# What may stand before a number word and make another number of it: cent six millions, point five.
_FIRST_WORDS = "cent cents mille vingt vingts trente quarante cinquante soixante dix point"
_NOT_AFTER = "".join(rf"(?<!\b{w} )(?<!\b{w}-)" for w in _FIRST_WORDS.split())
_SMALL = "|".join(sorted(_BELOW_100, key=len, reverse=True))
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
    r"(?:[ -]|[ -](?:and|&|plus)[ -](?:an?[ -])?)"
    r"(?:half|halves|thirds?|quarters?|fourths|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
    r"|hundredths?|thousandths?)\b"
    r"| ?[+&-]? ?[1-9]/[2-9](?![0-9/])| (?:et|y|e|und|og|och) (?:un |ein |einen |en )?"
    r"(?:demi|quart|halb|halv|medio|media|mezzo|mezza)|einhalb",
    re.IGNORECASE,
)
_ORDINAL_PART = re.compile(rf"[ -](?:and )?(?:{_NTH})\b", re.IGNORECASE)
# One hundred and first; a third of, two fifths.
_NOT_ORDINAL = "".join(
    rf"(?<!\b{w} )" for w in ("hundred", "hundred and", "thousand", "thousand and", "million", "a", *_UNITS)
)
ORDINALS = re.compile(
    rf"(?<![\w-])(?:(?P<tens>{'|'.join(_TENS)})-(?P<unit>{_NTH})|{_NOT_ORDINAL}(?P<nth>{_NTH}))\b",
    re.IGNORECASE,
)


def ordinal(match: re.Match[str]) -> Decimal:
    """Return the value of an ordinal word."""
    return Decimal(
        _TENS.get((match["tens"] or "").lower(), 0) + _ORDINALS[(match["unit"] or match["nth"]).lower()]
    )


def _may_follow(low: int, before: str, section: Decimal) -> bool:
    """Tell whether a number below a hundred may stand behind the word ``before`` in one number.

    ``section`` is what has been read below the next scale.
    """
    if before in _TENS:
        return 0 < low < 10
    return before in {"", "hundred", "and", *_SCALES} and not section % 100


def _multiplier(words: list[str], highest: Decimal) -> Decimal | None:
    """What multiplies a number in words: 1, its scale, or None where several scales or later words do."""
    scales = [w for w in words if w == "hundred" or w in _SCALES]
    alone = len(scales) == 1 and words[-1] in {scales[0], words[0]}
    return highest if alone or not scales else None


def _cardinal(words: list[str]) -> tuple[Decimal, Decimal | None] | None:
    """Return the value of the words and what multiplies it (None where several words do), or None where they
    are not one number.
    """
    total, section = Decimal(0), Decimal(0)
    last, before, highest = Decimal("Infinity"), "", Decimal(1)
    for word in words:
        low = _BELOW_100.get(word)
        if word == "and":
            if before not in {"hundred", *_SCALES}:
                return None
        elif low is not None:
            # Ten million two years ago, three thousand five companies: two numbers side by side.
            apart = before in _SCALES and low < 13 and words[-1] == word
            if apart or not _may_follow(low, before, section):
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
    return None if before == "and" else (total + section, _multiplier(words, highest))


def _alone(text: str) -> list[str]:
    return [w for w in re.split(r"[ ,-]+", text.lower()) if w]


Words = tuple[Decimal | None, Decimal | None, int, int]


def words_in(text: str) -> Iterator[Words]:
    """Yield the numbers in English words: value (None where uncertain), what multiplies it (None where
    several words do), start, end.
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
