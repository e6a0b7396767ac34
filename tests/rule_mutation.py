"""Each rule taken out: some planted fault must then pass unseen.

The faults are those of ``tests/validation/test_rules.py``. Most of them are also a cell that no evidence
proves, or a total that no longer adds up; so each is tried a second time with all such consequences
carried through, as if every source said so. What is left is reported by the one rule that is about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter

import polars as pl

from scripts.facts.comparisons import add_comparisons
from scripts.facts.derived_columns import agreement_matrix, complete, timeline
from scripts.facts.totals import funding_totals
from scripts.model.evidence_kinds import kind_of
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record
from scripts.model.tables import Field, Table
from scripts.model.values import format_value
from scripts.store.frames import frame_of
from scripts.validation.rules.evidence_cells import every_cell_is_proven
from scripts.validation.rules.judge import judge
from scripts.validation.rules.registry import Frames, Rule, all_rules
from tests.faults.frames import Plant, both, cell, drop, more
from tests.mini import TABLES
from tests.validation.test_rules import CASES


def _proof(example: Record, field: Field, text: str) -> Record:
    """Evidence like ``example``, for another cell of the same row."""
    check = "cited" if example["check"] == "cited" else kind_of(field.evidence).checks[0]
    return {**example, "field": field.name, "value": text, "check": check, "note": None, "stands": True}


def _disputes(data: dict[str, list[Record]]) -> None:
    """Of what is disputed the value that stands is the cell's, in the disagreements and in the rulings."""
    texts = {
        (t.name, key_of(t, r), f.name): format_value(f, r[f.name])
        for t in TABLES.values()
        if t.kind == "fact"
        for r in data[t.name]
        for f in t.claimed
    }
    for name, value in (("disagreements", "value"), ("rulings", "expect")):
        for row in data[name]:
            if row["stands"]:
                row[value] = texts.get((row["table"], row["row_id"], row["field"]), row[value])
        data[name] = [r for r in data[name] if r[value]]


def _evidence(data: dict[str, list[Record]]) -> list[Record]:
    """Evidence for the cells as they are: each source that proved a cell now says what the cell says."""
    known: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for e in data["evidence"]:
        known[e["table"], e["row_id"]].append(e)
    rows = []
    for table in (t for t in TABLES.values() if t.kind == "fact"):
        for row in data[table.name]:
            name = key_of(table, row)
            about = known.get((table.name, name)) or [
                {**e, "row_id": name} for e in data["evidence"] if e["table"] == table.name and e["stands"]
            ]
            rows += _cells_proven(table, row, about)
    return rows


def _cells_proven(table: Table, row: Record, about: list[Record]) -> Iterator[Record]:
    for field in table.claimed:
        text = format_value(field, row[field.name])
        there = [e for e in about if e["field"] == field.name]
        if text:
            yield from [e for e in there if not e["stands"] and e["value"] != text]
            standing = [e for e in there if e["stands"]] or [
                _proof(next(e for e in about if e["stands"]), field, text)
            ]
            yield from [{**e, "value": text} for e in standing]


def _history(data: dict[str, list[Record]]) -> list[Record]:
    """What stood before as it was, and the cells as they are, by the first source that proves them."""
    day = {s["source_id"]: s["published_on"] for s in data["sources"]}
    cell = itemgetter("table", "row_id", "field")
    since = {cell(h): h["known_from"] for h in data["cell_history"] if h["known_until"] is None}
    stands: dict[tuple[str, ...], Record] = {}
    for e in sorted((e for e in data["evidence"] if e["stands"]), key=lambda e: day[e["source_id"]]):
        stands.setdefault(cell(e), e)
    rows = [h for h in data["cell_history"] if h["known_until"] and cell(h) in stands]
    for name, e in stands.items():
        first = max(since.get(name, day[e["source_id"]]), day[e["source_id"]])
        rows.append({**e, "known_from": first, "known_until": None})
    return rows


