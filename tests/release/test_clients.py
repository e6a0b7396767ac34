"""The lines of docs/loading.md, run as they stand, give every cell of a table with its type."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import polars as pl
import pytest

from scripts.model.paths import ROOT
from scripts.package.loaded import Contents, value_labels
from tests.conftest import Formatted

PAGE = (ROOT / "docs/loading.md").read_text("utf-8")
# By heading, as the page has them.
BLOCKS = [
    (heading, language, code)
    for heading, body in re.findall(r"^## (.+)\n((?:(?!^## ).*\n)*)", PAGE, re.MULTILINE)
    for language, code in re.findall(r"```(python|r|js)\n(.*?)```", body, re.DOTALL)
]


@pytest.fixture(scope="session")
def folder(formatted: Formatted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and the files of a release beside it, as a user has them."""
    place = tmp_path_factory.mktemp("user")
    for path in (formatted.folder / "data", formatted.folder / "datapackage.json", ROOT / "scripts"):
        (place / path.name).symlink_to(path)
    for path in formatted.formats.iterdir():
        if path.is_dir():
            shutil.copytree(path, place / f"techpacts-VERSION-{path.name}")
        else:
            shutil.copy(path, place / f"techpacts-VERSION{path.suffix}")
    return place


def records(loaded: Any) -> list[tuple]:
    """What a client gave, as rows of Python values."""
    if isinstance(loaded, pd.DataFrame):
        return [
            tuple(None if pd.isna(v) else v for v in row)
            for row in loaded.astype(object).itertuples(index=False)
        ]
    if hasattr(loaded, "to_pylist"):
        return [tuple(row.values()) for row in loaded.to_pylist()]
    if isinstance(loaded, pl.DataFrame):
        return loaded.rows()
    return [
        (
            tuple(row.to_dict().values())
            if hasattr(row, "to_dict")
            else tuple(row.values())
            if isinstance(row, dict)
            else tuple(row)
        )
        for row in loaded
    ]


def expected(frame: pl.DataFrame, change: dict[type, Callable[[Any], Any]]) -> list[tuple]:
    return [tuple(change.get(type(v), lambda v: v)(v) for v in row) for row in frame.iter_rows()]


# Of what a client has no type for: how it gives it instead.
INSTEAD: dict[str, dict[type, Callable[[Any], Any]]] = {
    "SQLite": {dt.date: dt.date.isoformat, bool: int},
    "JSON Lines": {dt.date: dt.date.isoformat},
    "Excel": {dt.date: lambda day: dt.datetime.combine(day, dt.time())},
}


def loaded_by(code: str) -> str:
    """The table that a block loads, which it calls by its name."""
    return re.findall(r"\b(funding|countries) (?:=|<-) ", code)[-1]


