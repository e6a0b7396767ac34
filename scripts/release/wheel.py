"""The wheel: ``pip install`` of it gives ``techpacts.load("agreements")``, offline.

It holds the Parquet files and the descriptor as they are, and ``library.py`` and ``MODULES`` of this
repository; nothing is declared a second time.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.package.loaded import Contents
from scripts.package.version_number import pep440
from scripts.techpacts.markup import one_line

# The modules of the package, and what each is called in ``scripts/techpacts/``.
MODULES = {"__init__": "library"} | {name: name for name in ("markup", "nearest", "references", "tombstones")}


def _project(contents: Contents) -> str:
    given = contents.package
    # A string of JSON is one of TOML.
    title, author = (
        json.dumps(one_line(text), ensure_ascii=False)
        for text in (given["title"], given["contributors"][0]["title"])
    )
    return f"""[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "{given["name"]}"
version = "{pep440(given["version"])}"
description = {title}
readme = "README.md"
requires-python = ">=3.11"
license = "{given["codeLicense"]["name"]} AND {given["licenses"][0]["name"]}"
license-files = ["LICENSE", "LICENSE-DATA"]
authors = [{{ name = {author} }}]
dependencies = ["pyarrow>=20"]

[project.optional-dependencies]
pandas = ["pandas>=2.2"]
polars = ["polars>=1"]
"""


def write_wheel(contents: Contents, readme: bytes, target: Path, folder: Path = ROOT) -> str:
    """Writes the wheel into ``target``; its name. The same package gives the same bytes."""
    from flit_core import buildapi

    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        module = project / contents.package["name"]
        (module / "data").mkdir(parents=True)
        (project / "pyproject.toml").write_text(_project(contents), "utf-8")
        (project / "README.md").write_bytes(readme)
        for name in ("LICENSE", "LICENSE-DATA"):
            (project / name).write_bytes((folder / name).read_bytes())
        for name, path in MODULES.items():
            (module / f"{name}.py").write_bytes((ROOT / f"scripts/techpacts/{path}.py").read_bytes())
        (module / "py.typed").write_bytes(b"")
        (module / "datapackage.json").write_bytes((folder / "datapackage.json").read_bytes())
        for table in contents.tables:
            (module / f"data/{table}.parquet").write_bytes((folder / f"data/{table}.parquet").read_bytes())
        before = os.environ.get("SOURCE_DATE_EPOCH")
        # What flit writes as the time of every file.
        os.environ["SOURCE_DATE_EPOCH"] = str(
            int((contents.released - contents.released.__class__(1970, 1, 1)).total_seconds())
        )
        try:
            with contextlib.chdir(project):
                return buildapi.build_wheel(str(target.resolve()))
        finally:
            if before is None:
                del os.environ["SOURCE_DATE_EPOCH"]
            else:
                os.environ["SOURCE_DATE_EPOCH"] = before
