"""Lists that people write, one CSV each, read against their declaration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.constraints.violations import own_violations
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, shown
from scripts.model.seeds import Record
from scripts.model.tables import Field, Table
from scripts.store import spreadsheet
from scripts.store.csvfile import Row, read_rows
from scripts.store.files import read_inside
from scripts.store.frames import frame_of


def checked_rows(rows: list[Row], table: Table, file: str, problems: list[Problem]) -> list[Record]:
    """Hold rows that passed the reader against the constraints and keys of ``table``, and return them as
    records; faults go to ``problems``.
    """
    whole = [r for r in rows if len(r.values) == len(r.text)]
    for v in own_violations(table, frame_of(table.fields, [r.values for r in whole])):
        problems.append(v.problem(lambda i, _: (file, whole[i].line if i >= 0 else 0)))
    return [{**r.values, "_line": r.line} for r in whole]


def read_typed(
    path: Path,
    file: str,
    fields: Sequence[Field],
    problems: list[Problem],
    *,
    exact: bool,
    needed: Sequence[str] = (),
) -> list[Row]:
    """Read the rows of a file that people write, often with a spreadsheet: what that did to it has one
    remedy.
    """
    data = read_inside(path, path.parent, file)
    if spoilt := spreadsheet.fault(data):
        problems.append(Problem(file, 1, "", spoilt, f"run python -m scripts format {file}", "bytes"))
        return []
    return read_rows(data, file, fields, problems, exact=exact, needed=needed)


def read_list(path: Path, table: Table, problems: list[Problem]) -> list[Record]:
    """Return the records of a hand-written list with exactly the columns of ``table``, each with its
    ``_line``; faults go to ``problems``.
    """
    file = shown(path, ROOT)
    rows = read_typed(path, file, table.fields, problems, exact=True)
    records = checked_rows(rows, table, file, problems)
    if len(rows) < table.min_rows and not any(p.file == file for p in problems):
        message = f"the table has {len(rows)} rows, it needs {table.min_rows}"
        problems.append(Problem(file, 0, "", message, "add rows or restore them", "min-rows"))
    return records
