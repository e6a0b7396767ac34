"""The check of one value against one passage."""

from __future__ import annotations

from scripts.matchers.names import Names
from scripts.model.evidence_kinds import Finding, Passage, kind_of
from scripts.model.tables import Field


def check_value(
    field: Field,
    value: object,
    passage: str,
    names: Names,
    reference: str | None,
    amount: int | None = None,
    *,
    language: str | None = None,
    home: str | None = None,
) -> Finding:
    """Return how ``passage`` supports ``value``: ``confirmed``, ``coded``, or None and what is missing.

    ``names`` are those by which the source may call an entity; of the other arguments see ``Passage``. Raises
    ValueError where the kind of evidence of ``field`` is not known.
    """
    return kind_of(field.evidence).check(value, Passage(passage, names, reference, amount, language, home))
