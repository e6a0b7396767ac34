"""The pages in docs/: every query runs and prints what the page says, every enumeration has its rule and examples."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from scripts.answers import ANALYSIS, BLOCK, QUESTIONS, answered
from scripts.build import Built
from scripts.problems import BadData
from scripts.tableschema import ROOT
from tests.mini import TABLES

MANUAL = (ROOT / "docs/coding-manual.md").read_text("utf-8")
ENUMERATIONS = [f"{t.name}.{f.name}" for t in TABLES.values() if t.kind == "fact" for f in t.claimed if f.evidence == "judgement" and (f.enum or f.type == "boolean")]


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_every_enumeration_has_a_rule_and_two_examples(name: str) -> None:
    sections = {n: body for heading, body in re.findall(r"^### (.+)\n((?:(?!^#).*\n)*)", MANUAL, re.MULTILINE) for n in heading.split(" and ")}
    assert re.fullmatch(r"Rule: .+\n- Easy: .+\n- Hard: .+\n+", sections.get(name, "")), f"docs/coding-manual.md has no rule with an easy and a hard example for {name}"


def test_the_manual_speaks_of_no_value_that_does_not_exist() -> None:
    known = {v for t in TABLES.values() for f in t.fields for v in (*(f.enum or ()), f.name)} | set(TABLES) | set(re.findall(r"^[a-z-]+", (ROOT / "seeds/vocabularies/domains.csv").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`([a-z_-]+)`", MANUAL)) <= known


def test_there_are_thirty_questions_and_each_is_answered() -> None:
    text = QUESTIONS.read_text("utf-8")
    assert len(re.findall(r"^### \d+\. .+\?$", text, re.MULTILINE)) == 30
    assert [bool(answer) for _, answer in BLOCK.findall(text)] == [False] + [True] * 30


@pytest.mark.parametrize("page", [QUESTIONS, ANALYSIS], ids=lambda p: p.stem)
def test_answers_are_what_the_queries_print(page: Path) -> None:
    """Brought up to date by ``python -m scripts answers``."""
    text = page.read_text("utf-8")
    assert answered(text, page=page) == text


def test_a_query_that_fails_is_told_with_its_line() -> None:
    with pytest.raises(BadData, match=r"docs/questions\.md:3: the query fails: ZeroDivisionError: division by zero; mend the query"):
        answered("a\n\n```python\n1 / 0\n```\n")


def test_the_readme_counts_what_is_in_the_data(real: Built) -> None:
    """The figures of its first lines are those of the tables."""
    told = (ROOT / "README.md").read_text("utf-8")
    kinds = Counter(s["document_type"] for s in real.data["sources"])
    country = {o["organization_id"]: o["country_code"] for o in real.data["organizations"]}
    partners = {country[p["organization_id"]] for p in real.data["parties"] if p["role"] != "lead_agency"} - {None, "USA"}
    count = {name: f"{len(rows):,}" for name, rows in real.data.items()}
    for words in (
        f"**Covers** {count['agreements']} agreements and statements with {len(partners)} partner countries, {count['provisions']} provisions, {count['events']} events, {count['funding']} sums and {count['signatories']} signatory rows",
        f"from {count['sources']} documents ({kinds['primary_text']} texts of instruments, {kinds['official_release']} official releases, {kinds['news']} news reports)",
        f"{len(real.tables)} tables ({sum(t.kind == 'fact' for t in real.tables.values())} of facts)",
    ):
        assert words in told, words
