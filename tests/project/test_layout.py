"""The layout of ``scripts/``: which package may import which, how large a module may be, and what the linter
does not see.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.model.paths import ROOT

MODULES = sorted((ROOT / "scripts").rglob("*.py"))
MOST_LINES = 300


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True)


def test_packages_import_in_one_direction_and_in_no_circle() -> None:
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("scripts/model/problems.py", "from scripts.store import files"),
        ("scripts/store/files.py", "def later():\n    from scripts.commands import main\n"),
        ("scripts/facts/totals.py", "from scripts.coding import merge"),
        ("scripts/store/frames.py", "from scripts.store import csvfile, fast_reader"),
    ],
)
def test_an_import_upward_or_in_a_circle_is_found(tmp_path: Path, module: str, line: str) -> None:
    for path in [*MODULES, ROOT / "pyproject.toml"]:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{line}\n")
    found = lint_imports(tmp_path)
    assert found.returncode == 1 and "BROKEN" in found.stdout, found.stdout + found.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_too_long_to_read_at_once(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_every_package_and_module_says_what_it_is() -> None:
    silent = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert not silent
