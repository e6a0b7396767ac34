"""Sums in dollars, and totals in which no part is counted with its whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from scripts.facts.totals import BOUNDS, add_days, funding_totals, in_usd
from scripts.store.frames import frame_of
from tests.mini import TABLES
from tests.oracles import plain_totals

DAY = dt.date(2025, 9, 18)
DAYS = ("announced_on_from", "announced_on_to")


def rate(day: dt.date, value: float, quoted_as: str = "usd_per_unit") -> dict:
    return {"rate_on_from": day, "rate_on_to": day, "value": value, "quoted_as": quoted_as, "currency": "GBP"}


def sum_of(
    amount: int, currency: str = "GBP", first: dt.date | None = DAY, last: dt.date | None = DAY
) -> dict:
    return {"amount": amount, "currency": currency, "announced_on_from": first, "announced_on_to": last}


def test_rate_of_the_day_and_of_the_days_before() -> None:
    back = [rate(DAY - dt.timedelta(i), 1 + i / 10) for i in (2, 1, 5)]
    assert in_usd(sum_of(100), {"GBP": [*back, rate(DAY, 1.3)]}) == (130, DAY)
    assert in_usd(sum_of(100), {"GBP": back}) == (110, DAY - dt.timedelta(1))
    assert in_usd(
        sum_of(100), {"GBP": [rate(DAY - dt.timedelta(5), 2.0), rate(DAY + dt.timedelta(1), 2.0)]}
    ) == (None, None)


def test_direction_and_rounding() -> None:
    assert in_usd(sum_of(7_000_000_000_000), {"GBP": [rate(DAY, 1425.5, "units_per_usd")]}) == (
        round(Decimal(7_000_000_000_000) / Decimal("1425.5")),
        DAY,
    )
    assert in_usd(sum_of(1, "USD"), {}) == (1, None)


def test_a_month_has_no_rate() -> None:
    assert in_usd(
        sum_of(1, first=dt.date(2025, 9, 1), last=dt.date(2025, 9, 30)),
        {"GBP": [rate(dt.date(2025, 9, 1), 1.3)]},
    ) == (None, None)
    assert in_usd(sum_of(1, first=None, last=None), {"GBP": [rate(DAY, 1.3)]}) == (None, None)


def fund(name: int, part_of: int | None, amount: int = 1, **cells: object) -> dict:
    return {
        "funding_id": str(name),
        "part_of": None if part_of is None else str(part_of),
        "amount": amount,
        "amount_usd": amount,
        "currency": "USD",
        "bound": "exactly",
        "standing": "committed",
        "superseded_by": None,
        "amount_per": None,
        "agreement_id": "a",
        "under_agreement": False,
        "domain_id": None,
        **cells,
    }


def totals_of(funding: list[dict], parties: list[dict]) -> list[dict]:
    """The rows of the totals."""
    given = {"funding": funding, "funding_parties": parties}
    return funding_totals(
        {name: frame_of(TABLES[name].fields, rows) for name, rows in given.items()}
    ).to_dicts()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**12), st.sampled_from(BOUNDS), st.booleans(), st.sampled_from(["a", "b", None])
        ),
        max_size=30,
    ),
    st.randoms(),
)
def test_no_sum_is_counted_with_one_that_contains_it(sums: list[tuple], random) -> None:
    """In any forest of sums: what is counted in a group has no ancestor there, and all the rest has one."""
    rows = [
        fund(
            i,
            random.choice([None, *range(i)]) if i else None,
            amount,
            bound=bound,
            under_agreement=own and agreement is not None,
            agreement_id=agreement,
        )
        for i, (amount, bound, own, agreement) in enumerate(sums)
    ]
    above = {r["funding_id"]: r["part_of"] for r in rows}

    def ancestors(name: str) -> set[str]:
        found, at = set(), above[name]
        while at is not None:
            found.add(at)
            at = above[at]
        return found

    totals = {(t["grouping"], t["group_id"], t["basis"]): t for t in totals_of(rows, [])}
    for own, agreement in {(r["under_agreement"], r["agreement_id"]) for r in rows if r["agreement_id"]}:
        group = [r for r in rows if r["agreement_id"] == agreement and r["under_agreement"] == own]
        names = {r["funding_id"] for r in group}
        counted = [r for r in group if not ancestors(r["funding_id"]) & names]
        total = totals[
            "own_money_of_agreement" if own else "announced_beside_agreement", agreement, "as_stated"
        ]
        assert total["sums_counted"] == len(counted) and total["parts_left_out"] == len(group) - len(counted)
        assert {b: total[b] for b in BOUNDS} == {
            b: sum(r["amount"] for r in counted if r["bound"] == b) for b in BOUNDS
        }


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**12),
            st.sampled_from(BOUNDS),
            st.sampled_from(["USD", "KRW"]),
            st.sampled_from(["planned", "committed", "withdrawn"]),
            st.integers(0, 3),
        ),
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_the_totals_are_those_of_the_plain_count(sums: list[tuple], random) -> None:
    rows, payers = [], []
    for i, (amount, bound, currency, standing, funders) in enumerate(sums):
        other = {
            "agreement_id": random.choice(["a", "b", None]),
            "domain_id": random.choice(["x", None]),
            "under_agreement": random.random() < 0.5,
            "amount_usd": random.choice([amount, None]),
            "superseded_by": random.choice([None, None, None, "0"]),
            "amount_per": random.choice([None, None, None, "year"]),
        }
        # Loops, which no sound package has, end too.
        rows.append(
            fund(
                i,
                random.choice([None, *range(i + 2)]),
                amount,
                bound=bound,
                currency=currency,
                standing=standing,
                **other,
            )
        )
        payers += [
            {"funding_id": str(i), "organization_id": f"o{n}", "role": "funder" if n < 2 else "recipient"}
            for n in range(funders)
        ]
    fields = TABLES["funding_totals"].fields
    wanted = frame_of(fields, plain_totals({"funding": rows, "funding_parties": payers}))
    assert_frame_equal(frame_of(fields, totals_of(rows, payers)), wanted, check_row_order=False)


def test_a_total_that_64_bits_do_not_hold_is_null() -> None:
    total = totals_of([fund(1, None, 2**62), fund(2, None, 2**62)], [])[0]
    assert total["exactly"] is None and total["sums_counted"] == 2


def test_a_part_two_steps_down_a_withdrawn_sum_and_a_shared_payer() -> None:
    rows = [
        fund(1, None, 100),
        fund(2, 1, 60, agreement_id=None),
        fund(3, 2, 10),
        fund(4, None, 7, standing="withdrawn"),
        fund(5, None, 5, agreement_id=None),
        fund(6, None, 3, agreement_id=None),
    ]
    payers = [
        {"funding_id": n, "organization_id": o, "role": "funder"}
        for n, o in (("5", "x"), ("6", "x"), ("6", "y"))
    ]
    totals = {(t["grouping"], t["group_id"], t["basis"]): t for t in totals_of(rows, payers)}
    assert totals["announced_beside_agreement", "a", "as_stated"]["exactly"] == 100
    assert totals["announced_beside_agreement", "a", "as_stated"]["parts_left_out"] == 1
    assert totals["funder", "x", "in_usd"]["exactly"] == 5
    assert ("funder", "y", "in_usd") not in totals


def test_plans_and_commitments_are_apart_and_what_was_replaced_is_left_out() -> None:
    rows = [
        fund(1, None, 100, standing="planned"),
        fund(2, 1, 60),
        fund(3, None, 30, standing="planned", superseded_by="2"),
        fund(4, None, 5, amount_per="team"),
    ]
    totals = {t["standing"]: t for t in totals_of(rows, []) if t["basis"] == "as_stated"}
    assert {s: (t["sums_counted"], t["parts_left_out"], t["exactly"]) for s, t in totals.items()} == {
        "planned": (1, 0, 100),
        "committed": (1, 0, 60),
    }


def test_a_sum_without_a_day_has_that_of_the_event_that_was_held() -> None:
    first, last = dt.date(2025, 9, 17), dt.date(2025, 9, 18)
    visit = {"stage": "held", "start_on_from": first, "start_on_to": first, "end_on_to": last}
    events = [
        {"event_id": "visit", **visit},
        {"event_id": "talks", **visit, "end_on_to": None},
        {"event_id": "hope", **visit, "stage": "planned"},
    ]
    stated = {"event_id": "visit", "announced_on": "2025-09-16", **dict.fromkeys(DAYS, DAY)}
    sums = [stated, *({"event_id": name, **dict.fromkeys(DAYS)} for name in ("visit", "talks", "hope", None))]
    add_days(sums, events)
    assert [tuple(s[c] for c in (*DAYS, "announced_on_basis")) for s in sums] == [
        (DAY, DAY, "stated"),
        (first, last, "event"),
        (first, first, "event"),
        (None, None, None),
        (None, None, None),
    ]


def test_a_sum_without_a_rate_is_counted_as_such() -> None:
    rows = [fund(1, None, 100, currency="KRW", amount_usd=None), fund(2, None, 5)]
    totals = {(t["currency"], t["basis"]): t for t in totals_of(rows, [])}
    assert (totals["USD", "in_usd"]["exactly"], totals["USD", "in_usd"]["without_rate"]) == (5, 1)
    assert totals["KRW", "as_stated"]["exactly"] == 100 and totals["USD", "as_stated"]["exactly"] == 5
