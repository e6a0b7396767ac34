"""The rows that each picture shows, taken from the tables."""

from __future__ import annotations

import polars as pl

from scripts.package.loaded import Contents, Language, value_labels

# Whose Technology Prosperity Deals the picture of co-publication shows the time before.
DEALS = ("GBR", "SWE", "KOR", "JPN")
# Of a field or an agreement so many are shown.
FIELDS, SUMS = 14, 12


def _labelled(contents: Contents, table: str, column: str, language: Language) -> pl.Expr:
    """Replace each value of a column by its label."""
    return pl.col(column).replace_strict(
        value_labels(contents.tables[table].by_name[column], language),
        default=pl.col(column),
        return_dtype=pl.String,
    )


def _names(contents: Contents, language: Language) -> dict[str, str]:
    return dict(contents.frames["domains"].select("domain_id", f"name_{language}").iter_rows())


def timeline_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """Return a row for each event of an agreement whose day is known: day, family of the agreement, stage."""
    families = contents.frames["agreements"].select(
        "agreement_id", _labelled(contents, "agreements", "family", language).alias("family")
    )
    events = contents.frames["events"].filter(
        (pl.col("start_on_from") == pl.col("start_on_to")) & (pl.col("start_on_from").dt.year() >= 2019)
    )
    return events.join(families, on="agreement_id").select(
        pl.col("start_on_from").alias("day"),
        "family",
        _labelled(contents, "events", "stage", language).alias("stage"),
    )


def matrix_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """Count the agreements of each family that name each of the most common fields."""
    families = contents.frames["agreements"].select(
        "agreement_id", _labelled(contents, "agreements", "family", language).alias("family")
    )
    named = contents.frames["agreement_matrix"].filter(pl.col("named"))
    common = (
        named.group_by("domain_id").len().sort(["len", "domain_id"], descending=[True, False]).head(FIELDS)
    )
    found = (
        named.join(common.select("domain_id"), on="domain_id")
        .join(families, on="agreement_id")
        .group_by("family", "domain_id")
        .len("agreements")
    )
    return (
        found.with_columns(pl.col("domain_id").replace_strict(_names(contents, language)).alias("field"))
        .drop("domain_id")
        .sort("family", "field")
    )


def money_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """Return the largest totals of agreements in US dollars, of what is committed: a row for each bound that
    has a sum.
    """
    titles = contents.frames["agreements"].select(
        pl.col("agreement_id").alias("group_id"), pl.col(f"title_{language}").alias("title")
    )
    totals = contents.frames["funding_totals"].filter(
        (pl.col("basis") == "in_usd")
        & (pl.col("standing") == "committed")
        & pl.col("grouping").is_in(["own_money_of_agreement", "announced_beside_agreement"])
    )
    bounds = value_labels(contents.tables["funding"].by_name["bound"], language)
    long = totals.unpivot(
        index=["grouping", "group_id"], on=list(bounds), variable_name="bound", value_name="dollars"
    ).filter(pl.col("dollars") > 0)
    largest = (
        long.group_by("grouping", "group_id")
        .agg(pl.col("dollars").max().alias("most"))
        .sort(["most", "group_id"], descending=[True, False])
        .head(SUMS)
    )
    beside = {"en": " (beside it)", "ko": " (함께 발표)"}[language]
    short = (
        pl.when(pl.col("title").str.len_chars() > 60)
        .then(pl.col("title").str.slice(0, 59) + "…")
        .otherwise("title")
    )
    label = short + pl.when(pl.col("grouping") == "announced_beside_agreement").then(
        pl.lit(beside)
    ).otherwise(pl.lit(""))
    return (
        long.join(largest, on=["grouping", "group_id"])
        .join(titles, on="group_id")
        .select(label.alias("agreement"), pl.col("bound").replace_strict(bounds), "dollars", "most")
        .sort(["most", "bound"], descending=[True, False])
    )


def evidence_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """Count the cells of each fact table by how they were verified: each by the strongest of its evidence."""
    field = contents.tables["evidence"].by_name["check"]
    order = list(field.enum or ())
    titles = {t.name: t.title if language == "en" else t.title_ko for t in contents.tables.values()}
    standing = (
        contents.frames["evidence"]
        .filter("stands")
        .with_columns(pl.col("check").cast(pl.Enum(order)).to_physical().alias("rank"))
    )
    cells = standing.group_by("table", "row_id", "field").agg(pl.col("rank").min())
    labels = value_labels(field, language)
    counted = cells.group_by("table", "rank").len("cells").sort("table", "rank")
    return counted.select(
        pl.col("table").replace_strict(titles),
        pl.col("rank")
        .replace_strict({i: labels[v] for i, v in enumerate(order)}, return_dtype=pl.String)
        .alias("check"),
        "rank",
        "cells",
    )


def copublication_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """Return for each signatory of a Technology Prosperity Deal, year by year, the share of its AI articles
    that have institutions of other countries.
    """
    series = (
        contents.frames["country_statistics"]
        .filter(pl.col("country_code").is_in(DEALS))
        .select("country_code", pl.col("period_to").alias("year"), "indicator_id", "value")
    )
    abroad, whole = (
        series.filter(pl.col("indicator_id") == f"ncses-ai-articles-{kind}").drop("indicator_id")
        for kind in ("international", "whole")
    )
    names = dict(contents.frames["countries"].select("country_code", f"name_{language}").iter_rows())
    found = abroad.join(whole, on=["country_code", "year"], suffix="_whole").select(
        pl.col("country_code").replace_strict(names).alias("country"),
        "year",
        (pl.col("value") / pl.col("value_whole")).alias("share"),
    )
    return found.sort("country", "year")


ROWS = {
    "timeline": timeline_rows,
    "matrix": matrix_rows,
    "money": money_rows,
    "evidence": evidence_rows,
    "copublication": copublication_rows,
}
