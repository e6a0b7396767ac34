"""A package in a zip is found however the zip was made, and nothing in a zip reaches what lies outside it."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from scripts.model.problems import CannotRun
from scripts.pipeline.build import Built
from scripts.store import zipped
from scripts.store.publish import publish
from scripts.store.zipped import Zipped
from scripts.versions.diff import changes
from scripts.versions.reading import read_version

NAMES = {
    "at the top": "{}",
    "in a folder": "techpacts-1/{}",
    "in folders of Windows": "techpacts-1\\{}",
    "two folders down": "a/b/{}",
    "with dots": "./{}",
}


def made(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo()
            # The constructor would mend some names.
            info.filename = name
            archive.writestr(info, data)
    return out.getvalue()


@pytest.mark.parametrize("shape", NAMES)
@pytest.mark.parametrize("change", [str, str.upper], ids=["as named", "in capitals"])
def test_a_package_is_found_however_it_was_zipped(
    shape: str, change: type, mini_built: Built, tmp_path: Path
) -> None:
    publish(tmp_path, mini_built.files)
    given = {p.relative_to(tmp_path).as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    slash = "\\" if "\\" in NAMES[shape] else "/"
    extra = {"__MACOSX/datapackage.json": b"", "other.txt": b"x"}
    path = tmp_path / "x.zip"
    path.write_bytes(
        made(
            {
                **extra,
                **{
                    NAMES[shape].format(change(name).replace("/", slash)): data
                    for name, data in given.items()
                },
            }
        )
    )
    assert changes(read_version(str(tmp_path)), read_version(str(path))) == []
    package = Zipped(path.read_bytes(), "x.zip")
    (tmp_path / "out").mkdir()
    package.unpack(tmp_path / "out")
    unpacked = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_bytes()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    at_top = {"other.txt": b"x"} if shape in {"at the top", "with dots"} else {}
    assert unpacked == {
        **at_top,
        **{name if name == "datapackage.json" else change(name): data for name, data in given.items()},
    }


@pytest.mark.parametrize(
    "name", ["../x", "..\\x", "a/../../x", "/etc/x", "\\x", "C:\\x", "c:x", "a\\..\\..\\x"]
)
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(CannotRun, match="leads out of the zip"):
        Zipped(made({"datapackage.json": b"{}", name: b""}), "x.zip")


def test_a_link_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("datapackage.json")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(CannotRun, match="is a link"):
        Zipped(out.getvalue(), "x.zip")


def test_what_cannot_be_told_apart_or_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotRun, match=r'holds "a/datapackage.json" more than once'):
        Zipped(made({"a/datapackage.json": b"{}", "a\\datapackage.json": b"{}"}), "x.zip")
    with pytest.raises(CannotRun, match="holds several packages"):
        Zipped(made({"a/datapackage.json": b"{}", "b/datapackage.json": b"{}"}), "x.zip")
    package = Zipped(
        made({"a/datapackage.json": b"{}", "b/c/datapackage.json": b"{}", "a/x": b"12"}), "x.zip"
    )
    assert set(package.files) == {"datapackage.json", "x"} and package.read("./x") == b"12"
    with pytest.raises(CannotRun, match=r'there is no "\.\./b/c/datapackage\.json" in it'):
        package.read("../b/c/datapackage.json")
    monkeypatch.setattr(zipped, "LARGEST", 3)
    with pytest.raises(CannotRun, match="unpacks to more than"):
        Zipped(made({"datapackage.json": b"{}", "x": b"12"}), "x.zip")
