"""Values as text and back: one lexical form per type, for seeds, CSV files and messages."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from scripts.model import lookalikes
from scripts.model.problems import Flaw, brief
from scripts.model.tables import Field

Value = str | int | float | bool | dt.date | None

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# A spreadsheet runs a cell that starts so. The hyphen comes last, as a class of characters wants it.
FORMULA = ("=", "+", "@", "\t", "\r", "-")
# Unicode category Cc.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# Classes of characters, of which Python's regex and Rust's (polars) read the text alike.
# What nobody sees and what makes two equal names different.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffd\ufdd0-\ufdef\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
# Spaces that look like one and are another.
_OTHER_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Characters of which, but for the two classes above, no text can have a fault whatever is beside them: ASCII,
# letters of European languages, Hangul, Han, Kana, punctuation and a few signs.
_PLAIN = (
    " -~¡-ıĴ-ľŁ-ňŊ-ž\u2010-\u205e₩-₿℃№™←-↓㈜"
    "\u3001-\u3003々-\u3011\u3014-\u301b\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
INVISIBLE, OTHER_SPACE = re.compile(f"[{_INVISIBLE}]"), re.compile(f"[{_OTHER_SPACES}]")
_SUSPICIOUS = (f"[^{_PLAIN}]", f"[{_INVISIBLE}{_OTHER_SPACES}]")
# Two searches for one class each take half the time of one search for either.
_OTHER, _UNSEEN = map(re.compile, _SUSPICIOUS)
# Over whole columns: a cell in which it finds nothing has no fault of text, one in which it finds something
# has to be looked at (``text_fault``).
SUSPECT = rf"\A[\s{''.join(FORMULA)}]|\s\z|{'|'.join(_SUSPICIOUS)}"


def text_fault(text: str) -> Flaw | None:
    """Return what is wrong with a text cell whatever its column; None where nothing is."""
    if text.startswith(FORMULA):
        return Flaw(
            f"{brief(text)} starts with a character that a spreadsheet runs as a formula",
            "begin with another character",
        )
    if text != text.strip():
        return Flaw(f"{brief(text)} has a space at an end", "remove it")
    if not (_OTHER.search(text) or _UNSEEN.search(text)):
        return None
    if CONTROL.search(text):
        return Flaw(f"{brief(text)} has a control character or line break", "remove it")
    if unseen := INVISIBLE.search(text):
        return Flaw(f"{brief(text)} has an invisible character (U+{ord(unseen[0]):04X})", "remove it")
    if space := OTHER_SPACE.search(text):
        return Flaw(
            f"{brief(text)} has a space other than that of the keyboard (U+{ord(space[0]):04X})",
            "write a plain space",
        )
    if not unicodedata.is_normalized("NFC", text):
        return Flaw(
            f"{brief(text)} is not in Unicode normal form C (decomposed Hangul or accents)",
            "write " + brief(unicodedata.normalize("NFC", text)),
        )
    return lookalikes.fault(text)


def _hint(field: Field, text: str) -> str:
    """Return how the writer probably meant a text that is not a value of ``field``."""
    plain = text.strip().replace(",", "").replace("_", "")
    if field.type == "integer" and re.fullmatch(r"-?[0-9]+(?:\.0+)?", plain):
        return f"write {int(plain.partition('.')[0])}"
    if field.type == "number" and re.fullmatch(r"-?[0-9]*\.?[0-9]+", plain):
        return f"write {format_number(float(plain))}"
    scale = re.fullmatch(r"(?i)([0-9]+(?:\.[0-9]+)?)\s*(thousand|million|billion|trillion|만|억|조)", plain)
    if field.type in {"integer", "number"} and scale:
        factor = {
            "thousand": 10**3,
            "million": 10**6,
            "billion": 10**9,
            "trillion": 10**12,
            "만": 10**4,
            "억": 10**8,
            "조": 10**12,
        }
        return f"write {round(float(scale[1]) * factor[scale[2].lower()])}"
    if field.type == "boolean":
        return "write true or false"
    if field.type == "date":
        return "write a day that exists as YYYY-MM-DD"
    return f"write it like {field.example}"


def parse(field: Field, text: str) -> tuple[Value, Flaw | None]:
    """Return the value that ``text`` means in ``field``, or None and the flaw.

    Only the lexical form is judged here; constraints are pandera's. Empty text is None.
    """
    if text == "":
        return None, None
    if field.type == "string":
        return text, text_fault(text)
    if field.type == "integer" and INTEGER.match(text) and abs(int(text)) < 2**63 and text != "-0":
        return int(text), None
    if field.type == "number" and NUMBER.match(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            return None, Flaw(f"{brief(text)} is too large", "check the figure")
        if format_number(number) == text:
            return number, None
        return None, Flaw(f"{brief(text)} is not in canonical form", f"write {format_number(number)}")
    if field.type == "boolean" and text in ("true", "false"):
        return text == "true", None
    if field.type == "date" and DATE.match(text):
        try:
            return dt.date.fromisoformat(text), None
        except ValueError:
            pass
    if field.type == "integer" and INTEGER.match(text) and text != "-0":
        return None, Flaw(f"{brief(text)} is too large", "check the figure")
    names = {"integer": "an integer", "number": "a number", "boolean": "true or false", "date": "a date"}
    return None, Flaw(f"{brief(text)} is not {names[field.type]}", _hint(field, text))


def format_number(number: float) -> str:
    """Return the shortest decimal text that reads back as the same number; no ``.0``, no ``-0``."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return repr(float(number))


def format_value(field: Field, value: Value) -> str:
    """Return the canonical form of ``value`` in a CSV cell; None is the empty cell."""
    if value is None:
        return ""
    if field.type == "boolean":
        return "true" if value else "false"
    if field.type == "date":
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    if field.type == "number":
        return format_number(float(value))  # type: ignore[arg-type]
    return str(value)


def date_range(text: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of an ISO date, ``2025``, ``2025-10`` or ``2025-10-29``.

    Raises ValueError where there is no such day.
    """
    parts = [int(p) for p in text.split("-")]
    if len(parts) == 3:
        day = dt.date(*parts)
        return day, day
    if len(parts) == 2:
        first = dt.date(parts[0], parts[1], 1)
        following = dt.date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return first, following - dt.timedelta(days=1)
    return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
