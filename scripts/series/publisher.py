"""The declaration of a publisher of series: which of its tables are pinned, how, and which must agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scripts.series.agreement import Comparison

# The rows of a converted table, each by its header.
Original = list[dict[str, str]]


class Figure(NamedTuple):
    """One figure of a converted table, its value as printed there.

    ``partner`` is the second country of a pair. ``source_row`` counts the rows of the conversion from 1,
    without its header.
    """

    measure: str
    entity: str
    partner: str | None
    period_from: int
    period_to: int
    value: str
    source_row: int


Figures = Iterator[Figure]


class Conversion(NamedTuple):
    """The file that a pinned table is made from, and the function that makes figures of its rows."""

    file: str
    figures: Callable[[Original], Figures]


@dataclass(frozen=True)
class Publisher:
    """A publisher of series.

    Args:
        organization_id: its id in ``seeds/vocabularies/organizations.csv``, as ``upstreams.csv`` names it.
        name: how a person calls it.
        tables: the conversion that each table is pinned from, by its ``upstream_id``.
        comparisons: which figures of its tables must agree with which.
        not_available: cells that stand for a figure that there is not.
    """

    organization_id: str
    name: str
    tables: Mapping[str, Conversion]
    comparisons: tuple[Comparison, ...] = ()
    not_available: frozenset[str] = frozenset()
