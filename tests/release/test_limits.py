"""What a format cannot hold is refused, with the cell, before anything is written; what it just holds comes
back whole.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pytest

from scripts.model.problems import BadData, CannotRun
from scripts.package.loaded import Contents, read_contents
from scripts.pipeline.build import Built
from scripts.release import make
from scripts.release.formats import excel, exporters, jsonlines, limits_of, sqlite, stata, write_formats
from scripts.release.limits import beyond
from tests.mini import Mini

LIMITS = limits_of(exporters())
FACE = "\U0001f600"


@pytest.fixture
def contents(mini_built: Built, frames: dict[str, pl.DataFrame]) -> Contents:
    return Contents(read_contents().package, mini_built.tables, frames)


def put(contents: Contents, table: str, column: str, value: Any) -> Contents:
    """The package with the value in every row of a column."""
    frame = contents.frames[table]
    return replace(
        contents,
        frames={
            **contents.frames,
            table: frame.with_columns(pl.lit(value, dtype=frame.schema[column]).alias(column)),
        },
    )


def only(contents: Contents, *tables: str) -> Contents:
    """The package with some of its tables, where writing all of them shows nothing more."""
    return replace(
        contents,
        tables={n: contents.tables[n] for n in tables},
        frames={n: contents.frames[n] for n in tables},
    )


def refused(contents: Contents, of: str | None = None) -> list[str]:
    return [str(p) for p in beyond(contents, {of: LIMITS[of]} if of else LIMITS)]


# Format, table, column, the last value that it holds, the first that it does not, what is said.
CELLS = [
    ("Excel", "places", "name_en", "x" * 32_767, "x" * 32_768, "more than 32,767 UTF-16 units"),
    ("Excel", "places", "name_en", FACE * 16_383 + "x", FACE * 16_384, "more than 32,767 UTF-16 units"),
    ("Excel", "places", "name_en", "x\n" * 253, "x\n" * 254, "more than 253 line breaks"),
    ("Excel", "funding", "amount", 10**15 - 1, 10**15, "beyond 999999999999999"),
    (
        "Excel",
        "statistics",
        "value",
        0.123456789012345,
        0.1234567890123456,
        "more than 15 significant digits",
    ),
    (
        "Excel",
        "sources",
        "accessed_on",
        dt.date(1900, 3, 1),
        dt.date(1900, 2, 28),
        "1900-02-28 is before 1900-03-01",
    ),
    ("Stata", "funding", "amount", 2**53, 2**53 + 1, "9007199254740993 is beyond 9007199254740992"),
    ("Stata", "funding", "amount", -(2**53), -(2**63), "-9223372036854775808 is beyond"),
    ("Stata", "sources", "accessed_on", dt.date(100, 1, 1), dt.date(99, 12, 31), "is before 0100-01-01"),
    ("Stata", "statistics", "value", 8.9884656743115785e307, 8.99e307, "8.99e\\+307 is beyond"),
    ("JSON Lines", "funding", "amount", 2**53 - 1, 2**53, "9007199254740992 is beyond 9007199254740991"),
    ("SQLite", "statistics", "value", 1.0, float("nan"), "nan is not a finite number"),
    ("DuckDB", "statistics", "value", 1.0, float("inf"), "inf is not a finite number"),
]


@pytest.mark.parametrize(
    ("of", "table", "column", "last", "first", "said"),
    CELLS,
    ids=[f"{c[0]} {c[2]} {c[5][:24]}" for c in CELLS],
)
def test_a_cell_beyond_a_limit_is_refused_and_the_last_within_is_not(
    of: str, table: str, column: str, last: Any, first: Any, said: str, contents: Contents
) -> None:
    assert refused(put(contents, table, column, last), of) == []
    problems = refused(put(contents, table, column, first), of)
    assert len(problems) == contents.frames[table].height
    key = "|".join(contents.frames[table].select(contents.tables[table].primary_key).row(0))
    assert problems[0].startswith(f"data/{table}.csv:2:{column}: {of}: ") and f'(row "{key}")' in problems[0]
    assert re.search(said, problems[0])


def test_nothing_is_written_where_anything_is_refused(contents: Contents, tmp_path: Path) -> None:
    bad = put(put(contents, "places", "name_en", "x" * 39_999), "funding", "amount", 2**53)
    with pytest.raises(BadData) as caught:
        write_formats(bad, tmp_path, exporters())
    # Every fault at once, each under the format that it is one of.
    assert {(p.file, p.column, p.message.split(":")[0]) for p in caught.value.problems} == {
        ("data/places.csv", "name_en", "Excel"),
        ("data/funding.csv", "amount", "Excel"),
        ("data/funding.csv", "amount", "JSON Lines"),
    }
    assert list(tmp_path.iterdir()) == []


def test_a_release_is_refused_before_it_is_begun(
    mini: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the same list as every other fault of the package, and with the same exit code: 1, the data are not
    fit.
    """
    monkeypatch.setattr(make, "check_package", lambda _: [])
    monkeypatch.setattr(make, "unreleasable", lambda _: [])
    whole = read_contents()
    monkeypatch.setattr(make, "read_contents", lambda _: put(whole, "places", "name_en", "x" * 40_000))
    with pytest.raises(BadData, match=r"data/places\.csv:2:name_en: Excel: the text has more than 32,767"):
        make.make_release(tmp_path / "dist", None, tmp_path)
    assert list(tmp_path.iterdir()) == [] or not (tmp_path / "dist").exists()


