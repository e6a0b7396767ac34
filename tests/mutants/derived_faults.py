"""Another valid value in what nobody types: derived columns of the facts, and the derived tables."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mutants.damage import in_order
from tests.mutants.fact_faults import facts, key_text
from tests.mutants.operator import Mutant, operator, register
from tests.mutants.structure import table_mutant
from tests.mutants.typing_faults import cell_mutant
from tests.mutants.values import another
from tests.mutants.world import Sheet, World

# The rule that a derived table is held against, and columns that it takes no stand on.
DERIVED = {
    "timeline": "timeline_matches",
    "agreement_matrix": "matrix_matches",
    "funding_totals": "totals_match",
    "statistic_comparisons": "comparisons_match",
}
RULE = {
    "status": "status_from_events", "status_on": "status_from_events", "status_grade": "status_from_events",
    "amount_usd": "usd_from_rates", "usd_rate_on": "usd_from_rates",
    "announced_on_basis": "days_of_sums", "evidence_grade": "grade_from_evidence",
    "contested": "contested_from_comparisons",
}  # fmt: skip


def _rule(column: str) -> str:
    return RULE.get(column, "ranges_fit")


def _derived_columns(world: World) -> Iterator[tuple[Sheet, str]]:
    for sheet in facts(world):
        for field in sheet.fields:
            if field.origin == "derived":
                yield sheet, field.name


@operator(
    "derived",
    "Another value in a column that the build derives: a status that the events do not give, a grade too"
    " high, a wrong rate.",
)
def derived_cell(world: World) -> Iterator[Mutant]:
    for sheet, column in _derived_columns(world):
        row = sheet.pick("derived-cell", column)
        text = sheet.csv.cell(row, column)
        other = another(world, sheet, sheet.table.by_name[column], text)
        if text and other is not None:
            yield cell_mutant(world, sheet, row, column, other, _rule(column))


@operator("derived", "A derived cell emptied.")
def derived_cell_emptied(world: World) -> Iterator[Mutant]:
    for sheet, column in _derived_columns(world):
        row = sheet.pick("derived-cell-emptied", column)
        if sheet.csv.cell(row, column) and not sheet.table.by_name[column].required:
            yield cell_mutant(world, sheet, row, column, "", _rule(column))


@operator("derived", "A value in a derived cell that nothing gives.")
def derived_cell_invented(world: World) -> Iterator[Mutant]:
    for sheet, column in _derived_columns(world):
        row = next((i for i in range(len(sheet.csv.rows)) if not sheet.csv.cell(i, column)), None)
        if row is not None:
            yield cell_mutant(world, sheet, row, column, sheet.table.by_name[column].example, _rule(column))


def _derived_tables(world: World) -> Iterator[tuple[Sheet, str]]:
    return ((world.tables[name], rule) for name, rule in DERIVED.items())


@operator("derived", "Another value in a cell of a derived table.")
def derived_table_cell(world: World) -> Iterator[Mutant]:
    for sheet, rule in _derived_tables(world):
        for field in sheet.fields:
            if field.name in sheet.table.primary_key:
                continue
            row = sheet.pick("derived-table-cell", field.name)
            other = another(world, sheet, field, sheet.csv.cell(row, field.name))
            if other is not None:
                yield cell_mutant(world, sheet, row, field.name, other, rule)


@operator(
    "derived",
    "A row of a derived table left out.",
    "The row that is not there has no line: the table is named.",
)
def derived_row_left_out(world: World) -> Iterator[Mutant]:
    for sheet, rule in _derived_tables(world):
        if len(sheet.csv.rows) > 1:
            row = sheet.pick("derived-row-left-out", sheet.csv.header[0])
            yield table_mutant(
                world, sheet, sheet.name, sheet.csv.drop(row), (0, ",".join(sheet.table.primary_key), rule)
            )


@operator("derived", "A row of a derived table under another key.")
def derived_row_under_another_key(world: World) -> Iterator[Mutant]:
    for sheet, rule in _derived_tables(world):
        for column in sheet.table.primary_key:
            field = sheet.table.by_name[column]
            for row in range(len(sheet.csv.rows)):
                known = {key_text(sheet, sheet.csv, i) for i in range(len(sheet.csv.rows))}
                other = another(world, sheet, field, sheet.csv.cell(row, column))
                if other is None or key_text(sheet, sheet.csv.put(row, column, other), row) in known:
                    continue
                changed = sheet.csv.put(row, column, other)
                csv = in_order(sheet.table, changed)
                line = csv.rows.index(changed.rows[row]) + 2
                yield table_mutant(world, sheet, f"{sheet.name}.{column}", csv, (line, column, rule))
                break


@operator("derived", "A row of a derived table that nothing gives.")
def derived_row_invented(world: World) -> Iterator[Mutant]:
    for sheet, rule in _derived_tables(world):
        column = {
            "timeline": "row_id",
            "funding_totals": "group_id",
            "statistic_comparisons": "compared_row_id",
        }.get(sheet.name)
        if column is not None:
            csv = sheet.csv.insert(0, sheet.csv.rows[0]).put(0, column, "zzz")
            ordered = in_order(sheet.table, csv)
            yield table_mutant(
                world,
                sheet,
                sheet.name,
                ordered,
                (ordered.rows.index(csv.rows[0]) + 2, sheet.table.primary_key[0], rule),
            )


def _lines(sheet: Sheet, **cells: str) -> list[int]:
    return [i for i in range(len(sheet.csv.rows)) if all(sheet.csv.cell(i, k) == v for k, v in cells.items())]


def _disagreement(name: str, sentence: str, column: str, rule: str, by: str) -> None:
    def plant(world: World) -> Iterator[Mutant]:
        sheet = world.tables["disagreements"]
        row = _lines(sheet, resolved_by=by)[0]
        other = another(world, sheet, sheet.table.by_name[column], sheet.csv.cell(row, column))
        assert other is not None
        yield cell_mutant(world, sheet, row, column, other, rule)

    register(name, "derived", sentence, plant)


_disagreement(
    "disagreement-stands",
    "A disagreement whose loser is said to stand, or whose winner not to.",
    "stands",
    "disagreements_match",
    "latest",
)
_disagreement(
    "disagreement-ruled-stands",
    "A ruled disagreement that stands otherwise than ruled.",
    "stands",
    "disagreements_match",
    "ruling",
)
_disagreement(
    "disagreement-resolved-otherwise",
    "A disagreement that a ruling decided, said to be decided by the newest source.",
    "resolved_by",
    "rulings_are_quoted",
    "ruling",
)
_disagreement(
    "disagreement-said-to-be-ruled",
    "A disagreement said to be ruled on, without a ruling.",
    "resolved_by",
    "rulings_are_quoted",
    "latest",
)
_disagreement(
    "disagreement-reason-english",
    "A reason in English that the ruling does not give.",
    "reason_en",
    "rulings_are_quoted",
    "ruling",
)
_disagreement(
    "disagreement-reason-korean",
    "A reason in Korean that the ruling does not give.",
    "reason_ko",
    "rulings_are_quoted",
    "ruling",
)
_disagreement(
    "disagreement-standard-reason-english",
    "A reason of our own in English where the newest source stands.",
    "reason_en",
    "rulings_are_quoted",
    "latest",
)
_disagreement(
    "disagreement-standard-reason-korean",
    "A reason of our own in Korean where the newest source stands.",
    "reason_ko",
    "rulings_are_quoted",
    "latest",
)


@operator("derived", "A value in a disagreement that no source gives.")
def disagreement_other_value(world: World) -> Iterator[Mutant]:
    sheet = world.tables["disagreements"]
    for row in _lines(sheet, resolved_by="latest")[:1]:
        changed = sheet.csv.put(row, "value", "x")
        csv = in_order(sheet.table, changed)
        yield table_mutant(
            world,
            sheet,
            "disagreements.value",
            csv,
            (csv.rows.index(changed.rows[row]) + 2, "value", "disagreements_match"),
        )


@operator(
    "derived",
    "A side of a disagreement left out.",
    "The row that is not there has no line: the table is named.",
)
def disagreement_left_out(world: World) -> Iterator[Mutant]:
    sheet = world.tables["disagreements"]
    for row in range(len(sheet.csv.rows)):
        yield table_mutant(
            world, sheet, f"disagreements:{row}", sheet.csv.drop(row), (0, "value", "disagreements_match")
        )
