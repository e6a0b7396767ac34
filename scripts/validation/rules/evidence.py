"""Every cell has its evidence, and the evidence says what the cell says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from scripts.facts.derived_columns import INTENTIONS, TYPED_EVIDENCE, UNCONFIRMED
from scripts.model.problems import brief
from scripts.model.resolution import REASON, descriptive
from scripts.model.tables import Table
from scripts.store.frames import numbered, row_ids, text_of
from scripts.techpacts.references import PRIMARY_TYPES
from scripts.validation.rules.base import Fault, Frames, declared, rows
from scripts.validation.rules.linked import COLUMNS, columns_of, evidence_on, facts, linked


def _renamed(table: Table, bare: pl.DataFrame, orphans: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Rows without evidence that are, by all else that is said of it, a row that is not there: position, its
    name in the evidence, the column that differs.
    """
    said: dict[str, set[tuple[str, str]]] = {}
    for row_id, column, value in (
        orphans.filter(pl.col("stands") & pl.col("row_id").is_not_null())
        .select("row_id", "field", "value")
        .iter_rows()
    ):
        said.setdefault(row_id, set()).add((column, value))
    texts = bare.select(text_of(f).alias(f.name) for f in table.fields).to_dicts()
    for at, row in enumerate(texts):
        for row_id, pairs in said.items():
            parts = row_id.split("|")
            differ = [k for k, part in zip(table.primary_key, parts, strict=False) if row[k] != part]
            if (
                len(parts) == len(table.primary_key)
                and len(differ) == 1
                and all(row.get(c) == v for c, v in pairs if c not in table.primary_key)
            ):
                yield at, row_id, differ[0]
                del said[row_id]
                break


# Evidence speaks of rows and columns that are there, and of every row.
def evidence_and_rows_meet(t: Frames) -> Iterator[Fault]:
    for row in rows(t["evidence"], ~pl.col("table").is_in(list(facts()))):
        yield Fault(
            "evidence",
            row["_row"],
            "table",
            f"{brief(row['table'])} is no table that sources fill",
            "mend table",
        )
    for table in facts().values():
        frame, known = numbered(t[table.name]), linked(table, t)
        said = np.zeros(frame.height, bool)
        said[known["_at"].drop_nulls().to_numpy()] = True
        if said.all() and not known["_key"].null_count():
            continue
        orphans = known.filter(pl.col("_at").is_null())
        filled = pl.any_horizontal(pl.col(f.name).is_not_null() for f in table.claimed)
        bare = frame.filter(filled & ~pl.lit(pl.Series(said)))
        renamed = list(_renamed(table, bare, orphans)) if bare.height and orphans.height else []
        column_of = {at: column for at, _, column in renamed}
        for at, row in enumerate(bare.with_columns(row_ids(table).alias("_id")).iter_rows(named=True)):
            yield Fault(
                table.name,
                row["_row"],
                column_of.get(at, table.primary_key[0]),
                f"no source speaks of {brief(row['_id'])}",
                "code it from a source, or take it out",
            )
        gone = orphans.filter(~pl.col("row_id").is_in([row_id for _, row_id, _ in renamed]))
        for row in rows(gone.unique("row_id", keep="first", maintain_order=True)):
            yield Fault(
                "evidence",
                row["_row"],
                "row_id",
                f"there is no row {brief(row['row_id'])} in {table.name}",
                "bring the row back, or mend row_id",
                table.name,
            )
        for row in rows(known, pl.col("_at").is_not_null() & pl.col("_key").is_null()):
            yield Fault(
                "evidence",
                row["_row"],
                "field",
                f"{brief(row['field'])} is no column of {table.name} that sources fill",
                "mend field",
                table.name,
            )


