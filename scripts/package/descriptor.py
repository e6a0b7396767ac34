"""What the package says of itself: ``schemas/package.json`` is the one place; the rest is written from it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from scripts.model.paths import ROOT, SCHEMAS
from scripts.model.problems import BadData, Problem, brief, shown
from scripts.model.shape import shaped
from scripts.model.tables import Table
from scripts.package.version_number import VERSION, is_development
from scripts.store.files import sha256
from scripts.store.jsonfile import read_json
from scripts.techpacts.markup import html

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
# What has to stand there, by the kind of its value (scripts/model/shape.py).
NEEDED = {
    **dict.fromkeys(
        (
            "name",
            "title",
            "techpacts:titleKo",
            "description",
            "techpacts:descriptionKo",
            "version",
            "released",
        ),
        "a text",
    ),
    "keywords": "a list of texts",
    "licenses": "a list of objects",
    "codeLicense": "an object",
    "contributors": "a list of objects",
}
LICENCE = {"name": "a text", "title": "a text", "path": "a text"}
CONTRIBUTOR = {"title": "a text", "roles": "a list of texts"}
# The licences that the project uses, by SPDX name; a misspelt name would pass every stock tool.
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "MIT": "https://opensource.org/license/mit",
}


def load_package(folder: Path | None = None) -> dict[str, Any]:
    """Name, title, version, licences and the rest, with the citation made from them. Raises BadData."""
    path = (folder or SCHEMAS) / "package.json"
    whole = read_json(path)
    file, problems = shown(path, ROOT), []

    def say(column: str, message: str, fix: str) -> None:
        problems.append(Problem(file, 0, column, message, fix, "package"))

    given = shaped(whole, NEEDED, say)
    for name in sorted(set(NEEDED) - set(whole if isinstance(whole, dict) else NEEDED)):
        say(name, "it is missing", "write it")
    for name in [
        n for n, value in given.items() if not value or (isinstance(value, str) and not value.strip())
    ]:
        say(name, "it is empty", "fill it in")
    if not VERSION.match(given.get("version", "0.0.0")):
        say(
            "version",
            f"{brief(given['version'])} is not a semantic version",
            "write it like 0.1.0 or 0.1.0-dev.0",
        )
    try:
        if dt.date.fromisoformat(given.get("released", "2026-01-01")).isoformat() != given.get(
            "released", "2026-01-01"
        ):
            raise ValueError
    except ValueError:
        say(
            "released",
            f"{brief(given['released'])} is not a date",
            "write the day of the release as YYYY-MM-DD",
        )
    for licence in [*given.get("licenses", []), *([given["codeLicense"]] if "codeLicense" in given else [])]:
        found = shaped(licence, LICENCE, lambda _, message, fix: say("licenses", message, fix))
        if found.get("name") not in LICENCES or LICENCES[found["name"]] != found.get("path"):
            say(
                "licenses",
                f"{brief(licence.get('name'))} with this path is not known here",
                "use one of " + ", ".join(LICENCES),
            )
    for contributor in given.get("contributors", []):
        found = shaped(contributor, CONTRIBUTOR, lambda _, message, fix: say("contributors", message, fix))
        if not found.get("title", "").strip():
            say("contributors", "a contributor has no title", "write who it is")
    if problems:
        raise BadData(problems)
    kind = "development version" if is_development(given["version"]) else "version"
    given["citation"] = (
        f"{given['contributors'][0]['title']} ({given['released'][:4]}). {given['name']}: {given['title']}"
        f" ({kind} {given['version']}) [Data set]."
    )
    return given


def _field(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a declared field how differing sources are merged, which is the pipeline's affair; all
    else is published.
    """
    return {k: v for k, v in given.items() if k != "techpacts:resolve"}


def table_schema(table: Table) -> dict[str, Any]:
    """The Table Schema of a resource, written into the descriptor so that one file describes the package."""
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
    """What the descriptor says of a table whatever its rows are.

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
    """A resource of the descriptor: the CSV, with the Parquet beside it in a property of our own."""
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
    """``datapackage.json``. ``covers_to`` is the day of the newest source: what happened later is not in the
    data.
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


def to_json(value: Any) -> bytes:
    """JSON as committed: UTF-8, two spaces, a final line feed."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def citation_cff(package: dict[str, Any]) -> bytes:
    """``CITATION.cff``, version 1.2.0 of the format."""
    given = {
        "cff-version": "1.2.0",
        "message": "Please cite the version of the dataset that you used.",
        "type": "dataset",
        "title": f"{package['name']}: {package['title']}",
        "abstract": package["description"],
        "authors": [{"name": c["title"]} for c in package["contributors"]],
        "version": package["version"],
        "date-released": dt.date.fromisoformat(package["released"]),
        "license": package["licenses"][0]["name"],
        "keywords": package["keywords"],
    }
    head = "# Written by the build from schemas/package.json; do not edit.\n"
    return (head + yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=110)).encode("utf-8")


def zenodo_json(package: dict[str, Any]) -> bytes:
    """``.zenodo.json``: what Zenodo reads when a release of the repository is deposited."""
    given = {
        "title": f"{package['name']}: {package['title']}",
        "upload_type": "dataset",
        "description": (
            f"<p>{html(package['description'])}</p><p>{html(package['techpacts:descriptionKo'])}</p>"
        ),
        "creators": [{"name": c["title"]} for c in package["contributors"]],
        "version": package["version"],
        "publication_date": package["released"],
        "license": package["licenses"][0]["name"].lower(),
        "access_right": "open",
        "keywords": package["keywords"],
        "language": "eng",
    }
    return to_json(given)


def codemeta_json(package: dict[str, Any]) -> bytes:
    """``codemeta.json`` for the pipeline, which is software; the data are described by the others."""
    given = {
        "@context": "https://doi.org/10.5063/schema/codemeta-2.0",
        "@type": "SoftwareSourceCode",
        "name": f"{package['name']} pipeline",
        "description": f"Builds and checks the dataset {package['name']}: {package['title']}.",
        "version": package["version"],
        "dateModified": package["released"],
        "license": f"https://spdx.org/licenses/{package['codeLicense']['name']}",
        "programmingLanguage": "Python",
        "runtimePlatform": "Python 3.11",
        "author": [{"@type": "Organization", "name": c["title"]} for c in package["contributors"]],
        "keywords": package["keywords"],
    }
    return to_json(given)
