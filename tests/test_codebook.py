"""The codebook is current, complete and in both languages, and what it counts is in the data."""

from __future__ import annotations

import csv
import re

import pytest

from scripts.caveats import BY_EVIDENCE, CAVEATS
from scripts.release.codebook import FOLDER, _share, codebook, counts
from scripts.release.contents import Contents, read_contents
from scripts.tableschema import ROOT
from tests.mini import TABLES


@pytest.fixture(scope="module")
def contents() -> Contents:
    return read_contents()


@pytest.fixture(scope="module")
def pages(contents: Contents) -> dict[str, str]:
    return {path: page.decode("utf-8") for path, page in codebook(contents).items()}


def test_the_pages_are_current(pages: dict[str, str]) -> None:
    there = {f"{FOLDER}/{p.name}" for p in (ROOT / FOLDER).iterdir()} | {"docs/codebook.md"}
    assert there == set(pages), "run: python -m scripts codebook"
    for path, page in pages.items():
        assert (ROOT / path).read_text("utf-8") == page, "run: python -m scripts codebook"


def test_every_column_and_value_is_there_in_both_languages(pages: dict[str, str]) -> None:
    for table in TABLES.values():
        page = pages[f"{FOLDER}/{table.name}.md"]
        for f in table.fields:
            (line,) = (x for x in page.splitlines() if x.startswith(f"| `{f.name}`<br>"))
            for text in (f.title, f.title_ko, f.description, f.description_ko, f.example):
                assert text.replace("|", "\\|") in line, (table.name, f.name, text)
            for c in f.categories:
                assert re.search(rf"^\| `{re.escape(c['value'])}` \| [\d,]+ \| {re.escape(c['label'])} \|.*{re.escape(c['techpacts:labelKo'])}", page, re.MULTILINE), (table.name, f.name, c["value"])
            for code in f.caveats if f.name not in table.primary_key else ():
                assert re.search(rf"^- .*`{f.name}`.*{re.escape(CAVEATS[code].ko)}$", page, re.MULTILINE), (table.name, f.name, code)


def test_links_lead_to_pages(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        for link in re.findall(r"\]\(([^)#]+)\)", page):
            target = (ROOT / path).parent / link
            assert target.resolve().is_file(), (path, link)


def test_counts_are_those_of_the_csv_files(contents: Contents) -> None:
    """Counted again from the text of the files, cell by cell."""
    counted = counts(contents)
    read = {n: list(csv.DictReader((ROOT / f"data/{n}.csv").open(encoding="utf-8", newline=""))) for n in TABLES}
    confirmed = {(e["table"], e["row_id"], e["field"]) for e in read["evidence"] if e["stands"] == "true" and e["check"] == "confirmed"}
    for table in TABLES.values():
        for f in table.fields:
            assert counted[table.name, f.name].filled == sum(r[f.name] != "" for r in read[table.name])
            assert counted[table.name, f.name].confirmed == sum((t, c) == (table.name, f.name) for t, _, c in confirmed)


def test_shares_do_not_round_to_none_or_all() -> None:
    assert [_share(*x) for x in ((0, 9), (1, 900), (450, 900), (899, 900), (900, 900), (0, 0))] == ["0%", "<1%", "50%", ">99%", "100%", "–"]


def test_every_caveat_is_used_and_said_in_both_languages() -> None:
    used = {code for t in TABLES.values() for f in t.fields for code in f.caveats}
    assert used == set(CAVEATS) and set(BY_EVIDENCE.values()) <= used
    for caveat in CAVEATS.values():
        assert re.search("[가-힣]", caveat.ko) and not re.search("[가-힣]", caveat.en) and caveat.en.endswith(".") and caveat.ko.endswith(".")


def test_the_diagram_has_every_reference_among_the_fact_tables(pages: dict[str, str]) -> None:
    diagram = pages["docs/codebook.md"].split("```mermaid\n")[1].split("```")[0]
    facts = {t.name for t in TABLES.values() if t.kind == "fact"}
    assert set(re.findall(r"^  (\w+) --> (\w+)$", diagram, re.MULTILINE)) == {(t.name, k.table) for t in TABLES.values() for k in t.foreign_keys if {t.name, k.table} <= facts}
