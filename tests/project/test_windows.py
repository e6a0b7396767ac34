"""What Windows lacks, taken away: the commands run without it. Simulated on this system, not run on that
one.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.model.paths import ROOT
from tests.mini import Mini

# Run first in a process of its own: what POSIX alone has is gone, what Windows does otherwise is done so.
WINDOWS = r'''
import errno, os, shutil, sys
import altair, duckdb, pandas, pandera.polars, polars, pyarrow.parquet, xlsxwriter
for name in ("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog", "posix"):
    sys.modules[name] = None
for name in ("statvfs", "sync", "O_DIRECTORY", "O_NOFOLLOW", "ST_RDONLY", "getuid",
             "fork", "fchmod", "fchown", "mkfifo", "sched_getaffinity"):
    if hasattr(os, name):
        delattr(os, name)

class Locks:
    """Of msvcrt the one function; a lock that somebody holds is waited for in vain at first, as after ten
    tries there.
    """
    LK_LOCK, calls = 1, 0
    @classmethod
    def locking(cls, handle, mode, size):
        assert mode == cls.LK_LOCK and size == 1 and os.fstat(handle)
        cls.calls += 1
        if cls.calls == 1:
            raise OSError(errno.EDEADLK, "Resource deadlock avoided")

def opened(path, flags, *rest, plain=os.open, **more):
    if os.path.isdir(path):
        raise PermissionError(errno.EACCES, "Permission denied", path)
    handle = plain(path, flags, *rest, **more)
    if flags & (os.O_WRONLY | os.O_RDWR):
        WRITABLE.add(handle)
    return handle

def synced(handle, plain=os.fsync):
    if handle not in WRITABLE:
        raise OSError(errno.EBADF, "Bad file descriptor")
    plain(handle)

WRITABLE = set()
sys.modules["msvcrt"] = Locks
os.open, os.fsync = opened, synced
shutil._use_fd_functions = False
sys.platform = "win32"
'''


def run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` where Windows is simulated."""
    return subprocess.run(
        [sys.executable, "-c", WINDOWS + code, *words],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )


def test_every_module_is_imported_without_what_posix_alone_has() -> None:
    # Spark is of an environment of its own, the library of the wheel.
    code = """
import importlib, pkgutil, scripts
names = [m.name for m in pkgutil.walk_packages(scripts.__path__, "scripts.")
         if not m.name.endswith(("spark_engine", "techpacts.library", "__main__"))]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
    found = run(code)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) > 80


def test_help_is_printed() -> None:
    found = run("from scripts.commands.main import main\nsys.exit(main(sys.argv[1:]))", "--help")
    assert found.returncode == 0 and "validate" in found.stdout, found.stderr


def test_a_package_is_built_published_changed_recovered_and_validated(mini: Mini, tmp_path: Path) -> None:
    code = """
from pathlib import Path
from scripts.store import publish as p
from scripts.pipeline.build import build
from scripts.commands.main import main
seeds, texts, passages, out = map(Path, sys.argv[1:])
files = build(seeds_folder=seeds, sources=(texts,), passages=passages).files
p.publish(out, {"data/old.csv": b"old", **files})
assert Locks.calls == 2, "a lock that is held was not waited for"
p.publish(out, files)
assert not (out / "data/old.csv").exists() and not (out / p.STAGE).exists()
assert not p.recover(out)
# Killed after its commit: whoever comes next finishes it.
finish, p._finish = p._finish, lambda target: None
p.publish(out, {**files, "data/README.md": b"new"})
p._finish = finish
assert p.recover(out) and (out / "data/README.md").read_bytes() == b"new"
sys.exit(main(["validate", str(out)]))
"""
    out = tmp_path / "out"
    found = run(code, str(mini.seeds), str(mini.texts), str(mini.passages), str(out))
    assert found.returncode == 0, found.stdout + found.stderr
    assert {p.name for p in out.iterdir()} >= {"data", "datapackage.json"} and not list(out.rglob("*.lock"))


def _text_files(tree: ast.AST) -> list[ast.Call]:
    """The calls that open a file as text."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    found = []
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        of_os = (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id in {"os", "gzip", "self"}
        )
        words = [a.value for a in call.args if isinstance(a, ast.Constant)] + [
            k.value.value for k in call.keywords if k.arg == "mode" and isinstance(k.value, ast.Constant)
        ]
        if name in {"read_text", "write_text"} or (
            name in {"open", "fdopen"}
            and not of_os
            and (set(words) & {"r", "w", "a", "x"} or not any("b" in str(w) for w in words))
        ):
            found.append(call)
    return found


# What a release writes is written where the release is made, which is not on Windows.
MODULES = sorted(p for p in (ROOT / "scripts").rglob("*.py") if "release" not in p.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_text_files_name_their_encoding_and_line_ends(path: Path) -> None:
    """Without them Windows writes CR LF, in the encoding of the country."""
    for call in _text_files(ast.parse(path.read_text("utf-8"))):
        given = {k.arg for k in call.keywords} | (
            {"encoding"}
            if any(isinstance(a, ast.Constant) and a.value == "utf-8" for a in call.args)
            else set()
        )
        writes = getattr(call.func, "attr", "") == "write_text" or any(
            isinstance(a, ast.Constant) and a.value in {"w", "a", "x"} for a in call.args
        )
        assert given >= ({"encoding", "newline"} if writes else {"encoding"}), f"{path.name}:{call.lineno}"
