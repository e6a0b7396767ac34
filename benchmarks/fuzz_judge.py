"""Runs one check under watch: what may come out of it, how long it may take, which files it may touch."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, Problem
from tests import bounded
from tests.bounded import LONGEST, TimedOut, fault_of_message, time_limit

WRITES = {
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
}
READS = {"os.listdir", "os.scandir"}
# Nothing in a check talks to the network or starts a program.
NEVER = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "urllib.",
    "ftplib.",
    "http.",
    "smtplib.",
    "webbrowser.",
    "pickle.",
)


@dataclass(frozen=True, order=True)
class Failure:
    """What went wrong, the same for the same fault: its kind and innermost place in ``scripts/``."""

    target: str
    kind: str
    where: str
    detail: str = field(compare=False)


def _real(path: Any, folder_handle: Any = None) -> str | None:
    """``path`` of an audit event in full; None where it is a number (an open file) or no path."""
    if path is None or isinstance(path, int):
        return None
    name = os.fsdecode(path)
    base = (
        os.readlink(f"/proc/self/fd/{folder_handle}")
        if isinstance(folder_handle, int) and folder_handle >= 0
        else os.getcwd()
    )
    # The last link itself is named in a removal or a rename, so only the folder is resolved there; opening
    # follows it.
    return os.path.realpath(os.path.join(base, name)) if "\0" not in name else None


class Watch:
    """Records every access to files outside what is allowed, and every try at network or another program."""

    def __init__(self) -> None:
        self.readable: tuple[str, ...] = ()
        self.writable: tuple[str, ...] = ()
        self.denied: tuple[str, ...] = ()
        self.seen: list[str] = []
        self._on = False
        # Checks run in threads; what the hook itself looks up is not to be judged.
        self._inside = threading.local()
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple) -> None:
        if (
            not self._on
            or not (event == "open" or event in WRITES or event in READS or event.startswith(NEVER))
            or getattr(self._inside, "yes", False)
        ):
            return
        self._inside.yes = True
        try:
            self._judge(event, args)
        finally:
            self._inside.yes = False

    def _judge(self, event: str, args: tuple) -> None:
        if event.startswith(NEVER):
            self.seen.append(f"{event} {str(args)[:200]}")
            return
        if event == "open":
            path, mode, flags = args
            wants = bool(set(mode or "") & set("wax+")) or bool(
                (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            )
            self._path(event, _real(path), wants)
        elif event in READS:
            self._path(event, _real(args[0] if args[0] is not None else "."), False)
        else:
            # The folder handles come after the paths; -1 stands for none.
            handles = [a for a in args[1:] if isinstance(a, int)]
            for i, path in enumerate(a for a in args if isinstance(a, str | bytes | os.PathLike)):
                handle = (
                    handles[-1]
                    if event in {"os.remove", "os.rmdir", "os.mkdir"} and handles
                    else (handles[i] if i < len(handles) else None)
                )
                if event == "os.symlink" and i == 0:
                    continue
                folder, name = os.path.split(os.fsdecode(path))
                self._path(event, os.path.join(_real(folder or ".", handle) or "", name), True)

    def _path(self, event: str, path: str | None, write: bool) -> None:
        if path is None:
            return
        allowed = self.writable if write else self.readable + self.writable
        if any(_under(path, p) for p in self.denied) or not any(_under(path, p) for p in allowed):
            self.seen.append(f"{event} {'for writing ' if write else ''}{path}")

    @contextmanager
    def on(
        self, *, readable: tuple[str, ...], writable: tuple[str, ...], denied: tuple[str, ...]
    ) -> Iterator[list[str]]:
        """Watches while the block runs; gives the list of what was seen."""
        self.readable, self.writable, self.denied, self.seen = readable, writable, denied, []
        bait = _Opened(denied)
        self._on = True
        try:
            yield self.seen
        finally:
            self._on = False
            self.seen += [f"opened-natively {name}" for name in bait.close()]


class _Opened:
    """Which files in some folders are opened, by libraries that Python's audit does not see too (inotify)."""

    OPEN, ONLY_FOLDERS = 0x20, 0x01000000
    # A watch went with its folder.
    IGNORED = 0x8000
    LIBC = ctypes.CDLL(None, use_errno=True)
    # One for the process: to close it takes the system longer than most checks.
    handle = LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)

    def __init__(self, folders: tuple[str, ...]) -> None:
        found = [os.fsencode(f) for base in folders for f, _, _ in os.walk(base)]
        self.watches = [
            self.LIBC.inotify_add_watch(self.handle, f, self.OPEN | self.ONLY_FOLDERS) for f in found
        ]

    def close(self) -> list[str]:
        """The names opened since."""
        names = [name for mask, name in self._events() if not mask & self.IGNORED]
        for watch in self.watches:
            self.LIBC.inotify_rm_watch(self.handle, watch)
        # That the watches are gone is told as well.
        list(self._events())
        return names

    def _events(self) -> Iterator[tuple[int, str]]:
        """What happened, and to which name."""
        while True:
            try:
                data = os.read(self.handle, 65_536)
            except BlockingIOError:
                return
            while data:
                mask, size = (
                    int.from_bytes(data[4:8], sys.byteorder),
                    int.from_bytes(data[12:16], sys.byteorder),
                )
                yield mask, data[16 : 16 + size].rstrip(b"\0").decode() or "the folder"
                data = data[16 + size :]


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def interpreter_folders() -> tuple[str, ...]:
    """What Python itself and the installed libraries are read from."""
    return tuple(
        {
            os.path.realpath(p)
            for p in (
                sys.prefix,
                sys.base_prefix,
                "/usr/share/zoneinfo",
                "/proc",
                "/sys",
                "/dev/null",
                "/dev/urandom",
                # The judge itself, whose lines a traceback reads.
                Path(bounded.__file__).parent,
                *sys.path,
            )
            if p
        }
    )


