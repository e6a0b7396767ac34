"""JSON Lines: an object for each row, every column named, null where a cell is empty, days as YYYY-MM-DD."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.package.loaded import Contents
from scripts.release.limits import Limits

# The numbers that every reader of JSON has alike (RFC 7493): JavaScript, R and others read them as doubles.
LIMITS = Limits("JSON Lines", whole=2**53 - 1)


def write_jsonlines(contents: Contents, folder: Path) -> None:
    """Writes ``TABLE.jsonl`` for every table into ``folder``."""
    for table_name, frame in contents.frames.items():
        rows = (
            json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False) + "\n"
            for row in frame.iter_rows(named=True)
        )
        (folder / f"{table_name}.jsonl").write_text("".join(rows), "utf-8")
