"""List the characters of the held texts that nothing accounts for."""

from __future__ import annotations

import argparse

from scripts.commands.held_texts import read_seeds_and_texts
from scripts.commands.report import report
from scripts.commands.texts import add_texts
from scripts.model.problems import CannotRun, Problem
from scripts.sources.coverage import cover

register = add_texts


def run(args: argparse.Namespace) -> int:
    """Print a line for each text and one for each gap; 1 if there are gaps or problems."""
    seeds, held = read_seeds_and_texts(args.sources)
    if not held:
        raise CannotRun(f"{args.sources} holds none of the texts; give their folder with --sources")
    problems: list[Problem] = []
    missing = 0
    for source_id, text in held.items():
        result, found = cover(seeds, text)
        problems += found
        missing += result.missing
        print(
            f"{source_id}: {result.characters} characters, {result.cited} cited, {result.uncoded} explained"
            f" as uncoded, {result.missing} unaccounted for"
        )
        for start, end in result.gaps:
            print(f"    {start}-{end} {' '.join(text.text[start:end].split())[:70]}")
    print(f"{missing} characters unaccounted for")
    return report(problems) or int(missing > 0)
