"""CSV as spreadsheets save it, brought into the form of the seeds: ``python -m scripts format FILE``.

Excel writes carriage returns, a byte order mark, semicolons or tabs, UTF-16, and in Korea CP949, as its menus
and the country of the machine have it. None of that changes a cell.
"""

from __future__ import annotations

import codecs
import csv
import io

from scripts.model.problems import BadData, Problem
from scripts.store.csvfile import MAX_CELL, write_records

DELIMITERS = (",", ";", "\t")


def _decoded(data: bytes) -> str | None:
    """Return the text of a file in one of the encodings that Excel writes; UTF-16 is known by its mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def canonical(data: bytes, file: str) -> bytes:
    """Return the same cells as UTF-8 with line feeds and commas, quoted only where needed. Raises BadData
    where it is not a table.
    """
    text = _decoded(data)
    if text is None or "\0" in text:
        raise BadData(
            [
                Problem(
                    file,
                    0,
                    "",
                    "it is neither UTF-8 nor UTF-16 nor CP949",
                    "save it from the spreadsheet as 'CSV UTF-8'",
                    "bytes",
                )
            ]
        )
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    csv.field_size_limit(MAX_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadData([Problem(file, 0, "", f"it is not CSV ({error})", "check its quotes", "csv")]) from None
    # A row of empty cells is what a spreadsheet writes below the last row that was ever touched.
    rows = [row for row in rows if any(row)]
    return write_records(rows)


def _is_cp949(data: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 are CP949: the letters beyond ASCII are more than one or two, and
    most of them Hangul.
    """
    try:
        beyond = [c for c in data.decode("cp949") if not c.isascii()]
    except UnicodeDecodeError:
        return False
    return sum("가" <= c <= "힣" for c in beyond) > max(3, len(beyond) // 2)


def fault(data: bytes) -> str | None:
    """Return what a spreadsheet did to a file of the seeds; None where bytes and commas are in canonical
    form.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it is UTF-16, as Excel's 'Unicode Text'"
    if data.startswith(codecs.BOM_UTF8):
        return "it starts with a byte order mark, as Excel's 'CSV UTF-8'"
    # One carriage return among line feeds is a fault of its line, which the reader names.
    lines = data.count(b"\n")
    if b"\r" in data and b"\0" not in data and (not lines or data.count(b"\r\n") == lines):
        return "its lines end with carriage returns, as on Windows"
    header = data.partition(b"\n")[0]
    if b"," not in header and (b";" in header or b"\t" in header):
        return "its cells are separated by semicolons or tabs, not by commas"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # A few bad bytes are damage, of which the reader gives the line; Korean Excel makes Hangul of every
        # word.
        return "it is CP949, as Korean Excel's 'CSV'" if _is_cp949(data) else None
    return None
