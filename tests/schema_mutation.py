"""Writes what the schemas and rules demand and what tests it: every mutant held against the corpus, survivors
by name.

``python -m tests.schema_mutation`` prints the table; with ``--write`` it goes to
``docs/reference/schema-mutants.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

from scripts.model.paths import ROOT
from scripts.store.frames import frame_of
from scripts.validation.rules.registry import Frames, all_rules
from tests.mini import TABLES, Mini
from tests.rule_mutation import needed_rules
from tests.schema_outcomes import (
    Outcome,
    all_tables,
    field_outcomes,
    key_outcomes,
    min_rows_outcomes,
    pattern_outcomes,
    reference_outcomes,
    unique_outcomes,
)

REPORT = ROOT / "docs/reference/schema-mutants.md"
# Kinds of mutant, and what is done to them.
KINDS_HOW = {
    "type": "read as text",
    "required": "dropped",
    "may be empty": "made required",
    "enumeration": "dropped",
    "enumeration value": "one taken out",
    "pattern": "dropped",
    "part of a pattern": "one item of it widened, narrowed, repeated or made optional",
    "minimum": "dropped, one step lower, one step higher",
    "maximum": "dropped, one step higher, one step lower",
    "unique": "dropped",
    "primary key": "dropped, with one column more, with one less",
    "unique key": "dropped, with one column more, with one less",
    "foreign key": "dropped",
    "minimum of rows": "dropped, one lower",
    "rule": "taken out",
}
KINDS = list(KINDS_HOW)
HEAD = """# What the schemas demand, and what tests it

Written by `python -m tests.schema_mutation --write`; do not edit.

Every constraint, key, value and rule is changed in turn, one change at a time (a *mutant*). A looser one must let a
bad value of `tests/bad/` pass that was reported before, a tighter one must report a sound value of `tests/good/`; a
rule that is taken out must let a planted fault of `tests/validation/test_rules.py` or `tests/rule_mutation.py` pass that no other
rule reports. A mutant that changes no verdict survives: nothing tests what it changed.
"""  # noqa: E501


def share(names: Iterable[str], part: float) -> set[str]:
    """Draw a share of ``names``, always the same."""
    drawn = sorted(names, key=lambda name: crc32(f"draw {name}".encode()))
    return set(drawn[: round(part * len(drawn))])


def rule_outcomes(sound: Frames, part: float = 1) -> list[Outcome]:
    """Remove each rule between fields and tables in turn, or those of a share of the rules."""
    names = [rule.name for rule in all_rules()]
    drawn = share(names, part)
    needed = needed_rules(sound, drawn)
    return [Outcome("rule", f"{name}: taken out", name in needed) for name in names if name in drawn]


def schema_outcomes(part: float = 1) -> list[Outcome]:
    """Try every mutant of every schema, or of a share of the schemas."""
    per_table = (field_outcomes, unique_outcomes, key_outcomes, reference_outcomes, min_rows_outcomes)
    drawn = share(all_tables(), part)
    tables = [table for name, table in all_tables().items() if name in drawn]
    return [o for table in tables for outcomes in per_table for o in outcomes(table)] + list(
        pattern_outcomes()
    )


def report(outcomes: list[Outcome]) -> str:
    """The table by kind, and the survivors by name."""
    kinds = list(dict.fromkeys(o.kind for o in sorted(outcomes, key=lambda o: KINDS.index(o.kind))))
    lines = [HEAD, "| what is changed | how | mutants | killed | survive |", "|---|---|---:|---:|---:|"]
    for kind in kinds:
        of_kind = [o for o in outcomes if o.kind == kind]
        killed = sum(o.killed for o in of_kind)
        lines.append(f"| {kind} | {KINDS_HOW[kind]} | {len(of_kind)} | {killed} | {len(of_kind) - killed} |")
    killed = sum(o.killed for o in outcomes)
    lines += [f"| all | | {len(outcomes)} | {killed} | {len(outcomes) - killed} |", "", "## Survivors", ""]
    lines += [f"- {o.kind}: {o.name}" for o in outcomes if not o.killed] or ["None."]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Prints or writes the report; 1 where a mutant survives."""
    with TemporaryDirectory() as folder:
        mini = Mini.write(Path(folder))
        mini.lock()
        data = mini.build().data
    outcomes = schema_outcomes() + rule_outcomes(
        {name: frame_of(t.fields, data[name]) for name, t in TABLES.items()}
    )
    if arguments == ["--write"]:
        REPORT.write_text(report(outcomes), "utf-8")
    print(report(outcomes))
    return int(any(not o.killed for o in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
