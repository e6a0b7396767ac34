"""Another valid value in a fact table: types, lists, keys and hashes are right, only the evidence says
something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from scripts.model.tables import Field
from scripts.techpacts.row_ids import join_key
from scripts.techpacts.tombstones import ENTITY
from tests.faults.csvs import Csv
from tests.mutants.damage import in_order
from tests.mutants.operator import Mutant, Place, operator, register
from tests.mutants.structure import table_mutant
from tests.mutants.typing_faults import cell_mutant
from tests.mutants.values import another
from tests.mutants.world import Sheet, World

PROVEN, MEET = "every_cell_is_proven", "evidence_and_rows_meet"


def facts(world: World) -> Iterator[Sheet]:
    return (s for s in world.tables.values() if s.table.kind == "fact")


def claimed(sheet: Sheet) -> list[Field]:
    """Columns proven by evidence that are no part of the key."""
    return [f for f in sheet.table.claimed if f.name not in sheet.table.primary_key]


def _exchange(name: str, sentence: str, fits: Callable[[Sheet, Field], bool]) -> None:
    """An operator that puts another valid value into a filled cell of every fitting column of every fact
    table.
    """

    def plant(world: World) -> Iterator[Mutant]:
        for sheet in facts(world):
            for field in claimed(sheet):
                row = sheet.pick(name, field.name)
                text = sheet.csv.cell(row, field.name)
                other = another(world, sheet, field, text) if text and fits(sheet, field) else None
                if other is not None:
                    yield cell_mutant(world, sheet, row, field.name, other, PROVEN)

    register(name, "facts", sentence, plant)


def _refers(sheet: Sheet, field: Field) -> bool:
    return sheet.table.reference_of(field.name) is not None


_exchange(
    "other-value-of-list",
    "Another value of the list: a floor booked as exact, a plan as held, a memorandum as a treaty.",
    lambda s, f: bool(f.enum),
)
_exchange("other-number", "Another number.", lambda s, f: f.type in {"integer", "number"})
_exchange("other-truth-value", "The other truth value.", lambda s, f: f.type == "boolean")
_exchange("other-date", "Another date.", lambda s, f: f.evidence == "date")
_exchange("other-reference", "Another person, body or place that is listed.", _refers)
_exchange(
    "other-text",
    "Another text.",
    lambda s, f: f.type == "string" and not f.enum and not _refers(s, f) and f.evidence != "date",
)


@operator("facts", "A cell emptied that a source fills.")
def cell_emptied(world: World) -> Iterator[Mutant]:
    for sheet in facts(world):
        for field in claimed(sheet):
            row = sheet.pick("cell-emptied", field.name)
            if not field.required and sheet.csv.cell(row, field.name):
                yield cell_mutant(world, sheet, row, field.name, "", PROVEN)


@operator("facts", "A valid value in a cell that no source fills.")
def cell_invented(world: World) -> Iterator[Mutant]:
    for sheet in facts(world):
        for field in claimed(sheet):
            row = next((i for i in range(len(sheet.csv.rows)) if not sheet.csv.cell(i, field.name)), None)
            other = None if row is None else another(world, sheet, field, "")
            if row is not None and other is not None:
                yield cell_mutant(world, sheet, row, field.name, other, PROVEN)


@operator(
    "facts",
    "Two cells of neighbouring rows exchanged.",
    "Both cells are wrong, so both are reported; where one is empty, it is one piece of evidence that speaks"
    " of the wrong row.",
)
def cells_of_rows_exchanged(world: World) -> Iterator[Mutant]:
    for sheet in facts(world):
        for field in claimed(sheet):
            for i in range(len(sheet.csv.rows) - 1):
                a, b = sheet.csv.cell(i, field.name), sheet.csv.cell(i + 1, field.name)
                if a != b and ((a and b) or not field.required):
                    csv = sheet.csv.put(i, field.name, b).put(i + 1, field.name, a)
                    mutant = table_mutant(
                        world,
                        sheet,
                        f"{sheet.name}.{field.name}",
                        csv,
                        (i + 2, field.name, PROVEN),
                        (i + 3, field.name, PROVEN),
                    )
                    if not (a and b):
                        line = (
                            world.tables["evidence"].csv.find(
                                table=sheet.name,
                                row_id=key_text(sheet, sheet.csv, i if a else i + 1),
                                field=field.name,
                            )
                            + 2
                        )
                        mutant = replace(
                            mutant, expected=(Place("data/evidence.csv", line, "row_id", PROVEN),)
                        )
                    yield mutant
                    break


def key_text(sheet: Sheet, csv: Csv, row: int) -> str:
    """The id of a row as the evidence names it."""
    return join_key(csv.cell(row, k) for k in sheet.table.primary_key)


def evidence_line(world: World, table: str, name: str) -> int:
    """The first line of the evidence on a row."""
    return world.tables["evidence"].csv.find(table=table, row_id=name) + 2


def _children(world: World, sheet: Sheet, key: str) -> list[Place]:
    """Every cell that refers to the row ``key`` of a table, as an orphan; names of a thing that is not there
    are told by their own rule.
    """
    found = []
    aliases = world.tables["aliases"].csv
    kind = {table: entity for entity, (table, _) in ENTITY.items()}.get(sheet.name)
    names = [
        Place("data/aliases.csv", i + 2, "entity_id", "alias_has_entity")
        for i in range(len(aliases.rows))
        if (aliases.cell(i, "entity_type"), aliases.cell(i, "entity_id")) == (kind, key)
    ]
    for other in world.tables.values():
        for foreign in other.table.foreign_keys:
            if foreign.table == sheet.name:
                (column,) = foreign.fields
                found += [
                    Place(other.file, i + 2, column, "foreign-key")
                    for i in range(len(other.csv.rows))
                    if other.csv.cell(i, column) == key
                ]
    # Where rows are orphans, what else speaks of their table waits.
    return found or names


@operator("facts", "A row that no source has, under a key of its own.")
def row_invented(world: World) -> Iterator[Mutant]:
    for sheet in facts(world):
        new = _new_key(world, sheet)
        if new is None:
            continue
        row, column, text = new
        csv = sheet.csv.insert(len(sheet.csv.rows), sheet.csv.rows[row]).put(
            len(sheet.csv.rows), column, text
        )
        added = csv.rows[-1]
        ordered = in_order(sheet.table, csv)
        line = ordered.rows.index(added) + 2
        places = [(line, sheet.table.primary_key[0], MEET)]
        for key in sheet.table.unique_keys:
            if all(sheet.csv.cell(row, c) for c in key):
                # The copy repeats another key too: that comes before any evidence, and the later of the two
                # rows is named.
                places = [
                    (max(line, ordered.rows.index(sheet.csv.rows[row]) + 2), ",".join(key), "unique-key")
                ]
        yield table_mutant(world, sheet, sheet.name, ordered, *places)


def _new_key(world: World, sheet: Sheet) -> tuple[int, str, str] | None:
    """A row, a column of its key and another value for it under which no row stands yet; references stay
    valid.
    """
    known = {key_text(sheet, sheet.csv, i) for i in range(len(sheet.csv.rows))}
    for column in reversed(sheet.table.primary_key):
        field = sheet.table.by_name[column]
        target = next((k for k in sheet.table.foreign_keys if k.fields == (column,)), None)
        values = list(field.enum or ())
        if target is not None:
            other = world.tables[target.table].csv
            values = [other.cell(i, target.reference[0]) for i in range(len(other.rows))]
        elif not values:
            values = [field.example]
        for row in range(len(sheet.csv.rows)):
            for value in values:
                if key_text(sheet, sheet.csv.put(row, column, value), row) not in known:
                    return row, column, value
    return None


@operator(
    "facts",
    "A row left out.",
    "What refers to it is an orphan; where nothing does, the first piece of evidence that speaks of it is"
    " reported.",
)
def row_left_out(world: World) -> Iterator[Mutant]:
    for sheet in facts(world):
        if len(sheet.csv.rows) < 2:
            continue
        row = sheet.pick("row-left-out", sheet.table.primary_key[0])
        name = key_text(sheet, sheet.csv, row)
        places = _children(world, sheet, name) if len(sheet.table.primary_key) == 1 else []
        places = places or [
            Place("data/evidence.csv", evidence_line(world, sheet.name, name), "row_id", MEET)
        ]
        mutant = table_mutant(world, sheet, sheet.name, sheet.csv.drop(row))
        yield Mutant("data", mutant.spot, mutant.damage, tuple(places))


@operator(
    "facts",
    "A row under the key of another that is listed: a party that is not one, a signatory who did not sign.",
)
def row_under_another_key(world: World) -> Iterator[Mutant]:
    for sheet in facts(world):
        if len(sheet.table.primary_key) < 2:
            continue
        new = _new_key(world, sheet)
        if new is None:
            continue
        row, column, text = new
        changed = sheet.csv.put(row, column, text)
        csv = in_order(sheet.table, changed)
        yield table_mutant(
            world, sheet, f"{sheet.name}.{column}", csv, (csv.rows.index(changed.rows[row]) + 2, column, MEET)
        )


@operator(
    "keys",
    "A row that others refer to under another id.",
    "Every row that refers to the old id is an orphan; a name of it alone is told where nothing else refers"
    " to it.",
)
def id_renamed(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        if len(sheet.table.primary_key) > 1:
            continue
        (column,) = sheet.table.primary_key
        for row in range(len(sheet.csv.rows)):
            old = sheet.csv.cell(row, column)
            children = _children(world, sheet, old)
            if children:
                changed = sheet.csv.put(row, column, old[:-1] + "Q" if old.isupper() else old + "-x")
                csv = in_order(sheet.table, changed)
                line = {r: i + 2 for i, r in enumerate(csv.rows)}
                # Rows of the table itself that refer to the old id may stand in another line now.
                moved = tuple(
                    (
                        Place(p.file, line[changed.rows[p.row - 2]], p.column, p.rule)
                        if p.file == sheet.file
                        else p
                    )
                    for p in children
                )
                mutant = table_mutant(world, sheet, f"{sheet.name}.{column}", csv)
                yield replace(mutant, expected=moved)
                break
