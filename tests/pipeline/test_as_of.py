"""What a package as of an earlier day leaves out: what constraints, references and rules report."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.pipeline.build import Built
from scripts.pipeline.gaps import hidden
from scripts.store.frames import frame_of
from scripts.validation.rules.registry import all_rules
from tests.mini import PACT, TABLES
from tests.oracles import plain_gaps

FACTS = {name: table for name, table in TABLES.items() if table.kind == "fact"}
LISTS = [t.name for t in TABLES.values() if t.kind in {"vocabulary", "provenance"} and t.name != "evidence"]


# Each alone of its day.
DAY, OTHER_DAY = dt.date(2025, 3, 4), dt.date(2025, 3, 5)
Rows = dict[str, list[Record]]


def facts_of(built: Built) -> Rows:
    """The facts of a package as sources give them: the typed cells."""
    return {
        name: [{f.name: row[f.name] for f in table.typed} for row in built.data[name]]
        for name, table in FACTS.items()
    }


def hide(rows: Rows, built: Built) -> None:
    """Remove what is not shown on a day that has these rows; what another day has does not matter."""
    days = ((DAY, rows), (OTHER_DAY, facts_of(built)))
    daily = {
        name: [(key_of(table, row), day, row) for day, there in days for row in there[name]]
        for name, table in FACTS.items()
    }
    gone = hidden(daily, {name: built.data[name] for name in LISTS}, TABLES)
    assert {day for on in (*gone.rows.values(), *gone.cells.values()) for day in on} <= {DAY}
    for name, table in FACTS.items():
        rows[name] = [r for r in rows[name] if (name, key_of(table, r)) not in gone.rows]
        for row in rows[name]:
            row.update({c: None for c in row if (name, key_of(table, row), c) in gone.cells})


def cells(rows: Rows) -> set[tuple[str, str, str, Any]]:
    """The filled cells."""
    return {
        (name, key_of(FACTS[name], row), column, value)
        for name, given in rows.items()
        for row in given
        for column, value in row.items()
        if value is not None
    }


def plainly_hidden(given: Rows, built: Built) -> set[tuple[str, str, str, Any]]:
    """The filled cells that the plain implementation leaves."""
    rows, lists = deepcopy(given), {name: built.data[name] for name in LISTS}
    while gaps := set(plain_gaps(rows, lists, TABLES)):
        for name, row_id, column in gaps:
            if column is None:
                rows[name] = [r for r in rows[name] if key_of(FACTS[name], r) != row_id]
            for row in rows[name]:
                if column and key_of(FACTS[name], row) == row_id:
                    row[column] = None
    return cells(rows)


@given(data=st.data())
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_hidden_is_what_leans_on_what_is_missing(mini_built: Built, data: st.DataObject) -> None:
    """Whatever cells and rows no source supports yet: as plainly as can be, and nothing else goes."""
    rows = facts_of(mini_built)
    places = [(name, i) for name, given in rows.items() for i in range(len(given))]
    for name, i in data.draw(st.lists(st.sampled_from(places), max_size=4, unique=True)):
        row = rows[name][i]
        columns = [f.name for f in FACTS[name].claimed if f.name not in FACTS[name].primary_key]
        column = data.draw(st.sampled_from([None, *columns]))
        if column:
            row[column] = None
        else:
            row["gone"] = True
    rows = {n: [r for r in given if "gone" not in r] for n, given in rows.items()}
    before, wanted = cells(rows), plainly_hidden(rows, mini_built)
    hide(rows, mini_built)
    left = cells(rows)
    assert left == wanted and left <= before
    # What is left leans on nothing missing, so a second look finds nothing.
    hide(rows, mini_built)
    assert cells(rows) == left


def test_a_sound_package_hides_nothing(mini_built: Built) -> None:
    rows = facts_of(mini_built)
    before = cells(rows)
    hide(rows, mini_built)
    assert cells(rows) == before


# What breaks each rule that says what is left out, and what then is: a row, or a cell of it.
BROKEN = {
    "at_least_two_parties": ("parties", {"organization_id": "gov-kor"}, None, ("agreements", PACT, None)),
    "effect_needs_agreement": ("events", {"event_id": "pact-signing"}, "agreement_id",
                               ("events", "pact-signing", None)),
    "own_money_names_agreement": ("funding", {"funding_id": "pact-money"}, "agreement_id",
                                  ("funding", "pact-money", None)),
    "sum_has_an_occasion": ("funding", {"funding_id": "pact-pounds"}, "agreement_id",
                            ("funding", "pact-pounds", None)),
    "signed_on_is_an_event": ("events", {"event_id": "pact-signing"}, None,
                              ("agreements", PACT, "signed_on")),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_rule_reports_is_left_out(mini_built: Built, name: str) -> None:
    rows = facts_of(mini_built)
    table, cells_of, column, (where, row_id, emptied) = BROKEN[name]
    broken = next(r for r in rows[table] if all(r[k] == v for k, v in cells_of.items()))
    if column:
        broken[column] = None
    else:
        rows[table].remove(broken)
    rule = next(r for r in all_rules() if r.name == name)
    frames = {n: frame_of(t.typed, rows[n]) for n, t in FACTS.items()}
    assert [f.table for f in rule(frames)] == [where]
    hide(rows, mini_built)
    row = next((r for r in rows[where] if key_of(FACTS[where], r) == row_id), None)
    assert row is None if emptied is None else row is not None and row[emptied] is None


def test_every_rule_that_hides_something_is_tried_and_reads_typed_columns_only(mini_built: Built) -> None:
    hiding = [rule for rule in all_rules() if rule.as_of]
    assert {rule.name for rule in hiding} == set(BROKEN)
    typed = {n: frame_of(t.typed, mini_built.data[n]) for n, t in TABLES.items()}
    for rule in hiding:
        assert rule.reads <= FACTS.keys() and not rule.each and rule(typed) == []
