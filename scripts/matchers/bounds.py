"""The bound that words beside an amount set: a floor, a ceiling, an approximation.

Reads words that touch the figure or its unit, in English, Korean, Japanese and, before the figure, German,
French and Swedish. Does not read words elsewhere in the sentence, which may be about other amounts, and does
not conclude that a figure without such words is exact.
"""

from __future__ import annotations

import re

from scripts.matchers.numbers import read

_MONEY = r"(?:US|미화)? ?[$£€¥₩]? ?"
_UNIT = (
    r" ?(?:US )?(?:달러|원|엔|유로|파운드|円|ドル|dollars?|pounds?|euros?|yen|won|USD|KRW|GBP|EUR|JPY)?"
    r"(?:\([^()]{1,30}\))?(?:를|을|의|에)? ?"
)
_BEFORE = {
    "at_least": (
        r"\bat least(?: another)?|\b(?:a )?minimum(?: of)?|\bno(?:t)? less than|(?<!no )(?<!not )\bmore"
        r" than|\bover|\bexceed(?:s|ing)|\bupwards? of|\bin excess of|최소(?:한)?|적어도"
        r"|\bmindestens|\bmehr als|\bau moins|\bplus de|\bminst|\bmer än|少なくとも|最低"
    ),
    "up_to": (
        r"\bup to|\bas much as|\b(?:a )?maximum(?: of)?|\b(?:no|not) more than|\bnot to exceed|최대(?:한)?"
        r"|\bbis zu|\bhöchstens|\bjusqu'à|\bupp till|\bhögst|最大"
    ),
    "about": (
        r"\babout|\bapproximately|\baround|\broughly|\bnearly|\balmost|\ban estimated|(?<![가-힣])약|대략"
        r"|\brund|\betwa|\benviron|\bomkring|\bcirka|\bungefär|約"
    ),
}
_AFTER = {
    "at_least": (
        r"\+|(?:or more|plus)\b|이상|以上|超|이 넘는|을 넘는|를 넘는|넘게|초과"
        r"|여(?= ?(?:달러|원|엔|유로|파운드))"
    ),
    "up_to": r"이하|以下|이내|한도|(?:or less)\b",
    "about": r"가량|程度|안팎|정도|내외|규모 안팎",
}
_BEFORE_FIGURE = {
    bound: re.compile(rf"(?:{words}) ?{_MONEY}$", re.IGNORECASE) for bound, words in _BEFORE.items()
}
# 300여만 달러 has its word before the unit, 300만 달러 이상 behind it.
_AFTER_FIGURE = {
    bound: re.compile(rf"^(?:{_UNIT})(?:{words})|^ ?(?:{words})", re.IGNORECASE)
    for bound, words in _AFTER.items()
}


def bounds_said(text: str, amount: int, language: str | None = None) -> set[str]:
    """Return the bounds that ``text`` states of the figure ``amount`` wherever it prints it.

    Words beside the figure state one, and so does a range: its lower end is a floor, its upper end a ceiling.
    Empty where nothing does. ``language`` is the ISO 639 code of the text.
    """
    plain, found_figures = read(text, language)
    found = set()
    for figure in found_figures:
        if figure.value == amount:
            before, after = (
                plain[max(0, figure.start - 30) : figure.start],
                plain[figure.end : figure.end + 40],
            )
            found |= {b for b, p in _BEFORE_FIGURE.items() if p.search(before)} | {
                b for b, p in _AFTER_FIGURE.items() if p.search(after)
            }
            found |= {figure.bound} - {""}
    return found
