"""The check of every claim: against its passage where that is at hand, against the lock where not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.matchers.currencies import HOMES
from scripts.matchers.names import Names
from scripts.model.claims import Claim
from scripts.model.evidence_kinds import kind_of
from scripts.model.problems import Problem, brief
from scripts.model.seeds import Seeds
from scripts.model.tables import Field, Table
from scripts.sources.check import check_value
from scripts.sources.known_names import names_by_source, names_of
from scripts.sources.lock import Place, digest
from scripts.sources.passages import HeldText, Transcript
from scripts.store.files import sha256
from scripts.techpacts.nearest import SHOWN

# A cell of a sheet: file, line, column.
Cell = tuple[str, int, str]
# A message and the fix.
Fault = tuple[str, str]
RELOCK = "run python -m scripts lock and look at what changes"


def _unnamed(claim: Claim, known: list[str], passage: str) -> Fault:
    """Say which names of a listed entity were looked for in vain, and what the passage prints that may be one
    more.
    """
    looked = ", ".join(brief(n) for n in known[:SHOWN]) + (" ..." if len(known) > SHOWN else "")
    message = f"{brief(claim.text)} is not in the passage, which prints none of its names" + (
        f" ({looked})" if known else ""
    )
    printed = re.search(
        r"(?i)(?<![a-z0-9])" + r"[\s-]+".join(map(re.escape, claim.text.split("-"))) + r"(?![a-z0-9])",
        passage,
    )
    if printed is None:
        return message, (
            "cite the passage that names it, add the name that it prints to seeds/vocabularies/aliases.csv,"
            " or say in note how it follows (field: how)"
        )
    return message, (
        f"if {brief(' '.join(printed[0].split()))}, which it prints, is its name, add that to"
        " seeds/vocabularies/aliases.csv"
    )


def _fresh(
    claim: Claim,
    field: Field,
    passage: str,
    names: Names,
    reference: str | None,
    amount: int | None,
    **source: str | None,
) -> tuple[str, Fault | None]:
    """Check the claim against the passage: the result, or the fault and how to fix it."""
    result, missing = check_value(field, claim.value, passage, names, reference, amount, **source)
    kind = kind_of(field.evidence)
    inferable = not kind.own_words
    if claim.note and kind.note_explains(result):
        return "inferred", None
    if result and not claim.note:
        return result, None
    if result:
        return result, (
            "the note calls the value inferred, but "
            + ("the passage prints it" if inferable else "text of our own cannot be inferred"),
            "remove the note",
        )
    fix = (
        "cite the passage that has it, or say in note how it follows (field: how)"
        if inferable
        else "write only what the passage says, cite more of it, or list the name as an alias"
    )
    return "", (missing, fix)


def _readings(seeds: Seeds) -> dict[str, dict[str, str | None]]:
    """Return of each source what says how its figures are to be read: its language, and the currency of its
    publisher's country.
    """
    countries = {o["organization_id"]: o["country_code"] for o in seeds.lists["organizations"]}
    return {
        s["source_id"]: {
            "language": s["language"],
            "home": HOMES.get(countries.get(s["publisher_organization_id"]) or ""),
        }
        for s in seeds.lists["sources"]
    }


@dataclass
class Checked:
    """The claims with their checks, and the faults found.

    ``left`` counts the locked checks at each place that no claim has any more, ``reported`` the claims at
    each place that are not locked or have a fault in their cells (``lock.stale_checks``).
    """

    claims: list[Claim] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left: Counter[Place] = field(default_factory=Counter)
    reported: Counter[Place] = field(default_factory=Counter)


class _Checker:
    """The check of one claim after the other; sheets give the amount of a row before its bound."""

    def __init__(
        self,
        seeds: Seeds,
        tables: dict[str, Table],
        held: Mapping[str, HeldText | Transcript],
        against_lock: bool,
    ) -> None:
        self.seeds, self.tables, self.held, self.against_lock = seeds, tables, held, against_lock
        self.names: Callable[[str], Names] = names_by_source(seeds, tables)
        self.readings = _readings(seeds)
        # The amount of money in the same row of a sheet.
        self.amounts: dict[tuple[str, int], Any] = {
            (c.file, c.line): c.value for c in seeds.claims if c.table == "funding" and c.field == "amount"
        }
        self.without_amount: set[tuple[str, int]] = set()
        self.english = {(c.file, c.line, c.field): c for c in seeds.claims if c.field.endswith("_en")}
        self.problems: list[Problem] = []
        self.looked_at: set[Place] = set()

    def report(self, claim: Claim, column: str, fault: Fault, rule: str) -> None:
        """Add a problem of one column of the row that makes the claim."""
        self.problems.append(Problem(claim.file, claim.line, column, *fault, rule))

    def check(self, claim: Claim, locked: tuple[str, str] | None) -> Claim:
        """Return the claim with its check; without one where its passage does not bear it out.

        ``locked`` is the hash of the passage and the check that the lock has, None where it has none.
        """
        text = self.held.get(claim.source_id)
        passage = text.passage(claim.at) if text else None
        if claim.field == "bound" and (claim.file, claim.line) in self.without_amount:
            # What the words beside an amount make of it is asked again when the passage has the amount.
            return claim._replace(check="coded")
        if isinstance(text, HeldText):
            self.look_at_edges(claim, text)
        if passage is not None:
            return self.afresh(claim, passage, locked)
        if locked is not None:
            return claim._replace(passage_sha256=locked[0], check=locked[1])
        if (translated := self.translated(claim)) is not None:
            return translated
        if text is not None:
            message = (
                f"{brief(claim.at)} is not among the passages of {claim.source_id}, and the lock does not"
                " have this check"
            )
            fix = "transcribe the passage under that place, or correct the place"
            self.report(claim, "at", (message, fix), "lock")
        else:
            message = "the text is not at hand and the lock does not have this check"
            fix = "run python -m scripts lock where the texts are (--sources DIR, --passages DIR)"
            self.report(claim, claim.field, (message, fix), "lock")
        return claim._replace(check="coded")

    def translated(self, claim: Claim) -> Claim | None:
        """Return the claim with its check where it translates a cell of the same row that is locked.

        The passage bore out that cell, so a translation that says no more needs no passage. The build asks
        for the lock all the same. None where the claim is not such a translation.
        """
        column = self.tables[claim.table].by_name[claim.field]
        english = self.english.get((claim.file, claim.line, claim.field.removesuffix("_ko") + "_en"))
        passage = self.seeds.lock.get(claim.place)
        if self.against_lock or not kind_of(column.evidence).translates or not english or not passage:
            return None
        if digest(english) not in passage.checks:
            return None
        found, missing = check_value(column, claim.value, english.text, self.names(claim.source_id), None)
        if not found:
            message = missing.replace("the passage", english.field, 1)
            fix = "translate what it says and no more, or list the name as an alias"
            self.report(claim, claim.field, (message, fix), "evidence")
        return claim._replace(passage_sha256=passage.sha256, check=found or "coded")

    def look_at_edges(self, claim: Claim, text: HeldText) -> None:
        """Report a place that cuts a word, once."""
        if claim.place not in self.looked_at:
            self.looked_at.add(claim.place)
            if span := text.cut_word(claim.spans):
                message = f"the span {span} begins or ends inside a word or with a blank"
                fix = "cite whole words (python -m scripts locate prints their offsets)"
                self.report(claim, "at", (message, fix), "offsets")

    def afresh(self, claim: Claim, passage: str, locked: tuple[str, str] | None) -> Claim:
        """Check the claim against its passage, and hold the result against the lock."""
        column = self.tables[claim.table].by_name[claim.field]
        reference = self.tables[claim.table].reference_of(claim.field)
        amount = self.amounts.get((claim.file, claim.line))
        result, fault = _fresh(
            claim,
            column,
            passage,
            self.names(claim.source_id),
            reference,
            amount,
            **self.readings[claim.source_id],
        )
        if fault:
            if not result and kind_of(column.evidence).named:
                known = names_of(self.seeds, reference or "", claim.text, claim.source_id)
                fault = _unnamed(claim, known, passage)
            self.report(claim, claim.field, fault, "evidence")
            if claim.field == "amount":
                self.without_amount.add((claim.file, claim.line))
            return claim
        found = sha256(passage), result
        if self.against_lock and locked != found:
            what = "the lock does not have this check" if locked is None else "the lock says otherwise"
            self.report(claim, claim.field, (what, RELOCK), "lock")
        return claim._replace(passage_sha256=found[0], check=result)


def check_claims(
    seeds: Seeds,
    tables: dict[str, Table],
    held: Mapping[str, HeldText | Transcript],
    *,
    against_lock: bool = True,
    faulty: Collection[Cell] = (),
) -> Checked:
    """Return every claim with its ``check`` and ``passage_sha256``, and the faults found.

    With the passage at hand the check is done afresh and, ``against_lock``, must equal the lock; without it
    the lock serves. A source of which nothing is held is cited. A claim that neither can prove counts as
    ``coded``, so that the rest of it can be judged. ``faulty``: cells with faults that were reported already:
    these are not looked for in the passage, and nothing in a row is whose key is faulty.
    """
    checker, checked = _Checker(seeds, tables, held, against_lock), Checked()
    held_sources = {s["source_id"] for s in seeds.lists["sources"] if s["held"] != "none"}
    faulty_rows = {(file, line) for file, line, _ in faulty}
    left = {place: set(passage.checks) for place, passage in seeds.lock.items()}
    for claim in seeds.claims:
        if (claim.file, claim.line) in faulty_rows and any(
            (claim.file, claim.line, column) in faulty
            for column in (*tables[claim.table].primary_key, claim.field)
        ):
            # The lock knows the row under another key.
            checked.reported[claim.place] += 1
        elif claim.source_id not in held_sources:
            claim = claim._replace(check="cited")
        else:
            passage, entry, locked = seeds.lock.get(claim.place), digest(claim), None
            if passage is not None and entry in passage.checks:
                locked = passage.sha256, passage.checks[entry]
                left[claim.place].discard(entry)
            else:
                checked.reported[claim.place] += 1
            claim = checker.check(claim, locked)
        checked.claims.append(claim)
    checked.left = Counter({place: len(entries) for place, entries in left.items() if entries})
    checked.problems = checker.problems
    return checked
