"""Rules between fields and between tables: what a Table Schema cannot say.

Each rule is a function with one plain sentence above its code; it takes all tables as typed frames and yields
the rows that break it. ``STAGES`` lists them in the order in which they are judged (``judge.py``): a rule
waits where a table that it reads has faults from before, so that one mistake is told once, where it was made,
and not again by everything that follows from it.
"""

from scripts.validation.rules import (
    agreements,
    derived,
    events,
    evidence,
    money,
    naming,
    series,
    statistics,
    tombstones,
    vocabularies,
)
from scripts.validation.rules.base import Fault, Frames, Rule

STAGES: tuple[tuple[Rule, ...], ...] = (
    # Are the lists whole, and does the evidence speak of what is there?
    (evidence.evidence_and_rows_meet, evidence.source_is_held_as_said, *vocabularies.RULES),
    # Are the rows gone that went, and is what took their place there?
    tombstones.RULES,
    # Is every cell what its sources say?
    (
        evidence.every_cell_is_proven,
        evidence.inferred_has_note,
        evidence.hash_where_held,
        evidence.check_fits_column,
        evidence.one_passage_one_hash,
    ),
    # Does every day exist?
    (events.ranges_fit,),
    # Do the cells fit together?
    (*agreements.RULES, *events.RULES, *money.RULES, *statistics.RULES, *series.RULES, *naming.RULES),
    # Is what the build derives what follows from them?
    (
        evidence.grade_from_evidence,
        derived.usd_from_rates,
        evidence.disagreements_match,
        series.comparisons_match,
    ),
    (
        agreements.status_from_events,
        evidence.rulings_are_quoted,
        derived.totals_match,
        series.contested_from_comparisons,
    ),
    (agreements.signed_by_someone_is_signed, derived.timeline_matches, derived.matrix_matches),
)
ALL: tuple[Rule, ...] = tuple(rule for stage in STAGES for rule in stage)

__all__ = ["ALL", "STAGES", "Fault", "Frames", "Rule"]
