"""Every cell has its evidence, and the evidence says what the cell says.

These rules look at one row of a fact table and its evidence at a time. So they may be given the package in pieces,
each with some rows of the fact tables and all evidence on them (``pieces``), and find the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from scripts.derive import INTENTIONS, PRIMARY_TYPES, TYPED_EVIDENCE, UNCONFIRMED
from scripts.frames import numbered, row_ids, text_of
from scripts.merge import REASON, descriptive
from scripts.problems import brief
from scripts.rules.base import Fault, Frames, declared, rows
from scripts.tableschema import Table


@cache
def facts() -> dict[str, Table]:
    """The fact tables by name."""
    return {t.name: t for t in declared().values() if t.kind == "fact"}


class _Links:
    """The evidence on each fact table with the place of its row there, kept while the same frames are asked for."""

    def __init__(self) -> None:
        self.evidence: pl.DataFrame | None = None
        self.parts: dict[str, pl.DataFrame] = {}
        self.linked: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = {}

    def get(self, table: Table, t: Frames) -> pl.DataFrame:
        evidence, frame = t["evidence"], t[table.name]
        if evidence is not self.evidence:
            self.evidence, self.linked = evidence, {}
            self.parts = _by_table(numbered(evidence))
        known = self.linked.get(table.name)
        if known is None or known[0] is not frame:
            ids = frame.select(row_ids(table).alias("row_id")).with_row_index("_at").unique("row_id", keep="first", maintain_order=True)
            part = self.parts.get(table.name)
            part = numbered(evidence.clear()) if part is None else part
            known = self.linked[table.name] = (frame, part.join(ids, on="row_id", how="left", maintain_order="left").with_columns(_key(table).alias("_key")))
        return known[1]


_links = _Links()


def _by_table(evidence: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The evidence on each table; in order, as it is published, it need not be copied."""
    runs = evidence.select(pl.col("table").rle().struct.unnest()) if evidence.height else pl.DataFrame({"len": [], "value": []})
    if runs["value"].n_unique() < runs.height:
        return {str(name): part for (name,), part in evidence.partition_by("table", as_dict=True, maintain_order=True).items()}
    starts = runs["len"].cum_sum() - runs["len"]
    return {str(name): evidence.slice(start, length) for start, length, name in zip(starts, runs["len"], runs["value"], strict=True)}


def _linked(table: Table, t: Frames) -> pl.DataFrame:
    """The evidence on a fact table, with the place of its row in the frame (``_at``, null where there is none)."""
    return _links.get(table, t)


