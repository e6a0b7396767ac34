"""Quoted figures beside others: which are set beside each other, and what is said of them."""

from __future__ import annotations

from itertools import product

import pytest

from scripts.facts.comparisons import VERDICTS, Findings, comparisons, contested, verdict, verdicts_of
from scripts.pipeline.build import Built
from tests.mini import TABLES


def indicator(
    name: str, *, published: bool = True, unit: str = "documents", concept: str = "ai_publications"
) -> dict:
    """An indicator with a series, or of a quoted figure."""
    return {
        "indicator_id": name,
        "concept": concept,
        "definition_status": "published" if published else "not_published",
        "unit": unit,
        "counting_method": "whole",
        "definition_en": "D.",
        "definition_ko": "정의.",
    }


def series(
    name: str,
    value: float,
    rank: int | None = None,
    years: tuple[int, int] = (2022, 2022),
    country: str = "KOR",
) -> dict:
    return {
        "indicator_id": name,
        "country_code": country,
        "period_from": years[0],
        "period_to": years[1],
        "value": value,
        "rank": rank,
    }


def quoted(
    name: str = "quoted",
    value: float | None = 100,
    rank: int | None = None,
    years: tuple[int | None, int | None] = (2022, 2022),
    scope: str | None = "countries_of_the_world",
    figure: str = "q",
) -> dict:
    return {
        "statistic_id": figure,
        "indicator_id": name,
        "country_code": "KOR",
        "period_from": years[0],
        "period_to": years[1],
        "value": value,
        "rank": rank,
        "rank_scope": scope,
    }


def compared(q: dict, s: dict, *, published: bool = True, unit: str = "documents") -> tuple:
    """Match, ratio, verdict and reason of the one comparison that there must be."""
    (row,) = comparisons([q], [s], [indicator("quoted", published=published), indicator("s", unit=unit)])
    return row["period_match"], row["ratio"], row["verdict"], row["reason"]


@pytest.mark.parametrize(
    ("q", "s", "options", "wanted"),
    [
        # Ranks of the same years are compared whatever is known of the definition.
        (quoted(rank=2), series("s", 1000, 10), {"published": False}, ("same", 0.1, "rank_differs", None)),
        (
            quoted(value=None, rank=2),
            series("s", 1000, 2),
            {"published": False},
            ("same", None, "consistent", None),
        ),
        # An equal rank does not make an undefined level comparable.
        (
            quoted(rank=2),
            series("s", 1000, 2),
            {"published": False},
            ("same", 0.1, "not_comparable", "definition_unknown"),
        ),
        # A rank by shares or by heads ranks other things.
        (
            quoted(rank=2),
            series("s", 1000, 10),
            {"unit": "per 100,000 inhabitants"},
            ("same", None, "not_comparable", "other_unit"),
        ),
        # Levels only with definition and unit.
        (quoted(), series("s", 110), {}, ("same", 0.9091, "consistent", None)),
        (quoted(), series("s", 112), {}, ("same", 0.8929, "level_differs", None)),
        (quoted(), series("s", 90), {}, ("same", 1.1111, "level_differs", None)),
        (quoted(), series("s", 100), {"unit": "families"}, ("same", None, "not_comparable", "other_unit")),
        (quoted(), series("s", 0), {}, ("same", None, "not_comparable", "other_unit")),
        # Other years are no comparison, not even of ranks.
        (
            quoted(rank=2),
            series("s", 100, 10, (2003, 2022)),
            {},
            ("overlapping", None, "not_comparable", "other_years"),
        ),
        (
            quoted(years=(None, None)),
            series("s", 100),
            {},
            ("unknown", None, "not_comparable", "other_years"),
        ),
        # A rank among industries is no rank among countries.
        (
            quoted(value=None, rank=10, scope="industries_of_the_country"),
            series("s", 100, 3),
            {},
            ("same", None, "not_comparable", "other_unit"),
        ),
    ],
)
def test_verdicts(q: dict, s: dict, options: dict, wanted: tuple) -> None:
    assert compared(q, s, **options) == wanted


FINDINGS = [
    Findings(*values)
    for values in product(
        ("equal", "differ", None),
        ("close", "differ", None),
        ("value", "rank only"),
        (True, False),
        (True, False),
    )
]


def row_of(findings: Findings) -> int:
    """Which row of the decision table decides."""
    return [when.items() <= findings._asdict().items() for when, _, _ in VERDICTS].index(True)


@pytest.mark.parametrize("findings", FINDINGS, ids=lambda f: "-".join(map(str, f)))
def test_every_combination_of_findings_has_its_verdict(findings: Findings) -> None:
    """Stated in words a second time: ranks first, then levels, then why there is nothing to compare."""
    found, reason = verdict(findings)
    disputed = [n for n in ("ranks", "levels") if getattr(findings, n) == "differ"]
    agreed = findings.levels == "close" or (findings.ranks == "equal" and findings.quoted_is == "rank only")
    if disputed:
        assert (found, reason) == ({"ranks": "rank_differs", "levels": "level_differs"}[disputed[0]], None)
    elif agreed:
        assert (found, reason) == ("consistent", None)
    else:
        assert found == "not_comparable"
        assert (reason == "definition_unknown") is not findings.defined
        assert (reason == "other_years") is (findings.defined and not findings.same_years)
        assert (reason == "other_unit") is (findings.defined and findings.same_years)


