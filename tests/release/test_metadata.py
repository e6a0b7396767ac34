"""One version, date, licence and title everywhere; each description read by a client of its own where that is
installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from scripts.lookup.cite import cite
from scripts.model.paths import ROOT
from scripts.release.metadata import croissant
from scripts.store.jsonfile import to_json
from tests.conftest import Formatted
from tests.mini import release_package
from tests.small_release import Release

PACKAGE = release_package()
TITLE = f"{PACKAGE['name']}: {PACKAGE['title']}"


@pytest.fixture
def dist(release: Release, release_version: str) -> Path:
    """The files of a release of the made-up package."""
    return release.dist


@pytest.fixture
def unpacked(release: Release, release_version: str) -> Path:
    """The zip of that release, unpacked."""
    return release.unpacked


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def said(dist: Path, unpacked: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """What each file says of version, date, licence and title, as far as it says it."""
    licence, address = PACKAGE["licenses"][0]["name"], PACKAGE["licenses"][0]["path"]
    yield (
        "descriptor",
        {
            "version": (d := read(unpacked / "datapackage.json"))["version"],
            "date": d["created"][:10],
            "licence": d["licenses"][0]["name"],
            "title": f"{d['name']}: {d['title']}",
        },
    )
    cff = yaml.safe_load((unpacked / "CITATION.cff").read_text("utf-8"))
    yield (
        "CITATION.cff",
        {
            "version": cff["version"],
            "date": str(cff["date-released"]),
            "licence": cff["license"],
            "title": cff["title"],
        },
    )
    z = read(unpacked / ".zenodo.json")
    yield (
        "Zenodo",
        {
            "version": z["version"],
            "date": z["publication_date"],
            "licence": licence if z["license"] == licence.lower() else "?",
            "title": z["title"],
        },
    )
    yield (
        "CodeMeta",
        {"version": (c := read(unpacked / "codemeta.json"))["version"], "date": c["dateModified"]},
    )
    c = read(unpacked / "croissant.json")
    yield (
        "Croissant",
        {
            "version": c["version"],
            "date": c["datePublished"],
            "licence": licence if c["license"] == address else "?",
            "title": f"{c['name']}: {c['alternateName']}",
        },
    )
    s = read(unpacked / "metadata/schema.org.json")
    yield (
        "schema.org",
        {
            "version": s["version"],
            "date": s["datePublished"],
            "licence": licence if s["license"] == address else "?",
            "title": s["name"],
        },
    )
    d = read(unpacked / "metadata/datacite.json")
    yield (
        "DataCite",
        {
            "version": d["version"],
            "date": d["dates"][0]["date"],
            "licence": d["rightsList"][0]["rightsIdentifier"],
            "title": d["titles"][0]["title"],
        },
    )
    graph = {e["@id"]: e for e in read(unpacked / "ro-crate-metadata.json")["@graph"]}
    yield (
        "RO-Crate",
        {
            "version": graph["./"]["version"],
            "date": graph["./"]["datePublished"],
            "licence": graph[graph["./"]["license"]["@id"]]["identifier"],
            "title": graph["./"]["name"],
        },
    )
    bib = dict(
        re.findall(
            r"^  (\w+) = \{(.*)\},$", (unpacked / "metadata/techpacts.bib").read_text("utf-8"), re.MULTILINE
        )
    )
    yield "BibTeX", {"version": bib["version"], "date": bib["date"], "title": bib["title"].strip("{}")}
    ris = dict(
        re.findall(
            r"^(\w\w)  - (.*)$", (unpacked / "metadata/techpacts.ris").read_text("utf-8"), re.MULTILINE
        )
    )
    yield "RIS", {"version": ris["ET"], "date": ris["DA"].replace("/", "-"), "title": ris["TI"]}
    metadata = {
        k.decode(): v.decode() for k, v in pq.read_schema(unpacked / "data/funding.parquet").metadata.items()
    }
    yield "Parquet", {"licence": metadata["license"]}
    name = f"techpacts-{PACKAGE['version']}"
    connection = sqlite3.connect(dist / f"{name}.sqlite")
    rows = dict(connection.execute("SELECT * FROM package"))
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    yield (
        "SQLite",
        {
            "version": rows["version"],
            "date": rows["released"],
            "licence": rows["license"],
            "title": f"{rows['name']}: {rows['title']}",
        },
    )
    yield "SQLite header", {"version": f"{number // 1_000_000}.{number // 1_000 % 1_000}.{number % 1_000}"}
    with duckdb.connect(str(dist / f"{name}.duckdb"), read_only=True) as connection:
        rows = dict(connection.execute("SELECT * FROM package").fetchall())
    yield (
        "DuckDB",
        {
            "version": rows["version"],
            "date": rows["released"],
            "licence": rows["license"],
            "title": f"{rows['name']}: {rows['title']}",
        },
    )
    book = openpyxl.load_workbook(dist / f"{name}.xlsx")
    custom = {p.name: p.value for p in book.custom_doc_props.props}
    yield (
        "Excel",
        {
            "version": custom["version"],
            "date": str(book.properties.created)[:10],
            "licence": custom["license"],
            "title": f"techpacts: {book.properties.title}",
        },
    )
    with (
        zipfile.ZipFile(dist / f"{name}-stata-en.zip") as archive,
        archive.open(f"{name}-stata-en/funding.dta") as file,
        pd.io.stata.StataReader(file) as reader,
    ):
        yield (
            "Stata",
            {
                "version": reader.data_label.split()[-1],
                "date": pd.to_datetime(reader.time_stamp).date().isoformat(),
            },
        )


def test_version_date_licence_and_title_are_the_same_everywhere(dist: Path, unpacked: Path) -> None:
    wanted = {
        "version": PACKAGE["version"],
        "date": PACKAGE["released"],
        "licence": PACKAGE["licenses"][0]["name"],
        "title": TITLE,
    }
    found = dict(said(dist, unpacked))
    assert {name: {k: v for k, v in cells.items() if v != wanted[k]} for name, cells in found.items()} == {
        name: {} for name in found
    }
    assert len(found) == 16
    assert PACKAGE["citation"] == (unpacked / "metadata/apa.txt").read_text("utf-8").strip() and PACKAGE[
        "citation"
    ] in cite("funding", "kor-usa-cet-2023-bioeconomy")


def test_nothing_is_invented(unpacked: Path) -> None:
    """No identifier, address or person that is known only on deposit."""
    names = (
        "croissant.json",
        "ro-crate-metadata.json",
        ".zenodo.json",
        "codemeta.json",
        "CITATION.cff",
        *(f"metadata/{p.name}" for p in (unpacked / "metadata").iterdir()),
    )
    for name in names:
        text = (unpacked / name).read_text("utf-8")
        assert not re.search(r"10\.\d{4,}/(?!schema)|orcid|@[a-z]+\.(org|com)|github", text, re.IGNORECASE), (
            name
        )
        # RIS and BibTeX need no address either.
        known = (
            "https://creativecommons.org/",
            "https://schema.org/",
            "http://mlcommons.org/croissant/",
            "http://purl.org/dc/",
            "https://w3id.org/ro/crate/",
            "http://datacite.org/schema/",
            "https://spdx.org/",
            "https://doi.org/10.5063/schema",
        )
        assert [a for a in re.findall(r"https?://[^\s\"<>,}]+", text) if not a.startswith(known)] == [], name


def client(name: str) -> Any:
    """A package that is only needed to read metadata; where CI says so it must be there."""
    if importlib.util.find_spec(name.partition(".")[0]) is None and not os.environ.get(
        "TECHPACTS_NEEDS_CLIENTS"
    ):
        pytest.skip(f"{name} is not installed: make clients")
    return importlib.import_module(name)


def test_croissant_reads_every_record_set(formatted: Formatted, tmp_path: Path) -> None:
    contents, given = formatted.contents, read(formatted.folder / "datapackage.json")
    (tmp_path / "croissant.json").write_bytes(to_json(croissant(contents, given)))
    (tmp_path / "data").symlink_to(formatted.folder / "data")
    dataset = client("mlcroissant").Dataset(str(tmp_path / "croissant.json"))
    issues = dataset.metadata.ctx.issues
    assert (set(issues.errors), set(issues.warnings)) == (set(), set())
    for table in contents.tables.values():
        texts = [f.name for f in table.fields if f.type == "string"]
        found = [[record[f"{table.name}/{n}"] for n in texts] for record in dataset.records(table.name)]
        wanted = contents.frames[table.name].select(texts).rows()
        assert [
            tuple(c.decode("utf-8") if isinstance(c, bytes) else None for c in row) for row in found
        ] == wanted, table.name


def test_datacite_accepts_it_once_it_is_deposited(unpacked: Path) -> None:
    schema45 = client("datacite.schema45")
    given = read(unpacked / "metadata/datacite.json") | {
        "doi": "10.5072/example",
        "publisher": {"name": "Example"},
    }
    assert [e.message for e in schema45.validator.iter_errors(given)] == []
    assert "Tabular data" in schema45.tostring(given) and PACKAGE["techpacts:titleKo"] in schema45.tostring(
        given
    )
    assert list(schema45.validator.iter_errors({k: v for k, v in given.items() if k != "publicationYear"}))


def test_ro_crate_is_read_back_with_every_file(unpacked: Path) -> None:
    crate = client("rocrate.rocrate").ROCrate(str(unpacked))
    assert crate.name == TITLE
    files = {str(p.relative_to(unpacked)) for p in unpacked.rglob("*") if p.is_file()} - {
        "ro-crate-metadata.json",
        "SHA256SUMS",
    }
    assert {e.id for e in crate.data_entities} == files


def test_cffconvert_accepts_the_citation_file(tmp_path: Path) -> None:
    tool = ROOT / ".venv/cff/bin/cffconvert"
    if not tool.exists():
        assert not os.environ.get("TECHPACTS_NEEDS_CLIENTS"), "cffconvert has to be there in CI"
        pytest.skip("cffconvert is not installed: make clients")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(tool), *words], capture_output=True, text=True)

    assert run("--validate", "-i", str(ROOT / "CITATION.cff")).returncode == 0
    assert PACKAGE["title"] in run("-f", "bibtex", "-i", str(ROOT / "CITATION.cff")).stdout
    (tmp_path / "CITATION.cff").write_text(
        (ROOT / "CITATION.cff").read_text("utf-8").replace("type: dataset", "type: tablecloth"), "utf-8"
    )
    assert run("--validate", "-i", str(tmp_path / "CITATION.cff")).returncode != 0
