"""CSV in and out: one strict reader for seeds and data, one writer for everything.

The reader reports every fault of the bytes and of the shape; the writer gives the same bytes on every
machine.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from scripts.model.problems import Problem, brief
from scripts.model.tables import Field, Table
from scripts.model.values import Value, format_value, parse
from scripts.techpacts.nearest import did_you_mean

# So many faults of one kind in one header are reported one by one.
MANY = 50
# Larger than any cell that belongs in this dataset; keeps a stray quote from swallowing a whole file
# silently.
MAX_CELL = 100_000
MAX_LINE = 1_000_000


@dataclass
class Row:
    """One record: its line in the file, its cells as text, and as values where they are well-formed."""

    line: int
    text: dict[str, str]
    values: dict[str, Value] = field(default_factory=dict)


def blocks(data: bytes, size: int, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield where ``data`` from ``start`` on can be cut into pieces of whole lines of about ``size`` bytes;
    a longer line is a piece of its own.
    """
    while start < len(data):
        end = data.rfind(b"\n", start, start + size) + 1 or data.find(b"\n", start) + 1 or len(data)
        yield start, end
        start = end


def sound_bytes(data: bytes, file: str, problems: list[Problem]) -> bool:
    """Tell whether the bytes may be those of a CSV here; what is wrong with them goes to ``problems``."""
    before = len(problems)

    def report(offset: int, message: str, fix: str) -> None:
        line = data.count(b"\n", 0, offset) + 1
        problems.append(Problem(file, line, "", message, fix, "bytes"))

    if data.startswith(b"\xef\xbb\xbf"):
        report(0, "the file starts with a byte order mark", "save it as UTF-8 without BOM")
    if b"\0" in data:
        # What else is wrong with the bytes of UTF-16 follows from that.
        report(data.index(b"\0"), "there is a NUL byte", "save it as UTF-8 text")
        return False
    if b"\r" in data:
        report(data.index(b"\r"), "a line ends with a carriage return", "save it with line feeds (LF) only")
    for start, end in blocks(data, MAX_LINE):
        # Reported before memory is spent on it.
        if end - start > MAX_LINE:
            report(start, f"a line is longer than {MAX_LINE} bytes", "check its quotes and line ends")
            return False
        try:
            data[start:end].decode("utf-8")
        except UnicodeDecodeError as error:
            at = start + error.start
            report(at, f"byte 0x{data[at]:02x} is not UTF-8", "save the file as UTF-8")
            return False
    if data and not data.endswith(b"\n"):
        report(len(data), "the last line is cut off", "end it with a line feed")
    return len(problems) == before


@dataclass
class Lines:
    """Iterate over the lines of a file as text; ``at`` is where in ``data`` the next one starts, ``number``
    its number.

    The reader of CSV takes no more lines than its record has, so that both stand where the next record
    begins.
    """

    data: bytes
    at: int = 0
    number: int = 1

    def __iter__(self) -> Iterator[str]:
        while self.at < len(self.data):
            start, self.at = self.at, self.data.find(b"\n", self.at) + 1 or len(self.data)
            self.number += 1
            yield self.data[start : self.at].decode("utf-8")


