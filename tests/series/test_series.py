"""Published series: what the pinned tables say, country by country, and that no figure is another's."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.coding.lists import read_list
from scripts.commands.main import main
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun
from scripts.model.seeds import Seeds
from scripts.pipeline.build import Built
from scripts.pipeline.seeds import read_lists
from scripts.series.agreement import SeriesTables
from scripts.series.pin import pin, pinned_table
from scripts.series.pinned import read_upstream
from scripts.series.publishers.ncses import PUBLISHER
from scripts.series.report import compare, report
from scripts.series.rows import ranks, series_rows
from scripts.store.files import sha256
from scripts.store.schemas import load_tables
from tests.mini import Mini
from tests.related import budget

CONVERSION = ROOT.parent / "shared" / "upstream" / "ncses"


def figure(built: Built, table: str, indicator: str, *who: str, year: int | None = None) -> float:
    """The one figure of an indicator for a country, region or pair, and the last of its years."""
    keys = {
        "country_statistics": ("country_code",),
        "region_statistics": ("region_id",),
        "pair_statistics": ("country_code_a", "country_code_b"),
    }[table]
    found = [
        r["value"]
        for r in built.data[table]
        if r["indicator_id"] == indicator
        and tuple(r[k] for k in keys) == who
        and year in (None, r["period_to"])
    ]
    assert len(found) == 1, found
    return found[0]


# --- what publishers say elsewhere: the release of the State of U.S. Science and Engineering 2024 names five
# spenders, rounded


@pytest.mark.parametrize(
    ("country", "billions"), [("USA", 806), ("CHN", 668), ("JPN", 177), ("DEU", 154), ("KOR", 120)]
)
def test_spending_is_what_the_release_of_the_report_says(real: Built, country: str, billions: int) -> None:
    assert round(figure(real, "country_statistics", "ncses-gerd-ppp", country, year=2021)) == billions


def test_the_share_of_the_world_among_its_own_top_percent_is_one(real: Built) -> None:
    world = [
        r
        for r in real.data["region_statistics"]
        if r["indicator_id"] == "ncses-biology-share-of-top1" and r["region_id"] == "world"
    ]
    assert len(world) == 18 and {r["value"] for r in world} == {1.0}


def test_a_year_behind_a_name_is_the_year_of_its_last_figure(real: Built) -> None:
    """The column headed 2021 of SRD-1 holds 2019 for Australia and 2017 for Mexico."""
    years = {
        c: sorted(
            r["period_to"]
            for r in real.data["country_statistics"]
            if (r["indicator_id"], r["country_code"]) == ("ncses-gerd-ppp", c)
        )
        for c in ("AUS", "MEX", "KOR", "RUS")
    }
    assert years == {
        "AUS": [1990, 2000, 2010, 2019],
        "MEX": [2000, 2010, 2017],
        "KOR": [2000, 2010, 2021],
        "RUS": [1990, 2000, 2010, 2020],
    }


def test_korea_and_the_united_states_with_their_ranks(real: Built) -> None:
    """Read off the pinned table by hand: Korea is tenth by AI articles of 2022, the United States third."""
    rows = {
        (r["country_code"]): (r["value"], r["rank"])
        for r in real.data["country_statistics"]
        if r["indicator_id"] == "ncses-ai-articles-whole" and r["period_to"] == 2022
    }
    assert (
        rows["CHN"] == (42524, 1)
        and rows["IND"] == (22557, 2)
        and rows["USA"] == (12642, 3)
        and rows["GBR"] == (4675, 4)
        and rows["KOR"] == (2569, 10)
    )
    assert figure(real, "pair_statistics", "ncses-ai-articles-coauthored-cumulative", "KOR", "USA") == 1833
    assert figure(real, "pair_statistics", "ncses-se-articles-coauthored", "KOR", "USA", year=2022) == 11387
    assert figure(real, "country_statistics", "ncses-se-articles-international", "KOR", year=2022) == 31523


# --- every figure of the pinned tables is in the data, once, under the right name


def test_every_figure_is_published_with_the_line_it_stands_on(real: Built) -> None:
    """Read again by the standard library alone: no figure is lost, none is another's."""
    names = {
        r["name"]: r["country_code"] or r["region_id"]
        for r in csv.DictReader((ROOT / "seeds/upstream/names.csv").open(encoding="utf-8"))
    }
    series = {
        (r["upstream_id"], r["measure"]): r["indicator_id"]
        for r in csv.DictReader((ROOT / "seeds/upstream/series.csv").open(encoding="utf-8"))
    }
    wanted = set()
    for upstream in real.data["upstreams"]:
        rows = csv.DictReader(
            (ROOT / f"seeds/upstream/tables/{upstream['upstream_id']}.csv").open(encoding="utf-8")
        )
        for line, r in enumerate(rows, start=2):
            who = tuple(sorted(names[n] for n in (r["entity"], r["partner"]) if n))
            wanted.add(
                (
                    series[upstream["upstream_id"], r["measure"]],
                    who,
                    int(r["period_from"]),
                    int(r["period_to"]),
                    float(r["value"]),
                    upstream["upstream_id"],
                    line,
                )
            )
    found = set()
    for table, keys in (
        ("country_statistics", ["country_code"]),
        ("region_statistics", ["region_id"]),
        ("pair_statistics", ["country_code_a", "country_code_b"]),
    ):
        found |= {
            (
                r["indicator_id"],
                tuple(r[k] for k in keys),
                r["period_from"],
                r["period_to"],
                r["value"],
                r["upstream_id"],
                r["upstream_line"],
            )
            for r in real.data[table]
        }
    assert found == wanted and len(found) == sum(
        len(real.data[t]) for t in ("country_statistics", "region_statistics", "pair_statistics")
    )


