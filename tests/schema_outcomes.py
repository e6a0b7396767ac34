"""What becomes of each mutant of the schemas when it is held against the corpus of bad and sound values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest.mock import patch

from scripts.coding.lists import read_list
from scripts.constraints.violations import constraint_violations, unique_key_violations
from scripts.model.problems import Problem
from scripts.model.tables import Field, Table
from scripts.pipeline.judging import validate_frames
from scripts.store.frames import frame_of
from scripts.store.schemas import load_seed_table, load_tables
from scripts.validation.rules.judge import Verdict
from tests.corpus import bad_cells, bad_keys, forms, sound_keys, sound_row, sound_values
from tests.faults.csvs import to_csv
from tests.judge import Finding, Sheet, cell_faults, foreign_key_faults, text_sheet
from tests.schema_mutants import field_mutants, key_mutants, other_columns, pattern_mutants


class Outcome(NamedTuple):
    """What became of one mutant."""

    kind: str
    name: str
    killed: bool


@cache
def all_tables() -> dict[str, Table]:
    """The published tables and those that live in ``seeds/`` only."""
    seeds = (
        load_seed_table(name)
        for name in ("uncoded", "passages_lock", "coverage_lock", "names", "series", "pinned")
    )
    return {**load_tables(), **{t.name: t for t in seeds}}


# The rule that reports what a looser mutant lets pass, by kind of mutant.
RULE = {
    "type": "lexical",
    "required": "required",
    "enumeration": "enum",
    "pattern": "pattern",
    "minimum": "minimum",
    "maximum": "maximum",
}


def cell_by_cell(table: Table, cells: Sequence[tuple[str, str]]) -> set[Finding]:
    """Faults of typical rows in each of which one cell (field, value) is replaced: number of the cell,
    column, rule.

    The rows repeat keys on purpose, so keys are left out.
    """
    row = sound_row(table.name)
    return {
        f
        for f in cell_faults(
            table.fields, text_sheet(table.fields, [row | {field: value} for field, value in cells])
        )
        if f.rule != "unique"
    }


def _reported(field: Field, texts: Sequence[str]) -> set[str]:
    """Those of ``texts`` that are reported in a column of their own."""
    return {
        texts[f.row]
        for f in cell_faults([field], text_sheet([field], [{field.name: t} for t in texts]))
        if f.rule != "unique"
    }


def field_outcomes(table: Table) -> Iterator[Outcome]:
    """Mutants of the fields of one table, each held against the values of its field in the corpus."""
    bad = [
        (field, value, rule)
        for (name, field), value, rule in bad_cells()
        if name == table.name and field in table.by_name
    ]
    good = [
        (field, value)
        for (name, field), values in sound_values().items()
        if name == table.name and field in table.by_name
        for value in values
    ]
    told = {
        bad[i]
        for i, column, rule in cell_by_cell(table, [b[:2] for b in bad])
        if (column, rule) == (bad[i][0], bad[i][2])
    }
    wrongly = {good[i] for i, _, _ in cell_by_cell(table, good)}
    for field in table.fields:
        sound = [value for name, value in good if name == field.name and (name, value) not in wrongly]
        for m in field_mutants(field):
            if m.looser:
                killed = any(
                    name == field.name and rule == RULE[m.kind] and not _reported(m.field, [value])
                    for name, value, rule in told
                )
            else:
                killed = bool(_reported(m.field, sound))
            yield Outcome(m.kind, f"{table.name}.{field.name}: {m.what}", killed)


def _off_pattern(pattern: str, texts: Sequence[str]) -> set[str]:
    """Those of ``texts`` that are reported for their form alone."""
    field = replace(all_tables()["places"].by_name["place_id"], pattern=pattern)
    return {
        texts[v.index]
        for v in constraint_violations([field], frame_of([field], [{field.name: t} for t in texts]))
    }


def pattern_outcomes() -> Iterator[Outcome]:
    """Mutants of the patterns themselves, held against the texts that do and do not have their form."""
    for pattern in sorted({f.pattern for t in all_tables().values() for f in t.fields if f.pattern}):
        bad, good = forms("bad").get(pattern, []), forms("good").get(pattern, [])
        told, wrongly = _off_pattern(pattern, bad), _off_pattern(pattern, good)
        for mutant, looser in pattern_mutants(pattern):
            killed = (
                bool(told - _off_pattern(mutant, bad))
                if looser
                else bool(_off_pattern(mutant, good) - wrongly)
            )
            yield Outcome("part of a pattern", f"{pattern} as {mutant}", killed)


def repeated(table: Table, columns: tuple[str, ...], cells: tuple[str, ...]) -> Sheet:
    """Two rows with the same cells in ``columns`` that differ everywhere else."""
    same = dict(zip(columns, cells, strict=True))
    return text_sheet(table.fields, [{**sound_row(table.name), **same}, same])


def pair(table: Table, columns: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]) -> Sheet:
    """Two rows alike but for the cells in ``columns``."""
    row = sound_row(table.name)
    return text_sheet(
        table.fields, [{**row, **dict(zip(columns, cells, strict=True))} for cells in (first, second)]
    )


def _repeats_key(table: Table, sheet: Sheet, key: tuple[str, ...] | None) -> bool:
    """Whether the second row is reported for repeating the primary key."""
    # Only the columns of the key: the verdict on a key does not hang on others, and it is many times faster.
    fields = [f for f in table.fields if f.name in (key or ())] or list(table.fields[:1])
    found = constraint_violations(fields, sheet.frame.select([f.name for f in fields]), key=key or ())
    return any(v.rule == "primary-key" for v in found)


def _repeats_unique_key(table: Table, sheet: Sheet, key: tuple[str, ...] | None) -> bool:
    return any(unique_key_violations(replace(table, unique_keys=(key,) if key else ()), sheet.frame))


def key_outcomes(table: Table) -> Iterator[Outcome]:
    """Mutants of the primary key and of the unique keys of one table."""
    declared = [("primary key", "primary-key", table.primary_key, _repeats_key)]
    declared += [("unique key", "unique-key", key, _repeats_unique_key) for key in table.unique_keys]
    for kind, rule, key, repeats in declared:
        bad = [
            repeated(table, columns, cells)
            for name, columns, cells in bad_keys(rule)
            if (name, columns) == (table.name, key)
        ]
        good = [pair(table, *rest) for name, *rest in sound_keys() if (name, rest[0]) == (table.name, key)]
        for m in key_mutants(kind, key, other_columns(table, key)):
            sheets = bad if m.looser else good
            killed = any(
                repeats(table, s, key) is m.looser and repeats(table, s, m.key) is not m.looser
                for s in sheets
            )
            yield Outcome(kind, f"{table.name}({', '.join(key)}): {m.what}", killed)


def unique_outcomes(table: Table) -> Iterator[Outcome]:
    """Each column whose values may not repeat, allowed to."""
    for field in (f for f in table.fields if f.unique):
        twice = [
            text_sheet([field], [{field.name: cells[0]}] * 2)
            for name, columns, cells in bad_keys("unique")
            if (name, columns) == (table.name, (field.name,))
        ]
        killed = any(
            cell_faults([field], sheet) and not cell_faults([replace(field, unique=False)], sheet)
            for sheet in twice
        )
        yield Outcome("unique", f"{table.name}.{field.name}: dropped", killed)


def references(table: Table, columns: tuple[str, ...], cells: tuple[str, ...]) -> dict[str, Sheet]:
    """Three rows: the first refers to nothing, the second to a row that is there, the third to ``cells``,
    which are not.
    """
    key = next((k for k in table.foreign_keys if k.fields == columns), None)
    sheets = {k.table: text_sheet(all_tables()[k.table].fields, []) for k in table.foreign_keys}
    there = {c: sound_row(table.name)[c] for c in columns}
    target = dict(zip(key.reference, there.values(), strict=True)) if key else {}
    if key and key.table != table.name:
        sheets[key.table] = text_sheet(all_tables()[key.table].fields, [target])
        target = {}
    return sheets | {
        table.name: text_sheet(table.fields, [target, there, dict(zip(columns, cells, strict=True))])
    }


def reference_outcomes(table: Table) -> Iterator[Outcome]:
    """Each foreign key dropped."""
    for key in table.foreign_keys:
        killed = False
        for name, columns, cells in bad_keys("foreign-key"):
            if (name, columns) == (table.name, key.fields):
                sheets = references(table, columns, cells)
                others = replace(table, foreign_keys=tuple(k for k in table.foreign_keys if k != key))
                killed |= bool(foreign_key_faults(table, sheets) - foreign_key_faults(others, sheets))
        yield Outcome("foreign key", f"{table.name}({', '.join(key.fields)}) to {key.table}: dropped", killed)


def too_few_rows(table: Table, rows: int) -> bool:
    """Whether a table of so many rows is reported for its number of rows."""
    row = sound_row(table.name)
    if table.kind == "seed":
        problems: list[Problem] = []
        with TemporaryDirectory() as folder:
            (path := Path(folder) / "list.csv").write_bytes(
                to_csv(table.names, [[row[n] for n in table.names]] * rows)
            )
            read_list(path, table, problems)
        return any(p.rule == "min-rows" for p in problems)
    sheet = text_sheet(table.fields, [row] * rows)
    # The number of rows alone: constraints and rules are others' affair.
    with patch.multiple("scripts.pipeline.judging", _constraints=lambda *_: [], judge=lambda *_: Verdict()):
        found = validate_frames({table.name: table}, {table.name: sheet.frame})
    return any(v.rule == "min-rows" for _, v in found)


def min_rows_outcomes(table: Table) -> Iterator[Outcome]:
    """The number of rows needed, dropped and lowered by one."""
    counts = [int(cells[0]) for name, _, cells in bad_keys("min-rows") if name == table.name]
    for fewer in sorted({0, max(table.min_rows - 1, 0)}):
        killed = any(
            too_few_rows(table, n) and not too_few_rows(replace(table, min_rows=fewer), n) for n in counts
        )
        yield Outcome("minimum of rows", f"{table.name}: {table.min_rows} as {fewer}", killed)
