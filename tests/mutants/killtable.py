"""``docs/reference/mutants.md``: the kill table by operator, the same for the same verdicts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from scripts.model.paths import ROOT
from tests.mutants.catalogue import CATALOGUE
from tests.mutants.operator import CONTEXTS, Operator, Verdict

PAGE = ROOT / "docs/reference/mutants.md"
LINE = re.compile(
    r"^\| ([a-z0-9-]+) \| .+ \| [^|]* \| ([0-9]+) \| ([0-9]+) \| ([0-9]+) \| ([0-9]+) \|$", re.MULTILINE
)
HEAD = """# Planted faults: what the checks find

Written by `make mutants`; do not edit. Each line has the figures of the last time that its operator was tried: of the whole campaign, or of a part of it that was run since. `{operators}` operators, `{mutants}` mutants: `{killed}` killed exactly, `{elsewhere}` reported elsewhere too, `{escaped}` escaped.

A validator that says "no faults" proves nothing until somebody has put faults in. An **operator** is a kind of fault ("a zero-width space inside a word", "a part larger than its whole"). It is applied to a small made-up package (`tests/mini.py`: three sources and a row in every table), to every table and column where it makes sense, and each time gives a **mutant**: files that are sound but for this one fault. Sizes and hashes in the descriptor are made right again, and the Parquet file is written from the spoiled rows, so that the fault itself has to be found and not its trace. Faults of meaning are planted in the seeds together with sentences that bear them out, and the lock is written anew, so that nothing is wrong but what the row says.

A mutant is **killed exactly** if the report names its file, its line, its column and the right rule, and nothing else. It is reported **elsewhere too** if there is any other report, or one in another place. It has **escaped** if nothing is reported. Where one fault cannot be one report, the note of the operator says what is expected, and that set is demanded exactly.

Mutants stand in one of these places: in the **package** by itself (`check_package`), in the **seeds** (the build), or in the **committed** data held against the seeds (`compare_with_seeds`). Of each column one row is spoiled, of the seeds one file of each type.
"""  # noqa: E501
UNSEEN = """
## What no check of a package alone can see

Some changes contradict nothing inside a package: if size, hash and Parquet are forged with them, it is sound, only not true to its seeds. They are found where the seeds are at hand (operators of the group repository) or by the hash of a published version (operator `changed-by-hand`):

- names, titles, definitions, notes, addresses and other words in the vocabularies and in `sources`, as long as they stay words of the right language;
- codes and dates in lists that no fact refers to (an exclusion, an unused body), and rows of lists to which nothing refers, left out or added;
- who attributed what and the body that a report relays, as long as no evidence grade hangs on it;
- the place of a passage (`evidence.at`), where no other cell is proven by the same place;
- the figures of `reliability`, which come from the second codings in the seeds;
- a second source for a cell, left out whole, as long as no grade and no disagreement hangs on it;
- of `cell_history` a value that stands no more, left out or ended sooner, and one that stands said to be known later, as if it had been hidden till then.

And one kind of error no check of the seeds can see either: a judgement (an activity, a strength) that one person coded wrongly from one source and then locked. A second source that is coded otherwise shows it (operator `bound-of-two-sources` is of this kind), and so does a second, blind coding (table `reliability`).
"""  # noqa: E501


def _row(operator: Operator, verdicts: list[Verdict]) -> str:
    outcomes = Counter(v.outcome for v in verdicts)
    where = []
    for context, name in zip(CONTEXTS, ("package", "seeds", "committed"), strict=True):
        spots = {v.spot for v in verdicts if v.context == context}
        if spots:
            where.append(f"{name}: {len(spots)}")
    sentence = operator.sentence + (f" *{operator.note}*" if operator.note else "")
    return (
        f"| {operator.name} | {sentence} | {', '.join(where)} | {len(verdicts)} | {outcomes['killed']} |"
        f" {outcomes['elsewhere']} | {outcomes['escaped']} |"
    )


def kept_lines(page: str) -> dict[str, str]:
    """The line of each operator on a page."""
    return {m[1]: m[0] for m in LINE.finditer(page)}


def kill_table(verdicts: Iterable[Verdict], kept: Mapping[str, str] | None = None) -> str:
    """The page: what an operator is, the table by group, and what cannot be seen in a package alone.

    ``kept``: lines of operators that were not tried, from the page as it was.
    """
    by_operator: dict[str, list[Verdict]] = {name: [] for name in CATALOGUE}
    for verdict in verdicts:
        by_operator[verdict.operator].append(verdict)
    line = {
        o.name: _row(o, found) if (found := by_operator[o.name]) else (kept or {}).get(o.name) or _row(o, [])
        for o in CATALOGUE.values()
    }
    mutants, killed, elsewhere, escaped = (
        sum(map(int, column))
        for column in zip(*(LINE.fullmatch(text).groups()[1:] for text in line.values()), strict=True)
    )  # type: ignore[union-attr]
    lines = [
        HEAD.format(
            operators=len(CATALOGUE), mutants=mutants, killed=killed, elsewhere=elsewhere, escaped=escaped
        )
    ]
    for group in dict.fromkeys(o.group for o in CATALOGUE.values()):
        lines += [
            f"\n## {group.capitalize()}\n",
            (
                "| operator | what it does | where (different spots) | mutants | killed exactly | elsewhere"
                " too | escaped |"
            ),
            "|---|---|---|---:|---:|---:|---:|",
        ]
        lines += [line[o.name] for o in CATALOGUE.values() if o.group == group]
    return "\n".join(lines) + "\n" + UNSEEN
