"""Excel: one workbook, the codebook first, then a sheet for each table; header frozen, filters set, columns
as wide as they need.

Texts are written as texts: one that begins with an equals sign is no formula, and an address is no link (of
which a sheet could hold 65,530).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripts.model.problems import CannotRun
from scripts.model.tables import Table
from scripts.package.loaded import Contents, value_labels
from scripts.release.limits import Limits, utf16

# Widths in characters of the standard font; a cell that needs more is wrapped.
NARROWEST, WIDEST = 8, 60
CODEBOOK = "codebook"
# https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3; "History" is a sheet of Excel's
# own. Before March 1900 Excel counts a 29 February that never was, and other readers of its files show those
# days as others.
LIMITS = Limits(
    "Excel",
    tables=re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')"),
    taken=(CODEBOOK, "History"),
    columns=16_384,
    rows=1_048_575,
    text=32_767,
    measure=utf16,
    unit="UTF-16 units",
    breaks=253,
    whole=999_999_999_999_999,
    digits=15,
    number=9.99999999999999e307,
    first_day=dt.date(1900, 3, 1),
    values=254,
)
HEADINGS = (
    "table",
    "column",
    "type",
    "title",
    "제목",
    "description",
    "설명",
    "unit",
    "example",
    "values",
    "값",
)
CODEBOOK_WIDTHS = (22, 26, 9, 24, 20, 60, 50, 14, 28, 60, 50)


def width(text: str) -> int:
    """How many columns of a fixed-width font a text takes: a Korean letter takes two."""
    return max(
        (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n")),
        default=0,
    )


def _wide(cells: Iterable[Any], head: str) -> float:
    needed = max((width(str(c)) for c in cells if c is not None), default=0)
    # The arrow of the filter covers three characters of the header.
    return min(max(needed + 1, width(head) + 3, NARROWEST), WIDEST)


def _done(code: int | None, what: str) -> None:
    """Raise CannotRun where XlsxWriter says that it cut or left out something; it raises nothing itself."""
    if code:
        raise CannotRun(f"Excel: {what} cannot be written (XlsxWriter returns {code})")


def _sheet(book: Any, styles: dict[str, Any], contents: Contents, table: Table) -> None:
    frame = contents.frames[table.name]
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, len(table.primary_key))
    for place, f in enumerate(table.fields):
        cells = frame[f.name].to_list()
        head = f"the head of {table.name}.{f.name}"
        _done(
            sheet.set_column(
                place, place, _wide(cells, f.name), styles["wrap"] if f.type == "string" else None
            ),
            head,
        )
        _done(sheet.write_string(0, place, f.name, styles["head"]), head)
        _done(
            sheet.write_comment(
                0,
                place,
                f"{f.title} / {f.title_ko}\n{f.description}\n{f.description_ko}",
                {"x_scale": 3, "y_scale": 1.5},
            ),
            head,
        )
        for row, cell in enumerate(cells, 1):
            if cell is None:
                continue
            match f.type:
                case "string":
                    code = sheet.write_string(row, place, cell)
                case "boolean":
                    code = sheet.write_boolean(row, place, cell)
                case "date":
                    code = sheet.write_datetime(row, place, cell, styles["date"])
                case "integer":
                    code = sheet.write_number(row, place, cell, styles["integer"])
                case _:
                    code = sheet.write_number(row, place, cell)
            _done(code, f"row {row + 1} of {table.name}.{f.name}")
    _done(sheet.autofilter(0, 0, frame.height, len(table.fields) - 1), f"the filter of {table.name}")


def _codebook(book: Any, styles: dict[str, Any], contents: Contents) -> None:
    sheet = book.add_worksheet(CODEBOOK)
    sheet.freeze_panes(1, 2)
    for place, (head, wide) in enumerate(zip(HEADINGS, CODEBOOK_WIDTHS, strict=True)):
        _done(sheet.set_column(place, place, wide, styles["wrap"]), f"the head of {CODEBOOK}")
        _done(sheet.write_string(0, place, head, styles["head"]), f"the head of {CODEBOOK}")
    row = 0
    for table in contents.tables.values():
        for f in table.fields:
            row += 1
            values = [
                "\n".join(f"{v}: {label}" for v, label in value_labels(f, language).items())
                for language in ("en", "ko")
            ]
            for place, cell in enumerate(
                (
                    table.name,
                    f.name,
                    f.type,
                    f.title,
                    f.title_ko,
                    f.description,
                    f.description_ko,
                    f.unit,
                    f.example,
                    *values,
                )
            ):
                if cell:
                    _done(
                        sheet.write_string(row, place, cell),
                        f"{HEADINGS[place]} of {table.name}.{f.name} in {CODEBOOK}",
                    )
    _done(sheet.autofilter(0, 0, row, len(HEADINGS) - 1), f"the filter of {CODEBOOK}")


def write_excel(contents: Contents, path: Path) -> None:
    """Writes the workbook; the same rows give the same bytes with the same version of XlsxWriter."""
    import xlsxwriter

    given = contents.package
    with xlsxwriter.Workbook(
        path,
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    ) as book:
        book.set_properties(
            {
                "title": given["title"],
                "author": given["contributors"][0]["title"],
                "comments": given["citation"],
                "keywords": ", ".join(given["keywords"]),
                "created": contents.released,
            }
        )
        _done(book.set_custom_property("version", given["version"], "text"), "the version")
        _done(book.set_custom_property("license", given["licenses"][0]["name"], "text"), "the licence")
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#DDE5EE", "bottom": 1, "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            # Without the thousands' point a sum of money is hard to read, and without a format Excel rounds
            # it.
            "integer": book.add_format({"num_format": "#,##0", "valign": "top"}),
        }
        _codebook(book, styles, contents)
        for table in contents.tables.values():
            _sheet(book, styles, contents, table)
