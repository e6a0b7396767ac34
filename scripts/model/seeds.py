"""What people wrote in ``seeds/``, as read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scripts.model.claims import Claim

Record = dict[str, Any]


class Spot(NamedTuple):
    """A row of a sheet: where it is, what it cites, and which columns its sheet has."""

    file: str
    line: int
    source_id: str
    at: str
    columns: frozenset[str]


class LockedPassage(NamedTuple):
    """A line of the lock: its number, the hash of the passage, and the check of each claim by its digest."""

    line: int
    sha256: str
    checks: dict[str, str]


@dataclass
class Seeds:
    """What people wrote. ``lists`` holds vocabularies, sources, rulings and tombstones by table; each record
    knows its ``_line``.

    ``files``: the file of each list, and of each pinned table by its id.
    """

    lists: dict[str, list[Record]]
    files: dict[str, str]
    claims: list[Claim] = field(default_factory=list)
    # The rows of the fact tables with their key values, and every row of a sheet that speaks of each.
    keys: dict[tuple[str, str], Record] = field(default_factory=dict)
    places: dict[tuple[str, str], list[Spot]] = field(default_factory=lambda: defaultdict(list))
    # The lock by source and place.
    lock: dict[tuple[str, str], LockedPassage] = field(default_factory=dict)
    # The lock of coverage by source.
    coverage: dict[str, Record] = field(default_factory=dict)
    uncoded: dict[str, list[Record]] = field(default_factory=dict)
    # What the pinned tables give, by table of the package.
    series: dict[str, list[Record]] = field(default_factory=dict)

    def source(self, source_id: str) -> Record:
        return next(s for s in self.lists["sources"] if s["source_id"] == source_id)
