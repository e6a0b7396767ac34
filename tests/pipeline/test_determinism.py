"""The same bytes whatever the machine is set to, and in whatever order people typed their rows."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from scripts.model.paths import SEEDS
from scripts.pipeline.build import Built, build
from scripts.pipeline.summary import summary
from scripts.sources.passages import PASSAGES, SOURCES
from tests.faults.seeds import shuffle
from tests.mini import Mini
from tests.pipeline.test_build import copy
from tests.pipeline_copy import lay_out, package_files

# A locale that is not installed is none; then it is the default that must not matter.
ENVIRONMENTS = {
    "ascii": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii",
               "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, 0o077),
    "turkish": ({"LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "2",
                 "POLARS_MAX_THREADS": "2"}, 0o000),
    "korean": ({"LC_ALL": "ko_KR.UTF-8", "LANG": "ko_KR.EUC-KR", "TZ": "Asia/Seoul", "PYTHONHASHSEED": "0",
                "POLARS_MAX_THREADS": "1"}, 0o022),
    "optimized": ({"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONOPTIMIZE": "2", "TZ": ":no/such/zone",
                   "PYTHONHASHSEED": "4294967295"}, 0o027),
}  # fmt: skip


def build_in(repo: Path, cwd: Path, env: dict[str, str], umask: int) -> subprocess.CompletedProcess[bytes]:
    """A build as a user starts it, in a working folder of its own."""
    whole = {**os.environ, "PYTHONPATH": str(repo), "PYTHONDONTWRITEBYTECODE": "1", **env}
    return subprocess.run(
        [sys.executable, "-m", "scripts", "build"],
        cwd=cwd,
        env=whole,
        umask=umask,
        capture_output=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("determinism"))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_and_working_folder_do_not_matter(
    repo: Path, tmp_path: Path, mini_built: Built, name: str
) -> None:
    """Neither for the bytes nor for what is printed; who may read the files is as the caller's umask says."""
    shutil.rmtree(repo / "data", ignore_errors=True)
    for file in ("datapackage.json", "CITATION.cff", ".zenodo.json", "codemeta.json"):
        (repo / file).unlink(missing_ok=True)
    env, umask = ENVIRONMENTS[name]
    done = build_in(repo, tmp_path, env, umask)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() == summary(mini_built)
    assert package_files(repo) == mini_built.files
    modes = {stat.S_IMODE((repo / file).stat().st_mode) for file in mini_built.files}
    assert modes == {0o666 & ~umask} and stat.S_IMODE((repo / "data").stat().st_mode) == 0o777 & ~umask
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(3))
def test_rows_and_columns_in_another_order_give_the_same_package(
    mini: Mini, mini_built: Built, seed: int
) -> None:
    assert len(list(shuffle(mini.seeds, Random(seed)))) > 20
    assert mini.build().files == mini_built.files


@pytest.mark.slow
def test_the_real_seeds_in_another_order_give_the_same_package(tmp_path: Path, real: Built) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    changed = list(shuffle(tmp_path / "seeds", Random(20261122)))
    assert len(changed) > 500
    built = build(seeds_folder=tmp_path / "seeds", sources=SOURCES, passages=PASSAGES)
    assert [n for n, content in built.files.items() if content != real.files[n]] == []
    assert set(built.files) == set(real.files)


@pytest.mark.slow
def test_the_real_package_elsewhere_without_the_texts_has_the_same_bytes(tmp_path: Path, real: Built) -> None:
    folder = copy(tmp_path / "elsewhere")
    env = {
        "PYTHONHASHSEED": "12345",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "TZ": "Pacific/Kiritimati",
        "POLARS_MAX_THREADS": "1",
    }
    done = build_in(folder, tmp_path, env, 0o077)
    assert done.returncode == 0, done.stderr.decode()
    *printed, checked = done.stdout.decode().strip().split("\n")
    assert checked.startswith("checks: 0 sources against their text, ")
    assert printed == summary(real).split("\n")[:-1]
    assert package_files(folder) == real.files
