"""Events and every pair of dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from scripts.model.values import date_range
from scripts.validation.rules.registry import (
    Fault,
    Row,
    Stage,
    Tables,
    cycles,
    declared,
    is_typed,
    rows,
    rule,
)

# How a date of reduced precision is declared.
REDUCED_DATE = "[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
# First and last of a period, by table.
PERIODS = {
    "events": ("start_on_from", "end_on_to", "end_on"),
    "statistics": ("period_from", "period_to", "period_to"),
    "funding": ("period_from", "period_to", "period_to"),
    "sources": ("published_on", "accessed_on", "accessed_on"),
    "statements": ("stated_on_from", "outcome_on_to", "outcome_on"),
    **dict.fromkeys(
        ("country_statistics", "region_statistics", "pair_statistics"),
        ("period_from", "period_to", "period_to"),
    ),
}


@rule(Stage.CELLS, reads=PERIODS)
def dates_in_order(t: Tables) -> Iterator[Fault]:
    """A period ends on or after the day it starts."""
    for table, (first, last, column) in PERIODS.items():
        for row in rows(t[table], pl.col(last) < pl.col(first)):
            yield Fault(
                table, row["_row"], column, f"{row[last]} is before {row[first]}", "correct one of the dates"
            )


def _first_and_last(name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return first and last day of a text date of reduced precision; null where there is no such day."""
    text = pl.col(name)
    length = text.str.len_bytes()
    first = (
        pl.when(length == 10)
        .then(text)
        .when(length == 7)
        .then(text + "-01")
        .otherwise(text + "-01-01")
        .str.to_date("%Y-%m-%d", strict=False)
    )
    last = (
        pl.when(length == 10)
        .then(first)
        .when(length == 7)
        .then(first.dt.month_end())
        .otherwise(first.dt.offset_by("1y").dt.offset_by("-1d"))
    )
    return first, last


@rule(Stage.DAYS, each=(is_typed,))
def ranges_fit(t: Tables) -> Iterator[Fault]:
    """Every date of reduced precision exists, and the days beside it are its first and its last."""
    for table, frame in t.items():
        for name in [f.name for f in declared()[table].fields if f.pattern == REDUCED_DATE]:
            ranged = f"{name}_from" in frame.columns
            first, last = _first_and_last(name)
            wrong = pl.col(name).is_not_null() & first.is_null()
            if ranged:
                differ = first.ne_missing(pl.col(f"{name}_from")) | last.ne_missing(pl.col(f"{name}_to"))
                # Days that rest on something else are another rule's (days_of_sums).
                elsewhere = pl.col(name).is_null() if f"{name}_basis" in frame.columns else pl.lit(False)
                wrong |= differ & ~elsewhere
            for row in rows(frame, wrong):
                yield from _wrong_days(table, name, row, ranged)


def _wrong_days(table: str, name: str, row: Row, ranged: bool) -> Iterator[Fault]:
    """Yield what is wrong with a date: there is no such day, or the days beside it (``ranged``) differ."""
    days: tuple[dt.date | None, dt.date | None] = (None, None)
    try:
        if row[name] is not None:
            days = date_range(row[name])
    except ValueError:
        yield Fault(table, row["_row"], name, f'there is no day "{row[name]}"', "write a day that exists")
        return
    for column, meant in zip((f"{name}_from", f"{name}_to"), days, strict=True):
        if ranged and row[column] != meant:
            message = f"it is {row[column]}, {name} means {days[0]} to {days[1]}"
            yield Fault(table, row["_row"], column, message, "rebuild")


@rule(Stage.CELLS, reads=("events",))
def planned_has_no_effect(t: Tables) -> Iterator[Fault]:
    """A planned or cancelled event has no effect on an agreement."""
    for row in rows(
        t["events"], pl.col("stage").is_in(["planned", "cancelled"]) & (pl.col("effect") != "none")
    ):
        yield Fault(
            "events",
            row["_row"],
            "effect",
            f"the event is {row['stage']} and has the effect {row['effect']}",
            "write none until a source says that it happened",
        )


