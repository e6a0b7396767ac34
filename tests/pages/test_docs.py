"""The pages in docs/: every query runs and prints what the page says, every enumeration has its rule and
examples.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from scripts.model.paths import ROOT
from scripts.pages.counts import MARK
from scripts.pages.doc_queries import BLOCK
from scripts.pipeline.build import Built
from tests.mini import TABLES

QUESTIONS, ANALYSIS = ROOT / "docs/questions.md", ROOT / "docs/analysis.md"
MANUAL = (ROOT / "docs/coding-manual.md").read_text("utf-8")
ENUMERATIONS = [
    f"{t.name}.{f.name}"
    for t in TABLES.values()
    if t.kind == "fact"
    for f in t.claimed
    if f.evidence == "judgement" and (f.enum or f.type == "boolean")
]


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_every_enumeration_has_a_rule_and_two_examples(name: str) -> None:
    sections = {
        n: body
        for heading, body in re.findall(r"^### (.+)\n((?:(?!^#).*\n)*)", MANUAL, re.MULTILINE)
        for n in heading.split(" and ")
    }
    assert re.fullmatch(r"Rule: .+\n- Easy: .+\n- Hard: .+\n+", sections.get(name, "")), (
        f"docs/coding-manual.md has no rule with an easy and a hard example for {name}"
    )


def test_the_manual_speaks_of_no_value_that_does_not_exist() -> None:
    known = (
        {v for t in TABLES.values() for f in t.fields for v in (*(f.enum or ()), f.name)}
        | set(TABLES)
        | set(
            re.findall(
                r"^[a-z-]+", (ROOT / "seeds/vocabularies/domains.csv").read_text("utf-8"), re.MULTILINE
            )
        )
    )
    assert set(re.findall(r"`([a-z_-]+)`", MANUAL)) <= known


def test_there_are_thirty_questions_and_each_is_answered() -> None:
    text = QUESTIONS.read_text("utf-8")
    assert len(re.findall(r"^### \d+\. .+\?$", text, re.MULTILINE)) == 30
    assert [bool(answer) for _, answer in BLOCK.findall(text)] == [False] + [True] * 30


def _names_of(page: Path) -> dict[str, Any]:
    """What the queries of a page leave behind."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.chdir(ROOT):
        for code, _ in BLOCK.findall(page.read_text("utf-8")):
            exec(compile(code, page.name, "exec"), names)
    return names


def test_nobody_in_the_control_group_is_party_to_anything_before(real: Built) -> None:
    """Or to anything without a date: held against every day that the tables have of an instrument, not the
    query's own.
    """
    group = _names_of(ANALYSIS)["group"]
    control = set(group.index[group == "none until 2022"])
    assert len(control) > 20 and not control & {"IND", "CHE", "DNK", "NOR"}
    country = {o["organization_id"]: o["country_code"] for o in real.data["organizations"]}
    days: dict[str, list[dt.date]] = defaultdict(list)
    for e in real.data["events"]:
        if e["agreement_id"] and e["effect"] != "none" and e["stage"] == "held":
            days[e["agreement_id"]].append(e["start_on_from"])
    for a in real.data["agreements"]:
        days[a["agreement_id"]].append(a["signed_on_from"])
    for p in real.data["parties"]:
        if p["role"] == "lead_agency" or country[p["organization_id"]] not in control:
            continue
        # Who joined by itself did so on a day of its own; without one, not before there was anything to join.
        known = [
            d for d in ([p["acceded_on_from"]] if p["acceded_on_from"] else days[p["agreement_id"]]) if d
        ]
        assert known and min(known) > dt.date(2022, 12, 31), (
            country[p["organization_id"]],
            p["agreement_id"],
        )


def test_the_readme_counts_what_is_in_the_data(real: Built) -> None:
    """The figures of its first lines are those of the tables, counted here in another way."""
    shown = MARK.sub(lambda m: m["text"], (ROOT / "README.md").read_text("utf-8"))
    kinds = Counter(s["document_type"] for s in real.data["sources"])
    country = {o["organization_id"]: o["country_code"] for o in real.data["organizations"]}
    partners = {country[p["organization_id"]] for p in real.data["parties"] if p["role"] != "lead_agency"} - {
        None,
        "USA",
    }
    count = {name: f"{len(rows):,}" for name, rows in real.data.items()}
    for words in (
        (
            f"**Covers** {count['agreements']} agreements and statements with {len(partners)} partner"
            f" countries, {count['provisions']} provisions, {count['events']} events, {count['funding']}"
            " amounts of money"
            f" and {count['signatories']} records of who signed or attended"
        ),
        (
            f"from {count['sources']} documents ({kinds['primary_text']} texts of instruments,"
            f" {kinds['official_release']} official releases, {kinds['news']} news reports)"
        ),
        f"{len(real.tables)} tables ({sum(t.kind == 'fact' for t in real.tables.values())} of facts)",
    ):
        assert words in shown, words
