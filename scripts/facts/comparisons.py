"""Quoted figures compared with other figures of the same concept and country, and the verdict on the two.

The build and the rule that checks it use the same function on the published tables, so that whoever has the
package alone can repeat it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from scripts.model.seeds import Record

# Values within a tenth of each other count as the same level: editions of one series differ by as much.
LEVEL = 0.1
WORLD = "countries_of_the_world"
DISPUTED = {"rank_differs", "level_differs"}
Years = tuple[int | None, int | None]


def _years(row: Record) -> Years:
    return row.get("period_from"), row.get("period_to")


def _match(one: Years, other: Years) -> str | None:
    """How two runs of years meet; None where they do not."""
    (first, last), (other_first, other_last) = one, other
    if first is None or last is None or other_first is None or other_last is None:
        return "unknown"
    if one == other:
        return "same"
    return "overlapping" if first <= other_last and other_first <= last else None


def _nearest(quoted: Record, rows: list[Record]) -> tuple[str, Record] | None:
    """Of the figures of one indicator the one to compare with the quoted: of the same years, or else the
    latest that meets them.
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


class Findings(NamedTuple):
    """What two figures have to do with each other.

    ``ranks`` and ``levels`` are None where they cannot be compared: ranks need the same years and unit (by
    head or by share, countries rank otherwise), levels also values and a published definition on both sides.
    """

    ranks: Literal["equal", "differ"] | None
    levels: Literal["close", "differ"] | None
    quoted_is: Literal["value", "rank only"]
    defined: bool
    same_years: bool


# The decision table: the first row whose conditions all hold gives the verdict, and the reason where nothing
# can be compared.
VERDICTS: tuple[tuple[dict[str, object], str, str | None], ...] = (
    ({"ranks": "differ"}, "rank_differs", None),
    ({"levels": "differ"}, "level_differs", None),
    ({"levels": "close"}, "consistent", None),
    ({"ranks": "equal", "quoted_is": "rank only"}, "consistent", None),
    ({"defined": False}, "not_comparable", "definition_unknown"),
    ({"same_years": True}, "not_comparable", "other_unit"),
    ({}, "not_comparable", "other_years"),
)


def verdict(findings: Findings) -> tuple[str, str | None]:
    """Return the verdict on two figures, and the reason where they cannot be compared."""
    found = findings._asdict()
    return next((v, why) for when, v, why in VERDICTS if when.items() <= found.items())


def _others(
    quoted: Record, figures: dict[tuple[str, str], dict[tuple[str, str], list[Record]]], concept: str
) -> Iterator[tuple[str, str, Record]]:
    """Figures of other indicators of the same concept and country: table, how the years match, the figure."""
    for (table, indicator), rows in figures[concept, quoted["country_code"]].items():
        if indicator != quoted["indicator_id"]:
            # Of a series one figure is enough; of quoted ones each counts.
            for group in [rows] if table == "country_statistics" else [[r] for r in rows]:
                if found := _nearest(quoted, group):
                    yield table, *found


def _comparison(quoted: Record, own: Record, table: str, match: str, other: Record, its: Record) -> Record:
    """The row of two figures; ``own`` and ``its`` are their indicators."""
    alike, defined = match == "same" and own["unit"] == its["unit"], own["definition_status"] == "published"
    value, other_value = quoted.get("value"), other.get("value")
    ratio = round(value / other_value, 4) if alike and value is not None and other_value else None
    ranks = _rank(quoted), _rank(other)
    findings = Findings(
        ranks=None if not alike or None in ranks else "equal" if ranks[0] == ranks[1] else "differ",
        levels=None if not defined or ratio is None else "differ" if abs(ratio - 1) > LEVEL else "close",
        quoted_is="rank only" if value is None else "value",
        defined=defined,
        same_years=match == "same",
    )
    found, reason = verdict(findings)
    return {
        "statistic_id": quoted["statistic_id"],
        "compared_table": table,
        "compared_row_id": other["_id"],
        "concept": own["concept"],
        "country_code": quoted["country_code"],
        **{n: its[n] for n in ("indicator_id", "definition_en", "definition_ko", "counting_method", "unit")},
        "period_from": other.get("period_from"),
        "period_to": other.get("period_to"),
        "period_match": match,
        "quoted_value": value,
        "value": other_value,
        "ratio": ratio,
        "quoted_rank": ranks[0],
        "rank": ranks[1],
        "verdict": found,
        "reason": reason,
    }


def comparisons(
    statistics: Iterable[Record], series: Iterable[Record], indicators: Iterable[Record]
) -> list[Record]:
    """Return the rows of ``statistic_comparisons``, from those of ``statistics``, ``country_statistics`` and
    ``indicators``; a row may leave empty cells out.
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
                key = "indicator_id", "country_code", "period_from", "period_to"
                name = row.get("_id") or "|".join(str(row[k]) for k in key)
                of = figures[indicator["concept"], row["country_code"]]
                of[table, row["indicator_id"]].append({**row, "_id": name})
    return [
        _comparison(quoted, own, table, match, other, known[other["indicator_id"]])
        for quoted in statistics
        if (own := known.get(quoted["indicator_id"])) is not None
        for table, match, other in _others(quoted, figures, own["concept"])
    ]


def contested(statistic_id: str, verdicts: dict[str, set[str]]) -> bool | None:
    """Return whether a quoted figure is contested; None where it could be compared with nothing."""
    found = verdicts.get(statistic_id, set()) - {"not_comparable"}
    return bool(found & DISPUTED) if found else None


def verdicts_of(rows: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the verdicts on each quoted figure, by ``statistic_id``."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["statistic_id"]].add(row["verdict"])
    return found


def add_comparisons(data: dict[str, list[Record]]) -> None:
    """Fill ``statistic_comparisons`` and the column ``contested`` of ``statistics`` from the other tables in
    ``data``.
    """
    data["statistic_comparisons"] = comparisons(
        data["statistics"], data["country_statistics"], data["indicators"]
    )
    verdicts = verdicts_of(data["statistic_comparisons"])
    for row in data["statistics"]:
        row["contested"] = contested(row["statistic_id"], verdicts)
