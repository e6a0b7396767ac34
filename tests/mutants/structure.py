"""Faults of structure: header, columns, rows, keys, references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from zlib import crc32

from tests.faults.csvs import Csv
from tests.mutants.damage import forge, forge_table, in_order
from tests.mutants.operator import Mutant, Place, operator
from tests.mutants.world import Sheet, World

NEW = "appendix"


def _number(salt: str, sheet: Sheet, below: int) -> int:
    return crc32(f"{salt} {sheet.file}".encode()) % below


def table_mutant(world: World, sheet: Sheet, spot: str, csv: Csv, *places: tuple[int, str, str]) -> Mutant:
    """The file with these cells, to be reported at these lines and columns of it by these rules."""
    expected = tuple(Place(sheet.file, *place) for place in places)
    if sheet.context == "data":
        return Mutant("data", spot, lambda: forge_table(world, sheet.name, csv), expected)
    return Mutant("seeds", spot, lambda: {sheet.file: csv.to_bytes()}, expected)


def _exact(world: World, salt: str) -> Iterator[Sheet]:
    """Files whose columns are fixed: those of the package and the lists of the seeds."""
    yield from world.tables.values()
    yield from (s for s in world.seed_types(salt) if s.kind == "list")


@operator(
    "columns",
    "A column under another name.",
    "Its own name is missing and the new one is not known: two reports in the header.",
)
def column_renamed(world: World) -> Iterator[Mutant]:
    for sheet in _exact(world, "column-renamed"):
        i = _number("column-renamed", sheet, len(sheet.csv.header))
        name = sheet.csv.header[i]
        yield table_mutant(
            world,
            sheet,
            f"{sheet.name}.{name}",
            sheet.csv.rename(name, NEW),
            (1, name, "header"),
            (1, NEW, "header"),
        )


@operator("columns", "A column left out.")
def column_missing(world: World) -> Iterator[Mutant]:
    for sheet in [
        *_exact(world, "column-missing"),
        *(s for s in world.seed_types("column-missing") if s.kind != "list"),
    ]:
        for i, name in enumerate(sheet.csv.header):
            if sheet.kind in {"table", "list"} or name in sheet.needed:
                rest = [j for j in range(len(sheet.csv.header)) if j != i]
                yield table_mutant(
                    world, sheet, f"{sheet.name}.{name}", sheet.csv.columns(rest), (1, name, "header")
                )


@operator("columns", "A column that the table does not have.")
def column_extra(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("column-extra")]:
        csv = sheet.csv.append(NEW, "x")
        yield table_mutant(world, sheet, sheet.name, csv, (1, NEW, "header"))


@operator("columns", "A column without a name at the end, as a spreadsheet leaves it.")
def column_without_name(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("column-without-name")]:
        csv = sheet.csv.append("")
        yield table_mutant(world, sheet, sheet.name, csv, (1, "", "header"))


@operator("columns", "A column twice.")
def column_twice(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("column-twice")]:
        order = list(range(len(sheet.csv.header)))
        i = _number("column-twice", sheet, len(order))
        yield table_mutant(
            world,
            sheet,
            f"{sheet.name}.{sheet.csv.header[i]}",
            sheet.csv.columns([*order, i]),
            (1, sheet.csv.header[i], "header"),
        )


@operator("columns", "Two columns in each other's place, header and cells.")
def columns_swapped(world: World) -> Iterator[Mutant]:
    for sheet in _exact(world, "columns-swapped"):
        order = list(range(len(sheet.csv.header)))
        i = _number("columns-swapped", sheet, len(order) - 1)
        order[i], order[i + 1] = order[i + 1], order[i]
        yield table_mutant(world, sheet, sheet.name, sheet.csv.columns(order), (1, "", "header"))


@operator("columns", "Two names of the header exchanged, the cells left as they are.")
def header_names_swapped(world: World) -> Iterator[Mutant]:
    for sheet in _exact(world, "header-names-swapped"):
        header = list(sheet.csv.header)
        i = _number("header-names-swapped", sheet, len(header) - 1)
        header[i], header[i + 1] = header[i + 1], header[i]
        yield table_mutant(
            world, sheet, sheet.name, replace(sheet.csv, header=tuple(header)), (1, "", "header")
        )


@operator("columns", "The header is gone; the file begins with its first row.")
def header_missing(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("header-missing")]:
        csv = Csv(sheet.csv.rows[0], sheet.csv.rows[1:])
        yield table_mutant(world, sheet, sheet.name, csv, (1, "", "header"))


def _rewritten(world: World, salt: str, change: Callable[[bytes], bytes]) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types(salt)]:
        sound = (world.files if sheet.context == "data" else world.seed_files)[sheet.file]
        # What a spreadsheet does to files that people write has a rule, and a remedy, of its own.
        rule = "bytes" if sheet.context == "seeds" and change(b",") != b"" else "header"
        data, place = change(sound), (Place(sheet.file, 1, "", rule),)
        if sheet.context == "data":
            yield Mutant(
                "data",
                sheet.name,
                lambda s=sheet, d=data: forge(world, s.name, d, rows=0 if not d else None),
                place,
            )
        else:
            yield Mutant("seeds", sheet.name, lambda s=sheet, d=data: {s.file: d}, place)


@operator("columns", "Semicolons between the cells, as a spreadsheet of another country writes them.")
def semicolons(world: World) -> Iterator[Mutant]:
    return _rewritten(world, "semicolons", lambda b: b.replace(b",", b";"))


@operator("columns", "Tabs between the cells.")
def tabs(world: World) -> Iterator[Mutant]:
    return _rewritten(world, "tabs", lambda b: b.replace(b",", b"\t"))


@operator("columns", "A file of no bytes.")
def file_of_no_bytes(world: World) -> Iterator[Mutant]:
    return _rewritten(world, "file-of-no-bytes", lambda b: b"")


def _row(salt: str, sheet: Sheet) -> int:
    return _number(salt, sheet, len(sheet.csv.rows))


@operator(
    "rows",
    "A row with its last cell lost.",
    "A row of another length has no columns: the line is named, no column.",
)
def row_short(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("row-short")]:
        i = _row("row-short", sheet)
        yield table_mutant(
            world,
            sheet,
            sheet.name,
            sheet.csv.drop(i).insert(i, sheet.csv.rows[i][:-1]),
            (i + 2, "", "shape"),
        )


@operator(
    "rows",
    "A row shifted to the right by a cell too many.",
    "A row of another length has no columns: the line is named, no column.",
)
def row_long(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("row-long")]:
        i = _row("row-long", sheet)
        yield table_mutant(
            world,
            sheet,
            sheet.name,
            sheet.csv.drop(i).insert(i, ("", *sheet.csv.rows[i])),
            (i + 2, "", "shape"),
        )


@operator(
    "rows",
    "An empty line between the rows.",
    "A row of another length has no columns: the line is named, no column.",
)
def blank_line(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("blank-line")]:
        i = _row("blank-line", sheet)
        yield table_mutant(world, sheet, sheet.name, sheet.csv.insert(i, ()), (i + 2, "", "shape"))


@operator(
    "rows",
    "Two rows in each other's place.",
    "The order is that of the rows and not of a column: the first line that is not where it belongs is"
    " named.",
)
def rows_out_of_order(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        if len(sheet.csv.rows) > 1:
            i = _number("rows-out-of-order", sheet, len(sheet.csv.rows) - 1)
            rows = list(sheet.csv.rows)
            rows[i], rows[i + 1] = rows[i + 1], rows[i]
            yield table_mutant(
                world, sheet, sheet.name, replace(sheet.csv, rows=tuple(rows)), (i + 2, "", "canonical")
            )


@operator("keys", "A row twice.")
def row_twice(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *(s for s in world.seed_types("row-twice") if s.kind == "list")]:
        i = _row("row-twice", sheet)
        yield table_mutant(
            world,
            sheet,
            sheet.name,
            sheet.csv.insert(i, sheet.csv.rows[i]),
            (i + 3, ",".join(sheet.table.primary_key), "primary-key"),
        )


@operator("keys", "Two rows of one key whose other cells differ.")
def key_twice(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        csv, rows = sheet.csv, range(len(sheet.csv.rows))
        if len(rows) < 2 or set(sheet.table.primary_key) == set(csv.header):
            continue
        i = _number("key-twice", sheet, len(rows) - 1)
        for name in sheet.table.primary_key:
            csv = csv.put(i + 1, name, csv.cell(i, name))
        yield table_mutant(
            world,
            sheet,
            sheet.name,
            in_order(sheet.table, csv),
            (i + 3, ",".join(sheet.table.primary_key), "primary-key"),
        )


@operator("keys", "A reference to a row that is not there.")
def orphan(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        for key in sheet.table.foreign_keys:
            (column,) = key.fields
            i = sheet.pick("orphan", column)
            ghost = "XXX" if key.reference == ("country_code",) else "ghost"
            changed = sheet.csv.put(i, column, ghost)
            csv = in_order(sheet.table, changed)
            yield table_mutant(
                world,
                sheet,
                f"{sheet.name}.{column}",
                csv,
                (csv.rows.index(changed.rows[i]) + 2, column, "foreign-key"),
            )


@operator("rows", "Every row of a table gone.", "The table as a whole is named.")
def table_emptied(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        yield table_mutant(world, sheet, sheet.name, replace(sheet.csv, rows=()), (0, "", "min-rows"))
    for sheet in world.seed_types("table-emptied"):
        if sheet.kind != "coding":
            place = (0, "", "min-rows") if sheet.kind == "list" else (1, "", "empty")
            yield table_mutant(world, sheet, sheet.name, replace(sheet.csv, rows=()), place)
