"""Words and signs that multiply the figure beside them: million, lakh, Mrd., Md€.

Reads the words of some thirty languages listed below, several in a row (hundred million), and a letter
beside a currency ($5m). Does not read a sign whose size depends on who writes it (``mil``, ``MM``, ``m``
without a currency, a billion in Spanish): it is listed too, with the value None, as a figure is read with its
scale or not at all. Myriad units are read in ``korean``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# Languages that write a decimal comma and set groups of digits apart by dots or spaces.
_DECIMAL_COMMA = (
    "af az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk ky lt lv mk nb nl nn no pl pt ro"
    " ru sk sl sq sr sv tr uk uz vi"
)
DECIMAL_COMMA = frozenset(_DECIMAL_COMMA.split())
# Languages in which a billion is a million millions.
_LONG_SCALE = "ca cs da de es eu fi fr gl hr hu is it nb nl nn no pl pt ro sk sl sr sv"
LONG_SCALE = frozenset(_LONG_SCALE.split())

_T, _M, _G, _B = 10**3, 10**6, 10**9, 10**12
# Patterns of words in lower case; None where the size is not certain.
_ENGLISH: dict[str, int | None] = {
    "hundreds?": 100,
    "thousands?": _T,
    "thou": _T,
    "millions?": _M,
    "billions?": _G,
    "trillions?": _B,
    "quadrillions?": 10**15,
    "quintillions?": 10**18,
    "dozens?": 12,
    "score|scores of": None,
    "cents?": None,
    "lakhs?|lacs?": 10**5,
    "crores?": 10**7,
    "mn": _M,
    "bn": _G,
    "tn|trn|trln": _B,
    "crs?": 10**7,
    "mil|mm|bil|tril|bio": None,
}
_OTHERS: dict[str, int | None] = {
    # German, Dutch, Swedish, Danish, Norwegian, Finnish, Hungarian
    "mln|mio|mill": _M,
    "bln": _G,
    "hundert|honderd|hundra|hundred?e": 100,
    "tausend|tsd|duizend|tusen|tusind|tuhat|tuhatta|ezer": _T,
    "millionen|miljoen|miljon|miljoner|millioner|miljoona|miljoonaa|milj|millió": _M,
    "milliarden?|milliards?|milliarder|miljarde?r?|miljardi|miljardia|milliárd|mrd|mdr|mds?|mia|mld": _G,
    "billionen|biljon|biljoner|biljoen|billioner|biljoona|biljoonaa": _B,
    "billiarden?": 10**15,
    "trillionen|triljon(?:er)?": 10**18,
    "dutzend|dussin|dusin|dozijn|douzaines?": 12,
    "mnkr|mkr|msek|mnok|mdkk": _M,
    "mdkr": _G,
    "tkr|tsek": _T,
    # French, Spanish, Portuguese, Italian, Romanian
    "mille|milliers?|mila": _T,
    "dizaines?|centaines?|cientos?|cien|bin": None,
    "mill[oó]n|millones|milh[ãa]o|milh[õo]es|milione|milioni|milioane": _M,
    "miliardo|miliardi|miliarde": _G,
    "bilh[ãa]o|bilh[õo]es|bili[ãa]o|bili[õo]es|bill[oó]n|billones|bilione|bilioni": None,
    "trilh[ãa]o|trilh[õo]es": None,
    # Polish, Czech, Russian, Ukrainian
    r"tys|tysi[ęa]c[ey]?|tisíce?|тыс|тысяч\w*|тис": _T,
    r"milion[yůóo]?w?|млн|миллион\w*|мільйон\w*": _M,
    r"miliardy?|miliard[ůóo]w?|млрд|миллиард\w*|мільярд\w*": _G,
    r"трлн|триллион\w*|трильйон\w*": _B,
    r"сот\w*": None,
    # Turkish, Indonesian, Vietnamese, Greek, Arabic, Hindi, Thai
    "milyon|juta|triệu|εκατομμύρια|εκατ|مليون|ล้าน": _M,
    "milyar|miliar|tỷ|tỉ|δισεκατομμύρια|δισ|مليار": _G,
    "trilyon|triliun": _B,
    "ribu|nghìn|ngàn|χιλιάδες|ألف|हज़ार|हजार|พัน": _T,
    "लाख": 10**5,
    "करोड़": 10**7,
}
_LONG: dict[str, int | None] = {"billions?": _B, "trillions?": 10**18, "quadrillions?": 10**24}
# A letter alone multiplies only beside a currency: 5 m is a length as well.
_LETTERS = {"k": _T, "m": _M, "b": _G, "t": _B, "g": _G}

CODES = (
    "AED|ARS|AUD|BDT|BGN|BHD|BRL|CAD|CHF|CLP|CNY|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KRW|KWD|KZT|MAD|"
    "MXN|MYR|NOK|NTD|NZD|PHP|PKR|PLN|QAR|RMB|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|UZS|VND|ZAR"
)
SIGNS = "$€£¥₩₹₪₺₫₱฿₴₸₽"
# What a currency next to a single letter looks like, before the digits and behind the letter.
_MONEY_BEFORE = re.compile(rf"(?:[{SIGNS}]|(?<![A-Za-z])(?:{CODES}|Rs\.?|kr\.?)) ?$")
_MONEY_AFTER = re.compile(
    rf" ?(?:[{SIGNS}]|(?:(?:US|U\.S\.|Australian|Canadian|New Zealand|Singapore|Hong Kong|NT) )?"
    rf"(?:(?:{CODES})\b|dollars?\b|pounds?\b|euros?\b|yen\b|won\b|yuan\b|francs?\b|kronor\b|kroner\b|rupees?\b)"
    rf"|달러|원(?![가-힣])|원(?=[을의에이])|유로|파운드|엔(?![가-힣]))"
)
# What may not follow: a letter of an alphabet. Hangul, kana and ideographs may, as nothing sets them apart.
CJK = "가-힣ㄱ-ㅣぁ-ヿ々〆一-鿿"
NOT_ALPHABETIC = rf"(?![^\W_{CJK}])"

_WORDS = {**_ENGLISH, **_OTHERS}
_COMPILED = [(re.compile(rf"(?:{p})", re.IGNORECASE), v) for p, v in _WORDS.items()]
_FOREIGN = re.compile("|".join(f"(?:{p})" for p in _OTHERS), re.IGNORECASE)
_ANY = "|".join(sorted((a for p in _WORDS for a in p.split("|")), key=len, reverse=True))
# A raised figure behind the word is a note or an exponent: the word still counts, and then nothing is read.
_SCALE = re.compile(rf"[ -]?(?P<word>{_ANY})(?:(?=[⁰¹²³⁴-⁹])|{NOT_ALPHABETIC})\.?", re.IGNORECASE)
_LETTER = re.compile(rf" ?(?P<letter>[kmbtgKMBTG])(?P<money>[{SIGNS}]|(?:{CODES})\b)?(?:{NOT_ALPHABETIC})")
_COMPOUND = re.compile(
    rf" ?(?P<word>mn|mln|mio|mrd|mds?|mld|bn)(?=[{SIGNS}]|(?:{CODES})\b|kr\b)", re.IGNORECASE
)
_MONEY = rf"(?:(?:US)?[{SIGNS}]|(?:{CODES})\b|dollars?\b|pounds?\b|euros?\b)"
_BARE = re.compile(
    rf"(?:(?<![^\W_])(?<!of )(?:{_ANY})\.?(?:(?: of| in)?"
    rf" ?{_MONEY})?|(?<![^\W_])(?:[kmbt]|mn|mio|bn|mrd|mds?){_MONEY}"
    rf"|[{SIGNS}] ?(?:[kmbt]|{_ANY})\.?)\)? ?[:=]? ?$",
    re.IGNORECASE,
)

_PLUS = re.compile(rf" ?\+ ?-?(?=(?:{_ANY}){NOT_ALPHABETIC})", re.IGNORECASE)
# A scale that something keeps apart from its digits: 5+ million, five (5) million, 5 USD bn, 5 or so million,
# 35 (in millions), or the end of a line, which may be that of a passage or go on.
_UNIT = r"[십백천十百千]?[만억조경万萬億亿兆]"
_APART = re.compile(
    rf"(?: ?[+)\]\"'*~†‡]{{1,3}} ?-?| ?-?plus | or (?:so|more) |[ -]odd | ?{_MONEY} ?|"
    rf" ?\((?:[^()\n0-9]{{1,30}}|[0-9]{{1,6}})\) ?| ?\n ?)(?:(?:{_ANY}){NOT_ALPHABETIC}|{_UNIT}(?![가-힣]))"
    rf"| ?\n ?{_UNIT}| ?\([^()\n0-9]{{0,20}}(?<![^\W_])(?:{_ANY}){NOT_ALPHABETIC}[^()\n0-9]{{0,15}}\)"
    rf"| ?\((?:단위 ?:? ?)?(?:미화 ?)?{_UNIT} ?(?:달러|원|엔|유로|파운드|명|건|개|\))",
    re.IGNORECASE,
)


def _size(word: str, language: str | None) -> Decimal | None:
    """Return what a scale word multiplies by; None where that is not certain."""
    if language in LONG_SCALE:
        for pattern, size in _LONG.items():
            if re.fullmatch(pattern, word, re.IGNORECASE):
                return Decimal(size) if size else None
    size = next(v for p, v in _COMPILED if p.fullmatch(word))
    return None if size is None else Decimal(size)


class Scale(NamedTuple):
    """The scale behind a figure: its ``size`` (None where uncertain), and where it ends.

    ``foreign``: a word of a language with a decimal comma, by which the digits before it must be read.
    ``over``: a plus sign between them makes it a floor (5+ million).
    """

    size: Decimal | None
    end: int
    foreign: bool = False
    over: bool = False


def scale_at(text: str, start: int, before: int, language: str | None) -> Scale:
    """Return the scale words that follow a figure, multiplied: 2 hundred million, lakh crore.

    Args:
        text: normalized text.
        start: where the figure ends.
        before: where the figure begins, to look for a currency in front of it.
        language: ISO 639 code of the text, None where it is not known.
    """
    size, foreign = Decimal(1), False
    plus = _PLUS.match(text, start)
    known = plus is not None or _APART.match(text, start) is None
    at = plus.end() if plus else start
    while match := _SCALE.match(text, at) or _COMPOUND.match(text, at):
        step = _size(match["word"], language)
        known, size = known and step is not None, size * (step or 1)
        foreign = foreign or _FOREIGN.fullmatch(match["word"]) is not None
        at = match.end()
    if at == start and (match := _LETTER.match(text, at)):
        letter = match["letter"]
        attached_k = letter == "k" and match.start("letter") == at
        money = (
            match["money"]
            or _MONEY_BEFORE.search(text, max(0, before - 6), before)
            or _MONEY_AFTER.match(text, match.end())
        )
        if (money or attached_k) and (letter not in "gG" or match["money"]):
            # T€ is a thousand in German and $2T a trillion: only the second is read.
            uncertain = letter in "Tt" and match["money"] is not None
            return Scale(
                None if uncertain else Decimal(_LETTERS[letter.lower()]),
                match.start("money") if match["money"] else match.end(),
            )
        return Scale(None, match.end())
    return Scale(size if known else None, at, foreign, plus is not None)


def scale_before(text: str, start: int, consumed: int) -> bool:
    """Tell whether a scale is in front of a figure and belongs to none before it: USD million 5.

    Args:
        text: normalized text.
        start: where the figure begins.
        consumed: where the figure before it ends, its own scale included.
    """
    window = max(consumed, start - 40)
    match = _BARE.search(text, window, start)
    return match is not None and match.start() >= consumed
