"""What both engines do with the parts of OpenAlex, each in its own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from scripts.openalex import counting
from scripts.openalex.inputs import Part


class Engine(ABC):
    """``together`` is how many parts it counts at once, ``errors`` what it raises."""

    name: str
    version: str
    together: int
    errors: tuple[type[Exception], ...]

    @abstractmethod
    def narrow(self, part: Part, source: Path, out: Path) -> None:
        """Write the short rows of a part, read from ``source``, as Parquet to ``out``."""

    @abstractmethod
    def query(self, make: Callable[[str], str], rows: list[Path]) -> pa.Table:
        """Run the query that ``make`` gives of the relation of short rows, those of all parts ``rows``."""

    @abstractmethod
    def close(self) -> None:
        """Release everything."""

    def kinds(self, rows: Path) -> pa.Table:
        """Return the kinds of short rows of one part."""
        return self.query(counting.kinds, [rows])

    def merged(self, rows: list[Path]) -> pa.Table:
        """Return the kinds of works of all parts, each work once."""
        return self.query(counting.merged, rows)
