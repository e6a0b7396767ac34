"""What the build derives is what the fact tables give: timeline, matrix, dollars, totals."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.derived_columns import agreement_matrix, is_dated, timeline
from scripts.facts.totals import add_days, add_usd, funding_totals
from scripts.validation.rules.comparing import differences
from scripts.validation.rules.registry import Fault, Stage, Tables, declared, rule


@rule(Stage.THIRD, reads=("timeline", "agreements", "organizations", is_dated))
def timeline_matches(t: Tables) -> Iterator[Fault]:
    """The timeline has every date of the fact tables and no other."""
    yield from differences("timeline", timeline(t, declared()), t)


@rule(Stage.THIRD, reads=("agreement_matrix", "agreement_domains", "provisions"))
def matrix_matches(t: Tables) -> Iterator[Fault]:
    """The matrix counts the provisions as they are."""
    yield from differences("agreement_matrix", agreement_matrix(t), t)


@rule(Stage.DERIVED, reads=("funding", "events"))
def days_of_sums(t: Tables) -> Iterator[Fault]:
    """A sum of which no source states the day has the days of its held event, and says so."""
    columns = ("announced_on_from", "announced_on_to", "announced_on_basis")
    given = t["funding"].select("_row", "event_id", "announced_on", *columns).to_dicts()
    empty = dict.fromkeys(columns)
    # The days beside a stated one are held against it elsewhere (ranges_fit).
    wanted = [dict(row) if row["announced_on"] else {**row, **empty} for row in given]
    add_days(wanted, t["events"].to_dicts())
    for row, other in zip(given, wanted, strict=True):
        for column in columns:
            if row[column] != other[column]:
                message = f"{column} is {row[column]}, announced_on and the event give {other[column]}"
                yield Fault("funding", row["_row"], column, message, "rebuild")


@rule(Stage.DERIVED, reads=("funding", "exchange_rates"))
def usd_from_rates(t: Tables) -> Iterator[Fault]:
    """A sum in dollars is the sum at the listed rate."""
    needed = [
        "_row",
        "amount",
        "currency",
        "announced_on_from",
        "announced_on_to",
        "amount_usd",
        "usd_rate_on",
    ]
    given = t["funding"].filter(pl.col("amount").is_not_null()).select(needed).to_dicts()
    wanted = [dict(row) for row in given]
    add_usd(wanted, t["exchange_rates"].to_dicts())
    for row, other in zip(given, wanted, strict=True):
        for column in ("amount_usd", "usd_rate_on"):
            if row[column] != other[column]:
                message = f"{column} is {row[column]}, the rates give {other[column]}"
                yield Fault("funding", row["_row"], column, message, "rebuild")


@rule(Stage.SECOND, reads=("funding_totals", "funding", "funding_parties"))
def totals_match(t: Tables) -> Iterator[Fault]:
    """The totals add up the sums, each once."""
    yield from differences("funding_totals", funding_totals(t), t)
