"""A stranger adds a document: what ``make data`` runs passes, and no version or page needs a hand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.model.paths import ROOT
from scripts.package.version_number import release_of
from tests.mini import PACT, Mini

RECIPE = re.search(r"^data: env\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
README = "<!-- count:sources -->0<!-- /count --> documents, <!-- count:events -->0<!-- /count --> events\n"
DOCUMENT = (
    "mini-notice-2025-05-06,Notice,beta,,en,official_release,2025-05-06,,,day,printed,"
    "https://example.org/notice,,2025-05-07,none,part,,,,,,,made up,\n"
)
SHEET = (
    "at,event_id,event_type,name_en,name_ko,start_on,stage,agreement_id,effect\n"
    f"para 1,pact-workshop,dialogue,Workshop,워크숍,2025-05-06,held,{PACT},none\n"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the made-up seeds, between two releases."""
    folder = tmp_path / "repository"
    for name in ("scripts", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    mini = Mini.write(tmp_path / "mini")
    mini.lock()
    mini.seeds.rename(folder / "seeds")
    (folder / "README.md").write_text(README, "utf-8")
    (folder / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    path = folder / "schemas/package.json"
    given = json.loads(path.read_bytes())
    path.write_text(json.dumps(given | {"version": release_of(given["version"]) + "-dev.0"}), "utf-8")
    return folder


def run(folder: Path, *commands: str) -> subprocess.CompletedProcess[str]:
    """Run commands of the pipeline in ``folder`` until one of them fails."""
    code = (
        "import sys; from scripts.commands.main import main;"
        " sys.exit(any(main(c.split()) for c in sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *commands], cwd=folder, capture_output=True, encoding="utf-8"
    )


def test_a_document_is_added_by_its_seeds_alone(repository: Path) -> None:
    assert RECIPE is not None
    recipe = re.findall(r"-m scripts (\w+)", RECIPE[1])
    assert recipe == ["build", "docs", "validate"]
    done = run(repository, *recipe)
    assert done.returncode == 0, done.stdout + done.stderr
    before = (repository / "README.md").read_text("utf-8")
    people = (repository / "data/people.parquet").read_bytes()

    with (repository / "seeds/sources.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(DOCUMENT)
    sheet = repository / "seeds/coding/mini-notice-2025-05-06/events.csv"
    sheet.parent.mkdir()
    sheet.write_text(SHEET, "utf-8")
    stale = run(repository, "build", "docs --check")
    assert stale.returncode == 1 and "README.md:1: from here on it is not what the data give" in stale.stdout
    done = run(repository, *recipe, "docs --check")
    assert done.returncode == 0 and "seeds and data: valid" in done.stdout, done.stdout + done.stderr
    after = (repository / "README.md").read_text("utf-8")
    assert re.findall(r"-->(\d+)<", before) == ["3", "2"] and re.findall(r"-->(\d+)<", after) == ["4", "3"]
    # What does not speak of the document stays as it was, byte for byte.
    assert (repository / "data/people.parquet").read_bytes() == people

    package = repository / "schemas/package.json"
    package.write_text(package.read_text("utf-8").replace("-dev.0", ""), "utf-8")
    done = run(repository, *recipe)
    assert done.returncode == 1 and "CHANGELOG.md: there is no section on version" in done.stdout
    # The version is in the descriptor and nowhere in the files of the tables.
    assert (repository / "data/people.parquet").read_bytes() == people
