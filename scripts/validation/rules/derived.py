"""What the build derives is what the fact tables give: timeline, matrix, dollars, totals."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.derived_columns import agreement_matrix, timeline
from scripts.facts.totals import BOUNDS, add_usd
from scripts.store.frames import numbered, row_ids
from scripts.validation.rules.base import Fault, Frames, declared


def same_rows(name: str, wanted: pl.DataFrame, t: Frames) -> Iterator[Fault]:
    """Faults where the table ``name`` is not ``wanted``, row by row of the key and cell by cell."""
    table = declared()[name]
    key, others = list(table.primary_key), [n for n in table.names if n not in table.primary_key]
    both = numbered(t[name]).join(
        wanted.select(table.names).with_columns(pl.lit(True).alias("_wanted")),
        on=key,
        how="full",
        suffix=" wanted",
        coalesce=True,
    )
    same = pl.all_horizontal(pl.col(n).eq_missing(pl.col(f"{n} wanted")) for n in others)
    odd = both.filter(pl.col("_wanted").is_null() | pl.col("_row").is_null() | ~same)
    if not odd.height:
        return
    # A row under another key is told once: it stands in the place of the row that is missing.
    extra = odd.filter(pl.col("_wanted").is_null())
    missing = odd.filter(pl.col("_row").is_null())
    alike = missing.select(
        pl.struct([pl.col(f"{n} wanted").alias(n) for n in others]).alias("cells")
    ).with_row_index("_at")
    stands_for = (
        extra.select("_row", pl.struct(others).alias("cells"))
        .join(alike, on="cells", how="inner", nulls_equal=True)
        .unique("_row", keep="first")
        .unique("_at", keep="first")
    )
    pairs = dict(stands_for.select("_row", "_at").iter_rows())
    for row in extra.with_columns(row_ids(table).alias("_id")).sort("_row").iter_rows(named=True):
        column = key[0]
        if row["_row"] in pairs:
            right = missing.row(pairs[row["_row"]], named=True)
            column = next((k for k in key if row[k] != right[k]), key[0])
        yield Fault(name, row["_row"], column, f"the fact tables give no row {row['_id']}", "rebuild")
    for index, row in enumerate(missing.with_columns(row_ids(table).alias("_id")).iter_rows(named=True)):
        if index not in pairs.values():
            yield Fault(name, -1, ",".join(key), f"there is no row for {row['_id']}", "rebuild")
    for row in odd.filter(pl.col("_wanted").is_not_null() & pl.col("_row").is_not_null()).iter_rows(
        named=True
    ):
        for column in others:
            if row[column] != row[f"{column} wanted"]:
                yield Fault(
                    name,
                    row["_row"],
                    column,
                    f"{column} is {row[column]}, the fact tables give {row[f'{column} wanted']}",
                    "rebuild",
                )


# The timeline has every date of the fact tables and no other.
def timeline_matches(t: Frames) -> Iterator[Fault]:
    yield from same_rows("timeline", timeline(t, declared()), t)


# The matrix counts the provisions as they stand.
def matrix_matches(t: Frames) -> Iterator[Fault]:
    yield from same_rows("agreement_matrix", agreement_matrix(t), t)


# A sum in dollars is the sum at the listed rate.
def usd_from_rates(t: Frames) -> Iterator[Fault]:
    needed = [
        "_row",
        "funding_id",
        "amount",
        "currency",
        "announced_on_from",
        "announced_on_to",
        "amount_usd",
        "usd_rate_on",
    ]
    given = numbered(t["funding"]).filter(pl.col("amount").is_not_null()).select(needed).to_dicts()
    wanted = [dict(row) for row in given]
    add_usd(wanted, t["exchange_rates"].to_dicts())
    for row, other in zip(given, wanted, strict=True):
        for column in ("amount_usd", "usd_rate_on"):
            if row[column] != other[column]:
                yield Fault(
                    "funding",
                    row["_row"],
                    column,
                    f"{column} is {row[column]}, the rates give {other[column]}",
                    "rebuild",
                )


def _within(parts: pl.DataFrame) -> pl.DataFrame:
    """Each sum (``funding_id``) with every other that it is a part of (``above``), however far up. ``parts``:
    with the next one up.
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


def _totals(t: Frames) -> pl.DataFrame:
    """What ``funding_totals`` has to hold. The build adds up sum by sum (``totals.funding_totals``): one
    checks the other.
    """
    funding = (
        t["funding"]
        .filter(pl.col("standing").ne_missing("withdrawn"))
        .drop_nulls(["amount", "currency", "bound", "under_agreement"])
    )
    # 128 bits, as many sums can be more than 64 hold; what the table cannot hold it never gives (null).
    sums = funding.select(
        "funding_id",
        "currency",
        "bound",
        "agreement_id",
        "domain_id",
        "under_agreement",
        *(pl.col(c).cast(pl.Int128) for c in ("amount", "amount_usd")),
    )
    under = (
        pl.when("under_agreement")
        .then(pl.lit("own_money_of_agreement"))
        .otherwise(pl.lit("announced_beside_agreement"))
    )
    # Of a sum with several payers nobody knows who pays how much.
    payers = t["funding_parties"].filter(
        (pl.col("role") == "funder") & (pl.len().over("funding_id", "role") == 1)
    )
    groups = pl.concat(
        [
            sums.with_columns(under.alias("grouping"), pl.col("agreement_id").alias("group_id")),
            sums.with_columns(pl.lit("domain").alias("grouping"), pl.col("domain_id").alias("group_id")),
            sums.join(
                payers.select("funding_id", pl.col("organization_id").alias("group_id")), on="funding_id"
            )
            .with_columns(pl.lit("funder").alias("grouping"))
            .select(*sums.columns, "grouping", "group_id"),
        ]
    ).drop_nulls("group_id")
    above = _within(funding.select("funding_id", pl.col("part_of").alias("above")).drop_nulls())
    place = ["grouping", "group_id", "funding_id"]
    counted_with_whole = groups.join(above, on="funding_id").join(
        groups.select("grouping", "group_id", pl.col("funding_id").alias("above")),
        on=["grouping", "group_id", "above"],
        how="semi",
    )
    groups = groups.join(
        counted_with_whole.select(*place, pl.lit(False).alias("top")).unique(), on=place, how="left"
    ).with_columns(pl.col("top").fill_null(True))
    both = pl.concat(
        [
            groups.with_columns(pl.lit("as_stated").alias("basis"), pl.col("amount").alias("sum")),
            groups.with_columns(
                pl.lit("in_usd").alias("basis"),
                pl.lit("USD").alias("currency"),
                pl.col("amount_usd").alias("sum"),
            ),
        ]
    )
    return both.group_by("grouping", "group_id", "currency", "basis").agg(
        (pl.col("top") & pl.col("sum").is_not_null()).sum().cast(pl.Int64).alias("sums_counted"),
        (~pl.col("top")).sum().cast(pl.Int64).alias("parts_left_out"),
        (pl.col("top") & pl.col("sum").is_null()).sum().cast(pl.Int64).alias("without_rate"),
        *(
            pl.col("sum")
            .filter(pl.col("top") & (pl.col("bound") == b))
            .sum()
            .cast(pl.Int64, strict=False)
            .alias(b)
            for b in BOUNDS
        ),
    )


# The totals add up the sums, each once.
def totals_match(t: Frames) -> Iterator[Fault]:
    yield from same_rows("funding_totals", _totals(t), t)