@rule(Stage.CELLS, reads=("events",), as_of="row")
def effect_needs_agreement(t: Tables) -> Iterator[Fault]:
    """An event with an effect says on which agreement."""
    for row in rows(t["events"], (pl.col("effect") != "none") & pl.col("agreement_id").is_null()):
        yield Fault(
            "events",
            row["_row"],
            "agreement_id",
            f"the effect {row['effect']} is on no agreement",
            "name the agreement, or write none",
        )


@rule(Stage.CELLS, reads=("events", "evidence", "sources"))
def held_before_reported(t: Tables) -> Iterator[Fault]:
    """What is reported as held began no later than the report."""
    reports = (
        t["evidence"]
        .filter((pl.col("table") == "events") & (pl.col("field") == "stage") & pl.col("stands"))
        .select("source_id", pl.col("row_id").alias("event_id"))
    )
    newest = (
        reports.join(t["sources"].select("source_id", "published_on"), on="source_id")
        .group_by("event_id")
        .agg(pl.col("published_on").max().alias("_newest"))
    )
    # A report of the evening of the day before in another time zone may carry the day's own date.
    late = (pl.col("stage") == "held") & (pl.col("start_on_from") > pl.col("_newest").dt.offset_by("1d"))
    for row in rows(t["events"].join(newest, on="event_id", how="left", maintain_order="left"), late):
        yield Fault(
            "events",
            row["_row"],
            "stage",
            f"it is held, but starts on {row['start_on']}, after the report of {row['_newest']}",
            "write planned, or correct the date",
        )


@rule(Stage.CELLS, reads=("events", "evidence"))
def held_is_not_summarized_as_planned(t: Tables) -> Iterator[Fault]:
    """The summary of what was held is not of a source that calls it planned."""
    stands = t["evidence"].filter((pl.col("table") == "events") & pl.col("stands"))
    previews = t["evidence"].filter(
        (pl.col("table") == "events") & (pl.col("field") == "stage") & (pl.col("value") == "planned")
    )
    told = (
        stands.filter(pl.col("field").is_in(["summary_en", "summary_ko"]))
        .join(previews.select("row_id", "source_id"), on=["row_id", "source_id"])
        .group_by(pl.col("row_id").alias("event_id"))
        .agg(pl.col("field").min().alias("_field"), pl.col("source_id").min().alias("_source"))
    )
    summarized = t["events"].join(told, on="event_id", how="left", maintain_order="left")
    for row in rows(summarized, (pl.col("stage") == "held") & pl.col("_field").is_not_null()):
        yield Fault(
            "events",
            row["_row"],
            row["_field"],
            f"it is held, but its summary is that of {row['_source']}, which calls it planned",
            "summarize what a later source says, or leave the summary empty",
        )


@rule(Stage.CELLS, reads=("events",))
def event_tree(t: Tables) -> Iterator[Fault]:
    """No event is part of itself."""
    for bad in rows(
        t["events"], pl.col("event_id").is_in(cycles(t["events"], "event_id", "parent_event_id"))
    ):
        yield Fault(
            "events",
            bad["_row"],
            "parent_event_id",
            f"{bad['event_id']} is its own ancestor",
            "correct the parents",
        )


@rule(Stage.CELLS, reads=("events", "places"))
def place_in_country(t: Tables) -> Iterator[Fault]:
    """The place of an event lies in its country."""
    country = dict(t["places"].select("place_id", "country_code").iter_rows())
    for row in rows(t["events"], pl.col("place_id").is_not_null() & pl.col("country_code").is_not_null()):
        if country.get(row["place_id"], row["country_code"]) != row["country_code"]:
            yield Fault(
                "events",
                row["_row"],
                "country_code",
                f"{row['place_id']} lies in {country[row['place_id']]}, not in {row['country_code']}",
                "correct one of them",
            )
