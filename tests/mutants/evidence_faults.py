"""Faults of the evidence, and of the lists that other tables lean on, each alone in an otherwise sound
package.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.mutants.damage import in_order
from tests.mutants.fact_faults import MEET, PROVEN
from tests.mutants.operator import Mutant, Place, operator, register
from tests.mutants.structure import table_mutant
from tests.mutants.typing_faults import cell_mutant
from tests.mutants.values import another
from tests.mutants.world import Sheet, World

ONE_WITNESS = (
    "Only one source gives the cell: with its evidence spoiled the cell of the fact table is the one that"
    " nothing proves, and it is reported."
)


def _evidence(world: World, *, sole: bool = True, **cells: str) -> Iterator[int]:
    """Rows of standing evidence with these cells; ``sole``: whether nothing else proves the same cell."""
    csv = world.tables["evidence"].csv
    places = [tuple(csv.cell(i, k) for k in ("table", "row_id", "field")) for i in range(len(csv.rows))]
    for i, place in enumerate(places):
        if (
            csv.cell(i, "stands") == "true"
            and (places.count(place) == 1) == sole
            and all(csv.cell(i, k) == v for k, v in cells.items())
        ):
            yield i


def fact_place(world: World, row: int) -> Place:
    """The cell of a fact table that a row of evidence proves."""
    csv = world.tables["evidence"].csv
    sheet = world.tables[csv.cell(row, "table")]
    key = csv.cell(row, "row_id").split("|")
    line = next(
        i
        for i in range(len(sheet.csv.rows))
        if [sheet.csv.cell(i, k) for k in sheet.table.primary_key] == key
    )
    return Place(sheet.file, line + 2, csv.cell(row, "field"), PROVEN)


def _per_table(world: World, rows: Iterator[int]) -> Iterator[int]:
    """The first of ``rows`` of each fact table whose column is no part of the key: what hangs on a key is
    another fault.
    """
    csv, seen = world.tables["evidence"].csv, set()
    for row in rows:
        table = csv.cell(row, "table")
        if table not in seen and csv.cell(row, "field") not in world.tables[table].table.primary_key:
            seen.add(table)
            yield row


@operator("evidence", "A value in the evidence that is not the one of the cell.", ONE_WITNESS)
def evidence_says_otherwise(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    for row in _per_table(world, _evidence(world)):
        mutant = cell_mutant(world, sheet, row, "value", "zz", PROVEN)
        yield Mutant(
            "data", f"evidence of {sheet.csv.cell(row, 'table')}", mutant.damage, (fact_place(world, row),)
        )


@operator("evidence", "Evidence of a cell left out.", ONE_WITNESS)
def evidence_left_out(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    for row in _per_table(world, _evidence(world)):
        mutant = table_mutant(world, sheet, "", sheet.csv.drop(row))
        yield Mutant(
            "data", f"evidence of {sheet.csv.cell(row, 'table')}", mutant.damage, (fact_place(world, row),)
        )


@operator("evidence", "Evidence said not to stand, though the cell has its value.")
def evidence_does_not_stand(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    for sole in (True, False):
        for row in _per_table(world, _evidence(world, sole=sole)):
            yield cell_mutant(world, sheet, row, "stands", "false", PROVEN)


@operator(
    "evidence",
    "Evidence of the losing side said to stand.",
    "Where no disagreement is listed (titles and other words of our own), it is its value that is not that of"
    " the cell.",
)
def loser_stands(world: World) -> Iterator[Mutant]:
    sheet, differing = world.tables["evidence"], world.tables["disagreements"].csv
    key = ("table", "row_id", "field", "value", "source_id")
    listed = {tuple(differing.cell(i, k) for k in key) for i in range(len(differing.rows))}
    for row in [i for i in range(len(sheet.csv.rows)) if sheet.csv.cell(i, "stands") == "false"]:
        mutant = cell_mutant(world, sheet, row, "stands", "true", PROVEN)
        column = "stands" if tuple(sheet.csv.cell(row, k) for k in key) in listed else "value"
        yield Mutant("data", mutant.spot, mutant.damage, (mutant.expected[0]._replace(column=column),))


@operator(
    "evidence",
    "Evidence for a column that its row does not fill.",
    "The same as a cell emptied: the cell of the fact table is reported.",
)
def evidence_of_nothing(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    row = next(_evidence(world, table="events", field="stage"))
    added = sheet.csv.insert(0, sheet.csv.rows[row]).put(0, "field", "summary_en")
    csv = in_order(sheet.table, added)
    mutant = table_mutant(world, sheet, "evidence", csv)
    yield Mutant("data", mutant.spot, mutant.damage, (fact_place(world, row)._replace(column="summary_en"),))


@operator("evidence", "Evidence for a row that does not exist.")
def evidence_of_no_row(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    row = next(_evidence(world, table="events", field="stage"))
    added = sheet.csv.insert(0, sheet.csv.rows[row]).put(0, "row_id", "ghost")
    csv = in_order(sheet.table, added)
    yield table_mutant(world, sheet, "evidence", csv, (csv.rows.index(added.rows[0]) + 2, "row_id", MEET))


@operator("evidence", "Evidence for a table or a column that does not exist.")
def evidence_of_no_table(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    row = next(_evidence(world, table="events", field="stage"))
    for column in ("table", "field"):
        added = sheet.csv.insert(0, sheet.csv.rows[row]).put(0, column, "appendix")
        csv = in_order(sheet.table, added)
        yield table_mutant(
            world, sheet, f"evidence.{column}", csv, (csv.rows.index(added.rows[0]) + 2, column, MEET)
        )


def _one_cell(
    name: str, sentence: str, table: str, column: str, text: str, rule: str, at: str = "", **cells: str
) -> None:
    """An operator that changes ``column`` in the first row of ``table`` with ``cells``, to be reported at
    ``at`` (or there).
    """

    def plant(world: World) -> Iterator[Mutant]:
        sheet = world.tables[table]
        row = sheet.csv.find(**cells)
        mutant = cell_mutant(world, sheet, row, column, text, rule)
        yield Mutant("data", mutant.spot, mutant.damage, (mutant.expected[0]._replace(column=at or column),))

    register(name, "evidence" if table == "evidence" else "lists", sentence, plant)


_one_cell(
    "typed-value-only-coded",
    "A typed value that no passage confirms: said to be coded only.",
    "evidence",
    "check",
    "coded",
    "check_fits_column",
    check="confirmed",
    field="amount",
)
_one_cell(
    "inferred-without-note",
    "An inferred value whose note is gone.",
    "evidence",
    "note",
    "",
    "inferred_has_note",
    check="inferred",
)
_one_cell(
    "note-without-inference",
    "A note on a value that the passage prints.",
    "evidence",
    "note",
    "Counted.",
    "inferred_has_note",
    check="confirmed",
    field="amount",
)
_one_cell(
    "confirmed-said-inferred",
    "A value that the passage prints said to be inferred, without a note.",
    "evidence",
    "check",
    "inferred",
    "inferred_has_note",
    at="note",
    check="confirmed",
    field="amount",
)
_one_cell(
    "judgement-said-confirmed",
    "A judgement said to be found word for word.",
    "evidence",
    "check",
    "confirmed",
    "check_fits_column",
    check="coded",
    field="instrument",
)
_one_cell(
    "held-said-none",
    "A source of which nothing is said to be held, though its evidence has hashes.",
    "sources",
    "held",
    "none",
    "source_is_held_as_said",
    source_id="mini-release-2025-03-04",
)
_one_cell(
    "none-said-held",
    "A source whose passages are said to be held, though its evidence has no hash.",
    "sources",
    "held",
    "passages",
    "source_is_held_as_said",
    source_id="mini-preview-2025-03-01",
)
_one_cell(
    "hash-of-passage-gone",
    "The hash of a passage gone where the text is held.",
    "evidence",
    "passage_sha256",
    "",
    "hash_where_held",
    check="confirmed",
    field="amount",
)
_one_cell(
    "hash-of-nothing",
    "A hash where only a place is cited.",
    "evidence",
    "passage_sha256",
    "0" * 64,
    "hash_where_held",
    check="cited",
)
_one_cell(
    "cited-though-held",
    "A value said to be cited only, though the text is held.",
    "evidence",
    "check",
    "cited",
    "hash_where_held",
    check="coded",
    field="instrument",
    source_id="mini-news-2025-03-05",
)
_one_cell(
    "confirmed-though-not-held",
    "A value said to be confirmed in a source whose text is not held.",
    "evidence",
    "check",
    "confirmed",
    "hash_where_held",
    check="cited",
    field="start_on",
)


@operator("evidence", "The same passage with another hash.")
def hash_of_passage_changed(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    places = [(sheet.csv.cell(i, "source_id"), sheet.csv.cell(i, "at")) for i in range(len(sheet.csv.rows))]
    for place in sorted({p for p in places if places.count(p) > 2}):
        row = places.index(place)
        if sheet.csv.cell(row, "passage_sha256"):
            yield cell_mutant(world, sheet, row, "passage_sha256", "0" * 64, "one_passage_one_hash")


@operator(
    "evidence",
    "A report said to come from an unnamed person, so that the grade of the row is too good.",
    "The attribution is a judgement that nothing else in the package repeats; what it changes is the grade of"
    " the row, and that is reported.",
)
def attribution_changed(world: World) -> Iterator[Mutant]:
    sheet = world.tables["evidence"]
    for table, row_id, field in (
        ("signatories", "kor-usa-quantum-2025|gamma|signed", "person_id"),
        ("statistics", "papers-kor-2024", "value"),
    ):
        row = sheet.csv.find(table=table, row_id=row_id, field=field)
        mutant = cell_mutant(world, sheet, row, "attribution", "unnamed_source", "grade_from_evidence")
        yield Mutant(
            "data",
            f"evidence of {table}",
            mutant.damage,
            (fact_place(world, row)._replace(column="evidence_grade", rule="grade_from_evidence"),),
        )


_one_cell(
    "alias-of-nothing",
    "A name of a thing that is not listed.",
    "aliases",
    "entity_id",
    "ghost",
    "alias_has_entity",
    entity_type="organization",
)
_one_cell(
    "alias-of-another-kind",
    "A name said to be of another kind of thing.",
    "aliases",
    "entity_type",
    "person",
    "alias_has_entity",
    at="entity_id",
    entity_type="organization",
)
_one_cell(
    "own-parent-domain",
    "A domain that is its own parent.",
    "domains",
    "parent_domain_id",
    "quantum",
    "trees",
    domain_id="quantum",
)
_one_cell(
    "own-parent-organization",
    "A body that is its own parent.",
    "organizations",
    "parent_organization_id",
    "gov-kor",
    "trees",
    organization_id="gov-kor",
)
_one_cell(
    "body-of-another-country",
    "A body of another country than the one above it.",
    "organizations",
    "country_code",
    "USA",
    "parent_of_same_country",
    organization_id="alpha",
)
_one_cell(
    "parent-of-another-country",
    "A body under one of another country.",
    "organizations",
    "parent_organization_id",
    "gov-usa",
    "parent_of_same_country",
    at="country_code",
    organization_id="alpha",
)
_one_cell(
    "name-without-page",
    "A name in own use that no page shows.",
    "organizations",
    "name_url",
    "",
    "name_has_page",
    organization_id="alpha",
)
_one_cell(
    "name-of-other-basis",
    "A translated name said to be in own use, without a page.",
    "organizations",
    "name_basis",
    "own_use",
    "name_has_page",
    at="name_url",
    organization_id="daily",
)
_one_cell(
    "korean-in-english-column",
    "Korean in a column for English.",
    "indicators",
    "caveat_en",
    "정의가 없다.",
    "language_of_columns",
    indicator_id="papers",
)
_one_cell(
    "english-in-korean-column",
    "English in a column for Korean.",
    "indicators",
    "caveat_ko",
    "Not defined.",
    "language_of_columns",
    indicator_id="papers",
)
_one_cell(
    "one-language-only",
    "A caveat in one language only.",
    "indicators",
    "caveat_ko",
    "",
    "both_languages",
    indicator_id="papers",
)
_one_cell(
    "read-before-published",
    "A source read before it was published.",
    "sources",
    "accessed_on",
    "2025-03-01",
    "dates_in_order",
    source_id="mini-news-2025-03-05",
)
_one_cell(
    "no-such-day-in-list",
    "A day that does not exist in a date of reduced precision.",
    "exclusions",
    "dated",
    "2025-02-30",
    "ranges_fit",
    exclusion_id="poem",
)
_one_cell(
    "hour-without-zone",
    "An hour without its time zone.",
    "sources",
    "published_time",
    "19:07",
    "source_is_whole",
    at="time_zone",
    source_id="mini-news-2025-03-05",
)
_one_cell(
    "zone-that-is-none",
    "A time zone that does not exist.",
    "events",
    "time_zone",
    "Asia/Soul",
    PROVEN,
    event_id="pact-signing",
)


@operator(
    "lists",
    "No definition is published, and the caveat that says so is gone in both languages.",
    "Both cells belong to one caveat; the first is named.",
)
def caveat_gone(world: World) -> Iterator[Mutant]:
    sheet = world.tables["indicators"]
    csv = sheet.csv.put(0, "caveat_en", "").put(0, "caveat_ko", "")
    yield table_mutant(world, sheet, "indicators", csv, (2, "caveat_en", "undefined_has_caveat"))


@operator(
    "lists",
    "Two values of a ruling both said to stand, or none.",
    "Each value of the ruling is reported: no one of them is the wrong one.",
)
def ruling_without_one_winner(world: World) -> Iterator[Mutant]:
    sheet = world.tables["rulings"]
    for row in range(len(sheet.csv.rows)):
        other = another(world, sheet, sheet.table.by_name["stands"], sheet.csv.cell(row, "stands"))
        assert other is not None
        csv = sheet.csv.put(row, "stands", other)
        yield table_mutant(
            world,
            sheet,
            f"rulings:{row}",
            csv,
            *((i + 2, "stands", "ruling_has_one_winner") for i in range(len(csv.rows))),
        )


@operator("lists", "Two bodies each other's parent.", "Both are in the circle, so both are reported.")
def circle_of_parents(world: World) -> Iterator[Mutant]:
    sheet: Sheet = world.tables["organizations"]
    a, b = sheet.csv.find(organization_id="alpha"), sheet.csv.find(organization_id="gov-kor")
    csv = sheet.csv.put(b, "parent_organization_id", "alpha")
    yield table_mutant(
        world, sheet, "organizations", csv, *((i + 2, "parent_organization_id", "trees") for i in (a, b))
    )
