"""The series of one publisher by themselves: what each pinned table gives, and whether the tables agree."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.model.problems import Problem
from scripts.model.seeds import Record, Seeds
from scripts.series.agreement import Agreement, Comparison, SeriesTables
from scripts.series.publisher import Publisher
from scripts.series.rows import TABLES
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.schemas import load_tables


@dataclass(frozen=True)
class SeriesReport:
    """The rows of a publisher by table, a summary to print, and where its tables disagree."""

    rows: dict[str, list[Record]]
    summary: str
    problems: list[Problem]


def _line(indicator: str, rows: dict[str, list[Record]]) -> str:
    own = {table: [r for r in rows[table] if r["indicator_id"] == indicator] for table in TABLES}
    years = [r[p] for found in own.values() for r in found for p in ("period_from", "period_to")]
    counts = "".join(f"{len(own[table]):>9}" for table in TABLES)
    return f"{indicator:<42}{counts}   {min(years)}-{max(years)}"


def compare(publisher: Publisher, tables: SeriesTables, listed_in: str) -> list[Agreement]:
    """Return the result of every comparison of a publisher.

    One that finds nothing to compare is a problem: its indicators are misspelled, or nothing is made of the
    tables. ``listed_in`` is the file that lists the series.
    """
    return [_compared(comparison, tables, listed_in) for comparison in publisher.comparisons]


def _compared(comparison: Comparison, tables: SeriesTables, listed_in: str) -> Agreement:
    found = comparison.compare(tables)
    if found.places:
        return found
    message = f"nothing to compare: {found.what}"
    fix = "correct the indicators of the comparison, or list their series"
    return found._replace(problems=[Problem(listed_in, 0, "", message, fix, "upstream-agreement")])


def report(publisher: Publisher, seeds: Seeds) -> SeriesReport:
    """Return what the pinned tables of ``publisher`` give, and the problems where they disagree."""
    own = {
        u["upstream_id"]
        for u in seeds.lists["upstreams"]
        if u["publisher_organization_id"] == publisher.organization_id
    }
    rows = {table: [r for r in seeds.series[table] if r["upstream_id"] in own] for table in TABLES}
    kinds = {r["region_id"]: r["kind"] for r in seeds.lists["regions"]}
    lines = [f"{'series':<42}{'country':>9}{'region':>9}{'pair':>9}   years"]
    lines += [_line(i, rows) for i in sorted({r["indicator_id"] for t in TABLES for r in rows[t]})]
    agreements = compare(publisher, SeriesTables(rows, seeds.files, kinds), seeds.files["series"])
    lines += [f"{a.what}: {a.places} compared, {len(a.problems)} differ" for a in agreements if a.places]
    return SeriesReport(rows, "\n".join(lines), [p for a in agreements for p in a.problems])


def table_files(found: SeriesReport) -> dict[str, bytes]:
    """Return the rows as CSV files, as the build writes them."""
    tables = load_tables()
    return {
        f"{name}.csv": write_rows(tables[name].fields, sort_rows(tables[name], rows))
        for name, rows in found.rows.items()
    }
