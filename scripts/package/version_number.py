"""Version numbers: three numbers, as semantic versioning 2.0 has them, or a development version of one.

``0.5.0-dev.0`` is what stands in ``schemas/package.json`` while 0.5.0 is being made. It may hold any data and
is never released.
"""

from __future__ import annotations

import re

DEV = "-dev."
VERSION = re.compile(r"(?:(?:0|[1-9][0-9]*)\.){2}(?:0|[1-9][0-9]*)(?:-dev\.(?:0|[1-9][0-9]*))?\Z")


def version_order(version: str) -> tuple[tuple[int, str], ...]:
    """Return what versions are sorted by, number by number; a development version comes before its release.

    Digits without leading zeros need not be read for that, however many.
    """
    release, _, build = version.partition(DEV)
    numbers = tuple((len(n), n) for n in release.split("."))
    return (*numbers, (0, ""), (len(build), build)) if build else (*numbers, (1, ""))


def is_development(version: str) -> bool:
    """Whether a version is one between two releases."""
    return DEV in version


def release_of(version: str) -> str:
    """Return the release that a development version leads to; a release is its own."""
    return version.partition(DEV)[0]


def pep440(version: str) -> str:
    """Return a version as Python's package index writes it: ``0.5.0.dev0``."""
    return version.replace(DEV, ".dev")
