"""Runs the rules: in stages, and over the evidence in pieces, so that ten million rows of it need not be held at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

import polars as pl

from scripts.constraints import Violation, frame_of
from scripts.frames import numbered, row_ids
from scripts.rules import ALL, STAGES
from scripts.rules.base import Fault, Frames, Rule, Waits, Watched, declared
from scripts.rules.evidence import BY_PIECES
from scripts.rules.linked import facts


@dataclass
class Verdict:
    """What the rules found: violations with their tables, and the rules that wait for other faults to be mended."""

    found: list[tuple[str, Violation]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def whole_rows(evidence: Iterable[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, bool]]:
    """The evidence in pieces that hold all evidence on a row of a fact table together, each numbered as in the whole.

    Takes any pieces in which the rows are in order of their key. With each piece comes whether it is the last.
    """
    start, kept = 0, frame_of(declared()["evidence"].fields, []).with_row_index("_row")
    for piece in evidence:
        piece = pl.concat([kept, piece.with_row_index("_row", offset=start)])
        start += piece.height - kept.height
        if piece.height:
            of_last = (piece["table"] == piece["table"][-1]) & (piece["row_id"] == piece["row_id"][-1])
            yield piece.filter(~of_last), False
            kept = piece.filter(of_last)
    yield kept, True


def pieces(frames: Frames, evidence: Iterable[pl.DataFrame]) -> Iterator[Frames]:
    """The package in pieces: some evidence, the rows of the fact tables that it is on, and the disagreements on them.

    Every row of a fact table is in exactly one piece, if nothing is said of it at all too. The other tables are whole in each.
    """
    ids = {name: numbered(frames[name]).with_columns(row_ids(table).alias("_id")) for name, table in facts().items()}
    differing = numbered(frames["disagreements"])
    after: tuple[str, str] | None = None
    for piece, last in whole_rows(evidence):
        if not piece.height and not last:
            continue
        to = None if last else piece.select("table", "row_id").row(-1)
        part: Frames = {**frames, "evidence": piece}
        for name, frame in ids.items():
            part[name] = frame.filter(_between(pl.lit(name), pl.col("_id"), after, to)).drop("_id")
        part["disagreements"] = differing.filter(_between(pl.col("table"), pl.col("row_id"), after, to))
        yield part
        after = to


def _between(table: pl.Expr, row_id: pl.Expr, after: tuple[str, str] | None, to: tuple[str, str] | None) -> pl.Expr:
    """Whether a row comes after one row, up to another, in the order of the evidence; None is the very start or end."""
    above = pl.lit(True) if after is None else (table > after[0]) | ((table == after[0]) & (row_id > after[1]))
    return above & (pl.lit(True) if to is None else (table < to[0]) | ((table == to[0]) & (row_id <= to[1])))


def _needed_later(evidence: pl.DataFrame) -> pl.DataFrame:
    """The little of a piece of evidence that rules over the whole package ask for: each passage once, and who tells of events."""
    key = ["source_id", "at", "passage_sha256", "check"]
    passages = evidence.with_columns(pl.len().over(key).alias("_count")).unique(key, keep="first", maintain_order=True)
    events = evidence.filter((pl.col("table") == "events") & (pl.col("field") == "stage") & pl.col("stands")).with_columns(pl.lit(0, pl.UInt32).alias("_count"))
    return pl.concat([passages, events])


@dataclass
class _Outcome:
    """What a rule found, and which tables it read: if one of these turns out to have faults, it should not have spoken."""

    faults: list[Fault] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def add(self, rule: Rule, frames: Frames, faulty: set[str]) -> None:
        """Runs the rule over all tables or over a piece of them."""
        view = Watched(frames, faulty)
        with suppress(Waits):
            self.faults += rule(view)
        self.read |= view.read


def _run(rules: Iterable[Rule], parts: Iterable[Frames], faulty: set[str]) -> dict[Rule, _Outcome]:
    outcomes = {rule: _Outcome() for rule in rules}
    for part in parts:
        for rule, outcome in outcomes.items():
            outcome.add(rule, part, faulty)
    return outcomes


def judge(frames: Frames, faulty: set[str], evidence: Iterable[pl.DataFrame] | None = None) -> Verdict:
    """Runs every rule over all tables. ``faulty`` names those with faults of their own, which no rule reads.

    ``evidence``, where given, brings the table of that name in pieces that are in order; ``faulty`` may grow while it
    is read. Otherwise it is among the ``frames``.
    """
    others = [rule for rule in ALL if rule not in BY_PIECES]
    # Once for all rules.
    frames = {name: numbered(frame) for name, frame in frames.items()}
    if evidence is None:
        # Rules only look; so some can at the same time: those over all evidence, which are few and long, and the many short ones.
        with ThreadPoolExecutor(1) as beside:
            waiting = beside.submit(_run, others, [frames], faulty)
            outcomes = _run(BY_PIECES, [frames], faulty) | waiting.result()
    else:
        kept: list[pl.DataFrame] = []

        def parts() -> Iterator[Frames]:
            for part in pieces(frames, evidence):
                kept.append(_needed_later(part["evidence"]))
                yield part

        outcomes = _run(BY_PIECES, parts(), faulty)
        outcomes |= _run(others, [frames | {"evidence": pl.concat(kept)}], faulty)
    return _staged(outcomes, set(faulty))


def _staged(outcomes: dict[Rule, _Outcome], faulty: set[str]) -> Verdict:
    """The verdict, stage by stage: a rule that read a table in which an earlier stage found faults does not speak."""
    verdict = Verdict()
    for stage in STAGES:
        found: list[tuple[Rule, Fault]] = []
        for rule in stage:
            if outcomes[rule].read & faulty:
                verdict.waiting.append(rule.__name__)
            else:
                # A rule that goes through all tables judges each by itself.
                found += [(rule, f) for f in outcomes[rule].faults if f.table not in faulty]
        verdict.found += [(f.table, Violation(f.index, f.column, f.message, f.fix, rule.__name__)) for rule, f in found]
        faulty |= {name for _, f in found for name in (f.table, f.about)}
    return verdict
