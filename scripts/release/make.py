"""Make a release: the package as a zip that stands on its own, and the same rows in every format."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, shown
from scripts.package.loaded import Contents, read_contents
from scripts.release.archive import SUMS, checksums, write_zip
from scripts.release.formats import exporters, limits_of, write_formats
from scripts.release.limits import beyond
from scripts.release.package_zip import about, package_files, stem
from scripts.release.wheel import write_wheel
from scripts.store.publish import publish
from scripts.validation.package import check_package
from scripts.versions.changelog import changelog
from scripts.versions.diff import changes
from scripts.versions.ledger import recorded, unreleasable
from scripts.versions.reading import read_version


def _refuse_unready(contents: Contents, folder: Path) -> None:
    """Raise BadData where the package has faults, its version was released with other data, an id of a
    released version was removed without a tombstone, the changelog lacks the version, or a format cannot hold
    the rows.
    """
    limits = limits_of(exporters())
    if problems := [*check_package(folder), *unreleasable(folder), *beyond(contents, limits)]:
        raise BadData(problems)


def _refuse_strangers(contents: Contents, out: Path) -> None:
    """Raise CannotRun where ``out`` holds anything but a release, which would be lost."""
    for path in out.iterdir() if out.is_dir() else ():
        if not path.name.startswith(contents.package["name"]) and path.name not in {SUMS, "CHANGES.md"}:
            raise CannotRun(
                f"{shown(out)}: it holds {path.name}, which is not a file of a release; give a folder of its"
                " own"
            )


def _export(contents: Contents, place: Path, stage: Path) -> None:
    """Write every format into ``stage``, folders as zips; ``place`` is a folder to work in."""
    given, name = exporters(), stem(contents.package)
    for exporter, path in zip(given, write_formats(contents, place, given), strict=True):
        target = stage / exporter.released_as(name)
        if exporter.is_folder:
            inside = {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}
            write_zip(target, inside, contents.released, f"{target.stem}/")
        else:
            shutil.move(path, target)


def make_release(out: Path, since: str | None = None, folder: Path = ROOT) -> list[str]:
    """Write every file of the release of the package in ``folder`` into ``out`` and return their names.

    ``out`` is emptied of an earlier release; the version and its ids are added to the lists of releases.
    ``since`` names the version before (folder, zip or git revision), for the file of changes. Raise BadData
    where the package is not fit to be released, CannotRun where ``out`` holds anything but a release.
    """
    contents = read_contents(folder)
    _refuse_unready(contents, folder)
    _refuse_strangers(contents, out)
    before, after = read_version(since) if since else None, read_version(str(folder))
    changed = changes(before, after) if before else None
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".release-", dir=out.parent) as place:
        stage, formats = Path(place) / "stage", Path(place) / "formats"
        stage.mkdir()
        formats.mkdir()
        files = package_files(contents, changed, folder)
        write_zip(stage / f"{stem(contents.package)}.zip", files, contents.released)
        if before is not None and changed is not None:
            (stage / "CHANGES.md").write_text(changelog(before, after, changed), "utf-8")
        write_wheel(contents, about(contents).encode(), stage, folder)
        _export(contents, formats, stage)
        made = {p.name: p.read_bytes() for p in stage.iterdir()}
        (stage / SUMS).write_bytes(checksums(made))
        # The old release goes only when the new one is whole.
        if out.exists():
            out.rename(Path(place) / "old")
        stage.rename(out)
    publish(folder, recorded(folder), clear=None)
    return sorted([*made, SUMS])
