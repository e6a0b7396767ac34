"""Faults in the history of the cells: another value, source or day, a row too few or too many."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mini import HELD, PREVIEW
from tests.mutants.damage import in_order
from tests.mutants.operator import Mutant, operator, register
from tests.mutants.structure import table_mutant
from tests.mutants.typing_faults import cell_mutant
from tests.mutants.values import another
from tests.mutants.world import Sheet, World

ORDER, ENDS, SOURCES = "history_is_in_order", "history_ends_in_the_cells", "history_has_its_sources"
# Of the rows that stand every eleventh is spoiled, of those that did every one.
STEP = 11
# A day on which no source became known, and those of the first and the last source.
NO_DAY, FIRST, LAST = "2025-03-02", PREVIEW[-10:], HELD[-10:]


def _rows(world: World) -> tuple[Sheet, list[int], list[int]]:
    """The table, its rows that stood once, and those that stand."""
    sheet = world.tables["cell_history"]
    past = [i for i in range(len(sheet.csv.rows)) if sheet.csv.cell(i, "known_until")]
    return sheet, past, [i for i in range(len(sheet.csv.rows)) if i not in past]


def _cell(name: str, sentence: str, column: str, text: str | None, rule: str, *, past: bool) -> None:
    """An operator that puts ``text``, or another value that fits, in one column of each row that stands or,
    ``past``, once stood.
    """

    def plant(world: World) -> Iterator[Mutant]:
        sheet, then, now = _rows(world)
        for row in then if past else now[::STEP]:
            before = sheet.csv.cell(row, column)
            other = another(world, sheet, sheet.table.by_name[column], before) if text is None else text
            if other is not None and other != before and _fits(sheet, row, column, other):
                yield cell_mutant(world, sheet, row, column, other, rule)

    register(name, "derived", sentence, plant)


def _fits(sheet: Sheet, row: int, column: str, text: str) -> bool:
    """Whether the fault is the one meant: a day that begins later is no earlier one, nor one that ends."""
    if column == "known_from":
        return text < sheet.csv.cell(row, "known_from") and not (
            row and sheet.csv.cell(row - 1, "known_until") > text and _same(sheet, row - 1, row)
        )
    return column != "known_until" or sheet.csv.cell(row, "known_from") < text or not text


def _same(sheet: Sheet, one: int, other: int) -> bool:
    return all(sheet.csv.cell(one, c) == sheet.csv.cell(other, c) for c in ("table", "row_id", "field"))


_cell(
    "history-value-today",
    "A value said to stand today that is not the cell.",
    "value",
    None,
    ENDS,
    past=False,
)
_cell(
    "history-value-then",
    "A value said to have stood that its source does not give.",
    "value",
    None,
    SOURCES,
    past=True,
)
_cell(
    "history-source",
    "A value in the history by the word of a source that does not give it.",
    "source_id",
    "mini-release-2025-03-04",
    SOURCES,
    past=True,
)
_cell(
    "history-before-its-source",
    "A value that stands from before its source was published.",
    "known_from",
    FIRST,
    SOURCES,
    past=False,
)
_cell(
    "history-ended",
    "A value that stands today, said to have ended.",
    "known_until",
    LAST,
    ENDS,
    past=False,
)
_cell(
    "history-until-no-day",
    "A value that stood until a day on which nothing was published.",
    "known_until",
    NO_DAY,
    ORDER,
    past=True,
)
_cell(
    "history-not-ended",
    "A value said to stand still, though another one follows.",
    "known_until",
    "",
    ORDER,
    past=True,
)


@operator("derived", "A value that stands from a day on which nothing was published.")
def history_from_no_day(world: World) -> Iterator[Mutant]:
    sheet, past, _ = _rows(world)
    for row in past:
        if sheet.csv.cell(row, "known_from") < NO_DAY < sheet.csv.cell(row, "known_until"):
            yield cell_mutant(world, sheet, row, "known_from", NO_DAY, ORDER)


@operator("derived", "Two rows of the history for one value that went on.")
def history_cut(world: World) -> Iterator[Mutant]:
    sheet, _, now = _rows(world)
    for row in now:
        if sheet.csv.cell(row, "known_from") == FIRST:
            csv = sheet.csv.insert(row, sheet.csv.rows[row]).put(row, "known_until", LAST)
            csv = csv.put(row + 1, "known_from", LAST)
            yield table_mutant(world, sheet, f"cell_history:{row}", csv, (row + 2, "known_until", ORDER))


@operator(
    "derived",
    "What stands today, left out of the history.",
    "Where nothing stood before it the table is named, otherwise the row that does not go on.",
)
def history_left_out(world: World) -> Iterator[Mutant]:
    sheet, past, now = _rows(world)
    after = [row for row in now if row - 1 in past and _same(sheet, row - 1, row)]
    for row in sorted({*now[::STEP], *after}):
        place = (0, ",".join(sheet.table.primary_key), ENDS)
        if row in after:
            place = (row + 1, "known_until", ENDS)
        yield table_mutant(world, sheet, f"cell_history:{row}", sheet.csv.drop(row), place)


@operator("derived", "What stands today, under the name of another cell.")
def history_of_another_cell(world: World) -> Iterator[Mutant]:
    sheet, past, now = _rows(world)
    for column, name in (("table", "timeline"), ("row_id", "zzz"), ("field", "evidence_grade")):
        for row in now[::STEP]:
            if row - 1 not in past:
                changed = sheet.csv.put(row, column, name)
                csv = in_order(sheet.table, changed)
                line = csv.rows.index(changed.rows[row]) + 2
                yield table_mutant(world, sheet, f"cell_history.{column}:{row}", csv, (line, column, ENDS))
