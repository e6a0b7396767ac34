"""What is published of the sources' disagreements is what the evidence and the rulings say."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.model.problems import brief
from scripts.model.resolution import REASON, descriptive
from scripts.validation.rules.registry import Fault, Row, Stage, Tables, facts, rows, rule

CELL = ["table", "row_id", "field"]
SAID = ["value", "source_id", "stands"]


@rule(Stage.DERIVED, reads=("evidence", "disagreements"))
def disagreements_match(t: Tables) -> Iterator[Fault]:
    """The disagreements are the cells on which the evidence differs, each value with its source.

    Texts of our own, which may be put differently, are left out.
    """
    columns = [*CELL, *SAID]
    wanted, listed = _differing(t["evidence"].select(columns)), t["disagreements"].select("_row", *columns)
    extra, missing = listed.join(wanted, on=columns, how="anti"), wanted.join(listed, on=columns, how="anti")
    instead = {tuple(w[c] for c in CELL): w for w in missing.iter_rows(named=True)}
    for row in extra.iter_rows(named=True):
        column = _wrong_column(row, instead.get(tuple(row[c] for c in CELL)))
        message = f"the evidence has no such difference on {row['field']} of {row['table']} {row['row_id']}"
        yield Fault("disagreements", row["_row"], column, message, "rebuild")
    # A row that a wrong one replaces is not reported again.
    for alike in (CELL, SAID):
        missing = missing.join(extra, on=alike, how="anti")
    for row in missing.sort(columns).iter_rows(named=True):
        message = (
            f"{row['source_id']} says {brief(row['value'])} for {row['field']} of {row['table']}"
            f" {row['row_id']}, which is not listed"
        )
        yield Fault("disagreements", -1, "value", message, "rebuild")


def _differing(evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence on cells of which it says several things, texts of our own aside."""
    ours = [(table.name, f.name) for table in facts().values() for f in table.claimed if descriptive(f)]
    # Where all evidence stands it says one thing (every_cell_is_proven).
    not_all = evidence.filter(~pl.col("stands")).select(CELL).unique()
    # The evidence on a row is together, so the row is looked up once.
    runs = evidence["row_id"].rle().struct.field("value").is_in(not_all["row_id"].unique().implode())
    differing = evidence.filter(runs.gather(evidence["row_id"].rle_id())).join(not_all, on=CELL, how="semi")
    differing = differing.join(
        pl.DataFrame(ours, schema=["table", "field"], orient="row"), on=["table", "field"], how="anti"
    )
    several = differing.group_by(CELL).agg(pl.col("value").n_unique()).filter(pl.col("value") > 1)
    return differing.join(several.select(CELL), on=CELL, how="semi").unique()


def _wrong_column(row: Row, right: Row | None) -> str:
    """Return the column in which a row is not the one that belongs there."""
    for column in ("stands", "source_id"):
        if right and all(row[c] == right[c] for c in SAID if c != column):
            return column
    return "value"


@rule(Stage.LISTS, reads=("rulings",))
def ruling_has_one_winner(t: Tables) -> Iterator[Fault]:
    """Of the values that a ruling expects exactly one stands."""
    winners = t["rulings"].with_columns(pl.col("stands").sum().over(CELL).alias("winners"))
    for row in rows(winners, pl.col("winners") != 1):
        message = f"{row['winners']} values stand for {row['field']} of {row['table']} {row['row_id']}"
        yield Fault("rulings", row["_row"], "stands", message, "let exactly one stand")


# What a ruling decides about a disagreement, and which of the two texts of a rule of merging it is.
RULED = {"stands": None, "reason_en": 0, "reason_ko": 1}


@rule(Stage.SECOND, reads=("disagreements", "rulings"))
def rulings_are_quoted(t: Tables) -> Iterator[Fault]:
    """A disagreement is resolved by a ruling exactly where one is published, in the words of that ruling."""
    ruled = t["rulings"].select(
        *CELL,
        pl.col("expect").alias("value"),
        *(pl.col(c).alias(f"{c} ruled") for c in RULED),
        pl.lit(True).alias("_ruled"),
    )
    key = [*CELL, "value"]
    both = (
        t["disagreements"]
        .join(ruled.unique(key, keep="last"), on=key, how="left", maintain_order="left")
        .with_columns(pl.col("_ruled").fill_null(False))
    )
    by_ruling = pl.col("resolved_by") == "ruling"
    for row in rows(both, by_ruling != pl.col("_ruled")):
        ruling = "a ruling" if row["_ruled"] else "no ruling"
        message = f"it is resolved by {row['resolved_by']}, and {ruling} is published"
        yield Fault("disagreements", row["_row"], "resolved_by", message, "rebuild")
    for column, place in RULED.items():
        fixed = {name: reasons[place] for name, reasons in REASON.items()} if place is not None else {}
        by_rule: pl.Expr | str = column
        if fixed:
            by_rule = pl.col("resolved_by").replace_strict(fixed, default=None, return_dtype=pl.String)
        wanted = pl.when("_ruled").then(f"{column} ruled").otherwise(by_rule)
        judged = by_ruling == pl.col("_ruled")
        judged &= pl.col("_ruled") | pl.col("resolved_by").is_in(list(fixed))
        for row in rows(both, judged & pl.col(column).ne_missing(wanted)):
            by = "ruling" if row["_ruled"] else f"rule {row['resolved_by']}"
            message = (
                f"the {by} on {brief(row['value'])} for {row['field']} of {row['row_id']} says otherwise"
            )
            yield Fault("disagreements", row["_row"], column, message, "rebuild")
