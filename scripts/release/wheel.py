"""The wheel: ``pip install`` of it gives ``techpacts.load("agreements")``, offline.

It holds the Parquet files and the descriptor as they are, and ``library.py`` and ``MODULES`` of this
repository; nothing is declared a second time.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flit_core.wheel import WheelBuilder  # type: ignore[import-untyped]

from scripts.model.paths import ROOT
from scripts.package.loaded import Contents
from scripts.release.rendering import render

# The modules of the package, and what each is called in ``scripts/techpacts/``.
MODULES = {"__init__": "library"} | {
    name: name
    for name in (
        "constraints",
        "markup",
        "nearest",
        "pandera_schemas",
        "references",
        "row_ids",
        "tombstones",
    )
}


def project_file(package: dict[str, object]) -> str:
    """Return the ``pyproject.toml`` of the wheel."""
    return render("pyproject.toml.j2", package=package)


def write_wheel(contents: Contents, readme: bytes, target: Path, folder: Path = ROOT) -> str:
    """Write the wheel of the package in ``folder`` into the folder ``target`` and return its name.

    The same package gives the same bytes.
    """
    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        module = project / contents.package["name"]
        (module / "data").mkdir(parents=True)
        (project / "pyproject.toml").write_text(project_file(contents.package), "utf-8")
        (project / "README.md").write_bytes(readme)
        for name in ("LICENSE", "LICENSE-DATA"):
            (project / name).write_bytes((folder / name).read_bytes())
        for name, path in MODULES.items():
            (module / f"{name}.py").write_bytes((ROOT / f"scripts/techpacts/{path}.py").read_bytes())
        (module / "py.typed").write_bytes(b"")
        (module / "datapackage.json").write_bytes((folder / "datapackage.json").read_bytes())
        for table in contents.tables:
            (module / f"data/{table}.parquet").write_bytes((folder / f"data/{table}.parquet").read_bytes())
        built = project / "built.whl"
        with built.open("wb") as file:
            builder = WheelBuilder.from_ini_path(project / "pyproject.toml", file)
            # The time of every file in the wheel; otherwise flit takes it from the environment.
            builder.source_time_stamp = contents.released.timetuple()[:6]
            builder.build()
        name = str(builder.wheel_filename)
        (target / name).write_bytes(built.read_bytes())
        return name
