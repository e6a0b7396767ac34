"""Reads the CSV and the Parquet of a table together, fast: where both say the same, nothing is parsed twice.

The typed rows come from the Parquet, a piece at a time; each piece is written as CSV again and must be, byte
for byte, the next one of the CSV. That proves in one comparison that every cell of the CSV is in canonical
form, every row has its shape, and both files hold the same. Whatever leaves room for doubt ends the reading
(``Doubt``); the strict reader (``block_reader``) then says what is wrong and where.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.tables import Table
from scripts.model.values import SUSPECT, text_fault
from scripts.store.frames import distinct, in_order, text_of
from scripts.store.parquet import arrow_schema

# Rows that are held at once while a table is read.
PIECE = 1_000_000
# Bytes of a CSV that are compared at once.
AT_ONCE = 1 << 19
# A pattern of this kind lets through only texts that begin with a letter or digit and hold plain characters
# alone.
PLAIN_PATTERN = re.compile(
    r"\[(?:[a-zA-Z0-9]-[a-zA-Z0-9]|[a-zA-Z0-9_])+\](?:[+\[({][a-zA-Z0-9\[\](){}?:*+,/_-]*)?"
)
# No date of ours leaves the range that Python can hold and four digits can write.
FIRST_DAY, LAST_DAY = dt.date(1, 1, 1), dt.date(9999, 12, 31)


class Doubt(Exception):
    """The two files are not certainly sound and the same; nothing is said yet about what is wrong."""


class Digest:
    """SHA-256 of bytes as they pass, computed beside the work on them in ``pool``, which has one thread."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.size = 0
        self._pool, self._hash = pool, hashlib.sha256()

    def add(self, data: bytes) -> None:
        """Add bytes; they must not change afterwards."""
        self.size += len(data)
        self._pool.submit(self._hash.update, data)

    def hex(self) -> str:
        """Return the digest of all that was added; waits for what is still being computed."""
        return self._pool.submit(self._hash.hexdigest).result()


def same_types(found: pa.Schema, table: Table) -> bool:
    """Return whether a Parquet file has exactly the declared columns, types and required cells."""
    wanted = arrow_schema(table)
    return [(f.name, f.type, f.nullable) for f in found] == [(f.name, f.type, f.nullable) for f in wanted]


def _searched(table: Table) -> list[str]:
    """Return the columns of text whose cells have to be searched for faults; the constraints of the others
    let only plain characters pass.
    """
    return [
        f.name
        for f in table.fields
        if f.type == "string" and not f.enum and not (f.pattern and PLAIN_PATTERN.fullmatch(f.pattern))
    ]


def _plain(frame: pl.DataFrame, table: Table) -> bool:
    """Return whether every cell is such that its canonical CSV form can be read back as the same cell."""
    cells = {name: distinct(frame[name]) for name in _searched(table)}
    suspect = [pl.lit(c).str.contains(SUSPECT).any() for c in cells.values()]
    empty = [(pl.col(f.name).str.len_bytes() == 0).any() for f in table.fields if f.type == "string"]
    dates = [
        (~pl.col(f.name).is_between(FIRST_DAY, LAST_DAY)).any() for f in table.fields if f.type == "date"
    ]
    numbers = [(~pl.col(f.name).is_finite()).any() for f in table.fields if f.type == "number"]
    found = frame.select(e.alias(str(i)) for i, e in enumerate(suspect + empty + dates + numbers)).row(0)
    suspects = [c for c, is_suspect in zip(cells.values(), found, strict=False) if is_suspect]
    return not any(found[len(suspect) :]) and not any(
        text_fault(cell) for c in suspects for cell in c.filter(c.str.contains(SUSPECT))
    )


class _Following:
    """A file to write to that keeps nothing, but compares what is written with what comes next in a file."""

    def __init__(self, text: io.BufferedIOBase, digest: Digest) -> None:
        self.text, self.digest, self.same = text, digest, True
        # One small buffer for all of it, which stays in the processor's cache.
        self.buffer = bytearray(AT_ONCE)

    def write(self, data: bytes) -> int:
        """Compare ``data`` with as many bytes of the file, and add them to the digest."""
        there, wanted = pa.py_buffer(self.buffer), pa.py_buffer(data)
        for start in range(0, len(data), AT_ONCE) if self.same else ():
            part = wanted[start : start + AT_ONCE]
            read = self.text.readinto(memoryview(self.buffer)[: part.size])
            self.same = self.same and read == part.size and there[:read].equals(part)
        if self.same:
            self.digest.add(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is nothing to keep."""


def _comes_next(frame: pl.DataFrame, table: Table, text: _Following) -> bool:
    """Return whether the rows, as CSV, come next in a file.

    polars writes what ``csvfile.write_rows`` does, numbers apart.
    """
    numbers = [text_of(f) for f in table.fields if f.type == "number"]
    (frame.with_columns(numbers) if numbers else frame).write_csv(text, include_header=False)  # type: ignore[call-overload]
    return text.same


def read_pair(csv: Path, parquet: Path, table: Table, digest: Digest) -> Iterator[pl.DataFrame]:
    """Yield the typed rows of a table in frames of ``PIECE`` rows; the bytes of the CSV go into ``digest``.

    Raises Doubt where the files differ, or are not both in canonical form, or the rows are not in order of
    their key (and so, perhaps, not unique).
    """
    try:
        with csv.open("rb") as text, pq.ParquetFile(parquet) as typed:
            if not same_types(typed.schema_arrow, table):
                raise Doubt
            following = _Following(text, digest)
            following.write((",".join(table.names) + "\n").encode())
            before: pl.DataFrame | None = None
            rows = pl.scan_parquet(parquet)
            for start in range(0, typed.metadata.num_rows, PIECE):
                frame = rows.slice(start, PIECE).collect()
                if not (
                    following.same
                    and _plain(frame, table)
                    and in_order(frame, table, before)
                    and _comes_next(frame, table, following)
                ):
                    raise Doubt
                yield frame
                before = frame
            if not following.same or text.read(1):
                raise Doubt
    except (OSError, pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise Doubt from None
