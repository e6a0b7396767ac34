"""Describe the package in the vocabularies of others: Croissant, schema.org, DataCite, RO-Crate, references.

The templates have the words of each standard; everything else comes from ``schemas/`` and the descriptor.
What is only known when a version is deposited (an identifier, an address, names of depositors) is left out
here and added there: docs/depositing.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.package.loaded import Contents
from scripts.release.rendering import render_json
from scripts.store.jsonfile import to_json
from scripts.techpacts.references import dataset_bibtex, dataset_ris

Json = dict[str, Any]
DATA_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
# By the ending of a file; what has another one is plain text.
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "md": "text/markdown",
    "cff": "text/yaml",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


def _common(contents: Contents) -> Json:
    package = contents.package
    return {
        "package": package,
        "title": f"{package['name']}: {package['title']}",
        "license": package["licenses"][0],
        "creators": [{"@type": "Organization", "name": c["title"]} for c in package["contributors"]],
    }


def croissant(contents: Contents, descriptor: Json) -> Json:
    """Return Croissant 1.0; ``descriptor`` has the sizes and hashes of the files."""
    resources = {r["name"]: r for r in descriptor["resources"]}
    return render_json(
        "croissant.json.j2",
        **_common(contents),
        tables=contents.tables,
        resources={name: resources[name] for name in contents.tables},
        data_types=DATA_TYPES,
    )


def schema_org(contents: Contents, descriptor: Json) -> Json:
    """Return a Dataset of schema.org."""
    csv, parquet = MEDIA_TYPES["csv"], MEDIA_TYPES["parquet"]
    resources = descriptor["resources"]
    return render_json(
        "schema_org.json.j2",
        **_common(contents),
        measured=[(t, f) for t in contents.tables.values() if t.kind == "fact" for f in t.fields],
        files=[(csv, r) for r in resources] + [(parquet, r["techpacts:parquet"]) for r in resources],
        first_day=contents.frames["timeline"]["date_from"].drop_nulls().min(),
        covers_to=descriptor["techpacts:coversTo"],
    )


def datacite(contents: Contents) -> Json:
    """Return DataCite 4.5 without what is given on deposit."""
    return render_json("datacite.json.j2", **_common(contents))


def ro_crate(contents: Contents, files: Mapping[str, bytes]) -> Json:
    """Return RO-Crate 1.1 of the files of the zip, given by path."""
    titles = {f"data/{t.name}.{e}": t.title for t in contents.tables.values() for e in ("csv", "parquet")}
    parts = {
        path: {
            "name": titles.get(path, path),
            "kind": MEDIA_TYPES.get(path.rsplit(".", 1)[-1], "text/plain"),
            "size": len(data),
        }
        for path, data in sorted(files.items())
    }
    return render_json("ro_crate.json.j2", **_common(contents), parts=parts)


def metadata_files(contents: Contents, descriptor: Json) -> dict[str, bytes]:
    """Return the files of metadata of the zip, by path, but for RO-Crate, which lists the others."""
    return {
        "croissant.json": to_json(croissant(contents, descriptor)),
        "metadata/schema.org.json": to_json(schema_org(contents, descriptor)),
        "metadata/datacite.json": to_json(datacite(contents)),
        "metadata/techpacts.bib": (dataset_bibtex(contents.package) + "\n").encode("utf-8"),
        "metadata/techpacts.ris": (dataset_ris(contents.package) + "\n").encode("utf-8"),
        "metadata/apa.txt": f"{contents.package['citation']}\n".encode(),
    }
