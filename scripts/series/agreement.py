"""Comparisons of tables of one publisher: what one of them says, another must not contradict.

The conversion that the NCSES tables come from had lost its years; that the tables agree with each other is
what makes them trustworthy.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from scripts.model.problems import Problem
from scripts.model.seeds import Record

WORLD = "world"
# Kinds of regions that contain others: left out where all parts are added up.
WHOLES = {"world", "continent", "group"}


class Agreement(NamedTuple):
    """The result of one comparison: what was compared, in how many places, and where it disagrees."""

    what: str
    places: int
    problems: list[Problem]


@dataclass(frozen=True)
class SeriesTables:
    """The rows of the series by table, the file of each pinned table, and the kind of each region."""

    rows: dict[str, list[Record]]
    files: dict[str, str]
    kinds: dict[str, str]

    def by_unit(self, indicator: str) -> dict[str, list[Record]]:
        """Return the figures of an indicator by country and region."""
        found: dict[str, list[Record]] = defaultdict(list)
        for table, key in (("country_statistics", "country_code"), ("region_statistics", "region_id")):
            for row in self.rows[table]:
                if row["indicator_id"] == indicator:
                    found[row[key]].append(row)
        return found

    def problem(self, row: Record, message: str) -> Problem:
        """Return the problem of a figure that others contradict."""
        fix = "check it against the publisher's own table and pin the correct one"
        file = self.files[row["upstream_id"]]
        return Problem(file, row["upstream_line"], "value", message, fix, "upstream-agreement")


class Comparison(Protocol):
    """Something that figures of the same publisher must satisfy."""

    def compare(self, tables: SeriesTables) -> Agreement:
        """Compare the figures of all places that have them."""


@dataclass(frozen=True)
class AddedUp:
    """The figures of single years add up to that of the whole period."""

    yearly: str
    cumulative: str

    def compare(self, tables: SeriesTables) -> Agreement:
        """Compare every country and region that has both."""
        years, periods = tables.by_unit(self.yearly), tables.by_unit(self.cumulative)
        shared = [(unit, rows[0]) for unit, rows in periods.items() if unit in years]
        problems = []
        for unit, whole in shared:
            total = sum(
                r["value"]
                for r in years[unit]
                if whole["period_from"] <= r["period_from"] and r["period_to"] <= whole["period_to"]
            )
            if total != whole["value"]:
                message = f"{unit} has {whole['value']:g} over the years, year by year {total:g}"
                problems.append(tables.problem(whole, message))
        what = f"{self.yearly}, added up over the years, against {self.cumulative}"
        return Agreement(what, len(shared), problems)


@dataclass(frozen=True)
class SharedOut:
    """What is shared out among countries adds up to the world; each figure is rounded to ``step``."""

    indicator: str
    step: float

    def compare(self, tables: SeriesTables) -> Agreement:
        """Compare the sum of all countries and territories with the world."""
        by_unit = tables.by_unit(self.indicator)
        parts = [rows[0] for unit, rows in by_unit.items() if tables.kinds.get(unit) not in WHOLES]
        total, problems = sum(r["value"] for r in parts), []
        slack = (len(parts) + 1) * self.step / 2
        worlds = by_unit.get(WORLD, [])[:1]
        for world in worlds:
            if abs(total - world["value"]) > slack:
                message = f"the world has {world['value']:g}, its parts {total:g}"
                problems.append(tables.problem(world, message))
        what = f"{self.indicator}, added up over {len(parts)} countries and territories, against the world"
        return Agreement(what, len(worlds) if parts else 0, problems)


@dataclass(frozen=True)
class Within:
    """What a country has of ``part`` is no more than it has of ``whole`` in the same years.

    With ``pairs``, ``part`` is a series of pairs of countries, and each of the two has no less of ``whole``.
    """

    part: str
    whole: str
    pairs: bool = False

    def compare(self, tables: SeriesTables) -> Agreement:
        """Compare every country that has both for the same years."""
        limits = {
            (r["country_code"], r["period_from"], r["period_to"]): r["value"]
            for r in tables.rows["country_statistics"]
            if r["indicator_id"] == self.whole
        }
        table, columns = (
            ("pair_statistics", ("country_code_a", "country_code_b"))
            if self.pairs
            else ("country_statistics", ("country_code",))
        )
        places, problems = 0, []
        for row in (r for r in tables.rows[table] if r["indicator_id"] == self.part):
            for country in (row[column] for column in columns):
                limit = limits.get((country, row["period_from"], row["period_to"]))
                places += limit is not None
                if limit is not None and row["value"] > limit:
                    message = f"{row['value']:g} is more than {country} has in all ({limit:g})"
                    problems.append(tables.problem(row, message))
        return Agreement(f"{self.part} within {self.whole}", places, problems)
