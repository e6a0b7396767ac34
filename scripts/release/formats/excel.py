"""Excel: one workbook, the codebook first, then a sheet for each table; header frozen, filters set, columns
as wide as they need.

Texts are written as texts: one that begins with an equals sign is not a formula, and an address is not a link
(of which a sheet could hold 65,530).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from scripts.model.problems import CannotRun
from scripts.model.tables import Table
from scripts.package.loaded import Contents, value_labels
from scripts.release.exporter import Exporter
from scripts.release.limits import Limits, utf16

# Widths in characters of the standard font; a cell that needs more is wrapped.
NARROWEST, WIDEST = 8, 60
CODEBOOK = "codebook"
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
    """Count the columns of a fixed-width font that a text takes: a Korean letter takes two."""
    return max(
        (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n")),
        default=0,
    )


def _wide(cells: Iterable[Any], head: str) -> float:
    needed = max((width(str(c)) for c in cells if c is not None), default=0)
    # The arrow of the filter covers three characters of the header.
    return min(max(needed + 1, width(head) + 3, NARROWEST), WIDEST)


def _done(code: int | None, what: str) -> None:
    """Raise CannotRun where XlsxWriter returns that it cut or left out something; it raises nothing."""
    if code:
        raise CannotRun(f"Excel: {what} cannot be written (XlsxWriter returns {code})")


def _sheet(book: Any, styles: dict[str, Any], contents: Contents, table: Table) -> None:
    frame = contents.frames[table.name]
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, len(table.primary_key))
    write = {
        "string": sheet.write_string,
        "boolean": sheet.write_boolean,
        "date": lambda row, place, cell: sheet.write_datetime(row, place, cell, styles["date"]),
        "integer": lambda row, place, cell: sheet.write_number(row, place, cell, styles["integer"]),
        "number": sheet.write_number,
    }
    for place, f in enumerate(table.fields):
        cells = frame[f.name].to_list()
        head, note = f"the head of {table.name}.{f.name}", f"{f.title} / {f.title_ko}\n{f.description}"
        style = styles["wrap"] if f.type == "string" else None
        _done(sheet.set_column(place, place, _wide(cells, f.name), style), head)
        _done(sheet.write_string(0, place, f.name, styles["head"]), head)
        size = {"x_scale": 3, "y_scale": 1.5}
        _done(sheet.write_comment(0, place, f"{note}\n{f.description_ko}", size), head)
        for row, cell in enumerate(cells, 1):
            if cell is not None:
                _done(write[f.type](row, place, cell), f"row {row + 1} of {table.name}.{f.name}")
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
            names = (table.name, f.name, f.type, f.title, f.title_ko, f.description, f.description_ko)
            for place, cell in enumerate((*names, f.unit, f.example, *values)):
                if cell:
                    _done(
                        sheet.write_string(row, place, cell),
                        f"{HEADINGS[place]} of {table.name}.{f.name} in {CODEBOOK}",
                    )
    _done(sheet.autofilter(0, 0, row, len(HEADINGS) - 1), f"the filter of {CODEBOOK}")


class Excel(Exporter):
    """One workbook; the same rows give the same bytes with the same version of XlsxWriter."""

    name = "Excel"
    made = ".xlsx"
    description = "Excel, the codebook and a sheet for each table"
    # https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3; "History" is a sheet of
    # Excel's own. Before March 1900 Excel counts a 29 February that never was, and other readers of its files
    # show those days as others.
    limits = Limits(
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

    def write(self, contents: Contents, path: Path) -> None:
        """Write the workbook."""
        given = contents.package
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        }
        with xlsxwriter.Workbook(path, options) as book:
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
            _done(book.set_custom_property("license", given["licenses"][0]["name"], "text"), "the license")
            styles = {
                "head": book.add_format({"bold": True, "bg_color": "#DDE5EE", "bottom": 1, "valign": "top"}),
                "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
                "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
                # Without a thousands separator an amount is hard to read; without a format Excel rounds it.
                "integer": book.add_format({"num_format": "#,##0", "valign": "top"}),
            }
            _codebook(book, styles, contents)
            for table in contents.tables.values():
                _sheet(book, styles, contents, table)


EXPORTERS = (Excel(),)
