"""Every cell has its evidence, and the evidence says what the cell says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from scripts.merge import descriptive
from scripts.problems import brief
from scripts.rules.base import Fault, Frames, rows
from scripts.tableschema import Table, load_tables
from scripts.values import format_value, row_id


@cache
def _facts() -> dict[str, Table]:
    return {t.name: t for t in load_tables().values() if t.kind == "fact"}


def _cells(t: Frames) -> dict[tuple[str, str, str], tuple[str, int]]:
    """Text and row of every filled claimed cell of the fact tables."""
    cells = {}
    for table in _facts().values():
        for row in rows(t[table.name]):
            name = row_id([format_value(table.by_name[k], row[k]) for k in table.primary_key])
            for f in table.claimed:
                if row[f.name] is not None:
                    cells[table.name, name, f.name] = (format_value(f, row[f.name]), row["_row"])
    return cells


# Every filled cell of a fact table has evidence that stands, and evidence that stands says what the cell says.
def every_cell_is_proven(t: Frames) -> Iterator[Fault]:
    cells = _cells(t)
    proven = set()
    for row in rows(t["evidence"]):
        place = (row["table"], row["row_id"], row["field"])
        if place not in cells:
            if row["stands"]:
                yield Fault("evidence", row["_row"], "row_id", f"{row['table']} {row['row_id']} has no filled {row['field']}", "rebuild")
        elif row["stands"] != (row["value"] == cells[place][0]):
            yield Fault("evidence", row["_row"], "stands", f"stands is {str(row['stands']).lower()} for {brief(row['value'])}, the cell is {brief(cells[place][0])}", "rebuild")
        elif row["stands"]:
            proven.add(place)
    for place, (text, index) in cells.items():
        if place not in proven:
            yield Fault(place[0], index, place[2], f"no source says {brief(text)}", "code it from a source, or empty the cell")


# Inferred values say how they follow; others have no note.
def inferred_has_note(t: Frames) -> Iterator[Fault]:
    for row in rows(t["evidence"], (pl.col("check") == "inferred") != pl.col("note").is_not_null()):
        yield Fault("evidence", row["_row"], "note", f"the value is {row['check']} and has {'no note' if row['note'] is None else 'a note'}", "a note belongs to inferred values and to them alone")


# A passage hash stands exactly where a text or its passages are held; what is only cited has none.
def hash_where_held(t: Frames) -> Iterator[Fault]:
    held = set(t["sources"].filter(pl.col("held").is_in(["text", "passages"]))["source_id"])
    for row in rows(t["evidence"]):
        if (row["source_id"] in held) != (row["passage_sha256"] is not None) or (row["source_id"] in held) == (row["check"] == "cited"):
            yield Fault("evidence", row["_row"], "passage_sha256", f"{row['source_id']} is {'held' if row['source_id'] in held else 'not held'}, the check is {row['check']}", "rebuild")


# The same place in the same source is the same passage, so it has one hash.
def one_passage_one_hash(t: Frames) -> Iterator[Fault]:
    known: dict[tuple[str, str], str] = {}
    for row in rows(t["evidence"], pl.col("passage_sha256").is_not_null()):
        first = known.setdefault((row["source_id"], row["at"]), row["passage_sha256"])
        if first != row["passage_sha256"]:
            yield Fault("evidence", row["_row"], "passage_sha256", f"{row['source_id']} has another hash at {row['at']} in an earlier row", "rebuild")


# A typed cell from a held text is confirmed or inferred, never merely coded.
def typed_is_found(t: Frames) -> Iterator[Fault]:
    typed = {(table.name, f.name) for table in _facts().values() for f in table.claimed if f.evidence not in {"text", "summary", "judgement"}}
    for row in rows(t["evidence"], pl.col("check") == "coded"):
        if (row["table"], row["field"]) in typed:
            yield Fault("evidence", row["_row"], "check", f"{row['field']} is a typed value and only coded", "cite the passage that has it, or say in the note how it follows")


# The disagreements are the cells on which the evidence differs, each value with who says it; texts of our own aside.
def disagreements_match(t: Frames) -> Iterator[Fault]:
    key = ["table", "row_id", "field"]
    ours = [(table.name, f.name) for table in _facts().values() for f in table.claimed if descriptive(f)]
    evidence = t["evidence"].join(pl.DataFrame(ours, schema=["table", "field"], orient="row"), on=["table", "field"], how="anti")
    differing = evidence.group_by(key).agg(pl.col("value").n_unique()).filter(pl.col("value") > 1)
    wanted = evidence.join(differing.select(key), on=key, how="semi").select(*key, "value", "source_id", "stands").unique()
    listed = t["disagreements"].select(*key, "value", "source_id", "stands").with_row_index("_row")
    columns = [*key, "value", "source_id", "stands"]
    for row in listed.join(wanted, on=columns, how="anti").iter_rows(named=True):
        yield Fault("disagreements", row["_row"], "value", f"the evidence has no such difference on {row['field']} of {row['table']} {row['row_id']}", "rebuild")
    for row in wanted.join(listed, on=columns, how="anti").sort(columns).iter_rows(named=True):
        yield Fault("disagreements", -1, "value", f"{row['source_id']} says {brief(row['value'])} for {row['field']} of {row['table']} {row['row_id']}, which is not listed", "rebuild")


# A disagreement is resolved by a ruling exactly where one is published, in the words of that ruling.
def rulings_are_quoted(t: Frames) -> Iterator[Fault]:
    ruled = {(r["table"], r["row_id"], r["field"], r["expect"]): (r["stands"], r["reason_en"], r["reason_ko"]) for r in t["rulings"].iter_rows(named=True)}
    for row in rows(t["disagreements"]):
        ruling = ruled.get((row["table"], row["row_id"], row["field"], row["value"]))
        if (row["resolved_by"] == "ruling") != (ruling is not None):
            yield Fault("disagreements", row["_row"], "resolved_by", f"it is resolved by {row['resolved_by']}, and {'a' if ruling else 'no'} ruling is published", "rebuild")
        elif ruling is not None and ruling != (row["stands"], row["reason_en"], row["reason_ko"]):
            yield Fault("disagreements", row["_row"], "reason_en", f"the ruling on {brief(row['value'])} for {row['field']} of {row['row_id']} says otherwise", "rebuild")


RULES = (every_cell_is_proven, inferred_has_note, hash_where_held, one_passage_one_hash, typed_is_found, disagreements_match, rulings_are_quoted)
