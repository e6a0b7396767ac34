"""The check of a claim against its passage, and the lock that stands in where the text is not at hand."""

from __future__ import annotations

from scripts.matchers.bounds import bounds_said
from scripts.matchers.currencies import has_currency
from scripts.matchers.dates import has_date, has_year
from scripts.matchers.names import Entity, Names
from scripts.matchers.numbers import has_number
from scripts.matchers.prose import said_too_much, verbatim
from scripts.model.problems import brief
from scripts.model.tables import Field
from scripts.sources.known_names import NAMED

# What was looked for where a typed value is not found, by kind of evidence; of a name all names are named.
LOOKED_FOR = {
    "date": ", where no date of any form agrees with it",
    "year": ", where no year and no date agrees with it",
    "number": ", where no figure and no number word, with its scale, comes to it",
    "currency": ", where no currency beside the sum is this one",
    "verbatim": " letter for letter",
}


def check_value(
    field: Field,
    value: object,
    passage: str,
    names: Names,
    reference: str | None,
    amount: int | None = None,
    *,
    language: str | None = None,
    home: str | None = None,
) -> tuple[str | None, str]:
    """How ``passage`` supports ``value``: ``confirmed``, ``coded``, or None and what is missing from it.

    ``reference`` is the table that the column points to, for names; ``amount`` the sum that a bound or a
    currency belongs to; ``language`` the ISO 639 code of the passage; ``home`` the currency of the country of
    its publisher.
    """
    match field.evidence:
        case "judgement":
            return "coded", ""
        case "date":
            found = has_date(passage, str(value))
        case "year":
            found = has_year(passage, int(value))  # type: ignore[call-overload]
        case "number":
            found = has_number(passage, value, language)  # type: ignore[arg-type]
        case "currency":
            found = has_currency(passage, str(value), amount, language=language, home=home)
        case "name":
            found = Entity(NAMED[reference or ""], str(value)) in names.entities(passage)
        case "verbatim":
            found = verbatim(passage, str(value))
        case "text" | "summary":
            if field.evidence == "text" and verbatim(passage, str(value)):
                return "confirmed", ""
            faults = said_too_much(
                str(value), passage, names, strict=field.evidence == "summary", language=language
            )
            return (None, "the passage does not hold " + ", ".join(faults)) if faults else ("coded", "")
        case "bound":
            said = bounds_said(passage, amount, language) if amount is not None else set()
            if said and value not in said:
                return None, f"beside the sum the passage says {' and '.join(sorted(said))}, not {value}"
            # Up to $90+ million: of words that say two things the coder chooses.
            return "confirmed" if said == {value} else "coded", ""
        case other:
            raise ValueError(f"no matcher for {other}")
    return (
        ("confirmed", "")
        if found
        else (None, f"{brief(value)} is not in the passage" + LOOKED_FOR.get(field.evidence or "", ""))
    )