def test_more_rows_or_columns_than_a_sheet_has(contents: Contents) -> None:
    row = contents.frames["places"].head(1)
    for rows, count in ((1_048_575, 0), (1_048_576, 1)):
        many = replace(
            contents, frames={**contents.frames, "places": row.select(pl.all().repeat_by(rows).explode())}
        )
        found = refused(many, "Excel")
        assert len(found) == count and all(
            "places.csv: Excel: the table has 1,048,576 rows, and 1,048,575 are the most" in p for p in found
        )
    places = contents.tables["places"]
    narrow = replace(LIMITS["Stata"], columns=len(places.fields) - 1)
    (problem,) = (p for p in beyond(contents, {"Stata": narrow}) if p.file == "schemas/places.json")
    assert "columns, and 3 are the most" in problem.message
    assert (LIMITS["Excel"].columns, LIMITS["Stata"].columns, LIMITS["SQLite"].columns) == (
        16_384,
        2_048,
        2_000,
    )


TABLE_NAMES = [
    ("x" * 31, "x" * 32),
    ("a b", "a/b"),
    ("a", "a[b"),
    ("it's", "'it"),
    ("codebooks", "Codebook"),
    ("histories", "history"),
]


@pytest.mark.parametrize(("good", "bad"), TABLE_NAMES)
def test_the_name_of_a_sheet(good: str, bad: str, contents: Contents) -> None:
    def named(name: str) -> Contents:
        table = replace(contents.tables["places"], name=name)
        return Contents(contents.package, {name: table}, {name: contents.frames["places"]})

    assert refused(named(good), "Excel") == []
    (problem,) = refused(named(bad), "Excel")
    assert problem.startswith(f"schemas/{bad}.json: Excel: ")


@pytest.mark.parametrize(
    ("of", "name"), [("SQLite", "package"), ("SQLite", "Columns"), ("DuckDB", "agreement_parties")]
)
def test_a_table_is_not_called_as_something_else_in_the_file(of: str, name: str, contents: Contents) -> None:
    table = replace(contents.tables["places"], name=name)
    assert any(
        "is taken: the format holds something else of that name" in p
        for p in refused(Contents(contents.package, {name: table}, {name: contents.frames["places"]}), of)
    )


FIELDS = [
    ("name", "x" * 32, "x" * 33, "cannot hold the name"),
    ("name", "_x1", "1x", "cannot hold the name"),
    ("name", "strings", "str5", "a reserved word"),
    ("name", "using_", "using", "a reserved word"),
    ("title", "x" * 80, "x" * 81, "more than 80 characters"),
    ("title_ko", "가" * 80, "가" * 81, "more than 80 characters"),
]


def with_field(contents: Contents, **given: str) -> Contents:
    table = contents.tables["places"]
    old = table.fields[1]
    field = replace(old, **given)
    changed = replace(table, fields=(table.fields[0], field, *table.fields[2:]))
    return replace(
        contents,
        tables={**contents.tables, "places": changed},
        frames={**contents.frames, "places": contents.frames["places"].rename({old.name: field.name})},
    )


@pytest.mark.parametrize(("what", "good", "bad", "said"), FIELDS)
def test_names_and_labels_of_stata(
    what: str, good: str, bad: str, said: str, contents: Contents, tmp_path: Path
) -> None:
    sound = with_field(contents, **{what: good})
    assert refused(sound, "Stata") == []
    stata.Stata("ko" if what == "title_ko" else "en").write(only(sound, "places"), tmp_path)
    with pd.io.stata.StataReader(tmp_path / "places.dta") as reader:
        assert good in (reader.variable_labels() if what == "name" else reader.variable_labels().values())
    (problem,) = refused(with_field(contents, **{what: bad}), "Stata")
    assert said in problem and problem.startswith("schemas/places.json:")


def test_labels_of_tables_and_values_of_stata(contents: Contents) -> None:
    def titled(length: int) -> Contents:
        return replace(
            contents,
            tables={**contents.tables, "places": replace(contents.tables["places"], title="x" * length)},
        )

    assert refused(titled(60)) == [] and "the title" in refused(titled(61), "Stata")[0]
    field = contents.tables["funding"].by_name["bound"]

    def labelled(length: int) -> Contents:
        label = {**field.categories[0], "label": "x" * length}
        fields = tuple(
            replace(f, categories=(label, *f.categories[1:])) if f.name == "bound" else f
            for f in contents.tables["funding"].fields
        )
        return replace(
            contents,
            tables={**contents.tables, "funding": replace(contents.tables["funding"], fields=fields)},
        )

    assert (
        refused(labelled(32_000)) == []
        and "more than 32000 characters" in refused(labelled(32_001), "Stata")[0]
    )


