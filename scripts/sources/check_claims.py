"""The check of every claim: against its passage where that is at hand, against the lock where not."""

from __future__ import annotations

import re
from collections.abc import Collection

from scripts.matchers.currencies import HOMES
from scripts.matchers.names import Names
from scripts.model.claims import Claim
from scripts.model.evidence_kinds import kind_of
from scripts.model.problems import Problem, brief
from scripts.model.seeds import Seeds
from scripts.model.tables import Field, Table
from scripts.sources.check import check_value
from scripts.sources.known_names import names_of, names_by_source
from scripts.sources.lock import unclaimed_checks
from scripts.sources.passages import HeldText, Transcript
from scripts.store.files import sha256
from scripts.techpacts.nearest import SHOWN


def _unnamed(claim: Claim, known: list[str], passage: str) -> tuple[str, str]:
    """Which names of a listed entity were looked for in vain, and what the passage prints that may be one
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
        return (
            message,
            (
                "cite the passage that names it, add the name that it prints to"
                " seeds/vocabularies/aliases.csv, or say in note how it follows (field: how)"
            ),
        )
    return (
        message,
        (
            f"if {brief(' '.join(printed[0].split()))}, which it prints, is its name, add that to"
            " seeds/vocabularies/aliases.csv"
        ),
    )


def _fresh(
    claim: Claim,
    field: Field,
    passage: str,
    names: Names,
    reference: str | None,
    amount: int | None,
    **source: str | None,
) -> tuple[str, tuple[str, str] | None]:
    """The check done on the passage: its result, or the fault and how to mend it."""
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


def _told(seeds: Seeds) -> dict[str, dict[str, str | None]]:
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


def check_claims(
    seeds: Seeds,
    tables: dict[str, Table],
    held: dict[str, HeldText | Transcript],
    *,
    against_lock: bool = True,
    faulty: Collection[tuple[str, int, str]] = (),
) -> list[Problem]:
    """Fill ``check`` and ``passage_sha256`` of every claim and return the faults found.

    With the passage at hand the check is done afresh and, ``against_lock``, must equal the lock; without it
    the lock serves. A source of which nothing is held is cited. A claim that neither can prove counts as
    ``coded``, so that the rest of it can be judged. ``faulty``: cells (file, line, column) with faults that
    were reported already: these are not looked for in the passage, and nothing in a row is whose key is
    faulty.
    """
    problems: list[Problem] = []
    checked = {s["source_id"] for s in seeds.lists["sources"] if s["held"] != "none"}

    names = names_by_source(seeds, tables)
    # The sum in the same row of a sheet.
    amounts = {
        (c.file, c.line): c.value for c in seeds.claims if c.table == "funding" and c.field == "amount"
    }
    told = _told(seeds)
    used, doubtful = set(), set()
    without_sum: set[tuple[str, int]] = set()
    renamed: set[tuple[str, str, str]] = set()
    for claim in seeds.claims:
        table = tables[claim.table]
        if any((claim.file, claim.line, column) in faulty for column in (*table.primary_key, claim.field)):
            # The lock knows the row under another key.
            renamed.add((claim.source_id, claim.table, claim.at))
            continue
        if claim.source_id not in checked:
            claim.check = "cited"
            continue
        locked = seeds.lock.get(claim.lock_key)
        used.add(claim.lock_key)
        if locked is None:
            doubtful.add(claim.lock_key[:4])
        text = held.get(claim.source_id)
        passage = text.passage(claim.at) if text else None
        if claim.field == "bound" and (claim.file, claim.line) in without_sum:
            # What the words beside a sum make of it is asked again when the passage has the sum.
            claim.check = "coded"
        elif passage is not None:
            result, fault = _fresh(
                claim,
                table.by_name[claim.field],
                passage,
                names(claim.source_id),
                table.reference_of(claim.field),
                amounts.get((claim.file, claim.line)),
                **told[claim.source_id],
            )
            if fault:
                if not result and kind_of(table.by_name[claim.field].evidence).named:
                    fault = _unnamed(
                        claim,
                        names_of(seeds, table.reference_of(claim.field) or "", claim.text, claim.source_id),
                        passage,
                    )
                problems.append(Problem(claim.file, claim.line, claim.field, *fault, "evidence"))
                if claim.field == "amount":
                    without_sum.add((claim.file, claim.line))
                continue
            claim.check, claim.passage_sha256 = result, sha256(passage)
            if against_lock and locked != (claim.passage_sha256, claim.check):
                problems.append(
                    Problem(
                        claim.file,
                        claim.line,
                        claim.field,
                        "the lock does not have this check" if locked is None else "the lock says otherwise",
                        "run python -m scripts lock and look at what changes",
                        "lock",
                    )
                )
        elif locked is None and text is not None:
            claim.check = "coded"
            problems.append(
                Problem(
                    claim.file,
                    claim.line,
                    "at",
                    f"{brief(claim.at)} is not among the passages of {claim.source_id}, and the lock does not"
                    " have this check",
                    "transcribe the passage under that place, or mend the place",
                    "lock",
                )
            )
        elif locked is None:
            claim.check = "coded"
            problems.append(
                Problem(
                    claim.file,
                    claim.line,
                    claim.field,
                    "the text is not at hand and the lock does not have this check",
                    "run python -m scripts lock where the texts are (--sources DIR, --passages DIR)",
                    "lock",
                )
            )
        else:
            claim.passage_sha256, claim.check = locked
    if against_lock:
        problems += unclaimed_checks(seeds, used, doubtful, renamed)
    return problems
