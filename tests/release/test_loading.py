"""The package in the hands of others: frictionless, the official profile, pandas, R, CITATION.cff."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import frictionless
import jsonschema
import pandas as pd
import pytest
import yaml

from scripts.model.paths import ROOT, SCHEMAS
from scripts.model.problems import BadData
from scripts.package.settings import load_package
from scripts.pipeline.build import Built
from scripts.store.schemas import load_tables


def test_frictionless_finds_the_package_valid() -> None:
    report = frictionless.validate(str(ROOT / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])
    assert len(report.tasks) == len(load_tables())


def test_frictionless_sees_a_planted_fault(package: Path) -> None:
    """The second opinion is awake: it reports what it can see."""
    path = package / "data/funding_parties.csv"
    path.write_text(path.read_text("utf-8").replace("alpha", "ghost"), "utf-8")
    found = {t for (t,) in frictionless.validate(str(package / "datapackage.json")).flatten(["type"])}
    assert {"hash-count", "foreign-key"} <= found


def test_the_official_profile_accepts_the_descriptor() -> None:
    """The profile comes with check-datapackage, which is only read, as it asks for a newer Python."""
    spec = importlib.util.find_spec("check_datapackage")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("check-datapackage is not installed: make env installs it")
    profile = json.loads(
        (Path(spec.submodule_search_locations[0]) / "schemas/data-package-2-0.json").read_text("utf-8")
    )
    validator = jsonschema.validators.validator_for(profile)(profile)
    given = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert [e.message for e in validator.iter_errors(given)] == []
    del given["resources"][0]["name"]
    assert list(validator.iter_errors(given))


def test_pandas_reads_each_table_with_its_types(real: Built) -> None:
    kinds = {
        "string": "string[pyarrow]",
        "integer": "int64[pyarrow]",
        "number": "double[pyarrow]",
        "boolean": "bool[pyarrow]",
        "date": "date32[day][pyarrow]",
    }
    for table in real.tables.values():
        frame = pd.read_parquet(ROOT / f"data/{table.name}.parquet", dtype_backend="pyarrow")
        assert {n: str(t) for n, t in frame.dtypes.items()} == {f.name: kinds[f.type] for f in table.fields}
        assert len(frame) == len(real.data[table.name])
    frame = pd.read_parquet(ROOT / "data/agreements.parquet", dtype_backend="pyarrow").set_index(
        "agreement_id"
    )
    row = frame.loc["kor-usa-tpd-2025"]
    assert (
        row["signed_on_from"] == dt.date(2025, 10, 29)
        and row["legally_binding"] is False
        and row["notice_days"] == 180
        and pd.isna(frame.loc["kor-usa-joint-fact-sheet-2025"]["notice_days"])
    )


R_CODE = """
source("scripts/load.R")
a <- techpacts("agreements"); f <- techpacts("funding"); s <- techpacts("statistics")
row <- a[a$agreement_id == "kor-usa-tpd-2025", ]
stopifnot(inherits(a$signed_on_from, "Date"), row$signed_on_from == as.Date("2025-10-29"),
  is.logical(a$legally_binding), identical(row$legally_binding, FALSE))
stopifnot(identical(utf8ToInt(row$official_title_ko)[1:3], c(54620L, 183L, 48120L)), 
  identical(row$notice_days, 180L), anyNA(a$notice_days), is.character(a$parent_agreement_id))
money <- f[f$funding_id == "kor-usa-cet-2023-bioeconomy", ]
stopifnot(money$amount == 1e7, is.numeric(f$amount), max(f$amount) > 2^31, money$bound == "at_least",
  is.numeric(s$value), 1811 %in% s$value)
