"""Tombstones that lead astray: of rows that are there, to rows that are not, from a version to come. In data
and in seeds.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.seeds import Draft
from tests.mutants.damage import in_order
from tests.mutants.operator import Mutant, Place, register
from tests.mutants.structure import table_mutant
from tests.mutants.world import World

FILE = "seeds/tombstones.csv"
WRONG, RENAMED = "zeta", "pact-study"


def _led_astray(name: str, sentence: str, rule: str, *changes: tuple[str, dict[str, str], str]) -> None:
    """An operator that writes other ``cells`` into the tombstone of a row, in the data and in the seeds; each
    with the column to be reported.
    """

    def plant(world: World) -> Iterator[Mutant]:
        sheet = world.tables["tombstones"]
        for row_id, cells, column in changes:
            row, changed, draft = sheet.csv.find(row_id=row_id), sheet.csv, Draft(world.seed_files)
            for name, text in cells.items():
                changed = changed.put(row, name, text)
            csv = in_order(sheet.table, changed)
            yield table_mutant(
                world,
                sheet,
                f"tombstones.{column}",
                csv,
                (csv.rows.index(changed.rows[row]) + 2, column, rule),
            )
            for name, text in cells.items():
                line = draft.put(FILE, name, text, note_en=sheet.csv.cell(row, "note_en"))
            yield Mutant("seeds", f"tombstones.{column}", draft.changes, (Place(FILE, line, column, rule),))

    register(name, "tombstones", sentence, plant)


_led_astray(
    "tombstone-of-a-living-row",
    "A tombstone of a row that is there.",
    "tombstone_is_of_a_gone_row",
    (WRONG, {"row_id": "gamma"}, "row_id"),
    (RENAMED, {"row_id": "pact-meeting"}, "row_id"),
)
_led_astray(
    "tombstone-of-no-table",
    "A tombstone of a row of no table, or of one whose rows need none.",
    "tombstone_is_of_a_gone_row",
    *((WRONG, {"table": table}, "table") for table in ("peoples", "evidence", "timeline", "tombstones")),
)
_led_astray(
    "successor-gone",
    "A successor that is not there, is in another table, or is the removed row itself.",
    "successor_is_there",
    *((RENAMED, {"successor_row_id": row_id}, "successor_row_id") for row_id in ("ghost", "gamma", RENAMED)),
)
_led_astray(
    "successor-of-no-table",
    "A successor in no table, or in one whose rows do not last.",
    "successor_is_there",
    *((RENAMED, {"successor_table": table}, "successor_table") for table in ("provision", "timeline")),
)
_led_astray(
    "successor-in-half",
    "A successor without its table, or a table without the row.",
    "successor_is_there",
    (RENAMED, {"successor_table": ""}, "successor_table"),
    (RENAMED, {"successor_row_id": ""}, "successor_row_id"),
    (WRONG, {"successor_table": "people"}, "successor_row_id"),
    (WRONG, {"successor_row_id": "gamma"}, "successor_table"),
)
_led_astray(
    "successor-against-reason",
    "A row renamed or merged and nothing named, or split and one row named.",
    "successor_fits_reason",
    (WRONG, {"reason": "renamed"}, "reason"),
    (WRONG, {"reason": "merged"}, "reason"),
    (RENAMED, {"reason": "split"}, "reason"),
)
_led_astray(
    "removed-in-time-to-come",
    "A row said to have gone in a version after this one.",
    "removed_by_now",
    *((WRONG, {"removed_in": version}, "removed_in") for version in ("99.0.0", "0.99.0", "1.0.0")),
)
