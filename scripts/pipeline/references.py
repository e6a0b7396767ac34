"""Typed cells that refer to a row that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scripts.constraints.violations import foreign_key_violations, unknown_reference
from scripts.model.problems import Problem
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record, Seeds
from scripts.model.tables import Table
from scripts.store.frames import frame_of
from scripts.validation.rules.vocabularies import alias_has_entity


def unknown_references(seeds: Seeds, tables: dict[str, Table]) -> list[Problem]:
    """Report typed cells that refer to a row that neither a list nor a sheet has.

    This is judged before any evidence: no passage can bear out what does not exist.
    """
    lists = {name: rows for name, rows in seeds.lists.items() if name in tables}
    frames = {name: frame_of(tables[name].fields, rows) for name, rows in lists.items()}
    found: list[Problem] = []
    for name, rows in lists.items():
        found += [
            v.problem(partial(_listed, seeds.files[name], rows))
            for v in foreign_key_violations(tables[name], frames)
        ]
    for f in alias_has_entity(frames):
        found.append(
            Problem(
                seeds.files["aliases"],
                lists["aliases"][f.index]["_line"],
                f.column,
                f.message,
                f.fix,
                alias_has_entity.name,
            )
        )
    known = {name: {key_of(tables[name], r) for r in rows} for name, rows in lists.items()}
    for name, row_id in seeds.keys:
        known.setdefault(name, set()).add(row_id)
    # A table without a row is known to have none.
    known |= {t.name: set() for t in tables.values() if t.kind == "fact" and t.name not in known}
    reported = set()
    for cell, table, value in _referring(seeds, tables):
        if table in known and value not in known[table] and cell not in reported:
            reported.add(cell)
            found.append(Problem(*cell, *unknown_reference(table, value, known[table]), "foreign-key"))
    return found


def _listed(file: str, rows: list[Record], index: int, _: str) -> tuple[str, int]:
    """File and line of a row of a list."""
    return file, rows[index]["_line"]


def _referring(seeds: Seeds, tables: dict[str, Table]) -> Iterator[tuple[tuple[str, int, str], str, str]]:
    """Every cell of a sheet that refers to a row: file, line and column, the table referred to, the value."""
    for (name, row_id), spots in seeds.places.items():
        for column in tables[name].primary_key:
            if target := tables[name].reference_of(column):
                for spot in spots:
                    yield (spot.file, spot.line, column), target, str(seeds.keys[name, row_id][column])
    for claim in seeds.claims:
        if target := tables[claim.table].reference_of(claim.field):
            yield (claim.file, claim.line, claim.field), target, claim.text
        if claim.relays:
            yield (claim.file, claim.line, "relays"), "organizations", claim.relays
