"""The evidence grade of each row."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.grades import LETTERS, Grader, letters
from scripts.validation.rules.registry import Fault, Stage, Tables, facts, rows, rule


@rule(Stage.DERIVED, reads=("sources",), linked=True)
def grade_from_evidence(t: Tables) -> Iterator[Fault]:
    """The evidence grade of a row follows from its evidence."""
    grader = Grader(t["sources"], t["evidence"])
    for table in facts().values():
        frame = t[table.name]
        given = grader.numbers(table, frame, t.linked[table.name])
        # Compared as numbers first, which is quicker.
        said = frame["evidence_grade"].cast(pl.Enum(LETTERS), strict=False).to_physical()
        if (said == given).fill_null(False).all():
            continue
        graded = frame.with_columns(letters(given).alias("_given"))
        for row in rows(graded, pl.col("evidence_grade").ne_missing(pl.col("_given"))):
            message = f"the grade is {row['evidence_grade']}, the evidence gives {row['_given']}"
            yield Fault(table.name, row["_row"], "evidence_grade", message, "rebuild")
