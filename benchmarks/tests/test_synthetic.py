"""Synthetic packages are valid, the same for the same seed, and as the pipeline writes them; planted faults
are all reported.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.claims import write_claims
from benchmarks.faults import CONSTRAINTS, FORM, MEANING, faulty
from benchmarks.seeds import TAG
from benchmarks.synthetic import build_pattern, tag, write_package
from scripts.pipeline.build import build
from scripts.store.jsonfile import read_json
from scripts.validation.package import check_package


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pattern of one agreement in two copies."""
    folder = tmp_path_factory.mktemp("synthetic") / "package"
    assert write_package(folder, 1900, seed=7) == sum(
        r["techpacts:rows"] for r in read_json(folder / "datapackage.json")["resources"]
    )
    return folder


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One agreement, once, from another seed."""
    folder = tmp_path_factory.mktemp("single") / "package"
    write_package(folder, 1, seed=8)
    return folder


def test_the_package_is_valid_and_has_two_copies(package: Path) -> None:
    assert check_package(package) == []
    agreements = (package / "data/agreements.csv").read_text("utf-8")
    assert [line.partition("-")[0][: len(TAG)] for line in agreements.splitlines()[1:]] == [tag(0), tag(1)]


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(
    package: Path, single: Path, tmp_path: Path
) -> None:
    write_package(tmp_path / "again", 1900, seed=7)
    assert contents(tmp_path / "again") == contents(package)
    agreements = [
        (folder / "data/agreements.csv").read_text("utf-8").splitlines() for folder in (package, single)
    ]
    assert agreements[0][0] == agreements[1][0] and agreements[0][1] != agreements[1][1]


def test_one_copy_is_what_the_pipeline_publishes(single: Path, tmp_path: Path) -> None:
    """CSV, Parquet and descriptor byte for byte, so that the large packages are written as the project
    writes.
    """
    built = build_pattern(tmp_path, 1, seed=8)
    assert contents(single) == {n: b for n, b in built.files.items() if n.startswith("data")}


def test_a_tag_is_never_longer_than_the_one_it_replaces() -> None:
    assert len(tag(9999)) == len(TAG)
    with pytest.raises(ValueError, match="10000 copies"):
        tag(10_000)


@pytest.mark.parametrize("kinds", [FORM, CONSTRAINTS, MEANING], ids=["form", "constraints", "meaning"])
def test_every_planted_fault_is_reported(package: Path, tmp_path: Path, kinds: tuple[str, ...]) -> None:
    before = contents(package)
    planted = faulty(package, tmp_path / "faulty", kinds, seed=5)
    assert sum(planted.values()) == 19 and set(planted) == set(kinds)
    assert contents(package) == before, "planting spoilt the package copied from"
    found = check_package(tmp_path / "faulty")
    assert Counter(p.rule for p in found) == planted
    assert len({(p.file, p.row) for p in found}) == 19


def test_more_faults_than_rows_are_refused(package: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        faulty(package, tmp_path / "faulty", MEANING, share=0.5)


def test_seeds_of_many_claims_are_built_from_their_locks_alone(tmp_path: Path) -> None:
    """The lock of coverage is copied with that of the passages, each text with its own hash."""
    claims = write_claims(tmp_path / "seeds", 1500)
    built = build(seeds_folder=tmp_path / "seeds", sources=(), passages=None)
    assert len(built.claims) == claims and built.coverage
