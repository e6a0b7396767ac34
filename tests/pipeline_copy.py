"""The pipeline on small seeds in a folder of its own, and real commands run in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from tests.mini import Mini

Files = dict[str, bytes]
NOBODY = 65534
# A build as somebody who is not root, in a process that has loaded everything before: the interpreter may be
# root's own.
AS_NOBODY = """
import os, sys
from scripts.pipeline.build import build
from scripts.commands.main import main
build()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(["build"]))
"""


def lay_out(folder: Path) -> Path:
    """``folder/repo`` with ``scripts/``, ``schemas/`` and the small seeds, their texts where the commands
    look for them.

    The pipeline finds its root from where it lies, so that every command works on this folder and no other.
    """
    repo = folder / "repo"
    for name in ("scripts", "schemas"):
        shutil.copytree(ROOT / name, repo / name, ignore=shutil.ignore_patterns("__pycache__"))
    mini = Mini.write(folder / "mini")
    mini.lock()
    mini.seeds.rename(repo / "seeds")
    (folder / "shared").mkdir()
    mini.texts.rename(folder / "shared" / "sources")
    mini.passages.rename(folder / "passages")
    mini.seeds.parent.rmdir()
    return repo


def package_files(repo: Path) -> Files:
    """Every file of the package in ``repo``: what a reader would take."""
    paths = [p for p in (repo / "data").rglob("*") if p.is_file()] if (repo / "data").is_dir() else []
    paths += [
        p
        for n in ("datapackage.json", "CITATION.cff", ".zenodo.json", "codemeta.json")
        if (p := repo / n).is_file()
    ]
    return {p.relative_to(repo).as_posix(): p.read_bytes() for p in paths}


def settings(repo: Path) -> dict[str, Any]:
    """How a process of the pipeline in ``repo`` is started."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "POLARS_MAX_THREADS": "1", "PYTHONPATH": str(repo)}
    return {"cwd": repo, "env": env, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


def start(repo: Path, *words: str) -> subprocess.Popen[str]:
    """A command of the pipeline in ``repo``, in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "scripts", *words], **settings(repo))


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code of a process and what it printed; it may not have ended in a traceback."""
    out, err = process.communicate(timeout=300)
    if "Traceback" in err:
        raise AssertionError(err)
    return process.returncode, out + err
