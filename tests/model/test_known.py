"""From which day on a document counts as known."""

from __future__ import annotations

import datetime as dt

import pytest

from scripts.model.known import known_on


@pytest.mark.parametrize(
    ("precision", "first"), [("day", "2024-03-08"), ("week", "2024-03-15"), ("month", "2024-03-08")]
)
def test_a_day_that_may_be_a_week_off_counts_from_a_week_later(precision: str, first: str) -> None:
    source = {"published_on": dt.date(2024, 3, 8), "published_precision": precision}
    assert known_on(source) == dt.date.fromisoformat(first)
