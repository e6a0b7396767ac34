"""The list of the modules in ``scripts/``, from the first paragraph of the docstring of each."""

from __future__ import annotations

import ast
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.pages.rendering import page

PAGE = "docs/reference/modules.md"


def _first_paragraph(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    return " ".join(text.split("\n\n")[0].split())


def modules(folder: Path = ROOT) -> dict[str, dict[str, str]]:
    """Return the docstrings by package and module; a package itself is the module ``""``."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "scripts").rglob("*.py")):
        package = path.parent.relative_to(folder).as_posix()
        name = "" if path.stem == "__init__" else path.name
        found.setdefault(package, {})[name] = _first_paragraph(path)
    return dict(sorted(found.items()))


def module_page(folder: Path = ROOT) -> dict[str, bytes]:
    """Write the page, by its path in the repository."""
    return {PAGE: page("modules.md.j2", packages=modules(folder))}
