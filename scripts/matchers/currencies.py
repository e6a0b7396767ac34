"""Currencies in prose: the unit beside an amount, and the country whose unit it is.

Reads signs, codes and words for the units listed in ``_UNITS``, and every country word, letter or code beside
them: A$5 million, 5 million Australian dollars, $5 million CAD and 대만 달러 are not US dollars. A unit that
several countries share, without such a word, is that of the largest (dollar: USD). Does not read such a unit
in a source of a country that has one of its own, where either may be meant, nor units that are not listed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from scripts.matchers.numbers import read
from scripts.matchers.scales import CODES

# Of each unit: how it is written, and the currency that it is where nothing says whose; then, by currency,
# the words and letters that say so.
_UNITS: dict[str, tuple[str, str | None, dict[str, str]]] = {
    "dollar": (
        r"\$|(?<![A-Za-z])[Dd]ollars?(?![A-Za-z])|달러|(?<=[0-9만억조천백십]) ?불(?![가-힣])|ドル|美元",
        "USD",
        {
            "USD": r"US|U\.S\.|USD|American|United States|미국|미|미화|米|米国",
            "AUD": r"A|AU|AUS|AUD|Australian|Aussie|호주|오스트레일리아|豪|オーストラリア",
            "CAD": r"C|CA|CAN|Can|CAD|CDN|Canadian|캐나다|加|カナダ",
            "NZD": r"NZ|NZD|New Zealand|Kiwi|뉴질랜드|ニュージーランド|NZ",
            "SGD": r"S|SG|SGD|Sing|Singapore|Singaporean|싱가포르|シンガポール|星",
            "TWD": r"NT|NTD|TW|TWD|New Taiwan|Taiwan|Taiwanese|대만|신대만|타이완|台湾|新台湾|NTドル",
            "HKD": r"HK|HKD|Hong Kong|홍콩|香港",
            "BRL": r"R",
            "MXN": r"MX|Mex|MXN",
            "": (
                r"B|BZ|EC|F|FJ|G|GY|J|JM|L|N|NA|T|TT|Z|ZW|Arg|Col|Cub|Jamaican|Fijian|Bahamian|Namibian|Liberian|Bruneian?|Zimbabwean|브루나이|자메이카|피지"
            ),
        },
    ),
    "pound": (
        r"£|(?<![A-Za-z])[Pp]ounds?(?: sterling)?(?![A-Za-z])|(?<!컴)파운드(?!리)|ポンド",
        "GBP",
        {
            "GBP": r"GBP|British|UK|U\.K\.|영국|英",
            "EGP": r"E|EGP|Egyptian|이집트",
            "": r"Lebanese|Syrian|Sudanese|South Sudanese|Irish|Cypriot|Turkish|레바논|시리아|수단",
        },
    ),
    "yen": (
        r"¥|엔화|(?<=[0-9만억조천백십]) ?엔|(?<![A-Za-z])yen(?![A-Za-z])|(?<=[0-9万億兆千百十만억조천]) ?円",
        "JPY",
        {"JPY": r"JP|JPY|Japanese|일본", "CNY": r"CN|CNY|RMB|Chinese"},
    ),
    "won": (
        (
            r"₩|(?<=[0-9만억조천백십])"
            r" ?원|(?:(?<=[0-9])|(?<=illion)|(?<=housand)|(?<=Korean)|(?<=[0-9][kmbtKMBT])|(?<=[bt]n))"
            r" ?won(?![A-Za-z])|ウォン"
        ),
        "KRW",
        {"KRW": r"KRW|Korean|South Korean|한국|韓国", "": r"North Korean|북한"},
    ),
    "euro": (
        r"€|(?<![A-Za-z])[Ee]uros?(?![A-Za-z])|(?:(?<![가-힣])|(?<=[만억조천백십]))유로(?!운|파)|ユーロ",
        "EUR",
        {"EUR": r"EUR"},
    ),
    "yuan": (
        (
            r"(?<![A-Za-z])(?:yuan|renminbi|RMB)(?![A-Za-z])|위안(?!부)|(?<=[0-9万亿億兆千百十만억조천])"
            r" ?元|人民元|人民币"
        ),
        "CNY",
        {"CNY": r"CNY|Chinese|중국|人民", "TWD": r"新臺|新台|臺|台"},
    ),
    "rupee": (
        r"₹|(?<![A-Za-z])(?:[Rr]upees?|Rs\.?)(?![A-Za-z])|루피(?!아)",
        "INR",
        {"INR": r"INR|Indian|인도", "": r"Pakistani|Sri Lankan|Nepalese|Mauritian|파키스탄|스리랑카|네팔"},
    ),
    "rupiah": (r"(?<![A-Za-z])(?:rupiah|Rp\.?)(?![A-Za-z])|루피아", "IDR", {}),
    "franc": (
        r"(?<![A-Za-z])[Ff]rancs?(?![A-Za-z])|(?<![가-힣])프랑(?!스)|스위스프랑",
        None,
        {"CHF": r"CHF|Swiss|스위스"},
    ),
    "krona": (
        r"(?<![A-Za-z])[Kk]ron(?:a|or)(?![A-Za-z])|크로나",
        "SEK",
        {"SEK": r"SEK|Swedish|스웨덴", "": r"Icelandic|아이슬란드"},
    ),
    "krone": (
        r"(?<![A-Za-z])[Kk]roner?(?![A-Za-z])|크로네",
        None,
        {"NOK": r"NOK|Norwegian|노르웨이", "DKK": r"DKK|Danish|덴마크"},
    ),
    "dirham": (
        r"(?<![A-Za-z])dirhams?(?![A-Za-z])|디르함",
        None,
        {"AED": r"AED|UAE|Emirati|아랍에미리트", "MAD": r"MAD|Moroccan|모로코"},
    ),
    "riyal": (
        r"(?<![A-Za-z])ri[ya]als?(?![A-Za-z])|리얄",
        None,
        {"SAR": r"SAR|Saudi|사우디|사우디아라비아", "QAR": r"QAR|Qatari|카타르"},
    ),
    "shekel": (r"₪|(?<![A-Za-z])(?:shekels?|NIS)(?![A-Za-z])|셰켈", "ILS", {}),
    "lira": (r"₺|(?<![A-Za-z])(?:lira|liras)(?![A-Za-z])|리라", None, {"TRY": r"TRY|Turkish|튀르키예|터키"}),
    "rouble": (r"₽|(?<![A-Za-z])[Rr]ou?bles?(?![A-Za-z])|руб\w*|루블", "RUB", {"": r"Belarusian|벨라루스"}),
    "baht": (r"฿|(?<![A-Za-z])baht(?![A-Za-z])|바트", "THB", {}),
    "ringgit": (r"(?<![A-Za-z])(?:ringgit|RM(?= ?[0-9]))(?![A-Za-z])|링깃", "MYR", {}),
    "dong": (r"₫|(?<![A-Za-z])dong(?![A-Za-z])", "VND", {}),
    "zloty": (r"(?<![A-Za-z])(?:z[lł]ot(?:y|ys|ych))(?![A-Za-z])|즈워티", "PLN", {}),
    "tenge": (r"₸|(?<![A-Za-z])tenge(?![A-Za-z])|텡게", "KZT", {}),
    "hryvnia": (r"₴|(?<![A-Za-z])hryvni\w+(?![A-Za-z])", "UAH", {}),
    "real": (r"(?<![A-Za-z])reais(?![A-Za-z])", "BRL", {}),
    "peso": (
        r"₱|(?<![A-Za-z])pesos?(?![A-Za-z])|페소",
        None,
        {"PHP": r"PHP|Philippine|필리핀", "MXN": r"MXN|Mexican|멕시코", "ARS": r"ARS|Argentine|아르헨티나"},
    ),
    "rand": (r"(?<![A-Za-z])rand(?![A-Za-z])(?! Corp)", "ZAR", {}),
}
# Countries whose own currency is a unit that others have too.
HOMES = {
    "AUS": "AUD",
    "CAN": "CAD",
    "NZL": "NZD",
    "SGP": "SGD",
    "TWN": "TWD",
    "HKG": "HKD",
    "EGY": "EGP",
    "CHN": "CNY",
}
# Letters that are not the code of a currency but are written as one.
_SAME_CODE = {"NTD": "TWD", "RMB": "CNY"}
_CODE = re.compile(rf"(?<![A-Za-z])(?:{CODES})(?![A-Za-z])")


class Mention(NamedTuple):
    """A currency in a text: its code (None where several are possible), its place, and whether its country
    is named.
    """

    code: str | None
    start: int
    end: int
    named: bool


def _whose(text: str, start: int, end: int, unit: str) -> tuple[str | None, int, int] | None:
    """Return the currency that words beside a unit name, with the place of both; None without such words."""
    _, _, countries = _UNITS[unit]
    before, found = text[max(0, start - 20) : start], None
    for code, words in countries.items():
        # A letter sits right before the sign; a word may be apart.
        match = re.search(rf"{_WORD_START}(?:{words}) ?$", before)
        if (
            match
            and not (len(match[0]) <= 2 and match[0].endswith(" "))
            and (found is None or len(match[0]) > found[1])
        ):
            found = (code, len(match[0]))
    if found:
        return found[0] or None, start - found[1], end
    for code, words in countries.items():
        match = re.match(
            rf" ?\(?(?:{words})\)?(?![A-Za-z])(?! (?:government|companies|firms))", text[end : end + 24]
        )
        if match and len(match[0].strip(" ()")) > 2:
            return code or None, start, end + match.end()
    return (
        ("?", start - 1, end)
        if text[start] in "$£" and start and re.match(r"[A-Za-z]", text[start - 1])
        else None
    )


_WORD_START = r"(?:(?<![A-Za-z])(?=[A-Za-z])|(?<![가-힣])(?=[^A-Za-z])|(?<=[만억조천])(?=[^A-Za-z]))"
_JOINED = re.compile(r"[ -]?(?:여 ?|규모의 |\()?")
_ADJECTIVES = {"Canadian": "CAD", "Australian": "AUD", "U.S.": "USD", "US": "USD"}
_ADJECTIVE = re.compile(rf" ?\(?({'|'.join(map(re.escape, _ADJECTIVES))})\)?(?![A-Za-z])")
# A $5 million Canadian grant is Canadian; its dollars may be or not.
_OF_ANOTHER = re.compile(r" (?!(?:in|for|from|to|over|of|by|with|and|on|at|as|more|per)\b)[a-z]")


@lru_cache(maxsize=4096)
def mentions(text: str, home: str | None = None) -> tuple[Mention, ...]:
    """Return the currencies that a text in its normal form names, in order.

    ``home``: the currency of the country of the source, which a unit without a country may mean.
    """
    found = []
    for unit, (pattern, default, countries) in _UNITS.items():
        for match in re.finditer(pattern, text):
            whose = _whose(text, match.start(), match.end(), unit)
            if whose is not None:
                found.append(Mention(None if whose[0] == "?" else whose[0], whose[1], whose[2], True))
            else:
                shared = home is not None and home != default and home in countries
                found.append(Mention(None if shared else default, match.start(), match.end(), False))
    for match in _CODE.finditer(text):
        if not any(m.start <= match.start() and match.end() <= m.end for m in found):
            found.append(Mention(_SAME_CODE.get(match[0], match[0]), match.start(), match.end(), True))
    return tuple(sorted(found, key=lambda m: m.start))


def _touching(text: str, start: int, end: int, known: tuple[Mention, ...]) -> list[Mention]:
    """Return the currencies that touch a figure."""
    return [
        m
        for m in known
        if (m.end <= start and not text[m.end : start].strip(" ~-"))
        or (m.start >= end and _JOINED.fullmatch(text[end : m.start]))
    ]


def _beside(text: str, start: int, end: int, known: tuple[Mention, ...]) -> list[Mention]:
    """Return the currencies of a figure: of those that touch it the ones that name a country, where any
    does.
    """
    near = _touching(text, start, end, known)
    if near and not any(m.named for m in near) and (after := _ADJECTIVE.match(text, end)):
        # $5 million Canadian.
        code = _ADJECTIVES[after[1]]
        return [
            Mention(
                None if code != "USD" and _OF_ANOTHER.match(text, after.end()) else code,
                end,
                after.end(),
                True,
            )
        ]
    return [m for m in near if m.named] or near


def has_currency(
    text: str,
    code: str,
    amount: int | float | None = None,
    *,
    language: str | None = None,
    home: str | None = None,
) -> bool:
    """Tell whether ``text`` names the currency of ISO 4217 ``code``.

    Args:
        text: the passage.
        code: the currency, ``USD``.
        amount: the amount that is meant; where the text prints it with currencies beside it, these decide;
            without one beside it, all currencies of the text must be this one.
        language: ISO 639 code of the text.
        home: currency of the country of the source, which a unit without a country may mean.
    """
    plain, figures = read(text, language)
    known = mentions(plain, home)
    if amount is None:
        touching = {m for f in figures for m in _touching(plain, f.start, f.end, known)}
        said = [m for f in figures for m in _beside(plain, f.start, f.end, known)] + [
            m for m in known if m not in touching
        ]
        return any(m.code == code for m in said)
    beside = [
        m
        for f in figures
        if f.value is not None and f.value == amount
        for m in _beside(plain, f.start, f.end, known)
    ]
    return any(m.code == code for m in beside) if beside else {m.code for m in known} == {code}
