"""Rules between fields and between tables: what a Table Schema cannot say.

Each rule is a function with one plain sentence above its code; it takes all tables as typed frames and yields
the rows that break it. ``ALL`` lists them; ``python -m scripts validate`` runs every one.
"""

from scripts.rules import agreements, derived, events, evidence, money, naming, statistics, vocabularies
from scripts.rules.base import Fault, Frames, Rule

ALL: tuple[Rule, ...] = (
    *agreements.RULES, *events.RULES, *money.RULES, *statistics.RULES, *evidence.RULES, *naming.RULES, *vocabularies.RULES, *derived.RULES,
)  # fmt: skip

__all__ = ["ALL", "Fault", "Frames", "Rule"]
