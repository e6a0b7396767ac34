"""One spelling for what typography varies, so that matchers compare like with like."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    dict.fromkeys("‧ㆍ・•∙⋅", "·")
    | dict.fromkeys("‘’‛`", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("–—‐‑−", "-")
    | dict.fromkeys("〜∼", "~")
    | {"⁄": "/"}
)
# Full-width forms are the same letters, digits and signs. No other compatibility form is: ² is an exponent or
# a footnote, ½ a fraction, ① a mark of a list, and NFKC would make plain digits of them.
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩"}


def normal(text: str) -> str:
    """Return ``text`` in NFC with half-width forms and one kind of dot, quote, dash and space.

    Offsets are not kept.
    """
    text = unicodedata.normalize("NFC", text.translate(_FULL_WIDTH).translate(_SAME))
    return re.sub(r"[^\S\n]+", " ", text)
