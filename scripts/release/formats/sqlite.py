"""SQLite: every table with its keys, checks and comments, a list of the columns, and views that join what
belongs together.

The same rows give the same bytes with the same version of SQLite, whose number is in the header of the
file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.model.tables import Field, Table
from scripts.package.loaded import Contents
from scripts.package.version_number import release_of
from scripts.release.exporter import Exporter
from scripts.release.limits import Limits
from scripts.release.sql import (
    TAKEN,
    VIEWS,
    described,
    name,
    search_text,
    searched,
    summary,
    value_checks,
)
from scripts.techpacts.markup import sql_comment

TYPE = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT"}
# "tpct" in the header tells the file from other SQLite files (https://www.sqlite.org/fileformat.html, offset
# 68).
APPLICATION_ID = int.from_bytes(b"tpct", "big")


def _checks(field: Field) -> Iterator[str]:
    column = name(field.name)
    if field.type == "boolean":
        yield f"{column} IN (0, 1)"
    if field.type == "date":
        # An hour, a month without a day, or a day that is not in the calendar gives another text.
        yield f"date(julianday({column})) IS {column}"
    yield from value_checks(field)


def _column(field: Field) -> str:
    words = [name(field.name), TYPE[field.type]]
    words += ["NOT NULL"] * field.required + ["UNIQUE"] * field.unique
    words += [f"CHECK ({check})" for check in _checks(field)]
    return " ".join(words)


def create_table(table: Table) -> str:
    """Return the statement that makes a table; its comments stay in the file (``.schema`` shows them)."""
    lines = [
        (_column(f), f"{f.title} / {f.title_ko}" + (f" ({f.unit})" if f.unit else "")) for f in table.fields
    ]
    keys = [("PRIMARY KEY", table.primary_key), *(("UNIQUE", k) for k in table.unique_keys)]
    lines += [(f"{kind} ({', '.join(map(name, columns))})", "") for kind, columns in keys]
    for key in table.foreign_keys:
        there = f"{name(key.table)} ({', '.join(map(name, key.reference))})"
        columns = ", ".join(map(name, key.fields))
        lines.append((f"FOREIGN KEY ({columns}) REFERENCES {there} DEFERRABLE INITIALLY DEFERRED", ""))
    body = "\n".join(
        f"  {line}{',' * (i < len(lines))}" + (f" -- {sql_comment(note)}" if note else "")
        for i, (line, note) in enumerate(lines, 1)
    )
    return f"CREATE TABLE {name(table.name)} ( -- {sql_comment(summary(table))}\n{body}\n) STRICT"


def _rows(contents: Contents, table: Table) -> Iterator[tuple[Any, ...]]:
    dates = [i for i, f in enumerate(table.fields) if f.type == "date"]
    for row in contents.frames[table.name].select(table.names).iter_rows():
        yield (
            tuple(v.isoformat() if i in dates and v is not None else v for i, v in enumerate(row))
            if dates
            else row
        )


def _make_searchable(connection: sqlite3.Connection, contents: Contents) -> None:
    """Give each table that has words an index of them, ``TABLE_fts``, which refers to the table by row
    number.

    Stems are those of English; the index holds more words than the table (``search_text``).
    """
    for table in contents.tables.values():
        if not (columns := searched(table)):
            continue
        index, listed = name(f"{table.name}_fts"), ", ".join(map(name, columns))
        # Written as Datasette looks for it, to offer its search box.
        connection.execute(
            f"CREATE VIRTUAL TABLE {index} USING FTS5"
            f" ({listed}, tokenize='porter unicode61', content={name(table.name)})"
        )
        rows = connection.execute(f"SELECT rowid, {listed} FROM {name(table.name)} ORDER BY rowid").fetchall()
        texts = ((row[0], *(search_text(cell) if cell else None for cell in row[1:])) for row in rows)
        connection.executemany(
            f"INSERT INTO {index} (rowid, {listed}) VALUES ({', '.join('?' * (len(columns) + 1))})", texts
        )
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


class SQLite(Exporter):
    """One file with every table; its keys and checks have held for every row when it is written."""

    name = "SQLite"
    made = ".sqlite"
    description = "SQLite, with keys, comments, views and full-text search"
    # https://www.sqlite.org/limits.html; a whole number of ours has 64 bits, as one of SQLite.
    limits = Limits(taken=TAKEN, columns=2_000, text=1_000_000_000)

    def write(self, contents: Contents, path: Path) -> None:
        """Write the database."""
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            # A development version counts as the version to come.
            major, minor, patch = map(int, release_of(contents.package["version"]).split("."))
            connection.execute(f"PRAGMA user_version = {major * 1_000_000 + minor * 1_000 + patch}")
            connection.execute("BEGIN")
            _write_tables(connection, contents)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            # Not before: VACUUM may number the rows anew.
            connection.execute("BEGIN")
            _make_searchable(connection, contents)
            connection.execute("COMMIT")
        finally:
            connection.close()


def _write_tables(connection: sqlite3.Connection, contents: Contents) -> None:
    for table in contents.parents_first:
        connection.execute(create_table(table))
        places = ", ".join("?" * len(table.fields))
        connection.executemany(f"INSERT INTO {name(table.name)} VALUES ({places})", _rows(contents, table))
        for key in table.foreign_keys:
            index = "_".join(("by", table.name, *key.fields))
            connection.execute(
                f"CREATE INDEX {name(index)} ON {name(table.name)} ({', '.join(map(name, key.fields))})"
            )
    for made, columns, rows in described(contents):
        connection.execute(f"CREATE TABLE {name(made)} ({', '.join(f'{name(c)} TEXT' for c in columns)})")
        connection.executemany(f"INSERT INTO {name(made)} VALUES ({', '.join('?' * len(columns))})", rows)
    for view, query in VIEWS.items():
        connection.execute(f"CREATE VIEW {name(view)} AS {query}")


EXPORTERS = (SQLite(),)
