"""What the pictures show is what is in the data, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from scripts.model.paths import ROOT
from scripts.package.loaded import LANGUAGES, Contents, read_contents
from scripts.pages.picture_charts import charts
from scripts.pages.picture_rows import (
    FIELDS,
    SUMS,
    copublication_rows,
    evidence_rows,
    matrix_rows,
    money_rows,
    timeline_rows,
)
from scripts.pages.picture_words import WORDS
from scripts.pages.pictures import FOLDER, NOTE, drawn_from_earlier_data, note


@pytest.fixture(scope="module")
def contents() -> Contents:
    return read_contents()


def test_the_timeline_has_every_event_of_an_agreement_with_a_known_day(contents: Contents) -> None:
    events = [
        e
        for e in contents.frames["events"].rows(named=True)
        if e["agreement_id"] and e["start_on"] and len(e["start_on"]) == 10 and e["start_on"] >= "2019"
    ]
    found = timeline_rows(contents, "en")
    assert (
        sorted(found["day"].cast(pl.String)) == sorted(e["start_on"] for e in events)
        and found.null_count().sum_horizontal().item() == 0
    )


def test_the_matrix_counts_agreements(contents: Contents) -> None:
    found = matrix_rows(contents, "en")
    assert found["field"].n_unique() == FIELDS
    family = {a["agreement_id"]: a["family"] for a in contents.frames["agreements"].rows(named=True)}
    named = [
        r
        for r in contents.frames["agreement_matrix"].rows(named=True)
        if r["named"]
        and r["domain_id"] == "quantum"
        and family[r["agreement_id"]] == "technology_prosperity_deal"
    ]
    assert (
        found.filter(
            (pl.col("field") == "Quantum technology") & (pl.col("family") == "Technology Prosperity Deal")
        )["agreements"].to_list()
        == [len(named)]
        != [0]
    )


def test_co_publication_is_a_share_of_the_series(contents: Contents) -> None:
    found = copublication_rows(contents, "ko")
    assert found.group_by("country").len().sort("country").rows() == [
        ("대한민국", 20),
        ("스웨덴", 20),
        ("영국", 20),
        ("일본", 20),
    ]
    # 837 of Korea's 2,569 articles of 2022.
    assert found.filter((pl.col("country") == "대한민국") & (pl.col("year") == 2022))[
        "share"
    ].item() == pytest.approx(837 / 2569)


def test_the_sums_are_those_of_the_totals_each_by_its_bound(contents: Contents) -> None:
    found, totals = (
        money_rows(contents, "en"),
        contents.frames["funding_totals"].filter(pl.col("basis") == "in_usd"),
    )
    assert found["agreement"].n_unique() == SUMS
    every = {
        (b.replace("_", " ").capitalize(), v)
        for b in ("at_least", "exactly", "about", "up_to")
        for v in totals[b]
    }
    assert set(found.select("bound", "dollars").iter_rows()) <= every
    assert found["dollars"].max() == max(
        v
        for t in (
            totals.filter(pl.col("grouping").is_in(["own_money_of_agreement", "announced_beside_agreement"]))
            .select("at_least", "exactly", "about", "up_to")
            .rows()
        )
        for v in t
    )


def test_every_proven_cell_is_counted_once(contents: Contents) -> None:
    cells = contents.frames["evidence"].filter("stands").select("table", "row_id", "field").unique().height
    for language in LANGUAGES:
        assert evidence_rows(contents, language)["cells"].sum() == cells


def test_pictures_are_in_both_languages(contents: Contents) -> None:
    for name, chart in charts(contents, "ko").items():
        text = chart.to_json()
        assert re.search("[가-힣]", text) and WORDS[name][1].split(",")[0].split("{")[0] in text
    assert all(en and re.search("[가-힣]", ko) for en, ko in WORDS.values())
    assert (
        set(charts(contents, "en"))
        == set(charts(contents, "ko"))
        == {"timeline", "matrix", "money", "evidence", "copublication"}
    )


def test_the_pictures_of_the_readme_are_there() -> None:
    shown = re.findall(r"\]\((docs/reference/pictures/[^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert len(shown) >= 2
    for path in shown:
        svg = (ROOT / path).read_text("utf-8")
        assert svg.startswith("<svg") and "<text" in svg


def test_pictures_of_earlier_data_are_recognized(contents: Contents, tmp_path: Path) -> None:
    assert drawn_from_earlier_data(contents, tmp_path)
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / NOTE).write_bytes(note(contents))
    assert not drawn_from_earlier_data(contents, tmp_path)
    fewer = {**contents.frames, "events": contents.frames["events"].head(1)}
    assert drawn_from_earlier_data(replace(contents, frames=fewer), tmp_path)
