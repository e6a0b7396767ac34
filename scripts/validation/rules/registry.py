"""The registry of rules: the decorator that declares a rule, and what a rule is made of."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import polars as pl

from scripts.facts.linked_evidence import link_evidence
from scripts.model.tables import Table
from scripts.store.frames import numbered
from scripts.store.schemas import load_tables

Frames = Mapping[str, pl.DataFrame]
Row = dict[str, Any]


class Stage(IntEnum):
    """The order in which rules speak.

    A rule does not speak where an earlier stage, or a check before the rules, found faults in a table that it
    reads: so a mistake is reported once, where it was made, and not by everything that follows from it.
    """

    # Are the lists complete, and is the evidence about rows that are there?
    LISTS = 1
    # Are removed rows gone, and what took their place there?
    REMOVED = 2
    # Is every cell what its sources say?
    EVIDENCE = 3
    # Does every day exist?
    DAYS = 4
    # Do the cells fit together?
    CELLS = 5
    # Is what the build derives what follows from the cells, and from what is derived first?
    DERIVED = 6
    SECOND = 7
    THIRD = 8


@dataclass(frozen=True, slots=True)
class Fault:
    """Row ``index`` (from 0, -1 for the whole table) of ``table`` breaks a rule.

    ``column`` is the cell to look at first; ``about`` the table that the row describes, which may be the one
    at fault.
    """

    table: str
    index: int
    column: str
    message: str
    fix: str
    about: str = ""


class Tables(dict[str, pl.DataFrame]):
    """The tables that a rule declared, with their rows numbered in ``_row``, and no others.

    ``linked``: the evidence on each fact table at its cells, for rules that asked for it.
    """

    def __init__(self, frames: Frames, linked: Mapping[str, pl.DataFrame]) -> None:
        super().__init__(frames)
        self.linked = linked


Check = Callable[[Tables], Iterator[Fault]]
# A table by its name, or all that have some property.
Selection = str | Callable[[Table], Any]


@dataclass(frozen=True, eq=False)
class Rule:
    """A registered rule; see ``rule``. Called with frames by table, it returns the faults that it finds."""

    check: Check
    stage: Stage
    selected: tuple[Selection, ...]
    selected_each: tuple[Selection, ...]
    linked: bool
    as_of: Literal["row", "cell"] | None

    @property
    def name(self) -> str:
        return self.check.__name__

    @property
    def sentence(self) -> str:
        """The rule in one sentence."""
        return " ".join((self.check.__doc__ or "").split())

    @cached_property
    def reads(self) -> frozenset[str]:
        """The tables that the rule needs: it cannot be judged while one of them has faults."""
        return _names(self.selected)

    @cached_property
    def each(self) -> frozenset[str]:
        """The tables that the rule judges one by one: those with faults are left out."""
        return _names(self.selected_each)

    def __call__(self, frames: Frames, linked: Mapping[str, pl.DataFrame] | None = None) -> list[Fault]:
        """Return what breaks the rule in the tables that it declares; tables in ``each`` may be missing.

        ``linked`` is made from ``frames`` where the rule needs it and it is not given. Raises KeyError where
        the rule asks for a table that it does not declare.
        """
        if linked is None:
            linked = link_evidence(facts().values(), frames) if self.linked else {}
        names = self.reads | (self.each & frames.keys())
        return list(self.check(Tables({n: numbered(frames[n]) for n in sorted(names)}, linked)))


_registered: list[Rule] = []


def rule(
    stage: Stage,
    *,
    reads: Iterable[Selection] = (),
    each: Iterable[Selection] = (),
    linked: bool = False,
    as_of: Literal["row", "cell"] | None = None,
) -> Callable[[Check], Rule]:
    """Register a function as a rule: it gets ``Tables`` and yields the faults.

    Args:
        stage: When the rule is judged.
        reads: The tables that it needs, by name or by a property; the rule waits where one has faults.
        each: Tables that it judges one by one; it gets those of them that have no faults.
        linked: Whether it needs the evidence at the cells of every fact table (``Tables.linked``).
        as_of: What a package as of an earlier day leaves out where the rule is broken: the row or the cell
            that is reported. By default a fault is a fault on that day too.
    """
    needed = (*reads, *(("evidence", is_fact) if linked else ()))

    def register(check: Check) -> Rule:
        made = Rule(check, stage, needed, tuple(each), linked, as_of)
        _registered.append(made)
        return made

    return register


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return the rules of every module of this package, in the order in which they speak."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        import_module(f"{__package__}.{module.name}")
    return tuple(
        sorted(_registered, key=lambda r: (r.stage, r.check.__module__, r.check.__code__.co_firstlineno))
    )


@cache
def declared() -> dict[str, Table]:
    """Return the tables as declared in ``schemas/``, read once."""
    return load_tables()


@cache
def facts() -> dict[str, Table]:
    """Return the fact tables by name."""
    return {t.name: t for t in declared().values() if is_fact(t)}


def is_fact(table: Table) -> bool:
    """Tell whether sources fill a table."""
    return table.kind == "fact"


def is_typed(table: Table) -> bool:
    """Tell whether people fill a table: a fault in a text is reported there, not where it is repeated."""
    return table.kind != "derived"


def _names(selected: Collection[Selection]) -> frozenset[str]:
    names = {s for s in selected if isinstance(s, str)}
    properties = [s for s in selected if not isinstance(s, str)]
    return frozenset(names | {t.name for t in declared().values() if any(p(t) for p in properties)})


def rows(frame: pl.DataFrame, condition: pl.Expr | pl.Series | None = None) -> Iterator[Row]:
    """Yield the rows for which ``condition`` is true, with their index in ``_row``; null is not true."""
    indexed = numbered(frame)
    if condition is not None:
        indexed = indexed.filter(condition.fill_null(False))
    yield from indexed.iter_rows(named=True)


def cycles(frame: pl.DataFrame, child: str, parent: str) -> list[str]:
    """Return the ids that are their own ancestor through ``parent``."""
    above: dict[str, str] = dict(frame.select(child, parent).drop_nulls().iter_rows())
    found, cleared = set[str](), set[str]()
    for start in above:
        path, at = list[str](), start
        while at in above and at not in cleared and at not in path:
            path.append(at)
            at = above[at]
        if at in path:
            found |= set(path[path.index(at) :])
        cleared |= set(path)
    return list(found)
