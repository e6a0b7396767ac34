"""What the catalogue is made of: operators, mutants, places, and the register of all operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.seeds import Changes

if TYPE_CHECKING:
    from tests.mutants.world import World

# Where a mutant is checked: the package by itself, the seeds by the build, the committed data against the
# seeds.
CONTEXTS = ("data", "seeds", "repository")


class Place(NamedTuple):
    """Where a fault is reported and by which rule; ``row`` is the line of the file, 0 where none applies."""

    file: str
    row: int
    column: str
    rule: str


@dataclass(frozen=True)
class Mutant:
    """One fault planted in one place, and every report that it must give: these and no other.

    ``spot`` says where it is planted (``funding.amount``); ``damage`` makes the changed files when called.
    ``cell`` (table, row, column, text) is given where the fault is one cell of the package that names no row.
    If it is its form (``form``), then such faults in the columns of every fourth table are first tried
    together, and alone where the reports are not exactly those of all. ``locked``: whether seeds are held
    against the lock; not where claims are changed and a new lock would be written.
    """

    context: str
    spot: str
    damage: Callable[[], Changes]
    expected: tuple[Place, ...]
    cell: tuple[str, int, str, str] | None = None
    form: bool = False
    locked: bool = True


Plant = Callable[["World"], Iterator[Mutant]]


@dataclass(frozen=True)
class Operator:
    """A kind of fault. ``note`` says why a mutant of this kind is reported in more places than one, or in
    none.
    """

    name: str
    group: str
    sentence: str
    plant: Plant
    note: str = ""


CATALOGUE: dict[str, Operator] = {}


def register(name: str, group: str, sentence: str, plant: Plant, note: str = "") -> None:
    """Adds an operator to the catalogue. Raises ValueError where the name is taken."""
    if name in CATALOGUE:
        raise ValueError(f"two operators are called {name}")
    CATALOGUE[name] = Operator(name, group, sentence, plant, note)


def operator(group: str, sentence: str, note: str = "") -> Callable[[Plant], Plant]:
    """Registers a generator of mutants as an operator that bears the name of the function."""

    def take(plant: Plant) -> Plant:
        register(plant.__name__.replace("_", "-"), group, sentence, plant, note)
        return plant

    return take


class Verdict(NamedTuple):
    """How a mutant fared: what was to be reported and what was, each with how often."""

    operator: str
    context: str
    spot: str
    expected: Counter[Place]
    found: Counter[Place]

    @property
    def outcome(self) -> str:
        """``killed``: reported exactly so. ``elsewhere``: reported, but also or only in other places.
        ``escaped``: not reported.
        """
        if self.expected == self.found:
            return "killed"
        return "elsewhere" if self.found else "escaped"
