"""What a run of ``derive openalex`` says about itself: ``run.json``, and the messages on standard error."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, field
from typing import Any

from scripts.model.problems import Problem
from scripts.openalex.definitions import CONTRADICTIONS, DEFINITIONS, Switches
from scripts.openalex.inputs import Found, Skipped, summary
from scripts.openalex.record_check import PartCheck
from scripts.openalex.tables import ANY, Tables, describe

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Options:
    """What the user chose.

    ``max_broken`` is the share of broken records above which a run fails; ``memory`` is that of DuckDB,
    ``master`` the address of Spark.
    """

    engine: str = "duckdb"
    snapshot_date: str = UNKNOWN
    topic_model: str = UNKNOWN
    switches: Switches = field(default_factory=Switches)
    max_broken: float = 0.001
    memory: str = "2500MB"
    master: str = "local[2]"


@dataclass(frozen=True)
class Checked:
    """What was found in all parts, in their order."""

    parts: list[PartCheck]

    @property
    def records(self) -> int:
        """Return how many records there are."""
        return sum(c.records for c in self.parts)

    @property
    def broken(self) -> int:
        """Return how many records are broken."""
        return sum(c.broken for c in self.parts)

    @property
    def problems(self) -> list[Problem]:
        """Return the problems of the first broken records of each part."""
        return [p for c in self.parts for p in c.problems]


def run_note(options: Options, engine: str, inputs: Found, checked: Checked, found: Tables) -> dict[str, Any]:
    """Return what ``run.json`` says; ``engine`` is its name and version."""
    return {
        "snapshot_date": options.snapshot_date,
        "topic_model": options.topic_model,
        "engine": engine,
        "switches": asdict(options.switches),
        "definitions": [describe(d) for d in DEFINITIONS],
        "records": checked.records,
        "broken": checked.broken,
        "copies": checked.records - checked.broken - found.taken - found.left_out,
        "left_out": found.left_out,
        "counted": found.taken,
        "contradictions": found.contradictions,
        "contradictions_mean": [describe(c) for c in CONTRADICTIONS],
        "unlisted_codes": found.unlisted,
        "broken_records": [
            {"file": p.file, "line": p.row, "field": p.column, "message": p.message} for p in checked.problems
        ],
        "parts": [
            {
                "name": p.name,
                "bytes": p.size,
                "identity": p.identity,
                "records": c.records,
                "broken": c.broken,
            }
            for p, c in zip(inputs.parts, checked.parts, strict=True)
        ],
        "skipped": [asdict(s) for s in inputs.skipped],
    }


def _lines(note: dict[str, Any]) -> list[str]:
    lines = [
        f"{b['file']}:{b['line']}:{b['field']}: {b['message']}".replace(":: ", ": ")
        for b in note["broken_records"]
    ]
    if note["broken"]:
        lines.append(f"{note['broken']} of {note['records']} records are broken and not counted")
    if note["copies"]:
        lines.append(
            f"{note['copies']} records are older copies of works that occur again and are not counted"
        )
    if contradicting := note["contradictions"][ANY]:
        kinds = ", ".join(
            f"{n}: {works}" for n, works in note["contradictions"].items() if works and n != ANY
        )
        lines.append(
            f"{contradicting} of {note['counted']} works have records that contradict themselves and are"
            f" counted as their authorships say ({kinds}; docs/openalex.md)"
        )
    if note["skipped"]:
        lines.append(f"skipped: {summary([Skipped(**s) for s in note['skipped']])}")
    if note["unlisted_codes"]:
        codes = ", ".join(f"{code} (works: {works})" for code, works in note["unlisted_codes"].items())
        lines.append(f"codes that ISO 3166-1 does not list are in tables of their own: {codes}")
    options = {"--snapshot-date": "snapshot_date", "--topic-model": "topic_model"}
    if missing := [option for option, key in options.items() if note[key] == UNKNOWN]:
        lines.append(
            f"WARNING: without {' and '.join(missing)} the counts of AI works mean nothing: OpenAlex gives"
            " every work other topics from time to time; run.json says unknown"
        )
    return lines


def report(note: dict[str, Any]) -> None:
    """Print on standard error what a reader of the counts must know."""
    print("".join(f"{line}\n" for line in _lines(note)), end="", file=sys.stderr)
