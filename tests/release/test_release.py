"""A release: whole, the same from run to run, valid where it is unpacked, and refused where the package is
not ready.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import frictionless
import pytest

from scripts.commands.main import main
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, Problem
from scripts.package.loaded import read_contents
from scripts.pipeline import repository
from scripts.release import formats, make
from scripts.release.archive import SUMS, checksums, write_zip
from scripts.release.exporter import Exporter
from scripts.release.formats import exporters
from scripts.release.limits import Limits
from scripts.release.make import make_release
from scripts.validation.package import check_package
from scripts.versions.ledger import HEAD, LEDGER, unreleasable, version_problems
from scripts.versions.reading import read_version
from tests.mini import release_package, set_release
from tests.small_release import Release, lay_beside

VERSION = release_package()["version"]
ZIP = f"techpacts-{VERSION}.zip"


@pytest.fixture
def source(package: Path, release_version: str) -> Path:
    """The made-up package, its version set, with the files that a repository has beside it."""
    lay_beside(package)
    set_release(package)
    return package


@pytest.fixture
def released(release: Release) -> Path:
    """The files of the release that the tests share."""
    return release.dist


@pytest.fixture
def unpacked(release: Release, release_version: str) -> Path:
    """The zip of that release, unpacked, as a pipeline of that version sees it."""
    return release.unpacked


def sums_of(folder: Path) -> dict[str, str]:
    return {line[66:]: line[:64] for line in (folder / SUMS).read_text("utf-8").splitlines()}


def test_checksums_are_those_of_every_file(released: Path) -> None:
    files = {p.name for p in released.iterdir()} - {SUMS}
    stem = f"techpacts-{VERSION}"
    formats = {exporter.released_as(stem) for exporter in exporters()}
    assert {f"{stem}.sqlite", f"{stem}.duckdb", f"{stem}.xlsx", f"{stem}-jsonl.zip"} <= formats
    others = {"CHANGES.md", f"{stem}.zip", f"{stem}-py3-none-any.whl"}
    assert files == set(sums_of(released)) == formats | others
    assert all(
        hashlib.sha256((released / name).read_bytes()).hexdigest() == digest
        for name, digest in sums_of(released).items()
    )


def test_frictionless_reads_the_zip_as_it_is(released: Path, unpacked: Path) -> None:
    """As it reads a folder: the descriptor lies at the top, and the paths in it lead to files of the zip."""
    package, folder = (
        frictionless.Package(str(released / ZIP)),
        frictionless.Package(str(unpacked / "datapackage.json")),
    )
    assert package.resource_names == folder.resource_names != []
    assert (
        [row.to_dict() for row in package.get_resource("funding").read_rows()]
        == [row.to_dict() for row in folder.get_resource("funding").read_rows()]
        != []
    )
    assert read_version(str(released / ZIP)).descriptor == read_version(str(unpacked)).descriptor


def test_the_zip_is_valid_wherever_it_is_unpacked(unpacked: Path) -> None:
    assert check_package(unpacked) == []
    assert frictionless.validate(str(unpacked / "datapackage.json")).valid
    assert main(["validate", str(unpacked)]) == 0
    assert sums_of(unpacked) == {
        str(p.relative_to(unpacked)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in unpacked.rglob("*")
        if p.is_file() and p.name != SUMS
    }
    assert {"LICENSE", "LICENSE-DATA", "CITATION.cff", "CHANGELOG.md", "README.md", "changes.csv"} <= {
        p.name for p in unpacked.iterdir()
    }
    if shutil.which("sha256sum"):
        assert (
            subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=unpacked).returncode
            == 0
        )


def test_what_changed_is_reported(unpacked: Path, released: Path) -> None:
    (row,) = (
        r
        for r in csv.DictReader((unpacked / "changes.csv").open(encoding="utf-8", newline=""))
        if (r["table"], r["field"]) == ("funding", "amount")
    )
    assert (row["change"], row["row_id"], row["field"], row["old"], row["new"]) == (
        "cell_changed",
        "pact-money",
        "amount",
        "4000000",
        "3000000",
    )
    assert '"4000000" to "3000000"' in (released / "CHANGES.md").read_text("utf-8")


def test_the_readme_of_the_zip_names_what_is_there(unpacked: Path) -> None:
    text = (unpacked / "README.md").read_text("utf-8")
    assert f"# techpacts {VERSION}" in text and read_contents().package["citation"] in text
    for path in (
        "data/",
        "docs/reference/codebook.md",
        "docs/loading.md",
        "docs/verify.md",
        "scripts/load.R",
        "datapackage.json",
        "CHANGELOG.md",
        "changes.csv",
        SUMS,
        "LICENSE-DATA",
    ):
        assert f"`{path}`" in text and (unpacked / path).exists()
    for table, column in (("evidence", "check"), ("funding", "evidence_grade")):
        for c in read_contents().tables[table].by_name[column].categories:
            assert f"- `{c['value']}`: {c['description']} / {c['techpacts:descriptionKo']}" in text


def paths_of(text: str) -> set[str]:
    """What a page names as a file, in code or in a block of it: with a folder, or with an ending that only
    files have.
    """
    code = (part for parts in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL) for part in parts)
    words = {word for part in code for word in re.split(r"[\s'\"();,]+", part)}
    return {
        w
        for w in words
        if re.fullmatch(
            r"(?:[\w.-]+/)+[\w.-]*|[\w.-]+\.(?:md|json|csv|R|zip|sqlite|duckdb|xlsx|whl)|LICENSE[\w-]*|SHA256SUMS",
            w,
        )
    }


@pytest.mark.parametrize("page", ["README.md", "docs/loading.md"])
def test_every_path_that_a_page_of_the_zip_names_is_there(
    page: str, unpacked: Path, released: Path, tmp_path: Path
) -> None:
    for path in released.glob("*.zip"):
        # The other zips of the release, unpacked where the page is read.
        if path.name != ZIP:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(tmp_path / "others")
    named = paths_of((unpacked / page).read_text("utf-8"))
    assert {"README.md": "docs/reference/codebook.md", "docs/loading.md": "scripts/load.R"}[
        page
    ] in named and len(named) > 6
    # What the page itself makes.
    named -= {"techpacts-VERSION-datasette/techpacts.sqlite"}
    assert [
        n
        for n in named
        if not any(
            (place / n.replace("VERSION", VERSION)).exists()
            for place in (unpacked, released, tmp_path / "others")
        )
    ] == []


def test_every_relative_link_in_the_zip_resolves(unpacked: Path) -> None:
    links = [
        (page, link)
        for page in unpacked.rglob("*.md")
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
        if "://" not in link
    ]
    assert [
        (page.name, link) for page, link in links if not (page.parent / link.partition("#")[0]).exists()
    ] == [] and len(links) > 40


def test_the_same_package_gives_the_same_release(release: Release, source: Path, tmp_path: Path) -> None:
    """Made again elsewhere; but for DuckDB, which draws identifiers at random."""
    make_release(tmp_path / "again", str(release.earlier), source)
    one, two = (
        {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".duckdb" and p.name != SUMS}
        for folder in (release.dist, tmp_path / "again")
    )
    assert [name for name in one if one[name] != two.get(name)] == [] and set(one) == set(two)
    assert set(sums_of(tmp_path / "again")) == {*one, f"techpacts-{VERSION}.duckdb"}


def test_times_and_modes_in_a_zip_are_fixed(released: Path) -> None:
    with zipfile.ZipFile(released / ZIP) as archive:
        assert {i.date_time for i in archive.infolist()} == {read_contents().released.timetuple()[:6]}
        assert {(i.external_attr >> 16, i.create_system) for i in archive.infolist()} == {(0o100644, 3)}
        assert archive.namelist() == sorted(archive.namelist())


FORMAT = '''"""Names of tables."""

from scripts.release.exporter import Exporter
from scripts.release.limits import Limits


class Names(Exporter):
    """A line for each table."""

    name, limits = "Names", Limits(rows=1000)

    def __init__(self, made):
        self.made, self.description = made, f"names in {made}"

    def write(self, contents, path):
        path = path / "names" if self.is_folder else path
        path.write_text("\\n".join(contents.tables), "utf-8")


EXPORTERS = (Names(".txt"), Names("words"))
'''


def test_a_module_that_is_dropped_in_is_a_format(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the release, in the README of the zip, and its limits are kept."""
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats/names_of_tables.py").write_text(FORMAT, "utf-8")
    monkeypatch.setattr(formats, "__path__", [str(tmp_path / "formats")])
    importlib.invalidate_caches()
    try:
        made = make_release(tmp_path / "dist", None, source)
        stem = f"techpacts-{VERSION}"
        assert set(made) == {
            f"{stem}.zip",
            f"{stem}.txt",
            f"{stem}-words.zip",
            f"{stem}-py3-none-any.whl",
            SUMS,
        }
        names = (tmp_path / f"dist/{stem}.txt").read_text("utf-8")
        assert names.split() == list(read_contents().tables)
        with zipfile.ZipFile(tmp_path / f"dist/{stem}-words.zip") as archive:
            assert archive.read(f"{stem}-words/names").decode() == names
        with zipfile.ZipFile(tmp_path / f"dist/{ZIP}") as archive:
            readme = archive.read("README.md").decode()
        assert f"- `{stem}.txt`: names in .txt.\n- `{stem}-words.zip`: names in words.\n" in readme
        module = sys.modules["scripts.release.formats.names_of_tables"]
        monkeypatch.setattr(module.Names, "limits", Limits(rows=1))
        with pytest.raises(BadData, match="Names: the table has 2 rows, and 1 are the most"):
            make_release(tmp_path / "dist", None, source)
    finally:
        sys.modules.pop("scripts.release.formats.names_of_tables", None)


