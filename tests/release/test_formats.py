"""Each format of a release opened again by a client of its own and compared cell by cell with the Parquet."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import struct
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest

from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun
from scripts.model.tables import Field, Table
from scripts.package.loaded import Contents, read_contents, title, value_labels
from scripts.pipeline.build import Built
from scripts.release.archive import SUMS
from scripts.release.formats import write_formats
from scripts.release.formats.duckdb import STORAGE
from scripts.release.formats.excel import CODEBOOK, HEADINGS, Excel, width
from scripts.release.formats.stata import codes
from scripts.release.sql import VIEWS, literal, name, search_text, searched
from scripts.release.wheel import project_file
from tests.conftest import PACKAGES, Formatted
from tests.mini import TABLES

# The least version of each client, as docs/loading.md names it.
LEAST = dict(
    re.findall(r"^\| (\w+) \| ([0-9.]+) \|", (ROOT / "docs/loading.md").read_text("utf-8"), re.MULTILINE)
)
# The oldest DuckDB that was seen to read our file, by the number of its storage: 1.0 says "expected end of
# object".
DUCKDB_READERS = {64: "1.1"}
# What a word in the schema of an SQLite file asks for: https://www.sqlite.org/changes.html.
SQLITE_SINCE = {
    r"\) STRICT$": (3, 37),
    "USING FTS5": (3, 9),
    "'trigram": (3, 34),
    "remove_diacritics 2": (3, 27),
    "GENERATED ALWAYS": (3, 31),
    "WITHOUT ROWID": (3, 8),
    r"\bJSONB?\b|->": (3, 38),
}

# Formats that have a file for each table.
FOLDERS = ("jsonl", "stata-en", "stata-ko")
# Tests that hold for one of the packages alone.
only_mini, only_real = (pytest.mark.parametrize("formatted", [p], indirect=True) for p in PACKAGES)


def made_up(built: Built, frames: dict[str, pl.DataFrame]) -> Contents:
    return Contents(read_contents().package, built.tables, frames)


def rows_of(frame: pl.DataFrame, change: dict[str, Any] | None = None) -> list[tuple]:
    return [
        tuple(
            change[f](v) if change and f in change and v is not None else v
            for f, v in zip(frame.columns, row, strict=True)
        )
        for row in frame.iter_rows()
    ]


# --- SQLite


@pytest.fixture(scope="module")
def sqlite(formats: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{formats / 'techpacts.sqlite'}?mode=ro", uri=True)
    yield connection
    connection.close()


def test_sqlite_holds_every_cell(contents: Contents, sqlite: sqlite3.Connection) -> None:
    for table in contents.tables.values():
        change = {
            f.name: {"boolean": int, "date": dt.date.isoformat}[f.type]
            for f in table.fields
            if f.type in {"boolean", "date"}
        }
        cursor = sqlite.execute(f"SELECT * FROM {name(table.name)} ORDER BY rowid")
        assert [c[0] for c in cursor.description] == table.names
        assert cursor.fetchall() == rows_of(contents.frames[table.name], change), table.name


def test_sqlite_is_sound_and_says_what_it_is(contents: Contents, sqlite: sqlite3.Connection) -> None:
    assert sqlite.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sqlite.execute("PRAGMA foreign_key_check").fetchall() == []
    said = dict(sqlite.execute("SELECT * FROM package"))
    assert (said["version"], said["citation"]) == (contents.package["version"], contents.package["citation"])
    assert sqlite.execute("SELECT count(*) FROM columns").fetchone() == (
        sum(len(t.fields) for t in contents.tables.values()),
    )
    (made,) = sqlite.execute("SELECT sql FROM sqlite_master WHERE name = 'funding'").fetchone()
    for f in contents.tables["funding"].fields:
        assert f"-- {f.title} / {f.title_ko}" in made


def test_the_least_versions_are_those_that_the_files_need(
    contents: Contents, formats: Path, sqlite: sqlite3.Connection
) -> None:
    made = [sql for (sql,) in sqlite.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")]
    needed = max(
        version for word, version in SQLITE_SINCE.items() if any(re.search(word, sql) for sql in made)
    )
    assert LEAST["SQLite"] == ".".join(map(str, needed))
    # Format 118 is Stata 14's: https://www.stata.com/help.cgi?dta.
    assert (formats / "stata-en/funding.dta").read_bytes()[:40].startswith(
        b"<stata_dta><header><release>118<"
    ) and LEAST["Stata"] == "14"
    with zipfile.ZipFile(formats / "techpacts.xlsx") as book:
        assert (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main" in book.read("xl/workbook.xml")
            and LEAST["Excel"] == "2007"
        )
    project = tomllib.loads(project_file(contents.package))["project"]
    asked = dict(
        re.findall(
            r"(\w+)>=([0-9.]+)",
            " ".join(
                [
                    *project["dependencies"],
                    *(x for extra in project["optional-dependencies"].values() for x in extra),
                ]
            ),
        )
    )
    page = (ROOT / "docs/loading.md").read_text("utf-8")
    assert (
        f"the Python package asks for {asked['pandas']}" in page
        and f"the Python package asks for {asked['pyarrow']}" in page
    )
    assert project["requires-python"] == f">={LEAST['Python']}" and float(asked["polars"]) == float(
        LEAST["polars"]
    )
    assert set(LEAST) == {
        "pandas",
        "polars",
        "pyarrow",
        "Python",
        "DuckDB",
        "SQLite",
        "Datasette",
        "Stata",
        "Excel",
        "R",
        "Node",
    }


def found_by(sqlite: sqlite3.Connection, table: str, word: str) -> set[int]:
    return {
        n
        for (n,) in sqlite.execute(f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?", [f'"{word}"'])
    }


def test_every_word_of_every_table_is_found(contents: Contents, sqlite: sqlite3.Connection) -> None:
    """Of each row the first and the last word, and of a word in Korean any two letters."""
    tables = [t for t in contents.tables.values() if searched(t)]
    assert {"agreements", "provisions", "organizations", "people", "sources", "timeline"} <= {
        t.name for t in tables
    } and len(tables) > 15
    for table in tables:
        for column in searched(table):
            for row, cell in list(enumerate(contents.frames[table.name][column].to_list(), 1))[
                :: 25 if len(contents.frames[table.name]) > 100 else 1
            ]:
                words = re.findall(r"[^\W_]+", cell or "")
                for word in {
                    *words[:1],
                    *words[-1:],
                    *(
                        w[i : i + 2]
                        for w in words[:3]
                        for i in range(len(w) - 1)
                        if re.fullmatch("[가-힣]{2}", w[i : i + 2])
                    ),
                }:
                    assert row in found_by(sqlite, table.name, word), (table.name, column, word)


@pytest.mark.parametrize("word", ["양자", "반도체", "공동연구", "quantum"])
def test_a_search_finds_what_holds_the_word_and_nothing_else(
    word: str, formatted: Formatted, contents: Contents, sqlite: sqlite3.Connection
) -> None:
    table = contents.tables["provisions"]
    texts = contents.frames["provisions"].select(searched(table)).rows()
    wanted = {
        i
        for i, row in enumerate(texts, 1)
        if any(re.search(rf"(?<![a-z]){word}", cell, re.IGNORECASE) for cell in row if cell)
    }
    assert found_by(sqlite, "provisions", word) == wanted
    assert len(wanted) > 5 if formatted.name == "real" else len(wanted) == (word != "반도체")


def test_words_that_are_listed_besides() -> None:
    assert search_text("양자를 AI협력").split() == ["양자를", "AI협력", "AI", "양자", "자를", "협력"]
    assert search_text("plain words 2025") == "plain words 2025"
    # Not more than a text of that length can bear.
    assert len(search_text("가" * 400).split()) < 20


@only_real
def test_the_index_costs_little(formats: Path, sqlite: sqlite3.Connection) -> None:
    (size,) = sqlite.execute(
        "SELECT sum(length(block)) FROM ("
        + " UNION ALL ".join(
            f"SELECT block FROM {n}"
            for (n,) in sqlite.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE '%_fts_data'"
            ).fetchall()
        )
        + ")"
    ).fetchone()
    assert size < 0.15 * (formats / "techpacts.sqlite").stat().st_size


BREAKS = {
    "an orphan": ("UPDATE provisions SET domain_id = 'ghost'", "FOREIGN KEY"),
    "an empty cell": ("UPDATE funding SET bound = NULL", "NOT NULL"),
    "a value off the list": ("UPDATE funding SET bound = 'roughly'", "CHECK"),
    "a day that is none": ("UPDATE events SET start_on_from = '2025-02-30'", "CHECK"),
    "an hour": ("UPDATE sources SET published_on = '2025-02-03 10:00'", "CHECK"),
    "a text in a number": ("UPDATE funding SET amount = 'much'", "TEXT value in INTEGER"),
    "neither yes nor no": ("UPDATE evidence SET stands = 2", "CHECK"),
    "a key twice": ("UPDATE provisions SET provision_id = 'same'", "UNIQUE"),
    "a name twice": ("UPDATE countries SET alpha_2 = 'KR'", "UNIQUE"),
    "less than nothing": ("UPDATE funding SET amount = -1", "CHECK"),
}


@pytest.mark.parametrize("change", BREAKS)
def test_sqlite_refuses(change: str, formats: Path) -> None:
    statement, why = BREAKS[change]
    connection = sqlite3.connect(f"file:{formats / 'techpacts.sqlite'}?mode=ro", uri=True)
    copy = sqlite3.connect(":memory:")
    connection.backup(copy)
    connection.close()
    copy.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match=why):
        copy.execute(statement)
        copy.commit()


@pytest.mark.parametrize("view", VIEWS)
def test_views_answer_alike_in_both(view: str, formats: Path, sqlite: sqlite3.Connection) -> None:
    with duckdb.connect(str(formats / "techpacts.duckdb"), read_only=True) as other:
        there = other.execute(f"SELECT * FROM {view}").fetchall()
    here = sqlite.execute(f"SELECT * FROM {view}").fetchall()
    plain = sorted(
        [
            tuple(
                v.isoformat() if isinstance(v, dt.date) else int(v) if isinstance(v, bool) else v for v in row
            )
            for row in there
        ],
        key=str,
    )
    assert here and sorted(here, key=str) == plain


# --- DuckDB


def test_duckdb_holds_every_cell_with_its_type(contents: Contents, formats: Path) -> None:
    with duckdb.connect(str(formats / "techpacts.duckdb"), read_only=True) as connection:
        for table in contents.tables.values():
            found = pl.DataFrame(
                pl.from_arrow(
                    connection.sql(f"SELECT * FROM {name(table.name)} ORDER BY rowid").to_arrow_table()
                )
            )
            assert (
                found.equals(contents.frames[table.name])
                and found.schema == contents.frames[table.name].schema
            ), table.name
            comments = dict(
                connection.execute(
                    "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [table.name]
                ).fetchall()
            )
            assert all(comments[f.name].startswith(f"{f.title} / {f.title_ko}: ") for f in table.fields)


def test_duckdb_is_stored_for_the_versions_that_the_page_names(formats: Path) -> None:
    """A file has the number of its storage in its header (https://duckdb.org/docs/stable/internals/storage)."""
    magic, number = struct.unpack("<8x4sQ", (formats / "techpacts.duckdb").read_bytes()[:20])
    assert (magic, number) == (b"DUCK", STORAGE)
    assert LEAST["DuckDB"] == DUCKDB_READERS[number]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"bound": "roughly"}, "CHECK"),
        ({"funding_id": "Not a Name"}, "CHECK"),
        ({"amount": -1}, "CHECK"),
        ({"agreement_id": "ghost"}, "foreign key"),
        ({"currency": None}, "NOT NULL"),
        ({}, "[Dd]uplicate key"),
    ],
)
def test_duckdb_refuses(row: dict, why: str, contents: Contents, formats: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.duckdb").write_bytes((formats / "techpacts.duckdb").read_bytes())
    sound = contents.frames["funding"].row(0, named=True)
    new = {**sound, **({"funding_id": "another"} if row else {}), **row}
    with (
        duckdb.connect(str(tmp_path / "copy.duckdb")) as connection,
        pytest.raises(duckdb.ConstraintException, match=why),
    ):
        connection.execute(f"INSERT INTO funding VALUES ({', '.join('?' * len(new))})", list(new.values()))


# --- Excel


def test_excel_holds_every_cell_with_its_type(contents: Contents, formats: Path) -> None:
    book = openpyxl.load_workbook(formats / "techpacts.xlsx", read_only=True)
    assert book.sheetnames == [CODEBOOK, *contents.tables]
    for table in contents.tables.values():
        rows = book[table.name].iter_rows(values_only=True)
        assert list(next(rows)) == table.names
        frame = contents.frames[table.name]
        days = {
            f.name: lambda day: dt.datetime.combine(day, dt.time()) for f in table.fields if f.type == "date"
        }
        wanted = rows_of(frame, days)
        # Trailing empty cells of a row are not stored.
        found = [tuple(row) + (None,) * (len(table.fields) - len(row)) for row in rows]
        assert found == wanted, table.name
        assert all(
            isinstance(v, bool)
            for f in table.fields
            if f.type == "boolean"
            for v in [r[table.names.index(f.name)] for r in found]
            if v is not None
        )
    rows = list(book[CODEBOOK].iter_rows(values_only=True))
    assert rows[0] == HEADINGS and len(rows) == 1 + sum(len(t.fields) for t in contents.tables.values())


@only_mini
def test_excel_sheets_can_be_worked_with(contents: Contents, formats: Path) -> None:
    book = openpyxl.load_workbook(formats / "techpacts.xlsx")
    for table in contents.tables.values():
        sheet = book[table.name]
        assert sheet.freeze_panes == sheet.cell(2, len(table.primary_key) + 1).coordinate
        assert (
            sheet.auto_filter.ref
            == f"A1:{sheet.cell(contents.frames[table.name].height + 1, len(table.fields)).coordinate}"
        )
        assert sheet["A1"].comment is not None and table.fields[0].title_ko in sheet["A1"].comment.text
        # Neighbours of one width are kept as one.
        widths = {i: d.width for d in sheet.column_dimensions.values() for i in range(d.min, d.max + 1)}
        for column in sheet.columns:
            needed = max(
                10 if isinstance(c.value, dt.datetime) else width(str(c.value))
                for c in column
                if c.value is not None
            )
            assert widths[column[0].column] >= min(needed, 60), (table.name, column[0].value)
    assert book.properties.creator == "The techpacts contributors"
    assert [p.value for p in book.custom_doc_props.props if p.name == "version"] == [
        contents.package["version"]
    ]


def test_a_text_that_looks_like_a_formula_or_an_address_stays_a_text(
    mini_built: Built, frames: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    frames["places"] = frames["places"].with_columns(
        pl.lit("=1+1").alias("name_en"), pl.lit("https://example.org").alias("name_ko")
    )
    write_formats(made_up(mini_built, frames), tmp_path, [Excel()])
    sheet = openpyxl.load_workbook(tmp_path / "techpacts.xlsx")["places"]
    cells = {sheet.cell(1, c.column).value: c for c in sheet[2]}
    assert (cells["name_en"].value, cells["name_en"].data_type, cells["name_ko"].hyperlink) == (
        "=1+1",
        "s",
        None,
    )


# --- Stata


def from_stata(field: Field, cell: Any, shown: dict[str, str]) -> Any:
    """What a cell that Stata gave means, in our types."""
    if field.type == "string" and not field.enum:
        return cell or None
    if pd.isna(cell):
        return None
    if field.enum:
        return next(value for value, label in shown.items() if label == cell)
    match field.type:
        case "boolean":
            return cell in {"yes", "예"}
        case "integer":
            return int(cell)
        case "date":
            return cell.date()
    return float(cell)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_stata_holds_every_cell_and_says_what_it_is(language: str, contents: Contents, formats: Path) -> None:
    for table in contents.tables.values():
        with pd.io.stata.StataReader(formats / f"stata-{language}/{table.name}.dta") as reader:
            found = reader.read()
            assert reader.variable_labels() == {f.name: title(f, language)[:80] for f in table.fields}
            assert contents.package["version"] in reader.data_label
            values = reader.value_labels()
        assert list(found.columns) == table.names
        for f in table.fields:
            shown = value_labels(f, language)
            if f.enum:
                assert values[f.name] == {number: shown[value] for value, number in codes(f).items()}
            wanted = contents.frames[table.name][f.name].to_list()
            assert [from_stata(f, c, shown) for c in found[f.name]] == wanted, (table.name, f.name)


def test_labels_of_values_differ_within_a_column() -> None:
    """Otherwise a labelled file could not be read back."""
    for table in TABLES.values():
        for f in table.fields:
            for language in ("en", "ko"):
                labels = list(value_labels(f, language).values())
                assert len(set(labels)) == len(labels), (table.name, f.name, labels)


# --- JSON Lines


def test_json_lines_hold_every_cell(contents: Contents, formats: Path) -> None:
    for table in contents.tables.values():
        lines = (formats / f"jsonl/{table.name}.jsonl").read_text("utf-8").splitlines()
        days = {f.name: dt.date.isoformat for f in table.fields if f.type == "date"}
        found = [json.loads(line) for line in lines]
        assert [tuple(row.values()) for row in found] == rows_of(contents.frames[table.name], days)
        assert all(list(row) == table.names for row in found)


# --- all


def test_every_table_is_in_every_format(formats: Path) -> None:
    """``tests/release/test_release.py`` demands the same bytes each time."""
    names = {str(p.relative_to(formats)) for p in formats.rglob("*") if p.is_file() and p.name != SUMS}
    single = {"techpacts.sqlite", "techpacts.duckdb", "techpacts.xlsx"}
    found = {n.rpartition(".")[0] for n in names if n.partition("/")[0] in FOLDERS}
    assert single <= names and found == {f"{folder}/{table}" for folder in FOLDERS for table in TABLES}
    assert any(n.startswith("datasette/") for n in names)


def test_tables_that_refer_in_a_circle_are_reported(
    mini_built: Built, frames: dict[str, pl.DataFrame]
) -> None:
    content = made_up(mini_built, frames)
    for table in content.parents_first:
        earlier = content.parents_first[: content.parents_first.index(table)]
        assert {k.table for k in table.foreign_keys} - {table.name} <= {t.name for t in earlier}
    places: Table = content.tables["places"]
    key = replace(places.foreign_keys[0], table="agreements", reference=("agreement_id",))
    with pytest.raises(CannotRun, match=r"in a circle: .*agreements.*places"):
        _ = replace(
            content, tables={**content.tables, "places": replace(places, foreign_keys=(key,))}
        ).parents_first


def test_quotes_are_doubled() -> None:
    assert (name('a"b'), literal("it's")) == ('"a""b"', "'it''s'")
