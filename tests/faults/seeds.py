"""Faults in the seeds, and changes that must not matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from scripts.store.files import sha256
from tests.faults.csvs import Csv
from tests.faults.damage import swap
from tests.mini import HELD, RELEASE

TEXT_FILE, PASSAGES_FILE = "texts/news.txt", f"passages/{RELEASE}.txt"
# Files to write, by path, or None for a file to delete.
Changes = Mapping[str, bytes | None]


class Draft:
    """A copy of the sound seeds to write in."""

    def __init__(self, sound: Mapping[str, bytes]) -> None:
        self.sound, self.files = sound, dict(sound)

    def csv(self, file: str) -> Csv:
        """Return a file as cells."""
        return Csv.read(self.files[file])

    def swap(self, file: str, old: str, new: str) -> None:
        """Replace ``old``, which must occur once."""
        self.files[file] = swap(self.files[file].decode("utf-8"), old, new).encode("utf-8")

    def put(self, file: str, column: str, text: str, **where: str) -> int:
        """Put another text in one cell, in a new column if need be; return the line of the cell."""
        csv = self.csv(file)
        if column not in csv.header:
            csv = csv.append(column)
        row = csv.find(**where)
        self.files[file] = csv.put(row, column, text).to_bytes()
        return row + 2

    def add(self, file: str, **cells: str) -> int:
        """Add a row at the end, and columns that the sheet lacks; return the line of the row."""
        csv = self.csv(file)
        header = (*csv.header, *(c for c in cells if c not in csv.header))
        rows = [(*row, *[""] * (len(header) - len(csv.header))) for row in csv.rows]
        self.files[file] = Csv(header, (*rows, tuple(cells.get(c, "") for c in header))).to_bytes()
        return len(rows) + 2

    def drop(self, file: str, **where: str) -> None:
        """Remove a row."""
        csv = self.csv(file)
        self.files[file] = csv.drop(csv.find(**where)).to_bytes()

    def say(self, sentence: str) -> str:
        """Add a sentence to the held text and correct its hash and length; return where it is."""
        old = self.files[TEXT_FILE].decode("utf-8")
        text = old + sentence + "\n"
        self.files[TEXT_FILE] = text.encode("utf-8")
        self.put("seeds/sources.csv", "sha256", sha256(text), source_id=HELD)
        self.put("seeds/sources.csv", "characters", str(len(text)), source_id=HELD)
        return f"{len(old)}-{len(old) + len(sentence)}"

    def changes(self) -> Changes:
        """Return what differs from the sound seeds."""
        names = {*self.sound, *self.files}
        return {n: self.files.get(n) for n in names if self.files.get(n) != self.sound.get(n)}


def shuffle(seeds: Path, rng: Random) -> Iterator[Path]:
    """Put the rows of every file in another order, and the columns of coding sheets; yield what changed."""
    # A pinned table is what its hash says; its order is part of it.
    for path in sorted(p for p in seeds.rglob("*.csv") if p.parent.name != "tables"):
        before = Csv.read(path.read_bytes())
        after = before.order(rng.sample(range(len(before.rows)), len(before.rows)))
        if (path.parent.parent.name == "coding" and path.stem != "uncoded") or "recoding" in path.parts:
            after = after.columns(rng.sample(range(len(before.header)), len(before.header)))
        path.write_bytes(after.to_bytes())
        if after != before:
            yield path
