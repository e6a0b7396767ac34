"""The zip of the package, which stands on its own: data, descriptor, codebook, metadata, README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.model.paths import ROOT
from scripts.package.loaded import Contents
from scripts.pages.codebook import codebook
from scripts.release.formats import exporters
from scripts.release.metadata import metadata_files, ro_crate
from scripts.release.rendering import render
from scripts.store.jsonfile import read_json, to_json
from scripts.versions.change import Change, change_file

# Files of the repository that go into the zip as they are.
BESIDE = (
    "datapackage.json",
    "CITATION.cff",
    ".zenodo.json",
    "codemeta.json",
    "CHANGELOG.md",
    "LICENSE",
    "LICENSE-DATA",
)
# Pages and code that go with them; of the version that makes the release, whatever package it makes.
PAGES = ("docs/loading.md", "docs/verify.md", "docs/versions.md", "scripts/load.R")


def stem(package: dict[str, Any]) -> str:
    """Return how the names of the files of a release begin."""
    return f"{package['name']}-{package['version']}"


def about(contents: Contents) -> str:
    """Return the first part of every README of a release: what the package is, how to cite it, and what its
    words for evidence mean.
    """
    return render(
        "about.md.j2",
        package=contents.package,
        checks=contents.tables["evidence"].by_name["check"].categories,
        grades=contents.tables["funding"].by_name["evidence_grade"].categories,
    )


def _readme(contents: Contents, changed: bool) -> bytes:
    given = {"about": about(contents), "stem": stem(contents.package), "exporters": exporters()}
    return render("package_readme.md.j2", **given, changed=changed).encode()


def package_files(contents: Contents, changed: list[Change] | None, folder: Path = ROOT) -> dict[str, bytes]:
    """Return the files of the zip, by path.

    ``changed``: what changed since the version before; None leaves ``changes.csv`` out.
    """
    files = {name: (folder / name).read_bytes() for name in BESIDE}
    files |= {
        f"data/{n}.{e}": (folder / f"data/{n}.{e}").read_bytes()
        for n in contents.tables
        for e in ("csv", "parquet")
    }
    files |= {name: (ROOT / name).read_bytes() for name in PAGES}
    files |= codebook(contents) | {"README.md": _readme(contents, changed is not None)}
    files |= metadata_files(contents, read_json(folder / "datapackage.json"))
    if changed is not None:
        files["changes.csv"] = change_file(changed)
    return files | {"ro-crate-metadata.json": to_json(ro_crate(contents, files))}