def _records(lines: Lines, file: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield records with the line on which each starts, up to the first that is not CSV, which goes to
    ``problems``.
    """
    csv.field_size_limit(MAX_CELL)
    start = lines.number
    try:
        for record in csv.reader(iter(lines), strict=True):
            yield start, record
            start = lines.number
    except csv.Error as error:
        problems.append(Problem(file, start, "", f"the line is not CSV ({error})", "check its quotes", "csv"))


def sound_header(
    header: list[str],
    file: str,
    fields: Sequence[Field],
    problems: list[Problem],
    *,
    exact: bool,
    needed: Iterable[str] = (),
) -> bool:
    """Tell whether a header has the columns it must have; what is wrong with it goes to ``problems``."""
    names, before = [f.name for f in fields], len(problems)

    def report(column: str, message: str, fix: str) -> None:
        problems.append(Problem(file, 1, column, message, fix, "header"))

    if not set(header) & set(names):
        report(
            "",
            "there is no header with the columns of this table" if header else "the file is empty",
            f"begin with a line of column names separated by commas, like {','.join(names[:3])}",
        )
        return False
    for name in sorted(n for n, times in Counter(header).items() if times > 1):
        report(name, "duplicate column", "keep one")
    unknown, free = sorted(set(header) - set(names)), set(names) - set(header)
    for name in unknown[:MANY]:
        fix = did_you_mean(name, free, "use one of " + ", ".join(names))
        report(name[:MANY], f"there is no column {brief(name)} in this table", fix)
    if len(unknown) > MANY:
        report("", f"{len(unknown) - MANY} more columns are not in this table", "remove them")
    for name in names if exact else needed:
        if name not in header:
            report(name, "the column is missing", "add it")
    if exact and len(problems) == before and header != names:
        report("", "the columns are in another order", "put them as " + ",".join(names))
    return len(problems) == before


def parse_cells(
    line: int, text: dict[str, str], file: str, by_name: dict[str, Field], problems: list[Problem]
) -> Row:
    """Return a record with its values; a malformed cell goes to ``problems`` and is left out."""
    row = Row(line, text)
    for name, cell in text.items():
        value, fault = parse(by_name[name], cell)
        if fault:
            problems.append(Problem(file, line, name, *fault, "lexical"))
        else:
            row.values[name] = value
    return row


def parse_records(
    lines: Lines, header: list[str], file: str, fields: Sequence[Field], problems: list[Problem]
) -> Iterator[Row]:
    """Yield the records of ``lines`` that have as many cells as the header; faults are appended to
    ``problems``.
    """
    by_name = {f.name: f for f in fields}
    for line, record in _records(lines, file, problems):
        if len(record) != len(header):
            got = f"{len(record)} cells" if record else "no cells"
            problems.append(
                Problem(
                    file,
                    line,
                    "",
                    f"the row has {got}, the header {len(header)}",
                    "give it one cell per column; quote cells that hold a comma",
                    "shape",
                )
            )
        else:
            yield parse_cells(line, dict(zip(header, record, strict=True)), file, by_name, problems)


def read_header(lines: Lines, file: str, problems: list[Problem]) -> list[str]:
    """Read the names in the first record."""
    return next((header for _, header in _records(lines, file, problems)), [])


def read_rows(
    data: bytes,
    file: str,
    fields: Sequence[Field],
    problems: list[Problem],
    *,
    exact: bool,
    needed: Iterable[str] = (),
) -> list[Row]:
    """Read the records of a CSV with header; faults are appended to ``problems``.

    ``exact``: the header is the field names in order (a data file). Otherwise any subset that holds
    ``needed`` (a coding sheet). Faulty cells are left out of ``Row.values``.
    """
    before = len(problems)
    if not sound_bytes(data, file, problems):
        return []
    lines = Lines(data)
    header = read_header(lines, file, problems)
    if len(problems) > before or not sound_header(header, file, fields, problems, exact=exact, needed=needed):
        return []
    return list(parse_records(lines, header, file, fields, problems))


def write_records(records: Iterable[Iterable[object]]) -> bytes:
    """Return a canonical CSV: UTF-8, line feeds, commas, quotes only where needed, None as empty cell."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(records)
    return out.getvalue().encode("utf-8")


def write_rows(fields: Sequence[Field], rows: Iterable[dict[str, Value]]) -> bytes:
    """Return rows as CSV, header first, missing as the empty cell."""
    cells = ([format_value(f, row.get(f.name)) for f in fields] for row in rows)
    return write_records(chain([[f.name for f in fields]], cells))


def sort_rows(table: Table, rows: Iterable[dict[str, Value]]) -> list[dict[str, Value]]:
    """Sort ``rows`` by primary key, compared as text by code point: no locale, no types."""
    fields = [table.by_name[n] for n in table.primary_key]
    return sorted(rows, key=lambda row: tuple(format_value(f, row.get(f.name)) for f in fields))
