"""List the characters of the held texts that nothing accounts for."""

from __future__ import annotations

import argparse

from scripts.commands.held_texts import read_seeds_and_texts
from scripts.commands.report import report
from scripts.commands.text_folders import add_texts, folders
from scripts.sources.coverage import cited_spans, cover, coverages, uncoded_spans

register = add_texts


def run(args: argparse.Namespace) -> int:
    """Print a line for each text, and one for each gap of a text at hand; 1 if there are gaps or problems."""
    seeds, held = read_seeds_and_texts(folders(args)["sources"])
    rows, problems = coverages(seeds, held, against_lock=False)
    cited = cited_spans(seeds)
    for row in rows:
        source_id = row["source_id"]
        print(
            f"{source_id}: {row['characters']} characters, {row['cited']} cited, {row['uncoded']} explained"
            f" as uncoded, {row['missing']} unaccounted for{'' if source_id in held else ' (by the lock)'}"
        )
        if text := held.get(source_id):
            for start, end in cover(cited.get(source_id, []), uncoded_spans(seeds, source_id), text).gaps:
                print(f"    {start}-{end} {' '.join(text.text[start:end].split())[:70]}")
    missing = sum(row["missing"] for row in rows)
    print(f"{missing} characters unaccounted for")
    return report(problems) or int(missing > 0)
