"""Tables of text cells: read, changed in a cell, a row or a column, written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


def to_csv(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, quoting: int = csv.QUOTE_MINIMAL
) -> bytes:
    """Write cells as they are, in the form of the package (UTF-8, LF)."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=quoting).writerows([header, *rows])
    return out.getvalue().encode("utf-8")


@dataclass(frozen=True)
class Csv:
    """A CSV as text cells. No cell of the sound files has a line break, so row ``i`` is line ``i + 2``."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, data: bytes) -> Csv:
        """Read the cells of a file."""
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
        return cls(tuple(header), tuple(map(tuple, rows)))

    def to_bytes(self) -> bytes:
        """Return the file that has these cells."""
        return to_csv(self.header, self.rows)

    def cell(self, row: int, column: str) -> str:
        """Return the text of a cell."""
        return self.rows[row][self.header.index(column)]

    def find(self, **cells: str) -> int:
        """Return the first row with these cells; there must be one."""
        return next(i for i in range(len(self.rows)) if all(self.cell(i, k) == v for k, v in cells.items()))

    def put(self, row: int, column: str, text: str) -> Csv:
        """Put another text in one cell."""
        at = self.header.index(column)
        changed = (*self.rows[row][:at], text, *self.rows[row][at + 1 :])
        return replace(self, rows=(*self.rows[:row], changed, *self.rows[row + 1 :]))

    def drop(self, row: int) -> Csv:
        """Remove a row."""
        return replace(self, rows=self.rows[:row] + self.rows[row + 1 :])

    def insert(self, row: int, cells: tuple[str, ...]) -> Csv:
        """Insert a row before row ``row``; it may have any number of cells."""
        return replace(self, rows=(*self.rows[:row], cells, *self.rows[row:]))

    def order(self, rows: Sequence[int]) -> Csv:
        """Put the rows in another order, some left out or repeated."""
        return replace(self, rows=tuple(self.rows[i] for i in rows))

    def columns(self, order: Sequence[int]) -> Csv:
        """Put the columns in another order, some left out or repeated."""
        return Csv(
            tuple(self.header[i] for i in order), tuple(tuple(row[i] for i in order) for row in self.rows)
        )

    def rename(self, column: str, name: str) -> Csv:
        """Give a column another name, its cells as they are."""
        return replace(self, header=tuple(name if h == column else h for h in self.header))

    def append(self, column: str, text: str = "") -> Csv:
        """Add a column at the end, with the same text in every row."""
        return Csv((*self.header, column), tuple((*row, text) for row in self.rows))
