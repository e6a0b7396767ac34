"""Seeds with a fault of meaning: changed so that passages, hashes and offsets all fit, and only the fault is
left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.store.files import sha256
from tests.mini import HELD, PREVIEW, RELEASE
from tests.mutants.damage import swap
from tests.mutants.operator import Changes, Mutant, Place, register
from tests.mutants.world import Csv, World

LOCK = "seeds/passages.lock.csv"
TEXT_FILE, PASSAGES_FILE = "texts/news.txt", f"passages/{RELEASE}.txt"


def sheet(table: str, source: str = HELD) -> str:
    """The file of a coding sheet."""
    return f"seeds/coding/{source}/{table}.csv"


NEWS, PREVIEWED, RELEASED = HELD, PREVIEW, RELEASE


class Draft:
    """A copy of the sound seeds to write in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files = dict(world.seed_files)

    def csv(self, file: str) -> Csv:
        return Csv.read(self.files[file])

    def swap(self, file: str, old: str, new: str) -> None:
        """Replaces ``old``, which must stand there once."""
        self.files[file] = swap(self.files[file].decode("utf-8"), old, new).encode("utf-8")

    def put(self, file: str, column: str, text: str, **where: str) -> int:
        """Another text in one cell; a column that the sheet lacks is added. The line of the cell."""
        csv = self.csv(file)
        if column not in csv.header:
            csv = Csv((*csv.header, column), tuple((*row, "") for row in csv.rows))
        row = csv.find(**where)
        self.files[file] = csv.put(row, column, text).to_bytes()
        return row + 2

    def add(self, file: str, **cells: str) -> int:
        """A row at the end; columns that the sheet lacks are added. The line of the row."""
        csv = self.csv(file)
        header = (*csv.header, *(c for c in cells if c not in csv.header))
        rows = [(*row, *[""] * (len(header) - len(csv.header))) for row in csv.rows]
        self.files[file] = Csv(header, (*rows, tuple(cells.get(c, "") for c in header))).to_bytes()
        return len(rows) + 2

    def drop(self, file: str, **where: str) -> None:
        csv = self.csv(file)
        self.files[file] = csv.drop(csv.find(**where)).to_bytes()

    def say(self, sentence: str) -> str:
        """Adds a sentence to the end of the held text, its hash and length put right; where it stands."""
        old = self.files[TEXT_FILE].decode("utf-8")
        text = old + sentence + "\n"
        self.files[TEXT_FILE] = text.encode("utf-8")
        self.put("seeds/sources.csv", "sha256", sha256(text), source_id=HELD)
        self.put("seeds/sources.csv", "characters", str(len(text)), source_id=HELD)
        return f"{len(old)}-{len(old) + len(sentence)}"

    def changes(self) -> Changes:
        """What differs from the sound seeds."""
        sound = self.world.seed_files
        return {n: self.files.get(n) for n in {*sound, *self.files} if self.files.get(n) != sound.get(n)}


# Writes a fault into a draft: where it is to be reported (file, line, column), one place or several.
Write = Callable[[Draft], tuple[str, int, str] | list[tuple[str, int, str]]]


def planted(
    name: str, group: str, sentence: str, rule: str, *writes: Write, lock: bool = False, note: str = ""
) -> None:
    """An operator on the seeds with a mutant for each of ``writes``; ``lock``: whether they are held against
    the lock.
    """

    def plant(world: World) -> Iterator[Mutant]:
        for write in writes:
            first = Draft(world)
            places = write(first)
            places = places if isinstance(places, list) else [places]

            def damage(write: Write = write) -> Changes:
                draft = Draft(world)
                write(draft)
                return draft.changes()

            spot = ", ".join(
                sorted(
                    {
                        f"{Path(file).stem}.{column}" if column else Path(file).name
                        for file, _, column in places
                    }
                )
            )
            yield Mutant(
                "seeds",
                spot,
                damage,
                tuple(Place(file, line, column, rule) for file, line, column in places),
                locked=lock,
            )

    register(name, group, sentence, plant, note)


def cell(file: str, column: str, text: str, at: str = "", **where: str) -> Write:
    """Another text in one cell, to be reported there or in the column ``at`` of that line."""
    return lambda d: (file, d.put(file, column, text, **where), at or column)
