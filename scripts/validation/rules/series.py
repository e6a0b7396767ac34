"""Published series and what is said of quoted figures beside them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.comparisons import comparisons, contested, verdicts_of
from scripts.model.tables import Table
from scripts.store.frames import frame_of
from scripts.validation.rules.comparing import differences
from scripts.validation.rules.registry import Fault, Stage, Tables, declared, rows, rule


def _is_series(table: Table) -> bool:
    return table.is_series


@rule(Stage.CELLS, reads=("indicators", _is_series))
def series_is_described(t: Tables) -> Iterator[Fault]:
    """An indicator that has a series says what it counts, how, of which edition it is, and its caveat."""
    used = pl.concat([frame["indicator_id"] for name, frame in t.items() if name != "indicators"]).unique()
    frame = t["indicators"].filter(pl.col("indicator_id").is_in(used.implode()))
    for column, lacking in (
        ("definition_status", pl.col("definition_status") != "published"),
        ("counting_method", pl.col("counting_method") == "not_stated"),
        *((c, pl.col(c).is_null()) for c in ("vintage", "caveat_en", "caveat_ko")),
    ):
        for row in rows(frame, lacking):
            yield Fault(
                "indicators",
                row["_row"],
                column,
                f"{row['indicator_id']} has a series and does not state its {column}",
                "state it, or remove the series",
            )


@rule(Stage.CELLS, reads=("pair_statistics",))
def pair_in_order(t: Tables) -> Iterator[Fault]:
    """A pair of countries is listed once, with its codes in order."""
    for row in rows(t["pair_statistics"], pl.col("country_code_a") >= pl.col("country_code_b")):
        yield Fault(
            "pair_statistics",
            row["_row"],
            "country_code_b",
            f"{row['country_code_a']} does not come before {row['country_code_b']}",
            "rebuild",
        )


@rule(Stage.CELLS, reads=("country_statistics",))
def ranks_follow_values(t: Tables) -> Iterator[Fault]:
    """A rank is the place of the value among all countries with a figure for the same indicator and years."""
    group = ["indicator_id", "period_from", "period_to"]
    frame = t["country_statistics"].with_columns(
        pl.col("value").rank("min", descending=True).over(group).cast(pl.Int64).alias("_rank"),
        pl.len().over(group).cast(pl.Int64).alias("_ranked"),
        (pl.col("rank").is_not_null() | pl.col("ranked").is_not_null())
        .any()
        .over("indicator_id")
        .alias("_is_ranked"),
    )
    for column in ("rank", "ranked"):
        for row in frame.filter(
            pl.col("_is_ranked") & pl.col(column).ne_missing(pl.col(f"_{column}"))
        ).iter_rows(named=True):
            yield Fault(
                "country_statistics",
                row["_row"],
                column,
                f"{column} is {row[column]}, the values give {row[f'_{column}']}",
                "rebuild",
            )


@rule(Stage.DERIVED, reads=("statistic_comparisons", "statistics", "country_statistics", "indicators"))
def comparisons_match(t: Tables) -> Iterator[Fault]:
    """What is set beside a quoted figure, and the verdict, follow from the tables."""
    made = comparisons(
        t["statistics"].to_dicts(), t["country_statistics"].to_dicts(), t["indicators"].to_dicts()
    )
    yield from differences(
        "statistic_comparisons", frame_of(declared()["statistic_comparisons"].fields, made), t
    )


@rule(Stage.SECOND, reads=("statistics", "statistic_comparisons"))
def contested_from_comparisons(t: Tables) -> Iterator[Fault]:
    """A quoted figure is contested where a comparison says so."""
    verdicts = verdicts_of(t["statistic_comparisons"].select("statistic_id", "verdict").to_dicts())
    for row in rows(t["statistics"]):
        wanted = contested(row["statistic_id"], verdicts)
        if row["contested"] is not wanted:
            yield Fault(
                "statistics",
                row["_row"],
                "contested",
                f"contested is {row['contested']}, the comparisons give {wanted}",
                "rebuild",
            )