def _renamed(table: Table, bare: pl.DataFrame, orphans: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Rows without evidence that are, by all else that is said of it, a row that is not there: position, its name in the evidence, the column that differs."""
    said: dict[str, set[tuple[str, str]]] = {}
    for row_id, column, value in orphans.filter(pl.col("stands") & pl.col("row_id").is_not_null()).select("row_id", "field", "value").iter_rows():
        said.setdefault(row_id, set()).add((column, value))
    texts = bare.select(text_of(f).alias(f.name) for f in table.fields).to_dicts()
    for at, row in enumerate(texts):
        for row_id, pairs in said.items():
            parts = row_id.split("|")
            differ = [k for k, part in zip(table.primary_key, parts, strict=False) if row[k] != part]
            if len(parts) == len(table.primary_key) and len(differ) == 1 and all(row.get(c) == v for c, v in pairs if c not in table.primary_key):
                yield at, row_id, differ[0]
                del said[row_id]
                break


# Evidence speaks of rows and columns that are there, and of every row.
def evidence_and_rows_meet(t: Frames) -> Iterator[Fault]:
    for row in rows(t["evidence"], ~pl.col("table").is_in(list(facts()))):
        yield Fault("evidence", row["_row"], "table", f"{brief(row['table'])} is no table that sources fill", "mend table")
    for table in facts().values():
        frame, known = numbered(t[table.name]), _linked(table, t)
        orphans = known.filter(pl.col("_at").is_null())
        filled = pl.any_horizontal(pl.col(f.name).is_not_null() for f in table.claimed)
        bare = frame.filter(filled & ~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(known["_at"].drop_nulls().unique().implode()))
        renamed = list(_renamed(table, bare, orphans)) if bare.height and orphans.height else []
        column_of = {at: column for at, _, column in renamed}
        for at, row in enumerate(bare.with_columns(row_ids(table).alias("_id")).iter_rows(named=True)):
            yield Fault(table.name, row["_row"], column_of.get(at, table.primary_key[0]), f"no source speaks of {brief(row['_id'])}", "code it from a source, or take it out")
        gone = orphans.filter(~pl.col("row_id").is_in([row_id for _, row_id, _ in renamed]))
        for row in rows(gone.unique("row_id", keep="first", maintain_order=True)):
            yield Fault("evidence", row["_row"], "row_id", f"there is no row {brief(row['row_id'])} in {table.name}", "bring the row back, or mend row_id", table.name)
        for row in rows(known, pl.col("_at").is_not_null() & ~pl.col("field").is_in([f.name for f in table.claimed])):
            yield Fault("evidence", row["_row"], "field", f"{brief(row['field'])} is no column of {table.name} that sources fill", "mend field", table.name)


# A cell by one number: the place of its row, and its column among the claimed ones of the table, of which there are fewer.
COLUMNS = 64


def _key(table: Table) -> pl.Expr:
    """The number of the cell that a piece of evidence is on; null where there is none."""
    columns = {f.name: i for i, f in enumerate(table.claimed)}
    return pl.col("_at").cast(pl.UInt64) * COLUMNS + pl.col("field").replace_strict(columns, default=None, return_dtype=pl.UInt64)


class _Cells:
    """The claimed cells of one fact table held against their evidence."""

    def __init__(self, table: Table, frame: pl.DataFrame, known: pl.DataFrame) -> None:
        self.table, self.frame, self.rows = table, frame, numbered(frame)["_row"]
        texts = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("_at"), *(text_of(f) for f in table.claimed))
        filled = texts.unpivot(index="_at", variable_name="field", value_name="_cell").drop_nulls("_cell").with_columns(_key(table).alias("_key"))
        part = known.filter(pl.col("_key").is_not_null()).join(filled.select("_key", "_cell"), on="_key", how="left", maintain_order="left")
        # Evidence that contradicts its cell: it stands and says something else, or says the same and does not stand.
        self.odd = part.filter((pl.col("stands") != pl.col("value").eq_missing(pl.col("_cell"))).fill_null(True))
        bare = filled.join(part.filter(pl.col("value") == pl.col("_cell")).select("_key"), on="_key", how="anti")
        self.unproven: list[tuple[int, str]] = list(bare.select("_at", "field").iter_rows())


def _moved(odd: list[dict], unproven: list[tuple[int, str]], text: dict[tuple[int, str], str], told: set[tuple[int, str]]) -> dict[int, tuple[str, tuple[int, str]]]:
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


# Every filled cell of a fact table has evidence that stands, and evidence that stands says what the cell says.
def every_cell_is_proven(t: Frames) -> Iterator[Fault]:
    for table in facts().values():
        known = _linked(table, t)
        cells = _Cells(table, t[table.name], known)
        if cells.unproven or cells.odd.height:
            yield from _contradictions(cells, known, t)


def _contradictions(cells: _Cells, known: pl.DataFrame, t: Frames) -> Iterator[Fault]:
    """One fault for each cell and each piece of evidence that is wrong: the cell where all evidence is against it."""
    table, frame = cells.table, cells.frame
    places = {at for at, _ in cells.unproven} | set(cells.odd["_at"])
    near = known.filter(pl.col("_at").is_in(list(places)))
    text = {(at, f.name): value for f in table.claimed for at, value in zip(places, frame[list(places)].select(text_of(f)).to_series(), strict=True)} if places else {}
    said: dict[tuple[int, str], list[dict]] = {}
    for e in near.iter_rows(named=True):
        said.setdefault((e["_at"], e["field"]), []).append(e)
    odd = cells.odd.to_dicts()
    moved = _moved(odd, cells.unproven, text, set(said))
    found = {cell for _, cell in moved.values()}
    for e in (e for e in odd if e["_row"] in moved):
        wrong, (_, column) = moved[e["_row"]]
        yield Fault("evidence", e["_row"], wrong, f"no {e['field']} of {table.name} {e['row_id']} is {brief(e['value'])}, and {'its ' + column if wrong == 'field' else 'another row'} is and has no evidence", f"mend {wrong}", table.name)
    listed = {tuple(d) for d in t["disagreements"].filter(~pl.col("stands") & (pl.col("table") == table.name)).select("row_id", "field", "value", "source_id").iter_rows()}
    for at, column in cells.unproven:
        standing = sorted({e["value"] for e in said.get((at, column), []) if e["stands"]})
        if (at, column) in found:
            continue
        found.add((at, column))
        others = f"; its evidence says {', '.join(map(brief, standing))}" if standing else ""
        yield Fault(table.name, cells.rows[at], column, f"no source says {brief(text[at, column])}{others}", "code it from a source, or empty the cell")
    for e in odd:
        cell = (e["_at"], e["field"])
        if e["_row"] in moved or cell in found:
            continue
        standing = {o["value"] for o in said[cell] if o["stands"]}
        if text.get(cell) is None:
            found.add(cell)
            yield Fault(table.name, cells.rows[e["_at"]], e["field"], f"the cell is empty, but {e['source_id']} says {brief(e['value'])}", "rebuild")
        elif standing and text[cell] not in standing:
            found.add(cell)
            yield Fault(table.name, cells.rows[e["_at"]], e["field"], f"{brief(text[cell])} does not stand; its evidence says {', '.join(map(brief, sorted(standing)))}", "rebuild")
        elif not e["stands"]:
            yield Fault("evidence", e["_row"], "stands", f"stands is false for {brief(e['value'])}, the cell says the same", "rebuild", table.name)
        elif (e["row_id"], e["field"], e["value"], e["source_id"]) in listed:
            yield Fault("evidence", e["_row"], "stands", f"stands is true for {brief(e['value'])}, the cell is {brief(text[cell])}", "rebuild", table.name)
        else:
            yield Fault("evidence", e["_row"], "value", f"it stands and says {brief(e['value'])}, the cell is {brief(text[cell])}", "rebuild", table.name)


# Inferred values say how they follow; others have no note.
def inferred_has_note(t: Frames) -> Iterator[Fault]:
    for row in rows(t["evidence"], (pl.col("check") == "inferred") != pl.col("note").is_not_null()):
        yield Fault("evidence", row["_row"], "note", f"the value is {row['check']} and has {'no note' if row['note'] is None else 'a note'}", "a note belongs to inferred values and to them alone")


def _held(t: Frames) -> pl.Expr:
    return pl.col("source_id").is_in(t["sources"].filter(pl.col("held").is_in(["text", "passages"]))["source_id"].implode())


# Whether anything of a source is held is what its evidence shows.
def source_is_held_as_said(t: Frames) -> Iterator[Fault]:
    evidence = t["evidence"].select("source_id", ((_held(t) == pl.col("passage_sha256").is_not_null()) & (_held(t) != (pl.col("check") == "cited"))).alias("fits"))
    suspects = evidence.filter(~pl.col("fits")).select("source_id").unique()
    against = evidence.join(suspects, on="source_id", how="semi").group_by("source_id").agg(pl.col("fits").any(), pl.len().alias("count")).filter(~pl.col("fits"))
    for row in rows(t["sources"].join(against, on="source_id", how="left", maintain_order="left"), pl.col("count") > 1):
        yield Fault("sources", row["_row"], "held", f"{row['source_id']} is held: {row['held']}, and none of its evidence fits that", "mend held, or rebuild")


# A passage hash stands exactly where a text or its passages are held; what is only cited has none.
def hash_where_held(t: Frames) -> Iterator[Fault]:
    held = _held(t)
    wrong = (held != pl.col("passage_sha256").is_not_null()) | (held == (pl.col("check") == "cited"))
    for row in rows(numbered(t["evidence"]).with_columns(held.alias("_held")), wrong):
        column = "check" if row["_held"] == (row["check"] == "cited") else "passage_sha256"
        yield Fault("evidence", row["_row"], column, f"{row['source_id']} is {'held' if row['_held'] else 'not held'}, the check is {row['check']}, and there is {'no' if row['passage_sha256'] is None else 'a'} hash", "rebuild")


# What a check may find depends on the column: a typed value is never merely coded, a judgement never found word for word.
CHECKS = {"judgement": ("coded", "inferred", "cited"), "summary": ("coded", "cited"), "text": ("confirmed", "coded", "cited"), "bound": ("confirmed", "coded", "inferred", "cited")}
TYPED = ("confirmed", "inferred", "cited")


# A typed cell from a held text is confirmed or inferred, never merely coded; a judgement is never confirmed.
def check_fits_column(t: Frames) -> Iterator[Fault]:
    key = ["table", "field", "check"]
    allowed = [(table.name, f.name, c) for table in facts().values() for f in table.claimed for c in CHECKS.get(f.evidence or "", TYPED)]
    fitting = pl.DataFrame(allowed, schema=dict.fromkeys(key, pl.String), orient="row")
    odd = t["evidence"].select(key).unique().join(fitting, on=key, how="anti")
    for row in rows(numbered(t["evidence"]).join(odd, on=key, how="semi", maintain_order="left")) if odd.height else ():
        yield Fault("evidence", row["_row"], "check", f"{row['field']} of {row['table']} cannot be {row['check']}", "a typed value is found or inferred, a judgement coded: cite the passage, or say in the note how it follows")


# The same place in the same source is the same passage, so it has one hash.
def one_passage_one_hash(t: Frames) -> Iterator[Fault]:
    place = ["source_id", "at"]
    evidence = numbered(t["evidence"]).filter(pl.col("passage_sha256").is_not_null())
    # First by hashes of the cells, which are quick to group; then the few places in question exactly.
    short = evidence.select(pl.struct(place).hash().alias("place"), pl.col("passage_sha256").hash().alias("passage"))
    suspects = short.group_by("place").agg(pl.col("passage").min().alias("a"), pl.col("passage").max().alias("b")).filter(pl.col("a") != pl.col("b"))["place"]
    if not suspects.len():
        return
    evidence = evidence.filter(short["place"].is_in(suspects.implode()))
    count = pl.col("_count").sum() if "_count" in evidence.columns else pl.len()
    hashed = evidence.group_by([*place, "passage_sha256"]).agg(pl.col("_row").min(), count.alias("_count"))
    several = hashed.filter(pl.struct(place).is_duplicated())
    # The hash that most rows give is taken for the passage's own; of equals that of the first row.
    usual = several.sort(["_count", "_row"], descending=[True, False]).unique(place, keep="first", maintain_order=True)
    for row in several.join(usual, on="_row", how="anti").sort("_row").iter_rows(named=True):
        yield Fault("evidence", row["_row"], "passage_sha256", f"{row['source_id']} has another hash at {row['at']} in other rows", "rebuild")


# The disagreements are the cells on which the evidence differs, each value with who says it; texts of our own aside.
def disagreements_match(t: Frames) -> Iterator[Fault]:
    key = ["table", "row_id", "field"]
    columns = [*key, "value", "source_id", "stands"]
    ours = [(table.name, f.name) for table in facts().values() for f in table.claimed if descriptive(f)]
    evidence = t["evidence"].select(columns)
    # Where all evidence stands it says one thing (every_cell_is_proven).
    differing = evidence.join(evidence.filter(~pl.col("stands")).select(key).unique(), on=key, how="semi")
    differing = differing.join(pl.DataFrame(ours, schema=["table", "field"], orient="row"), on=["table", "field"], how="anti")
    several = differing.group_by(key).agg(pl.col("value").n_unique()).filter(pl.col("value") > 1)
    wanted = differing.join(several.select(key), on=key, how="semi").unique()
    listed = numbered(t["disagreements"]).select("_row", *columns)
    extra, missing = listed.join(wanted, on=columns, how="anti"), wanted.join(listed, on=columns, how="anti")
    instead = {tuple(w[c] for c in key): w for w in missing.iter_rows(named=True)}
    for row in extra.iter_rows(named=True):
        other = instead.get(tuple(row[c] for c in key))
        column = next((c for c in ("stands", "source_id") if other and all(row[k] == other[k] for k in ("value", "source_id", "stands") if k != c)), "value")
        yield Fault("disagreements", row["_row"], column, f"the evidence has no such difference on {row['field']} of {row['table']} {row['row_id']}", "rebuild")
    # What a wrong row stands in the place of is not told again.
    for columns_alike in (key, ["value", "source_id", "stands"]):
        missing = missing.join(extra, on=columns_alike, how="anti")
    for row in missing.sort(columns).iter_rows(named=True):
        yield Fault("disagreements", -1, "value", f"{row['source_id']} says {brief(row['value'])} for {row['field']} of {row['table']} {row['row_id']}, which is not listed", "rebuild")


# The evidence grade of a row follows from its evidence. Worked out for whole tables here, row by row in the build (derive.grade): one checks the other.
def grade_from_evidence(t: Frames) -> Iterator[Fault]:
    sources = t["sources"].select("source_id", pl.col("document_type").is_in(list(PRIMARY_TYPES)).alias("_primary"), pl.coalesce("publisher_organization_id", "source_id").alias("_origin"))
    # Whose word it is as a number: to compare whether two are the same is all that is asked of it.
    origins = pl.concat([sources["_origin"], t["evidence"]["relays"].drop_nulls()]).unique().to_frame("_origin").with_row_index("_code")
    sources = sources.join(origins, on="_origin", how="left").unique("source_id", keep="first")
    relayed = dict(origins.select("_origin", "_code").iter_rows()) if t["evidence"]["relays"].null_count() < t["evidence"].height else {}
    sure = ~pl.col("attribution").is_in(list(UNCONFIRMED))
    code = pl.coalesce(pl.col("relays").replace_strict(relayed, return_dtype=pl.UInt32), "_code") if relayed else pl.col("_code")
    for table in facts().values():
        frame = t[table.name]
        typed = [i for i, f in enumerate(table.claimed) if f.evidence in TYPED_EVIDENCE]
        known = _linked(table, t).filter(pl.col("stands") & pl.col("_key").is_not_null()).join(sources, on="source_id", how="inner")
        cells = known.select("_key", "_primary", sure.alias("_sure"), pl.when(sure).then(code).alias("_code"))
        cells = cells.group_by("_key").agg(pl.col("_primary").any(), pl.col("_sure").any(), pl.col("_code").min().alias("_least"), pl.col("_code").max().alias("_most"))
        two = (pl.col("_least") != pl.col("_most")).fill_null(False)
        grade = pl.when("_primary").then(0).when(~pl.col("_sure")).then(3).when(two).then(1).otherwise(2).cast(pl.UInt8)
        cells = cells.select((pl.col("_key") // COLUMNS).cast(pl.UInt32).alias("_at"), grade.alias("_grade"), (pl.col("_key") % COLUMNS).is_in(typed).alias("_typed"))
        graded = cells.group_by("_at").agg(pl.coalesce(pl.col("_grade").filter(pl.col("_typed")).max(), pl.col("_grade").min()).alias("_given"))
        intended = [(pl.col(column) == value).fill_null(False) for column, value in INTENTIONS if column in table.by_name]
        given = pl.when((pl.col("_given") > 0) & pl.any_horizontal(intended)).then(3).otherwise(pl.col("_given")) if intended else pl.col("_given")
        judged = numbered(frame).with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("_at")).join(graded, on="_at", how="left", maintain_order="left").with_columns(pl.col("_given").fill_null(3))
        judged = judged.with_columns(given.replace_strict({0: "A", 1: "B", 2: "C", 3: "D"}, return_dtype=pl.String).alias("_given"))
        for row in rows(judged, pl.col("evidence_grade").ne_missing(pl.col("_given"))):
            yield Fault(table.name, row["_row"], "evidence_grade", f"the grade is {row['evidence_grade']}, the evidence gives {row['_given']}", "rebuild")


# A disagreement is resolved by a ruling exactly where one is published, in the words of that ruling.
def rulings_are_quoted(t: Frames) -> Iterator[Fault]:
    ruled = {(r["table"], r["row_id"], r["field"], r["expect"]): (r["stands"], r["reason_en"], r["reason_ko"]) for r in t["rulings"].iter_rows(named=True)}
    for row in rows(t["disagreements"]):
        ruling = ruled.get((row["table"], row["row_id"], row["field"], row["value"]))
        if (row["resolved_by"] == "ruling") != (ruling is not None):
            yield Fault("disagreements", row["_row"], "resolved_by", f"it is resolved by {row['resolved_by']}, and {'a' if ruling else 'no'} ruling is published", "rebuild")
            continue
        said = {"reason_en": row["reason_en"], "reason_ko": row["reason_ko"]}
        wanted = dict(zip(said, ruling[1:] if ruling else REASON.get(row["resolved_by"], ()), strict=False))
        if ruling is not None:
            said["stands"], wanted["stands"] = row["stands"], ruling[0]
        for column in (c for c in wanted if said[c] != wanted[c]):
            yield Fault("disagreements", row["_row"], column, f"the {'ruling' if ruling else 'rule ' + row['resolved_by']} on {brief(row['value'])} for {row['field']} of {row['row_id']} says otherwise", "rebuild")


# Rules that judge a row of a fact table by its own evidence alone: they may be given the package in pieces.
BY_PIECES = (evidence_and_rows_meet, every_cell_is_proven, inferred_has_note, hash_where_held, check_fits_column, disagreements_match, grade_from_evidence)
