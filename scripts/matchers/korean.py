"""Numbers with the units of Korean, Japanese and Chinese.

Reads digits with myriad units (4조5000억, 300여만, 5万亿), Sino-Korean number words with a unit before a
counter (삼천만 명), and native Korean ones up to ten before a counter (세 번). Does not read Chinese and
Japanese number words (三億), native words above ten (스물), and what goes on in words or into a fraction
(5억 오천만, 2년 반, 3분의 2): such a number has no value.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from scripts.matchers.literals import LITERAL, literal_value

SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "百": 100, "千": 1000}
LARGE = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16} | {
    "万": 10**4,
    "萬": 10**4,
    "億": 10**8,
    "亿": 10**8,
    "兆": 10**12,
    "京": 10**16,
}
_SINO = {c: n for n, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_SMALLS, _LARGES = "".join(SMALL), "".join(LARGE)
MONEY = r"(?:달러|원(?![인리칙자전장료])|엔|유로|파운드|위안|루피|프랑|크로나|크로네|불(?![가-힣]))"
_AFTER_SPACE = (
    rf"(?= ?(?:{MONEY}|호주|캐나다|미국|대만|싱가포르|홍콩|여(?![가-힣])|[명개](?![가-힣])"
    r"|[을를의에이은는과와도대]? |규모|가량|이상|이하|정도|안팎|\(|[.,)]|$))"
)
# What turns digits into a larger number: 1천만, 300여만, 5万亿; set apart only where what follows shows a
# number: 5 만 달러.
UNIT = rf"(?:(?: ?여 ?)?[{_SMALLS}]?[{_LARGES}]+|[{_SMALLS}]| [{_SMALLS}]?[만억조경]{_AFTER_SPACE})"
# What is left below the last myriad unit: 1만5000, and 1만 5000 unless it is a date that follows.
_REST = rf"(?:{LITERAL}| (?:[0-9],[0-9]{{3}}|[0-9]{{3,4}})(?![0-9A-Za-z]|[.,][0-9]| ?[년월일年月日]))"
BODY = rf"{LITERAL}(?:{UNIT}(?: ?{LITERAL}(?=여?{UNIT})|(?<=[{_LARGES}]){_REST})?)*"
_PIECE = re.compile(rf"(?P<n>{LITERAL})(?: ?(?P<over>여))? ?(?P<small>[{_SMALLS}]?)(?P<large>[{_LARGES}]*)")

_SYLLABLES = "일이삼사오육칠팔구"
_HANGUL = _SYLLABLES + "십백천만억조"
_HANGUL_WORD = rf"[{_HANGUL}]*[십백천만억조][{_HANGUL}]*"
_COUNTER = r"(?:달러|원|엔|유로|파운드|명|건|개|년|위|차|배|곳|종|대|번|여|%|퍼센트|장|km|kg)"
# Words that begin like a number and a counter: 조건, 구조개혁, 천명했다, 만장일치.
_LOOKALIKE = (
    rf"(?:억|[{_SYLLABLES}]?조)(?! ?(?:[{_HANGUL}]|{MONEY}))|[십백천만](?! ?(?:[{_HANGUL}]|{MONEY})|여 |"
    r" (?:명|건|개|년|곳|번|배|%|퍼센트))"
)
HANGUL_NUMBER = re.compile(
    r"(?<![가-힣0-9])(?<![0-9십백천만억조] )(?<!몇 )(?<!수 )(?<!여러"
    rf" )(?!{_LOOKALIKE})({_HANGUL_WORD}(?:(?<=[만억조]) {_HANGUL_WORD})*)(?= ?{_COUNTER})"
)
_NATIVE = {
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "첫": 1,
}
# Before a counter only: 새 시대를 열 것 is not a ten.
NATIVE_NUMBER = re.compile(
    r"(?<![가-힣])(?:(첫)(?= |째|번)|(한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)"
    r" ?(?:째|번|차례|가지|나라|국가|곳|개|명|건|해|달|분야|사람|기관|기업|회사|단계|정부))"
)
# Digits and a unit, and behind them what makes another number of them: 5억 오천만, 5億五千万, 2년 반, 3분의
# 2.
CONTINUED = re.compile(
    rf"(?: ?(?:[{_SYLLABLES}][십백천만억]|[십백천]+[만억])|[〇一二三四五六七八九十百千]"
    r"| ?(?:년|시간|개월|달|배|시|일|명|개)? ?반(?![가-힣])|半| ?분의| ?分の| ?分之)"
)
# What is in front of the second number of a fraction.
OF_PARTS = re.compile(r"(?:분의|分の|分之) ?$")


def native(match: re.Match[str]) -> Decimal:
    """Return the value of a native Korean number word."""
    return Decimal(_NATIVE[match[1] or match[2]])


class Myriads(NamedTuple):
    """Digits with units: their value (None where they are not one number), what multiplies them (None where
    several units do), and whether 여 makes the value a floor.
    """

    value: Decimal | None
    factor: Decimal | None = Decimal(1)
    over: bool = False


def in_myriads(body: str, language: str | None, *, foreign: bool = False, counted: bool = False) -> Myriads:
    """Return what digits with units are worth: 4조5000억, 1백20억, 300여만.

    The units before each myriad unit add up and are multiplied by it. Higher units come first.
    """
    total = section = Decimal(0)
    over, at, factors = False, 0, list[Decimal]()
    last_large: Decimal | None = None
    last_small = Decimal("Infinity")
    body = body.strip()
    while at < len(body):
        piece = _PIECE.match(body, at)
        if piece is None:
            return Myriads(None)
        n = literal_value(
            piece["n"], language, foreign=foreign, counted=counted and piece.end() == len(body) and at == 0
        )
        if n is None or (at and (n != int(n) or total != int(total) or section != int(section))):
            return Myriads(None)
        small = Decimal(SMALL.get(piece["small"], 1))
        part = n * small
        # 1백20억: each part is smaller than the unit before it; 2,500 in 1조 2,500억 is below a myriad.
        if part >= last_small or (at and last_small.is_infinite() and part >= 10**4):
            return Myriads(None)
        section, last_small = section + part, small if piece["small"] else Decimal(1)
        over = over or bool(piece["over"])
        if piece["large"]:
            size = Decimal(1)
            for unit in piece["large"]:
                size *= LARGE[unit]
            if last_large is not None and size >= last_large:
                return Myriads(None)
            small *= size
            total, section, last_large, last_small = (
                total + section * size,
                Decimal(0),
                size,
                Decimal("Infinity"),
            )
        factors.append(small)
        at = piece.end()
        while at < len(body) and body[at] == " ":
            at += 1
    return Myriads(total + section, factors[0] if len(factors) == 1 else None, over)


def sino(word: str) -> Decimal | None:
    """Return the value of Sino-Korean syllables (삼천만 is 30 000 000), None where they are not one number
    (이삼십).
    """
    total = section = digit = 0
    last_large: float = float("inf")
    last_small: float = float("inf")
    for at, c in enumerate(word):
        if c in _SINO:
            if digit or not _SINO[c]:
                return None
            digit = _SINO[c]
        elif c in SMALL:
            if SMALL[c] >= last_small:
                return None
            section, last_small = section + (digit or 1) * SMALL[c], SMALL[c]
            digit = 0
        else:
            if LARGE[c] >= last_large or (at and not section + digit):
                return None
            total, last_large, last_small = total + (section + digit or 1) * LARGE[c], LARGE[c], float("inf")
            section = digit = 0
    return Decimal(total + section + digit)
