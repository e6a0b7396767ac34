"""JSON Lines: an object for each row, every column named, null where a cell is empty, days as YYYY-MM-DD."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.package.loaded import Contents
from scripts.release.exporter import Exporter
from scripts.release.limits import Limits


class JSONLines(Exporter):
    """A file for each table."""

    name = "JSON Lines"
    made = "jsonl"
    description = "JSON Lines, a file for each table"
    # The numbers that every reader of JSON has alike (RFC 7493): JavaScript, R and others read doubles.
    limits = Limits(whole=2**53 - 1)

    def write(self, contents: Contents, path: Path) -> None:
        """Write ``TABLE.jsonl`` for every table."""
        for table_name, frame in contents.frames.items():
            rows = (
                json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False)
                + "\n"
                for row in frame.iter_rows(named=True)
            )
            (path / f"{table_name}.jsonl").write_text("".join(rows), "utf-8")


EXPORTERS = (JSONLines(),)
