"""The descriptor, ``datapackage.json``: what the package says of itself, its tables and their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from scripts.model.tables import Table
from scripts.store.files import sha256

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def _field(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a declared field how differing sources are merged, which is the pipeline's affair; all
    else is published.
    """
    return {k: v for k, v in given.items() if k != "techpacts:resolve"}


def table_schema(table: Table) -> dict[str, Any]:
    """Return the Table Schema of a resource, in the descriptor so that one file describes the package."""
    given = table.declaration
    schema = {
        "fields": [_field(f) for f in given["fields"]],
        "missingValues": given["missingValues"],
        "primaryKey": given["primaryKey"],
    }
    for key in ("uniqueKeys", "foreignKeys"):
        if key in given:
            schema[key] = given[key]
    return schema


def described(table: Table) -> dict[str, Any]:
    """Return what the descriptor says of a table whatever its rows are.

    ``type`` is for version 2 of the standard, ``profile`` for readers of version 1 (frictionless-r).
    """
    return {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "title": table.title,
        "techpacts:titleKo": table.title_ko,
        "description": table.description,
        "techpacts:descriptionKo": table.description_ko,
        "techpacts:kind": table.kind,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": table_schema(table),
    }


def resource(table: Table, csv: bytes, parquet: bytes, rows: int) -> dict[str, Any]:
    """Return a resource of the descriptor: the CSV, with the Parquet beside it in a property of our own."""
    files = {
        "path": f"data/{table.name}.csv",
        "bytes": len(csv),
        "hash": f"sha256:{sha256(csv)}",
        "techpacts:rows": rows,
        "techpacts:parquet": {
            "path": f"data/{table.name}.parquet",
            "bytes": len(parquet),
            "hash": f"sha256:{sha256(parquet)}",
        },
    }
    said = described(table)
    order = (*list(said)[:3], "path", *list(said)[3:-1], *list(files)[1:], "schema")
    return {name: (said | files)[name] for name in order}


def descriptor(
    package: dict[str, Any],
    resources: Iterable[dict[str, Any]],
    *,
    covers_to: dt.date | None,
    as_of: dt.date | None = None,
) -> dict[str, Any]:
    """Return ``datapackage.json``.

    ``covers_to`` is the day of the newest source: what happened later is not in the data. ``as_of`` is the
    day of the state of knowledge that the package shows, if not the present one.
    """
    given = {
        "$schema": PROFILE,
        "name": package["name"],
        "title": package["title"],
        "techpacts:titleKo": package["techpacts:titleKo"],
        "description": package["description"],
        "techpacts:descriptionKo": package["techpacts:descriptionKo"],
        "version": package["version"],
        "created": f"{package['released']}T00:00:00Z",
        "keywords": package["keywords"],
        "licenses": package["licenses"],
        "contributors": package["contributors"],
        "techpacts:citation": package["citation"],
        "techpacts:coversTo": covers_to.isoformat() if covers_to else None,
    }
    if as_of:
        given["techpacts:asOf"] = as_of.isoformat()
    return given | {"resources": list(resources)}
