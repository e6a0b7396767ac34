"""A made-up archive: a git repository with two commits, and its bare clone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FILE, PAGE = "news/2025-03 기사.md", "page.html"
OLD, NEW = b"First.\n", b"Second.\n"


def git(folder: Path, *words: str) -> str:
    """Run git as nobody in particular; return what it prints."""
    who = {
        f"GIT_{role}_{part}": "a@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **who, **alone},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, bytes]) -> str:
    """Write and commit files in a repository, a new one if need be; return the commit."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet")
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Made up")
    return git(folder, "rev-parse", "HEAD")


def bare(folder: Path) -> Path:
    """Clone a repository bare, beside it."""
    clone = folder.with_name(folder.name + ".git")
    git(folder.parent, "clone", "--quiet", "--bare", str(folder), str(clone))
    return clone
