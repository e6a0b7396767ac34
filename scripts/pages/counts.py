"""Counts of what is in the data, written into pages between marks.

In a page ``<!-- count:agreements -->211<!-- /count -->`` reads as 211; the number between the marks is
written by the program, never by hand.
"""

from __future__ import annotations

import re
from collections import Counter

import polars as pl

from scripts.model.problems import BadData, Problem
from scripts.package.loaded import Contents
from scripts.pages.codebook import recheckable_cells, share

MARK = re.compile(r"(?P<open><!-- count:(?P<name>[a-z0-9_-]+) -->)(?P<text>.*?)(?P<close><!-- /count -->)")
# The strongest check first: a cell counts once.
STRENGTH = ("confirmed", "cited", "inferred", "coded")


def cells_by_check(contents: Contents) -> Counter[str]:
    """Count the cells that sources bear out by the strongest check of each."""
    rank = pl.col("check").replace_strict({c: i for i, c in enumerate(STRENGTH)}, return_dtype=pl.Int8)
    cells = contents.frames["evidence"].filter("stands").group_by("table", "row_id", "field").agg(rank.min())
    return Counter(STRENGTH[i] for i in cells["check"])


def partner_countries(contents: Contents) -> set[str]:
    """Return the codes of the countries whose bodies are party to an agreement, the United States aside."""
    parties = contents.frames["parties"].filter(pl.col("role") != "lead_agency")
    bodies = contents.frames["organizations"].select("organization_id", "country_code")
    return set(parties.join(bodies, on="organization_id")["country_code"].drop_nulls()) - {"USA"}


def page_counts(contents: Contents) -> dict[str, str]:
    """Return every number that a page may show, as text, by its name.

    The name of a table stands for its number of rows.
    """
    frames, cells = contents.frames, cells_by_check(contents)
    kinds = Counter(frames["sources"]["document_type"])
    second = frames["reliability"].filter(pl.col("coding_round") == "round-2")
    recoded: dict[str, int] = dict(second.group_by("table").agg(pl.col("units").max()).iter_rows())
    numbers = {
        **{name: frame.height for name, frame in frames.items()},
        "tables": len(contents.tables),
        "fact-tables": sum(t.kind == "fact" for t in contents.tables.values()),
        "partner-countries": len(partner_countries(contents)),
        "texts-of-instruments": kinds["primary_text"],
        "official-releases": kinds["official_release"],
        "news-reports": kinds["news"],
        "texts-held": Counter(frames["sources"]["held"])["text"],
        "texts-archived": frames["sources"]["archive_url"].count(),
        "cells": cells.total(),
        "recoded-provisions": recoded.get("provisions", 0),
        "recoded-sums": recoded.get("funding", 0),
    }
    shares = {f"{check}-share": share(cells[check], cells.total()) for check in STRENGTH}
    shares["recheckable-share"] = share(recheckable_cells(contents), cells.total())
    shares["recheckable-confirmed-share"] = share(recheckable_cells(contents, "confirmed"), cells.total())
    package = {"version": contents.package["version"], "citation": contents.package["citation"]}
    return {name: f"{number:,}" for name, number in numbers.items()} | shares | package


def fill(text: str, counts: dict[str, str], file: str) -> str:
    """Write the counts between the marks of a page. Raises BadData for a mark of an unknown name."""
    problems = []
    for match in MARK.finditer(text):
        if match["name"] not in counts:
            line = text.count("\n", 0, match.start()) + 1
            fix = f"use one of {', '.join(sorted(counts))}"
            problems.append(Problem(file, line, "", f'there is no count "{match["name"]}"', fix, "docs"))
    if problems:
        raise BadData(problems)
    return MARK.sub(lambda m: m["open"] + counts[m["name"]] + m["close"], text)
