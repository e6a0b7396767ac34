"""The settings of the package, ``schemas/package.json``: the one place for name, version, licenses, citation."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT, SCHEMAS
from scripts.model.problems import BadData, Problem, brief, shown
from scripts.model.shape import shaped
from scripts.store.jsonfile import read_json

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

VERSION = re.compile(r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\Z")

# The licences that the project uses, by SPDX name; a misspelt name would pass every stock tool.
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "MIT": "https://opensource.org/license/mit",
}


def version_order(version: str) -> tuple[tuple[int, str], ...]:
    """What versions are sorted by, number by number. Digits without leading zeros need not be read for that,
    however many.
    """
    return tuple((len(n), n) for n in version.split("."))


def load_package(folder: Path = SCHEMAS) -> dict[str, Any]:
    """Name, title, version, licences and the rest, with the citation made from them. Raises BadData."""
    path = folder / "package.json"
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
        say("version", f"{brief(given['version'])} is no semantic version", "write it like 0.1.0")
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
    given["citation"] = (
        f"{given['contributors'][0]['title']} ({given['released'][:4]}). {given['name']}: {given['title']}"
        f" (version {given['version']}) [Data set]."
    )
    return given
