"""The files by which others cite and archive the dataset: CITATION.cff, .zenodo.json, codemeta.json."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml

from scripts.store.jsonfile import to_json
from scripts.techpacts.markup import html


def citation_cff(package: dict[str, Any]) -> bytes:
    """Return ``CITATION.cff``, version 1.2.0 of the format."""
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
    """Return ``.zenodo.json``: what Zenodo reads when a release of the repository is deposited."""
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
    """Return ``codemeta.json`` for the pipeline, which is software; the data are described by the others."""
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
