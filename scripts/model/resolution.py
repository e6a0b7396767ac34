"""What decides where sources differ, and how that is said."""

from __future__ import annotations

from scripts.model.evidence_kinds import kind_of
from scripts.model.tables import Field
from scripts.techpacts.references import PRIMARY_TYPES

REASON = {
    "latest": (
        "Sources written at different times; the newest one stands.",
        "자료의 시점이 서로 달라 가장 최근 자료를 따른다.",
    ),
    "best": (
        "The most authoritative source stands, the newest among equals.",
        "가장 권위 있는 자료를, 같은 급이면 최근 자료를 따른다.",
    ),
}


def authority(document_type: str) -> int:
    """Return how much a type of document weighs where a column takes the best source."""
    return PRIMARY_TYPES[::-1].index(document_type) + 1 if document_type in PRIMARY_TYPES else 0


def descriptive(field: Field) -> bool:
    """Tell whether a column holds text of our own: where sources give it differently, no fact is disputed."""
    return kind_of(field.evidence).own_words and field.resolve != "agree"
