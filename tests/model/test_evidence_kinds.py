"""What the project knows of each kind of evidence, in one table, and that it is known in one place only."""

from __future__ import annotations

import re

import pytest

from scripts.model.caveats import CAVEATS
from scripts.model.evidence_kinds import EVIDENCE, implied, kind_of
from scripts.model.paths import ROOT
from tests.mini import TABLES

# Kind, checks, whether a note may explain what is confirmed, coded and not found, typed, our words.
KNOWN = [
    ("date", "confirmed inferred cited", (True, True, True), True, False),
    ("year", "confirmed inferred cited", (True, True, True), True, False),
    ("number", "confirmed inferred cited", (False, False, True), True, False),
    ("currency", "confirmed inferred cited", (False, False, True), True, False),
    ("name", "confirmed inferred cited", (False, False, True), True, False),
    ("verbatim", "confirmed inferred cited", (False, False, True), True, False),
    ("text", "confirmed coded cited", (False, False, False), False, True),
    ("translation", "confirmed coded cited", (False, False, False), False, True),
    ("summary", "coded cited", (False, False, False), False, True),
    ("judgement", "coded inferred cited", (True, True, True), False, False),
    ("bound", "confirmed coded inferred cited", (False, True, True), False, False),
]


@pytest.mark.parametrize(("name", "checks", "notes", "typed", "own_words"), KNOWN)
def test_each_kind_is_as_the_manual_says(
    name: str, checks: str, notes: tuple[bool, ...], typed: bool, own_words: bool
) -> None:
    kind = kind_of(name)
    assert " ".join(kind.checks) == checks
    assert tuple(kind.note_explains(c) for c in ("confirmed", "coded", None)) == notes
    assert (kind.typed, kind.own_words) == (typed, own_words)


def test_every_kind_is_known_and_used() -> None:
    used = {f.evidence for t in TABLES.values() for f in t.claimed}
    assert [k for k, *_ in KNOWN] == list(EVIDENCE) and used == set(EVIDENCE)
    assert {c for kind in EVIDENCE.values() for c in kind.checks} == set(
        TABLES["evidence"].by_name["check"].enum or ()
    )
    assert {implied(name) for name in EVIDENCE} - {()} <= {(code,) for code in CAVEATS}
    assert implied(None) == ()
    with pytest.raises(ValueError, match="no kind of evidence is called guess"):
        kind_of("guess")


def test_no_other_module_asks_for_a_kind_by_name() -> None:
    """What differs between kinds is an attribute of the kind, so a new one is known everywhere."""
    asked = re.compile(rf'evidence(?:"\))?\s*(?:==|!=|(?:not )?in)\s*[("{{\[]*"?(?:{"|".join(EVIDENCE)})"')
    assert asked.search('if field.evidence in {"text", "summary"}:') and asked.search('f.evidence == "date"')
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "scripts").rglob("*.py"))
        if asked.search(path.read_text("utf-8"))
    ]
    assert found == []
