"""Puts a set of files in place so that a reader sees the old set or the new one, and a kill loses neither.

All files are first written whole into a folder of their own beside the target, with a list of what to do; the
list is what commits. From then on the renames can be done again by whoever comes next (``recover``).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.problems import CannotRun

STAGE = ".techpacts-stage"
PLAN = "plan.json"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Lets one writer at a time into ``target``; another waits. The lock goes with the process, even if killed."""
    handle = os.open(target, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _finish(target: Path) -> None:
    stage = target / STAGE
    plan = json.loads((stage / PLAN).read_text("utf-8"))
    for name in plan["write"]:
        if (stage / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / name, target / name)
    for name in plan["delete"]:
        (target / name).unlink(missing_ok=True)
    shutil.rmtree(stage)


def recover(target: Path) -> bool:
    """Finishes a publication that was killed after its commit, clears away one killed before; True where it finished one.

    One that is under way is waited for.
    """
    if not (target / STAGE).is_dir():
        return False
    with locked(target):
        return _recover(target)


def _recover(target: Path) -> bool:
    stage = target / STAGE
    if not stage.is_dir():
        return False
    committed = (stage / PLAN).is_file()
    if committed:
        _finish(target)
    else:
        shutil.rmtree(stage)
    return committed


def publish(target: Path, files: dict[str, bytes], *, clear: str | None = "data") -> None:
    """Writes ``files`` (by path relative to ``target``) and deletes what else lies in the folder ``clear``, if one is given.

    Files whose bytes are the same already are not touched. Raises CannotRun where the folder cannot be
    written or the disk is full; the old files are then whole.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        with locked(target):
            _recover(target)
            stage = target / STAGE
            changed = {n: b for n, b in files.items() if not (target / n).is_file() or (target / n).read_bytes() != b}
            old = {p.relative_to(target).as_posix() for p in (target / clear).rglob("*") if p.is_file() or p.is_symlink()} if clear else set()
            try:
                for name, content in changed.items():
                    path = stage / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                    _sync(path)
                stage.mkdir(exist_ok=True)
                draft = stage / (PLAN + ".new")
                draft.write_text(json.dumps({"write": sorted(changed), "delete": sorted(old - set(files) - {f"{clear}/README.md"})}), "utf-8")
                _sync(draft)
                os.replace(draft, stage / PLAN)
                _sync(stage)
            except BaseException:
                if not (stage / PLAN).is_file():
                    shutil.rmtree(stage, ignore_errors=True)
                raise
            _finish(target)
    except OSError as error:
        raise CannotRun(f"{target.name or target}: cannot be written ({error.strerror}); the old files are as they were") from None
