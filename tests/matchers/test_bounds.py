"""Words beside a sum: a floor is not booked as an exact sum, nor a ceiling, nor an approximation."""

from __future__ import annotations

import pytest

from scripts.matchers.bounds import bounds_said
from scripts.model.problems import BadData
from scripts.sources.check import check_value
from tests.mini import TABLES, Mini

SAID = [
    ("양국은 최소 1000만 달러를 지원한다.", 10_000_000, {"at_least"}),
    ("1000만 달러 이상을 투자한다.", 10_000_000, {"at_least"}),
    ("1000만달러를 넘는 돈", 10_000_000, {"at_least"}),
    ("300여만 달러", 3, set()),
    ("최대 3500억 달러 규모", 350_000_000_000, {"up_to"}),
    ("약 20억 달러", 2_000_000_000, {"about"}),
    ("계약 20억 달러", 2_000_000_000, set()),
    ("20억 달러가량", 2_000_000_000, {"about"}),
    ("20억 달러 안팎의 투자", 2_000_000_000, {"about"}),
    ("invest at least $10 million over five years", 10_000_000, {"at_least"}),
    ("invest more than US$10 million", 10_000_000, {"at_least"}),
    ("worth over £31 billion", 31_000_000_000, {"at_least"}),
    ("a total of $10 million or more", 10_000_000, {"at_least"}),
    ("up to $350 billion", 350_000_000_000, {"up_to"}),
    ("as much as 40 billion dollars", 40_000_000_000, {"up_to"}),
    ("approximately $5 billion", 5_000_000_000, {"about"}),
    ("around 5 billion euros", 5_000_000_000, {"about"}),
    ("$10 million over five years", 10_000_000, set()),
    ("at least three projects with $10 million", 10_000_000, set()),
    ("at least $20 million, of which $10 million", 10_000_000, set()),
    ("takeover $10 million", 10_000_000, set()),
]


@pytest.mark.parametrize(("text", "amount", "said"), SAID, ids=[t for t, _, _ in SAID])
def test_words_that_touch_the_figure(text: str, amount: int, said: set[str]) -> None:
    assert bounds_said(text, amount) == said


@pytest.mark.parametrize("bound", ["exactly", "up_to", "about"])
def test_a_floor_is_nothing_else(bound: str) -> None:
    field = TABLES["funding"].by_name["bound"]
    result, missing = check_value(field, bound, "최소 300만 달러를 지원한다", None, None, 3_000_000)  # type: ignore[arg-type]
    assert result is None and missing == f"beside the sum the passage says at_least, not {bound}"
    assert check_value(field, "at_least", "최소 300만 달러를 지원한다", None, None, 3_000_000) == (
        "confirmed",
        "",
    )  # type: ignore[arg-type]
    assert check_value(field, bound, "300만 달러를 지원한다", None, None, 3_000_000) == ("coded", "")  # type: ignore[arg-type]


def test_a_floor_booked_as_exact_does_not_build(mini: Mini) -> None:
    mini.edit("funding", ",at_least,", ",exactly,")
    with pytest.raises(BadData) as bad:
        mini.build()
    (problem,) = bad.value.problems
    assert (problem.row, problem.column, problem.rule) == (2, "bound", "evidence") and problem.file.endswith(
        "funding.csv"
    )
    assert problem.message == "beside the sum the passage says at_least, not exactly"
