"""``docs/verify.md``: its lines, run as they stand on a made-up repository and a made-up archive."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.model.paths import ROOT
from tests.archives.made_up import bare, commit
from tests.mini import ARCHIVE_PATH, ARCHIVED, HELD, PACT, TEXT
from tests.pipeline_copy import lay_out

PAGE = (ROOT / "docs/verify.md").read_text("utf-8")
GET, ARCHIVE, TEXTS, VALIDATE, EXPLAIN = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def run(line: str, folder: Path) -> str:
    """What a line prints, as the user's own; it may not fail."""
    words = line.replace(".venv/bin/python", sys.executable).split()
    done = subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of the made-up seeds as a stranger has it, built, without a text, and an archive."""
    repo = lay_out(tmp_path)
    run(".venv/bin/python -m scripts build", repo)
    (tmp_path / "shared/sources/news.txt").unlink()
    for path in (tmp_path / "passages").iterdir():
        path.unlink()
    (repo / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    commit(tmp_path / "wh-briefings", {ARCHIVE_PATH: ARCHIVED.encode()})
    return repo


def test_a_stranger_checks_the_data_by_the_lines_of_the_page(repository: Path, tmp_path: Path) -> None:
    assert [line.split()[:2] for line in GET.splitlines()] == [
        ["git", "clone"], ["cd", "techpacts"], ["make", "env"],
    ]  # fmt: skip
    before = run(VALIDATE, repository)
    assert "seeds and data: valid" in before and "checks: 0 sources against their text" in before
    # The archive is cloned from beside, and to where the page says.
    words = ARCHIVE.split()
    assert words[:3] == ["git", "clone", "--bare"] and words[-1] == "../wh-briefings.git"
    assert bare(tmp_path / "wh-briefings") == repository.parent / "wh-briefings.git"
    assert "1 of 1 texts" in run(TEXTS, repository)
    assert (tmp_path / "texts/news.txt").read_text("utf-8") == TEXT
    said = run(VALIDATE, repository)
    assert "seeds and data: valid" in said and "checks: 1 sources against their text" in said
    for printed in re.findall(r"`(seeds and data: valid|checks: N [^`]*)`", PAGE):
        assert printed.replace("N", "1") in said
    assert SIGNED in run(EXPLAIN.replace("kor-usa-tpd-2025", PACT), repository)


SIGNED = "2025년 3월 4일"


def test_a_changed_cell_is_named(repository: Path, tmp_path: Path) -> None:
    bare(tmp_path / "wh-briefings")
    run(TEXTS, repository)
    sheet = repository / f"seeds/coding/{HELD}/funding.csv"
    sheet.write_text(sheet.read_text("utf-8").replace(",3000000,", ",4000000,"), "utf-8")
    words = VALIDATE.replace(".venv/bin/python", sys.executable).split()
    done = subprocess.run(words, cwd=repository, capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and f"{HELD}/funding.csv:2:amount: " in done.stdout


def test_the_row_that_the_page_explains_is_in_the_data() -> None:
    *_, table, key = EXPLAIN.split()
    assert f"\n{key}," in (ROOT / f"data/{table}.csv").read_text("utf-8")
