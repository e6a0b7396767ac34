"""What the build derives is what the fact tables give: timeline, matrix, dollars, totals."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.constraints import frame_of
from scripts.derive import agreement_matrix, timeline
from scripts.frames import numbered, row_ids
from scripts.rules.base import Fault, Frames, declared, rows
from scripts.totals import add_usd, funding_totals


def _same(name: str, wanted: pl.DataFrame, t: Frames) -> Iterator[Fault]:
    """Faults where the table ``name`` is not ``wanted``, row by row of the key and cell by cell."""
    table = declared()[name]
    key, others = list(table.primary_key), [n for n in table.names if n not in table.primary_key]
    both = numbered(t[name]).join(wanted.select(table.names).with_columns(pl.lit(True).alias("_wanted")), on=key, how="full", suffix=" wanted", coalesce=True)
    same = pl.all_horizontal(pl.col(n).eq_missing(pl.col(f"{n} wanted")) for n in others)
    odd = both.filter(pl.col("_wanted").is_null() | pl.col("_row").is_null() | ~same)
    if not odd.height:
        return
    # A row under another key is told once: it stands in the place of the row that is missing.
    extra = odd.filter(pl.col("_wanted").is_null())
    missing = odd.filter(pl.col("_row").is_null())
    alike = missing.select(pl.struct([pl.col(f"{n} wanted").alias(n) for n in others]).alias("cells")).with_row_index("_at")
    stands_for = extra.select("_row", pl.struct(others).alias("cells")).join(alike, on="cells", how="inner", nulls_equal=True).unique("_row", keep="first").unique("_at", keep="first")
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
    for row in odd.filter(pl.col("_wanted").is_not_null() & pl.col("_row").is_not_null()).iter_rows(named=True):
        for column in others:
            if row[column] != row[f"{column} wanted"]:
                yield Fault(name, row["_row"], column, f"{column} is {row[column]}, the fact tables give {row[f'{column} wanted']}", "rebuild")


# The timeline has every date of the fact tables and no other.
def timeline_matches(t: Frames) -> Iterator[Fault]:
    yield from _same("timeline", timeline(t, declared()), t)


# The matrix counts the provisions as they stand.
def matrix_matches(t: Frames) -> Iterator[Fault]:
    yield from _same("agreement_matrix", agreement_matrix(t), t)


# A sum in dollars is the sum at the listed rate.
def usd_from_rates(t: Frames) -> Iterator[Fault]:
    needed = ["funding_id", "amount", "currency", "announced_on_from", "announced_on_to"]
    wanted = [r for r in t["funding"].select(needed).to_dicts() if r["amount"] is not None]
    add_usd(wanted, t["exchange_rates"].to_dicts())
    given = {r["funding_id"]: r for r in wanted}
    for row in rows(t["funding"], pl.col("amount").is_not_null()):
        other = given[row["funding_id"]]
        for column in ("amount_usd", "usd_rate_on"):
            if row[column] != other[column]:
                yield Fault("funding", row["_row"], column, f"{column} is {row[column]}, the rates give {other[column]}", "rebuild")


# The totals add up the sums, each once.
def totals_match(t: Frames) -> Iterator[Fault]:
    needed = ["funding_id", "agreement_id", "domain_id", "amount", "amount_usd", "currency", "bound", "standing", "under_agreement", "part_of"]
    data = {"funding": t["funding"].select(needed).to_dicts(), "funding_parties": t["funding_parties"].filter(pl.col("role") == "funder").to_dicts()}
    data["funding"] = [f for f in data["funding"] if None not in (f["amount"], f["currency"], f["bound"], f["under_agreement"])]
    yield from _same("funding_totals", frame_of(declared()["funding_totals"].fields, funding_totals(data)), t)
