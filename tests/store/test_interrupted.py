"""Real builds that run at once, run out of room, or may not write; ``make kills`` does this at length, with
kills.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.pipeline.build import Built
from scripts.store.publish import STAGE, publish
from tests.pipeline_copy import AS_NOBODY, NOBODY, ended, lay_out, package_files, settings, start


@pytest.fixture
def repo(mini_built: Built) -> Iterator[Path]:
    """The pipeline on the small seeds in a folder that anybody may enter, with an older package in place."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        repo = lay_out(Path(name) / "all")
        publish(repo, old(mini_built))
        yield repo


def old(built: Built) -> dict[str, bytes]:
    """A package that differs from the new one in every file."""
    return {name: content + b"old" for name, content in built.files.items()}


def test_two_builds_at_once_leave_one_whole_package(repo: Path, mini_built: Built) -> None:
    for code, _ in [ended(p) for p in [start(repo, "build") for _ in range(2)]]:
        assert code == 0
    assert package_files(repo) == mini_built.files and not (repo / STAGE).exists()


def test_a_disk_that_is_full_in_the_middle_leaves_the_old_package(repo: Path, mini_built: Built) -> None:
    """No file may grow beyond a limit between the smallest and the largest, so that some are written before
    one is not.
    """
    sizes = sorted(map(len, mini_built.files.values()))
    limit = sizes[-2]

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code, text = ended(
        subprocess.Popen([sys.executable, "-m", "scripts", "build"], **settings(repo), preexec_fn=little_room)
    )
    assert (code, "cannot be written (File too large); the old files are as they were" in text) == (
        2,
        True,
    ), text
    assert package_files(repo) == old(mini_built) and not (repo / STAGE).exists()


@pytest.mark.parametrize("closed", [".", "data"])
def test_a_folder_that_may_not_be_written_keeps_the_old_package(
    repo: Path, mini_built: Built, closed: str
) -> None:
    if os.geteuid() == 0:
        for path in [repo, *repo.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
    (repo / closed).chmod(0o555)
    code, text = ended(subprocess.Popen([sys.executable, "-c", AS_NOBODY], **settings(repo)))
    (repo / closed).chmod(0o755)
    assert (code, "cannot be written (Permission denied); the old files are as they were" in text) == (
        2,
        True,
    ), text
    assert package_files(repo) == old(mini_built) and not (repo / STAGE).exists()
