"""Faults of the committed data against the seeds: what nothing inside a package contradicts is seen here."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mutants.damage import forge_table, in_order
from tests.mutants.fact_faults import key_text
from tests.mutants.operator import Mutant, Place, operator
from tests.mutants.values import another
from tests.mutants.world import World


def _stale(file: str, row: int = 0, column: str = "") -> Place:
    return Place(file, row, column, "stale")


@operator("repository", "Another valid value in any cell of any file of the data, its columns of keys aside.")
def any_cell(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        for field in sheet.fields:
            row = sheet.pick("any-cell", field.name)
            other = another(world, sheet, field, sheet.csv.cell(row, field.name)) or field.example
            if field.name not in sheet.table.primary_key and other != sheet.csv.cell(row, field.name):
                csv = sheet.csv.put(row, field.name, other)
                yield Mutant(
                    "repository",
                    f"{sheet.name}.{field.name}",
                    lambda f=sheet.file, c=csv: {f: c.to_bytes()},
                    (_stale(sheet.file, row + 2, field.name),),
                )


@operator("repository", "Any filled cell emptied.")
def any_cell_emptied(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        for field in sheet.fields:
            row = sheet.pick("any-cell-emptied", field.name)
            if field.name not in sheet.table.primary_key and sheet.csv.cell(row, field.name):
                csv = sheet.csv.put(row, field.name, "")
                yield Mutant(
                    "repository",
                    f"{sheet.name}.{field.name}",
                    lambda f=sheet.file, c=csv: {f: c.to_bytes()},
                    (_stale(sheet.file, row + 2, field.name),),
                )


@operator("repository", "Another valid value in a part of any key.")
def any_key(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        known = {key_text(sheet, sheet.csv, i) for i in range(len(sheet.csv.rows))}
        for column in sheet.table.primary_key:
            row = sheet.pick("any-key", column)
            field = sheet.table.by_name[column]
            for other in (another(world, sheet, field, sheet.csv.cell(row, column)), field.example):
                if other is None or key_text(sheet, sheet.csv.put(row, column, other), row) in known:
                    continue
                changed = sheet.csv.put(row, column, other)
                csv = in_order(sheet.table, changed)
                yield Mutant(
                    "repository",
                    f"{sheet.name}.{column}",
                    lambda f=sheet.file, c=csv: {f: c.to_bytes()},
                    (_stale(sheet.file, csv.rows.index(changed.rows[row]) + 2, column),),
                )
                break


@operator(
    "repository",
    "A row of any file left out.",
    "The row that is not there has no line: the file is named, and the message has the key.",
)
def any_row_left_out(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        csv = sheet.csv.drop(sheet.pick("any-row-left-out", sheet.csv.header[0]))
        yield Mutant(
            "repository", sheet.name, lambda f=sheet.file, c=csv: {f: c.to_bytes()}, (_stale(sheet.file),)
        )


@operator(
    "repository",
    "A row that the seeds do not give, in any file.",
    "The row as a whole is too much: its line is named, no column.",
)
def any_row_added(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        column = next(n for n in sheet.table.primary_key if not sheet.table.by_name[n].enum)
        cells = tuple(
            f.example if f.name != column else "zzz" if not f.fullmatch or f.fullmatch.match("zzz") else "ZZZ"
            for f in sheet.fields
        )
        csv = in_order(sheet.table, sheet.csv.insert(0, cells))
        yield Mutant(
            "repository",
            sheet.name,
            lambda f=sheet.file, c=csv: {f: c.to_bytes()},
            (_stale(sheet.file, csv.rows.index(cells) + 2),),
        )


@operator(
    "repository", "Rows of any file in another order.", "The order is that of the rows and not of a column."
)
def any_rows_out_of_order(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        if len(sheet.csv.rows) > 1:
            csv = sheet.csv.drop(0).insert(1, sheet.csv.rows[0])
            yield Mutant(
                "repository",
                sheet.name,
                lambda f=sheet.file, c=csv: {f: c.to_bytes()},
                (Place(sheet.file, 2, "", "canonical"),),
            )


@operator(
    "repository",
    "A cell and its descriptor and Parquet forged together, so that no hash tells.",
    "Three files are not what the seeds give: the cell is named, the Parquet file, and in the descriptor size"
    " and hash of both where they differ.",
)
def any_forgery(world: World) -> Iterator[Mutant]:
    for name, column in (
        ("people", "name_en"),
        ("sources", "title"),
        ("organizations", "name_ko"),
        ("domains", "definition_en"),
        ("indicators", "unit"),
        ("reliability", "alpha"),
        ("evidence", "relays"),
    ):
        sheet = world.tables[name]
        row = sheet.pick("any-forgery", column)
        other = another(world, sheet, sheet.table.by_name[column], sheet.csv.cell(row, column))
        assert other is not None
        csv = sheet.csv.put(row, column, other)

        def changes(name: str = name, csv=csv):
            return forge_table(world, name, csv)

        forged = changes()
        places = [_stale(sheet.file, row + 2, column), _stale(f"data/{name}.parquet")]
        csv_bytes, parquet_bytes = forged[sheet.file], forged[f"data/{name}.parquet"]
        assert csv_bytes is not None and parquet_bytes is not None
        for path, new, old in (
            ("", csv_bytes, world.files[sheet.file]),
            (".techpacts:parquet", parquet_bytes, world.files[f"data/{name}.parquet"]),
        ):
            places.append(_stale("datapackage.json", 0, f"resources.{name}{path}.hash"))
            if len(new) != len(old):
                places.append(_stale("datapackage.json", 0, f"resources.{name}{path}.bytes"))
        yield Mutant("repository", f"{name}.{column}", changes, tuple(places))


@operator("repository", "Any file of the package missing.")
def any_file_missing(world: World) -> Iterator[Mutant]:
    for file in world.files:
        yield Mutant("repository", file, lambda f=file: {f: None}, (Place(file, 0, "", "missing-file"),))


@operator("repository", "A Parquet file or the citation with other bytes.")
def any_other_bytes(world: World) -> Iterator[Mutant]:
    for file in world.files:
        if file.endswith((".parquet", ".cff")):
            yield Mutant("repository", file, lambda f=file: {f: world.files[f] + b"\n"}, (_stale(file),))
