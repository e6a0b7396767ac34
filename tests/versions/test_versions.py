"""Version numbers, and what a development version may be that a release may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging.version import Version

from scripts.model.problems import BadData, CannotRun
from scripts.package.settings import load_package
from scripts.package.version_number import VERSION, is_development, pep440, release_of, version_order
from scripts.release import make
from scripts.release.make import make_release
from scripts.store.files import sha256
from scripts.versions.ledger import HEAD, IDS, IDS_HEAD, LEDGER, recorded, unreleasable, version_problems

IN_ORDER = (
    "0.4.0",
    "0.4.9",
    "0.4.10-dev.0",
    "0.4.10",
    "0.5.0-dev.0",
    "0.5.0-dev.9",
    "0.5.0-dev.10",
    "0.5.0",
    "0.10.0-dev.0",
    "1.0.0",
)


def test_a_development_version_comes_before_its_release() -> None:
    assert sorted(sorted(IN_ORDER), key=version_order) == list(IN_ORDER)
    assert sorted(IN_ORDER, key=lambda v: Version(pep440(v))) == list(IN_ORDER)


@pytest.mark.parametrize("version", IN_ORDER)
def test_numbers_of_versions(version: str) -> None:
    assert VERSION.match(version) and is_development(version) == Version(pep440(version)).is_devrelease
    assert release_of(version) == Version(pep440(version)).base_version


@pytest.mark.parametrize(
    "text", ["1.0", "0.5.0-dev", "0.5.0-dev.", "0.5.0-dev.01", "0.5.0-rc.1", "0.5.0.dev0", "0.5.0-dev.0\n"]
)
def test_what_is_not_a_version(text: str) -> None:
    assert not VERSION.match(text)


@pytest.fixture
def development(package: Path) -> Path:
    """The made-up package as a development version of 9.0.0, without a changelog."""
    path = package / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"version": "9.0.0-dev.0"}), "utf-8")
    (package / LEDGER).parent.mkdir()
    return package


def released(folder: Path, version: str) -> None:
    """Writes the lists of a release without rows."""
    ids = ",".join(IDS_HEAD) + "\n"
    (folder / IDS).write_text(ids, "utf-8")
    line = f"{version},2020-01-01,{'0' * 64},{sha256(ids)}"
    (folder / LEDGER).write_text(f"{','.join(HEAD)}\n{line}\n", "utf-8")


def test_a_development_version_may_hold_any_data_and_needs_no_changelog(development: Path) -> None:
    released(development, "8.9.9")
    assert version_problems(development) == []
    released(development, "9.0.0")
    (problem,) = version_problems(development)
    assert problem.message == "version 9.0.0 was released, and this is 9.0.0-dev.0"


def test_a_development_version_is_not_released_nor_recorded(
    development: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = unreleasable(development)
    assert str(problem) == (
        "schemas/package.json:version: 9.0.0-dev.0 is a development version, which is not released; set"
        ' version to "9.0.0" and released to the day, and write the section of that version in CHANGELOG.md'
    )
    with pytest.raises(CannotRun, match=r"9\.0\.0-dev\.0 is a development version"):
        recorded(development)
    monkeypatch.setattr(make, "check_package", lambda _: [])
    with pytest.raises(BadData, match="is a development version"):
        make_release(tmp_path / "dist", None, development)
    assert not (tmp_path / "dist").exists()
    (development / IDS).write_text(",".join(IDS_HEAD) + "\n", "utf-8")
    (development / LEDGER).write_text(f"{','.join(HEAD)}\n9.0.0-dev.0,2020-01-01,x,x\n", "utf-8")
    with pytest.raises(CannotRun, match=r'"9\.0\.0-dev\.0" is not a released version'):
        version_problems(development)


def test_the_citation_says_that_a_version_is_one_in_development() -> None:
    given = load_package()
    kind = "development version" if is_development(given["version"]) else "version"
    assert f"({kind} {given['version']}) [Data set]." in given["citation"]