def test_the_pinned_tables_are_what_the_conversion_gives() -> None:
    if not CONVERSION.is_dir():
        pytest.skip("the conversion of the NCSES tables is not at hand")
    for name, data in pin(PUBLISHER, CONVERSION).items():
        assert (ROOT / "seeds" / name).read_bytes() == data, name


# --- tables held against each other


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    """The committed seeds; not to be changed."""
    return read_lists(load_tables())


def test_the_tables_agree(seeds: Seeds) -> None:
    found = report(PUBLISHER, seeds)
    assert (
        found.problems == []
        and "181 compared, 0 differ" in found.summary
        and "4140 compared, 0 differ" in found.summary
    )


@pytest.mark.parametrize(
    ("indicator", "who", "change", "message"),
    [
        ("ncses-ai-articles-whole-cumulative", "KOR", 1, "KOR has 24893 over the years, year by year 24892"),
        ("ncses-ai-articles-whole", "KOR", -2400, "is more than KOR has in all"),
        ("ncses-ai-articles-fractional-cumulative", "KOR", 100, "the world has 957932, its parts 958032"),
        ("ncses-ai-patent-families-cumulative", "KOR", -200, "the world has 190038, its parts 189842"),
        ("ncses-se-articles-international", "KOR", -30000, "is more than KOR has in all"),
        ("ncses-ai-articles-whole-cumulative", "KOR", -23500, "is more than KOR has in all"),
    ],
)
def test_a_wrong_figure_in_one_table_is_denied_by_another(
    seeds: Seeds, indicator: str, who: str, change: int, message: str
) -> None:
    found = report(PUBLISHER, seeds)
    row = next(
        r
        for r in reversed(found.rows["country_statistics"])
        if (r["indicator_id"], r["country_code"]) == (indicator, who)
    )
    row["value"] += change
    upstreams = {r["upstream_id"]: r["upstream_id"] for rows in found.rows.values() for r in rows}
    kinds = {
        r["region_id"]: r["kind"]
        for r in csv.DictReader((ROOT / "seeds/vocabularies/regions.csv").open(encoding="utf-8"))
    }
    agreements = compare(PUBLISHER, SeriesTables(found.rows, upstreams, kinds), "series.csv")
    problems = [str(p) for a in agreements for p in a.problems]
    assert any(message in p for p in problems), problems[:3]


# --- ranks


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 1e9]), max_size=12))
def test_a_rank_is_one_more_than_the_number_of_larger_values(values: list[float]) -> None:
    assert ranks(values) == [1 + sum(other > v for other in values) for v in values]


# --- another conversion, other lists


