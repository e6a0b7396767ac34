"""Writes every format of a release into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scripts.release.contents import LANGUAGES, Contents
from scripts.release.duckdb import write_duckdb
from scripts.release.excel import write_excel
from scripts.release.jsonlines import write_jsonlines
from scripts.release.sqlite import write_sqlite
from scripts.release.stata import write_stata

# One file for all tables, by its ending.
SINGLE: dict[str, Callable[[Contents, Path], None]] = {"sqlite": write_sqlite, "duckdb": write_duckdb, "xlsx": write_excel}


def write_formats(contents: Contents, folder: Path) -> None:
    """Writes ``NAME.sqlite``, ``NAME.duckdb``, ``NAME.xlsx`` and the folders ``stata-en``, ``stata-ko`` and ``jsonl`` into ``folder``."""
    for ending, write in SINGLE.items():
        write(contents, folder / f"{contents.package['name']}.{ending}")
    for language in LANGUAGES:
        (folder / f"stata-{language}").mkdir()
        write_stata(contents, folder / f"stata-{language}", language)
    (folder / "jsonl").mkdir()
    write_jsonlines(contents, folder / "jsonl")
