"""Put a set of files in place so that a reader sees the old set or the new one, and a kill loses neither.

All files are first written whole into a folder of their own beside the target, with a list of what to do; the
list is what commits. From then on the renames can be done again by whoever comes next (``recover``).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.model.problems import CannotRun, shown

# Windows has other locks, and its folders cannot be opened.
WINDOWS = sys.platform == "win32"
if WINDOWS:
    import msvcrt
else:
    import fcntl

STAGE = ".techpacts-stage"
PLAN = "plan.json"


def _sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on the disk; Windows cannot be asked for the
    latter.
    """
    folder = path.is_dir()
    if WINDOWS and folder:
        return
    # Windows lets only those wait who may write.
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock_handle(target: Path) -> int:
    """Open what is locked: the folder itself, or on Windows a file among the temporary ones."""
    if not WINDOWS:
        return os.open(target, os.O_RDONLY)
    name = hashlib.sha256(os.path.normcase(target.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]
    return os.open(Path(tempfile.gettempdir()) / f"techpacts-{name}.lock", os.O_RDWR | os.O_CREAT)


def _wait_for(handle: int) -> None:
    """Wait until no other process holds the lock, and take it."""
    if not WINDOWS:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return
    while True:
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
            return
        except OSError as error:
            # It gives up after ten seconds of trying.
            if error.errno not in (errno.EDEADLK, errno.EACCES):
                raise


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Let one writer at a time into ``target``; others wait. The lock ends with the process."""
    handle = _lock_handle(target)
    try:
        _wait_for(handle)
        yield
    finally:
        os.close(handle)


def _plan(target: Path) -> dict[str, list[str]]:
    """Read what is still to be done. Raises CannotRun where the plan is not one of ours: it may name files of
    the package only.
    """
    try:
        plan: dict[str, list[str]] = json.loads((target / STAGE / PLAN).read_text("utf-8"))
        names = [*plan["write"], *plan["delete"]]
        if any(
            not isinstance(n, str) or not n or "\0" in n or os.path.isabs(n) or ".." in Path(n).parts
            for n in names
        ):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CannotRun(
            f"{shown(target / STAGE)}: this is not an unfinished publication; look at it and delete it"
        ) from None
    _writable(target, names)
    return plan


def _writable(target: Path, names: Iterable[str]) -> None:
    """Raise CannotRun where one of the files could not be put in place, before the first is."""
    device = target.stat().st_dev
    for name in names:
        folder = (target / name).parent
        while not folder.is_symlink() and not folder.exists():
            folder = folder.parent
        if (
            not folder.resolve().is_relative_to(target.resolve())
            or not folder.is_dir()
            or folder.stat().st_dev != device
        ):
            raise CannotRun(
                f"{shown(folder)}: it is a link, a file or another disk, not a folder of the package; nothing"
                " was changed"
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            code = errno.EROFS if not WINDOWS and os.statvfs(folder).f_flag & os.ST_RDONLY else errno.EACCES
            raise OSError(code, os.strerror(code))
        if (target / name).is_dir() and not (target / name).is_symlink():
            raise CannotRun(
                f"{shown(target / name)}: it is a folder, a file is to be put there; nothing was changed"
            )


def _finish(target: Path) -> None:
    stage, plan = target / STAGE, _plan(target)
    for name in plan["write"]:
        if (stage / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / name, target / name)
    for name in plan["delete"]:
        (target / name).unlink(missing_ok=True)
    # What the plan lists is on the disk before the plan is deleted.
    for folder in sorted({(target / n).parent for n in plan["write"] + plan["delete"]}):
        if folder.is_dir():
            _sync(folder)
    shutil.rmtree(stage)


def recover(target: Path) -> bool:
    """Finish a publication that was killed after its commit, clear away one that was killed before.

    Waits for one that is under way. Returns True where it finished one.
    """
    if not (target / STAGE).is_dir():
        return False
    try:
        with locked(target):
            return _recover(target)
    except OSError as error:
        raise CannotRun(
            f"{shown(target / STAGE)}: an unfinished publication cannot be finished ({error.strerror})"
        ) from None


def _recover(target: Path) -> bool:
    stage = target / STAGE
    if not stage.is_dir():
        return False
    if stage.is_symlink():
        raise CannotRun(f"{shown(stage)}: it is a link; look at it and delete it")
    committed = (stage / PLAN).is_file()
    if committed:
        _finish(target)
    else:
        shutil.rmtree(stage)
    return committed


def _same(path: Path, content: bytes) -> bool:
    return not path.is_symlink() and path.is_file() and path.read_bytes() == content


def publish(target: Path, files: dict[str, bytes], *, clear: str | None = "data") -> None:
    """Write ``files`` (by path relative to ``target``) and delete what else is in the folder ``clear``, if
    one is given.

    Files whose bytes are the same already are not touched. Raises CannotRun where the folder cannot be
    written or the disk is full; the old files are then whole.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        with locked(target):
            _recover(target)
            stage = target / STAGE
            if clear and (target / clear).is_symlink():
                raise CannotRun(
                    f"{shown(target / clear)}: it is a link, not a folder of the package; nothing was changed"
                )
            changed = {n: b for n, b in files.items() if not _same(target / n, b)}
            old = (
                {
                    p.relative_to(target).as_posix()
                    for p in (target / clear).rglob("*")
                    if p.is_file() or p.is_symlink()
                }
                if clear
                else set()
            )
            delete = sorted(old - set(files) - {f"{clear}/README.md"})
            if not changed and not delete:
                return
            _writable(target, [*changed, *delete])
            try:
                for name, content in changed.items():
                    path = stage / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                    _sync(path)
                stage.mkdir(exist_ok=True)
                for folder in sorted({(stage / n).parent for n in changed}):
                    _sync(folder)
                draft = stage / (PLAN + ".new")
                draft.write_text(
                    json.dumps({"write": sorted(changed), "delete": delete}), "utf-8", newline="\n"
                )
                _sync(draft)
                os.replace(draft, stage / PLAN)
                _sync(stage)
            except BaseException:
                if not (stage / PLAN).is_file():
                    shutil.rmtree(stage, ignore_errors=True)
                raise
            _finish(target)
    except OSError as error:
        state = (
            "the next command will finish it"
            if (target / STAGE / PLAN).is_file()
            else "the old files are as they were"
        )
        raise CannotRun(f"{target.name or target}: cannot be written ({error.strerror}); {state}") from None
