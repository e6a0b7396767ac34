"""One spelling for what typography varies, so that matchers compare like with like."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans({
    "‧": "·", "ㆍ": "·", "・": "·", "•": "·", "∙": "·", "⋅": "·",
    "‘": "'", "’": "'", "‛": "'", "`": "'", "“": '"', "”": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "〜": "~", "∼": "~",
})  # fmt: skip


def normal(text: str) -> str:
    """``text`` in NFKC with one kind of dot, quote, dash and space. Offsets are not kept."""
    # The dots first: NFKC would turn the Korean araea dot into a conjoining letter.
    text = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return re.sub(r"[^\S\n]+", " ", text)
