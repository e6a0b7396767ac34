"""A large CSV read in blocks: the same rows and faults as cell by cell, however it is cut."""

from __future__ import annotations

from unittest.mock import patch

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.model.problems import Problem
from scripts.store import block_reader as large
from scripts.store.csvfile import read_rows, write_rows
from scripts.store.frames import frame_of
from tests.mini import TABLES

FIELDS = TABLES["exchange_rates"].fields
CELLS = {
    "string": ["a", "한국", "a,b", 'say "x"', " a", "", "two\nlines", "#1", "=1", "\u00a0b", "가"],
    "integer": ["0", "12", "-0", "-3", "007", "1.0", "", "99999999999999999999", "+1"],
    "number": ["1.25", "1250", "1e-07", "1e-7", "0.1", "1.0", "nan", "inf", "1e999", "", "-0"],
    "boolean": ["true", "false", "True", "1", ""],
    "date": ["2025-03-04", "2025-02-30", "0000-01-01", "0001-01-01", "2025-3-4", "", "2025-03-04T00:00:00"],
}


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file with the table's columns in which cells, quotes and shapes are more or less right."""
    fields = TABLES[draw(st.sampled_from(["exchange_rates", "funding_parties", "sources", "funding"]))].fields
    lines = [",".join(f.name for f in fields)]
    for _ in range(draw(st.integers(0, 8))):
        cells = [draw(st.sampled_from(CELLS[f.type])) for f in fields]
        quoted = [
            '"' + c.replace('"', '""') + '"' if set(c) & set(',"\n') or draw(st.integers(0, 40)) == 0 else c
            for c in cells
        ]
        line = ",".join(quoted)
        match draw(st.integers(0, 30)):
            case 0:
                line += ",more"
            case 1:
                line = line.rpartition(",")[0]
            case 2:
                line = ""
            case 3:
                line = line.replace(",", ',"two\nlines"', 1)
            case 4:
                line += '"'
            case 5 | 6 | 7:
                # Inside a cell it opens nothing, so that quotes cannot be counted to find out where a record
                # ends.
                line = line.replace(",", '",', 1)
        lines.append(line)
    return ("\n".join(lines) + "\n").encode(), fields


@given(files(), st.sampled_from([40, 150, 10_000]))
@settings(max_examples=250, deadline=None, derandomize=True)
def test_blocks_find_what_cells_do(drawn, size: int) -> None:
    data, fields = drawn
    one: list[Problem] = []
    rows = read_rows(data, "f.csv", fields, one, exact=True)
    with patch.object(large, "BLOCK", size):
        found = large.read_large(data, "f.csv", fields)
    assert sorted(one) == sorted(found.problems)
    whole = [r for r in rows if len(r.values) == len(r.text)]
    frame = pl.concat([frame_of(fields, []), *found.frames])
    assert frame.equals(frame_of(fields, [r.values for r in whole]))
    assert [n for lines in found.lines for n in lines] == [r.line for r in whole]
    if not one:
        assert bool(found.noncanonical) == (write_rows(fields, [r.values for r in rows]) != data)
