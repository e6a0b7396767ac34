"""A release of the made-up package, as the tests of formats, clients and metadata share it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from scripts.model.paths import ROOT
from scripts.package import settings
from scripts.package.settings import load_package
from scripts.release.make import make_release
from scripts.release.package_zip import BESIDE
from scripts.store.publish import publish
from tests.mini import release_package, set_release

NAME, VERSION = load_package()["name"], release_package()["version"]
# Formats that are one file, and those that are a zip with a folder.
FILES, FOLDERS = ("sqlite", "duckdb", "xlsx"), ("jsonl", "datasette", "stata-en", "stata-ko")


class Release(NamedTuple):
    """The folder of a release and what was made of it."""

    folder: Path

    @property
    def source(self) -> Path:
        """The package that was released, with what a repository has beside it."""
        return self.folder / "source"

    @property
    def earlier(self) -> Path:
        """The version before, with another amount of money."""
        return self.folder / "earlier"

    @property
    def dist(self) -> Path:
        """The files of the release."""
        return self.folder / "dist"

    @property
    def unpacked(self) -> Path:
        """The zip of the package, unpacked."""
        return self.folder / "unpacked"

    @property
    def formats(self) -> Path:
        """Every other format under its plain name, zips unpacked: what ``write_formats`` wrote."""
        return self.folder / "formats"


@contextmanager
def as_released() -> Iterator[str]:
    """Act as if ``schemas/package.json`` had the version to come: a development version is not released."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        given = json.loads((settings.SCHEMAS / "package.json").read_bytes()) | {"version": VERSION}
        (Path(folder) / "package.json").write_text(json.dumps(given), "utf-8")
        patch.setattr(settings, "SCHEMAS", Path(folder))
        yield VERSION


def lay_beside(folder: Path) -> None:
    """Add what a repository has beside its data and the package in ``folder`` has not."""
    for name in BESIDE:
        if not (folder / name).exists():
            shutil.copy(ROOT / name, folder)


def write_release(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a release of the package ``files`` into ``folder``, against a version with another amount."""
    made = Release(folder)
    for place in (made.source, made.earlier):
        place.mkdir()
        publish(place, dict(files))
    lay_beside(made.source)
    set_release(made.source)
    path = made.earlier / "data/funding.csv"
    path.write_text(path.read_text("utf-8").replace("3000000", "4000000"), "utf-8")
    with as_released():
        make_release(made.dist, str(made.earlier), made.source)
    name = f"{NAME}-{VERSION}"
    with zipfile.ZipFile(made.dist / f"{name}.zip") as archive:
        archive.extractall(made.unpacked)
    made.formats.mkdir()
    for ending in FILES:
        shutil.copy(made.dist / f"{name}.{ending}", made.formats / f"{NAME}.{ending}")
    for inner in FOLDERS:
        with zipfile.ZipFile(made.dist / f"{name}-{inner}.zip") as archive:
            archive.extractall(made.formats)
        (made.formats / f"{name}-{inner}").rename(made.formats / inner)
