"""Figures of pinned tables as rows: by country, by region, by pair of countries, each with the place it comes
from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from scripts.constraints.violations import unknown_reference
from scripts.model.problems import Problem, brief
from scripts.model.seeds import Record
from scripts.series.pinned import Point, Upstream
from scripts.techpacts.nearest import did_you_mean

PERIOD = ("period_from", "period_to")
# What the lists of pinned tables refer to, by column.
LISTED = {"country_code": "countries", "region_id": "regions", "indicator_id": "indicators"}
TABLES = ("country_statistics", "region_statistics", "pair_statistics")
NOT_IN_KEY = {"value", "upstream_id", "upstream_line"}


def ranks(values: list[float]) -> list[int]:
    """Return the rank of each value among all, the largest first; equal values share the better rank."""
    rank: dict[float, int] = {}
    for i, value in enumerate(sorted(values, reverse=True), start=1):
        rank.setdefault(value, i)
    return [rank[v] for v in values]


def add_ranks(rows: list[Record], ranked: set[str]) -> None:
    """Fill ``rank`` and ``ranked`` of country rows, among those of the same indicator and years; for
    indicators other than ``ranked`` they stay empty.
    """
    groups: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for row in rows:
        row["rank"] = row["ranked"] = None
        if row["indicator_id"] in ranked:
            groups[row["indicator_id"], *(row[p] for p in PERIOD)].append(row)
    for group in groups.values():
        for row, rank in zip(group, ranks([r["value"] for r in group]), strict=True):
            row["rank"], row["ranked"] = rank, len(group)


def _unknown(upstream: Upstream) -> Iterator[Problem]:
    """Names and measures of the tables that are on no list, each reported once."""
    file, known = upstream.files, {n["name"] for n in upstream.names}
    listed = {(s["upstream_id"], s["measure"]) for s in upstream.series}
    reported: set[str | tuple[str, str]] = set()
    for p in upstream.points:
        for column, name in (("entity", p.entity), ("partner", p.partner)):
            if name is not None and name not in known and name not in reported:
                reported.add(name)
                message = f"{brief(name)} is not a listed name"
                fix = did_you_mean(name, known, f"add it to {file['names']} with its country or region")
                yield Problem(file[p.upstream_id], p.line, column, message, fix, "upstream-name")
        measure = p.upstream_id, p.measure
        if measure not in listed and measure not in reported:
            reported.add(measure)
            message = f"no series is made of {brief(p.measure)}"
            fix = f"add it to {file['series']}, or leave it out of the pinned table"
            yield Problem(file[p.upstream_id], p.line, "measure", message, fix, "upstream-series")


def _unused(upstream: Upstream) -> Iterator[Problem]:
    """Entries of the lists that no pinned table has: a misspelling there would be missed otherwise."""
    file, used = upstream.files, {n for p in upstream.points for n in (p.entity, p.partner)}
    fix = "correct the spelling, or remove the row"
    for n in upstream.names:
        if n["name"] not in used:
            message = f"no pinned table has the name {brief(n['name'])}"
            yield Problem(file["names"], n["_line"], "name", message, fix, "upstream-name")
    made = {(p.upstream_id, p.measure) for p in upstream.points}
    for s in upstream.series:
        if (s["upstream_id"], s["measure"]) not in made:
            message = f"{s['upstream_id']} has no measure {brief(s['measure'])}"
            yield Problem(file["series"], s["_line"], "measure", message, fix, "upstream-series")


def _misdirected(upstream: Upstream, lists: dict[str, list[Record]]) -> Iterator[Problem]:
    """Entries of the lists that refer to nothing that is listed elsewhere."""
    file, known = upstream.files, {c: {r[c] for r in lists[table]} for c, table in LISTED.items()}
    for name in upstream.names:
        if (name["country_code"] is None) == (name["region_id"] is None):
            message = f"{brief(name['name'])} must mean either a country or a region"
            fix = "fill country_code or region_id, not both"
            yield Problem(file["names"], name["_line"], "country_code", message, fix, "upstream-name")
    references = [("names", n, c) for n in upstream.names for c in ("country_code", "region_id")]
    references += [("series", s, "indicator_id") for s in upstream.series]
    for of, row, column in references:
        if row[column] is not None and row[column] not in known[column]:
            message, fix = unknown_reference(LISTED[column], row[column], known[column])
            yield Problem(file[of], row["_line"], column, message, fix, "upstream-name")


def _row(p: Point, indicator: str, names: dict[str, Record]) -> tuple[str, Record]:
    """The table that a figure belongs to, and its row."""
    base = {
        "indicator_id": indicator,
        "period_from": p.period_from,
        "period_to": p.period_to,
        "value": p.value,
        "upstream_id": p.upstream_id,
        "upstream_line": p.line,
    }
    who = names[p.entity]
    if p.partner is not None:
        pair = sorted(str(n["country_code"]) for n in (who, names[p.partner]))
        return "pair_statistics", {**base, "country_code_a": pair[0], "country_code_b": pair[1]}
    if who["country_code"] is None:
        return "region_statistics", {**base, "region_id": who["region_id"]}
    return "country_statistics", {**base, "country_code": who["country_code"]}


def series_rows(
    upstream: Upstream, lists: dict[str, list[Record]], problems: list[Problem], *, whole: bool = True
) -> dict[str, list[Record]]:
    """Return the rows of ``TABLES``, none where the lists have faults.

    Args:
        upstream: the pinned tables.
        lists: the vocabularies that names and series refer to.
        problems: what is wrong with names, series and repeated figures is added here.
        whole: all tables were read, so that an entry of the lists that none of them has is a fault.
    """
    faults = [*_misdirected(upstream, lists), *_unknown(upstream), *(_unused(upstream) if whole else ())]
    problems += faults
    made: dict[str, list[Record]] = {name: [] for name in TABLES}
    if faults:
        return made
    names = {n["name"]: n for n in upstream.names}
    indicator = {(s["upstream_id"], s["measure"]): s["indicator_id"] for s in upstream.series}
    seen: dict[tuple[Any, ...], Point] = {}
    for p in upstream.points:
        file = upstream.files[p.upstream_id]
        if p.partner is not None:
            countries = {names[n]["country_code"] for n in (p.entity, p.partner)} - {None}
            if len(countries) < 2:
                message = f"{brief(p.entity)} and {brief(p.partner)} are not two countries"
                fix = "leave the pair out of the pinned table"
                problems.append(Problem(file, p.line, "partner", message, fix, "upstream-name"))
                continue
        table, row = _row(p, indicator[p.upstream_id, p.measure], names)
        key = (table, *(v for k, v in sorted(row.items()) if k not in NOT_IN_KEY))
        first = seen.setdefault(key, p)
        if first is p:
            made[table].append(row)
        else:
            message = f"duplicate figure for this country and these years (first in row {first.line})"
            fix = "two names may mean one country: let names.csv keep them apart, as regions"
            problems.append(Problem(file, p.line, "entity", message, fix, "upstream-twice"))
    add_ranks(made["country_statistics"], {s["indicator_id"] for s in upstream.series if s["ranked"]})
    return made
