"""Finds words in a held text and prints the offsets to cite."""

from __future__ import annotations

import re

from scripts.sources.passages import HeldText


def locate(held: HeldText, words: str, *, context: int = 20) -> list[tuple[int, int, str]]:
    """Return every place where ``words`` are in the text, whatever the white space between them: start, end,
    surroundings.
    """
    pattern = r"\s+".join(re.escape(w) for w in words.split())
    if not pattern:
        return []
    return [
        (m.start(), m.end(), " ".join(held.text[max(0, m.start() - context) : m.end() + context].split()))
        for m in re.finditer(pattern, held.text)
    ]
