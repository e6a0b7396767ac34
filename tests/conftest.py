"""What the tests share: the real package built once, and a small made-up one that can be broken at will."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.model.paths import SCHEMAS
from scripts.package import descriptor
from scripts.pipeline.build import Built, build
from scripts.sources.passages import SOURCES
from scripts.store.frames import frame_of
from scripts.store.publish import publish
from tests.mini import Mini, release_package

# pytest --hypothesis-profile deep: many more drawn packages than the suite has time for (tests/related.py).
settings.register_profile("deep", derandomize=False)


@pytest.fixture(scope="session")
def real() -> Built:
    """The package as the committed seeds give it; with the source texts where they are at hand."""
    return build(sources=SOURCES)


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder of the source texts; tests that read them are skipped where they are not at hand."""
    if not SOURCES.is_dir():
        pytest.skip("the source texts are not at hand")
    return SOURCES


@pytest.fixture(scope="session")
def mini_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up seeds, written and locked once."""
    folder = tmp_path_factory.mktemp("template")
    Mini.write(folder).lock()
    return folder


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
def frames(mini_built: Built):
    """The made-up package as typed frames, by table; a fresh dict each time."""
    return {name: frame_of(table.fields, mini_built.data[name]) for name, table in mini_built.tables.items()}


@pytest.fixture
def package(tmp_path: Path, mini_built: Built) -> Path:
    """The made-up package on disk, to be damaged."""
    folder = tmp_path / "package"
    publish(folder, mini_built.files)
    return folder


@pytest.fixture(scope="module")
def release_version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """As if ``schemas/package.json`` had the version to come: a development version is not released."""
    folder, version = tmp_path_factory.mktemp("schemas"), release_package()["version"]
    given = json.loads((SCHEMAS / "package.json").read_bytes()) | {"version": version}
    (folder / "package.json").write_text(json.dumps(given), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(descriptor, "SCHEMAS", folder)
        yield version
