"""Quoted figures beside other figures of the same concept and country, and what may be said of the two.

The build and the rule that checks it use the same function on the published tables, so that whoever has the
package alone can work it out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from scripts.model.seeds import Record

# Values within a tenth of each other are taken as the same level: what editions of one series differ by.
LEVEL = 0.1
WORLD = "countries_of_the_world"
DISPUTED = {"rank_differs", "level_differs"}
Years = tuple[int | None, int | None]


def _years(row: Record) -> Years:
    return row.get("period_from"), row.get("period_to")


def _match(one: Years, other: Years) -> str | None:
    """How two runs of years meet; None where they do not."""
    if None in one or None in other:
        return "unknown"
    if one == other:
        return "same"
    return "overlapping" if one[0] <= other[1] and other[0] <= one[1] else None  # type: ignore[operator]


def _nearest(quoted: Record, rows: list[Record]) -> tuple[str, Record] | None:
    """Of the figures of one indicator the one to set beside the quoted: of the same years, or else the latest
    that meets them.
    """
    met = [(match, row) for row in rows if (match := _match(_years(quoted), _years(row)))]
    same = [pair for pair in met if pair[0] == "same"]
    return max(
        same or met,
        key=lambda pair: (*(y or 0 for y in reversed(_years(pair[1]))), pair[1]["_id"]),
        default=None,
    )


def _rank(row: Record) -> int | None:
    """A rank among the countries of the world; that of a series is one."""
    return row.get("rank") if row.get("rank_scope", WORLD) == WORLD else None


def _verdict(
    match: str,
    same_unit: bool,
    ratio: float | None,
    ranks: tuple[int | None, int | None],
    quoted: Record,
    defined: bool,
) -> tuple[str, str | None]:
    """The verdict, and the reason where nothing can be compared. Ranks by other units (a head, a share) rank
    other things.
    """
    ranked = match == "same" and same_unit and None not in ranks
    if ranked and ranks[0] != ranks[1]:
        return "rank_differs", None
    if defined and ratio is not None and abs(ratio - 1) > LEVEL:
        return "level_differs", None
    if (defined and ratio is not None) or (ranked and quoted.get("value") is None):
        return "consistent", None
    return (
        "not_comparable",
        "definition_unknown" if not defined else "other_unit" if match == "same" else "other_years",
    )


def _others(
    quoted: Record, figures: dict[tuple[str, str], dict[tuple[str, str], list[Record]]], concept: str
) -> Iterator[tuple[str, str, Record]]:
    """Figures of other indicators of the same concept and country: table, how the years match, the figure."""
    for (table, indicator), rows in figures[concept, quoted["country_code"]].items():
        if indicator != quoted["indicator_id"]:
            # Of a series one figure is enough; quoted ones stand each for itself.
            for group in [rows] if table == "country_statistics" else [[r] for r in rows]:
                if found := _nearest(quoted, group):
                    yield table, *found


def comparisons(
    statistics: Iterable[Record], series: Iterable[Record], indicators: Iterable[Record]
) -> list[Record]:
    """The rows of ``statistic_comparisons`` from those of ``statistics``, ``country_statistics`` and
    ``indicators``; an empty cell may be missing.
    """
    known = {i["indicator_id"]: i for i in indicators}
    statistics = [{**s, "_id": s["statistic_id"]} for s in statistics]
    figures: dict[tuple[str, str], dict[tuple[str, str], list[Record]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for table, rows in (("country_statistics", series), ("statistics", statistics)):
        for row in rows:
            indicator = known.get(row["indicator_id"])
            if indicator is not None and indicator["definition_status"] == "published":
                name = (
                    row.get("_id")
                    or f"{row['indicator_id']}|{row['country_code']}|{row['period_from']}|{row['period_to']}"
                )
                figures[indicator["concept"], row["country_code"]][table, row["indicator_id"]].append(
                    {**row, "_id": name}
                )
    made = []
    for quoted in statistics:
        own = known.get(quoted["indicator_id"])
        for table, match, other in _others(quoted, figures, own["concept"]) if own else ():
            its = known[other["indicator_id"]]
            same_unit = its["unit"] == own["unit"]
            comparable = (
                match == "same" and same_unit and quoted.get("value") is not None and other.get("value")
            )
            ratio = round(quoted["value"] / other["value"], 4) if comparable else None
            ranks = _rank(quoted), _rank(other)
            verdict, reason = _verdict(
                match, same_unit, ratio, ranks, quoted, own["definition_status"] == "published"
            )
            made.append(
                {
                    "statistic_id": quoted["statistic_id"],
                    "compared_table": table,
                    "compared_row_id": other["_id"],
                    "concept": own["concept"],
                    "country_code": quoted["country_code"],
                    **{
                        n: its[n]
                        for n in ("indicator_id", "definition_en", "definition_ko", "counting_method", "unit")
                    },
                    "period_from": other.get("period_from"),
                    "period_to": other.get("period_to"),
                    "period_match": match,
                    "quoted_value": quoted.get("value"),
                    "value": other.get("value"),
                    "ratio": ratio,
                    "quoted_rank": ranks[0],
                    "rank": ranks[1],
                    "verdict": verdict,
                    "reason": reason,
                }
            )
    return made


def contested(statistic_id: str, verdicts: dict[str, set[str]]) -> bool | None:
    """Whether a quoted figure is contested; None where it could be compared with nothing."""
    found = verdicts.get(statistic_id, set()) - {"not_comparable"}
    return bool(found & DISPUTED) if found else None


def verdicts_of(rows: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """The verdicts on each quoted figure."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["statistic_id"]].add(row["verdict"])
    return found


def add_comparisons(data: dict[str, list[Record]]) -> None:
    """Fills ``statistic_comparisons`` and the column ``contested`` of ``statistics`` from the other tables in
    ``data``.
    """
    data["statistic_comparisons"] = comparisons(
        data["statistics"], data["country_statistics"], data["indicators"]
    )
    verdicts = verdicts_of(data["statistic_comparisons"])
    for row in data["statistics"]:
        row["contested"] = contested(row["statistic_id"], verdicts)
