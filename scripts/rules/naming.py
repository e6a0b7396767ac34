"""Who said it, and in which language."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.problems import brief
from scripts.rules.base import Fault, Frames, declared, rows

HANGUL = "[가-힣]"


def _typed(t: Frames) -> Iterator[tuple[str, pl.DataFrame]]:
    """The tables that people write: what is wrong with a text is told there, not where it is repeated."""
    return ((name, frame) for name, frame in t.items() if declared()[name].kind != "derived")


# Columns in English hold no Hangul, columns in Korean hold some.
def language_of_columns(t: Frames) -> Iterator[Fault]:
    for table, frame in _typed(t):
        for name in frame.columns:
            if not name.endswith(("_en", "_ko")):
                continue
            korean = pl.col(name).str.contains(HANGUL)
            if name.endswith("_en"):
                for row in rows(frame, korean):
                    yield Fault(table, row["_row"], name, f"{brief(row[name])} is Korean", "write it in English")
            # Names of firms and programmes may be Latin in Korean too; sentences may not.
            elif table not in {"organizations", "people", "countries"}:
                for row in rows(frame, ~korean & pl.col(name).str.contains(" ", literal=True)):
                    yield Fault(table, row["_row"], name, f"{brief(row[name])} is not Korean", "write it in Korean")


# What is said in one language is said in the other.
def both_languages(t: Frames) -> Iterator[Fault]:
    for table, frame in _typed(t):
        for name in frame.columns:
            other = name[:-3] + "_ko"
            # Official titles and targets of foreign lists exist in one language only.
            if not name.endswith("_en") or other not in frame.columns or name.startswith(("official_", "office_", "target_")):
                continue
            for row in rows(frame, pl.col(name).is_null() != pl.col(other).is_null()):
                empty = name if row[name] is None else other
                yield Fault(table, row["_row"], empty, f"{empty} is empty and its pair is not", "write it in both languages")


# A statement has the speaker that its kind of speaker asks for.
def statement_has_speaker(t: Frames) -> Iterator[Fault]:
    wanted = {"named_person": "person_id", "organization": "organization_id"}
    for row in rows(t["statements"]):
        column = wanted.get(row["speaker"])
        if column and row[column] is None:
            yield Fault("statements", row["_row"], column, f"the speaker is {row['speaker']}, but {column} is empty", "fill it, or mend speaker")
        if row["speaker"] != "named_person" and row["person_id"] is not None:
            yield Fault("statements", row["_row"], "person_id", f"the speaker is {row['speaker']}, but a person is named", "write named_person, or empty person_id")


# An outcome has its day, and a day its outcome.
def outcome_is_dated(t: Frames) -> Iterator[Fault]:
    for row in rows(t["statements"], pl.col("outcome").is_null() != pl.col("outcome_on").is_null()):
        yield Fault("statements", row["_row"], "outcome_on", "an outcome and its day go together", "fill both, or neither")


RULES = (language_of_columns, both_languages, statement_has_speaker, outcome_is_dated)
