"""The formats of a release beside CSV and Parquet, a module for each.

``EXPORTERS`` of a module holds its format, or each variant of it; there is no other list.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.model.problems import BadData
from scripts.package.loaded import Contents
from scripts.release.exporter import Exporter
from scripts.release.limits import Limits, beyond


def exporters() -> list[Exporter]:
    """Return every format, in order of the names of the modules."""
    return [
        exporter
        for module in pkgutil.iter_modules(__path__)
        for exporter in importlib.import_module(f"{__name__}.{module.name}").EXPORTERS
    ]


def limits_of(given: Iterable[Exporter]) -> dict[str, Limits]:
    """Return the limits by name of the format; variants of one format have the same."""
    return {e.name: e.limits for e in given if e.limits}


def write_formats(contents: Contents, folder: Path, given: Sequence[Exporter]) -> list[Path]:
    """Write the formats as ``NAME.ENDING`` and as folders into ``folder``; return the paths in that order.

    Raise BadData, before anything is written, where one of the formats cannot hold the package.
    """
    if problems := beyond(contents, limits_of(given)):
        raise BadData(problems)
    paths = []
    for exporter in given:
        path = folder / (
            exporter.made if exporter.is_folder else f"{contents.package['name']}{exporter.made}"
        )
        if exporter.is_folder:
            path.mkdir()
        exporter.write(contents, path)
        paths.append(path)
    return paths