@pytest.mark.parametrize("exporter", exporters(), ids=lambda e: e.made)
def test_each_format_says_what_it_is(exporter: Exporter) -> None:
    assert exporter.name and re.fullmatch(r"\.[a-z0-9]+|[a-z-]+", exporter.made)
    assert exporter.description and not exporter.description.endswith(".")
    assert len({e.made for e in exporters()}) == len(exporters())


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of the zip and the wheel alone, where it is not about the formats."""
    monkeypatch.setattr(make, "exporters", list)


@pytest.mark.usefixtures("bare")
def test_an_earlier_release_is_replaced_and_anything_else_is_not(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    (out / "techpacts-0.0.1.zip").write_bytes(b"old")
    make_release(out, None, source)
    assert not (out / "techpacts-0.0.1.zip").exists() and (out / ZIP).is_file()
    assert not (out / "CHANGES.md").exists(), "nothing changed since no version"
    (out / "thesis.docx").write_bytes(b"mine")
    with pytest.raises(CannotRun, match=r"thesis\.docx, which is not a file of a release"):
        make_release(out, None, source)
    assert (out / "thesis.docx").read_bytes() == b"mine" and [
        p.name for p in tmp_path.iterdir() if p.name.startswith(".release-")
    ] == []


def test_a_package_that_is_not_ready_is_refused(source: Path, tmp_path: Path) -> None:
    path = source / "data/funding.csv"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"3000000", b"much"))
    with pytest.raises(BadData, match=r'"much" is not an integer'):
        make_release(tmp_path / "dist", None, source)
    path.write_bytes(sound)
    log = source / "CHANGELOG.md"
    log.write_text(log.read_text("utf-8").replace(f"## {VERSION} ", "## 99.0.0 "), "utf-8")
    with pytest.raises(BadData, match=f"there is no section on version {VERSION}"):
        make_release(tmp_path / "dist", None, source)
    assert not (tmp_path / "dist").exists()


@pytest.mark.usefixtures("bare")
def test_a_released_version_never_gets_other_data(source: Path, tmp_path: Path) -> None:
    assert not (source / LEDGER).exists()
    make_release(tmp_path / "dist", None, source)
    noted = (source / LEDGER).read_text("utf-8")
    assert noted.splitlines()[0] == ",".join(HEAD) and noted.splitlines()[1].startswith(f"{VERSION},")
    make_release(tmp_path / "dist", None, source)
    assert (source / LEDGER).read_text("utf-8") == noted and unreleasable(source) == []
    path = source / "datapackage.json"
    path.write_text(path.read_text("utf-8").replace("science diplomacy", "diplomacy"), "utf-8")
    (problem,) = unreleasable(source)
    assert (problem.file, problem.rule) == (
        "schemas/package.json",
        "version",
    ) and "was released on" in problem.message
    (source / LEDGER).write_text(noted.replace(f"{VERSION},", "99.0.0,"), "utf-8")
    (problem,) = unreleasable(source)
    assert "version 99.0.0 was released, and this is" in problem.message
    (source / LEDGER).write_text("version\n1\n", "utf-8")
    with pytest.raises(CannotRun, match=r"releases/releases\.csv: its columns are not version"):
        unreleasable(source)


def test_the_version_of_the_repository_is_in_order() -> None:
    """Data that differ from those of a released version need a later one."""
    assert version_problems(ROOT) == []


def test_an_earlier_version_that_is_none_is_reported_before_anything_is_written(
    source: Path, tmp_path: Path
) -> None:
    with pytest.raises(CannotRun, match="neither a folder nor a zip nor a git revision"):
        make_release(tmp_path / "dist", "ghost", source)
    assert not (tmp_path / "dist").exists()


def test_names_are_listed_in_order() -> None:
    assert checksums({"b": b"", "a": b"x"}).decode().splitlines()[0].endswith("  a")


def test_a_zip_holds_its_own_checksums(tmp_path: Path) -> None:
    write_zip(tmp_path / "x.zip", {"a.txt": b"x"}, read_contents().released, "top/")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "x.zip").read_bytes())) as archive:
        assert archive.namelist() == [f"top/{SUMS}", "top/a.txt"] and archive.read(
            f"top/{SUMS}"
        ) == checksums({"a.txt": b"x"})


def test_a_version_is_judged_only_where_the_package_is_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bad seeds and a broken descriptor at once are told, both, without a traceback."""
    (tmp_path / "datapackage.json").write_text("{", "utf-8")
    seed = Problem("seeds/x.csv", 2, "a", "it is wrong", "mend it", "x")

    def bad(**_: object) -> None:
        raise BadData([seed])

    monkeypatch.setattr(repository, "build", bad)
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    report, _ = repository.check_repository((), None)
    assert seed in report.problems and {p.rule for p in report.problems} == {"x", "json"}
