"""Tables of one publisher held against each other: what one of them says, another must not deny.

The conversion that they come from had lost its years, so that this is what makes a pinned table one to be
trusted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from scripts.model.problems import Problem
from scripts.model.seeds import Record

WORLD = "world"
# Units that are parts of others, so that they are left out where all parts are added up.
WHOLES = {"world", "continent", "group"}


class Agreement(NamedTuple):
    """One comparison of tables: what was held against what, in how many places, and where they disagree."""

    what: str
    places: int
    problems: list[Problem]


def _by_unit(series: dict[str, list[Record]], indicator: str) -> dict[str, list[Record]]:
    """The figures of an indicator by country and region."""
    found: dict[str, list[Record]] = defaultdict(list)
    for table, key in (("country_statistics", "country_code"), ("region_statistics", "region_id")):
        for row in series[table]:
            if row["indicator_id"] == indicator:
                found[row[key]].append(row)
    return found


class _Tables:
    """The rows of the series, and where each stands."""

    def __init__(self, series: dict[str, list[Record]], files: dict[str, str], kinds: dict[str, str]) -> None:
        self.series, self.files, self.kinds = series, files, kinds

    def problem(self, row: Record, message: str) -> Problem:
        return Problem(
            self.files[row["upstream_id"]],
            row["upstream_line"],
            "value",
            message,
            "look at the publisher's own tables; pin the right one",
            "upstream-agreement",
        )

    def added_up(self, yearly: str, cumulative: str) -> Agreement:
        """The figures of single years add up to that of the whole period."""
        parts, wholes = _by_unit(self.series, yearly), _by_unit(self.series, cumulative)
        shared = [(unit, rows[0]) for unit, rows in wholes.items() if unit in parts]
        faults = []
        for unit, whole in shared:
            total = sum(
                r["value"]
                for r in parts[unit]
                if whole["period_from"] <= r["period_from"] and r["period_to"] <= whole["period_to"]
            )
            if total != whole["value"]:
                faults.append(
                    self.problem(
                        whole, f"{unit} has {whole['value']:g} over the years, year by year {total:g}"
                    )
                )
        return Agreement(f"{yearly}, added up over the years, against {cumulative}", len(shared), faults)

    def shared_out(self, indicator: str, step: float) -> Agreement:
        """What is shared out among countries adds up to the world; each figure is rounded to ``step``."""
        by_unit = _by_unit(self.series, indicator)
        parts = [rows[0] for unit, rows in by_unit.items() if self.kinds.get(unit) not in WHOLES]
        world, total = by_unit[WORLD][0], sum(r["value"] for r in parts)
        slack = (len(parts) + 1) * step / 2
        wrong = abs(total - world["value"]) > slack
        return Agreement(
            f"{indicator}, added up over {len(parts)} countries and territories, against the world",
            1,
            [self.problem(world, f"the world has {world['value']:g}, its parts {total:g}")] if wrong else [],
        )

    def within(self, part: str, whole: str, *, pairs: bool = False) -> Agreement:
        """What a country has of ``part``, or a pair of both its countries, is no more than it has of
        ``whole`` in the same years.
        """
        wholes = {
            (r["country_code"], r["period_from"], r["period_to"]): r["value"]
            for r in self.series["country_statistics"]
            if r["indicator_id"] == whole
        }
        rows = [
            r
            for r in self.series["pair_statistics" if pairs else "country_statistics"]
            if r["indicator_id"] == part
        ]
        places, faults = 0, []
        for row in rows:
            for column in ("country_code_a", "country_code_b") if pairs else ("country_code",):
                limit = wholes.get((row[column], row["period_from"], row["period_to"]))
                places += limit is not None
                if limit is not None and row["value"] > limit:
                    faults.append(
                        self.problem(
                            row, f"{row['value']:g} is more than {row[column]} has in all ({limit:g})"
                        )
                    )
        return Agreement(f"{part} within {whole}", places, faults)


def ncses_agreements(
    series: dict[str, list[Record]], files: dict[str, str], kinds: dict[str, str]
) -> Iterator[Agreement]:
    """Every comparison that the pinned NCSES tables allow. ``kinds``: the kind of each region."""
    tables = _Tables(series, files, kinds)
    yield tables.added_up("ncses-ai-articles-whole", "ncses-ai-articles-whole-cumulative")
    yield tables.shared_out("ncses-ai-articles-fractional-cumulative", 0.1)
    yield tables.shared_out("ncses-ai-patent-families-cumulative", 1)
    yield tables.within("ncses-ai-articles-international", "ncses-ai-articles-whole")
    yield tables.within("ncses-ai-articles-fractional-cumulative", "ncses-ai-articles-whole-cumulative")
    yield tables.within(
        "ncses-ai-articles-coauthored-cumulative", "ncses-ai-articles-whole-cumulative", pairs=True
    )
    yield tables.within("ncses-se-articles-coauthored", "ncses-se-articles-international", pairs=True)
