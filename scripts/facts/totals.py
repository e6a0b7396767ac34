"""Sums in US dollars and totals that count no part twice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from scripts.model.seeds import Record

# Markets close for weekends and holidays: the last rate of these days before the announcement serves.
DAYS_BACK = 4
BOUNDS = ("at_least", "exactly", "about", "up_to")


def in_usd(row: Record, rates: dict[str, list[Record]]) -> tuple[int | None, dt.date | None]:
    """The sum in whole US dollars and the day of the rate used; both None where no rate of a known day fits.

    ``rates`` are the rows of ``exchange_rates`` by currency. A sum whose day of announcement is not known to
    the day is not converted.
    """
    if row.get("currency") == "USD":
        return row["amount"], None
    first, last = row.get("announced_on_from"), row.get("announced_on_to")
    if first is None or first != last or row.get("amount") is None:
        return None, None
    near = [
        r
        for r in rates.get(row["currency"], [])
        if r["rate_on_from"] == r["rate_on_to"]
        and dt.timedelta(0) <= first - r["rate_on_from"] <= dt.timedelta(DAYS_BACK)
    ]
    if not near:
        return None, None
    rate = max(near, key=lambda r: r["rate_on_from"])
    value = Decimal(str(rate["value"]))
    usd = (
        Decimal(row["amount"]) * value
        if rate["quoted_as"] == "usd_per_unit"
        else Decimal(row["amount"]) / value
    )
    return int(usd.quantize(Decimal(1), ROUND_HALF_EVEN)), rate["rate_on_from"]


def add_usd(funding: Iterable[Record], exchange_rates: Iterable[Record]) -> None:
    """Fills ``amount_usd`` and ``usd_rate_on`` of every sum."""
    rates: dict[str, list[Record]] = defaultdict(list)
    for rate in exchange_rates:
        if rate.get("rate_on_from") and rate.get("value"):
            rates[rate["currency"]].append(rate)
    for row in funding:
        row["amount_usd"], row["usd_rate_on"] = in_usd(row, rates)


def _groups(funding: list[Record], parties: Iterable[Record]) -> Iterator[tuple[str, str, Record]]:
    payers: dict[str, list[str]] = defaultdict(list)
    for p in parties:
        if p["role"] == "funder":
            payers[p["funding_id"]].append(p["organization_id"])
    for f in funding:
        if f.get("agreement_id"):
            yield (
                "own_money_of_agreement" if f["under_agreement"] else "announced_beside_agreement",
                f["agreement_id"],
                f,
            )
        if f.get("domain_id"):
            yield "domain", f["domain_id"], f
        # Of a sum with several payers nobody knows who pays how much.
        if len(payers[f["funding_id"]]) == 1:
            yield "funder", payers[f["funding_id"]][0], f


def _tops(group: list[Record], whole: dict[str, str | None]) -> list[Record]:
    """The sums of a group that are part of no other sum of it, however far up."""
    inside = {f["funding_id"] for f in group}

    def within(funding_id: str) -> bool:
        seen, at = {funding_id}, whole.get(funding_id)
        while at is not None and at not in seen:
            if at in inside:
                return True
            seen.add(at)
            at = whole.get(at)
        return False

    return [f for f in group if not within(f["funding_id"])]


def _total(
    key: tuple[str, str], basis: str, currency: str, group: list[Record], tops: set[str], column: str
) -> Record:
    """One row of totals: the sums of ``group`` that are in ``tops``, added up by bound."""
    counted = [f for f in group if f["funding_id"] in tops]
    known = [f for f in counted if f.get(column) is not None]
    return {
        "grouping": key[0],
        "group_id": key[1],
        "currency": currency,
        "basis": basis,
        "sums_counted": len(known),
        "parts_left_out": len(group) - len(counted),
        "without_rate": len(counted) - len(known),
        **{b: sum(f[column] for f in known if f["bound"] == b) for b in BOUNDS},
    }


def funding_totals(data: dict[str, list[Record]]) -> list[Record]:
    """Totals by agreement, domain and payer, in the stated currencies and in US dollars.

    A sum with a larger one above it in the same group is left out; so is a withdrawn sum, in every group.
    Floors, exact sums, approximate sums and ceilings are never mixed.
    """
    funding = [f for f in data["funding"] if f.get("standing") != "withdrawn"]
    whole = {f["funding_id"]: f.get("part_of") for f in funding}
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for grouping, group_id, f in _groups(funding, data["funding_parties"]):
        groups[grouping, group_id].append(f)
    rows = []
    for key, group in groups.items():
        tops = {f["funding_id"] for f in _tops(group, whole)}
        for currency in sorted({f["currency"] for f in group}):
            rows.append(
                _total(
                    key,
                    "as_stated",
                    currency,
                    [f for f in group if f["currency"] == currency],
                    tops,
                    "amount",
                )
            )
        rows.append(_total(key, "in_usd", "USD", group, tops, "amount_usd"))
    return rows
