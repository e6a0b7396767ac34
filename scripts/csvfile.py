"""CSV in and out: one strict reader for seeds and data, one writer for everything.

The reader reports every fault of the bytes and of the shape; the writer gives the same bytes on every machine.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.problems import CannotRun, Problem, brief
from scripts.tableschema import Field, Table
from scripts.values import Value, format_value, parse

# Of faults of one kind in one header so many are told one by one.
MANY = 50
# Larger than any cell that belongs in this dataset; keeps a stray quote from swallowing a whole file silently.
MAX_CELL = 100_000
MAX_LINE = 1_000_000


@dataclass
class Row:
    """One record: its line in the file, its cells as text, and as values where they are well-formed."""

    line: int
    text: dict[str, str]
    values: dict[str, Value] = field(default_factory=dict)


def _long_line(data: bytes) -> int:
    """Where a line begins that is longer than any of ours, -1 where none does: it is told before memory is spent on it."""
    start = 0
    while len(data) - start > MAX_LINE:
        end = data.rfind(b"\n", start, start + MAX_LINE + 1)
        if end < 0:
            return start
        start = end + 1
    return -1


def _decode(data: bytes, file: str, problems: list[Problem]) -> str | None:
    """The text of ``data``, or None where it is not what a CSV of ours may be."""
    before = len(problems)

    def line_of(offset: int) -> int:
        return data.count(b"\n", 0, offset) + 1

    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(file, 1, "", "the file starts with a byte order mark", "save it as UTF-8 without BOM", "bytes"))
    if b"\0" in data:
        # What else is wrong with the bytes of UTF-16 is no news.
        problems.append(Problem(file, line_of(data.index(b"\0")), "", "there is a NUL byte", "save it as UTF-8 text", "bytes"))
        return None
    if b"\r" in data:
        problems.append(Problem(file, line_of(data.index(b"\r")), "", "a line ends with a carriage return", "save it with line feeds (LF) only", "bytes"))
    if (long := _long_line(data)) >= 0:
        problems.append(Problem(file, line_of(long), "", f"a line is longer than {MAX_LINE} bytes", "check its quotes and line ends", "bytes"))
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(file, line_of(error.start), "", f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8", "bytes"))
        return None
    if data and not data.endswith(b"\n"):
        problems.append(Problem(file, line_of(len(data)), "", "the last line is cut off", "end it with a line feed", "bytes"))
    return text if len(problems) == before else None


def _records(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line on which each starts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for record in reader:
            yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, start, "", f"the line is not CSV ({error})", "check its quotes", "csv"))


def read_rows(data: bytes, file: str, fields: Sequence[Field], problems: list[Problem], *, exact: bool, needed: Iterable[str] = ()) -> list[Row]:
    """The records of a CSV with header, faults appended to ``problems``.

    ``exact``: the header is the field names in order (a data file). Otherwise any subset that holds
    ``needed`` (a coding sheet). Faulty cells are left out of ``Row.values``.
    """
    text = _decode(data, file, problems)
    if text is None:
        return []
    csv.field_size_limit(MAX_CELL)
    records = _records(text, file, problems)
    by_name = {f.name: f for f in fields}
    _, header = next(records, (1, []))
    before = len(problems)
    names = list(by_name)
    if not set(header) & set(by_name):
        problems.append(Problem(file, 1, "", "there is no header with the columns of this table" if header else "the file is empty", f"begin with a line of column names separated by commas, like {','.join(names[:3])}", "header"))
        return []
    for name in sorted(n for n, times in Counter(header).items() if times > 1):
        problems.append(Problem(file, 1, name, "the column stands twice", "keep one", "header"))
    unknown = sorted(set(header) - set(by_name))
    for name in unknown[:MANY]:
        problems.append(Problem(file, 1, name[:MANY], f"there is no column {brief(name)} in this table", "use one of " + ", ".join(names), "header"))
    if len(unknown) > MANY:
        problems.append(Problem(file, 1, "", f"{len(unknown) - MANY} more columns are not in this table", "take them out", "header"))
    for name in names if exact else needed:
        if name not in header:
            problems.append(Problem(file, 1, name, "the column is missing", "add it", "header"))
    if exact and len(problems) == before and header != names:
        problems.append(Problem(file, 1, "", "the columns are in another order", "put them as " + ",".join(names), "header"))
    if len(problems) > before:
        return []
    rows = []
    for line, record in records:
        if len(record) != len(header):
            got = f"{len(record)} cells" if record else "no cells"
            problems.append(Problem(file, line, "", f"the row has {got}, the header {len(header)}", "give it one cell per column; quote cells that hold a comma", "shape"))
            continue
        row = Row(line, dict(zip(header, record, strict=True)))
        for name, cell in row.text.items():
            value, fault = parse(by_name[name], cell)
            if fault:
                problems.append(Problem(file, line, name, *fault, "lexical"))
            else:
                row.values[name] = value
        rows.append(row)
    return rows


def read_file(path: Path) -> bytes:
    """The bytes of ``path``; CannotRun where it cannot be read or is no plain file (a pipe would never end)."""
    try:
        if path.exists() and not path.is_file():
            raise CannotRun(f"{path.name}: is no file")
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"{path.name}: cannot be read ({error.strerror})") from None


def write_rows(fields: Sequence[Field], rows: Iterable[dict[str, Value]]) -> bytes:
    """A CSV: UTF-8, LF, comma, quotes only where needed, header first, missing as the empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([f.name for f in fields])
    writer.writerows([format_value(f, row.get(f.name)) for f in fields] for row in rows)
    return out.getvalue().encode("utf-8")


def sort_rows(table: Table, rows: Iterable[dict[str, Value]]) -> list[dict[str, Value]]:
    """``rows`` by primary key, compared as text by code point: no locale, no types."""
    fields = [table.by_name[n] for n in table.primary_key]
    return sorted(rows, key=lambda row: tuple(format_value(f, row.get(f.name)) for f in fields))
