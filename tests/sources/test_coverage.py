"""The lock of coverage: with the text at hand held against it, without it trusted while no place changes."""

from __future__ import annotations

import pytest

from scripts.model.problems import BadData
from scripts.sources.coverage import coverages
from scripts.sources.passages import HeldText
from tests.mini import HELD, RELEASE, TEXT, Mini, spans

FILE = "seeds/coverage.lock.csv"
FIX = "run python -m scripts lock and look at what changes"
WHERE = "run python -m scripts lock where its text is (python -m scripts texts, --sources DIR)"


def told(mini: Mini, **options: object) -> list[str]:
    with pytest.raises(BadData) as caught:
        mini.build(**options)
    return [str(p).replace(str(mini.seeds) + "/", "") for p in caught.value.problems]


def test_every_character_is_counted_once(mini_built) -> None:
    (row,) = mini_built.coverage
    assert row["source_id"] == HELD and row["characters"] == sum(not c.isspace() for c in TEXT)
    assert row["cited"] + row["uncoded"] + row["missing"] == row["characters"]
    assert row["uncoded"] == len("메뉴로그인") and row["missing"] == 0


@pytest.mark.parametrize("column", ["characters", "cited", "uncoded", "missing"])
def test_counts_that_are_not_those_of_the_text(mini: Mini, mini_built, column: str) -> None:
    header, row = mini.path("coverage.lock.csv").read_text("utf-8").splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True)) | {column: "7"}
    mini.path("coverage.lock.csv").write_text(f"{header}\n{','.join(cells.values())}\n", "utf-8")
    assert told(mini) == [f"{FILE}:2:spans_sha256: the coverage of {HELD} is not what is locked; {FIX}"]
    # Without the text nobody can tell.
    assert mini.build(sources=()).files == mini_built.files


def test_places_that_changed_without_the_text(mini: Mini) -> None:
    """The claims are as they were: only what is explained as uncoded is another place."""
    mini.edit("uncoded", spans("메뉴 로그인"), spans("메뉴"))
    message = f"{FILE}:2:spans_sha256: the places of {HELD} are not those whose coverage is locked; {WHERE}"
    assert told(mini, sources=()) == [message]
    assert told(mini) == [f"{FILE}:2:spans_sha256: the coverage of {HELD} is not what is locked; {FIX}"]
    mini.lock()
    (row,) = mini.build(sources=()).coverage
    assert row["missing"] == len("로그인")


def test_an_entry_that_a_claim_contradicts(mini: Mini) -> None:
    mini.edit("uncoded", spans("메뉴 로그인"), spans("메뉴 로그인\n한국과"))
    (problem,) = [t for t in told(mini) if "uncoded.csv" in t]
    what = "a claim cites a part of this passage; shorten the entry to what is not coded"
    assert problem.endswith(f"uncoded.csv:2:at: {what}")


@pytest.mark.parametrize("rows", [True, False], ids=["no row", "no file"])
def test_a_row_that_is_missing(mini: Mini, rows: bool) -> None:
    path = mini.path("coverage.lock.csv")
    if rows:
        path.write_text(path.read_text("utf-8").replace(HELD, "mini-other"), "utf-8")
    else:
        path.unlink()
    stale = [f"{FILE}:2:source_id: no text of mini-other is held any more; run python -m scripts lock"]
    where = f"{FILE}:spans_sha256: the places of {HELD} are not those whose coverage is locked; {WHERE}"
    assert told(mini, sources=()) == [where] + (stale if rows else [])
    lost = f"{FILE}:spans_sha256: the coverage of {HELD} is not what is locked; {FIX}"
    assert told(mini) == [lost] + (stale if rows else [])
    mini.lock()
    assert [row["source_id"] for row in mini.build().coverage] == [HELD]


@pytest.mark.parametrize("source_id", ["mini-gone", RELEASE])
def test_a_row_of_a_source_that_is_gone_or_holds_no_text(mini: Mini, source_id: str) -> None:
    path = mini.path("coverage.lock.csv")
    row = path.read_text("utf-8").splitlines()[1]
    path.write_text(path.read_text("utf-8") + row.replace(HELD, source_id) + "\n", "utf-8")
    stale = f"{FILE}:3:source_id: no text of {source_id} is held any more; run python -m scripts lock"
    assert told(mini) == [stale] == told(mini, sources=())
    mini.lock()
    assert source_id not in path.read_text("utf-8")


def test_the_text_itself_is_part_of_what_is_locked(mini: Mini) -> None:
    built = mini.build()
    built.seeds.lists["sources"][0]["sha256"] = "0" * 64
    rows, problems = coverages(built.seeds, {}, against_lock=True)
    assert rows == [] and len(problems) == 1
    rows, problems = coverages(built.seeds, {HELD: HeldText(HELD, TEXT)}, against_lock=False)
    assert len(rows) == 1 and problems == []