class _Cells:
    """The claimed cells of one fact table held against their evidence."""

    def __init__(self, table: Table, frame: pl.DataFrame, known: pl.DataFrame) -> None:
        self.table, self.frame = table, frame
        # All cells in one column, one column of the table after the other.
        columns = columns_of(table.name)
        texts = pl.concat(
            [frame.select(text_of(table.by_name[name]).alias("")).to_series() for name in columns]
        )
        place = known.select(
            (pl.col("_key") % COLUMNS * frame.height + pl.col("_at")).alias("place")
        ).to_series()
        cell, value, stands = texts.gather(place), known["value"], known["stands"]
        # Evidence that contradicts its cell: it stands and says something else, or says the same and does not
        # stand.
        self.odd = known.with_columns(cell.alias("_cell")).filter(
            place.is_not_null() & (stands != value.eq_missing(cell)).fill_null(True)
        )
        bare = texts.is_not_null().to_numpy().copy()
        bare[place.filter((value == cell).fill_null(False)).to_numpy()] = False
        self.unproven: list[tuple[int, str]] = [
            (int(i % frame.height), columns[i // frame.height]) for i in bare.nonzero()[0]
        ]


def _moved(
    odd: list[dict],
    unproven: list[tuple[int, str]],
    text: dict[tuple[int, str], str],
    told: set[tuple[int, str]],
) -> dict[int, tuple[str, tuple[int, str]]]:
    """Evidence under the wrong column or row: what a cell of which nothing is said lacks, by its ``_row``."""
    lacking = [(at, column) for at, column in unproven if (at, column) not in told]
    by_row = {(at, text[at, column]): (at, column) for at, column in lacking}
    by_column = {(column, text[at, column]): (at, column) for at, column in lacking}
    found = {}
    for e in (e for e in odd if e["stands"]):
        if (e["_at"], e["value"]) in by_row:
            found[e["_row"]] = ("field", by_row[e["_at"], e["value"]])
        elif (e["field"], e["value"]) in by_column:
            found[e["_row"]] = ("row_id", by_column[e["field"], e["value"]])
    return found


# Every filled cell of a fact table has evidence that stands, and evidence that stands says what the cell
# says.
def every_cell_is_proven(t: Frames) -> Iterator[Fault]:
    for table in facts().values():
        known = linked(table, t)
        cells = _Cells(table, t[table.name], known)
        if cells.unproven or cells.odd.height:
            yield from _contradictions(cells, known, t)


def _contradictions(cells: _Cells, known: pl.DataFrame, t: Frames) -> Iterator[Fault]:
    """One fault for each cell and each piece of evidence that is wrong: the cell where all evidence is
    against it.
    """
    table, frame = cells.table, cells.frame
    places = {at for at, _ in cells.unproven} | set(cells.odd["_at"])
    near = known.filter(pl.col("_at").is_in(list(places)))
    text = (
        {
            (at, f.name): value
            for f in table.claimed
            for at, value in zip(places, frame[list(places)].select(text_of(f)).to_series(), strict=True)
        }
        if places
        else {}
    )
    said: dict[tuple[int, str], list[dict]] = {}
    for e in near.iter_rows(named=True):
        said.setdefault((e["_at"], e["field"]), []).append(e)
    odd = cells.odd.to_dicts()
    moved = _moved(odd, cells.unproven, text, set(said))
    found = {cell for _, cell in moved.values()}
    for e in (e for e in odd if e["_row"] in moved):
        wrong, (_, column) = moved[e["_row"]]
        yield Fault(
            "evidence",
            e["_row"],
            wrong,
            f"no {e['field']} of {table.name} {e['row_id']} is {brief(e['value'])}, and"
            f" {'its ' + column if wrong == 'field' else 'another row'} is and has no evidence",
            f"mend {wrong}",
            table.name,
        )
    listed = {
        tuple(d)
        for d in (
            t["disagreements"]
            .filter(~pl.col("stands") & (pl.col("table") == table.name))
            .select("row_id", "field", "value", "source_id")
            .iter_rows()
        )
    }
    for at, column in cells.unproven:
        standing = sorted({e["value"] for e in said.get((at, column), []) if e["stands"]})
        if (at, column) in found:
            continue
        found.add((at, column))
        others = f"; its evidence says {', '.join(map(brief, standing))}" if standing else ""
        yield Fault(
            table.name,
            at,
            column,
            f"no source says {brief(text[at, column])}{others}",
            "code it from a source, or empty the cell",
        )
    for e in odd:
        cell = (e["_at"], e["field"])
        if e["_row"] in moved or cell in found:
            continue
        standing = {o["value"] for o in said[cell] if o["stands"]}
        if text.get(cell) is None:
            found.add(cell)
            yield Fault(
                table.name,
                e["_at"],
                e["field"],
                f"the cell is empty, but {e['source_id']} says {brief(e['value'])}",
                "rebuild",
            )
        elif standing and text[cell] not in standing:
            found.add(cell)
            yield Fault(
                table.name,
                e["_at"],
                e["field"],
                f"{brief(text[cell])} does not stand; its evidence says"
                f" {', '.join(map(brief, sorted(standing)))}",
                "rebuild",
            )
        elif not e["stands"]:
            yield Fault(
                "evidence",
                e["_row"],
                "stands",
                f"stands is false for {brief(e['value'])}, the cell says the same",
                "rebuild",
                table.name,
            )
        elif (e["row_id"], e["field"], e["value"], e["source_id"]) in listed:
            yield Fault(
                "evidence",
                e["_row"],
                "stands",
                f"stands is true for {brief(e['value'])}, the cell is {brief(text[cell])}",
                "rebuild",
                table.name,
            )
        else:
            yield Fault(
                "evidence",
                e["_row"],
                "value",
                f"it stands and says {brief(e['value'])}, the cell is {brief(text[cell])}",
                "rebuild",
                table.name,
            )


# Inferred values say how they follow; others have no note.
def inferred_has_note(t: Frames) -> Iterator[Fault]:
    for row in rows(t["evidence"], (pl.col("check") == "inferred") != pl.col("note").is_not_null()):
        yield Fault(
            "evidence",
            row["_row"],
            "note",
            f"the value is {row['check']} and has {'no note' if row['note'] is None else 'a note'}",
            "a note belongs to inferred values and to them alone",
        )


def _held(t: Frames) -> pl.DataFrame:
    """The evidence with ``_held``, whether its source is, and whether it has a hash and a check that go with
    that (``_fits``).
    """
    held = pl.col("source_id").is_in(
        t["sources"].filter(pl.col("held").is_in(["text", "passages"]))["source_id"].implode()
    )
    evidence = numbered(t["evidence"]).with_columns(held.alias("_held"))
    hashed, cited = pl.col("passage_sha256").is_not_null(), pl.col("check") == "cited"
    return evidence.with_columns(((pl.col("_held") == hashed) & (pl.col("_held") != cited)).alias("_fits"))


# Whether anything of a source is held is what its evidence shows.
def source_is_held_as_said(t: Frames) -> Iterator[Fault]:
    evidence = _held(t).select("source_id", "_fits")
    if evidence["_fits"].all():
        return
    suspects = evidence.filter(~pl.col("_fits")).select("source_id").unique()
    against = (
        evidence.join(suspects, on="source_id", how="semi")
        .group_by("source_id")
        .agg(pl.col("_fits").any(), pl.len().alias("count"))
        .filter(~pl.col("_fits"))
    )
    for row in rows(
        t["sources"].join(against, on="source_id", how="left", maintain_order="left"), pl.col("count") > 1
    ):
        yield Fault(
            "sources",
            row["_row"],
            "held",
            f"{row['source_id']} is held: {row['held']}, and none of its evidence fits that",
            "mend held, or rebuild",
        )


# A passage hash stands exactly where a text or its passages are held; what is only cited has none.
def hash_where_held(t: Frames) -> Iterator[Fault]:
    for row in rows(_held(t), ~pl.col("_fits")):
        column = "check" if row["_held"] == (row["check"] == "cited") else "passage_sha256"
        yield Fault(
            "evidence",
            row["_row"],
            column,
            f"{row['source_id']} is {'held' if row['_held'] else 'not held'}, the check is {row['check']},"
            f" and there is {'no' if row['passage_sha256'] is None else 'a'} hash",
            "rebuild",
        )


# What a check may find depends on the column: a typed value is never merely coded, a judgement never found
# word for word.
CHECKS = {
    "judgement": ("coded", "inferred", "cited"),
    "summary": ("coded", "cited"),
    "text": ("confirmed", "coded", "cited"),
    "bound": ("confirmed", "coded", "inferred", "cited"),
}
TYPED = ("confirmed", "inferred", "cited")


# A typed cell from a held text is confirmed or inferred, never merely coded; a judgement is never confirmed.
def check_fits_column(t: Frames) -> Iterator[Fault]:
    for table in facts().values():
        allowed = {f.name: CHECKS.get(f.evidence or "", TYPED) for f in table.claimed}
        part = evidence_on(table.name, t["evidence"])
        columns, checks = columns_of(table.name), declared()["evidence"].by_name["check"].enum or ()
        pair = part.select(
            pl.col("field").cast(pl.Enum(columns), strict=False).to_physical().cast(pl.UInt16) * len(checks)
            + pl.col("check").cast(pl.Enum(checks), strict=False).to_physical()
        ).to_series()
        fitting = [
            i * len(checks) + k
            for i, name in enumerate(columns)
            for k, check in enumerate(checks)
            if check in allowed[name]
        ]
        # Of each pair of column and check once: there are few.
        if set(pair.unique()) <= set(fitting):
            continue
        for row in rows(part, ~pair.is_in(fitting) | pair.is_null()):
            yield Fault(
                "evidence",
                row["_row"],
                "check",
                f"{row['field']} of {row['table']} cannot be {row['check']}",
                "a typed value is found or inferred, a judgement coded: cite the passage, or say in the note"
                " how it follows",
            )


# The same place in the same source is the same passage, so it has one hash.
def one_passage_one_hash(t: Frames) -> Iterator[Fault]:
    place = ["source_id", "at"]
    # First by numbers made of the cells, which are quick to count; then the few places in question exactly.
    short = t["evidence"].select(
        (pl.col("source_id").hash(1) ^ pl.col("at").hash(2)).alias("place"),
        pl.when(pl.col("passage_sha256").is_not_null())
        .then(pl.col("passage_sha256").hash(3))
        .alias("passage"),
    )
    short = short.drop_nulls()
    if short["place"].n_unique() == (short["place"] ^ short["passage"]).n_unique():
        return
    suspects = (
        short.group_by("place")
        .agg(pl.col("passage").min().alias("a"), pl.col("passage").max().alias("b"))
        .filter(pl.col("a") != pl.col("b"))["place"]
    )
    evidence = (
        numbered(t["evidence"])
        .filter(pl.col("passage_sha256").is_not_null())
        .filter(short["place"].is_in(suspects.implode()))
    )
    hashed = evidence.group_by([*place, "passage_sha256"]).agg(pl.col("_row").min(), pl.len().alias("_count"))
    several = hashed.filter(pl.struct(place).is_duplicated())
    # The hash that most rows give is taken for the passage's own; of equals that of the first row.
    usual = several.sort(["_count", "_row"], descending=[True, False]).unique(
        place, keep="first", maintain_order=True
    )
    for row in several.join(usual, on="_row", how="anti").sort("_row").iter_rows(named=True):
        yield Fault(
            "evidence",
            row["_row"],
            "passage_sha256",
            f"{row['source_id']} has another hash at {row['at']} in other rows",
            "rebuild",
        )


# The disagreements are the cells on which the evidence differs, each value with who says it; texts of our own
# aside.
def disagreements_match(t: Frames) -> Iterator[Fault]:
    key = ["table", "row_id", "field"]
    columns = [*key, "value", "source_id", "stands"]
    ours = [(table.name, f.name) for table in facts().values() for f in table.claimed if descriptive(f)]
    evidence = t["evidence"].select(columns)
    # Where all evidence stands it says one thing (every_cell_is_proven).
    not_all = evidence.filter(~pl.col("stands")).select(key).unique()
    # What is said of a row stands together, so it is looked up once.
    runs = evidence["row_id"].rle().struct.field("value").is_in(not_all["row_id"].unique().implode())
    differing = evidence.filter(runs.gather(evidence["row_id"].rle_id())).join(not_all, on=key, how="semi")
    differing = differing.join(
        pl.DataFrame(ours, schema=["table", "field"], orient="row"), on=["table", "field"], how="anti"
    )
    several = differing.group_by(key).agg(pl.col("value").n_unique()).filter(pl.col("value") > 1)
    wanted = differing.join(several.select(key), on=key, how="semi").unique()
    listed = numbered(t["disagreements"]).select("_row", *columns)
    extra, missing = listed.join(wanted, on=columns, how="anti"), wanted.join(listed, on=columns, how="anti")
    instead = {tuple(w[c] for c in key): w for w in missing.iter_rows(named=True)}
    for row in extra.iter_rows(named=True):
        other = instead.get(tuple(row[c] for c in key))
        column = next(
            (
                c
                for c in ("stands", "source_id")
                if other and all(row[k] == other[k] for k in ("value", "source_id", "stands") if k != c)
            ),
            "value",
        )
        yield Fault(
            "disagreements",
            row["_row"],
            column,
            f"the evidence has no such difference on {row['field']} of {row['table']} {row['row_id']}",
            "rebuild",
        )
    # What a wrong row stands in the place of is not told again.
    for columns_alike in (key, ["value", "source_id", "stands"]):
        missing = missing.join(extra, on=columns_alike, how="anti")
    for row in missing.sort(columns).iter_rows(named=True):
        yield Fault(
            "disagreements",
            -1,
            "value",
            f"{row['source_id']} says {brief(row['value'])} for {row['field']} of {row['table']}"
            f" {row['row_id']}, which is not listed",
            "rebuild",
        )


def _grades(table: Table, cells: pl.DataFrame, height: int) -> pl.Series:
    """The grade that the evidence gives each row of a table, 0 the best: that of its weakest typed cell, or
    its best cell if none is typed.

    ``cells``: evidence that stands by ``_key``, with ``primary``, ``sure`` and the number of the ``origin``
    where it is sure.
    """
    grades = np.full(height, 3, np.uint8)
    cells = cells if cells["_key"].is_sorted() else cells.sort("_key")
    key = cells["_key"].to_numpy()
    if not key.size:
        return pl.Series(grades)
    first = np.flatnonzero(np.diff(key, prepend=key[0] + 1))
    sure, origin = cells["sure"].to_numpy(), cells["origin"].to_numpy()
    least = np.minimum.reduceat(np.where(sure, origin, np.iinfo(origin.dtype).max), first)
    most = np.maximum.reduceat(np.where(sure, origin, 0), first)
    of_cell = np.where(np.logical_or.reduceat(sure, first), np.where(least != most, 1, 2), 3)
    of_cell[np.logical_or.reduceat(cells["primary"].to_numpy(), first)] = 0
    at, column = np.divmod(key[first], COLUMNS)
    typed = np.isin(
        column,
        [
            i
            for i, name in enumerate(columns_of(table.name))
            if table.by_name[name].evidence in TYPED_EVIDENCE
        ],
    )
    first = np.flatnonzero(np.diff(at, prepend=at[0] + 1))
    weakest, best = (
        np.maximum.reduceat(np.where(typed, of_cell, -1), first),
        np.minimum.reduceat(of_cell, first),
    )
    grades[at[first]] = np.where(weakest < 0, best, weakest)
    return pl.Series(grades)


# The evidence grade of a row follows from its evidence. Worked out for whole tables here, row by row in the
# build (derive.grade): one checks the other.
def grade_from_evidence(t: Frames) -> Iterator[Fault]:
    sources = t["sources"].select(
        "source_id",
        pl.col("document_type").is_in(PRIMARY_TYPES).alias("primary"),
        pl.coalesce("publisher_organization_id", "source_id").alias("origin"),
    )
    sources = sources.drop_nulls("source_id").unique("source_id", keep="first", maintain_order=True)
    # Whose word it is as a number: to compare whether two are the same is all that is asked of it.
    whose = pl.Enum(pl.concat([sources["origin"], t["evidence"]["relays"].drop_nulls()]).unique())
    number = pl.col("source_id").cast(pl.Enum(sources["source_id"]), strict=False).to_physical()
    origin = pl.coalesce(
        pl.col("relays").cast(whose).to_physical(),
        pl.lit(sources["origin"].cast(whose).to_physical()).gather(number),
    )
    sure = ~pl.col("attribution").is_in(list(UNCONFIRMED))
    for table in facts().values():
        frame = t[table.name]
        cells = linked(table, t).select(
            "_key",
            "stands",
            pl.lit(sources["primary"]).gather(number).alias("primary"),
            sure.alias("sure"),
            origin.alias("origin"),
        )
        given = _grades(table, cells.filter("stands").drop_nulls().drop("stands"), frame.height)
        for column, value in INTENTIONS:
            if column in table.by_name:
                given = given.zip_with(
                    (given == 0) | (frame[column] != value).fill_null(True), pl.Series([3], dtype=pl.UInt8)
                )
        if (
            (frame["evidence_grade"].cast(pl.Enum("ABCD"), strict=False).to_physical() == given)
            .fill_null(False)
            .all()
        ):
            continue
        letters = given.replace_strict(dict(enumerate("ABCD")), return_dtype=pl.String)
        for row in rows(
            frame.with_columns(letters.alias("_given")), pl.col("evidence_grade").ne_missing(pl.col("_given"))
        ):
            yield Fault(
                table.name,
                row["_row"],
                "evidence_grade",
                f"the grade is {row['evidence_grade']}, the evidence gives {row['_given']}",
                "rebuild",
            )


# What a ruling decides about a disagreement, and which of the two texts of a rule of merging it is.
RULED = {"stands": None, "reason_en": 0, "reason_ko": 1}


# A disagreement is resolved by a ruling exactly where one is published, in the words of that ruling.
def rulings_are_quoted(t: Frames) -> Iterator[Fault]:
    key = ["table", "row_id", "field", "value"]
    ruled = t["rulings"].select(
        "table",
        "row_id",
        "field",
        pl.col("expect").alias("value"),
        *(pl.col(c).alias(f"{c} ruled") for c in RULED),
        pl.lit(True).alias("_ruled"),
    )
    both = (
        numbered(t["disagreements"])
        .join(ruled.unique(key, keep="last"), on=key, how="left", maintain_order="left")
        .with_columns(pl.col("_ruled").fill_null(False))
    )
    by_ruling = pl.col("resolved_by") == "ruling"
    for row in rows(both, by_ruling != pl.col("_ruled")):
        yield Fault(
            "disagreements",
            row["_row"],
            "resolved_by",
            f"it is resolved by {row['resolved_by']}, and {'a' if row['_ruled'] else 'no'} ruling is"
            " published",
            "rebuild",
        )
    for column, place in RULED.items():
        fixed = {name: reasons[place] for name, reasons in REASON.items()} if place is not None else {}
        wanted = (
            pl.when("_ruled")
            .then(f"{column} ruled")
            .otherwise(
                pl.col("resolved_by").replace_strict(fixed, default=None, return_dtype=pl.String)
                if fixed
                else column
            )
        )
        judged = (by_ruling == pl.col("_ruled")) & (
            pl.col("_ruled") | pl.col("resolved_by").is_in(list(fixed))
        )
        for row in rows(both, judged & pl.col(column).ne_missing(wanted)):
            yield Fault(
                "disagreements",
                row["_row"],
                column,
                f"the {'ruling' if row['_ruled'] else 'rule ' + row['resolved_by']} on {brief(row['value'])}"
                f" for {row['field']} of {row['row_id']} says otherwise",
                "rebuild",
            )
