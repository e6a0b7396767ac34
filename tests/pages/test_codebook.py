"""The codebook is current, complete and in both languages, and what it counts is in the data."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from scripts.model.caveats import CAVEATS
from scripts.model.evidence_kinds import EVIDENCE
from scripts.model.paths import ROOT
from scripts.package.loaded import Contents, read_contents
from scripts.pages.codebook import FOLDER, INDEX, codebook, counts, share
from tests.mini import TABLES


@pytest.fixture(scope="module")
def contents() -> Contents:
    return read_contents()


@pytest.fixture(scope="module")
def pages(contents: Contents) -> dict[str, str]:
    return {path: page.decode("utf-8") for path, page in codebook(contents).items()}


def test_there_is_a_page_for_each_table(pages: dict[str, str]) -> None:
    """That the pages are current is tested in ``test_pages.py``."""
    assert set(pages) == {INDEX, *(f"{FOLDER}/{name}.md" for name in TABLES)}


def test_every_column_and_value_is_there_in_both_languages(pages: dict[str, str]) -> None:
    for table in TABLES.values():
        page = pages[f"{FOLDER}/{table.name}.md"]
        for f in table.fields:
            (line,) = (x for x in page.splitlines() if x.startswith(f"| `{f.name}`<br>"))
            for text in (f.title, f.title_ko, f.description, f.description_ko, f.example):
                assert text.replace("|", "\\|") in line, (table.name, f.name, text)
            for c in f.categories:
                assert re.search(
                    rf"^\| `{re.escape(c['value'])}` \| [\d,]+ \| {re.escape(c['label'])}"
                    rf" \|.*{re.escape(c['techpacts:labelKo'])}",
                    page,
                    re.MULTILINE,
                ), (table.name, f.name, c["value"])
            for code in f.caveats:
                assert re.search(rf"^- .*`{f.name}`.*{re.escape(CAVEATS[code].ko)}$", page, re.MULTILINE), (
                    table.name,
                    f.name,
                    code,
                )


def test_links_lead_to_pages(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        for link in re.findall(r"\]\(([^)#]+)\)", page):
            target = (ROOT / path).parent / link
            assert target.resolve().is_file(), (path, link)


def test_counts_are_those_of_the_csv_files(contents: Contents) -> None:
    """Counted again from the text of the files, cell by cell."""
    counted = counts(contents)
    read = {
        n: list(csv.DictReader((ROOT / f"data/{n}.csv").open(encoding="utf-8", newline=""))) for n in TABLES
    }
    confirmed = {
        (e["table"], e["row_id"], e["field"])
        for e in read["evidence"]
        if e["stands"] == "true" and e["check"] == "confirmed"
    }
    for table in TABLES.values():
        for f in table.fields:
            assert counted[table.name, f.name].filled == sum(r[f.name] != "" for r in read[table.name])
            assert counted[table.name, f.name].confirmed == sum(
                (t, c) == (table.name, f.name) for t, _, c in confirmed
            )


def test_shares_do_not_round_to_none_or_all() -> None:
    assert [share(*x) for x in ((0, 9), (1, 900), (450, 900), (899, 900), (900, 900), (0, 0))] == [
        "0%",
        "<1%",
        "50%",
        ">99%",
        "100%",
        "–",
    ]


def test_every_caveat_is_used_and_said_in_both_languages() -> None:
    used = {code for t in TABLES.values() for f in t.fields for code in f.caveats}
    assert used == set(CAVEATS) and {kind.caveat for kind in EVIDENCE.values() if kind.caveat} <= used
    for caveat in CAVEATS.values():
        assert (
            re.search("[가-힣]", caveat.ko)
            and not re.search("[가-힣]", caveat.en)
            and caveat.en.endswith(".")
            and caveat.ko.endswith(".")
        )


# What a reader without types, or Excel on opening a CSV, takes for something else, cell by cell.
OTHER_TYPE = re.compile(
    # numbers, 007 and 1E5 among them; logical values
    r"[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?%?|[-+]?inf(?:inity)?|true|false"
    r"|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|\d{1,2}:\d{2}(?::\d{2})?"  # dates, 1-5 among them; times
    r"|\d{0,2}[- ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]?\d{1,4}|\d{1,2}[-"
    r" ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|[=+@-].*",  # formulas
    re.IGNORECASE | re.DOTALL,
)


def _misread(folder: Path, names: Iterable[str]) -> set[tuple[str, str, str]]:
    """Table, column and caveat of every text column in which pandas, readr or Excel read something else by
    default.
    """
    found = set()
    for name in names:
        texts = [f.name for f in TABLES[name].fields if f.type == "string"]
        held = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)[texts]
        # As text, so that only what is missing differs; readr takes NA alone, Excel's own error values are
        # among pandas'.
        default = pd.read_csv(folder / f"{name}.csv", dtype=str)[texts]
        found |= {(name, c, "read_as_missing") for c in texts if (default[c].isna() & (held[c] != "")).any()}
        found |= {
            (name, c, "read_as_other_type")
            for c in texts
            if any(OTHER_TYPE.fullmatch(v) for v in held[c].unique())
        }
    return found


def test_every_column_that_is_misread_by_default_says_so() -> None:
    """And no other."""
    codes = {"read_as_missing", "read_as_other_type"}
    told = {
        (t.name, f.name, c) for t in TABLES.values() for f in t.fields for c in codes.intersection(f.caveats)
    }
    assert told == _misread(ROOT / "data", TABLES)
    assert ("countries", "alpha_2", "read_as_missing") in told and (
        "agreements",
        "signed_on",
        "read_as_other_type",
    ) in told


@pytest.mark.parametrize(("text", "caveat"), [
    *((t, "read_as_missing") for t in ("NA", "None", "null", "NULL", "nan", "N/A", "#N/A", "n/a")),
    *((t, "read_as_other_type")
      for t in ("TRUE", "false", "007", "1E5", "2023-04", "1-5", "3/4", "17:33", "MAR1", "1-Mar", "6.10",
                ".5", "1,000", "50%", "=A1", "+82", "-5", "inf", "0.2.0")),
    *((t, None) for t in ("KR", "MAR", "mar", "usa-1", "Namibia", "nano", "trues", "5 million", "II.1",
                          "1A")),
])  # fmt: skip
def test_what_is_misread(text: str, caveat: str | None, tmp_path: Path) -> None:
    (tmp_path / "countries.csv").write_text(
        f'country_code,alpha_2,name_en,name_ko\nKOR,KR,"{text}",x\n', "utf-8"
    )
    assert _misread(tmp_path, ["countries"]) == ({("countries", "name_en", caveat)} if caveat else set())


def test_the_diagram_has_every_reference_among_the_fact_tables(pages: dict[str, str]) -> None:
    diagram = pages[INDEX].split("```mermaid\n")[1].split("```")[0]
    facts = {t.name for t in TABLES.values() if t.kind == "fact"}
    assert set(re.findall(r"^  (\w+) --> (\w+)$", diagram, re.MULTILINE)) == {
        (t.name, k.table) for t in TABLES.values() for k in t.foreign_keys if {t.name, k.table} <= facts
    }
