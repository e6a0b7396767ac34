"""Numbers written with digits alone: what dots, commas, spaces and apostrophes between them mean.

Reads plain digits, decimals, and groups set apart by commas (1,234 and the Indian 12,34,567), dots, spaces or
apostrophes, as far as the language of the text leaves one reading. A literal is taken as long as it goes, and
either read whole or not at all. Does not read what may be another number (1.234 beside a German word, 3 200,
which may be two) or none (2/3, 10:30).
"""

from __future__ import annotations

import re
from decimal import Decimal

from scripts.matchers.scales import DECIMAL_COMMA

# Digits with all that may hold them together. Three digits after a space may belong to them or not.
LITERAL = r"[0-9]+(?:[.,'/:][0-9]+| [0-9]{3}(?![0-9]))*"

_PLAIN = re.compile(r"[0-9]+")
_POINT = re.compile(r"[0-9]+\.[0-9]+")
_POINT_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_COMMA = re.compile(r"[0-9]+,[0-9]+")
_BY_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_BY_ONE_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
_BY_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)")
_BY_APOSTROPHES = re.compile(r"[1-9][0-9]{0,2}(?:'[0-9]{3})+(?:\.[0-9]+)?")
_BY_SPACES = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")


def parts(body: str) -> list[str]:
    """Split digits at the spaces that set no groups of digits apart: ``2024 100`` is two numbers, ``1조
    2000억`` one.
    """
    if " " not in body or _BY_SPACES.fullmatch(body) or not re.fullmatch(LITERAL, body):
        return [body]
    return body.split(" ")


def _with_point(literal: str, *, comma: bool, doubtful: bool, counted: bool) -> Decimal | None:
    """One point between digits: that of a fraction, or before a group of three digits."""
    if _POINT_AMBIGUOUS.fullmatch(literal):
        if comma:
            return Decimal(literal.replace(".", ""))
        if doubtful or (counted and literal.endswith("0")):
            return None
    return Decimal(literal)


def _with_spaces(literal: str, *, comma: bool) -> Decimal | None:
    """Groups of three digits set apart by spaces."""
    whole, _, rest = literal.replace(",", ".").partition(".")
    # A group that begins with a zero is not a number by itself, so the spaces set groups apart.
    apart = comma or any(group.startswith("0") for group in whole.split(" ")[1:])
    if not apart or (len(rest) == 3 and not comma):
        return None
    return Decimal(whole.replace(" ", "") + (f".{rest}" if rest else ""))


def literal_value(
    literal: str, language: str | None = None, *, foreign: bool = False, counted: bool = False
) -> Decimal | None:
    """Return the number that a literal writes, None where it may be another or none.

    Args:
        literal: text that ``LITERAL`` matches, one of its ``parts``.
        language: ISO 639 code of the text; None is read as English or Korean.
        foreign: a word beside it is of a language with a decimal comma.
        counted: a currency or a scale is beside it; amounts are not padded with zeros behind the point.
    """
    comma = language in DECIMAL_COMMA
    doubtful = foreign and not comma
    if _PLAIN.fullmatch(literal):
        return Decimal(literal)
    if _POINT.fullmatch(literal):
        return _with_point(literal, comma=comma, doubtful=doubtful, counted=counted)
    if _BY_COMMAS.fullmatch(literal) or _INDIAN.fullmatch(literal):
        uncertain = (comma or doubtful) and _BY_ONE_COMMA.fullmatch(literal)
        return None if uncertain else Decimal(literal.replace(",", ""))
    if _COMMA.fullmatch(literal):
        return Decimal(literal.replace(",", ".")) if comma else None
    if _BY_DOTS.fullmatch(literal):
        return Decimal(literal.replace(".", "").replace(",", "."))
    if _BY_APOSTROPHES.fullmatch(literal):
        return Decimal(literal.replace("'", ""))
    return _with_spaces(literal, comma=comma) if _BY_SPACES.fullmatch(literal) else None
