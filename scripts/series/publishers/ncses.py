"""Pins tables of NSF's National Center for Science and Engineering Statistics: a public conversion of them
in, our form out.

What is left out is not used by any series: other attributes, other industries, and cells that are no figures
(``na`` not available, ``ne`` no eligible articles). The names stay as published.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.model.problems import CannotRun, brief, shown
from scripts.model.seeds import Record
from scripts.model.values import NUMBER
from scripts.series.pinned import table_path
from scripts.store.csvfile import write_rows
from scripts.store.files import read_inside
from scripts.store.schemas import load_seed_table

NO_FIGURE = {"na", "ne", "NA"}
AI_YEARS, AI_PATENT_YEARS = (2003, 2022), (2000, 2022)
# What stands behind the last column of SRD-1, for countries without a figure for 2021: "Australia (2019)".
OTHER_YEAR = re.compile(r"(?:Non-OECD -> )?(?P<name>.+?)(?: \((?P<year>[0-9]{4})\))?\Z")
SPENDING = {"GERD / Current PPP dollars": "gerd_current_ppp", "GERD-to-GDP ratio (%)": "gerd_to_gdp"}
Rows = Iterator[Record]
Original = list[dict[str, str]]


def _row(
    measure: str, entity: str, years: tuple[int, int], value: str, source_row: int, partner: str | None = None
) -> Record:
    return {
        "measure": measure,
        "entity": entity,
        "partner": partner,
        "period_from": years[0],
        "period_to": years[1],
        "value": value,
        "source_row": source_row,
    }


def _yearly(measure: str, column: str, **only: str) -> Callable[[Original], Rows]:
    """Figures by year, of the rows whose cells are those of ``only``."""

    def rows(table: Original) -> Rows:
        for i, r in enumerate(table, start=1):
            if all(r[k] == v for k, v in only.items()):
                yield _row(measure, r["entity"], (int(r["year"]),) * 2, r[column], i)

    return rows


def _cumulative(years: tuple[int, int], **measures: str) -> Callable[[Original], Rows]:
    """Figures over a run of years: the column of each measure."""

    def rows(table: Original) -> Rows:
        for measure, column in measures.items():
            yield from (_row(measure, r["entity"], years, r[column], i) for i, r in enumerate(table, start=1))

    return rows


def _pairs(measure: str, column: str) -> Callable[[Original], Rows]:
    def rows(table: Original) -> Rows:
        yield from (
            _row(measure, r["entity_a"], AI_YEARS, r[column], i, r["entity_b"])
            for i, r in enumerate(table, start=1)
        )

    return rows


def _coauthored(table: Original) -> Rows:
    """SPBS-35: with the world is a figure of one country, with another country one of the pair."""
    for i, r in enumerate(table, start=1):
        years = (int(r["year"]),) * 2
        with_world = r["entity_b"] == "World"
        yield _row(
            "international" if with_world else "coauthored",
            r["entity_a"],
            years,
            r["coauthored_articles_whole"],
            i,
            None if with_world else r["entity_b"],
        )


def _spending(table: Original) -> Rows:
    """SRD-1: the column headed 2021 holds for some countries the year that stands behind their name."""
    for i, r in enumerate(table, start=1):
        kind, _, year = r["measure"].rpartition(" / ")
        if kind in SPENDING:
            who = OTHER_YEAR.match(r["entity"])
            if who is None:
                raise ValueError(f"row {i} names nobody")
            of = int(who["year"]) if year == "2021a" and who["year"] else int(year.removesuffix("a"))
            yield _row(SPENDING[kind], who["name"], (of, of), r["value"], i)


# By id of the pinned table: the conversion's file, and how its rows become figures.
TABLES: dict[str, tuple[str, Callable[[Original], Rows]]] = {
    "ncses-apbs-1": (
        "ncses_APBS-1_ai_articles_whole_by_country_2003_2022.csv",
        _yearly("ai_articles", "ai_articles_whole"),
    ),
    "ncses-spbs-99": (
        "ncses_SPBS-99_ai_articles_by_coauthorship_2003_2022.csv",
        _yearly(
            "international", "ai_articles_whole", attribute="Total articles / With international institutions"
        ),
    ),
    "ncses-spbs-91": (
        "ncses_SPBS-91_ai_articles_whole_fractional_cumulative_2003_22.csv",
        _cumulative(AI_YEARS, papers_whole="papers_whole", papers_fractional="papers_fractional"),
    ),
    "ncses-spbs-92": (
        "ncses_SPBS-92_ai_coauthored_pairs_cumulative_2003_22.csv",
        _pairs("coauthored", "coauthored_ai_articles"),
    ),
    "ncses-spbs-94": (
        "ncses_SPBS-94_ai_collaboration_index_pairs_2003_22.csv",
        _pairs("collaboration_index", "collaboration_index"),
    ),
    "ncses-spbs-35": ("ncses_SPBS-35_se_intl_coauthored_pairs_2003_2022.csv", _coauthored),
    "ncses-sinv-17": (
        "ncses_SINV-17_ai_patents_granted_cumulative_2000_22.csv",
        _cumulative(AI_PATENT_YEARS, families_granted="ai_patent_families_granted_fractional"),
    ),
    "ncses-srd-1": ("ncses_SRD-1_gerd_gdp_selected_years_1990_2021.csv", _spending),
    "ncses-kti-pharmaceuticals": (
        "ncses_sei2022_kti_value_added_selected_2002_2019.csv",
        _yearly("value_added", "value_added_musd_current", industry="pharmaceuticals"),
    ),
    "ncses-top1-biology": (
        "ncses_top1pct_share_biology_fractional_2003_20.csv",
        _yearly("share_of_top_percent", "value"),
    ),
}


def pinned(upstream_id: str, original: bytes) -> bytes:
    """A table in our form. Raises CannotRun where a cell is neither a figure nor one of those that say why
    there is none.
    """
    file, rows = TABLES[upstream_id]
    made = []
    try:
        table = list(csv.DictReader(io.StringIO(original.decode("utf-8"), newline="")))
        for row in rows(table):
            if row["value"] in NO_FIGURE:
                continue
            if not NUMBER.match(row["value"]):
                raise CannotRun(
                    f"{file}: row {row['source_row']} holds {brief(row['value'])}, which is no figure; say in"
                    " scripts/series/publishers/ncses.py what it means"
                )
            made.append({**row, "value": float(row["value"])})
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        # Another header, cells that are missing, other bytes.
        raise CannotRun(f"{file}: this is not the table that is known here ({error})") from None
    return write_rows(load_seed_table("pinned").fields, made)


def pin(folder: Path) -> dict[str, bytes]:
    """Every table of ``TABLES`` made from the conversion in ``folder``, by its path in ``seeds/``. Raises
    CannotRun.
    """
    return {
        table_path(upstream_id): pinned(upstream_id, read_inside(folder / file, folder, shown(folder / file)))
        for upstream_id, (file, _) in TABLES.items()
    }
