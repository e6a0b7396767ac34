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


def ranks(values: list[float]) -> list[int]:
    """The place of each value among all, the largest first; equal values share the better place."""
    place: dict[float, int] = {}
    for i, value in enumerate(sorted(values, reverse=True), start=1):
        place.setdefault(value, i)
    return [place[v] for v in values]


def add_ranks(rows: list[Record], ranked: set[str]) -> None:
    """Fills ``rank`` and ``ranked`` of country rows among those of the same indicator and years; empty for
    other indicators than ``ranked``.
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
    """Names and measures of the tables that are on no list."""
    file, known, listed = (
        upstream.files,
        {n["name"] for n in upstream.names},
        {(s["upstream_id"], s["measure"]) for s in upstream.series},
    )
    told: set[Any] = set()
    for p in upstream.points:
        for name in (p.entity, p.partner):
            if name is not None and name not in known and name not in told:
                told.add(name)
                yield Problem(
                    file[p.upstream_id],
                    p.line,
                    "entity" if name == p.entity else "partner",
                    f"nobody knows whom {brief(name)} means",
                    did_you_mean(
                        name, known, f"add it to {upstream.files['names']} with its country or region"
                    ),
                    "upstream-name",
                )
        if (p.upstream_id, p.measure) not in listed and (p.upstream_id, p.measure) not in told:
            told.add((p.upstream_id, p.measure))
            yield Problem(
                file[p.upstream_id],
                p.line,
                "measure",
                f"no series is made of {brief(p.measure)}",
                f"add it to {upstream.files['series']}, or leave it out of the pinned table",
                "upstream-series",
            )


def _unused(upstream: Upstream) -> Iterator[Problem]:
    """Entries of the lists that no pinned table has: what is spelt wrong there would be missed otherwise."""
    used = {n for p in upstream.points for n in (p.entity, p.partner)}
    for name in [n for n in upstream.names if n["name"] not in used]:
        yield Problem(
            upstream.files["names"],
            name["_line"],
            "name",
            f"no pinned table names {brief(name['name'])}",
            "take it out, or mend the spelling",
            "upstream-name",
        )
    made = {(p.upstream_id, p.measure) for p in upstream.points}
    for series in [s for s in upstream.series if (s["upstream_id"], s["measure"]) not in made]:
        yield Problem(
            upstream.files["series"],
            series["_line"],
            "measure",
            f"{series['upstream_id']} has no measure {brief(series['measure'])}",
            "mend it, or take it out",
            "upstream-series",
        )


def _misdirected(upstream: Upstream, lists: dict[str, list[Record]]) -> Iterator[Problem]:
    """Entries of the lists that mean nothing that is listed elsewhere."""
    known = {c: {r[c] for r in lists[table]} for c, table in LISTED.items()}
    for name in upstream.names:
        if (name["country_code"] is None) == (name["region_id"] is None):
            yield Problem(
                upstream.files["names"],
                name["_line"],
                "country_code",
                f"{brief(name['name'])} means a country or a region, and one of them",
                "fill country_code or region_id",
                "upstream-name",
            )
    for file, row, column in [
        ("names", n, c) for n in upstream.names for c in ("country_code", "region_id")
    ] + [("series", s, "indicator_id") for s in upstream.series]:
        if row[column] is not None and row[column] not in known[column]:
            yield Problem(
                upstream.files[file],
                row["_line"],
                column,
                *unknown_reference(LISTED[column], row[column], known[column]),
                "upstream-name",
            )


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
    """The rows of ``TABLES``. Faults of names, series and repeated figures go to ``problems``.

    ``lists``: the vocabularies that names and series refer to. ``whole``: all tables were read, so that an
    entry of the lists that none of them has is a fault.
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
        if (
            p.partner is not None
            and len({names[n]["country_code"] for n in (p.entity, p.partner)} - {None}) < 2
        ):
            problems.append(
                Problem(
                    file,
                    p.line,
                    "partner",
                    f"{brief(p.entity)} and {brief(p.partner)} are not two countries",
                    "leave the pair out of the pinned table",
                    "upstream-name",
                )
            )
            continue
        table, row = _row(p, indicator[p.upstream_id, p.measure], names)
        key = (
            table,
            *(v for k, v in sorted(row.items()) if k not in {"value", "upstream_id", "upstream_line"}),
        )
        first = seen.setdefault(key, p)
        if first is p:
            made[table].append(row)
        else:
            problems.append(
                Problem(
                    file,
                    p.line,
                    "entity",
                    f"duplicate figure for this country and these years (first in row {first.line})",
                    "two names may mean one country: let names.csv keep them apart, as regions",
                    "upstream-twice",
                )
            )
    add_ranks(made["country_statistics"], {s["indicator_id"] for s in upstream.series if s["ranked"]})
    return made
