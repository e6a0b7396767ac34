"""Write docs/codebook.md and a page for each table."""

from __future__ import annotations

import argparse

from scripts.model.paths import ROOT
from scripts.package.loaded import read_contents
from scripts.pages.codebook import FOLDER, codebook
from scripts.store.publish import publish


def register(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(_: argparse.Namespace) -> int:
    """Write the pages and remove those of tables that are no longer declared."""
    pages = codebook(read_contents())
    removed = [
        f"{FOLDER}/{p.name}" for p in (ROOT / FOLDER).glob("*.md") if f"{FOLDER}/{p.name}" not in pages
    ]
    publish(ROOT, pages, clear=None)
    for name in removed:
        (ROOT / name).unlink()
    print(f"docs/codebook.md and {len(pages) - 1} pages")
    return 0
