"""What the tests share: the real package built once, and a small made-up one that can be broken at will.

What takes long to make is made once for all processes of a run (``once``). Tests marked ``slow`` are left out
by ``make test``; ``make test-all`` runs them too (CONTRIBUTING.md).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import settings

from scripts.model.paths import ROOT
from scripts.package.loaded import Contents, read_contents
from scripts.pipeline.build import Built, build
from scripts.release.formats import exporters, write_formats
from scripts.sources.passages import SOURCES
from scripts.store.frames import frame_of
from scripts.store.publish import publish
from tests.mini import Mini
from tests.shared import once
from tests.small_release import Release, as_released, write_release

# How many drawn packages a test tries (related.py): few in ``make test``, more in ``make test-all``, and
# with ``pytest --hypothesis-profile deep`` forty times as many, each time others.
QUICK, WHOLE, DEEP = "quick", "whole", "deep"
for name in (QUICK, WHOLE, DEEP):
    settings.register_profile(name, derandomize=name != DEEP)

# The package that a format, a client or a description is tried with: the made-up one, and where time does not
# matter the real one too.
PACKAGES = ["mini", pytest.param("real", marks=pytest.mark.slow)]


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile of hypothesis by what is run, unless one is given."""
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile(QUICK if config.option.markexpr == "not slow" else WHOLE)


@pytest.fixture(scope="session")
def real() -> Built:
    """The package as the committed seeds give it; with the source texts where they are at hand."""
    return build()


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder of the source texts; tests that read them are skipped where they are not at hand."""
    if not SOURCES[0].is_dir():
        pytest.skip("the source texts are not at hand")
    return SOURCES[0]


@pytest.fixture(scope="session")
def mini_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up seeds, written and locked once."""
    return once(tmp_path_factory, "template", lambda folder: Mini.write(folder).lock())


@pytest.fixture
def mini(tmp_path: Path, mini_template: Path) -> Mini:
    """Seeds of a made-up package in a folder of their own, with their source text and a lock that fits."""
    shutil.copytree(mini_template, tmp_path / "mini")
    return Mini(tmp_path / "mini")


@pytest.fixture(scope="session")
def mini_built(mini_template: Path) -> Built:
    """The made-up package, built once; not to be changed."""
    return Mini(mini_template).build()


@pytest.fixture
def frames(mini_built: Built) -> dict[str, pl.DataFrame]:
    """The made-up package as typed frames, by table; a fresh dict each time."""
    return {name: frame_of(table.fields, mini_built.data[name]) for name, table in mini_built.tables.items()}


@pytest.fixture
def package(tmp_path: Path, mini_built: Built) -> Path:
    """The made-up package on disk, to be damaged."""
    folder = tmp_path / "package"
    publish(folder, mini_built.files)
    return folder


@pytest.fixture(scope="module")
def release_version() -> Iterator[str]:
    """Act as if ``schemas/package.json`` had the version to come: a development version is not released."""
    with as_released() as version:
        yield version


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, mini_built: Built) -> Release:
    """A release of the made-up package against an earlier version; not to be changed."""
    return Release(once(tmp_path_factory, "release", lambda folder: write_release(folder, mini_built.files)))


class Formatted(NamedTuple):
    """A package, the folder it is in, and the folder with every format of it."""

    name: str
    folder: Path
    contents: Contents
    formats: Path


@pytest.fixture(scope="session", params=PACKAGES)
def formatted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Formatted:
    """A package in every format: that of the release, and the real one."""
    if request.param == "mini":
        release: Release = request.getfixturevalue("release")
        with as_released():
            contents = read_contents(release.source)
        return Formatted("mini", release.source, contents, release.formats)
    contents = read_contents()
    with_rows = [e for e in exporters() if e.name != "pictures"]
    formats = once(tmp_path_factory, "formats", lambda folder: write_formats(contents, folder, with_rows))
    return Formatted("real", ROOT, contents, formats)


@pytest.fixture(scope="session")
def contents(formatted: Formatted) -> Contents:
    """The tables of ``formatted``."""
    return formatted.contents


@pytest.fixture(scope="session")
def formats(formatted: Formatted) -> Path:
    """The folder with the formats of ``formatted``."""
    return formatted.formats