@pytest.mark.parametrize(
    ("heading", "code"),
    [(h, c) for h, language, c in BLOCKS if language == "python"],
    ids=[h for h, language, _ in BLOCKS if language == "python"],
)
def test_python(
    heading: str, code: str, folder: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    space: dict[str, Any] = {}
    exec(compile(code, "docs/loading.md", "exec"), space)
    table = loaded_by(code)
    found = records(space[table])
    wanted = expected(contents.frames[table], INSTEAD.get(heading, {}))
    assert found == wanted
    # True is 1 and 1.0 is 1 to Python, and no other type will do.
    assert [[type(v) for v in row] for row in found] == [[type(v) for v in row] for row in wanted]


def _r(needed: str) -> None:
    """Skips, saying why, where R or a package of it is not there; in CI it has to be."""
    there = (
        shutil.which("Rscript")
        and subprocess.run(
            ["Rscript", "-e", f"q(status = !requireNamespace('{needed}', quietly = TRUE))"],
            capture_output=True,
        ).returncode
        == 0
    )
    if not there:
        assert not os.environ.get("TECHPACTS_NEEDS_R"), f"R with {needed} has to be there in CI"
        pytest.skip(f"Rscript with {needed} is not installed")


R_TYPES = {
    "string": "character",
    "integer": ("integer", "numeric"),
    "number": "numeric",
    "boolean": "logical",
    "date": "Date",
}


@pytest.mark.parametrize(
    ("heading", "code"),
    [(h, c) for h, language, c in BLOCKS if language == "r"],
    ids=["base R", "readr", "readr NA", "haven"],
)
def test_r(heading: str, code: str, folder: Path, contents: Contents, tmp_path: Path) -> None:
    package, table = next((p for p in ("readr", "haven") if p in code), "jsonlite"), loaded_by(code)
    _r(package)
    script = tmp_path / "load.R"
    script.write_text(
        code
        + '\ncat(jsonlite::toJSON(list(classes = lapply(TABLE, class), rows = TABLE), dataframe = "columns",'
        ' na = "null", digits = NA, Date = "ISO8601"))\n'.replace("TABLE", table),
        "utf-8",
    )
    done = subprocess.run(
        ["Rscript", "--vanilla", str(script)],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout.decode("utf-8"))
    labels = {f.name: value_labels(f, "en") for f in contents.tables[table].fields}
    for f in contents.tables[table].fields:
        classes, cells = said["classes"][f.name], said["rows"][f.name]
        wanted = contents.frames[table][f.name].to_list()
        if package == "haven" and (f.enum or f.type == "boolean"):
            assert classes == ["factor"]
            wanted = [
                (
                    None
                    if v is None
                    else {True: "yes", False: "no"}[v]
                    if f.type == "boolean"
                    else labels[f.name][v]
                )
                for v in wanted
            ]
        else:
            assert classes[0] in R_TYPES[f.type], (f.name, classes)
            wanted = [v.isoformat() if isinstance(v, dt.date) else v for v in wanted]
            # Stata knows no missing text.
            cells = [c or None if package == "haven" and f.type == "string" else c for c in cells]
        assert cells == wanted, f.name


WHOLE = [
    (2_147_483_647, "integer"),
    (2_147_483_648, "numeric"),
    (2**53 - 1, "numeric"),
    (2**53, ""),
    (2**53 + 1, ""),
    (2**63 - 1, ""),
]


@pytest.mark.parametrize(("number", "kind"), WHOLE)
def test_r_rounds_no_whole_number(number: int, kind: str, package: Path) -> None:
    """Each is read exactly, whatever R's type for it, or not at all: 2^53 + 1 as numeric would be 2^53."""
    _r("jsonlite")
    path = package / "data/funding.csv"
    path.write_text(path.read_text("utf-8").replace(",3000000,", f",{number},", 1), "utf-8")

    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["Rscript", "--vanilla", "-e", f'source("{ROOT / "scripts/load.R"}"); {code}'],
            cwd=package,
            capture_output=True,
            text=True,
        )

    done = run(
        'x <- techpacts("funding")$amount; cat(class(x), if (is.numeric(x)) format(x, scientific = FALSE,'
        " digits = 22) else as.character(x))"
    )
    types = run('cat(techpacts_col_types("funding"))')
    if kind:
        assert done.stdout.split() == [kind, str(number), "2000000"], done.stderr
        assert types.returncode == 0 and set(types.stdout) <= set("idlDc")
    else:
        exact = done.stdout.split() == ["integer64", str(number), "2000000"]
        assert exact or f"funding, column amount, row 1: {number} is too large for R" in " ".join(
            done.stderr.split()
        ), done.stdout + done.stderr
        assert types.returncode != 0 and 'use techpacts("funding")' in types.stderr


def test_javascript(folder: Path, contents: Contents) -> None:
    modules = ROOT / "tests/javascript/node_modules"
    if not shutil.which("node") or not modules.is_dir():
        assert not os.environ.get("TECHPACTS_NEEDS_CLIENTS"), (
            "node and the packages of tests/javascript have to be there in CI"
        )
        pytest.skip("node or tests/javascript/node_modules is not there: make clients")
    ((_, _, code),) = (b for b in BLOCKS if b[1] == "js")
    show = "console.log(JSON.stringify(funding, (_, v) => typeof v === 'bigint' ? {whole: String(v)} : v))\n"
    script = folder / "load.mjs"
    script.write_text(code + show, "utf-8")
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(modules)
    done = subprocess.run(["node", script.name], cwd=folder, capture_output=True, check=True)
    # A date is a date at midnight of its day in UTC; a whole number a BigInt.
    change = {dt.date: lambda day: f"{day.isoformat()}T00:00:00.000Z", int: lambda n: {"whole": str(n)}}
    assert records(json.loads(done.stdout)) == expected(contents.frames["funding"], change)


@pytest.fixture(scope="session")
def served(folder: Path) -> Callable[[str], bytes]:
    """What Datasette answers to a path, after the lines of the page were run."""
    there = Path(sys.executable).with_name("datasette")
    datasette = str(there) if there.exists() else shutil.which("datasette")
    if datasette is None:
        assert not os.environ.get("TECHPACTS_NEEDS_CLIENTS"), "datasette has to be there in CI"
        pytest.skip("datasette is not installed: make clients")
    (code,) = re.findall(r"```sh\n(.*?)```", PAGE.split("## Datasette\n")[1].split("\n## ")[0], re.DOTALL)
    *lines, start = code.splitlines()
    subprocess.run(["sh", "-ec", "\n".join(lines)], cwd=folder, check=True)
    assert start.split()[0] == "datasette"

    def answer(path: str) -> bytes:
        return subprocess.run(
            [datasette, *start.split()[1:], "--get", path], cwd=folder, capture_output=True, check=True
        ).stdout

    return answer


