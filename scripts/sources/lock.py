"""The lock: the checks of all passages, committed, which stands in where a text is not at hand.

One line for each passage: its source, its place, its hash, and an entry for each claim that cites it. An
entry is a digest of what is claimed (the first 40 bits of SHA-256 over table, row, column and value, in
base32) and the letter of its check. So one claim can be changed, added or removed while the others on that
passage stand without its text, and two people who change different passages change different lines.

A digest is compared with those of its own passage only. With n entries there, a claim that was changed is
taken for a locked one by chance once in 2^40 / n times: n is 102 at most and 11 on average, so 1 in 10^10 at
the passage with most claims, and 6 in 10^7 that a single one would pass if all 36,000 were changed. Two
claims on one passage share a digest with a chance of 3 in 10^7 over the whole lock; if their checks differ,
one of the two is then reported as locked otherwise, which fails and hides nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from scripts.model.claims import Claim
from scripts.model.problems import Problem
from scripts.model.seeds import LockedPassage, Record
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.schemas import load_seed_table

LOCK_FILE = "seeds/passages.lock.csv"
# The letter of each check; a source of which nothing is held is cited, and not locked.
LETTERS = {"confirmed": "C", "coded": "D", "inferred": "I"}
CHECKS = {letter: check for check, letter in LETTERS.items()}
# The source and the place in it.
Place = tuple[str, str]


def digest(claim: Claim) -> str:
    """Return the eight characters that stand in the lock for what is claimed."""
    said = "\n".join((claim.table, claim.row_id, claim.field, claim.text)).encode()
    return base64.b32encode(hashlib.sha256(said).digest()[:5]).decode("ascii").lower()


def entry(claim: Claim) -> str:
    """Return what stands in the lock for a claim that was checked."""
    return digest(claim) + LETTERS[claim.check]


def locked_passages(rows: Iterable[Record]) -> dict[Place, LockedPassage]:
    """Return the rows of the lock, each with its ``_line``, by source and place."""
    return {
        (row["source_id"], row["at"]): LockedPassage(
            row["_line"],
            row["passage_sha256"],
            {given[:-1]: CHECKS[given[-1]] for given in row["claims"].split(" ")},
        )
        for row in rows
    }


def stale_checks(
    lock: Mapping[Place, LockedPassage], left: Counter[Place], reported: Counter[Place]
) -> list[Problem]:
    """Report locked checks that no sheet claims any more, those of sources that are gone among them.

    ``left`` counts them by place. ``reported`` counts the claims at each place that have a fault of their own
    which was reported: an entry that is left over is what stood there before, at the same place or, where
    the place itself was changed, at another one of the same source.
    """
    rest = left - reported
    moved: Counter[str] = Counter()
    for (source_id, _), count in (reported - left).items():
        moved[source_id] += count
    problems = []
    for place in [place for place in lock if rest[place]]:
        source_id, at = place
        excused = min(rest[place], moved[source_id])
        moved[source_id] -= excused
        if count := rest[place] - excused:
            every = len(lock[place].checks)
            message = f"no sheet claims {count} of the {every} checks from {source_id} at {at} any more"
            fix = "run python -m scripts lock"
            problems.append(Problem(LOCK_FILE, lock[place].line, "claims", message, fix, "lock"))
    return problems


def lock_file(claims: Iterable[Claim]) -> bytes:
    """Return the lock for claims just checked, as it is committed: sorted by source and place."""
    table = load_seed_table("passages_lock")
    entries: dict[tuple[str, str, str], set[str]] = {}
    for c in claims:
        if c.passage_sha256:
            entries.setdefault((*c.place, c.passage_sha256), set()).add(entry(c))
    rows: list[Record] = [
        dict(zip(table.names, (*passage, " ".join(sorted(given))), strict=True))
        for passage, given in entries.items()
    ]
    return write_rows(table.fields, sort_rows(table, rows))


def counts(claims: Iterable[Claim]) -> str:
    """Say how many checks of how many passages the lock of these claims holds."""
    locked = [c.place for c in claims if c.passage_sha256]
    return f"{len(locked)} checks of {len(set(locked))} passages"
