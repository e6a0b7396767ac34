"""The edges of a place: it begins and ends with a word."""

from __future__ import annotations

import pytest

from scripts.sources.passages import HeldText

TEXT = "Korea put $10 million, 한국과 미국은 합의했다."


@pytest.mark.parametrize(
    ("span", "cut"),
    [
        ((0, 5), None),
        ((0, 4), "0-4"),
        ((1, 5), "1-5"),
        ((5, 9), "5-9"),
        ((0, 6), "0-6"),
        ((10, 13), None),
        ((10, 12), "10-12"),
        # Particles belong to the noun in Korean, and are often left out.
        ((23, 25), None),
        ((0, len(TEXT)), None),
    ],
)
def test_a_span_that_cuts_a_word(span: tuple[int, int], cut: str | None) -> None:
    assert HeldText("s", TEXT).cut_word([span]) == cut