def _innermost(error: BaseException) -> str:
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(str(ROOT / "scripts"))
    ]
    return (
        f"{Path(frames[-1].filename).relative_to(ROOT)}:{frames[-1].lineno} {frames[-1].name}"
        if frames
        else "outside scripts/"
    )


def judge(
    target: str,
    run: Callable[[], list[Problem] | None],
    watch: Watch,
    *,
    seconds: float,
    **folders: tuple[str, ...],
) -> tuple[str, Failure | None]:
    """Runs a check: its verdict (``valid``, ``bad data``, ``cannot run`` or ``failed``), and the failure
    where there is one.
    """
    verdict, problems, failure = "valid", [], None
    with watch.on(**folders) as seen:
        try:
            with time_limit(seconds):
                problems = run() or []
                verdict = "bad data" if problems else "valid"
        except BadData as bad:
            verdict, problems = "bad data", bad.problems
            if not problems:
                failure = Failure(target, "bad data without a problem", _innermost(bad), "")
        except CannotRun as error:
            verdict = "cannot run"
            if not str(error).strip() or not str(error).isprintable() or len(str(error)) > LONGEST:
                failure = Failure(
                    target, "cannot run without a fit message", _innermost(error), repr(str(error))[:200]
                )
        except TimedOut as error:
            failure = Failure(target, f"longer than {seconds:g} s", _innermost(error), "")
        except BaseException as error:
            failure = Failure(target, type(error).__name__, _innermost(error), str(error)[:300])
    if seen:
        # Whatever else came of it.
        verdict, failure = (
            "failed",
            Failure(target, "touched what it may not", seen[0].split(" ")[0], seen[0]),
        )
    for problem in problems:
        if failure is None and (fault := fault_of_message(problem)):
            failure = Failure(
                target,
                fault if "characters" not in fault else "endless message",
                problem.rule,
                str(problem)[:300],
            )
    return ("failed" if failure else verdict), failure
