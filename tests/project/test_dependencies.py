"""Every package that the code imports is declared in ``pyproject.toml``, for the part of the project that
imports it.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from scripts.model.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: Mapping[str, list[str]] = PROJECT["optional-dependencies"]
# The extras in each lock: what ``make env`` installs, and what ``make bench``, ``clients`` and ``spark`` add.
LOCKED = ("countries", "openalex", "release", "test")
LOCKS = {"requirements.lock": (*LOCKED, "lint"), "requirements-extra.lock": ("bench", "clients", "spark")}
DECLARED = {
    "scripts": ("countries", "openalex", "release", "spark"),
    "tests": (*LOCKED, "spark", "clients"),
    "benchmarks": (*LOCKED, "bench"),
}
# Packages of the project itself; the wheel's, which a test installs; and one that comes inside pyspark.
OURS = {"scripts", "tests", "benchmarks", "techpacts", "py4j"}


def plain(name: str) -> str:
    """A name of a package in the form in which any two spellings of it are equal."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {plain(re.split(r"[^A-Za-z0-9._-]", r, maxsplit=1)[0]) for r in requirements}


def imports(folder: Path) -> Iterator[tuple[str, str]]:
    """The modules of others that the code under ``folder`` imports, each with the file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            found = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                found = [node.module or ""]
            for module in {name.split(".")[0] for name in found} - OURS - set(sys.stdlib_module_names):
                yield module, path.relative_to(folder.parent).as_posix()


@pytest.mark.parametrize("folder", DECLARED)
def test_every_imported_package_is_declared(folder: str) -> None:
    declared = names([*PROJECT["dependencies"], *(r for extra in DECLARED[folder] for r in EXTRAS[extra])])
    given = packages_distributions()
    # Of a package that is not installed here the module bears the name.
    missing = {
        (module, file)
        for module, file in imports(ROOT / folder)
        if not names(given.get(module, [module])) & declared
    }
    assert not missing


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_pins_what_is_declared(lock: str) -> None:
    pinned = names(re.findall(r"(?m)^[A-Za-z0-9._-]+", (ROOT / lock).read_text("utf-8")))
    assert names(PROJECT["dependencies"]) <= pinned
    assert names([r for extra in LOCKS[lock] for r in EXTRAS[extra]]) <= pinned


def test_every_lock_is_made_and_explained() -> None:
    """The two above, and that of cffconvert, which needs an environment of its own."""
    locks = {*LOCKS, "requirements-cff.lock"}
    assert {p.name for p in ROOT.glob("*.lock")} == locks
    for page in ("Makefile", "CONTRIBUTING.md"):
        assert set(re.findall(r"requirements[a-z-]*\.lock", (ROOT / page).read_text("utf-8"))) == locks
    assert (
        set(re.findall(r"requirements[a-z-]*\.lock", (ROOT / "pyproject.toml").read_text("utf-8"))) <= locks
    )
