"""Results of single parts, kept so that a run that was stopped goes on where it was.

Of each part there are its short rows and, written last, a note of what was found. Part, engine and logic are
hashed into the names of both; where one of these changes, they are made again and the old ones deleted.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.model.problems import Problem
from scripts.openalex.inputs import Part
from scripts.openalex.record_check import PartCheck


def logic() -> str:
    """Return the SHA-256 of the modules that decide what a part's rows are."""
    here = Path(__file__).parent
    names = (
        "counting.py",
        "definitions.py",
        "duckdb_engine.py",
        "engine.py",
        "fields.py",
        "record_check.py",
        "spark_engine.py",
    )
    return hashlib.sha256(b"\0".join((here / name).read_bytes() for name in names)).hexdigest()


@dataclass(frozen=True)
class Kept:
    """Where the results of a part are, finished or not."""

    rows: Path
    note: Path

    def read(self) -> PartCheck | None:
        """Return what was found in the part; None where it is not finished."""
        try:
            # A folder where Spark wrote it.
            self.rows.stat()
            said = json.loads(self.note.read_text("utf-8"))
            return PartCheck(said["records"], said["broken"], [Problem(**p) for p in said["problems"]])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def finish(self, found: PartCheck) -> None:
        """Record that the rows are complete, and what was found."""
        draft = self.note.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(found)), "utf-8", newline="\n")
        draft.replace(self.note)


class Store:
    """The folder of results of parts."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder = folder
        self._seed = f"{logic()} {engine} "

    def of(self, part: Part) -> Kept:
        """Return where the results of a part are."""
        key = hashlib.sha256(
            f"{self._seed}{part.path} {part.name} {part.identity}".encode("utf-8", "surrogateescape")
        ).hexdigest()[:32]
        return Kept(self.folder / f"{key}.parquet", self.folder / f"{key}.json")

    def clear(self, wanted: list[Kept]) -> None:
        """Delete all but the finished results of these parts."""
        keep = {path for kept in wanted if kept.read() for path in (kept.rows, kept.note)}
        for path in self.folder.iterdir():
            if path not in keep:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
