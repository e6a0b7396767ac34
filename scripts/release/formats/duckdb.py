"""DuckDB: every table with its types, keys, checks and comments, and the views of ``sql.py``.

The file is not the same byte for byte from run to run: DuckDB writes identifiers drawn at random into its
header.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from scripts.model.tables import Field, Table
from scripts.package.loaded import Contents
from scripts.release.exporter import Exporter
from scripts.release.limits import Limits
from scripts.release.sql import TAKEN, VIEWS, described, literal, name, summary, value_checks

# The storage that the file is written for, and its number in the header of the file (8 bytes at offset 12).
# Without the setting only the DuckDB that wrote the file reads it. Versions 1.0 write this storage; of ours
# they cannot read all, 1.1 can.
STORED_FOR, STORAGE = "v1.0.0", 64
TYPE = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


def _checks(field: Field) -> Iterator[str]:
    yield from value_checks(field)
    if field.pattern:
        yield f"regexp_full_match({name(field.name)}, {literal(field.pattern)})"


def create_table(table: Table) -> str:
    """Return the statement that makes a table.

    A table that refers to itself does so without a foreign key, which DuckDB checks row by row.
    """
    lines = []
    for f in table.fields:
        words = [name(f.name), TYPE[f.type], *["NOT NULL"] * f.required, *["UNIQUE"] * f.unique]
        lines.append(" ".join([*words, *(f"CHECK ({check})" for check in _checks(f))]))
    lines += [
        f"{kind} ({', '.join(map(name, key))})"
        for kind, key in [("PRIMARY KEY", table.primary_key), *(("UNIQUE", k) for k in table.unique_keys)]
    ]
    for key in (k for k in table.foreign_keys if k.table != table.name):
        lines.append(
            f"FOREIGN KEY ({', '.join(map(name, key.fields))}) REFERENCES {name(key.table)}"
            f" ({', '.join(map(name, key.reference))})"
        )
    return f"CREATE TABLE {name(table.name)} ({', '.join(lines)})"


class DuckDB(Exporter):
    """One file with every table; its keys and checks have held for every row when it is written."""

    name = "DuckDB"
    made = ".duckdb"
    description = "DuckDB, with types, keys, comments and views"
    limits = Limits(taken=TAKEN)

    def write(self, contents: Contents, path: Path) -> None:
        """Write the database."""
        config: dict[str, Any] = {"threads": 1, "storage_compatibility_version": STORED_FOR}
        with duckdb.connect(str(path), config=config) as connection:
            for table in contents.parents_first:
                connection.execute(create_table(table))
                connection.register("rows", contents.frames[table.name].select(table.names).to_arrow())
                connection.execute(f"INSERT INTO {name(table.name)} SELECT * FROM rows")
                connection.unregister("rows")
                connection.execute(f"COMMENT ON TABLE {name(table.name)} IS {literal(summary(table))}")
                for f in table.fields:
                    column = f"{name(table.name)}.{name(f.name)}"
                    connection.execute(f"COMMENT ON COLUMN {column} IS {literal(summary(f))}")
            for made, columns, rows in described(contents):
                listed = ", ".join(f"{name(c)} VARCHAR" for c in columns)
                connection.execute(f"CREATE TABLE {name(made)} ({listed})")
                places = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO {name(made)} VALUES ({places})", list(map(list, rows)))
            for view, query in VIEWS.items():
                connection.execute(f"CREATE VIEW {name(view)} AS {query}")
            connection.execute("CHECKPOINT")


EXPORTERS = (DuckDB(),)
