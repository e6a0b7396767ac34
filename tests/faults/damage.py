"""Named damage to a cell, a text or the bytes of a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

# What a lenient reader takes for a number, a date or a boolean.
LENIENT = (
    "2021-3-1", "2021-02-30", "2021-03-01T00:00:00", "٢٠٢١-٠٣-٠١", "1_0", "١٢", "１２", " 1", "1 ", "1\n",
    "+5", "-1", "-0", "007", "1.0", "3.50",
    "1e5", "1E5", "1e-7", "1e400", "nan", "NaN", "inf", "INF", "-INF", "9" * 20, "1,5", "1.", ".5", "TRUE",
    "True", "yes", "0", "1", "true ", "ten",
)  # fmt: skip

# What a person or a program may leave in a cell of text.
ODD = (
    "=1+1", "@x", "+x", "-x", " x", "x ", "\tx", "x\n", "a\nb", "a\tb", "\u00a0x", "x\u00a0y", "e\u0301",
    "\u1112\u1161\u11ab", "x\u200by", "\ufeffx", "\u3164",
    "x\u0085y", "x\ufffd", "x\u3000y", "Ａ", "К\u043erea", "Korе\u0430", "x" * 300, '"', "''", "a,b", "#x",
    "N/A", "null", "KORX", "no-such-thing", "한국",
)  # fmt: skip

# What may be done to a cell that was sound.
CHANGES: tuple[Callable[[str], str], ...] = (
    lambda t: " " + t, lambda t: t + " ", lambda t: t + "\n", lambda t: "=" + t, str.upper, str.title,
    lambda t: t + "\u200b", lambda t: unicodedata.normalize("NFD", t + "é"),
    lambda t: t + t, lambda t: t[:-1], lambda t: "'" + t, lambda t: f'"{t}"',
)  # fmt: skip

# What may be done to the bytes of a file: none of it leaves a file that may be read on.
SPOIL: dict[str, Callable[[bytes], bytes]] = {
    "byte-order-mark": lambda b: b"\xef\xbb\xbf" + b,
    "crlf": lambda b: b.replace(b"\n", b"\r\n"),
    "cut": lambda b: b[:-1],
    "latin-1": lambda b: b + b"\xe9\n",
    "stray-quote": lambda b: b + b'"a"b\n',
    "open-quote": lambda b: b + b'"a\n',
    "nul": lambda b: b + b"\0\n",
    "header-case": lambda b: b[:1].upper() + b[1:],
    "header-cut": lambda b: b.replace(b",", b"", 1),
    "header-more": lambda b: b.replace(b"\n", b",more\n", 1),
    "empty": lambda b: b"",
}


def swap(text: str, old: str, new: str) -> str:
    """``text`` with ``old``, which must stand there once, replaced."""
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times")
    return text.replace(old, new)
