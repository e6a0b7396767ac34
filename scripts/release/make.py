"""Makes a release: the package as a zip that stands on its own, and the same rows in every format."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, shown
from scripts.package.descriptor import to_json
from scripts.package.loaded import LANGUAGES, Contents, read_contents
from scripts.pages.codebook import codebook
from scripts.pages.pictures import write_pictures
from scripts.release.archive import SUMS, checksums, write_zip
from scripts.release.formats import duckdb, excel, jsonlines, sqlite, stata
from scripts.release.formats.datasette import write_datasette
from scripts.release.formats.duckdb import write_duckdb
from scripts.release.formats.excel import write_excel
from scripts.release.formats.jsonlines import write_jsonlines
from scripts.release.formats.limits import beyond, refuse_beyond
from scripts.release.formats.sqlite import write_sqlite
from scripts.release.formats.stata import write_stata
from scripts.release.metadata import metadata_files, ro_crate
from scripts.release.wheel import write_wheel
from scripts.store.jsonfile import read_json
from scripts.store.publish import publish
from scripts.techpacts.markup import markdown
from scripts.validation.package import check_package
from scripts.versions.change import Change, change_file
from scripts.versions.changelog import changelog
from scripts.versions.diff import changes
from scripts.versions.ledger import recorded, unreleasable
from scripts.versions.reading import read_version

# One file for all tables, by its ending.
SINGLE: dict[str, Callable[[Contents, Path], None]] = {
    "sqlite": write_sqlite,
    "duckdb": write_duckdb,
    "xlsx": write_excel,
}
# What the formats can hold.
LIMITS = (excel.LIMITS, stata.LIMITS, sqlite.LIMITS, duckdb.LIMITS, jsonlines.LIMITS)
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
PAGES = ("docs/loading.md", "docs/versions.md", "scripts/load.R")


def write_formats(contents: Contents, folder: Path) -> None:
    """Writes ``NAME.sqlite``, ``NAME.duckdb``, ``NAME.xlsx`` and the folders ``stata-en``, ``stata-ko``,
    ``jsonl`` and ``datasette`` into ``folder``.

    Raises BadData, before anything is written, where one of the formats cannot hold the package.
    """
    refuse_beyond(contents, LIMITS)
    for ending, write in SINGLE.items():
        write(contents, folder / f"{contents.package['name']}.{ending}")
    for language in LANGUAGES:
        (folder / f"stata-{language}").mkdir()
        write_stata(contents, folder / f"stata-{language}", language)
    (folder / "jsonl").mkdir()
    write_jsonlines(contents, folder / "jsonl")
    (folder / "datasette").mkdir()
    write_datasette(contents, folder / "datasette")


def _values(contents: Contents, table: str, column: str) -> str:
    """What the values of a column mean, one a line, in both languages."""
    return "\n".join(
        f"- `{c['value']}`: {c['description']} / {c['techpacts:descriptionKo']}"
        for c in contents.tables[table].by_name[column].categories
    )


def about(contents: Contents) -> str:
    """What the package is, how to cite it, and what its words for evidence mean: Markdown, for every README
    of a release.
    """
    given = contents.package
    return f"""# {given["name"]} {given["version"]}

{markdown(given["description"])}

{markdown(given["techpacts:descriptionKo"])}

Cite as: {markdown(given["citation"])}

License of the data: {given["licenses"][0]["name"]} (`LICENSE-DATA`).

## What stands behind a cell / 칸의 근거

The table `evidence` has a row for each claim on each cell of a fact table. How the value was verified (`evidence.check`; in the codebook, `filled` is the share of rows that have a value, `confirmed` the share of values with that check) / `evidence`의 `check`가 칸마다 값을 어떻게 확인했는지 밝힌다. 코드북의 `filled`는 값이 있는 행의 비율, `confirmed`는 값 가운데 이렇게 확인된 것의 비율이다.

{_values(contents, "evidence", "check")}

How well a whole row is supported (`evidence_grade`) / 행 전체의 근거 등급(`evidence_grade`):

{_values(contents, "funding", "evidence_grade")}
"""


def _readme(contents: Contents, changed: bool) -> bytes:
    """The README of the zip: every path in it is one of the zip."""
    told = "\n- `changes.csv`: every cell that differs from the version before." if changed else ""
    return f"""{about(contents)}
## What is here

The files lie at the top of the zip: unpack it into a folder of its own, or let a program read the zip as it is (`frictionless.Package("{contents.package["name"]}-{contents.package["version"]}.zip")`).

- `data/`: every table as CSV and Parquet; `datapackage.json` describes them. Check them with `frictionless validate datapackage.json`.
- `docs/loading.md`: a few lines for each program to load a table with its types; `scripts/load.R` is what those for R need.
- `docs/reference/codebook.md`: every column and value, in English and Korean.
- `CHANGELOG.md` and `docs/versions.md`, what a version number means.{told}
- `croissant.json`, `ro-crate-metadata.json`, `metadata/`: the same description as Croissant, RO-Crate, schema.org and DataCite, and references as BibTeX, RIS and APA.
- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`.
- `LICENSE-DATA` for the data, `LICENSE` for `scripts/load.R`.
""".encode()


def package_files(contents: Contents, changed: list[Change] | None, folder: Path = ROOT) -> dict[str, bytes]:
    """What the zip of the package holds, by path."""
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


def _refuse_unready(contents: Contents, folder: Path) -> None:
    """Raises BadData where the package has faults, its version was released with other data, an id of a
    released version
    is gone without a tombstone, the changelog lacks the version, or a format cannot hold the rows."""
    if problems := [*check_package(folder), *unreleasable(folder), *beyond(contents, LIMITS)]:
        raise BadData(problems)


def make_release(out: Path, since: str | None = None, folder: Path = ROOT) -> list[str]:
    """Writes every file of the release into ``out``, which is emptied of an earlier one, and notes the
    version and
    its ids in the lists of releases; the names of the files.

    ``since`` names the version before (folder, zip or git revision), for the change file. Raises BadData
    where the package is not fit to be released, CannotRun where ``out`` holds anything but a release.
    """
    contents = read_contents(folder)
    _refuse_unready(contents, folder)
    name = f"{contents.package['name']}-{contents.package['version']}"
    strangers = (
        [
            p.name
            for p in out.iterdir()
            if not p.name.startswith(contents.package["name"]) and p.name not in {SUMS, "CHANGES.md"}
        ]
        if out.is_dir()
        else []
    )
    if strangers:
        raise CannotRun(
            f"{shown(out)}: it holds {strangers[0]}, which is no file of a release; give a folder of its own"
        )
    before, after = read_version(since) if since else None, read_version(str(folder))
    changed = changes(before, after) if before else None
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".release-", dir=out.parent) as place:
        stage, formats = Path(place) / "stage", Path(place) / "formats"
        stage.mkdir()
        formats.mkdir()
        write_zip(stage / f"{name}.zip", package_files(contents, changed, folder), contents.released)
        if before is not None and changed is not None:
            (stage / "CHANGES.md").write_text(changelog(before, after, changed), "utf-8")
        write_wheel(contents, about(contents).encode(), stage, folder)
        write_formats(contents, formats)
        (formats / "pictures").mkdir()
        write_pictures(contents, formats / "pictures", png=True)
        for path in sorted(formats.iterdir()):
            if path.is_dir():
                inside = {
                    p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()
                }
                write_zip(
                    stage / f"{name}-{path.name}.zip", inside, contents.released, f"{name}-{path.name}/"
                )
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
