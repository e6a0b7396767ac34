"""The settings of the package, ``schemas/package.json``: the one place for name, version and licenses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictStr, TypeAdapter, ValidationInfo

from scripts.model.paths import ROOT, SCHEMAS
from scripts.model.problems import Refused, brief, shown
from scripts.model.pydantic_problems import STRICT, Filled, Text, validated
from scripts.package.version_number import VERSION, is_development
from scripts.store.jsonfile import read_json

# The licenses that the project uses, by SPDX name; a misspelled name would pass every stock tool.
LICENSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "MIT": "https://opensource.org/license/mit",
}


def _version(version: str) -> str:
    if not VERSION.match(version):
        raise Refused(f"is {brief(version)}, not a semantic version", "write it like 0.1.0 or 0.1.0-dev.0")
    return version


def _day(day: str) -> str:
    try:
        if dt.date.fromisoformat(day).isoformat() == day:
            return day
    except ValueError:
        pass
    raise Refused(f"is {brief(day)}, not a date", "write the day of the release as YYYY-MM-DD")


def _license_path(path: str, info: ValidationInfo) -> str:
    if "name" in info.data and LICENSES.get(info.data["name"]) != path:
        raise Refused(
            f"is not known here for the license {brief(info.data['name'])}",
            "use one of " + ", ".join(LICENSES),
        )
    return path


Texts = Annotated[tuple[StrictStr, ...], Filled]


@dataclass
class _License:
    __pydantic_config__ = STRICT

    name: StrictStr
    path: Annotated[StrictStr, AfterValidator(_license_path)]
    title: Text


@dataclass
class _Contributor:
    __pydantic_config__ = STRICT

    title: Text
    roles: Texts


@dataclass
class _Settings:
    """The properties by their names in the file; nobody reads them from here."""

    __pydantic_config__ = STRICT

    name: Text
    title: Text
    titleKo: Annotated[Text, Field(validation_alias="techpacts:titleKo")]
    description: Text
    descriptionKo: Annotated[Text, Field(validation_alias="techpacts:descriptionKo")]
    version: Annotated[StrictStr, AfterValidator(_version)]
    released: Annotated[StrictStr, AfterValidator(_day)]
    keywords: Texts
    licenses: Annotated[tuple[_License, ...], Filled]
    codeLicense: _License
    contributors: Annotated[tuple[_Contributor, ...], Filled]


_SETTINGS = TypeAdapter(_Settings)


def load_package(folder: Path | None = None) -> dict[str, Any]:
    """Return the properties in ``folder/package.json``, by default of ``schemas/``, with the ``citation``.

    Raises BadData with every fault.
    """
    path = (folder or SCHEMAS) / "package.json"
    given: dict[str, Any] = read_json(path)
    validated(_SETTINGS, given, shown(path, ROOT), "package")
    kind = "development version" if is_development(given["version"]) else "version"
    citation = (
        f"{given['contributors'][0]['title']} ({given['released'][:4]}). {given['name']}: {given['title']}"
        f" ({kind} {given['version']}) [Data set]."
    )
    return {**given, "citation": citation}