def settle(frames: dict[str, pl.DataFrame]) -> None:
    """Carries what was planted through to evidence, dates, grades, states, dollars and derived tables."""
    data: dict[str, list[Record]] = {name: frame.to_dicts() for name, frame in frames.items()}
    _disputes(data)
    data["evidence"] = _evidence(data)
    data["cell_history"] = _history(data)
    complete(data, TABLES)
    add_comparisons(data)
    for name, table in TABLES.items():
        frames[name] = frame_of(table.fields, data[name])
    for name, derived in (
        ("timeline", timeline(frames, TABLES)),
        ("agreement_matrix", agreement_matrix(frames)),
        ("funding_totals", funding_totals(frames)),
    ):
        frames[name] = frame_of(TABLES[name].fields, derived.to_dicts())


# Faults that break one rule and leave everything else sound, for rules whose faults in CASES break others
# too.
PURE: list[tuple[str, Plant]] = [
    ("at_least_two_parties", both(drop("parties", 1), cell("signatories", 0, organization_id="alpha"))),
    ("signed_by_someone_is_signed",
     both(cell("events", 1, effect="announced"), cell("agreements", 0, signed_on=None))),
    ("signed_after_announced",
     both(more("events", 1, event_id="y", effect="announced", start_on="2025-03-05"),
          more("events", 1, event_id="z", effect="operative", start_on="2025-03-06"))),
    ("effect_needs_agreement", more("events", 1, event_id="z", agreement_id=None, effect="resumed")),
    ("held_before_reported", more("events", 1, event_id="z", effect="none", start_on="2025-04-01")),
    ("sum_has_an_occasion", cell("funding", 0, agreement_id=None, provision_id=None, under_agreement=False)),
    ("own_money_names_agreement",
     cell("funding", 0, agreement_id=None, provision_id=None, event_id="pact-signing")),
    ("sum_and_provision_agree",
     both(more("agreements", 0, agreement_id="other", signed_on=None),
          more("parties", 0, agreement_id="other"), more("parties", 1, agreement_id="other"),
          cell("provisions", 1, agreement_id="other"))),
    ("every_cell_is_proven", cell("signatories", 0, office_en="Deputy Head, Office Beta")),
    ("source_is_held_as_said", cell("sources", 0, held="none", text_file=None, sha256=None, characters=None)),
    ("names_fit_every_disk", cell("sources", 0, text_file="news.")),
    ("ruling_has_one_winner", more("rulings", 0, row_id="other", stands=False)),
]  # fmt: skip


# Rules that say where a mistake was made, which without them others would report at its consequences. For
# them it counts that the place is no longer named.
TELL_WHERE = ("evidence_and_rows_meet", "every_cell_is_proven", "source_is_held_as_said")


def _reports(frames: Frames, chosen: Iterable[Rule]) -> bool:
    """Whether any of the chosen rules reports something."""
    return any(rule(frames) for rule in chosen)


def _places(frames: Frames, left_out: str | None = None) -> set[tuple[str, int, str]]:
    """Table, row and column of all that the rules report in their order, with one of them left out."""
    rules = [rule for rule in all_rules() if rule.name != left_out]
    return {(table, v.index, v.column) for table, v in judge(frames, set(), rules).found}


def _alone(frames: Frames, rule: str) -> bool:
    """Whether the frames would pass if the rule were taken out, or for those that tell where, whether the
    place would no longer be named.
    """
    if rule in TELL_WHERE:
        return bool(_places(frames) - _places(frames, rule))
    # Most faults are also a cell that no evidence proves: asking for that first saves most of the time.
    others = sorted((r for r in all_rules() if r.name != rule), key=lambda r: r is not every_cell_is_proven)
    return _reports(frames, [r for r in all_rules() if r.name == rule]) and not _reports(frames, others)


def needed_rules(sound: Frames, tried: Collection[str]) -> set[str]:
    """Return those of the rules ``tried`` without which a fault that is planted in ``sound`` passes."""
    needed: set[str] = set()
    for rule, plant in (p for p in [*PURE, *((case[0], case[1]) for case in CASES)] if p[0] in tried):
        for steps in ((plant,), (plant, settle)):
            if rule in needed:
                break
            frames = dict(sound)
            for change in steps:
                change(frames)
            if _alone(frames, rule):
                needed.add(rule)
    return needed
