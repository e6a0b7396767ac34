"""The corpus of bad and sound values is judged as it says, and no mutant of the schemas or of the rules
survives it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scripts.model.tables import Table
from scripts.pipeline.build import Built
from scripts.store.frames import frame_of
from tests import schema_mutation
from tests.corpus import bad_cells, bad_keys, sound_keys, sound_values
from tests.judge import Finding, cell_faults, foreign_key_faults, unique_key_faults
from tests.mini import TABLES
from tests.schema_mutants import EQUIVALENT
from tests.schema_mutation import REPORT, report
from tests.schema_outcomes import (
    Outcome,
    all_tables,
    cell_by_cell,
    field_outcomes,
    min_rows_outcomes,
    pair,
    reference_outcomes,
    references,
    repeated,
    too_few_rows,
)

KEYS = (
    [("primary-key", *k) for k in bad_keys("primary-key")]
    + [("unique-key", *k) for k in bad_keys("unique-key")]
    + [("unique", *k) for k in bad_keys("unique")]
)


# Of the schemas and rules in ``make test``.
SHARE = 0.15


def outcomes(built: Built, part: float) -> list[Outcome]:
    """What becomes of every mutant of a share of the schemas and rules."""
    sound = {name: frame_of(table.fields, built.data[name]) for name, table in TABLES.items()}
    return schema_mutation.schema_outcomes(part) + schema_mutation.rule_outcomes(sound, part)


def survivors(tried: list[Outcome]) -> list[str]:
    return [f"{o.kind}: {o.name}" for o in tried if not o.killed]


@pytest.mark.parametrize("name", all_tables())
def test_a_bad_cell_breaks_its_rule_and_no_other(name: str) -> None:
    bad = [(field, value, rule) for (table, field), value, rule in bad_cells() if table == name]
    assert cell_by_cell(all_tables()[name], [b[:2] for b in bad]) == {
        Finding(i, field, rule) for i, (field, _, rule) in enumerate(bad)
    }


@pytest.mark.parametrize("name", all_tables())
def test_sound_values_are_not_reported(name: str) -> None:
    good = [
        (field, value)
        for (table, field), values in sound_values().items()
        if table == name
        for value in values
    ]
    assert {field for field, _ in good} == set(all_tables()[name].names)
    assert cell_by_cell(all_tables()[name], good) == set()


@pytest.mark.parametrize(
    ("rule", "name", "columns", "cells"), KEYS, ids=[f"{k[1]}-{'-'.join(k[2])}" for k in KEYS]
)
def test_a_key_that_stands_twice_is_reported_where_it_stands_again(
    rule: str, name: str, columns: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    table = all_tables()[name]
    sheet = repeated(table, columns, cells)
    found = cell_faults(table.fields, sheet, key=table.primary_key) | unique_key_faults(table, sheet)
    assert {f for f in found if f.rule in {"primary-key", "unique-key", "unique"}} == {
        Finding(1, ",".join(columns), rule)
    }


def test_keys_that_differ_in_one_part_may_stand_together() -> None:
    for name, columns, first, second in sound_keys():
        table = all_tables()[name]
        sheet = pair(table, columns, first, second)
        found = cell_faults(
            table.fields, sheet, key=columns if columns == table.primary_key else ()
        ) | unique_key_faults(table, sheet)
        assert {f for f in found if f.column == ",".join(columns)} == set(), (name, first, second)


def test_only_the_reference_to_nothing_is_reported() -> None:
    for name, columns, cells in bad_keys("foreign-key"):
        table = all_tables()[name]
        assert foreign_key_faults(table, references(table, columns, cells)) == {
            Finding(2, ",".join(columns), "foreign-key")
        }, (name, columns)


def test_too_few_rows_are_reported_and_enough_are_not() -> None:
    for name, _, cells in bad_keys("min-rows"):
        table = all_tables()[name]
        assert too_few_rows(table, int(cells[0])) and not too_few_rows(table, table.min_rows), name


def test_no_mutant_of_a_share_survives(mini_built: Built) -> None:
    tried = outcomes(mini_built, SHARE)
    assert survivors(tried) == []
    assert {o.kind for o in tried} == set(schema_mutation.KINDS)


@pytest.mark.slow
def test_no_mutant_survives_and_the_published_table_is_current(mini_built: Built) -> None:
    tried = outcomes(mini_built, 1)
    assert survivors(tried) == []
    assert REPORT.read_text("utf-8") == report(tried), "run: python -m tests.schema_mutation --write"


def _new_constraints() -> Iterator[tuple[str, Table]]:
    """Tables with a constraint that the corpus does not know."""
    parties = TABLES["parties"]
    for name, change in (
        ("acceded_on_from", {"required": True}),
        ("accession_order", {"maximum": 100}),
        ("role", {"enum": ("party", "lead_agency", "acceding", "observer")}),
        ("role", {"pattern": "[a-z_]+"}),
    ):
        yield (
            name,
            replace(
                parties, fields=tuple(replace(f, **change) if f.name == name else f for f in parties.fields)
            ),
        )


def test_a_constraint_without_a_fixture_is_a_survivor() -> None:
    for name, table in _new_constraints():
        assert [
            o.name for o in field_outcomes(table) if not o.killed and o.name.startswith(f"parties.{name}: ")
        ], name
    fewer = replace(TABLES["parties"], min_rows=5)
    assert not all(o.killed for o in min_rows_outcomes(fewer))
    more_keys = replace(
        TABLES["parties"],
        foreign_keys=(
            *TABLES["parties"].foreign_keys,
            replace(TABLES["places"].foreign_keys[0], fields=("role",)),
        ),
    )
    assert not all(o.killed for o in reference_outcomes(more_keys))


@pytest.mark.parametrize("mutant", EQUIVALENT)
def test_mutants_left_out_say_the_same_as_the_pattern(mutant: str) -> None:
    texts = ["".join(t) for n in range(7) for t in itertools.product("a0A-", repeat=n)]
    assert [
        t for t in texts if bool(re.fullmatch(mutant, t)) != bool(re.fullmatch(EQUIVALENT[mutant], t))
    ] == []
