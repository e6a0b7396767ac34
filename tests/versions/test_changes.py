"""What changed between two versions: every change told once, with its reason, from folders, zips and git
revisions alike.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.commands.main import main
from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun
from scripts.pipeline.build import Built
from scripts.store.publish import publish
from scripts.versions.change import HEAD, LEVELS, REASONS, Change, change_file, level
from scripts.versions.changelog import changelog
from scripts.versions.diff import changes
from scripts.versions.reading import Version, read_version
from tests.mini import Mini


@pytest.fixture(scope="module")
def sound(mini_built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    publish(folder, mini_built.files)
    return folder


@pytest.fixture
def other(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "other")


def between(old: Path, new: Path) -> list[Change]:
    return changes(read_version(str(old)), read_version(str(new)))


def rebuilt(mini: Mini, folder: Path) -> Path:
    folder.mkdir()
    publish(folder, mini.build(against_lock=False).files)
    return folder


def edit_rows(folder: Path, table: str, change: Callable[[list[dict]], list[dict]]) -> None:
    path = folder / f"data/{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    head = list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def edit_descriptor(folder: Path, change: Callable[[dict], None]) -> None:
    path = folder / "datapackage.json"
    given = json.loads(path.read_text("utf-8"))
    change(given)
    path.write_text(json.dumps(given), "utf-8")


def resource(given: dict, name: str) -> dict:
    return next(r for r in given["resources"] if r["name"] == name)


def test_nothing_changed(sound: Path, other: Path) -> None:
    assert between(sound, other) == [] and level([]) == "none"
    version = read_version(str(sound))
    assert "No cell differs from" in changelog(version, version, [])


def test_another_wording_is_reported_as_such(mini: Mini, sound: Path, tmp_path: Path) -> None:
    """The seeds are changed as somebody would change them, and the package is built anew."""
    mini.edit("funding", "Support for joint", "Support of joint")
    found = between(sound, rebuilt(mini, tmp_path / "new"))
    assert [(c.kind, c.field, c.reason) for c in found if c.table == "funding"] == [
        ("cell_changed", "summary_en", "wording")
    ]
    assert {(c.kind, c.reason) for c in found if c.table == "evidence"} == {
        ("row_removed", "evidence"),
        ("row_added", "evidence"),
    }


def test_cells_that_are_filled_emptied_or_changed(sound: Path, other: Path) -> None:
    edit_rows(other, "places", lambda rows: [{**r, "country_code": ""} for r in rows])
    edit_rows(other, "funding", lambda rows: [{**rows[0], "amount": "7", "part_of": "x"}, *rows[1:]])
    found = between(sound, other)
    assert {(c.kind, c.table, c.field, c.new) for c in found} == {
        ("cell_emptied", "places", "country_code", ""),
        ("cell_changed", "funding", "amount", "7"),
        ("cell_filled", "funding", "part_of", "x"),
    }
    assert {c.reason for c in found} == {"listed", "reread"} and level(found) == "minor"
    assert level([c for c in found if c.kind == "cell_changed"]) == "patch"


def test_a_source_that_is_new_and_one_that_is_gone(sound: Path, other: Path) -> None:
    edit_rows(other, "funding", lambda rows: [{**rows[0], "amount": "7"}, *rows[1:]])
    edit_rows(other, "sources", lambda rows: [*rows, {**rows[0], "source_id": "news"}])
    edit_rows(
        other,
        "evidence",
        lambda rows: [
            {**r, "source_id": "news"} if (r["table"], r["field"]) == ("funding", "amount") else r
            for r in rows
        ],
    )
    (found,) = (c for c in between(sound, other) if c.table == "funding")
    assert found.reason == "new_source"
    (back,) = (c for c in between(other, sound) if c.table == "funding")
    assert back.reason == "source_withdrawn"


def test_a_ruling_is_the_reason(sound: Path, other: Path) -> None:
    edit_rows(other, "funding", lambda rows: [{**rows[0], "amount": "7"}, *rows[1:]])
    row = next(csv.DictReader(io.StringIO((other / "data/funding.csv").read_text("utf-8"))))
    edit_rows(
        other,
        "rulings",
        lambda rows: [
            *rows,
            {**rows[0], "table": "funding", "row_id": row["funding_id"], "field": "amount", "expect": "7"},
        ],
    )
    assert [c.reason for c in between(sound, other) if c.table == "funding"] == ["ruling"]


def test_rows_that_come_and_go(sound: Path, other: Path) -> None:
    edit_rows(
        other,
        "places",
        lambda rows: [{**r, "place_id": "elsewhere"} if i == 0 else r for i, r in enumerate(rows)],
    )
    found = between(sound, other)
    assert [(c.kind, c.row_id == "elsewhere") for c in found] == [
        ("row_removed", False),
        ("row_added", True),
    ] and level(found) == "major"


def test_columns_keys_types_and_tables(sound: Path, other: Path) -> None:
    def change(given: dict) -> None:
        places = resource(given, "places")
        places["schema"]["fields"] = [
            f for f in places["schema"]["fields"] if f["name"] != "country_code"
        ] + [{"name": "height", "type": "integer"}]
        resource(given, "funding")["schema"]["fields"][0]["type"] = "integer"
        resource(given, "countries")["schema"]["primaryKey"] = ["alpha_2"]
        given["resources"] = [r for r in given["resources"] if r["name"] != "statements"]

    edit_descriptor(other, change)
    lines = (other / "data/places.csv").read_text("utf-8").splitlines()
    (other / "data/places.csv").write_text(
        "\n".join([f"{lines[0]},height", *(f"{line}," for line in lines[1:]), ""]), "utf-8"
    )
    found = between(sound, other)
    assert {(c.kind, c.table, c.field) for c in found} == {
        ("column_removed", "places", "country_code"),
        ("column_added", "places", "height"),
        ("type_changed", "funding", "funding_id"),
        ("key_changed", "countries", ""),
        ("table_removed", "statements", ""),
    }
    assert {c.reason for c in found} == {"structure"} and level(found) == "major"
    assert ("table_added", "statements") in {(c.kind, c.table) for c in between(other, sound)}
    words = changelog(read_version(str(sound)), read_version(str(other)), found)
    assert (
        "- `countries`: key changed `countries` (country_code to alpha_2)." in words
        and "column removed `country_code`" in words
    )


def test_every_kind_has_a_level_and_every_reason_words() -> None:
    kinds = [k for these in LEVELS.values() for k in these]
    assert len(set(kinds)) == len(kinds) == 11
    assert all(REASONS.values())


def test_folder_zip_and_revision_are_read_alike(sound: Path, other: Path, tmp_path: Path) -> None:
    edit_rows(other, "funding", lambda rows: [{**rows[0], "amount": "7"}, *rows[1:]])
    wanted = between(sound, other)
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for path in (p for p in sound.rglob("*") if p.is_file()):
            archive.write(path, f"techpacts-1/{path.relative_to(sound)}")
    assert changes(read_version(str(tmp_path / "old.zip")), read_version(str(other))) == wanted != []
    repository = shutil.copytree(sound, tmp_path / "repository")

    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-C", str(repository), "-c", "user.name=x", "-c", "user.email=x@example.org", *words],
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "old")
    git("tag", "v1")
    assert changes(read_version("v1", repository), read_version(str(other))) == wanted
    # Where git is told to check files out with CR LF, it would write them into an archive too.
    git("config", "core.autocrlf", "true")
    as_committed = (sound / "datapackage.json").read_bytes()
    assert b"\n" in as_committed
    assert read_version("v1", repository).read("datapackage.json") == as_committed
    assert changes(read_version("v1", repository), read_version(str(other))) == wanted


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: str(folder / "nothing"), "neither a folder nor a zip nor a git revision"),
        (lambda folder: "--output=x", "neither a folder nor a zip nor a git revision"),
        (lambda folder: "a\0b", "neither a folder nor a zip nor a git revision"),
        (lambda folder: "\ud800", "neither a folder nor a zip nor a git revision"),
        (lambda folder: str(folder), "there is no datapackage.json"),
        (lambda folder: _file(folder, "x.zip", b"no zip"), "this is not a zip file"),
        (lambda folder: _file(folder, "x.zip", b"PK\5\6" + bytes(18)), "there is no datapackage.json in it"),
        (
            lambda folder: str(Path(_file(folder, "datapackage.json", b"[]")).parent),
            "does not describe tables",
        ),
        (
            lambda folder: str(Path(_file(folder, "datapackage.json", b"{")).parent),
            "does not describe tables",
        ),
        (
            lambda folder: str(
                Path(
                    _file(folder, "datapackage.json", b'{"resources": [{"name": "x", "path": "x.csv"}]}')
                ).parent
            ),
            "columns and keys",
        ),
    ],
)
def test_what_is_no_version_is_reported(make: Callable[[Path], str], why: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=why):
        read_version(make(tmp_path))


def _file(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_a_path_out_of_the_folder_is_refused(sound: Path, other: Path) -> None:
    edit_descriptor(other, lambda given: resource(given, "places").update(path="../places.csv"))
    with pytest.raises(CannotRun, match="leads out of the package"):
        between(sound, other)


def test_a_file_that_is_not_there_or_no_csv_is_reported(sound: Path, other: Path) -> None:
    (other / "data/places.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(CannotRun, match="validate that version first"):
        between(sound, other)


def test_the_command_prints_the_changelog_and_writes_the_file(
    sound: Path, other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_rows(other, "funding", lambda rows: [{**rows[0], "amount": "7"}, *rows[1:]])
    assert main(["diff", str(sound), str(other), "--csv", str(tmp_path / "changes.csv")]) == 0
    said = capsys.readouterr()
    assert "- `funding`: 1 cell changed." in said.out and 'to "7" (the same sources, read again)' in said.out
    assert said.err == "1 changes; at least a new patch version\n"
    (row,) = csv.DictReader(io.StringIO((tmp_path / "changes.csv").read_text("utf-8")))
    assert tuple(row) == HEAD and (row["change"], row["field"], row["new"], row["reason"]) == (
        "cell_changed",
        "amount",
        "7",
        "reread",
    )
    assert main(["diff", str(sound), str(other), "--csv", str(tmp_path / "nowhere/changes.csv")]) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("country_code", "country", 1),
        lambda t: t + "short\n",
        lambda t: t.replace("\n", ",more\n", 1),
    ],
)
def test_a_file_without_its_columns_is_reported(
    sound: Path, other: Path, change: Callable[[str], str]
) -> None:
    path = other / "data/places.csv"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    with pytest.raises(
        CannotRun, match=r"data/places\.csv does not have the columns .*; validate that version first"
    ):
        between(sound, other)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.update({"techpacts:kind": []}),
        lambda r: r["schema"]["fields"][0].pop("type"),
        lambda r: r["schema"].update(primaryKey=["ghost"]),
        lambda r: r["schema"].update(primaryKey=[]),
        lambda r: r["schema"].update(foreignKeys=[{"fields": ["country_code"]}]),
        lambda r: r.update(schema=[]),
    ],
)
def test_a_descriptor_that_cannot_be_compared_is_reported(
    other: Path, change: Callable[[dict], None]
) -> None:
    edit_descriptor(other, lambda given: change(resource(given, "places")))
    with pytest.raises(CannotRun, match="does not describe tables with columns and keys"):
        read_version(str(other))


def test_a_zip_that_is_damaged_inside_is_reported(sound: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "old"), "zip", sound)
    data = (tmp_path / "old.zip").read_bytes()
    at = data.index(b"data/places.csv") + 25
    (tmp_path / "old.zip").write_bytes(data[:at] + b"\xff" * 8 + data[at + 8 :])
    with pytest.raises(CannotRun, match=r"data/places\.csv\" cannot be read from it"):
        between(sound, tmp_path / "old.zip")
    # A directory that says that a file begins before the first byte.
    end = data.rindex(b"PK\5\6")
    (tmp_path / "old.zip").write_bytes(data[: end + 16] + b"\xff\xff\xff\x7f" + data[end + 20 :])
    with pytest.raises(CannotRun, match=r"this is not a zip file|cannot be read from it"):
        between(sound, tmp_path / "old.zip")


CELLS = st.sampled_from(["", "a", "b", "1|2", 'say "x"', "두 번"])
TABLE = st.dictionaries(st.text("xyz", min_size=1, max_size=2), st.tuples(CELLS, CELLS), max_size=6)


def drawn(rows: dict[str, tuple[str, str]]) -> Version:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([("id", "one", "two"), *((key, *cells) for key, cells in rows.items())])
    schema = {"fields": [{"name": n, "type": "string"} for n in ("id", "one", "two")], "primaryKey": ["id"]}
    return Version(
        "drawn",
        {"resources": [{"name": "t", "path": "t", "schema": schema}]},
        lambda _: out.getvalue().encode(),
    )


@given(TABLE, TABLE)
@settings(deadline=None, derandomize=True)
def test_the_changes_lead_from_the_old_to_the_new(old: dict, new: dict) -> None:
    """Rows that are in both are brought from one version to the other by the change file alone; the rest is
    named.
    """
    found = list(csv.DictReader(io.StringIO(change_file(changes(drawn(old), drawn(new))).decode("utf-8"))))
    rows = {key: list(cells) for key, cells in old.items()}
    for c in found:
        match c["change"]:
            case "row_removed":
                del rows[c["row_id"]]
            case "row_added":
                assert c["row_id"] not in rows
                rows[c["row_id"]] = list(new[c["row_id"]])
            case _:
                place = ("one", "two").index(c["field"])
                assert rows[c["row_id"]][place] == c["old"] != c["new"]
                rows[c["row_id"]][place] = c["new"]
    assert {key: tuple(cells) for key, cells in rows.items()} == new
    assert (found == []) == (old == new)


def test_the_page_on_versions_lists_every_reason() -> None:
    page = (ROOT / "docs/versions.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(REASONS)
