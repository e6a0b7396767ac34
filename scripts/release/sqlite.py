"""SQLite: every table with its keys, checks and comments, a list of the columns, and views that join what belongs together.

The same rows give the same bytes with the same version of SQLite, whose number stands in the header of the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from scripts.release.contents import Contents
from scripts.release.sql import SQL_COLUMNS, VIEWS, columns_rows, name, package_rows, value_checks
from scripts.tableschema import Field, Table

TYPE = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT"}
# "tpct" in the header tells the file from other SQLite files (https://www.sqlite.org/fileformat.html, offset 68).
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
    """The statement that makes a table; its comments stay in the file (``.schema`` shows them)."""
    lines = [(_column(f), f"{f.title} / {f.title_ko}" + (f" ({f.unit})" if f.unit else "")) for f in table.fields]
    keys = [("PRIMARY KEY", table.primary_key), *(("UNIQUE", k) for k in table.unique_keys)]
    lines += [(f"{kind} ({', '.join(map(name, columns))})", "") for kind, columns in keys]
    for key in table.foreign_keys:
        there = f"{name(key.table)} ({', '.join(map(name, key.reference))})"
        lines.append((f"FOREIGN KEY ({', '.join(map(name, key.fields))}) REFERENCES {there} DEFERRABLE INITIALLY DEFERRED", ""))
    body = "\n".join(f"  {line}{',' * (i < len(lines))}" + (f" -- {note}" if note else "") for i, (line, note) in enumerate(lines, 1))
    return f"CREATE TABLE {name(table.name)} ( -- {table.title} / {table.title_ko}: {table.description}\n{body}\n) STRICT"


def _rows(contents: Contents, table: Table) -> Iterator[tuple]:
    dates = [i for i, f in enumerate(table.fields) if f.type == "date"]
    for row in contents.frames[table.name].select(table.names).iter_rows():
        yield tuple(v.isoformat() if i in dates and v is not None else v for i, v in enumerate(row)) if dates else row


def write_sqlite(contents: Contents, path: Path) -> None:
    """Writes ``path``, which must not exist. The keys and checks have held for every row when it is done."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        major, minor, patch = map(int, contents.package["version"].split("."))
        connection.execute(f"PRAGMA user_version = {major * 1_000_000 + minor * 1_000 + patch}")
        connection.execute("BEGIN")
        for table in contents.parents_first:
            connection.execute(create_table(table))
            places = ", ".join("?" * len(table.fields))
            connection.executemany(f"INSERT INTO {name(table.name)} VALUES ({places})", _rows(contents, table))
            for key in table.foreign_keys:
                index = "_".join(("by", table.name, *key.fields))
                connection.execute(f"CREATE INDEX {name(index)} ON {name(table.name)} ({', '.join(map(name, key.fields))})")
        for made, columns, rows in (("package", ("property", "value"), package_rows(contents)), ("columns", SQL_COLUMNS, columns_rows(contents))):
            connection.execute(f"CREATE TABLE {name(made)} ({', '.join(f'{name(c)} TEXT' for c in columns)})")
            connection.executemany(f"INSERT INTO {name(made)} VALUES ({', '.join('?' * len(columns))})", rows)
        for view, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {name(view)} AS {query}")
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    finally:
        connection.close()
