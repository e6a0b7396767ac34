"""Putting files in place: whole or not at all, whenever it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun
from scripts.store.publish import STAGE, publish, recover

OLD = {f"data/{c}.csv": f"old {c}\n".encode() for c in "abcdef"} | {"datapackage.json": b"old\n"}
NEW = {f"data/{c}.csv": f"new {c}\n".encode() for c in "abcdeg"} | {"datapackage.json": b"new\n"}


def there(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_files_are_written_and_what_is_no_longer_there_goes(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    assert there(tmp_path) == OLD
    publish(tmp_path, NEW)
    assert there(tmp_path) == NEW


def test_the_readme_of_the_folder_stays(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    (tmp_path / "data/README.md").write_text("kept")
    publish(tmp_path, NEW)
    assert (tmp_path / "data/README.md").read_text() == "kept"


def test_same_bytes_are_not_touched(tmp_path: Path) -> None:
    publish(tmp_path, OLD)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.csv")}
    publish(tmp_path, OLD)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.csv")} == before


@pytest.mark.parametrize("call", range(1, 25))
def test_stopped_at_any_step_the_old_or_the_new_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Every write, sync and rename in turn is the last thing that happens; then somebody comes by and
    recovers.
    """
    publish(tmp_path, OLD)
    calls = 0

    def stopping(function):
        def run(*args, **kwargs):
            nonlocal calls
            calls += 1
            if calls == call:
                raise KeyboardInterrupt
            return function(*args, **kwargs)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stopping(os.replace))
        patch.setattr(os, "fsync", stopping(os.fsync))
        patch.setattr(Path, "write_bytes", stopping(Path.write_bytes))
        stopped = False
        try:
            publish(tmp_path, NEW)
        except KeyboardInterrupt:
            stopped = True
    assert stopped
    finished = recover(tmp_path)
    assert there(tmp_path) == (NEW if finished else OLD)


def test_a_full_disk_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, OLD)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(
            CannotRun, match=r"cannot be written \(No space left on device\); the old files are as they were"
        ):
            publish(tmp_path, NEW)
    assert there(tmp_path) == OLD


def elsewhere(tmp_path: Path) -> tuple[Path, Path]:
    """A published package, and a folder beside it that nothing may touch."""
    target, outside = tmp_path / "package", tmp_path / "outside"
    publish(target, OLD)
    outside.mkdir()
    (outside / "mine.txt").write_text("mine")
    return target, outside


def test_a_data_folder_that_is_a_link_is_neither_filled_nor_cleared(tmp_path: Path) -> None:
    target, outside = elsewhere(tmp_path)
    for p in (target / "data").iterdir():
        p.unlink()
    (target / "data").rmdir()
    (target / "data").symlink_to(outside)
    with pytest.raises(
        CannotRun, match="data: it is a link, not a folder of the package; nothing was changed"
    ):
        publish(target, NEW)
    assert there(outside) == {"mine.txt": b"mine"} and (target / "datapackage.json").read_bytes() == b"old\n"


def test_links_in_the_data_folder_are_replaced_and_not_followed(tmp_path: Path) -> None:
    target, outside = elsewhere(tmp_path)
    (target / "data/a.csv").unlink()
    (outside / "a.csv").write_bytes(OLD["data/a.csv"])
    (target / "data/a.csv").symlink_to(outside / "a.csv")
    (target / "data/more").symlink_to(outside)
    publish(target, OLD)
    assert (
        there(target) == OLD
        and not (target / "data/a.csv").is_symlink()
        and not (target / "data/more").exists()
    )
    assert there(outside) == {"mine.txt": b"mine", "a.csv": OLD["data/a.csv"]}


PLANS = [
    '{"write": [], "delete": ["../outside/mine.txt"]}',
    '{"write": ["../outside/new.txt"], "delete": []}',
    '{"write": [], "delete": ["/etc/x"]}',
    '{"write": [7], "delete": []}',
    '{"write": []}',
    "[]",
    "{",
    "",
]


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_that_leads_out_of_the_folder_is_refused(tmp_path: Path, plan: str) -> None:
    """A stage may come with a folder that somebody else made."""
    target, outside = elsewhere(tmp_path)
    (target / STAGE).mkdir()
    (target / STAGE / "plan.json").write_text(plan)
    for run in (lambda: recover(target), lambda: publish(target, NEW)):
        with pytest.raises(
            CannotRun, match="this is not an unfinished publication; look at it and delete it"
        ):
            run()
    assert there(outside) == {"mine.txt": b"mine"}


def test_a_stage_that_is_a_link_is_refused(tmp_path: Path) -> None:
    target, outside = elsewhere(tmp_path)
    (target / STAGE).symlink_to(outside)
    with pytest.raises(CannotRun, match="it is a link; look at it and delete it"):
        recover(target)
    assert there(outside) == {"mine.txt": b"mine"}


def test_what_could_not_be_put_in_place_is_seen_before_the_first_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in place of a file, and a data folder that may not be written while the one above it may."""
    publish(tmp_path, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, mode: Path(path).name != "data")
        with pytest.raises(
            CannotRun, match=r"cannot be written \(Permission denied\); the old files are as they were"
        ):
            publish(tmp_path, NEW)
    assert there(tmp_path) == OLD
    (tmp_path / "data/g.csv").mkdir()
    with pytest.raises(
        CannotRun, match=r"g\.csv: it is a folder, a file is to be put there; nothing was changed"
    ):
        publish(tmp_path, NEW)
    assert there(tmp_path) == OLD and not (tmp_path / STAGE).exists()


def test_nothing_new_needs_no_right_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, OLD)
    monkeypatch.setattr(os, "access", lambda *_: False)
    publish(tmp_path, OLD)
    with pytest.raises(CannotRun):
        publish(tmp_path, NEW)


KILLED = """
import os, sys, time
from pathlib import Path
from scripts.store import publish as p
real = os.replace
def slow(a, b):
    time.sleep(0.01)
    real(a, b)
os.replace = slow
target = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for word in (b"one\\n", b"two\\n"):
        p.publish(target, {f"data/{i}.csv": word for i in range(8)})
"""


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """A real process, killed hard: after recovery all files are of one kind."""
    target = tmp_path / "out"
    for delay in (0.05, 0.11, 0.17, 0.23, 0.31, 0.37):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(target)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        recover(target)
        files = there(target)
        assert len(set(files.values())) <= 1 and len(files) in (0, 8), files
        assert not (target / STAGE).exists()
