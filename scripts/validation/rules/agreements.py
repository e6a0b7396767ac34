"""Agreements, parties, signatories, provisions."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.derived_columns import statuses
from scripts.validation.rules.registry import Fault, Row, Stage, Tables, cycles, rows, rule

IN_FORCE = ("signed", "operative", "suspended", "resumed", "extended", "ended")


@rule(Stage.SECOND, reads=("agreements", "events"))
def status_from_events(t: Tables) -> Iterator[Fault]:
    """The status of an agreement is what its events give."""
    known = statuses(
        t["events"]
        .select("agreement_id", "stage", "effect", "start_on_from", "evidence_grade")
        .iter_rows(named=True)
    )
    for row in rows(t["agreements"].select("_row", "agreement_id", "status", "status_on", "status_grade")):
        status, on, graded = known.get(row["agreement_id"], ("unknown", None, None))
        if row["status"] != status:
            yield Fault(
                "agreements",
                row["_row"],
                "status",
                f"the status is {row['status']}, the events give {status}",
                "rebuild, or correct the events",
            )
        elif row["status_on"] != on:
            yield Fault(
                "agreements",
                row["_row"],
                "status_on",
                f"the status holds since {row['status_on']}, the events give {on}",
                "rebuild, or correct the events",
            )
        elif row["status_grade"] != graded:
            yield Fault(
                "agreements",
                row["_row"],
                "status_grade",
                f"the grade of the status is {row['status_grade']}, that of its event {graded}",
                "rebuild",
            )


def parties_needed(agreement: Row) -> int:
    """Return how many parties an agreement has at least.

    A multilateral accord needs one: sources may name only who joined.
    """
    return 1 if agreement.get("instrument_type") == "declaration" else 2


@rule(Stage.CELLS, reads=("agreements", "parties"), as_of="row")
def at_least_two_parties(t: Tables) -> Iterator[Fault]:
    """An agreement has at least two parties."""
    parties = t["parties"].filter(pl.col("role").is_in(["party", "acceding"])).group_by("agreement_id").len()
    count = dict(parties.iter_rows())
    for row in rows(t["agreements"].select("_row", "agreement_id", "instrument_type")):
        needed = parties_needed(row)
        if count.get(row["agreement_id"], 0) < needed:
            yield Fault(
                "agreements",
                row["_row"],
                "agreement_id",
                f"{row['agreement_id']} has {count.get(row['agreement_id'], 0)} of at least {needed} parties",
                "code its parties",
            )


@rule(Stage.CELLS, reads=("signatories", "parties", "organizations"))
def signatory_is_of_a_party(t: Tables) -> Iterator[Fault]:
    """Whoever signs or attends for a body acts for a party or for a body that belongs to one."""
    parent = dict(t["organizations"].select("organization_id", "parent_organization_id").iter_rows())
    parties: dict[str, set[str]] = {}
    for agreement_id, organization_id in t["parties"].select("agreement_id", "organization_id").iter_rows():
        parties.setdefault(agreement_id, set()).add(organization_id)
    for row in rows(
        t["signatories"].select("_row", "agreement_id", "organization_id"),
        pl.col("organization_id").is_not_null(),
    ):
        chain, at = set(), row["organization_id"]
        while at is not None and at not in chain:
            chain.add(at)
            at = parent.get(at)
        if not chain & parties.get(row["agreement_id"], set()):
            yield Fault(
                "signatories",
                row["_row"],
                "organization_id",
                f"{row['organization_id']} is not a party to {row['agreement_id']} and belongs to none",
                "correct the organization, its parent, or the parties",
            )


@rule(Stage.THIRD, reads=("signatories", "agreements"))
def signed_by_someone_is_signed(t: Tables) -> Iterator[Fault]:
    """Who signed has an agreement that is signed."""
    status = dict(t["agreements"].select("agreement_id", "status").iter_rows())
    for row in rows(t["signatories"], pl.col("role") == "signed"):
        if status.get(row["agreement_id"]) not in (*IN_FORCE, None):
            yield Fault(
                "signatories",
                row["_row"],
                "role",
                f"{row['person_id']} signed {row['agreement_id']}, whose status is"
                f" {status[row['agreement_id']]}",
                "code the signing as an event, or the role as announced",
            )


@rule(Stage.CELLS, reads=("agreements", "events"), as_of="cell")
def signed_on_is_an_event(t: Tables) -> Iterator[Fault]:
    """The day of signature is the day of an event that signs."""
    signings = (
        t["events"]
        .filter((pl.col("effect") == "signed") & (pl.col("stage") == "held"))
        .select("agreement_id", pl.col("start_on").alias("signed_on"), pl.lit(True).alias("_found"))
        .unique()
    )
    for row in rows(
        t["agreements"].join(signings, on=["agreement_id", "signed_on"], how="left", maintain_order="left"),
        pl.col("signed_on").is_not_null() & pl.col("_found").is_null(),
    ):
        yield Fault(
            "agreements",
            row["_row"],
            "signed_on",
            f"no event that signs {row['agreement_id']} is dated {row['signed_on']}",
            "code the event, or correct one of the dates",
        )


@rule(Stage.CELLS, reads=("agreements", "events"))
def signed_where_the_event_is(t: Tables) -> Iterator[Fault]:
    """The place of signature is the place of the event that signs on that day."""
    signings = (
        t["events"]
        .filter(
            (pl.col("effect") == "signed") & (pl.col("stage") == "held") & pl.col("place_id").is_not_null()
        )
        .select("agreement_id", pl.col("start_on").alias("signed_on"), pl.col("place_id").alias("_where"))
        .group_by("agreement_id", "signed_on")
        .agg(pl.col("_where").unique().sort())
    )
    found = t["agreements"].join(signings, on=["agreement_id", "signed_on"], maintain_order="left")
    for row in rows(found, ~pl.col("place_id").is_in(pl.col("_where"))):
        yield Fault(
            "agreements",
            row["_row"],
            "place_id",
            f"it is signed in {row['place_id']}, its event of {row['signed_on']} is in"
            f" {' and '.join(row['_where'])}",
            "correct one of the places",
        )


@rule(Stage.CELLS, reads=("agreements", "events"))
def signed_after_announced(t: Tables) -> Iterator[Fault]:
    """Nothing is signed before it was announced."""
    announced = dict(
        t["events"]
        .filter((pl.col("effect") == "announced") & (pl.col("stage") == "held"))
        .group_by("agreement_id")
        .agg(pl.col("start_on_from").min())
        .iter_rows()
    )
    for row in rows(t["agreements"], pl.col("signed_on_to").is_not_null()):
        first = announced.get(row["agreement_id"])
        if first is not None and row["signed_on_to"] < first:
            yield Fault(
                "agreements",
                row["_row"],
                "signed_on",
                f"it is signed on {row['signed_on']}, before it was announced on {first}",
                "correct one of the dates",
            )


@rule(Stage.CELLS, reads=("events",))
def announced_or_signed_that_day(t: Tables) -> Iterator[Fault]:
    """No agreement is both announced and signed by events of the same day."""
    held = t["events"].filter((pl.col("stage") == "held") & pl.col("start_on").is_not_null())
    signed = (
        held.filter(pl.col("effect") == "signed")
        .group_by("agreement_id", "start_on")
        .agg(pl.col("event_id").min().alias("_signing"))
    )
    announced = t["events"].join(signed, on=["agreement_id", "start_on"], how="left", maintain_order="left")
    for row in rows(
        announced,
        (pl.col("stage") == "held") & (pl.col("effect") == "announced") & pl.col("_signing").is_not_null(),
    ):
        yield Fault(
            "events",
            row["_row"],
            "effect",
            f"it announces {row['agreement_id']} on {row['start_on']}, the day of {row['_signing']}",
            "merge the two, or write none if it is an event of its own",
        )


@rule(Stage.CELLS, reads=("signatories",))
def announced_or_signed_by_someone(t: Tables) -> Iterator[Fault]:
    """Nobody is announced as signing what they signed."""
    signed = (
        t["signatories"]
        .filter(pl.col("role") == "signed")
        .select("agreement_id", "person_id", pl.lit(True).alias("_signed"))
        .unique()
    )
    told = t["signatories"].join(signed, on=["agreement_id", "person_id"], how="left", maintain_order="left")
    for row in rows(told, (pl.col("role") == "announced") & pl.col("_signed")):
        yield Fault(
            "signatories",
            row["_row"],
            "role",
            f"{row['person_id']} is announced as signing {row['agreement_id']} and signed it",
            "remove the row",
        )


@rule(Stage.CELLS, reads=("parties",))
def accession_only_if_acceding(t: Tables) -> Iterator[Fault]:
    """Only who accedes has a day or an order of accession."""
    for row in rows(
        t["parties"],
        (pl.col("role") != "acceding")
        & (pl.col("acceded_on").is_not_null() | pl.col("accession_order").is_not_null()),
    ):
        yield Fault(
            "parties",
            row["_row"],
            "role",
            f"{row['organization_id']} has an accession but is {row['role']}",
            "write acceding, or empty acceded_on and accession_order",
        )


@rule(Stage.CELLS, reads=("agreements",))
def agreement_tree(t: Tables) -> Iterator[Fault]:
    """No agreement is its own parent or grandparent, nor its own predecessor."""
    for column in ("parent_agreement_id", "predecessor_agreement_id"):
        for bad in rows(
            t["agreements"],
            pl.col("agreement_id").is_in(cycles(t["agreements"], "agreement_id", column)),
        ):
            yield Fault(
                "agreements",
                bad["_row"],
                column,
                f"{bad['agreement_id']} is its own ancestor",
                f"correct {column}",
            )


@rule(Stage.CELLS, reads=("parties", "evidence", "sources"))
def acceded_before_named(t: Tables) -> Iterator[Fault]:
    """A party acceded no later than the first source that already has it among those that did."""
    named = t["evidence"].filter(
        (pl.col("table") == "parties")
        & (pl.col("field") == "role")
        & (pl.col("value") == "acceding")
        & pl.col("stands")
    )
    days = named.join(t["sources"].select("source_id", "published_on"), on="source_id")
    oldest = days.group_by("row_id").agg(pl.col("published_on").min().alias("_oldest"))
    row_id = pl.concat_str("agreement_id", "organization_id", separator="|").alias("row_id")
    # A report of the evening of the day before in another time zone may carry the day's own date.
    late = pl.col("acceded_on_from") > pl.col("_oldest").dt.offset_by("1d")
    parties = t["parties"].with_columns(row_id)
    for row in rows(parties.join(oldest, on="row_id", how="left", maintain_order="left"), late):
        yield Fault(
            "parties",
            row["_row"],
            "acceded_on",
            f"{row['organization_id']} acceded on {row['acceded_on']}, a source of {row['_oldest']} already"
            " names it",
            "correct the day, or rule on what the early source says",
        )
