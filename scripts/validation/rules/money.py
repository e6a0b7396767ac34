"""Sums of money: whose, what kind, and none counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from scripts.validation.rules.registry import Fault, Row, Stage, Tables, cycles, rows, rule


@rule(Stage.CELLS, reads=("funding",), as_of="row")
def sum_has_an_occasion(t: Tables) -> Iterator[Fault]:
    """A sum is attached to an agreement or to an event."""
    for row in rows(t["funding"], pl.col("agreement_id").is_null() & pl.col("event_id").is_null()):
        yield Fault(
            "funding",
            row["_row"],
            "agreement_id",
            f"{row['funding_id']} belongs to no agreement and no event",
            "name one",
        )


@rule(Stage.CELLS, reads=("funding",), as_of="row")
def own_money_names_agreement(t: Tables) -> Iterator[Fault]:
    """Money of the agreement itself names the agreement."""
    for row in rows(t["funding"], pl.col("under_agreement") & pl.col("agreement_id").is_null()):
        yield Fault(
            "funding",
            row["_row"],
            "agreement_id",
            "the sum is money of the agreement, but no agreement is named",
            "name it, or write false",
        )


# Over how many years, as a summary says it; "4 to 5 years" is no number of years.
TERM = re.compile(r"(?<! to )\b(?:[0-9]+|two|three|four|five|six|seven|eight|nine|ten)[ -]years?\b")


def _comparable(row: Row, whole: Row) -> tuple[int, int] | None:
    """Return the amounts of a part and its whole in one currency; None where no rate is listed."""
    if row["currency"] == whole["currency"]:
        return row["amount"], whole["amount"]
    if row["amount_usd"] is None or whole["amount_usd"] is None:
        return None
    return row["amount_usd"], whole["amount_usd"]


@rule(Stage.CELLS, reads=("funding", "funding_parties"))
def parts_fit_their_whole(t: Tables) -> Iterator[Fault]:
    """Neither a part nor all parts together are larger than their whole.

    A whole that is a floor may have larger parts; parts that are ceilings, or sums per award, team or year,
    add nothing that is sure. Parts in another currency than their whole are compared in dollars. Parts with
    a payer and parts without one divide the whole in two ways, by who pays and by what for: they are added
    apart.
    """
    funding = t["funding"].select(
        "_row", "funding_id", "part_of", "currency", "bound", "amount", "amount_usd", "amount_per"
    )
    wholes = {
        r["funding_id"]: r
        for r in funding.filter(pl.col("funding_id").is_in(funding["part_of"].implode())).iter_rows(
            named=True
        )
    }
    payers = t["funding_parties"].filter(pl.col("role") == "funder")
    paid = set(payers["funding_id"])
    added: dict[tuple[str, bool], float] = {}
    for row in rows(funding, pl.col("part_of").is_not_null()):
        whole = wholes.get(row["part_of"])
        if whole is None or whole["bound"] == "at_least" or (pair := _comparable(row, whole)) is None:
            continue
        part, limit = pair
        # As shares of the whole: parts can be in several currencies.
        sure = row["bound"] != "up_to" and row["amount_per"] is None
        division = row["part_of"], row["funding_id"] in paid
        added[division] = added.get(division, 0) + (part / limit if sure else 0)
        if part > limit:
            yield Fault(
                "funding",
                row["_row"],
                "amount",
                f"the part ({part}) is larger than its whole {whole['funding_id']} ({limit})",
                "correct the sums, or empty part_of",
            )
        elif added[division] > (1.1 if whole["bound"] == "about" else 1 + 1e-9):
            yield Fault(
                "funding",
                row["_row"],
                "amount",
                f"the parts of {whole['funding_id']} add up to {round(added[division] * limit)}, more"
                f" than the whole ({limit})",
                "look for a sum that is counted twice",
            )


@rule(Stage.CELLS, reads=("funding",))
def sum_tree(t: Tables) -> Iterator[Fault]:
    """No sum is part of itself."""
    for bad in rows(t["funding"], pl.col("funding_id").is_in(cycles(t["funding"], "funding_id", "part_of"))):
        yield Fault(
            "funding", bad["_row"], "part_of", f"{bad['funding_id']} is part of itself", "correct part_of"
        )


@rule(Stage.CELLS, reads=("funding", "funding_parties"))
def no_sum_twice(t: Tables) -> Iterator[Fault]:
    """A sum by the same bodies for the same purpose under the same agreement is listed once."""
    key = ["agreement_id", "event_id", "domain_id", "amount", "currency", "announced_on", "_bodies"]
    bodies = (
        t["funding_parties"]
        .group_by("funding_id")
        .agg((pl.col("role") + " " + pl.col("organization_id")).sort().str.join("|").alias("_bodies"))
    )
    funding = t["funding"].join(bodies, on="funding_id", how="left", maintain_order="left")
    for row in funding.filter(~pl.struct(key).is_first_distinct()).iter_rows(named=True):
        yield Fault(
            "funding",
            row["_row"],
            "amount",
            f"duplicate sum: an earlier row has {row['amount']} {row['currency']} with the same agreement,"
            " event, domain and day",
            "keep one row and let both sources claim it",
        )


@rule(Stage.CELLS, reads=("funding", "provisions"))
def sum_and_provision_agree(t: Tables) -> Iterator[Fault]:
    """A provision that a sum belongs to is one of the same agreement."""
    of = (
        t["provisions"]
        .select("provision_id", pl.col("agreement_id").alias("_of"))
        .unique("provision_id", keep="last")
    )
    for row in rows(
        t["funding"].join(of, on="provision_id", how="left", maintain_order="left"),
        pl.col("_of").is_not_null() & pl.col("_of").ne_missing(pl.col("agreement_id")),
    ):
        yield Fault(
            "funding",
            row["_row"],
            "provision_id",
            f"{row['provision_id']} is a provision of {row['_of']}, not of {row['agreement_id']}",
            "correct one of them",
        )


@rule(Stage.CELLS, reads=("funding",))
def replaced_by_another(t: Tables) -> Iterator[Fault]:
    """No sum is superseded by itself, however many steps later."""
    found = cycles(t["funding"], "funding_id", "superseded_by")
    for bad in rows(t["funding"], pl.col("funding_id").is_in(found)):
        message = f"{bad['funding_id']} is superseded by itself"
        yield Fault("funding", bad["_row"], "superseded_by", message, "name the sum that came later")


@rule(Stage.CELLS, reads=("funding",))
def term_is_in_its_column(t: Tables) -> Iterator[Fault]:
    """A number of years that the summary names is in ``term_years``, or the years are in the period."""
    years = ("period_from", "period_to", "term_years")
    for row in rows(t["funding"], pl.all_horizontal(pl.col(c).is_null() for c in years)):
        if found := TERM.search(row["summary_en"] or ""):
            message = f"the summary says {found[0]!r}, and neither the period nor term_years is filled"
            yield Fault("funding", row["_row"], "term_years", message, "claim term_years from the passage")
