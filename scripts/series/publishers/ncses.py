"""Tables of NSF's National Center for Science and Engineering Statistics, from a public conversion of them.

What no series uses is left out: other attributes, other industries. The names stay as published.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scripts.series.agreement import AddedUp, SharedOut, Within
from scripts.series.publisher import Conversion, Figure, Figures, Original, Publisher

AI_YEARS, AI_PATENT_YEARS = (2003, 2022), (2000, 2022)
# The name of a country in SRD-1, with the year of its last figure where that is not 2021: "Australia (2019)".
OTHER_YEAR = re.compile(r"(?:Non-OECD -> )?(?P<name>.+?)(?: \((?P<year>[0-9]{4})\))?\Z")
SPENDING = {"GERD / Current PPP dollars": "gerd_current_ppp", "GERD-to-GDP ratio (%)": "gerd_to_gdp"}


def _yearly(measure: str, column: str, **only: str) -> Callable[[Original], Figures]:
    """Figures by year, of the rows whose cells are those of ``only``."""

    def figures(table: Original) -> Figures:
        for i, r in enumerate(table, start=1):
            if all(r[k] == v for k, v in only.items()):
                year = int(r["year"])
                yield Figure(measure, r["entity"], None, year, year, r[column], i)

    return figures


def _cumulative(years: tuple[int, int], **measures: str) -> Callable[[Original], Figures]:
    """Figures over a run of years: the column of each measure."""

    def figures(table: Original) -> Figures:
        for measure, column in measures.items():
            for i, r in enumerate(table, start=1):
                yield Figure(measure, r["entity"], None, *years, r[column], i)

    return figures


def _pairs(measure: str, column: str) -> Callable[[Original], Figures]:
    def figures(table: Original) -> Figures:
        for i, r in enumerate(table, start=1):
            yield Figure(measure, r["entity_a"], r["entity_b"], *AI_YEARS, r[column], i)

    return figures


def _coauthored(table: Original) -> Figures:
    """SPBS-35: with the world is a figure of one country, with another country one of the pair."""
    for i, r in enumerate(table, start=1):
        year, value = int(r["year"]), r["coauthored_articles_whole"]
        if r["entity_b"] == "World":
            yield Figure("international", r["entity_a"], None, year, year, value, i)
        else:
            yield Figure("coauthored", r["entity_a"], r["entity_b"], year, year, value, i)


def _spending(table: Original) -> Figures:
    """SRD-1: the column headed 2021 has for some countries the figure of the year behind their name."""
    for i, r in enumerate(table, start=1):
        kind, _, heading = r["measure"].rpartition(" / ")
        if kind in SPENDING:
            who = OTHER_YEAR.match(r["entity"])
            if who is None:
                raise ValueError(f"row {i} has no name")
            other = who["year"] if heading == "2021a" else None
            year = int(other or heading.removesuffix("a"))
            yield Figure(SPENDING[kind], who["name"], None, year, year, r["value"], i)


_TABLES = {
    "ncses-apbs-1": Conversion(
        "ncses_APBS-1_ai_articles_whole_by_country_2003_2022.csv",
        _yearly("ai_articles", "ai_articles_whole"),
    ),
    "ncses-spbs-99": Conversion(
        "ncses_SPBS-99_ai_articles_by_coauthorship_2003_2022.csv",
        _yearly(
            "international", "ai_articles_whole", attribute="Total articles / With international institutions"
        ),
    ),
    "ncses-spbs-91": Conversion(
        "ncses_SPBS-91_ai_articles_whole_fractional_cumulative_2003_22.csv",
        _cumulative(AI_YEARS, papers_whole="papers_whole", papers_fractional="papers_fractional"),
    ),
    "ncses-spbs-92": Conversion(
        "ncses_SPBS-92_ai_coauthored_pairs_cumulative_2003_22.csv",
        _pairs("coauthored", "coauthored_ai_articles"),
    ),
    "ncses-spbs-94": Conversion(
        "ncses_SPBS-94_ai_collaboration_index_pairs_2003_22.csv",
        _pairs("collaboration_index", "collaboration_index"),
    ),
    "ncses-spbs-35": Conversion("ncses_SPBS-35_se_intl_coauthored_pairs_2003_2022.csv", _coauthored),
    "ncses-sinv-17": Conversion(
        "ncses_SINV-17_ai_patents_granted_cumulative_2000_22.csv",
        _cumulative(AI_PATENT_YEARS, families_granted="ai_patent_families_granted_fractional"),
    ),
    "ncses-srd-1": Conversion("ncses_SRD-1_gerd_gdp_selected_years_1990_2021.csv", _spending),
    "ncses-kti-pharmaceuticals": Conversion(
        "ncses_sei2022_kti_value_added_selected_2002_2019.csv",
        _yearly("value_added", "value_added_musd_current", industry="pharmaceuticals"),
    ),
    "ncses-top1-biology": Conversion(
        "ncses_top1pct_share_biology_fractional_2003_20.csv",
        _yearly("share_of_top_percent", "value"),
    ),
}

PUBLISHER = Publisher(
    organization_id="ncses",
    name="NCSES",
    tables=_TABLES,
    comparisons=(
        AddedUp("ncses-ai-articles-whole", "ncses-ai-articles-whole-cumulative"),
        SharedOut("ncses-ai-articles-fractional-cumulative", 0.1),
        SharedOut("ncses-ai-patent-families-cumulative", 1),
        Within("ncses-ai-articles-international", "ncses-ai-articles-whole"),
        Within("ncses-ai-articles-fractional-cumulative", "ncses-ai-articles-whole-cumulative"),
        Within("ncses-ai-articles-coauthored-cumulative", "ncses-ai-articles-whole-cumulative", pairs=True),
        Within("ncses-se-articles-coauthored", "ncses-se-articles-international", pairs=True),
    ),
    # Not available, no eligible articles.
    not_available=frozenset({"na", "ne", "NA"}),
)
