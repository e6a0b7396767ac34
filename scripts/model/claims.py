"""A claim: one cell of one row of one coding sheet, said by one source at one place."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.model.values import Value


@dataclass
class Claim:
    """What a source says of a cell.

    ``text`` is the value as printed in CSV; ``spans`` are empty where the text is not held as a whole.
    ``check`` and ``passage_sha256`` are filled by ``checks``, ``stands`` by ``merge``.
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
    stands: bool = False

    @property
    def lock_key(self) -> tuple[str, ...]:
        """What names the claim in ``seeds/passages.lock.csv``."""
        return (self.source_id, self.table, self.row_id, self.field, self.at, self.text)
