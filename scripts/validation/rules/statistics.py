"""Reported figures and what they need to be quoted safely."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.validation.rules.registry import Fault, Stage, Tables, rows, rule


@rule(Stage.CELLS, reads=("statistics",))
def value_or_rank(t: Tables) -> Iterator[Fault]:
    """A statistic is a value or a rank."""
    for row in rows(t["statistics"], pl.col("value").is_null() & pl.col("rank").is_null()):
        yield Fault(
            "statistics",
            row["_row"],
            "value",
            f"{row['statistic_id']} has neither a value nor a rank",
            "fill one, or delete the row",
        )


@rule(Stage.CELLS, reads=("statistics",))
def rank_has_scope(t: Tables) -> Iterator[Fault]:
    """A rank says among what, and is not larger than the number ranked."""
    for row in rows(t["statistics"], pl.col("rank").is_not_null() & pl.col("rank_scope").is_null()):
        yield Fault(
            "statistics",
            row["_row"],
            "rank_scope",
            f"rank {row['rank']} is a rank among nothing",
            "say among what is ranked",
        )
    for row in rows(t["statistics"], pl.col("rank") > pl.col("rank_of")):
        yield Fault(
            "statistics",
            row["_row"],
            "rank",
            f"rank {row['rank']} of {row['rank_of']}",
            "correct one of them",
        )


@rule(Stage.CELLS, reads=("statistics",))
def period_or_vintage(t: Tables) -> Iterator[Fault]:
    """A statistic without years says which edition or how long a period it is from."""
    bare = (
        pl.col("period_from").is_null()
        & pl.col("period_to").is_null()
        & pl.col("vintage").is_null()
        & pl.col("period_years").is_null()
    )
    for row in rows(t["statistics"], bare):
        yield Fault(
            "statistics",
            row["_row"],
            "period_from",
            f"{row['statistic_id']} has no years, no edition and no length of period",
            "fill what the source states",
        )
    for row in rows(t["statistics"], pl.col("period_from").is_null() != pl.col("period_to").is_null()):
        yield Fault(
            "statistics",
            row["_row"],
            "period_to",
            "a period has one end only",
            "fill both; for a single year they are equal",
        )


@rule(Stage.CELLS, reads=("indicators",))
def undefined_has_caveat(t: Tables) -> Iterator[Fault]:
    """A reported figure whose indicator has no published definition carries a caveat there."""
    for row in rows(
        t["indicators"],
        (pl.col("definition_status") == "not_published")
        & pl.col("caveat_en").is_null()
        & pl.col("caveat_ko").is_null(),
    ):
        yield Fault(
            "indicators",
            row["_row"],
            "caveat_en",
            f"{row['indicator_id']} has no published definition and no caveat",
            "write the caveat in both languages",
        )


@rule(Stage.CELLS, reads=("statistics",))
def one_figure(t: Tables) -> Iterator[Fault]:
    """The same indicator, country, period and edition has one figure."""
    key = [
        "indicator_id",
        "country_code",
        "period_from",
        "period_to",
        "period_years",
        "rank_scope",
        "vintage",
    ]
    frame = t["statistics"]
    for row in frame.filter(~pl.struct(key).is_first_distinct()).iter_rows(named=True):
        yield Fault(
            "statistics",
            row["_row"],
            "indicator_id",
            f"{row['indicator_id']} for {row['country_code']} and this period is in an earlier row too",
            "let both sources claim one row; a ruling decides where they differ",
        )
