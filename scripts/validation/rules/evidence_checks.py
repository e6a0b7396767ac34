"""How evidence was checked: the check fits the column, the note and the hash fit the check."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.linked_evidence import columns_of, evidence_by_table
from scripts.model.evidence_kinds import kind_of
from scripts.validation.rules.registry import Fault, Stage, Tables, declared, facts, rows, rule


@rule(Stage.EVIDENCE, reads=("evidence",))
def inferred_has_note(t: Tables) -> Iterator[Fault]:
    """Inferred values say how they follow; others have no note."""
    for row in rows(t["evidence"], (pl.col("check") == "inferred") != pl.col("note").is_not_null()):
        message = f"the value is {row['check']} and has {'no note' if row['note'] is None else 'a note'}"
        fix = "a note belongs to inferred values and to them alone"
        yield Fault("evidence", row["_row"], "note", message, fix)


def _fitting(t: Tables) -> pl.DataFrame:
    """Return the evidence with ``_held`` (whether its source is) and ``_fits`` (hash and check fit that)."""
    held = t["sources"].filter(pl.col("held").is_in(["text", "passages"]))["source_id"]
    evidence = t["evidence"].with_columns(pl.col("source_id").is_in(held.implode()).alias("_held"))
    hashed, cited = pl.col("passage_sha256").is_not_null(), pl.col("check") == "cited"
    return evidence.with_columns(((pl.col("_held") == hashed) & (pl.col("_held") != cited)).alias("_fits"))


@rule(Stage.LISTS, reads=("evidence", "sources"))
def source_is_held_as_said(t: Tables) -> Iterator[Fault]:
    """Whether anything of a source is held is what its evidence shows."""
    evidence = _fitting(t).select("source_id", "_fits")
    if evidence["_fits"].all():
        return
    suspects = evidence.filter(~pl.col("_fits")).select("source_id").unique()
    against = (
        evidence.join(suspects, on="source_id", how="semi")
        .group_by("source_id")
        .agg(pl.col("_fits").any(), pl.len().alias("count"))
        .filter(~pl.col("_fits"))
    )
    sources = t["sources"].join(against, on="source_id", how="left", maintain_order="left")
    for row in rows(sources, pl.col("count") > 1):
        message = f"{row['source_id']} is held: {row['held']}, and none of its evidence fits that"
        yield Fault("sources", row["_row"], "held", message, "correct held, or rebuild")


@rule(Stage.EVIDENCE, reads=("evidence", "sources"))
def hash_where_held(t: Tables) -> Iterator[Fault]:
    """Evidence has a passage hash where a text or its passages are held; what is only cited has none."""
    for row in rows(_fitting(t), ~pl.col("_fits")):
        column = "check" if row["_held"] == (row["check"] == "cited") else "passage_sha256"
        message = (
            f"{row['source_id']} is {'held' if row['_held'] else 'not held'}, the check is {row['check']},"
            f" and there is {'no' if row['passage_sha256'] is None else 'a'} hash"
        )
        yield Fault("evidence", row["_row"], column, message, "rebuild")


@rule(Stage.THIRD, reads=("evidence", "sources"))
def recheckable_where_archived(t: Tables) -> Iterator[Fault]:
    """Evidence can be checked again where it stands and its source is in a public archive."""
    archived = t["sources"].filter(pl.col("archive_url").is_not_null())["source_id"]
    ought = pl.col("stands") & pl.col("source_id").is_in(archived.implode())
    for row in rows(t["evidence"], pl.col("recheckable") != ought):
        message = f"recheckable is {str(row['recheckable']).lower()}, which its source and stands do not say"
        yield Fault("evidence", row["_row"], "recheckable", message, "rebuild")


@rule(Stage.EVIDENCE, reads=("evidence",))
def check_fits_column(t: Tables) -> Iterator[Fault]:
    """A typed cell from a held text is confirmed or inferred, never coded; a judgement is never confirmed."""
    parts = evidence_by_table(t["evidence"])
    checks = declared()["evidence"].by_name["check"].enum or ()
    for table in (table for table in facts().values() if table.name in parts):
        part, columns = parts[table.name], columns_of(table)
        # Column and check as one number.
        pair = part.select(
            pl.col("field").cast(pl.Enum(columns), strict=False).to_physical().cast(pl.UInt16) * len(checks)
            + pl.col("check").cast(pl.Enum(checks), strict=False).to_physical()
        ).to_series()
        fitting = [
            i * len(checks) + checks.index(check)
            for i, name in enumerate(columns)
            for check in kind_of(table.by_name[name].evidence).checks
        ]
        # There are few pairs, so each is looked at once.
        if set(pair.unique()) <= set(fitting):
            continue
        for row in rows(part, ~pair.is_in(fitting) | pair.is_null()):
            message = f"{row['field']} of {row['table']} cannot be {row['check']}"
            fix = (
                "a typed value is found or inferred, a judgement coded: cite the passage, or say in the note"
                " how it follows"
            )
            yield Fault("evidence", row["_row"], "check", message, fix)


@rule(Stage.EVIDENCE, reads=("evidence",))
def one_passage_one_hash(t: Tables) -> Iterator[Fault]:
    """The same place in the same source is the same passage, so it has one hash."""
    place = ["source_id", "at"]
    # First by numbers made of the cells, which are quick to count; then the few places in question exactly.
    hashed = pl.col("passage_sha256").is_not_null()
    short = (
        t["evidence"]
        .select(
            (pl.col("source_id").hash(1) ^ pl.col("at").hash(2)).alias("place"),
            pl.when(hashed).then(pl.col("passage_sha256").hash(3)).alias("passage"),
        )
        .drop_nulls()
    )
    if short["place"].n_unique() == (short["place"] ^ short["passage"]).n_unique():
        return
    suspects = short.unique().filter(pl.col("place").is_duplicated())["place"]
    counted = (
        t["evidence"]
        .filter(hashed)
        .filter(short["place"].is_in(suspects.implode()))
        .group_by([*place, "passage_sha256"])
        .agg(pl.col("_row").min(), pl.len().alias("_count"))
    )
    several = counted.filter(pl.struct(place).is_duplicated())
    # The hash that most rows give counts as the passage's own; of equals that of the first row.
    own = several.sort(["_count", "_row"], descending=[True, False]).unique(
        place, keep="first", maintain_order=True
    )
    for row in several.join(own, on="_row", how="anti").sort("_row").iter_rows(named=True):
        message = f"{row['source_id']} has another hash at {row['at']} in other rows"
        yield Fault("evidence", row["_row"], "passage_sha256", message, "rebuild")
