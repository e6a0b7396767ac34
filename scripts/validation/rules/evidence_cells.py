"""Every cell of a fact table has its evidence, and the evidence says what the cell says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from scripts.facts.linked_evidence import cell_texts, columns_of, text_places
from scripts.model.problems import brief
from scripts.model.tables import Table
from scripts.store.frames import text_of
from scripts.validation.rules.registry import Fault, Row, Stage, Tables, facts, rule

# The place of the row in its table, and the column.
Cell = tuple[int, str]


@rule(Stage.EVIDENCE, reads=("disagreements",), linked=True)
def every_cell_is_proven(t: Tables) -> Iterator[Fault]:
    """Every filled cell of a fact table has evidence that stands, and what stands says what the cell says."""
    for table in facts().values():
        linked = t.linked[table.name]
        contrary, unproven = _compare(table, t[table.name], linked)
        if unproven or contrary.height:
            yield from _Faults(table, t[table.name], linked, contrary.to_dicts(), unproven).report(t)


def _compare(table: Table, frame: pl.DataFrame, linked: pl.DataFrame) -> tuple[pl.DataFrame, list[Cell]]:
    """Return the evidence that contradicts its cell, and the filled cells that no evidence supports.

    Evidence contradicts a cell where it stands and says something else, or does not stand and says the same.
    """
    columns, texts, place = columns_of(table), cell_texts(table, frame), text_places(linked, frame)
    cell, value, stands = texts.gather(place), linked["value"], linked["stands"]
    contrary = linked.filter(place.is_not_null() & (stands != value.eq_missing(cell)).fill_null(True))
    bare = texts.is_not_null().to_numpy().copy()
    bare[place.filter((value == cell).fill_null(False)).to_numpy()] = False
    return contrary, [(int(i % frame.height), columns[i // frame.height]) for i in bare.nonzero()[0]]


@dataclass
class _Faults:
    """One fault for each cell and each piece of evidence that is wrong.

    The cell is reported where all evidence is against it.
    """

    table: Table
    frame: pl.DataFrame
    linked: pl.DataFrame
    contrary: list[Row]
    unproven: list[Cell]
    text: dict[Cell, str | None] = field(default_factory=dict)
    said: dict[Cell, list[Row]] = field(default_factory=dict)

    def report(self, t: Tables) -> Iterator[Fault]:
        """Yield the faults."""
        places = sorted({at for at, _ in self.unproven} | {e["_at"] for e in self.contrary})
        for f in self.table.claimed:
            texts = self.frame[places].select(text_of(f)).to_series()
            self.text |= {(at, f.name): text for at, text in zip(places, texts, strict=True)}
        for e in self.linked.filter(pl.col("_at").is_in(places)).iter_rows(named=True):
            self.said.setdefault((e["_at"], e["field"]), []).append(e)
        moved = self._moved()
        for e in (e for e in self.contrary if e["_row"] in moved):
            yield self._misplaced(e, *moved[e["_row"]])
        # Cells that were reported, or of which the evidence was.
        done = {cell for _, cell in moved.values()}
        for cell in self.unproven:
            if cell not in done:
                done.add(cell)
                yield self._no_source(cell)
        disputed = self._disputed(t["disagreements"])
        for e in self.contrary:
            cell = (e["_at"], e["field"])
            if e["_row"] in moved or cell in done:
                continue
            if fault := self._wrong_cell(cell, e):
                done.add(cell)
                yield fault
            else:
                yield self._wrong_evidence(cell, e, disputed)

    def _standing(self, cell: Cell) -> list[str]:
        """Return the values that the evidence on a cell lets stand."""
        return sorted({e["value"] for e in self.said.get(cell, []) if e["stands"]})

    def _moved(self) -> dict[int, tuple[str, Cell]]:
        """Return evidence under the wrong column or row by its ``_row``: what is wrong, and the cell it fits.

        Such a cell has no evidence at all.
        """
        lacking = [cell for cell in self.unproven if cell not in self.said]
        by_row = {(at, self.text[at, column]): (at, column) for at, column in lacking}
        by_column = {(column, self.text[at, column]): (at, column) for at, column in lacking}
        found: dict[int, tuple[str, Cell]] = {}
        for e in (e for e in self.contrary if e["stands"]):
            if (e["_at"], e["value"]) in by_row:
                found[e["_row"]] = ("field", by_row[e["_at"], e["value"]])
            elif (e["field"], e["value"]) in by_column:
                found[e["_row"]] = ("row_id", by_column[e["field"], e["value"]])
        return found

    def _misplaced(self, e: Row, wrong: str, cell: Cell) -> Fault:
        name = self.table.name
        where = f"its {cell[1]}" if wrong == "field" else "another row"
        message = (
            f"no {e['field']} of {name} {e['row_id']} is {brief(e['value'])}, and {where} is and has no"
            " evidence"
        )
        return Fault("evidence", e["_row"], wrong, message, f"correct {wrong}", name)

    def _no_source(self, cell: Cell) -> Fault:
        standing = ", ".join(map(brief, self._standing(cell)))
        message = f"no source says {brief(self.text[cell])}" + (
            f"; its evidence says {standing}" if standing else ""
        )
        return Fault(self.table.name, *cell, message, "code it from a source, or empty the cell")

    def _wrong_cell(self, cell: Cell, e: Row) -> Fault | None:
        """Return the fault of a cell that all evidence that stands is against, None where some is for it."""
        text, standing = self.text.get(cell), self._standing(cell)
        if text is None:
            message = f"the cell is empty, but {e['source_id']} says {brief(e['value'])}"
        elif standing and text not in standing:
            message = f"{brief(text)} does not stand; its evidence says {', '.join(map(brief, standing))}"
        else:
            return None
        return Fault(self.table.name, *cell, message, "rebuild")

    def _wrong_evidence(self, cell: Cell, e: Row, disputed: set[tuple[str, ...]]) -> Fault:
        column, value, text = "stands", brief(e["value"]), brief(self.text[cell])
        if not e["stands"]:
            message = f"stands is false for {value}, the cell says the same"
        elif (e["row_id"], e["field"], e["value"], e["source_id"]) in disputed:
            message = f"stands is true for {value}, the cell is {text}"
        else:
            column, message = "value", f"it stands and says {value}, the cell is {text}"
        return Fault("evidence", e["_row"], column, message, "rebuild", self.table.name)

    def _disputed(self, disagreements: pl.DataFrame) -> set[tuple[str, ...]]:
        """Return row, column, value and source of what is published as not standing."""
        lost = disagreements.filter(~pl.col("stands") & (pl.col("table") == self.table.name))
        return set(lost.select("row_id", "field", "value", "source_id").iter_rows())
