"""The pandera schemas of the tables, for both backends: the committed tables keep them, and on good and bad
rows they find the very cells that the validator's own pass finds.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, Literal

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from scripts.constraints.violations import constraint_violations, unique_key_violations
from scripts.model.paths import ROOT
from scripts.model.tables import Field, Table
from scripts.store.frames import frame_of
from scripts.techpacts.constraints import ARROW_TYPE
from scripts.techpacts.pandera_schemas import pandera_schema
from tests.corpus import sound_row
from tests.judge import text_sheet
from tests.mini import TABLES
from tests.related import budget

Backend = Literal["pandas", "polars"]
BACKENDS: tuple[Backend, ...] = ("pandas", "polars")
# Row, columns, check.
Found = set[tuple[int, str, str]]
Rows = list[dict[str, Any]]
# Between them every type, every check and every kind of key.
DRAWN = ("countries", "domains", "events", "exchange_rates", "funding", "parties", "provisions", "statistics")
WILD: dict[str, list[Any]] = {
    "string": [None, "", "x", "KOR", "Korea\n", " a", "한국", "2025-03-04", "a" * 90, "USD", "usd"],
    "integer": [None, 0, -1, 1, 1700, 2025, 2200, 2**63 - 1],
    "number": [None, 0.0, -0.5, 1e-7, float("nan"), float("inf"), float("-inf"), 1e300],
    "boolean": [None, True, False],
    "date": [None, dt.date(1, 1, 1), dt.date(2025, 3, 4), dt.date(9999, 12, 31)],
}


def in_pandas(frame: pl.DataFrame, table: Table) -> pd.DataFrame:
    """The frame as ``techpacts.load`` would give it."""
    schema = pa.schema([(f.name, ARROW_TYPE[f.type]) for f in table.fields])
    return frame.to_arrow().cast(schema).to_pandas(types_mapper=pd.ArrowDtype)


def given_to(backend: Backend, frame: pl.DataFrame, table: Table) -> Any:
    return frame if backend == "polars" else in_pandas(frame, table)


def by_validator(table: Table, frame: pl.DataFrame) -> Found:
    found = constraint_violations(table.fields, frame, key=table.primary_key)
    return {(v.index, v.column, v.rule) for v in [*found, *unique_key_violations(table, frame)]}


@cache
def schema_of(name: str, backend: Backend) -> Any:
    return pandera_schema(TABLES[name], backend)


def by_pandera(table: Table, frame: pl.DataFrame, backend: Backend) -> Found:
    """What pandera finds, in the words of the validator."""
    try:
        schema_of(table.name, backend).validate(given_to(backend, frame, table), lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        rows = cases.to_dict("records") if backend == "pandas" else cases.to_dicts()
    else:
        rows = []
    key = table.primary_key
    # pandera names every row that shares a key, and takes empty cells for values; such a row is reported for
    # its empty cell anyway.
    first = {cells: i for i, cells in reversed(list(enumerate(frame.select(key).rows())))}
    found: Found = set()
    for row in rows:
        index, column, check = int(row["index"]), row["column"], row["check"]
        if check == "multiple_fields_uniqueness":
            cells = frame.select(key).row(index)
            if None not in cells and first[cells] != index:
                found.add((index, ",".join(key), "primary-key"))
        elif check.startswith("unique-key("):
            found.add((index, check[len("unique-key(") : -1].replace(", ", ","), "unique-key"))
        elif check != "not_nullable":
            found.add((index, column, check))
        elif frame[column][index] is None:
            # For polars pandera takes what is not a number for an empty cell as well.
            found.add((index, column, "required"))
    return found


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_the_committed_tables_keep_their_schemas(table: Table, backend: Backend) -> None:
    rows = pq.read_table(ROOT / f"data/{table.name}.parquet")
    frame = (
        pl.DataFrame(pl.from_arrow(rows))
        if backend == "polars"
        else rows.to_pandas(types_mapper=pd.ArrowDtype)
    )
    assert len(pandera_schema(table, backend).validate(frame, lazy=True)) == rows.num_rows


# --- the same cells


def _typical(table: Table, number: int) -> dict[str, Any]:
    """A sound row, typed; its id and names are its own."""
    row = text_sheet(table.fields, [sound_row(table.name)]).frame.row(0, named=True)
    own = {n for key in table.unique_keys for n in key} | {f.name for f in table.fields if f.unique}
    for f in table.fields:
        free = f.type == "string" and not f.enum and row[f.name] is not None
        if free and (f.name in own or f.name in table.primary_key) and number:
            row[f.name] = f"{row[f.name]}{number}" if not f.pattern or "{" not in f.pattern else row[f.name]
    return row


@st.composite
def tables_with_faults(draw: st.DrawFn) -> tuple[Table, pl.DataFrame]:
    """Rows of a table in which cells are replaced and rows or keys repeated."""
    table = TABLES[draw(st.sampled_from(DRAWN))]
    rows = [_typical(table, i) for i in range(draw(st.integers(0, 5)))]
    for i, row in enumerate(rows):
        if i and draw(st.booleans()):
            keys = [table.primary_key, *table.unique_keys, table.names]
            keys += [(f.name,) for f in table.fields if f.unique]
            earlier = rows[draw(st.integers(0, i - 1))]
            row |= {n: earlier[n] for n in draw(st.sampled_from(keys))}
        for f in draw(st.lists(st.sampled_from(table.fields), max_size=3)):
            row[f.name] = draw(_cell(f))
    return table, frame_of(table.fields, rows)


def _cell(f: Field) -> st.SearchStrategy[Any]:
    near = [v for v in (f.minimum, f.maximum) if v is not None]
    near += [v + d for v in near for d in (-1, 1)]
    return st.sampled_from([*WILD[f.type], *near, *(f.enum or ())])


@pytest.mark.drawn
def test_both_backends_find_the_cells_that_the_validator_finds() -> None:
    """And these are of every check: the comparison is not of nothing."""
    seen: set[str] = set()

    def example_of(name: str, one: dict[str, Any], other: dict[str, Any]) -> tuple[Table, pl.DataFrame]:
        row = _typical(TABLES[name], 0)
        return TABLES[name], frame_of(TABLES[name].fields, [row | one, row | other])

    @given(tables_with_faults())
    @example(example_of("exchange_rates", {"value": float("inf")}, {"value": -1.0}))
    @example(example_of("countries", {}, {"country_code": "PRK"}))
    @example(example_of("provisions", {}, {"provision_id": "another"}))
    @example(example_of("statistics", {"period_to": 2101}, {"vintage": None}))
    @budget(60)
    def compared(drawn: tuple[Table, pl.DataFrame]) -> None:
        wanted = by_validator(*drawn)
        seen.update(check for _, _, check in wanted)
        for backend in BACKENDS:
            assert by_pandera(*drawn, backend) == wanted, backend

    compared()
    assert seen == {
        "enum", "pattern", "finite", "minimum", "maximum", "required", "unique", "primary-key", "unique-key",
    }  # fmt: skip


# --- one fault of each kind

PLANTED: list[tuple[str, str, dict[str, Any], str]] = [
    ("enum", "funding", {"bound": "at_most"}, "bound"),
    ("pattern", "funding", {"currency": "USD\n"}, "currency"),
    ("pattern", "funding", {"currency": "USDX"}, "currency"),
    ("finite", "exchange_rates", {"value": float("inf")}, "value"),
    ("finite", "exchange_rates", {"value": float("nan")}, "value"),
    ("minimum", "exchange_rates", {"value": -0.5}, "value"),
    ("maximum", "statistics", {"period_to": 2101}, "period_to"),
    ("required", "funding", {"amount": None}, "amount"),
    ("unique", "countries", {"country_code": "PRK"}, "alpha_2"),
    ("unique-key", "provisions", {"provision_id": "another"}, "agreement_id,number"),
    ("primary-key", "domains", {"name_en": "Another", "name_ko": "다른 것"}, "domain_id"),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("check", "name", "cells", "column"), PLANTED)
def test_a_planted_fault_is_found(
    check: str, name: str, cells: dict[str, Any], column: str, backend: Backend
) -> None:
    table = TABLES[name]
    row = _typical(table, 0)
    assert by_pandera(table, frame_of(table.fields, [row]), backend) == set()
    frame = frame_of(
        table.fields, [row, row | cells] if check.startswith(("unique", "primary")) else [row | cells]
    )
    assert by_pandera(table, frame, backend) == {(frame.height - 1, column, check)}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop("amount"), "column_in_dataframe"),
        (lambda f: f.with_columns(more=pl.lit("x")), "column_in_schema"),
        (lambda f: f.select(f.columns[::-1]), "column_ordered"),
        (lambda f: f.with_columns(pl.col("amount").cast(pl.Float64)), "dtype"),
        (lambda f: f.with_columns(pl.col("announced_on_from").cast(pl.String)), "dtype"),
        (lambda f: f.with_columns(pl.col("under_agreement").cast(pl.String)), "dtype"),
    ],
    ids=["missing", "extra", "order", "number", "date", "boolean"],
)
def test_other_columns_and_types_are_refused(change: Any, said: str, backend: Backend) -> None:
    table = TABLES["funding"]
    frame = change(frame_of(table.fields, [_typical(table, 0)]))
    if backend == "pandas":
        frame = frame.to_arrow()
        text = [f.with_type(pa.string()) if f.type == pa.large_string() else f for f in frame.schema]
        frame = frame.cast(pa.schema(text)).to_pandas(types_mapper=pd.ArrowDtype)
    with pytest.raises(SchemaErrors) as errors:
        pandera_schema(table, backend).validate(frame, lazy=True)
    assert any(str(check).startswith(said) for check in errors.value.failure_cases["check"])


def test_pandas_with_other_strings_than_those_of_load_is_refused() -> None:
    table = TABLES["places"]
    frame = frame_of(table.fields, [_typical(table, 0)]).to_pandas()
    with pytest.raises(SchemaErrors):
        pandera_schema(table, "pandas").validate(frame, lazy=True)


def test_a_lazy_frame_is_refused() -> None:
    """pandera would accept it whatever its cells are."""
    table = TABLES["funding"]
    bad = frame_of(table.fields, [_typical(table, 0) | {"bound": "at_most"}])
    schema = pandera_schema(table, "polars")
    with pytest.raises(TypeError, match=r"validate frame\.collect\(\)"):
        schema.validate(bad.lazy())
    with pytest.raises(SchemaErrors):
        schema.validate(bad.lazy().collect(), lazy=True)


@pytest.mark.parametrize("backend", BACKENDS)
def test_columns_and_checks_are_named_and_described(backend: Backend) -> None:
    table = TABLES["funding"]
    schema = pandera_schema(table, backend)
    assert (schema.name, schema.title, schema.description) == (table.name, table.title, table.description)
    assert [(c.title, c.description) for c in schema.columns.values()] == [
        (f.title, f.description) for f in table.fields
    ]
    described = {c.name: c.description for c in schema.columns["bound"].checks}
    assert described == {"enum": f"bound is one of: {', '.join(table.by_name['bound'].enum or ())}"}
    assert [c.description for c in schema.columns["currency"].checks] == [
        f"the whole of currency matches {table.by_name['currency'].pattern}"
    ]
    provisions = pandera_schema(TABLES["provisions"], backend)
    assert [(c.name, c.description) for c in provisions.checks] == [
        (
            "unique-key(agreement_id, number)",
            "no two rows have the same agreement_id, number; an empty cell equals no other",
        )
    ]
