"""The status of an agreement: what its events give, with and without a day."""

from __future__ import annotations

import datetime as dt

import pytest

from scripts.facts.derived_columns import add_status, statuses

FIRST, LATER = dt.date(2024, 4, 10), dt.date(2024, 9, 1)


def event(effect: str, day: dt.date | None, grade: str = "A", stage: str = "held") -> dict:
    return {
        "agreement_id": "pact", "stage": stage, "effect": effect, "start_on_from": day,
        "evidence_grade": grade,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("signed", FIRST), event("operative", LATER)], ("operative", LATER, "A")),
        ([event("signed", FIRST), event("announced", FIRST, "C")], ("signed", FIRST, "A")),
        ([event("signed", None, "B")], ("signed", None, "B")),
        ([event("announced", None, "B")], ("announced", None, "B")),
        ([event("announced", LATER), event("signed", None, "B")], ("signed", None, "B")),
        ([event("announced", LATER), event("announced", None, "B")], ("announced", LATER, "A")),
        ([event("suspended", LATER), event("signed", None, "B")], ("suspended", LATER, "A")),
        ([event("signed", FIRST), event("suspended", None, "B")], ("signed", FIRST, "A")),
        ([event("announced", FIRST), event("signed", None), event("operative", None, "C")],
         ("operative", None, "C")),
    ],
)  # fmt: skip
def test_a_signing_without_a_day_comes_after_announcements_and_before_the_rest(
    events: list[dict], expected: tuple
) -> None:
    assert statuses(events) == statuses(reversed(events)) == {"pact": expected}


def test_what_is_planned_or_changes_nothing_gives_no_status() -> None:
    events = [event("signed", FIRST, stage="planned"), event("none", FIRST), event("accession", None)]
    agreements = [{"agreement_id": "pact"}]
    add_status(agreements, events)
    assert agreements == [
        {"agreement_id": "pact", "status": "unknown", "status_on": None, "status_grade": None}
    ]
