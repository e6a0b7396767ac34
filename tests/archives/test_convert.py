"""The command ``texts``: held texts out of archives, compared with what is written of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.commands import texts as command
from scripts.commands.main import main
from scripts.store.files import sha256
from tests.archives.made_up import bare, commit
from tests.mini import ARCHIVE, ARCHIVE_PATH, ARCHIVED, COMMIT, HELD, TEXT, Mini

Said = tuple[int, list[str], str]


@pytest.fixture
def told(mini: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the command on the made-up seeds: exit code, what it prints, its error."""
    monkeypatch.setattr(command, "SEEDS", mini.seeds)

    def run(*archives: Path, out: Path | None = None) -> Said:
        code = main(["texts", *map(str, archives), "--out", str(out or tmp_path / "out")])
        said = capsys.readouterr()
        return code, said.out.replace(str(mini.seeds) + "/", "").splitlines(), said.err

    return run


@pytest.fixture
def archive(mini: Mini, tmp_path: Path) -> Path:
    """The archive that the seeds name, bare."""
    commit(tmp_path / "archive", {ARCHIVE_PATH: b"Earlier."})
    at = commit(tmp_path / "archive", {ARCHIVE_PATH: ARCHIVED.encode()})
    commit(tmp_path / "archive", {ARCHIVE_PATH: b"Later."})
    mini.edit("sources.csv", COMMIT, at)
    return bare(tmp_path / "archive")


def test_the_text_at_the_commit_is_the_one_that_was_coded(told, archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert told(archive) == (0, [f"{out}: 1 of 1 texts"], "")
    assert {p.name: p.read_text("utf-8") for p in out.iterdir()} == {"news.txt": TEXT}
    first = (out / "news.txt").read_bytes()
    (out / "mine.txt").write_text("x", "utf-8")
    assert told(archive)[0] == 0
    assert (out / "news.txt").read_bytes() == first and (out / "mine.txt").exists()


def test_the_texts_serve_the_build(told, archive: Path, mini: Mini, mini_built, tmp_path: Path) -> None:
    told(archive)
    built = mini.build(sources=(tmp_path / "no", tmp_path / "out"))
    assert built.unread == [] and HELD in built.held
    assert built.files["data/funding.csv"] == mini_built.files["data/funding.csv"]


def test_a_new_source_is_told_what_to_write(told, archive: Path, mini: Mini, tmp_path: Path) -> None:
    mini.edit("sources.csv", f"news.txt,{sha256(TEXT)},{len(TEXT)},", ",,,")
    code, out, _ = told(archive)
    assert code == 1 and out[1:] == [
        f"sources.csv:2:sha256: the text of {HELD} is new; write {HELD}.txt in text_file, {sha256(TEXT)} in"
        f" sha256 and {len(TEXT)} in characters"
    ]
    assert (tmp_path / f"out/{HELD}.txt").read_text("utf-8") == TEXT


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            sha256(TEXT),
            "0" * 64,
            f"sha256: the text of {HELD} has the SHA-256 {sha256(TEXT)}; take the archive at",
        ),
        (f",{len(TEXT)},", ",9,", f"characters: the text of {HELD} has {len(TEXT)}; write {len(TEXT)}"),
        (
            ARCHIVE_PATH,
            "bad.pdf",
            'archive_path: "bad.pdf": only .md, .html, .htm and .rss can be read; name',
        ),
        (
            ARCHIVE_PATH,
            "deep.md",
            'archive_path: "deep.md": its lists and quotations are nested 90 deep; name',
        ),
    ],
)
def test_another_text_is_reported_and_not_written(
    told, mini: Mini, tmp_path: Path, old: str, new: str, message: str
) -> None:
    files = {ARCHIVE_PATH: ARCHIVED.encode(), "bad.pdf": b"%PDF", "deep.md": b">" * 200 + b"a"}
    commit(tmp_path / "archive", files)
    mini.edit("sources.csv", old, new)
    code, out, err = told(tmp_path / "archive")
    assert code == 1 and out[0].endswith(": 0 of 1 texts") and err == "1 problem\n"
    assert out[1].startswith(f"sources.csv:2:{message}")
    assert not (tmp_path / "out/news.txt").exists()


def test_an_archive_without_any_text_is_an_error(told, tmp_path: Path) -> None:
    commit(tmp_path / "archive", {"other.md": b"Other."})
    for folder in (tmp_path / "archive", tmp_path / "archive/.git", tmp_path):
        code, out, err = told(folder)
        assert (code, out) == (2, []) and "no text of a source is there" in err
    assert told(tmp_path / "none")[0] == 2 and not (tmp_path / "out").exists()


def test_texts_stay_out_of_the_repository(
    told, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path / "repository")
    (tmp_path / "link").symlink_to(tmp_path / "repository")
    for out in (tmp_path / "repository/texts", tmp_path / "repository", tmp_path / "link/x"):
        code, _, err = told(archive, out=out)
        assert code == 2 and "texts of others stay outside it" in err
    assert not (tmp_path / "repository").exists()


def test_what_one_archive_lacks_another_has(told, archive: Path, mini: Mini, tmp_path: Path) -> None:
    """And what none has is counted by archive."""
    path = mini.path("sources.csv")
    header, row, *rest = path.read_text("utf-8").splitlines()
    url = "https://example.org/,"
    changes = {
        HELD: ("mini-other", "mini-gone"),
        ARCHIVE_PATH: ("a/other.html", "gone.md"),
        ARCHIVE: (ARCHIVE, "https://example.org/no"),
        "news.txt": ("other.txt", "gone.txt"),
        sha256(TEXT): (sha256("Other\n"), "0" * 64),
        f",{len(TEXT)},": (",6,", ",6,"),
        url: ("https://example.org/b,", "https://example.org/c,"),
    }
    other, gone = row, row
    for old, (of_other, of_gone) in changes.items():
        assert old in row
        other, gone = other.replace(old, of_other), gone.replace(old, of_gone)
    path.write_text("\n".join([header, row, other, gone, *rest]) + "\n", "utf-8")
    (tmp_path / "files").mkdir()
    (tmp_path / "files/renamed.html").write_text("<p>Other", "utf-8")
    code, out, _ = told(tmp_path / "files", archive)
    assert code == 0 and out[0].endswith(": 2 of 3 texts")
    assert out[1:] == ["not found: 1 of https://example.org/no"]
    assert (tmp_path / "out/other.txt").read_text("utf-8") == "Other\n"


def test_seeds_that_are_wrong_are_reported(told, archive: Path, mini: Mini) -> None:
    mini.edit("sources.csv", f",{len(TEXT)},", ",many,")
    code, out, _ = told(archive)
    assert code == 1 and out[0].startswith("sources.csv:2:characters: ")
