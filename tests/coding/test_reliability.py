"""Krippendorff's alpha from a second coding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.coding.reliability import alpha
from scripts.model.problems import BadData
from tests.mini import Mini

SHEET = "recoding/round-1/provisions.csv"


def by_hand(first: list[str], second: list[str]) -> float:
    """Alpha for two coders without gaps from its definition: 1 - observed / expected disagreement."""
    pool = first + second
    n = len(pool)
    observed = sum(a != b for a, b in zip(first, second, strict=True)) / len(first)
    expected = sum(pool.count(a) * pool.count(b) for a in set(pool) for b in set(pool) if a != b) / (
        n * (n - 1)
    )
    return 1 - observed / expected


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=60))
def test_alpha_is_what_its_definition_gives(pairs: list[tuple[str, str]]) -> None:
    first, second = [p[0] for p in pairs], [p[1] for p in pairs]
    if len({*first, *second}) == 1:
        assert alpha(first, second) is None
    else:
        assert alpha(first, second) == pytest.approx(by_hand(first, second), abs=1e-4)


def test_a_known_value() -> None:
    """Krippendorff 2011, example A: ten binary units, six agreements, alpha 0.095."""
    first, second = list("0100000000"), list("1110010100")
    assert alpha(first, second) == pytest.approx(0.095, abs=5e-4)


def test_columns_of_the_second_coding_are_compared(mini_built) -> None:
    found = {r["field"]: r for r in mini_built.data["reliability"]}
    assert set(found) == {"activity", "strength"}
    assert (found["activity"]["units"], found["activity"]["agreement_share"], found["activity"]["alpha"]) == (
        2,
        1.0,
        1.0,
    )
    assert (found["strength"]["agreement_share"], found["strength"]["values_used"]) == (0.5, 2)
    assert found["strength"]["alpha"] == pytest.approx(
        by_hand(["will", "intends"], ["will", "will"]), abs=1e-4
    )


def test_an_empty_cell_is_an_answer(mini: Mini) -> None:
    mini.path(SHEET).write_text("provision_id,domain_id\npact-research,\npact-meeting,\n", "utf-8")
    (row,) = mini.build().data["reliability"]
    assert (row["field"], row["agreement_share"], row["values_used"]) == ("domain_id", 0.5, 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "provision_id,activity\nghost,general\n",
            'provisions.csv:2:provision_id: provisions has no row "ghost"; remove the row',
        ),
        (
            "provision_id,activity\npact-meeting,general\npact-meeting,general\n",
            (
                'provisions.csv:3:provision_id: duplicate key "pact-meeting" (first in row 2); remove one of'
                " the two"
            ),
        ),
        ("provision_id,evidence_grade\npact-meeting,A\n", "evidence_grade"),
    ],
)
def test_faults_of_a_second_coding(mini: Mini, content: str, message: str) -> None:
    mini.path(SHEET).write_text(content, "utf-8")
    with pytest.raises(BadData) as caught:
        mini.build()
    assert any(message in str(p) for p in caught.value.problems)
