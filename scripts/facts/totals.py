"""Sums in US dollars, and totals that count no part twice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

from scripts.model.seeds import Record

# Markets close for weekends and holidays: the last rate of these days before the announcement serves.
DAYS_BACK = 4
BOUNDS = ("at_least", "exactly", "about", "up_to")


def in_usd(row: Record, rates: dict[str, list[Record]]) -> tuple[int | None, dt.date | None]:
    """Return a sum in whole US dollars and the day of the rate used; both None where no rate fits.

    ``rates`` are the rows of ``exchange_rates`` by currency. A sum of no known day is not converted.
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


def add_days(funding: Iterable[Record], events: Iterable[Record]) -> None:
    """Fill the days of the announcement of every sum, and ``announced_on_basis``.

    A sum of which no source states the day has the days of the held event at which it was announced.
    """
    held = {e["event_id"]: e for e in events if e.get("stage") == "held" and e.get("start_on_from")}
    for row in funding:
        event = held.get(row.get("event_id"))
        row["announced_on_basis"] = None
        if row.get("announced_on"):
            row["announced_on_basis"] = "stated"
        elif event:
            last = event.get("end_on_to") or event["start_on_to"]
            row["announced_on_from"], row["announced_on_to"] = event["start_on_from"], last
            row["announced_on_basis"] = "event"


def add_usd(funding: Iterable[Record], exchange_rates: Iterable[Record]) -> None:
    """Fill ``amount_usd`` and ``usd_rate_on`` of every sum."""
    rates: dict[str, list[Record]] = defaultdict(list)
    for rate in exchange_rates:
        if rate.get("rate_on_from") and rate.get("value"):
            rates[rate["currency"]].append(rate)
    for row in funding:
        row["amount_usd"], row["usd_rate_on"] = in_usd(row, rates)


def _wholes(parts: pl.DataFrame) -> pl.DataFrame:
    """Return each sum (``funding_id``) with every other that it is a part of (``above``), however far up.

    ``parts`` has the next one up. Loops, which no sound package has, come to an end too.
    """
    found = step = parts = parts.filter(pl.col("funding_id") != pl.col("above"))
    while step.height:
        step = step.join(parts, left_on="above", right_on="funding_id").select(
            "funding_id", pl.col("above_right").alias("above")
        )
        step = (
            step.filter(pl.col("funding_id") != pl.col("above"))
            .unique()
            .join(found, on=["funding_id", "above"], how="anti")
        )
        found = pl.concat([found, step])
    return found


def _grouped(sums: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Return each sum once for each group in which it is counted: ``grouping`` and ``group_id``."""
    under = (
        pl.when("under_agreement")
        .then(pl.lit("own_money_of_agreement"))
        .otherwise(pl.lit("announced_beside_agreement"))
    )
    # Of a sum with several payers nobody knows who pays how much.
    alone = (pl.col("role") == "funder") & (pl.len().over("funding_id", "role") == 1)
    payers = parties.filter(alone).select("funding_id", pl.col("organization_id").alias("group_id"))
    return pl.concat(
        [
            sums.with_columns(under.alias("grouping"), pl.col("agreement_id").alias("group_id")),
            sums.with_columns(pl.lit("domain").alias("grouping"), pl.col("domain_id").alias("group_id")),
            sums.join(payers, on="funding_id")
            .with_columns(pl.lit("funder").alias("grouping"))
            .select(*sums.columns, "grouping", "group_id"),
        ]
    ).drop_nulls("group_id")


def funding_totals(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return totals by agreement, domain and payer, in the stated currencies and in US dollars.

    What is planned, committed and spent is in rows apart. A sum with a larger one above it in the same row is
    left out; so are, everywhere, withdrawn and superseded sums and those per award, team or year. Floors,
    exact sums, approximate sums and ceilings are never mixed. ``frames`` has ``funding`` and
    ``funding_parties``; a total that 64 bits do not hold is null.
    """
    funding = (
        frames["funding"]
        .filter(
            pl.col("standing") != "withdrawn",
            pl.col("superseded_by").is_null(),
            pl.col("amount_per").is_null(),
        )
        .drop_nulls(["amount", "currency", "bound", "under_agreement"])
    )
    # 128 bits: many sums together can be more than 64 hold.
    sums = funding.select(
        "funding_id",
        "standing",
        "currency",
        "bound",
        "agreement_id",
        "domain_id",
        "under_agreement",
        *(pl.col(c).cast(pl.Int128) for c in ("amount", "amount_usd")),
    )
    groups = _grouped(sums, frames["funding_parties"])
    above = _wholes(funding.select("funding_id", pl.col("part_of").alias("above")).drop_nulls())
    place = ["grouping", "group_id", "standing", "funding_id"]
    counted_with_whole = groups.join(above, on="funding_id").join(
        groups.select("grouping", "group_id", "standing", pl.col("funding_id").alias("above")),
        on=["grouping", "group_id", "standing", "above"],
        how="semi",
    )
    groups = groups.join(
        counted_with_whole.select(*place, pl.lit(False).alias("top")).unique(), on=place, how="left"
    ).with_columns(pl.col("top").fill_null(True))
    in_usd = {"basis": pl.lit("in_usd"), "currency": pl.lit("USD"), "sum": pl.col("amount_usd")}
    both = pl.concat(
        [
            groups.with_columns(basis=pl.lit("as_stated"), sum=pl.col("amount")),
            groups.with_columns(**in_usd).select(*groups.columns, "basis", "sum"),
        ]
    )
    top, known = pl.col("top"), pl.col("sum").is_not_null()
    return both.group_by("grouping", "group_id", "standing", "currency", "basis").agg(
        (top & known).sum().cast(pl.Int64).alias("sums_counted"),
        (~top).sum().cast(pl.Int64).alias("parts_left_out"),
        (top & ~known).sum().cast(pl.Int64).alias("without_rate"),
        *(
            pl.col("sum").filter(top & (pl.col("bound") == b)).sum().cast(pl.Int64, strict=False).alias(b)
            for b in BOUNDS
        ),
    )