def test_names_that_only_case_tells_apart(contents: Contents) -> None:
    assert (
        'the columns "place_id" and "Place_ID" differ only in case'
        in refused(with_field(contents, name="Place_ID"))[0]
    )
    two = {"places": contents.tables["places"], "Places": replace(contents.tables["places"], name="Places")}
    found = refused(Contents(contents.package, two, dict.fromkeys(two, contents.frames["places"])))
    assert found == ['schemas/: the tables "places" and "Places" differ only in case; rename one']


def test_the_last_that_excel_holds_comes_back(contents: Contents, tmp_path: Path) -> None:
    given = {
        ("places", "name_en"): FACE * 16_383 + "x",
        ("funding", "amount"): 10**15 - 1,
        ("statistics", "value"): 0.123456789012345,
        ("sources", "accessed_on"): dt.date(1900, 3, 1),
        ("sources", "published_on"): dt.date(9999, 12, 31),
    }
    for place, value in given.items():
        contents = put(contents, *place, value)
    excel.Excel().write(only(contents, *{table for table, _ in given}), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    for (table, column), value in given.items():
        found = book[table].cell(2, contents.tables[table].names.index(column) + 1).value
        assert (found.date() if isinstance(found, dt.datetime) else found) == value


def test_a_writer_that_cuts_is_not_believed(contents: Contents, tmp_path: Path) -> None:
    """XlsxWriter and pandas cut and rename and only say so in passing: should a limit ever be missing, that
    is heard.
    """
    with (
        warnings.catch_warnings(),
        pytest.raises(
            CannotRun, match=r"Excel: row 2 of places\.name_en cannot be written \(XlsxWriter returns -2\)"
        ),
    ):
        warnings.simplefilter("ignore")
        excel.Excel().write(
            put(only(contents, "places"), "places", "name_en", "x" * 32_768), tmp_path / "x.xlsx"
        )
    with pytest.raises(CannotRun, match=r"Stata: places cannot be written \(.*"):
        stata.Stata("en").write(with_field(only(contents, "places"), name="double"), tmp_path)
    with pytest.raises(CannotRun, match="Stata: places cannot be written"):
        stata.Stata("en").write(with_field(only(contents, "places"), title="x" * 81), tmp_path)


@pytest.mark.parametrize(
    "number", [2_147_483_620, 2_147_483_621, -2_147_483_647, -2_147_483_648, 2**53, -(2**53)]
)
def test_whole_numbers_come_back_from_stata_whatever_they_are_stored_as(
    number: int, contents: Contents, tmp_path: Path
) -> None:
    stata.Stata("en").write(put(only(contents, "funding"), "funding", "amount", number), tmp_path)
    assert set(pd.read_stata(tmp_path / "funding.dta")["amount"]) == {number}


@pytest.mark.parametrize("text", ["x" * 2045, "x" * 2046, "가" * 681 + "xx", "가" * 682])
def test_texts_of_any_length_come_back_from_stata(text: str, contents: Contents, tmp_path: Path) -> None:
    stata.Stata("en").write(put(only(contents, "places"), "places", "name_en", text), tmp_path)
    assert set(pd.read_stata(tmp_path / "places.dta")["name_en"]) == {text}


@pytest.mark.parametrize(
    "day",
    [
        dt.date(100, 1, 1),
        dt.date(1677, 9, 1),
        dt.date(1960, 1, 1),
        dt.date(2262, 4, 12),
        dt.date(9999, 12, 31),
    ],
)
def test_days_of_stata(day: dt.date, contents: Contents, tmp_path: Path) -> None:
    stata.Stata("en").write(put(only(contents, "sources"), "sources", "accessed_on", day), tmp_path)
    found = pd.read_stata(tmp_path / "sources.dta", convert_dates=False)["accessed_on"]
    assert set(found) == {(day - dt.date(1960, 1, 1)).days}


@pytest.mark.parametrize("change", [lambda: 2**53 - 1, lambda: -(2**53 - 1)])
def test_the_largest_whole_numbers_of_json_and_sqlite(
    change: Callable[[], int], contents: Contents, tmp_path: Path
) -> None:
    jsonlines.JSONLines().write(put(only(contents, "funding"), "funding", "amount", change()), tmp_path)
    assert all(
        json.loads(line)["amount"] == change()
        for line in (tmp_path / "funding.jsonl").read_text("utf-8").splitlines()
    )
    sqlite.SQLite().write(put(contents, "funding", "amount", 2**63 - 1), tmp_path / "x.sqlite")
    connection = sqlite3.connect(tmp_path / "x.sqlite")
    assert {n for (n,) in connection.execute("SELECT amount FROM funding")} == {2**63 - 1}
    connection.close()
