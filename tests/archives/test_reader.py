"""Archives: files at their commit, out of folders too, and nothing of a hostile one is run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.archives.reader import FolderArchive, GitArchive, Wanted, open_archive
from scripts.model.problems import CannotRun
from tests.archives.made_up import FILE, NEW, OLD, PAGE, bare, commit, git


class Commits(NamedTuple):
    folder: Path
    old: str
    new: str


@pytest.fixture
def archive(tmp_path: Path) -> Commits:
    """A repository whose file has two versions."""
    folder = tmp_path / "archive"
    first = commit(folder, {FILE: OLD, PAGE: b"<p>Page.", "gone.md": b"Gone."})
    (folder / "gone.md").unlink()
    (folder / "link.md").symlink_to(PAGE)
    return Commits(folder, first, commit(folder, {FILE: NEW}))


def test_each_version_is_read_at_its_commit(archive: Commits) -> None:
    wanted = [Wanted(archive.new, FILE), Wanted(archive.old, FILE), Wanted(archive.old, "gone.md")]
    for folder in (archive.folder, bare(archive.folder)):
        opened = open_archive(folder)
        assert isinstance(opened, GitArchive)
        assert opened.read(wanted) == [NEW, OLD, b"Gone."]
        assert opened.read([]) == [] and list(opened.others()) == []


def test_the_newest_version_stands_in_for_a_commit_that_is_not_there(archive: Commits) -> None:
    wanted = [Wanted("0" * 40, FILE), Wanted("0" * 40, "gone.md"), Wanted("HEAD", FILE)]
    assert open_archive(archive.folder).read(wanted) == [NEW, None, NEW]


@pytest.mark.parametrize(
    "path",
    ["news", "", ".", "..", "./page.html", "../archive/page.html", "/page.html", "no.md", "page.html\nx",
     "page.html ", "PAGE.html", "page.html/x", "*.html", ":page.html", "-x", "page.html\0", "a" * 5_000],
)  # fmt: skip
def test_what_is_no_file_of_the_archive_is_not_there(archive: Commits, path: str) -> None:
    found = open_archive(archive.folder).read([Wanted(archive.new, path), Wanted(archive.new, PAGE)])
    assert found == [None, b"<p>Page."]


def test_a_link_in_git_is_the_name_it_holds(archive: Commits) -> None:
    assert open_archive(bare(archive.folder)).read([Wanted(archive.new, "link.md")]) == [PAGE.encode()]


def test_nothing_that_a_git_directory_asks_for_is_run(archive: Commits, tmp_path: Path) -> None:
    mark, clone = tmp_path / "mark", bare(archive.folder)
    tool = tmp_path / "tool"
    tool.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n", "utf-8")
    tool.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "alias.cat-file",
                 "diff.x.textconv", "filter.x.smudge", "uploadpack.packObjectsHook", "credential.helper",
                 "core.alternateRefsCommand", "remote.origin.uploadpack", "gpg.program"):  # fmt: skip
        git(clone, "config", name, str(tool))
    git(clone, "config", "remote.origin.promisor", "true")
    git(clone, "config", "remote.origin.url", f"ext::{tool}")
    git(clone, "config", "core.hooksPath", str(tmp_path))
    (clone / "info").mkdir(exist_ok=True)
    (clone / "info/attributes").write_text("* diff=x filter=x\n", "utf-8")
    for hook in ("post-checkout", "reference-transaction", "fsmonitor-watchman"):
        (clone / "hooks").mkdir(exist_ok=True)
        (clone / "hooks" / hook).write_bytes(tool.read_bytes())
        (clone / "hooks" / hook).chmod(0o755)
    wanted = [Wanted(archive.new, FILE), Wanted("1" * 40, FILE), Wanted(archive.new, "no.md")]
    assert open_archive(clone).read(wanted) == [NEW, NEW, None]
    assert not mark.exists()


def test_the_environment_does_not_choose_the_repository(
    archive: Commits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    commit(other, {FILE: b"Other."})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))
    assert open_archive(archive.folder).read([Wanted(archive.new, FILE)]) == [NEW]


@pytest.mark.parametrize("damage", ["objects", "head", "config", "empty"])
def test_a_damaged_git_directory_is_reported_or_has_nothing(archive: Commits, damage: str) -> None:
    clone = bare(archive.folder)
    if damage == "objects":
        for path in [p for p in (clone / "objects").rglob("*") if p.is_file()]:
            path.chmod(0o644)
            path.write_bytes(os.urandom(40))
    elif damage == "head":
        (clone / "HEAD").write_text("nonsense\n", "utf-8")
    elif damage == "config":
        (clone / "config").write_bytes(b"[core\n\0")
    else:
        for path in [p for p in clone.rglob("*") if p.is_file() and p.name != "HEAD"]:
            path.unlink()
    try:
        found = open_archive(clone).read([Wanted(archive.new, FILE)])
    except CannotRun as why:
        assert "archive.git: git cannot read it (" in str(why)
    else:
        assert found == [None]


def test_without_git_it_says_so(archive: Commits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRun, match="git is not installed"):
        open_archive(archive.folder).read([Wanted(archive.new, FILE)])


def test_a_folder_of_files_wherever_the_archive_begins_in_it(tmp_path: Path) -> None:
    path = tmp_path / "deep/archive" / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(OLD)
    (tmp_path / "deep/2025-03 기사.md").write_bytes(b"Another.")
    opened = open_archive(tmp_path)
    assert isinstance(opened, FolderArchive)
    wanted = [
        Wanted("0" * 40, FILE),
        Wanted("HEAD", "no/2025-03 기사.md"),
        Wanted("HEAD", ""),
        Wanted("HEAD", ".."),
    ]
    assert opened.read(wanted) == [OLD, None, None, None]
    assert sorted(data for _, data in opened.others()) == [b"Another.", OLD]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_bytes(b"Secret.")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").symlink_to(tmp_path / "secret.md")
    (folder / "circle.md").symlink_to("circle.md")
    opened = open_archive(folder)
    for read in (lambda: opened.read([Wanted("HEAD", "a.md")]), lambda: list(opened.others())):
        with pytest.raises(CannotRun, match="it is a link that leads out of the folder"):
            read()
    assert opened.read([Wanted("HEAD", "circle.md"), Wanted("HEAD", "/etc/passwd")]) == [None, None]


@pytest.mark.parametrize("name", ["missing", "file"])
def test_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotRun, match="there is no such folder"):
        open_archive(tmp_path / name)
