"""What of each held text no claim cites and no entry of ``uncoded.csv`` explains."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.model.problems import Problem
from scripts.model.seeds import Seeds
from scripts.sources.passages import HeldText


@dataclass(frozen=True)
class Coverage:
    """Characters of one text, white space aside: cited, explained as uncoded, and the gaps left (half-open
    offsets).
    """

    source_id: str
    characters: int
    cited: int
    uncoded: int
    gaps: tuple[tuple[int, int], ...]
    missing: int


def _marks(length: int, spans: list[tuple[int, int]]) -> bytearray:
    marked = bytearray(length)
    for start, end in spans:
        marked[start:end] = b"\1" * (end - start)
    return marked


def cover(seeds: Seeds, held: HeldText) -> tuple[Coverage, list[Problem]]:
    """Return how much of ``held`` is accounted for, and every uncoded entry that a claim contradicts."""
    text, source = held.text, held.source_id
    cited = _marks(len(text), [s for c in seeds.claims if c.source_id == source for s in c.spans])
    entries = seeds.uncoded.get(source, [])
    uncoded = _marks(len(text), [s for e in entries for s in e["_spans"]])
    problems = [
        Problem(
            e["_file"],
            e["_line"],
            "at",
            "a claim cites a part of this passage",
            "shorten the entry to what is not coded",
            "coverage",
        )
        for e in entries
        if any(cited[i] and not text[i].isspace() for a, b in e["_spans"] for i in range(a, b))
    ]
    ink = [i for i, c in enumerate(text) if not c.isspace()]
    left = [i for i in ink if not cited[i] and not uncoded[i]]
    gaps: list[list[int]] = []
    for i in left:
        if gaps and not text[gaps[-1][1] : i].strip():
            gaps[-1][1] = i + 1
        else:
            gaps.append([i, i + 1])
    both = Coverage(
        source,
        len(ink),
        sum(cited[i] for i in ink),
        sum(uncoded[i] and not cited[i] for i in ink),
        tuple((a, b) for a, b in gaps),
        len(left),
    )
    return both, problems
