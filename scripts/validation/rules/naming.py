"""Who said it, and in which language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl

from scripts.model.lookalikes import prototypes
from scripts.model.problems import brief
from scripts.model.tables import Table
from scripts.techpacts.row_ids import join_key
from scripts.validation.rules.registry import Fault, Row, Stage, Tables, declared, is_typed, rows, rule

HANGUL = "[가-힣]"
NAME = re.compile("(?:name|title)(?:_en|_ko|_native)?|acronym")
# Titles are given as printed, so only two of one publisher and day are compared.
WITHIN = {"sources": ["publisher_organization_id", "published_on"]}


def _is_list(table: Table) -> bool:
    return table.kind in {"vocabulary", "provenance"}


@rule(Stage.CELLS, each=(is_typed,))
def language_of_columns(t: Tables) -> Iterator[Fault]:
    """Columns in English hold no Hangul, columns in Korean hold some."""
    for table, frame in t.items():
        for name in frame.columns:
            if not name.endswith(("_en", "_ko")):
                continue
            korean = pl.col(name).str.contains(HANGUL)
            if name.endswith("_en"):
                for row in rows(frame, korean):
                    yield Fault(
                        table, row["_row"], name, f"{brief(row[name])} is Korean", "write it in English"
                    )
            # Names of firms and programs may be Latin in Korean too; sentences may not.
            elif table not in {"organizations", "people", "countries"}:
                for row in rows(frame, ~korean & pl.col(name).str.contains(" ", literal=True)):
                    yield Fault(
                        table, row["_row"], name, f"{brief(row[name])} is not Korean", "write it in Korean"
                    )


@rule(Stage.CELLS, each=(is_typed,))
def both_languages(t: Tables) -> Iterator[Fault]:
    """What is said in one language is said in the other."""
    for table, frame in t.items():
        for name in frame.columns:
            other = name[:-3] + "_ko"
            # Official titles and targets of foreign lists exist in one language only.
            if (
                not name.endswith("_en")
                or other not in frame.columns
                or name.startswith(("official_", "office_", "target_"))
            ):
                continue
            for row in rows(frame, pl.col(name).is_null() != pl.col(other).is_null()):
                empty = name if row[name] is None else other
                yield Fault(
                    table,
                    row["_row"],
                    empty,
                    f"{empty} is empty and its pair is not",
                    "write it in both languages",
                )


@rule(Stage.CELLS, reads=("statements",))
def statement_has_speaker(t: Tables) -> Iterator[Fault]:
    """A statement has the speaker that its kind of speaker asks for."""
    wanted = {"named_person": "person_id", "organization": "organization_id"}
    for row in rows(t["statements"]):
        column = wanted.get(row["speaker"])
        if column and row[column] is None:
            yield Fault(
                "statements",
                row["_row"],
                column,
                f"the speaker is {row['speaker']}, but {column} is empty",
                "fill it, or correct speaker",
            )
        if row["speaker"] != "named_person" and row["person_id"] is not None:
            yield Fault(
                "statements",
                row["_row"],
                "person_id",
                f"the speaker is {row['speaker']}, but a person is named",
                "write named_person, or empty person_id",
            )


@rule(Stage.CELLS, reads=("statements",))
def outcome_is_dated(t: Tables) -> Iterator[Fault]:
    """An outcome has its day, and a day its outcome."""
    for row in rows(t["statements"], pl.col("outcome").is_null() != pl.col("outcome_on").is_null()):
        yield Fault(
            "statements",
            row["_row"],
            "outcome_on",
            "an outcome and its day go together",
            "fill both, or neither",
        )


def _appearances(names: pl.Series) -> pl.DataFrame:
    """Return the names that look like another one, with what they look like (the skeleton of UTS 39 over
    NFKD), as written and in small letters.

    The names are unique. White space does not count. All names are looked at together, since to get the
    confusables ready takes longest.
    """
    text = pl.col("name").str.normalize("NFKD").str.replace_all(r"\s+", " ").str.strip_chars()
    # Capitals first where ß is SS.
    small = [e.str.to_uppercase().str.to_lowercase() for e in (text.str.replace_many(prototypes()), text)]
    return (
        names.alias("name")
        .to_frame()
        .select("name", small[0].alias("_0"), small[1].str.replace_many(prototypes()).alias("_1"))
        .filter(pl.any_horizontal(pl.col("_0", "_1").is_duplicated()))
    )


def _look_alike(
    frame: pl.DataFrame, column: str, within: list[str], looks: pl.DataFrame
) -> dict[int, tuple[Row, Row]]:
    """Return by index the rows whose name in ``column`` looks like that of an earlier row, with that row.

    The two are spelled differently and do not mean the same. ``looks`` has the appearance of each name;
    only rows with the same cells in ``within`` are compared.
    """
    found: dict[int, tuple[Row, Row]] = {}
    known = frame.join(looks, left_on=column, right_on="name", maintain_order="left")
    for appearance in ("_0", "_1"):
        differing = pl.col(column).n_unique().over(appearance, *within) > 1
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows(known, differing):
            groups[tuple(row[c] for c in (appearance, *within))].append(row)
        for group in groups.values():
            for i, row in enumerate(group):
                others = (r for r in group[:i] if r[column] != row[column])
                like = next((r for r in others if not _meant_alike(group, row, r)), None)
                if like is not None:
                    found.setdefault(row["_row"], (row, like))
    return found


def _meant_alike(group: list[Row], row: Row, other: Row) -> bool:
    """Tell whether two spellings of an alias are of one entity, or each of a source of its own."""
    if "entity_id" not in row:
        return False
    meant = [
        {(r["entity_type"], r["entity_id"]) for r in group if r["name"] == name}
        for name in (row["name"], other["name"])
    ]
    apart = row["source_id"] != other["source_id"] and None not in (row["source_id"], other["source_id"])
    return apart or bool(meant[0] & meant[1])


@rule(Stage.CELLS, each=(_is_list,))
def names_look_different(t: Tables) -> Iterator[Fault]:
    """Two names in a list that look the same are spelled the same, unless they are aliases of one entity."""
    names = [frame[column] for frame in t.values() for column in filter(NAME.fullmatch, frame.columns)]
    looks = _appearances(pl.concat([pl.Series([], dtype=pl.String), *names]).drop_nulls().unique())
    for table, frame in t.items():
        key = declared()[table].primary_key
        for column in filter(NAME.fullmatch, frame.columns):
            for index, (row, like) in _look_alike(frame, column, WITHIN.get(table, []), looks).items():
                of = brief(join_key(like[k] for k in key))
                message = f"{brief(row[column])} looks the same as {brief(like[column])} of {of}"
                fix = "keep one row, or spell the names so that a reader can tell them apart"
                yield Fault(table, index, column, message, fix)
