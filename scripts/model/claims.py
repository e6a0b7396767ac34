"""A claim: one cell of one row of one coding sheet, said by one source at one place."""

from __future__ import annotations

from typing import NamedTuple

from scripts.model.values import Value


class Claim(NamedTuple):
    """What a source says of a cell.

    ``text`` is the value as printed in CSV; ``spans`` are empty where the text is not held as a whole. The
    check of claims gives copies with ``check`` and ``passage_sha256``, the merge copies that do not stand.
    """

    table: str
    row_id: str
    field: str
    value: Value
    text: str
    source_id: str
    at: str
    spans: tuple[tuple[int, int], ...]
    attribution: str
    relays: str | None
    note: str | None
    file: str
    line: int
    check: str = ""
    passage_sha256: str | None = None
    stands: bool = True

    @property
    def place(self) -> tuple[str, str]:
        """The source and the place in it: which passage is cited."""
        return self.source_id, self.at

    @property
    def said(self) -> tuple[str, ...]:
        """Source, table, row, column, place and value: two claims that share all of them say the same."""
        return self.source_id, self.table, self.row_id, self.field, self.at, self.text