cat(vapply(jsonlite::fromJSON("datapackage.json", simplifyVector = FALSE)$resources, function(r) {
  d <- techpacts(r$name); stopifnot(nrow(d) == r[["techpacts:rows"]]); nrow(d)
}, 0L), "\\n")
"""


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_r_reads_each_table_with_its_types(real: Built, locale: str) -> None:
    if shutil.which("Rscript") is None:
        if os.environ.get("TECHPACTS_NEEDS_R"):
            pytest.fail("R has to be there in CI")
        pytest.skip("R is not installed")
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", R_CODE],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": locale},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert [int(n) for n in done.stdout.split()] == [len(rows) for rows in real.data.values()]


def test_citation_says_what_the_package_says() -> None:
    package, cff = load_package(), yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    given = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert cff["version"] == package["version"] == given["version"]
    assert str(cff["date-released"]) == package["released"] == given["created"][:10]
    assert cff["license"] == package["licenses"][0]["name"] == given["licenses"][0]["name"]
    assert (
        cff["type"] == "dataset"
        and cff["cff-version"] == "1.2.0"
        and cff["authors"] == [{"name": "The techpacts contributors"}]
    )
    assert package["citation"] in (ROOT / "README.md").read_text("utf-8")


BAD_PACKAGE = [
    ("version", "1.0", '"1.0", not a semantic version'),
    ("released", "2026-13-01", '"2026-13-01", not a date'),
    ("licenses", [{"name": "CC-BY-4", "path": "x"}], 'is not known here for the license "CC-BY-4"'),
    ("licence", "x", '"licence" is not enforced by this project'),
]


@pytest.mark.parametrize(("name", "value", "message"), BAD_PACKAGE, ids=[b[0] for b in BAD_PACKAGE])
def test_bad_package_metadata_is_reported(tmp_path: Path, name: str, value: object, message: str) -> None:
    given = json.loads((SCHEMAS / "package.json").read_text("utf-8"))
    (tmp_path / "package.json").write_text(json.dumps({**given, name: value}), "utf-8")
    with pytest.raises(BadData, match=re.escape(message)):
        load_package(tmp_path)


def test_countries_are_those_of_pycountry_and_babel() -> None:
    from scripts.coding.countries import countries_csv

    assert countries_csv() == (ROOT / "seeds/vocabularies/countries.csv").read_bytes()
    assert countries_csv(ROOT / "none.csv") == countries_csv()


def test_a_country_that_was_added_is_kept(tmp_path: Path) -> None:
    """What the message of a missing country asks for is not taken out again; a changed name of ISO or CLDR
    is.
    """
    from scripts.coding.countries import countries_csv

    plain = countries_csv().decode("utf-8")
    added = "XKX,XK,Kosovo,코소보\n"
    path = tmp_path / "countries.csv"
    path.write_text(plain.replace("KOR,KR,", f"{added}KOR,KR,").replace(",대만\n", ",타이완\n"), "utf-8")
    kept = countries_csv(path).decode("utf-8")
    assert kept.replace(added, "") == plain and kept.splitlines() == sorted(
        kept.splitlines(), key=lambda x: (x[:3] != "cou", x)
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("KRR,KX,x,x", "country_code", "KRR"),
        ("XKX,KX,x,x", "alpha_2", "KX"),
        ("QLA,QM,x,x", "country_code", "QLA"),
        ("AAA,AB,x,x", "alpha_2", "AB"),
    ],
)
def test_a_country_with_a_code_of_nobody_is_refused(row: str, column: str, code: str, tmp_path: Path) -> None:
    from scripts.coding.countries import countries_csv

    path = tmp_path / "countries.csv"
    path.write_bytes(countries_csv() + row.encode() + b"\n")
    with pytest.raises(
        BadData,
        match=(
            f'countries.csv:251:{column}: "{code}" is neither a code of ISO 3166-1 nor one that it leaves to'
            " users"
        ),
    ):
        countries_csv(path)


def _python_blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)


def test_the_readme_does_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every Python block runs as printed, one after the other, and prints what the README prints."""
    monkeypatch.chdir(ROOT)
    blocks = _python_blocks("README.md")
    assert blocks
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), space)
    printed = [line.rstrip() for line in capsys.readouterr().out.strip().splitlines()]
    shown = [
        line.rstrip()
        for line in (
            re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[1]
            .strip()
            .splitlines()
        )
    ]
    assert printed == shown
