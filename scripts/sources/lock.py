"""The lock: the checks of all passages, committed, which stands in where a text is not at hand."""

from __future__ import annotations

from scripts.model.problems import Problem, brief
from scripts.model.seeds import Seeds
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.schemas import load_seed_table

LOCK_FILE = "seeds/passages.lock.csv"


def unclaimed_checks(
    seeds: Seeds,
    used: set[tuple[str, ...]],
    doubtful: set[tuple[str, ...]],
    renamed: set[tuple[str, str, str]],
) -> list[Problem]:
    """Report locked checks that no sheet claims any more, those of sources that are gone among them.

    ``doubtful``: cells of a source with a claim that is not in the lock, which is reported itself: what was
    locked there is what stood there before. ``renamed``: source, table and place of rows that are reported
    themselves.
    """
    return [
        Problem(
            LOCK_FILE,
            seeds.lock_lines[key],
            "value",
            f"no sheet claims {brief(key[5])} for {key[1]} {key[2]} from {key[0]} at {key[4]} any more",
            "run python -m scripts lock",
            "lock",
        )
        for key in seeds.lock
        if key not in used and key[:4] not in doubtful and (key[0], key[1], key[4]) not in renamed
    ]


def lock_file(seeds: Seeds) -> bytes:
    """The lock for claims just checked, as it is committed."""
    table = load_seed_table("passages_lock")
    rows = [
        {
            **dict(zip(table.primary_key, c.lock_key, strict=True)),
            "passage_sha256": c.passage_sha256,
            "check": c.check,
        }
        for c in seeds.claims
        if c.passage_sha256
    ]
    return write_rows(table.fields, sort_rows(table, rows))
