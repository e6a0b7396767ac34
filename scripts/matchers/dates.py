"""Dates in Korean and English prose, whole or in part.

Each expression gives the parts it prints: ``29일`` a day, ``10월 29일`` a month and a day, ``'15`` a year.
A date is confirmed when expressions that do not contradict it print all its parts between them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scripts.matchers.normal import normal

_MONTHS = {m: n for n, m in enumerate(["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"], 1)}
_MONTH = "(?:" + "|".join(f"{m[:3]}(?:{m[3:]})?" if m != "september" else "sept?(?:ember)?" for m in _MONTHS) + r")\.?"
_Y, _M, _D = r"(?:19|20)[0-9]{2}", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12][0-9]|0?[1-9])"
# A length of time is not a point in it: 30일간, 3년간, 10년 동안.
_NOT_SPAN = r"(?!\s?(?:간|동안|째|치|여|만에|이내|전|후))"
_FORMS = [
    rf"(?<![0-9])(?P<y>{_Y})\s?년\s?(?P<m>{_M})\s?월\s?(?P<d>{_D})\s?일",
    rf"(?<![0-9])'(?P<yy>[0-9]{{2}})\s?년\s?(?P<m>{_M})\s?월\s?(?P<d>{_D})\s?일",
    rf"(?<![0-9])(?P<y>{_Y})\s?(?P<s>[-./])\s?(?P<m>{_M})\s?(?P=s)\s?(?P<d>{_D})(?![0-9])",
    rf"(?<![0-9])(?P<d>{_D})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH}),?\s(?P<y>{_Y})(?![0-9])",
    rf"\b(?P<mon>{_MONTH})\s(?P<d>{_D})(?:st|nd|rd|th)?,?\s(?P<y>{_Y})(?![0-9])",
    rf"(?<![0-9])(?P<y>{_Y})\s?년\s?(?P<m>{_M})\s?월(?!\s?[0-9])",
    rf"\b(?P<mon>{_MONTH}),?\s(?P<y>{_Y})(?![0-9])",
    rf"(?<![0-9])(?P<y>{_Y})-(?P<m>0[1-9]|1[0-2])(?![0-9-])",
    rf"(?<![0-9])(?P<m>{_M})\s?월\s?(?P<d>{_D})\s?일{_NOT_SPAN}",
    rf"(?<![0-9])(?P<d>{_D})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH})(?![A-Za-z])",
    rf"\b(?P<mon>{_MONTH})\s(?P<d>{_D})(?:st|nd|rd|th)?(?![0-9A-Za-z])",
    rf"(?<![0-9])(?P<m>{_M})\s?월(?![가-힣]*\s?[0-9]{{1,2}}\s?일)",
    rf"(?<![0-9.,])(?P<d>{_D})\s?일(?:\(현지시간\))?{_NOT_SPAN}",
    r"(?<![0-9A-Za-z])'(?P<yy>[0-9]{2})(?![0-9])",
    rf"(?<![0-9A-Za-z.,$₩£€])(?P<y>{_Y})(?![0-9]|[,.][0-9]|\s?(?:건|명|개|달러|원|억|만|조|%)){_NOT_SPAN}",
]
# A month alone must be capitalized: "may" and "march" are also verbs.
_CAPITAL_MONTH = "|".join(m.capitalize() for m in _MONTHS)
_COMPILED = [*(re.compile(f, re.IGNORECASE) for f in _FORMS), re.compile(rf"\b(?P<mon>{_CAPITAL_MONTH})\b")]


class Parts(NamedTuple):
    """What a date expression prints; None for what it leaves out."""

    year: int | None
    month: int | None
    day: int | None


def _month(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("m"):
        return int(groups["m"])
    if groups.get("mon"):
        name = groups["mon"].lower().rstrip(".")
        return next(n for m, n in _MONTHS.items() if m.startswith(name[:3]))
    return None


def date_expressions(text: str) -> list[Parts]:
    """The date expressions of ``text``; longer forms first, none counted within another."""
    text = normal(text)
    found: list[Parts] = []
    for form in _COMPILED:
        taken = []
        for match in form.finditer(text):
            groups = match.groupdict()
            year = int(groups["y"]) if groups.get("y") else None
            if groups.get("yy"):
                # Two-digit years: the dataset's sources write '15 for 2015; nothing before 1950 is cited so.
                year = 2000 + int(groups["yy"]) if int(groups["yy"]) < 50 else 1900 + int(groups["yy"])
            found.append(Parts(year, _month(match), int(groups["d"]) if groups.get("d") else None))
            taken.append(match.span())
        for start, end in taken:
            text = text[:start] + "\0" * (end - start) + text[end:]
    return found


def has_date(text: str, value: str) -> bool:
    """Whether ``text`` prints the ISO date ``value`` (year, year-month or day) in one or several expressions.

    An expression that prints another year, month or day than ``value`` counts for nothing.
    """
    wanted = Parts(*(int(p) for p in value.split("-")), *[None] * (2 - value.count("-")))
    printed = [
        e for e in date_expressions(text)
        if all(w is None or p is None or w == p for w, p in zip(wanted, e, strict=True))
    ]  # fmt: skip
    return all(w is None or any(e[i] is not None for e in printed) for i, w in enumerate(wanted))


def has_year(text: str, year: int) -> bool:
    """Whether ``text`` prints ``year`` as a year, in four digits or as '15."""
    return any(e.year == year for e in date_expressions(text))
