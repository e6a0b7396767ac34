"""The declarations of ``schemas/`` from disk."""

from __future__ import annotations

from pathlib import Path

from scripts.model.paths import ROOT, SCHEMAS
from scripts.model.problems import BadData, CannotRun, Problem, shown
from scripts.model.tables import KINDS, Table, parse_table
from scripts.store.jsonfile import read_json


def load_tables(folder: Path = SCHEMAS) -> dict[str, Table]:
    """Return every published table by name: facts first, then vocabularies, provenance, derived ones.

    Raises BadData with all faults of all schemas, references between them included.
    """
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.json")):
        if path.name == "package.json":
            continue
        try:
            table = parse_table(read_json(path), shown(path, ROOT))
            tables[table.name] = table
        except BadData as bad:
            problems += bad.problems
    if not tables and not problems:
        raise CannotRun(f"{shown(folder, ROOT)}: holds no table schemas")
    for table in tables.values():
        for key in table.foreign_keys:
            target = tables.get(key.table)
            if target is None or target.primary_key != key.reference:
                problems.append(
                    Problem(
                        f"schemas/{table.name}.json",
                        0,
                        ",".join(key.fields),
                        f"the foreign key points to {key.table}({', '.join(key.reference)}), which is not a"
                        " primary key",
                        "point it to one",
                        "schema",
                    )
                )
    if problems:
        raise BadData(problems)
    return dict(sorted(tables.items(), key=lambda kv: (KINDS.index(kv[1].kind), kv[0])))


def load_seed_table(name: str, folder: Path = SCHEMAS) -> Table:
    """Return a table that is in ``seeds/`` only, such as ``uncoded`` or ``passages_lock``."""
    path = folder / "seeds" / f"{name}.json"
    return parse_table(read_json(path), shown(path, ROOT))
