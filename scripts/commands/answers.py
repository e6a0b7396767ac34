"""Run the queries in docs/questions.md and docs/analysis.md and write their answers."""

from __future__ import annotations

import argparse

from scripts.model.problems import shown
from scripts.pages.doc_queries import ANALYSIS, QUESTIONS, write_answers


def register(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(_: argparse.Namespace) -> int:
    """Write the answers into both pages."""
    for page in (QUESTIONS, ANALYSIS):
        print(f"{shown(page)}: {write_answers(page)} queries answered")
    return 0
