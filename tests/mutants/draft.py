"""Seeds with a fault of meaning: changed so that passages, hashes and offsets all fit, and only the fault is
left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.seeds import Draft
from tests.mini import HELD, PREVIEW, RELEASE
from tests.mutants.operator import Changes, Mutant, Place, register
from tests.mutants.world import World

LOCK = "seeds/passages.lock.csv"


def sheet(table: str, source: str = HELD) -> str:
    """The file of a coding sheet."""
    return f"seeds/coding/{source}/{table}.csv"


NEWS, PREVIEWED, RELEASED = HELD, PREVIEW, RELEASE


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
            first = Draft(world.seed_files)
            places = write(first)
            places = places if isinstance(places, list) else [places]

            def damage(write: Write = write) -> Changes:
                draft = Draft(world.seed_files)
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
