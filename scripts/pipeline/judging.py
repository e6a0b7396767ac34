"""Whether tables in memory are sound, and which faults are no news beside others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePath

import polars as pl

from scripts.constraints.violations import (
    Violation,
    concerned,
    constraint_violations,
    foreign_key_violations,
    own_violations,
    reference_violations,
)
from scripts.model.problems import Problem
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import SUSPECT, text_fault
from scripts.store.frames import frame_of
from scripts.validation.rules.judge import judge


def validate_frames(
    tables: dict[str, Table],
    frames: dict[str, pl.DataFrame],
    *,
    empty_allowed: bool = False,
    doubtful: Collection[str] = (),
) -> list[tuple[str, Violation]]:
    """Hold all tables against constraints, keys, references and rules: return each violation with its table.

    Of tables in ``doubtful`` nothing is reported, and no rule that reads one is run.
    """
    emptied = (
        set()
        if empty_allowed
        else {t.name for t in tables.values() if t.min_rows and not frames[t.name].height}
    )
    found = [(name, v) for name, v in _constraints(tables, frames, emptied) if name not in doubtful]
    faulty = {
        other for name in frames for other in concerned(tables[name], [v for n, v in found if n == name])
    }
    if not empty_allowed:
        found += [
            (
                t.name,
                Violation(
                    -1,
                    "",
                    f"the table has {frames[t.name].height} rows, it needs {t.min_rows}",
                    "bring the rows back",
                    "min-rows",
                ),
            )
            for t in tables.values()
            if frames[t.name].height < t.min_rows and t.name not in doubtful
        ]
    found += [(t.name, v) for t in tables.values() for v in _made_texts(t, frames[t.name])]
    return found + judge(frames, faulty | {name for name, _ in found} | set(doubtful)).found


def _made_texts(table: Table, frame: pl.DataFrame) -> Iterator[Violation]:
    """Texts that the build made, held against what every text must be; those of seeds were when they were
    read.
    """
    for f in table.fields:
        if f.type == "string" and (table.kind == "derived" or f.origin == "derived"):
            suspects = frame.select(
                pl.int_range(pl.len()).alias("_row"), pl.col(f.name).alias("_text")
            ).filter(pl.col("_text").str.contains(SUSPECT) | (pl.col("_text") == ""))
            for index, text in suspects.iter_rows():
                fault = text_fault(text) if text else ("the text is empty", "leave the cell null")
                if fault:
                    yield Violation(index, f.name, *fault, "lexical")


def _constraints(
    tables: dict[str, Table], frames: dict[str, pl.DataFrame], emptied: set[str]
) -> list[tuple[str, Violation]]:
    """Constraints, keys and references of ``frames``; references to tables in ``emptied`` are not judged."""
    own = {name: own_violations(tables[name], frame) for name, frame in frames.items()}
    return [(name, v) for name, found in own.items() for v in found] + [
        (name, v) for name in frames for v in reference_violations(tables[name], frames, tables, own, emptied)
    ]


def groundwork(tables: dict[str, Table], base: dict[str, list[Record]]) -> list[tuple[str, Violation]]:
    """Report what is wrong with the typed columns of the facts: nothing can be derived from rows that lack a
    cell or refer to nothing.

    The lists were checked when they were read.
    """
    frames = {n: frame_of(tables[n].typed, rows) for n, rows in base.items()}
    facts = [t for t in tables.values() if t.kind == "fact"]
    found = [
        (t.name, v) for t in facts for v in constraint_violations(t.typed, frames[t.name], key=t.primary_key)
    ]
    return found + [(t.name, v) for t in facts for v in foreign_key_violations(t, frames)]


# Fact tables with columns that follow from another one.
FOLLOWING = {"events": {"agreements"}, "exchange_rates": {"funding"}}


def doubtful_tables(problems: Iterable[Problem], tables: dict[str, Table]) -> set[str]:
    """Return the tables of which no rule can be judged, since cells of them, or of what they follow from,
    have faults.

    What is merely not in the lock is there as typed; only how it is proven is not known.
    """
    found = {"evidence"} if problems else set()
    for table in {PurePath(p.file).stem for p in problems if p.rule != "lock"}:
        found |= {table, *FOLLOWING.get(table, ()), *(t.name for t in tables.values() if t.kind == "derived")}
    return found


def without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, of each cell those of the first stage that finds a fault; that such a cell is not
    in the lock either need not be said.
    """
    given = list(problems)
    first: dict[tuple[str, int, str], Problem] = {}
    for p in [*(p for p in given if p.rule != "lock"), *(p for p in given if p.rule == "lock")]:
        first.setdefault((p.file, p.row, p.column), p)
    return [p for p in given if not p.row or not p.column or first[p.file, p.row, p.column].rule == p.rule]
