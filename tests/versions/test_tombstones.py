"""Removed rows: no released id vanishes, and whoever asks for one is told what became of it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.commands.main import main
from scripts.lookup.cite import cite
from scripts.lookup.explain import explain
from scripts.model.paths import ROOT
from scripts.model.problems import CannotRun, Gone
from scripts.pipeline.build import Built
from scripts.store.files import sha256
from scripts.store.publish import publish
from scripts.techpacts.tombstones import by_name, inscription, successor, tombstone_of
from scripts.versions import ledger
from scripts.versions.change import Change
from scripts.versions.changelog import changelog
from scripts.versions.diff import changes
from scripts.versions.ledger import HEAD, IDS, IDS_HEAD, LEDGER, recorded, unreleasable
from scripts.versions.reading import read_version
from tests.mini import HELD, PACT, TABLES, Mini, set_release


def stone(
    table: str, row_id: str, new_table: str | None = None, new: str | None = None
) -> dict[str, str | None]:
    return {
        "table": table,
        "row_id": row_id,
        "successor_table": new_table,
        "successor_row_id": new,
        "removed_in": "0.2.0",
        "reason": "out_of_scope",
        "note_en": "So it is.",
        "note_ko": "그렇다.",
    }


KNOWN = by_name(
    [
        stone("agreements", "old", "agreements", "new"),
        stone("people", "x", "people", "y"),
        stone("funding", "sum", "exclusions", "sum"),
        stone("provisions", "none"),
    ]
)
# Table, row, the row whose tombstone speaks of it, and what took its place.
SPOKEN = [
    ("agreements", "old", "old", ("agreements", "new")),
    ("agreements", "new", None, None),
    ("parties", "old|gov-kor", "old", ("parties", "new|gov-kor")),
    ("signatories", "old|x|signed", "old", ("signatories", "new|y|signed")),
    ("signatories", "new|x|signed", "x", ("signatories", "new|y|signed")),
    ("aliases", "person|x|Ex", "x", ("aliases", "person|y|Ex")),
    ("aliases", "place|x|Ex", None, None),
    ("funding", "sum", "sum", ("exclusions", "sum")),
    ("funding_parties", "sum|alpha|funder", "sum", None),
    ("provisions", "none", "none", None),
    # Named by the row, but not in its key.
    ("provisions", "old", None, None),
    ("parties", "old", None, None),
]


@pytest.mark.parametrize(("table", "row_id", "spoken", "new"), SPOKEN)
def test_a_tombstone_speaks_of_its_row_and_of_those_whose_key_names_it(
    table: str, row_id: str, spoken: str | None, new: tuple[str, str] | None
) -> None:
    schema = TABLES[table].declaration
    found = tombstone_of(table, row_id, schema, KNOWN)
    assert (found and found["row_id"]) == spoken
    assert successor(table, row_id, schema, KNOWN) == new


def test_what_is_reported_of_a_removed_row() -> None:
    assert (
        inscription("funding", "sum", KNOWN["funding", "sum"])
        == "funding sum was removed in version 0.2.0 (out of scope): So it is. See exclusions sum."
    )
    assert (
        inscription("parties", "old|a", KNOWN["agreements", "old"])
        == "parties old|a was removed with agreements old, which was removed in version 0.2.0 (out of"
        " scope): So it"
        " is. See agreements new."
    )
    assert inscription("provisions", "none", KNOWN["provisions", "none"]).endswith("So it is.")


def test_explain_and_cite_say_where_a_row_went(
    mini_built: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path, mini_built.files)
    with pytest.raises(
        Gone,
        match=(
            r"pact-study was removed in version 0\.1\.0 \(renamed\): Research is meant\. See provisions"
            r" pact-research"
        ),
    ):
        explain("provisions", "pact-study", tmp_path)
    assert not issubclass(Gone, CannotRun)
    with pytest.raises(Gone, match="was removed with people zeta"):
        explain("signatories", f"{PACT}|zeta|signed", tmp_path)
    with pytest.raises(Gone, match="See provisions kor-usa-tpd-2025-view-roadmap"):
        cite("provisions", "kor-usa-tpd-2025-roadmap")
    assert main(["cite", "provisions", "kor-usa-tpd-2025-roadmap", "--format", "ris"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith(
        "provisions kor-usa-tpd-2025-roadmap was removed in version 0.2.0 (renamed)"
    )


def test_as_of_a_day_only_those_are_shown_whose_successor_is_there(mini: Mini) -> None:
    assert {r["row_id"] for r in mini.build().data["tombstones"]} == {"zeta", "pact-study"}
    assert [r["row_id"] for r in mini.build(as_of=dt.date(2025, 3, 5)).data["tombstones"]] == ["pact-study"]
    # The provision is known from the news of the fifth alone.
    assert mini.build(as_of=dt.date(2025, 3, 4)).data["tombstones"] == []


# --- what changed


def renamed(mini: Mini, folder: Path) -> list[Change]:
    """The changes to a package in which the agreement, the pact, has another id."""
    publish(folder / "old", mini.build().files)
    for path in mini.seeds.rglob("*.csv"):
        path.write_text(path.read_text("utf-8").replace(PACT, "pact"), "utf-8")
    with mini.path("tombstones.csv").open("a", encoding="utf-8") as file:
        file.write(f"agreements,{PACT},agreements,pact,0.2.0,renamed,A shorter name.,짧은 이름이다.\n")
    publish(folder / "new", mini.build(against_lock=False).files)
    return changes(read_version(str(folder / "old")), read_version(str(folder / "new")))


def test_what_changed_names_the_successor_of_a_removed_row(mini: Mini, tmp_path: Path) -> None:
    found = renamed(mini, tmp_path)
    gone = {(c.table, c.row_id): c.new for c in found if c.reason == "tombstone"}
    assert (
        gone["agreements", PACT] == "pact"
        and gone["parties", f"{PACT}|gov-kor"] == "pact|gov-kor"
        and gone["signatories", f"{PACT}|gamma|signed"] == "pact|gamma|signed"
    )
    lasting = {t.name for t in TABLES.values() if t.kind == "fact"}
    assert {c.table for c in found if c.kind == "row_removed" and c.reason != "tombstone"} & lasting == set()
    words = changelog(*(read_version(str(tmp_path / n)) for n in ("old", "new")), found)
    assert f"  - `{PACT}` is removed; see `pact`.\n" in words


def test_without_tombstones_nothing_is_made_up(mini: Mini, tmp_path: Path) -> None:
    """The other way round: the older version has no tombstone of the new id."""
    renamed(mini, tmp_path)
    back = changes(read_version(str(tmp_path / "new")), read_version(str(tmp_path / "old")))
    assert {c.reason for c in back if (c.kind, c.table) == ("row_removed", "parties")} == {"reread"} and all(
        c.reason != "tombstone" for c in back
    )


# --- the lists of what was released


@pytest.fixture
def source(package: Path) -> Path:
    """The made-up package with its version set, before any release."""
    set_release(package)
    return package


def earlier(folder: Path, *ids: str) -> None:
    """Writes the lists of a version 0.0.1 that had these ids."""
    listed = "\n".join([",".join(IDS_HEAD), *(f"{i},0.0.1" for i in ids), ""])
    (folder / "releases").mkdir(exist_ok=True)
    (folder / IDS).write_text(listed, "utf-8")
    (folder / LEDGER).write_text(f"{','.join(HEAD)}\n0.0.1,2020-01-01,{'0' * 64},{sha256(listed)}\n", "utf-8")


def test_the_release_writes_down_every_id_once_with_the_first_version(
    source: Path, mini_built: Built
) -> None:
    earlier(source, "people,gamma", "provisions,pact-study")
    publish(source, recorded(source), clear=None)
    lines = (source / IDS).read_text("utf-8").splitlines()
    assert lines[0] == "table,row_id,since" and lines[1:] == sorted(lines[1:])
    version = read_version(str(source)).descriptor["version"]
    assert {
        "people,gamma,0.0.1",
        "provisions,pact-study,0.0.1",
        f"people,delta,{version}",
        f"sources,{HELD},{version}",
        f"parties,{PACT}|gov-kor,{version}",
    } <= set(lines)
    tables = {line.split(",")[0] for line in lines[1:]}
    assert tables == {t.name for t in mini_built.tables.values() if t.kind in {"fact", "vocabulary"}} | {
        "sources"
    }
    assert unreleasable(source) == [] and recorded(source)[IDS] == (source / IDS).read_bytes()


def test_an_id_that_vanished_is_reported_with_the_version_that_had_it(source: Path) -> None:
    earlier(
        source,
        "people,gamma",
        "people,omega",
        f"parties,{PACT}|gov-jpn",
        "provisions,pact-study",
        "event_people,pact-signing|zeta|attendee",
    )
    told = {str(p) for p in unreleasable(source)}
    fix = "restore the row, or add a line that says why it was removed and what took its place"
    assert told == {
        f"seeds/tombstones.csv:row_id: {row}, which version 0.0.1 had, was removed without a tombstone; {fix}"
        for row in ("people omega", f"parties {PACT}|gov-jpn")
    }


def test_a_table_that_vanished_is_reported_once(source: Path) -> None:
    earlier(source, "treaties,a", "treaties,b")
    (problem,) = unreleasable(source)
    assert problem.message == '"treaties" had 2 row(s) in a released version, and there is no such table'


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("people,omega,0.0.1\n", ""),
        lambda t: t + "people,psi,0.0.1\n",
        lambda t: t.replace("0.0.1", "0.0.2"),
        lambda _: None,
    ],
)
def test_a_list_of_ids_that_somebody_changed_is_reported(
    source: Path, change: Callable[[str], str | None]
) -> None:
    earlier(source, "people,gamma", "people,omega")
    text = change((source / IDS).read_text("utf-8"))
    (source / IDS).unlink()
    if text is not None:
        (source / IDS).write_text(text, "utf-8")
    (problem,) = unreleasable(source)
    assert (problem.file, problem.rule, problem.message) == (
        IDS,
        "released-ids",
        "it is not as version 0.0.1 left it",
    )


@pytest.mark.parametrize("name", [LEDGER, IDS])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b'a"b\n"',
        b"version\n1\n",
        b"{head}\nx\n",
        b"{head}\n{row},x\n",
        b"{head}\nx,x,x,x\n",
        b"{head}\nx,x,9.9\n",
    ],
)
def test_a_list_that_is_none_is_reported(source: Path, name: str, data: bytes) -> None:
    earlier(source, "people,gamma")
    head = HEAD if name == LEDGER else IDS_HEAD
    row = (source / name).read_text("utf-8").splitlines()[1]
    data = data.replace(b"{head}", ",".join(head).encode()).replace(b"{row}", row.encode())
    (source / name).write_bytes(data)
    if name == IDS:
        (source / LEDGER).write_text(
            (source / LEDGER)
            .read_text("utf-8")
            .replace(sha256(f"{','.join(IDS_HEAD)}\n{row}\n"), sha256(data)),
            "utf-8",
        )
    with pytest.raises(CannotRun, match=rf"{re.escape(name)}: .*; restore the file from the last commit"):
        unreleasable(source)


def test_thousands_of_ids_are_looked_up(tmp_path: Path) -> None:
    """The real package, as if it had been released with one row more."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.csv"))
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    set_release(tmp_path)
    ids = recorded(tmp_path)[IDS].decode("utf-8")
    (tmp_path / "releases").mkdir()
    (tmp_path / IDS).write_text(
        ids + "provisions,kor-usa-tpd-2025-roadmap,0.1.0\nprovisions,ghost,0.1.0\n", "utf-8"
    )
    assert ids.count("\n") > 5_000
    assert [p.message for p in ledger._vanished(tmp_path)] == [
        "provisions ghost, which version 0.1.0 had, was removed without a tombstone"
    ]


def test_the_page_on_versions_shows_how_to_follow_an_old_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code, _ = re.findall(r"```python\n(.*?)```", (ROOT / "docs/versions.md").read_text("utf-8"), re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out == "['kor-usa-tpd-2025-view-roadmap', 'kor-usa-tpd-2025-purpose']\n"
