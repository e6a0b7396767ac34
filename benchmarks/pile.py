"""A pile of made-up seeds: lists, coding sheets, and the passages that prove every cell claimed in them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from scripts.coding.sheets import SHEET_COLUMNS
from scripts.model.evidence_kinds import NAMED, kind_of
from scripts.model.seeds import Record
from scripts.model.tables import Table
from scripts.model.values import Value, format_value
from scripts.pipeline.seeds import LISTS
from scripts.store.csvfile import write_rows
from scripts.store.files import sha256
from scripts.store.schemas import load_tables


def _place(number: int) -> str:
    return f"section {1 + number // 10}, paragraph {number}"


class Pile:
    """Seeds as they are made up. A passage is written for each row claimed, so that the check of it is a real
    one.
    """

    def __init__(self) -> None:
        self.tables: dict[str, Table] = load_tables()
        self.lists: dict[str, list[Record]] = defaultdict(list)
        self.sheets: dict[tuple[str, str], list[Record]] = defaultdict(list)
        self.passages: dict[str, list[str]] = defaultdict(list)
        self.held: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}

    def add(self, table: str, /, **cells: Value) -> None:
        """A row of a list: a vocabulary, the sources, the rulings."""
        self.lists[table].append(cells)
        if table in NAMED:
            self._names[table, str(cells[self.tables[table].primary_key[0]])] = str(cells["name_en"])
        if table == "sources":
            self.held[str(cells["source_id"])] = str(cells["held"])

    def claim(
        self,
        source: str,
        table: str,
        /,
        *,
        note: str | None = None,
        attribution: str | None = None,
        relays: str | None = None,
        **cells: Value,
    ) -> None:
        """A row of a coding sheet. Its passage prints every value but judgements and what ``note`` calls
        inferred.
        """
        printed = []
        inferred = note.partition(":")[0] if note else None
        for field in self.tables[table].claimed:
            value = cells.get(field.name)
            if value is None or not kind_of(field.evidence).looked_up or field.name == inferred:
                continue
            known = self._names.get((self.tables[table].reference_of(field.name) or "", str(value)))
            printed.append(known or format_value(field, value))
        passage = ". ".join(printed) + "."
        before = sum(len(p) + 1 for p in self.passages[source])
        self.passages[source].append(passage)
        number = len(self.passages[source])
        at = f"{before}-{before + len(passage)}" if self.held[source] == "text" else _place(number)
        self.sheets[source, table].append(
            {"at": at, **cells, "attribution": attribution, "relays": relays, "note": note}
        )

    def write(self, folder: Path) -> None:
        """Writes ``seeds/``, ``texts/`` and ``passages/`` under ``folder``; the lock is still to be made."""
        for name in ("seeds", "texts", "passages"):
            (folder / name).mkdir(parents=True)
        for source in self.lists["sources"]:
            name, text = source["source_id"], "".join(p + "\n" for p in self.passages[source["source_id"]])
            if source["held"] == "text":
                source |= {"text_file": f"{name}.txt", "sha256": sha256(text), "characters": len(text)}
                (folder / "texts" / f"{name}.txt").write_text(text, "utf-8")
            elif source["held"] == "passages":
                places = "".join(f"@ {_place(i)}\n{p}\n" for i, p in enumerate(self.passages[name], 1))
                (folder / "passages" / f"{name}.txt").write_text(places, "utf-8")
        seeds = folder / "seeds"
        for name, rows in self.lists.items():
            path = seeds / LISTS.get(name, f"vocabularies/{name}.csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(write_rows(self.tables[name].fields, rows))
        evidence = self.tables["evidence"].by_name
        for (source, name), rows in self.sheets.items():
            typed = [f for f in self.tables[name].typed if any(r.get(f.name) is not None for r in rows)]
            path = seeds / "coding" / source / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                write_rows([evidence["at"], *typed, *(evidence[c] for c in SHEET_COLUMNS[1:])], rows)
            )
