"""The series of the pinned tables by themselves: what comes of each table, and whether the tables agree."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.model.problems import Problem
from scripts.model.seeds import Record, Seeds
from scripts.series.agreement import ncses_agreements
from scripts.series.rows import TABLES
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.schemas import load_tables


@dataclass(frozen=True)
class Derived:
    """The rows of the tables of series, what to say of them, and where the pinned tables disagree."""

    rows: dict[str, list[Record]]
    summary: str
    problems: list[Problem]


def _line(name: str, rows: dict[str, list[Record]]) -> str:
    mine = {table: [r for r in rows[table] if r["indicator_id"] == name] for table in TABLES}
    years = [r[p] for found in mine.values() for r in found for p in ("period_from", "period_to")]
    return (
        f"{name:<42}"
        + "".join(f"{len(mine[table]):>9}" for table in TABLES)
        + f"   {min(years)}-{max(years)}"
    )


def derive(seeds: Seeds) -> Derived:
    """Report everything that the pinned tables of ``seeds`` give, and where the tables disagree."""
    kinds = {r["region_id"]: r["kind"] for r in seeds.lists["regions"]}
    lines = [f"{'series':<42}{'country':>9}{'region':>9}{'pair':>9}   years"]
    lines += [
        _line(name, seeds.series)
        for name in sorted({r["indicator_id"] for rows in seeds.series.values() for r in rows})
    ]
    problems: list[Problem] = []
    for agreement in ncses_agreements(seeds.series, seeds.files, kinds):
        problems += agreement.problems
        lines.append(f"{agreement.what}: {agreement.places} compared, {len(agreement.problems)} differ")
    return Derived(seeds.series, "\n".join(lines), problems)


def table_files(derived: Derived) -> dict[str, bytes]:
    """The rows as CSV files, as the build writes them."""
    tables = load_tables()
    return {
        f"{name}.csv": write_rows(tables[name].fields, sort_rows(tables[name], rows))
        for name, rows in derived.rows.items()
    }