def test_a_table_of_another_form_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="this is not the table that is declared"):
        pinned_table(PUBLISHER, "ncses-apbs-1", b"country,year\nKOR,2022\n")
    file = PUBLISHER.tables["ncses-apbs-1"].file
    with pytest.raises(CannotRun, match=f'{file}: row 1 holds "lots", which is not a figure'):
        pinned_table(PUBLISHER, "ncses-apbs-1", b"entity,year,ai_articles_whole\nWorld,2022,lots\n")
    assert main(["derive", "ncses", "--pin", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"entity,year,ai_articles_whole\nWorld,2022,\xff\n",
        b"entity,year,ai_articles_whole\nWorld,2022\n",
        b"entity,year,ai_articles_whole\nWorld\n",
        b"entity,year,ai_articles_whole\nWorld,soon,1\n",
    ],
)
def test_a_damaged_conversion_is_reported(data: bytes) -> None:
    with pytest.raises(CannotRun, match="this is not the table that is declared"):
        pinned_table(PUBLISHER, "ncses-apbs-1", data)


def test_what_is_not_available_is_left_out_and_not_zero() -> None:
    table = b"entity,year,value\nKosovo,2003,ne\nKosovo,2004,na\nKosovo,2005,0.0\n"
    assert pinned_table(PUBLISHER, "ncses-top1-biology", table).decode().splitlines()[1:] == [
        "share_of_top_percent,Kosovo,,2005,2005,0,3"
    ]


def test_the_rows_are_written_as_the_build_writes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "ncses", "--out", str(tmp_path / "out")]) == 0
    for name in ("country_statistics", "region_statistics", "pair_statistics"):
        assert (tmp_path / f"out/{name}.csv").read_bytes() == (ROOT / f"data/{name}.csv").read_bytes()
    assert "ncses-ai-articles-whole " in capsys.readouterr().out


def test_as_of_a_day_before_a_table_was_published_its_figures_are_not_known(mini: Mini) -> None:
    mini.edit("upstream/upstreams.csv", "2025-02-01,", "2025-03-03,")
    before, after = mini.build(as_of=dt.date(2025, 3, 2)), mini.build(as_of=dt.date(2025, 3, 5))
    assert (
        before.data["upstreams"]
        == before.data["country_statistics"]
        == before.data["statistic_comparisons"]
        == []
    )
    assert len(after.data["country_statistics"]) == 4 and len(after.data["statistic_comparisons"]) == 2


def test_two_names_of_one_country_are_reported_where_they_meet(mini: Mini) -> None:
    mini.edit("upstream/names.csv", "America,USA,", "America,KOR,")
    with pytest.raises(BadData) as bad:
        mini.build()
    assert any(
        "tables/beta-papers.csv:4:entity: duplicate figure for this country and these years (first in row 3)"
        in str(p)
        for p in bad.value.problems
    )


# --- damaged tables and lists


PIECES = st.sampled_from(
    [
        "papers",
        "Korea, South",
        '"',
        ",",
        "\n",
        "\r",
        "2024",
        "1e400",
        "nan",
        "-1",
        "99999999999999999999",
        "\0",
        "\ufeff",
        "한국",
        "=1",
        "",
        "All",
        "America",
        "together",
        ",,,,,,",
        "0001",
    ]
)


@pytest.mark.drawn
@given(
    st.sampled_from(["tables/beta-papers.csv", "names.csv", "series.csv"]),
    st.integers(0, 300),
    st.integers(0, 12),
    st.lists(PIECES, max_size=3),
)
@settings(budget(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_is_reported_and_never_a_traceback(
    mini: Mini, name: str, start: int, length: int, pieces: list[str]
) -> None:
    """With the new hash listed, so that the contents are looked at; either there are problems or rows of
    every sound figure.
    """
    path = mini.seeds / "upstream" / name
    sound = path.read_bytes()
    try:
        path.write_bytes(sound[:start] + "".join(pieces).encode() + sound[start + length :])
        tables, problems = load_tables(), []
        upstreams = read_list(mini.seeds / "upstream/upstreams.csv", tables["upstreams"], problems)
        upstreams[0]["sha256"] = sha256((mini.seeds / "upstream/tables/beta-papers.csv").read_bytes())
        upstream = read_upstream(mini.seeds, upstreams, problems)
        lists = {
            n: read_list(mini.seeds / f"vocabularies/{n}.csv", tables[n], problems)
            for n in ("countries", "regions", "indicators")
        }
        rows = {} if problems else series_rows(upstream, lists, problems)
        assert problems or sum(map(len, rows.values())) == len(upstream.points) > 0
        assert all(p.message and p.fix for p in problems)
    finally:
        path.write_bytes(sound)
