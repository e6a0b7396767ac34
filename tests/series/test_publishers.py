"""A publisher of series is one module: a made-up one is found, pinned, read and compared, and nothing else is
changed for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.commands.main import main
from scripts.model.problems import CannotRun
from scripts.pipeline.seeds import read_seeds
from scripts.series import publishers
from scripts.series.agreement import AddedUp, SharedOut, Within
from scripts.series.pin import pin
from scripts.series.publisher import Publisher
from scripts.series.report import SeriesReport, report, table_files
from scripts.store.files import sha256
from scripts.store.schemas import load_tables
from tests.mini import PINNED, Mini

MODULE = """
from scripts.series.agreement import Within
from scripts.series.publisher import Conversion, Figure, Publisher


def figures(table):
    rows = list(enumerate(table, start=1))
    for measure, first, column in (("papers", 2024, "papers"), ("summed", 2020, "five_years")):
        for i, r in rows:
            if not r["with"]:
                yield Figure(measure, r["name"], None, first, 2024, r[column], i)
    for i, r in rows:
        if r["with"]:
            yield Figure("together", r["name"], r["with"], 2024, 2024, r["papers"], i)


PUBLISHER = Publisher(
    "beta",
    "Office Beta",
    {"beta-papers": Conversion("papers.csv", figures)},
    (Within("papers-together", "papers-counted", pairs=True),),
    frozenset({"n/a"}),
)
"""
CONVERSION = """name,with,papers,five_years
All,,4000,n/a
America,,2500.5,9000
"Korea, South",,1300,5000
"Korea, South",America,100,
"""


@pytest.fixture
def beta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """The publisher of the table that the mini package has, declared in a module of its own."""
    (tmp_path / "made_up_office.py").write_text(MODULE, "utf-8")
    monkeypatch.setattr(publishers, "__path__", [*publishers.__path__, str(tmp_path)])
    return publishers.publishers()["made-up-office"]


def reported(publisher: Publisher, mini: Mini) -> SeriesReport:
    return report(publisher, read_seeds(load_tables(), mini.seeds))


def test_the_publishers_are_those_of_the_package() -> None:
    assert {n: p.organization_id for n, p in publishers.publishers().items()} == {"ncses": "ncses"}


def test_the_command_offers_every_publisher(beta: Publisher, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["derive", "--help"])
    offered = capsys.readouterr().out
    assert "made-up-office" in offered and "Office Beta" in offered and "ncses" in offered


def test_it_pins_its_table(beta: Publisher, tmp_path: Path) -> None:
    (tmp_path / "papers.csv").write_text(CONVERSION, "utf-8")
    assert pin(beta, tmp_path) == {"upstream/tables/beta-papers.csv": PINNED.encode()}
    (tmp_path / "papers.csv").write_text(CONVERSION.replace("2500.5", "few"), "utf-8")
    with pytest.raises(
        CannotRun, match=r'papers.csv: row 2 holds "few", which is not a figure; .*Office Beta'
    ):
        pin(beta, tmp_path)


def test_its_series_are_derived_as_the_build_publishes_them(beta: Publisher, mini: Mini) -> None:
    found = reported(beta, mini)
    built = mini.build()
    assert {name: len(rows) for name, rows in found.rows.items()} == {
        "country_statistics": 4,
        "region_statistics": 1,
        "pair_statistics": 1,
    }
    for name, data in table_files(found).items():
        assert data == built.files[f"data/{name}"], name
    assert "papers-together within papers-counted: 2 compared, 0 differ" in found.summary
    assert found.problems == []


def test_its_tables_are_compared(beta: Publisher, mini: Mini) -> None:
    changed = PINNED.replace("2024,2024,100,4", "2024,2024,1400,4")
    mini.edit("upstream/tables/beta-papers.csv", "2024,2024,100,4", "2024,2024,1400,4")
    mini.edit("upstream/upstreams.csv", sha256(PINNED), sha256(changed))
    (problem,) = reported(beta, mini).problems
    assert problem.file.endswith("upstream/tables/beta-papers.csv") and problem.row == 7
    assert problem.message == "1400 is more than KOR has in all (1300)"


@pytest.mark.parametrize(
    ("comparison", "what"),
    [
        (AddedUp("papers-countd", "papers-summed"), "papers-countd, added up over the years, against"),
        (SharedOut("papers-countd", 1), "papers-countd, added up over 0 countries"),
        (Within("papers-together", "papers-countd", pairs=True), "papers-together within papers-countd"),
    ],
)
def test_a_comparison_of_nothing_is_a_problem(
    beta: Publisher, mini: Mini, comparison: AddedUp | SharedOut | Within, what: str
) -> None:
    (problem,) = reported(replace(beta, comparisons=(comparison,)), mini).problems
    assert problem.file.endswith("upstream/series.csv")
    assert problem.message.startswith(f"nothing to compare: {what}")


def test_a_publisher_has_no_series_of_another(beta: Publisher, mini: Mini) -> None:
    other = reported(replace(beta, organization_id="alpha", comparisons=()), mini)
    assert other.problems == [] and not any(other.rows.values())
    assert "papers" not in other.summary
