"""Sums of money: whose, what kind, and none counted twice."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.store.frames import numbered
from scripts.validation.rules.base import Fault, Frames, cycles, rows


# A sum is attached to an agreement or to an event.
def sum_has_an_occasion(t: Frames) -> Iterator[Fault]:
    for row in rows(t["funding"], pl.col("agreement_id").is_null() & pl.col("event_id").is_null()):
        yield Fault(
            "funding",
            row["_row"],
            "agreement_id",
            f"{row['funding_id']} belongs to no agreement and no event",
            "name one",
        )


# Money of the agreement itself names the agreement.
def own_money_names_agreement(t: Frames) -> Iterator[Fault]:
    for row in rows(t["funding"], pl.col("under_agreement") & pl.col("agreement_id").is_null()):
        yield Fault(
            "funding",
            row["_row"],
            "agreement_id",
            "the sum is money of the agreement, but no agreement is named",
            "name it, or write false",
        )


# A part has its whole's currency and is not larger than it, and parts other than ceilings do not add up to
# more, unless the whole is a floor.
def parts_fit_their_whole(t: Frames) -> Iterator[Fault]:
    funding = numbered(t["funding"]).select("_row", "funding_id", "part_of", "currency", "bound", "amount")
    wholes = {
        r["funding_id"]: r
        for r in funding.filter(pl.col("funding_id").is_in(funding["part_of"].implode())).iter_rows(
            named=True
        )
    }
    added: dict[str, int] = {}
    for row in rows(funding, pl.col("part_of").is_not_null()):
        whole = wholes.get(row["part_of"])
        if whole is None:
            continue
        if row["currency"] != whole["currency"]:
            yield Fault(
                "funding",
                row["_row"],
                "currency",
                f"the part is in {row['currency']}, its whole {whole['funding_id']} in {whole['currency']}",
                "a part has the currency of its whole; mend one, or empty part_of",
            )
            continue
        if whole["bound"] == "at_least":
            continue
        # A ceiling may be missed: it adds nothing that is sure.
        added[row["part_of"]] = added.get(row["part_of"], 0) + (
            0 if row["bound"] == "up_to" else row["amount"]
        )
        if row["amount"] > whole["amount"]:
            yield Fault(
                "funding",
                row["_row"],
                "amount",
                f"the part ({row['amount']}) is larger than its whole {whole['funding_id']}"
                f" ({whole['amount']})",
                "mend the sums, or empty part_of",
            )
        elif added[row["part_of"]] > whole["amount"] and whole["bound"] != "about":
            yield Fault(
                "funding",
                row["_row"],
                "amount",
                f"the parts of {whole['funding_id']} add up to {added[row['part_of']]}, more than the whole"
                f" ({whole['amount']})",
                "look for a sum that is counted twice",
            )


# No sum is part of itself.
def sum_tree(t: Frames) -> Iterator[Fault]:
    for bad in rows(
        t["funding"], pl.col("funding_id").is_in(list(cycles(t["funding"], "funding_id", "part_of")))
    ):
        yield Fault(
            "funding", bad["_row"], "part_of", f"{bad['funding_id']} is part of itself", "mend part_of"
        )


# The same sum by the same bodies for the same purpose under the same agreement stands once.
def no_sum_twice(t: Frames) -> Iterator[Fault]:
    key = ["agreement_id", "event_id", "domain_id", "amount", "currency", "announced_on", "_bodies"]
    bodies = (
        t["funding_parties"]
        .group_by("funding_id")
        .agg((pl.col("role") + " " + pl.col("organization_id")).sort().str.join("|").alias("_bodies"))
    )
    funding = numbered(t["funding"]).join(bodies, on="funding_id", how="left", maintain_order="left")
    for row in funding.filter(~pl.struct(key).is_first_distinct()).iter_rows(named=True):
        yield Fault(
            "funding",
            row["_row"],
            "amount",
            f"{row['amount']} {row['currency']} stands in an earlier row with the same agreement, event,"
            " domain and day",
            "keep one row and let both sources claim it",
        )


# A provision that a sum belongs to is one of the same agreement.
def sum_and_provision_agree(t: Frames) -> Iterator[Fault]:
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
            "mend one of them",
        )


RULES = (
    sum_has_an_occasion,
    own_money_names_agreement,
    parts_fit_their_whole,
    sum_tree,
    no_sum_twice,
    sum_and_provision_agree,
)
