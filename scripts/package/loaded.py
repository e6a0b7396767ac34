"""What every format is made of: the declarations, the typed rows, and what the package says of itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl

from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun, shown
from scripts.model.tables import Field, Table
from scripts.package.settings import load_package
from scripts.store.schemas import load_tables

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")


@dataclass(frozen=True)
class Contents:
    """A package as read: ``frames`` by name of table, in the order of ``tables``."""

    package: dict[str, Any]
    tables: dict[str, Table]
    frames: dict[str, pl.DataFrame]

    @property
    def released(self) -> dt.datetime:
        """Midnight of the day of the release: the time that files carry which must carry one."""
        return dt.datetime.combine(dt.date.fromisoformat(self.package["released"]), dt.time())

    @cached_property
    def parents_first(self) -> list[Table]:
        """The tables in an order in which each comes after those that it refers to."""
        done: list[Table] = []
        left = list(self.tables.values())
        while left:
            names = {t.name for t in left}
            ready = [t for t in left if not {k.table for k in t.foreign_keys} & (names - {t.name})]
            if not ready:
                raise CannotRun(
                    f"schemas/: these tables refer to each other in a circle: {', '.join(sorted(names))}"
                )
            done += ready
            left = [t for t in left if t not in ready]
        return done


def read_contents(folder: Path = ROOT) -> Contents:
    """Read the package in ``folder`` without checking it (``validate`` does). Raises CannotRun where a table
    is missing.
    """
    tables = load_tables()
    missing = [n for n in tables if not (folder / f"data/{n}.parquet").is_file()]
    if missing:
        raise CannotRun(f"{shown(folder)}: data/{missing[0]}.parquet is missing; build the package first")
    return Contents(
        load_package(), tables, {n: pl.read_parquet(folder / f"data/{n}.parquet") for n in tables}
    )


def title(of: Table | Field, language: Language) -> str:
    """Return the title of a table or a column."""
    return of.title if language == "en" else of.title_ko


def description(of: Table | Field, language: Language) -> str:
    """Return what a table or a column holds, in a sentence."""
    return of.description if language == "en" else of.description_ko


def value_labels(field: Field, language: Language) -> dict[str, str]:
    """Return the label of each value of an enumerated column, in the order of the declaration."""
    key = "label" if language == "en" else "techpacts:labelKo"
    return {c["value"]: c[key] for c in field.categories}
