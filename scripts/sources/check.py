"""The check of a claim against its passage, and the lock that stands in where the text is not at hand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cache

from scripts.matchers.bounds import bounds_said
from scripts.matchers.currencies import HOMES, has_currency
from scripts.matchers.dates import has_date, has_year
from scripts.matchers.names import Entity, Names
from scripts.matchers.numbers import has_number
from scripts.matchers.prose import said_too_much, verbatim
from scripts.model.claims import Claim
from scripts.model.problems import Problem, brief
from scripts.model.seeds import Seeds
from scripts.model.tables import Field, Table
from scripts.sources.lock import unclaimed_checks
from scripts.sources.passages import HeldText, Transcript
from scripts.store.files import sha256
from scripts.techpacts.nearest import SHOWN
from scripts.techpacts.tombstones import ENTITY

# Tables whose rows have names, and the kind of entity that each row is.
NAMED = {
    "countries": "country",
    "places": "place",
    "organizations": "organization",
    "people": "person",
    "domains": "domain",
}
# What was looked for where a typed value is not found, by kind of evidence; of a name all names are named.
LOOKED_FOR = {
    "date": ", where no date of any form agrees with it",
    "year": ", where no year and no date agrees with it",
    "number": ", where no figure and no number word, with its scale, comes to it",
    "currency": ", where no currency beside the sum is this one",
    "verbatim": " letter for letter",
}
_NAME_COLUMNS = ("name_en", "name_ko", "acronym")


def names_by_source(seeds: Seeds, tables: dict[str, Table]) -> Callable[[str], Names]:
    """For a source, every name by which it may call a listed entity: those that hold everywhere and its own.

    A government bears the names of its country too: 한국과 미국이 합의했다 is said of two governments.
    """
    governments = {
        o["country_code"]: o["organization_id"]
        for o in seeds.lists["organizations"]
        if o["organization_type"] == "government"
    }
    everywhere: dict[str, set[Entity]] = defaultdict(set)
    own: dict[str, dict[str, set[Entity]]] = defaultdict(lambda: defaultdict(set))

    def add(name: str | None, entity: Entity, names: dict[str, set[Entity]] = everywhere) -> None:
        if name:
            names[name].add(entity)
            if entity.kind == "country" and entity.id in governments:
                names[name].add(Entity("organization", governments[entity.id]))

    for table, kind in NAMED.items():
        key = tables[table].primary_key[0]
        for record in seeds.lists[table]:
            for column in _NAME_COLUMNS:
                add(record.get(column), Entity(kind, record[key]))
    for alias in seeds.lists["aliases"]:
        add(
            alias["name"],
            Entity(alias["entity_type"], alias["entity_id"]),
            own[alias["source_id"]] if alias["source_id"] else everywhere,
        )
    shared = Names(everywhere)
    return cache(lambda source_id: shared.and_also(own.get(source_id, {})))


def check_value(
    field: Field,
    value: object,
    passage: str,
    names: Names,
    reference: str | None,
    amount: int | None = None,
    *,
    language: str | None = None,
    home: str | None = None,
) -> tuple[str | None, str]:
    """How ``passage`` supports ``value``: ``confirmed``, ``coded``, or None and what is missing from it.

    ``reference`` is the table that the column points to, for names; ``amount`` the sum that a bound or a
    currency belongs to; ``language`` the ISO 639 code of the passage; ``home`` the currency of the country of
    its publisher.
    """
    match field.evidence:
        case "judgement":
            return "coded", ""
        case "date":
            found = has_date(passage, str(value))
        case "year":
            found = has_year(passage, int(value))  # type: ignore[call-overload]
        case "number":
            found = has_number(passage, value, language)  # type: ignore[arg-type]
        case "currency":
            found = has_currency(passage, str(value), amount, language=language, home=home)
        case "name":
            found = Entity(NAMED[reference or ""], str(value)) in names.entities(passage)
        case "verbatim":
            found = verbatim(passage, str(value))
        case "text" | "summary":
            if field.evidence == "text" and verbatim(passage, str(value)):
                return "confirmed", ""
            faults = said_too_much(
                str(value), passage, names, strict=field.evidence == "summary", language=language
            )
            return (None, "the passage does not hold " + ", ".join(faults)) if faults else ("coded", "")
        case "bound":
            said = bounds_said(passage, amount, language) if amount is not None else set()
            if said and value not in said:
                return None, f"beside the sum the passage says {' and '.join(sorted(said))}, not {value}"
            # Up to $90+ million: of words that say two things the coder chooses.
            return "confirmed" if said == {value} else "coded", ""
        case other:
            raise ValueError(f"no matcher for {other}")
    return (
        ("confirmed", "")
        if found
        else (None, f"{brief(value)} is not in the passage" + LOOKED_FOR.get(field.evidence or "", ""))
    )


def _names_of(seeds: Seeds, table: str, row_id: str, source_id: str) -> list[str]:
    """Every name under which a source may speak of a listed entity; of a government those of its country too."""
    key = ENTITY[NAMED[table]][1]
    record = next((r for r in seeds.lists[table] if r[key] == row_id), {})
    found = [record[c] for c in _NAME_COLUMNS if record.get(c)]
    found += [
        a["name"]
        for a in seeds.lists["aliases"]
        if (a["entity_type"], a["entity_id"]) == (NAMED[table], row_id)
        and a["source_id"] in (None, source_id)
    ]
    if record.get("organization_type") == "government":
        found += _names_of(seeds, "countries", record["country_code"], source_id)
    return found


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
    inferable = field.evidence not in {"text", "summary"}
    # That the passage prints such a date somewhere does not make it this one: a coder who says how it follows
    # is believed.
    if claim.note and (
        field.evidence in {"judgement", "date", "year"} or (field.evidence == "bound" and result == "coded")
    ):
        return "inferred", None
    if result and not claim.note:
        return result, None
    if result:
        return result, (
            "the note calls the value inferred, but "
            + ("the passage prints it" if inferable else "text of our own cannot be inferred"),
            "remove the note",
        )
    if claim.note and inferable:
        return "inferred", None
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
                if not result and table.by_name[claim.field].evidence == "name":
                    fault = _unnamed(
                        claim,
                        _names_of(seeds, table.reference_of(claim.field) or "", claim.text, claim.source_id),
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
