"""What a build says at its end: how many rows and cells there are and how they are proven."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scripts.model.seeds import Record

if TYPE_CHECKING:
    from scripts.pipeline.build import Built

CHECKS = ("confirmed", "coded", "inferred", "cited")
# A cell counts once, under the strongest check that any source gives it.
STRONGEST = {check: i for i, check in enumerate(("confirmed", "cited", "inferred", "coded"))}
HEAD = ("table", "rows", "cells", *CHECKS, "differing")


def _counts(name: str, data: dict[str, list[Record]]) -> list[int]:
    """The numbers of one fact table, in the order of ``HEAD``."""
    best: dict[tuple[str, str], str] = {}
    for e in data["evidence"]:
        if e["table"] == name and e["stands"]:
            cell = e["row_id"], e["field"]
            best[cell] = min(best.get(cell, e["check"]), e["check"], key=STRONGEST.__getitem__)
    by_check = Counter(best.values())
    differing = {(d["row_id"], d["field"]) for d in data["disagreements"] if d["table"] == name}
    return [len(data[name]), len(best), *(by_check[check] for check in CHECKS), len(differing)]


def summary(built: Built) -> str:
    """Return the closing table: rows, filled cells and how they are proven, per fact table; other tables in
    one line; how much was checked against its text just now.
    """
    facts = {t.name: _counts(t.name, built.data) for t in built.tables.values() if t.kind == "fact"}
    total = [sum(column) for column in zip(*facts.values(), strict=True)]
    lines = [HEAD, *((name, *counts) for name, counts in facts.items()), ("total", *total)]
    others = ", ".join(f"{name} {len(rows)}" for name, rows in built.data.items() if name not in facts)
    return "\n".join(
        [
            *(f"{name:<24}" + "".join(f"{v!s:>11}" for v in numbers) for name, *numbers in lines),
            f"other tables (rows): {others}",
            texts_read(built),
        ]
    )


def texts_read(built: Built) -> str:
    """Say in one line how many sources were checked against their text, and how many by the lock."""
    held = sum(s["held"] != "none" for s in built.seeds.lists["sources"])
    by_lock = len(built.unread)
    rest = f", {by_lock} from the lock (texts not at hand)" if by_lock else ""
    return f"checks: {held - by_lock} sources against their text{rest}"
