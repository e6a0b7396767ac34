"""Dates in Korean and English prose, whole or in part.

Each expression gives the parts it prints: ``29일`` a day, ``10월 29일`` a month and a day, ``'15`` a year.
A date is confirmed when expressions that do not contradict it print all its parts between them.

Reads the forms listed in ``FORMS``, and both ends of a range of days. Does not read month names of other
languages, Japanese and Chinese dates, days in figures that begin with the day or the month (29.10.2025,
10/29/2025: only the year), seasons and quarters, or dates given by their distance (next year).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from scripts.matchers.forms import Form
from scripts.matchers.normal import normal

_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {m: n for n, m in enumerate(_MONTH_NAMES.split(), 1)}
_MONTH = (
    "(?:"
    + "|".join(f"{m[:3]}(?:{m[3:]})?" if m != "september" else "sept?(?:ember)?" for m in _MONTHS)
    + r")\.?"
)
_Y, _M, _D = r"(?:19|20)[0-9]{2}", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12][0-9]|0?[1-9])"
# A length of time is not a point in it: 30일간, 3년간, 10년 동안; but 29일 간담회 is one.
_NOT_SPAN = (
    r"(?!간|동안|째|차|치|여|만에|만의|이내|전|후|"
    r" (?:간|동안|만에|만의|이내|전|후)(?:에|에는|까지|부터|로|의|은)?(?![가-힣]))"
)
# A day, or two of which only the last is named in full: 29일, 29~31일.
_DAYS = rf"(?P<d>{_D})(?:(?: ?일)? ?[~·-] ?(?P<d2>{_D}))? ?일"
_ENGLISH_DAYS = rf"(?P<d>{_D})(?:st|nd|rd|th)?(?: ?[~-] ?(?P<d2>{_D})(?:st|nd|rd|th)?)?"
# Spaces, not \s: a line feed separates two cited passages.
FORMS = (
    Form("day in Korean", "2025년 10월 29일", rf"(?<![0-9])(?P<y>{_Y}) ?년 ?(?P<m>{_M}) ?월 ?{_DAYS}"),
    Form(
        "day in Korean, year of two digits",
        "'25년 10월 29일",
        rf"(?<![0-9])'(?P<yy>[0-9]{{2}}) ?년 ?(?P<m>{_M}) ?월 ?{_DAYS}",
    ),
    Form(
        "day in figures",
        "2025. 10. 29",
        rf"(?<![0-9])(?P<y>{_Y}) ?(?P<s>[-./]) ?(?P<m>{_M}) ?(?P=s) ?(?P<d>{_D})(?![0-9])",
    ),
    Form(
        "day, month, year in English",
        "29th of October, 2025",
        rf"(?<![0-9]){_ENGLISH_DAYS} (?:of )?(?P<mon>{_MONTH}),? (?P<y>{_Y})(?![0-9])",
    ),
    Form(
        "month, day, year in English",
        "Oct. 29-31, 2025",
        rf"\b(?P<mon>{_MONTH}) {_ENGLISH_DAYS},? (?P<y>{_Y})(?![0-9])",
    ),
    Form(
        "year and month in Korean", "2025년 10월", rf"(?<![0-9])(?P<y>{_Y}) ?년 ?(?P<m>{_M}) ?월(?! ?[0-9])"
    ),
    Form("month and year in English", "October 2025", rf"\b(?P<mon>{_MONTH}),? (?P<y>{_Y})(?![0-9])"),
    Form("year and month in figures", "2025-10", rf"(?<![0-9])(?P<y>{_Y})-(?P<m>0[1-9]|1[0-2])(?![0-9-])"),
    Form("month and day in Korean", "10월 29~31일", rf"(?<![0-9])(?P<m>{_M}) ?월 ?{_DAYS}{_NOT_SPAN}"),
    Form(
        "day and month in English",
        "29 October",
        rf"(?<![0-9]){_ENGLISH_DAYS} (?:of )?(?P<mon>{_MONTH})(?![A-Za-z])",
    ),
    Form(
        "month and day in English",
        "October 29th",
        rf"\b(?P<mon>{_MONTH}) {_ENGLISH_DAYS}(?![0-9A-Za-z]|[.,][0-9]| ?%)",
    ),
    Form("month in Korean", "10월", rf"(?<![0-9])(?P<m>{_M}) ?월(?![가-힣]* ?[0-9]{{1,2}} ?일)"),
    Form(
        "day of the month in Korean", "29일(현지시간)", rf"(?<![0-9.,]){_DAYS}(?:\(현지 ?시간\))?{_NOT_SPAN}"
    ),
    # A quoted number is not a year: '30개국', '10.5%'.
    Form(
        "year of two digits",
        "'15",
        r"(?<![0-9A-Za-z])'(?P<yy>[0-9]{2})(?:(?= ?년(?!대|간))|(?![0-9'%]|[.,:/·][0-9]| ?[가-힣]))",
    ),
    # Nor are the digits of a count, a decade, an amount or a telephone number.
    Form(
        "year",
        "2025",
        rf"(?<![0-9A-Za-z.,$₩£€])(?:(?<![0-9]-)|(?<=(?:19|20)[0-9]{{2}}-))(?P<y>{_Y})"
        rf"(?![0-9여]|(?-i:[a-z])|[,.][0-9]|-(?!{_Y}(?![0-9]))(?:[0-9]{{3}}|[0-9]+-)|년대(?!비)|"
        r" ?(?:건|명|개|달러|원|억|만|조|%|thousand|million|billion|trillion))",
    ),
    # A month alone must be capitalized: "may" and "march" are also verbs.
    Form("month in English", "October", rf"\b(?P<mon>(?-i:{'|'.join(m.capitalize() for m in _MONTHS)}))\b"),
)
_COMPILED = [re.compile(form.pattern, re.IGNORECASE) for form in FORMS]


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


@lru_cache(maxsize=4096)
def split_dates(text: str) -> tuple[list[Parts], str]:
    """Return the date expressions of ``text`` in the order of ``FORMS``, none counted within another, and the
    text with NULs in their place.
    """
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
            days: list[int | None] = [int(groups[d]) for d in ("d", "d2") if groups.get(d)]
            found += [Parts(year, _month(match), day) for day in days or (None,)]
            taken.append(match.span())
        for start, end in taken:
            text = text[:start] + "\0" * (end - start) + text[end:]
    return found, text


def date_expressions(text: str) -> list[Parts]:
    """Return the date expressions of ``text``; of a range of days (29~31일) both ends."""
    return split_dates(text)[0]


# A date given by its distance: the day of the document that it is counted from is not the day that is meant.
_RELATIVE = re.compile(
    r"\b(?:this|last|next|past|previous|following|earlier this|later this|coming)"
    r" (?:week|weekend|month|quarter|year|spring|summer|autumn|fall|winter"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b(?:yesterday|tomorrow|recently|earlier this|later this)\b|\b(?:weeks?|months?|days?|years?) ago\b"
    r"|지난 ?(?:주|달|해|번|주말|월요일|화요일|수요일|목요일|금요일)|이번 ?(?:주|달|주말)|이달"
    r"|다음 ?(?:주|달|해)|어제|내일|그제|작년|지난해|올해|내년|최근"
    r"|昨日|先週|今週|来週|先月|今月|来月|昨年|今年|来年",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(.{4,70}?)(?:: | - |\) ?(?:-|=|--)? ?)")


def _is_dateline(line: str) -> bool:
    """Tell whether a line is a date and little more: a place, an agency."""
    found, rest = split_dates(line)
    return bool(found) and len(re.findall(r"[^\W\d_]+", rest.replace("\0", " "))) <= 5


def _without_datelines(text: str) -> str | None:
    """Return ``text`` without its datelines where it gives a date by its distance from them; else None."""
    lines = []
    for line in normal(text).split("\n"):
        prefix = _PREFIX.match(line)
        if prefix and _is_dateline(prefix[1]):
            line = line[prefix.end() :]
        if not _is_dateline(line):
            lines.append(line)
    rest = "\n".join(lines)
    return rest if _RELATIVE.search(rest) else None


def has_date(text: str, value: str) -> bool:
    """Tell whether ``text`` prints the ISO date ``value`` (year, year-month or day) in one or several
    expressions.

    An expression that prints another year, month or day than ``value`` counts for nothing, nor does a
    dateline beside words that count from it: "this week" under "April 2023" prints no date of what happened.
    """
    if (rest := _without_datelines(text)) is not None:
        text = rest
    wanted = Parts(*(int(p) for p in value.split("-")), *[None] * (2 - value.count("-")))
    printed = [
        e
        for e in date_expressions(text)
        if all(w is None or p is None or w == p for w, p in zip(wanted, e, strict=True))
    ]
    return all(w is None or any(e[i] is not None for e in printed) for i, w in enumerate(wanted))


def has_year(text: str, year: int) -> bool:
    """Tell whether ``text`` prints ``year`` as a year, in four digits or as '15; a dateline counts as for
    ``has_date``.
    """
    if (rest := _without_datelines(text)) is not None:
        text = rest
    return any(e.year == year for e in date_expressions(text))
