"""The kinds of evidence: how the value of a claimed column is checked against its passage, one class each.

A schema names the kind of a column in ``techpacts:evidence``. All that differs between kinds is said here:
what is looked for in the passage, which checks evidence may have, what counts for the grade, the caveat for
users, the caption in the codebook. A new kind is a new class in this file.

The matchers are imported where they are run: they compile patterns for 0.15 s, and most commands check no
passage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from scripts.model.problems import brief
from scripts.techpacts.tombstones import ENTITY

if TYPE_CHECKING:
    from scripts.matchers.names import Names

# Tables whose rows have names, and the kind of entity that each row is.
NAMED = {table: kind for kind, (table, _) in ENTITY.items()}

# The check that a passage gives (None where it does not have the value), and what is missing from it.
Finding = tuple[str | None, str]


@dataclass(frozen=True)
class Passage:
    """A passage and what its words have to be read with.

    ``reference`` is the table that the column points to; ``amount`` the sum that a bound or a currency
    belongs to; ``language`` the ISO 639 code of the text; ``home`` the currency of its publisher's country.
    """

    text: str
    names: Names
    reference: str | None = None
    amount: int | None = None
    language: str | None = None
    home: str | None = None


class Kind:
    """A kind of evidence. This class is that of typed values, which the passage prints or a note infers."""

    name: ClassVar[str]
    # The checks that evidence of this kind may have; the first is that of a passage that has the value.
    checks: ClassVar[tuple[str, ...]] = ("confirmed", "inferred", "cited")
    # What else was looked for where the passage does not print the value.
    looked_for: ClassVar[str] = ""
    # Whether anything is looked for in the passage.
    looked_up: ClassVar[bool] = True
    # Whether the value may be translated from the cell of the same row that ends in _en instead of _ko.
    translates: ClassVar[bool] = False
    # Whether the value is an entity, so that the names that were looked for can be listed.
    named: ClassVar[bool] = False
    # The code of the caveat that every column of this kind has (scripts/model/caveats.py).
    caveat: ClassVar[str | None] = None
    # What the codebook says in place of a share of confirmed cells, where no passage can print the value.
    caption: ClassVar[str | None] = None
    # Why a cell of which no source or ruling changed has another value in the next version.
    changed: ClassVar[str] = "reread"

    @property
    def typed(self) -> bool:
        """Whether a value is printed or inferred, never merely coded: such values make the grade of a row."""
        return "coded" not in self.checks

    @property
    def own_words(self) -> bool:
        """Whether the text is ours: nothing in it is inferred, and two that differ are no disagreement."""
        return "inferred" not in self.checks

    def check(self, value: Any, passage: Passage) -> Finding:
        """Check ``value`` against ``passage``; return the check, or None and what the passage lacks."""
        if self.printed(value, passage):
            return "confirmed", ""
        return None, f"{brief(value)} is not in the passage{self.looked_for}"

    def printed(self, value: Any, passage: Passage) -> bool:
        """Tell whether ``passage`` prints ``value``."""
        raise NotImplementedError

    def note_explains(self, check: str | None) -> bool:
        """Tell whether a note may say how a value follows that the passage itself supports by ``check``."""
        return check is None and not self.own_words


class Dated(Kind):
    """A value of the calendar. That a passage prints such a date somewhere does not make it this one, so a
    coder who says how it follows is believed.
    """

    def note_explains(self, check: str | None) -> bool:
        return True


class Date(Dated):
    """A day, a month or a year as an ISO date."""

    name = "date"
    looked_for = ", where no date of any form agrees with it"
    caveat = "as_precise_as_said"

    def printed(self, value: Any, passage: Passage) -> bool:
        from scripts.matchers.dates import has_date

        return has_date(passage.text, str(value))


class Year(Dated):
    """A year as a whole number."""

    name = "year"
    looked_for = ", where no year and no date agrees with it"

    def printed(self, value: Any, passage: Passage) -> bool:
        from scripts.matchers.dates import has_year

        return has_year(passage.text, int(value))


class Number(Kind):
    """A figure, whatever its scale and its script."""

    name = "number"
    looked_for = ", where no figure and no number word, with its scale, comes to it"

    def printed(self, value: Any, passage: Passage) -> bool:
        from scripts.matchers.numbers import has_number

        return has_number(passage.text, value, passage.language)


class Currency(Kind):
    """The currency of the sum in the same row."""

    name = "currency"
    looked_for = ", where no currency beside the sum is this one"

    def printed(self, value: Any, passage: Passage) -> bool:
        from scripts.matchers.currencies import has_currency

        return has_currency(
            passage.text, str(value), passage.amount, language=passage.language, home=passage.home
        )


class Name(Kind):
    """An entity of a list, under any of its names."""

    name = "name"
    named = True

    def printed(self, value: Any, passage: Passage) -> bool:
        from scripts.matchers.names import Entity

        return Entity(NAMED[passage.reference or ""], str(value)) in passage.names.entities(passage.text)


class Verbatim(Kind):
    """A text as the source prints it."""

    name = "verbatim"
    looked_for = " letter for letter"

    def printed(self, value: Any, passage: Passage) -> bool:
        from scripts.matchers.prose import verbatim

        return verbatim(passage.text, str(value))


class OwnWords(Kind):
    """Words of our own, which may say no more than the passage."""

    # Whether every word must be printed or listed, not numbers, dates and listed names alone.
    strict: ClassVar[bool]

    def check(self, value: Any, passage: Passage) -> Finding:
        from scripts.matchers.prose import said_too_much

        faults = said_too_much(
            str(value), passage.text, passage.names, strict=self.strict, language=passage.language
        )
        return (None, "the passage does not hold " + ", ".join(faults)) if faults else ("coded", "")


class Summary(OwnWords):
    """Sentences of our own."""

    name = "summary"
    checks = ("coded", "cited")
    caveat = "own_words"
    caption = "our words / 새로 쓴 문장"
    changed = "wording"
    strict = True


class Text(OwnWords):
    """A title or a label: printed letter for letter, or in our words."""

    name = "text"
    checks = ("confirmed", "coded", "cited")
    strict = False

    def check(self, value: Any, passage: Passage) -> Finding:
        from scripts.matchers.prose import verbatim

        return ("confirmed", "") if verbatim(passage.text, str(value)) else super().check(value, passage)


class Translation(Text):
    """A label in Korean: printed letter for letter, or translated from the English cell of the same row."""

    name = "translation"
    translates = True


class Judgement(Kind):
    """A value that a coder chooses by the manual; nothing of it is looked for in the passage."""

    name = "judgement"
    checks = ("coded", "inferred", "cited")
    looked_up = False
    caveat = "judgement"
    caption = "judgement / 판단"

    def check(self, value: Any, passage: Passage) -> Finding:
        return "coded", ""

    def note_explains(self, check: str | None) -> bool:
        return True


class Bound(Kind):
    """What the words beside a sum make of it: a floor, a ceiling, an approximation or the exact sum."""

    name = "bound"
    checks = ("confirmed", "coded", "inferred", "cited")

    def check(self, value: Any, passage: Passage) -> Finding:
        from scripts.matchers.bounds import bounds_said

        said: set[str] = set()
        if passage.amount is not None:
            said = bounds_said(passage.text, passage.amount, passage.language)
        if said and value not in said:
            return None, f"beside the sum the passage says {' and '.join(sorted(said))}, not {value}"
        # Up to $90+ million: of words that say two things the coder chooses.
        return "confirmed" if said == {value} else "coded", ""

    def note_explains(self, check: str | None) -> bool:
        return check != "confirmed"


# By name, in the order in which a schema error lists them.
EVIDENCE: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Date(),
        Year(),
        Number(),
        Currency(),
        Name(),
        Verbatim(),
        Text(),
        Translation(),
        Summary(),
        Judgement(),
        Bound(),
    )
}


def kind_of(evidence: str | None) -> Kind:
    """Return the kind of evidence that a column declares. Raises ValueError where there is no such kind."""
    if evidence not in EVIDENCE:
        raise ValueError(f"no kind of evidence is called {evidence}")
    return EVIDENCE[evidence]


def implied(evidence: str | None) -> tuple[str, ...]:
    """Return the codes of the caveats that follow from how a column is filled."""
    caveat = EVIDENCE[evidence].caveat if evidence in EVIDENCE else None
    return (caveat,) if caveat else ()
