"""Makes a release: the package as a zip that stands on its own, and the same rows in every format."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from scripts.changes import Change, change_file, changelog, changes, read_version
from scripts.package import to_json
from scripts.problems import BadData, CannotRun, shown
from scripts.publish import publish
from scripts.release.archive import SUMS, checksums, write_zip
from scripts.release.codebook import codebook
from scripts.release.contents import LANGUAGES, Contents, read_contents
from scripts.release.duckdb import write_duckdb
from scripts.release.excel import write_excel
from scripts.release.jsonlines import write_jsonlines
from scripts.release.ledger import recorded, unreleasable
from scripts.release.metadata import metadata_files, ro_crate
from scripts.release.pictures import write_pictures
from scripts.release.sqlite import write_sqlite
from scripts.release.stata import write_stata
from scripts.release.wheel import write_wheel
from scripts.tableschema import ROOT, read_json
from scripts.validate import check_package

# One file for all tables, by its ending.
SINGLE: dict[str, Callable[[Contents, Path], None]] = {"sqlite": write_sqlite, "duckdb": write_duckdb, "xlsx": write_excel}
# Files of the repository that go into the zip as they are.
BESIDE = ("datapackage.json", "CITATION.cff", ".zenodo.json", "codemeta.json", "CHANGELOG.md", "LICENSE", "LICENSE-DATA")


def write_formats(contents: Contents, folder: Path) -> None:
    """Writes ``NAME.sqlite``, ``NAME.duckdb``, ``NAME.xlsx`` and the folders ``stata-en``, ``stata-ko`` and ``jsonl`` into ``folder``."""
    for ending, write in SINGLE.items():
        write(contents, folder / f"{contents.package['name']}.{ending}")
    for language in LANGUAGES:
        (folder / f"stata-{language}").mkdir()
        write_stata(contents, folder / f"stata-{language}", language)
    (folder / "jsonl").mkdir()
    write_jsonlines(contents, folder / "jsonl")


def _readme(contents: Contents) -> bytes:
    given = contents.package
    return f"""# {given["name"]} {given["version"]}

{given["description"]}

{given["techpacts:descriptionKo"]}

Cite as: {given["citation"]}

- `data/`: every table as CSV and Parquet; `datapackage.json` describes them. Check them with `frictionless validate datapackage.json`.
- `docs/codebook.md`: every column and value, in English and Korean.
- `CHANGELOG.md`; `changes.csv`, where the release was made against an earlier one: every cell that differs.
- `croissant.json`, `ro-crate-metadata.json`, `metadata/`: the same description as Croissant, RO-Crate, schema.org and DataCite, and references as BibTeX, RIS and APA.
- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`.
- Licence of the data: {given["licenses"][0]["name"]} (`LICENSE-DATA`).
""".encode()


def package_files(contents: Contents, changed: list[Change] | None, folder: Path = ROOT) -> dict[str, bytes]:
    """What the zip of the package holds, by path."""
    files = {name: (folder / name).read_bytes() for name in BESIDE}
    files |= {f"data/{n}.{e}": (folder / f"data/{n}.{e}").read_bytes() for n in contents.tables for e in ("csv", "parquet")}
    files |= codebook(contents) | {"README.md": _readme(contents)}
    files |= metadata_files(contents, read_json(folder / "datapackage.json"))
    if changed is not None:
        files["changes.csv"] = change_file(changed)
    return files | {"ro-crate-metadata.json": to_json(ro_crate(contents, files))}


def _refuse_unready(folder: Path) -> None:
    """Raises BadData where the package has faults, its version was released with other data, an id of a released version
    is gone without a tombstone, or the changelog lacks the version."""
    if problems := [*check_package(folder), *unreleasable(folder)]:
        raise BadData(problems)


def make_release(out: Path, since: str | None = None, folder: Path = ROOT) -> list[str]:
    """Writes every file of the release into ``out``, which is emptied of an earlier one, and notes the version and
    its ids in the lists of releases; the names of the files.

    ``since`` names the version before (folder, zip or git revision), for the change file. Raises BadData where the
    package is not fit to be released, CannotRun where ``out`` holds anything but a release.
    """
    contents = read_contents(folder)
    _refuse_unready(folder)
    name = f"{contents.package['name']}-{contents.package['version']}"
    strangers = [p.name for p in out.iterdir() if not p.name.startswith(contents.package["name"]) and p.name not in {SUMS, "CHANGES.md"}] if out.is_dir() else []
    if strangers:
        raise CannotRun(f"{shown(out)}: it holds {strangers[0]}, which is no file of a release; give a folder of its own")
    before, after = read_version(since) if since else None, read_version(str(folder))
    changed = changes(before, after) if before else None
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".release-", dir=out.parent) as place:
        stage, formats = Path(place) / "stage", Path(place) / "formats"
        stage.mkdir()
        formats.mkdir()
        write_zip(stage / f"{name}.zip", package_files(contents, changed, folder), name, contents.released)
        if before is not None and changed is not None:
            (stage / "CHANGES.md").write_text(changelog(before, after, changed), "utf-8")
        write_wheel(contents, _readme(contents), stage, folder)
        write_formats(contents, formats)
        (formats / "pictures").mkdir()
        write_pictures(contents, formats / "pictures", png=True)
        for path in sorted(formats.iterdir()):
            if path.is_dir():
                inside = {p.name: p.read_bytes() for p in path.iterdir()}
                write_zip(stage / f"{name}-{path.name}.zip", inside, f"{name}-{path.name}", contents.released)
            else:
                shutil.move(path, stage / f"{name}{path.suffix}")
        made = {p.name: p.read_bytes() for p in stage.iterdir()}
        (stage / SUMS).write_bytes(checksums(made))
        # The old release goes only when the new one is whole.
        if out.exists():
            out.rename(Path(place) / "old")
        stage.rename(out)
    publish(folder, recorded(folder), clear=None)
    return sorted([*made, SUMS])