@pytest.mark.parametrize(
    ("row", "q", "s", "options"),
    [
        (0, quoted(rank=2), series("s", 100, 3), {}),
        (1, quoted(rank=2), series("s", 50, 2), {}),
        (2, quoted(rank=2), series("s", 100, 2), {}),
        (3, quoted(value=None, rank=2), series("s", 100, 2), {}),
        (4, quoted(), series("s", 100), {"published": False}),
        (5, quoted(), series("s", 100), {"unit": "families"}),
        (6, quoted(), series("s", 100, years=(2003, 2022)), {}),
    ],
)
def test_two_figures_lead_to_each_row_of_the_table(row: int, q: dict, s: dict, options: dict) -> None:
    assert compared(q, s, **options)[2:] == VERDICTS[row][1:]


def test_no_row_of_the_table_is_out_of_reach() -> None:
    assert {row_of(f) for f in FINDINGS} == set(range(len(VERDICTS)))


def test_of_a_series_the_same_years_are_taken_or_else_the_latest_that_meet_them() -> None:
    known = [indicator("quoted"), indicator("s")]
    rows = [
        series("s", v, years=y)
        for v, y in ((1, (2019, 2019)), (2, (2020, 2020)), (3, (2021, 2021)), (4, (2024, 2024)))
    ]

    def value(years: tuple[int | None, int | None]) -> list[float]:
        return [r["value"] for r in comparisons([quoted(years=years)], rows, known)]

    assert (
        value((2020, 2020)) == [2]
        and value((2018, 2022)) == [3]
        and value((None, None)) == [4]
        and value((2010, 2012)) == []
    )


def test_other_countries_concepts_and_undefined_figures_are_not_set_beside() -> None:
    known = [
        indicator("quoted"),
        indicator("s"),
        indicator("patents", concept="ai_patents"),
        indicator("vague", published=False),
    ]
    assert (
        comparisons(
            [quoted()], [series("s", 1, country="USA"), series("patents", 1), series("quoted", 1)], known
        )
        == []
    )
    # Nothing is set beside a figure that is itself not defined.
    assert [r["statistic_id"] for r in comparisons([quoted(), quoted("vague", figure="v")], [], known)] == [
        "v"
    ]


def test_figures_of_other_publishers_stand_beside_each_other() -> None:
    known = [indicator("quoted"), indicator("other")]
    rows = comparisons([quoted(), quoted("other", 200, figure="o")], [], known)
    assert [(r["statistic_id"], r["compared_table"], r["compared_row_id"], r["ratio"]) for r in rows] == [
        ("q", "statistics", "o", 0.5),
        ("o", "statistics", "q", 2.0),
    ]


def test_contested_follows() -> None:
    verdicts = verdicts_of(
        [
            {"statistic_id": s, "verdict": v}
            for s, v in (
                ("a", "consistent"),
                ("a", "rank_differs"),
                ("b", "consistent"),
                ("c", "not_comparable"),
                ("d", "level_differs"),
            )
        ]
    )
    assert [contested(s, verdicts) for s in "abcde"] == [True, False, None, True, None]


def test_the_seminar_figures(real: Built) -> None:
    """Korea was said to be second and the United States first by AI papers of 2022; by NCSES they are tenth
    and third.
    """
    found = {(r["statistic_id"], r["compared_row_id"]): r for r in real.data["statistic_comparisons"]}
    korea, america = (
        found["ai-papers-kor-2022", "ncses-ai-articles-whole|KOR|2022|2022"],
        found["ai-papers-usa-2022", "ncses-ai-articles-whole|USA|2022|2022"],
    )
    assert (korea["quoted_rank"], korea["rank"], korea["verdict"], korea["ratio"]) == (
        2,
        10,
        "rank_differs",
        0.3464,
    )
    assert (america["quoted_rank"], america["rank"], america["verdict"], america["ratio"]) == (
        1,
        3,
        "rank_differs",
        0.1433,
    )
    patents = found["ai-patents-kor-2015-2022", "ncses-ai-patent-families-cumulative|KOR|2000|2022"]
    assert (patents["verdict"], patents["reason"]) == ("not_comparable", "definition_unknown")
    assert {r["statistic_id"]: r["contested"] for r in real.data["statistics"]}["ai-papers-kor-2022"] is True


def test_every_value_of_the_closed_lists_can_come_out() -> None:
    """The verdicts and reasons of the declaration are those that the code gives."""
    table = TABLES["statistic_comparisons"]
    cases = [
        (quoted(rank=2), series("s", 1, 1), {}),
        (quoted(), series("s", 1), {}),
        (quoted(), series("s", 100), {}),
        (quoted(), series("s", 100), {"published": False}),
        (quoted(), series("s", 100), {"unit": "x"}),
        (quoted(), series("s", 100, years=(2003, 2022)), {}),
    ]
    results = [compared(q, s, **o) for q, s, o in cases]
    assert {r[2] for r in results} == set(table.by_name["verdict"].enum or ()) and {
        r[3] for r in results if r[3]
    } == set(table.by_name["reason"].enum or ())
