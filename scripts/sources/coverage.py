"""What of each held text no claim cites and no entry of ``uncoded.csv`` explains.

The counts are locked as well (``seeds/coverage.lock.csv``): while text and places are the same, they hold
without the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scripts.model.problems import Problem
from scripts.model.seeds import Record, Seeds
from scripts.sources.passages import HeldText
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.files import sha256
from scripts.store.schemas import load_seed_table

COVERAGE_FILE = "seeds/coverage.lock.csv"
Spans = list[tuple[int, int]]


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


def _marks(length: int, spans: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    marked = np.zeros(length, bool)
    for start, end in spans:
        marked[start:end] = True
    return marked


def cover(cited: Spans, uncoded: Spans, held: HeldText) -> Coverage:
    """Return how much of ``held`` is accounted for by the spans that claims cite and entries explain."""
    text = held.text
    ink = np.fromiter((not c.isspace() for c in text), bool, len(text))
    by_claims, explained = _marks(len(text), cited), _marks(len(text), uncoded)
    left = np.flatnonzero(ink & ~by_claims & ~explained).tolist()
    gaps: list[list[int]] = []
    for i in left:
        if gaps and not text[gaps[-1][1] : i].strip():
            gaps[-1][1] = i + 1
        else:
            gaps.append([i, i + 1])
    return Coverage(
        held.source_id,
        int(ink.sum()),
        int((ink & by_claims).sum()),
        int((ink & explained & ~by_claims).sum()),
        tuple((a, b) for a, b in gaps),
        len(left),
    )


def cited_spans(seeds: Seeds) -> dict[str, Spans]:
    """Return of each source with a held text the spans that claims cite, sorted, each once."""
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for claim in seeds.claims:
        found[claim.source_id].update(claim.spans)
    return {source_id: sorted(spans) for source_id, spans in found.items() if spans}


def uncoded_spans(seeds: Seeds, source_id: str) -> Spans:
    """Return the spans that the entries of a source explain."""
    return [span for e in seeds.uncoded.get(source_id, []) for span in e["_spans"]]


def contradicted(seeds: Seeds, cited: Spans, held: HeldText) -> list[Problem]:
    """Report every uncoded entry of which a claim cites a part."""
    marked = _marks(len(held.text), cited)
    return [
        Problem(
            e["_file"],
            e["_line"],
            "at",
            "a claim cites a part of this passage",
            "shorten the entry to what is not coded",
            "coverage",
        )
        for e in seeds.uncoded.get(held.source_id, [])
        if any(marked[i] and not held.text[i].isspace() for a, b in e["_spans"] for i in range(a, b))
    ]


def places_digest(text_sha256: str, cited: Spans, uncoded: Spans) -> str:
    """Return the hash of the text and of all its places."""
    parts = (";".join(f"{a}-{b}" for a, b in spans) for spans in (cited, sorted(uncoded)))
    return sha256("\n".join((text_sha256, *parts)))


def coverages(
    seeds: Seeds, held: Mapping[str, object], *, against_lock: bool
) -> tuple[list[Record], list[Problem]]:
    """Return the rows of the lock of coverage, one for each source with a held text, and what is wrong.

    A text at hand is looked at afresh and must, ``against_lock``, give what is locked; of others the locked
    row stands while nothing in their places has changed.
    """
    made, problems, every = [], list[Problem](), cited_spans(seeds)
    for source in (s for s in seeds.lists["sources"] if s["held"] == "text"):
        source_id = source["source_id"]
        cited, uncoded = every.get(source_id, []), uncoded_spans(seeds, source_id)
        digest, locked = places_digest(source["sha256"] or "", cited, uncoded), seeds.coverage.get(source_id)
        text = held.get(source_id)
        if isinstance(text, HeldText):
            found = cover(cited, uncoded, text)
            problems += contradicted(seeds, cited, text)
            row = {
                "source_id": source_id,
                "spans_sha256": digest,
                "characters": found.characters,
                "cited": found.cited,
                "uncoded": found.uncoded,
                "missing": found.missing,
            }
        elif locked and locked["spans_sha256"] == digest:
            row = locked
        else:
            message = f"the places of {source_id} are not those whose coverage is locked"
            fix = "run python -m scripts lock where its text is (python -m scripts texts, --sources DIR)"
            problems.append(_problem(locked, message, fix))
            continue
        if against_lock and (locked is None or any(locked[name] != value for name, value in row.items())):
            fix = "run python -m scripts lock and look at what changes"
            problems.append(_problem(locked, f"the coverage of {source_id} is not what is locked", fix))
        made.append(row)
    return made, problems + (_stale(seeds) if against_lock else [])


def _stale(seeds: Seeds) -> list[Problem]:
    """Report the locked rows of sources that are gone, or of which no text is held any more."""
    held = {s["source_id"] for s in seeds.lists["sources"] if s["held"] == "text"}
    return [
        Problem(
            COVERAGE_FILE,
            locked["_line"],
            "source_id",
            f"no text of {source_id} is held any more",
            "run python -m scripts lock",
            "lock",
        )
        for source_id, locked in seeds.coverage.items()
        if source_id not in held
    ]


def _problem(locked: Record | None, message: str, fix: str) -> Problem:
    return Problem(COVERAGE_FILE, locked["_line"] if locked else 0, "spans_sha256", message, fix, "lock")


def coverage_file(rows: Iterable[Record]) -> bytes:
    """Return the lock of coverage as it is committed, sorted by source."""
    table = load_seed_table("coverage_lock")
    return write_rows(table.fields, sort_rows(table, rows))