def test_datasette_serves_the_tables(served: Callable[[str], bytes], contents: Contents) -> None:
    answer = served("/techpacts/funding.json?_shape=array&_size=max&_sort=funding_id")
    found = [tuple(row[name] for name in contents.tables["funding"].names) for row in json.loads(answer)]
    assert found == expected(contents.frames["funding"], INSTEAD["SQLite"])


@pytest.mark.parametrize("word", ["quantum", "양자", "반도체"])
def test_datasette_searches(
    word: str, served: Callable[[str], bytes], formatted: Formatted, contents: Contents
) -> None:
    page = served(f"/techpacts/provisions?_search={quote(word)}&_size=1").decode("utf-8")
    assert 'type="search" name="_search"' in page
    wanted = contents.frames["provisions"].filter(
        pl.any_horizontal(
            pl.col("summary_en", "summary_ko", "heading")
            .str.to_lowercase()
            .str.contains(rf"(^|[^a-z]){word}")
        )
    )["provision_id"]
    found = json.loads(
        served(f"/techpacts/provisions.json?_search={quote(word)}&_shape=array&_size=max&_col=provision_id")
    )
    assert sorted(r["provision_id"] for r in found) == sorted(wanted)
    assert len(wanted) or (formatted.name, word) == ("mini", "반도체")


def test_datasette_leads_from_a_row_to_its_evidence_and_shows_names_for_ids(
    served: Callable[[str], bytes], contents: Contents
) -> None:
    # A row whose key has two parts, and what is said of it among the evidence that the file has here.
    told = (
        contents.frames["evidence"]
        .filter(pl.col("row_id").str.contains("|", literal=True))
        .row(0, named=True)
    )
    table, row_id = contents.tables[told["table"]], told["row_id"]
    columns = [f.name for f in table.fields if f.name in table.primary_key]
    page = served(f"/techpacts/{table.name}/{','.join(row_id.split('|'))}").decode("utf-8")
    (link,) = re.findall(r'<p class="evidence"><a href="([^"]+)">', page)
    rows = json.loads(served(unescape(link).replace("?", ".json?") + "&_shape=array"))
    mine = contents.frames["evidence"].filter((pl.col("table") == table.name) & (pl.col("row_id") == row_id))
    assert (
        sorted((r["field"], r["value"], r["source_id"]) for r in rows)
        == sorted(mine.select("field", "value", "source_id").iter_rows())
        != []
    )
    key = table.reference_of(columns[0])
    assert key == "agreements"
    (agreement,) = (
        contents.frames["agreements"].filter(pl.col("agreement_id") == row_id.split("|")[0]).rows(named=True)
    )
    listed = served(f"/techpacts/{table.name}?agreement_id={agreement['agreement_id']}&_size=1").decode(
        "utf-8"
    )
    shown = re.findall(r'<td class="col-agreement_id type-(?:str|pk)"><a href="([^"]+)">([^<]+)</a>', listed)
    assert [(href, unescape(label)) for href, label in shown] == [
        (f"/techpacts/agreements/{agreement['agreement_id']}", agreement["title_en"])
    ]
    # The link is one that Datasette answers.
    assert agreement["title_en"] in unescape(served(shown[0][0]).decode("utf-8"))
    # A row of no fact has no evidence.
    assert 'class="evidence"' not in served("/techpacts/countries/KOR").decode("utf-8")


def test_every_format_of_a_release_is_on_the_page() -> None:
    for word in (".sqlite", ".duckdb", ".xlsx", "-stata-en", "-stata-ko", "-jsonl", ".parquet", ".csv"):
        assert word in PAGE
    assert len(BLOCKS) == 15 and "-datasette" in PAGE


def test_the_page_says_how_a_csv_survives_excel_and_namibia() -> None:
    for words in ("double click", "65001", "텍스트/CSV", "keep_default_na=False", 'na = ""', "Namibia"):
        assert words in PAGE
    # What the page warns of is so: without its words the code of Namibia is gone.
    assert pd.read_csv(ROOT / "data/countries.csv")["alpha_2"].isna().sum() == 1
    assert not (ROOT / "data/countries.csv").read_bytes().startswith(b"\xef\xbb\xbf")
