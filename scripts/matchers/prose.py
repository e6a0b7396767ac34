"""The check that a summary of our own says no more than its passage: every number, date and name in it must
be there too.

Reads numbers, dates and listed names as the other matchers do, and in strict mode capitalized and Latin
words. Does not read what the sentences claim: a summary can pass and still be wrong.
"""

from __future__ import annotations

import re

from scripts.matchers.dates import date_expressions, split_dates
from scripts.matchers.names import Names
from scripts.matchers.normal import normal
from scripts.matchers.numbers import figures, numbers, read

_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[(\"'])$")
_CAPITALIZED = re.compile(r"(?<![A-Za-z0-9'])[A-Z][A-Za-z0-9]*(?:[-&.][A-Za-z0-9]+)*")
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-&.][A-Za-z0-9]+)*")
_DATE_WORDS = re.compile(
    r"(?i)(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\Z"
)


def verbatim(text: str, value: str) -> bool:
    """Tell whether ``text`` prints ``value`` letter for letter, apart from typography and spaces at dots."""

    def plain(s: str) -> str:
        return re.sub(r" *([·/(),]) *", r"\1", normal(s))

    return plain(value) in plain(text)


def _dates_missing(summary: str, passage: str) -> list[str]:
    printed = date_expressions(passage)
    missing = []
    for wanted in date_expressions(summary):
        agreeing = [
            e
            for e in printed
            if all(w is None or p is None or w == p for w, p in zip(wanted, e, strict=True))
        ]
        if not all(w is None or any(e[i] is not None for e in agreeing) for i, w in enumerate(wanted)):
            missing.append("-".join(str(p) for p in wanted if p is not None))
    return missing


def _numbers_missing(summary: str, passage: str, language: str | None) -> list[str]:
    # Dates are checked as dates: a day of a month neither is nor proves a count. A part alone may be either
    # (4일).
    _, said = split_dates(summary)
    dates, printed = split_dates(passage)
    alone = {parts[0] for e in dates if len(parts := [p for p in e if p is not None]) == 1}
    there = numbers(printed, language) | alone
    # In words only from three on: "one of them" and "the two sides" count nothing.
    counted = set(figures(said)) | {n for n in numbers(said) if n > 2}
    plain, found = read(said)
    # What cannot be read for certain (2/3, 6G) must be printed so.
    unread = {plain[f.start : f.end].strip() for f in found if f.digits and f.value is None}
    return [f"{n:f}" for n in sorted(counted - there)] + sorted(
        f"{u!r}, which cannot be read" for u in unread if u not in normal(passage)
    )


def _names_missing(summary: str, passage: str, names: Names) -> tuple[list[str], str]:
    """Listed names in the summary that the passage has under no name, and the summary with all listed names
    cut out.
    """
    there = names.entities(passage)
    missing, rest = [], normal(summary)
    for printed, entities in names.find(summary, nested=False):
        # 한미 is said of both countries, so both must be there; of other bearers of a name one is enough.
        countries = {e for e in entities if e.kind == "country"}
        if not (countries <= there if len(countries) > 1 else entities & there):
            missing.append(printed)
        # As a word by itself: US must not be cut out of USMCA.
        rest = re.sub(
            rf"(?<![A-Za-z0-9]){re.escape(printed)}(?![A-Za-z0-9])", " " * len(printed), rest, count=1
        )
    return missing, rest


def said_too_much(
    summary: str, passage: str, names: Names, *, strict: bool, language: str | None = None
) -> list[str]:
    """Return what ``summary`` says and ``passage`` does not: numbers, dates, listed names.

    Args:
        summary: the text to check.
        passage: what it summarizes.
        names: all listed names.
        strict: report also every capitalized or Latin word that is neither listed nor printed in the passage,
            except months and the first word of a sentence.
        language: ISO 639 code of the passage.
    """
    faults = [f"the date {d}" for d in _dates_missing(summary, passage)]
    faults += [f"the number {n}" for n in _numbers_missing(summary, passage, language)]
    missing, rest = _names_missing(summary, passage, names)
    faults += [f'the name "{m}"' for m in missing]
    if strict:
        korean = re.search("[가-힣]", summary) is not None
        printed = normal(passage)
        for match in (_LATIN if korean else _CAPITALIZED).finditer(rest):
            word = match[0]
            if not korean and (_SENTENCE_START.search(rest[: match.start()]) or _DATE_WORDS.match(word)):
                continue
            if not re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", printed):
                faults.append(f'the word "{word}", which is not a listed name')
    return faults
