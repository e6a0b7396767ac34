"""The pages that follow from the data are current, say what is stale, and are written without a hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.commands.main import main
from scripts.model.paths import ROOT
from scripts.model.problems import BadData
from scripts.package.loaded import read_contents
from scripts.pages import docs
from scripts.pages.counts import MARK, fill, page_counts
from scripts.pages.doc_queries import answered
from scripts.pages.modules import modules
from scripts.pages.rendering import page


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    return docs.docs()


def test_every_page_is_what_the_data_give(pages: dict[str, bytes]) -> None:
    """Brought up to date by ``make data``, or ``make docs`` alone."""
    assert docs._stale(pages, ROOT) == []


def test_a_stale_page_is_reported_with_its_line(
    pages: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, content in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    readme = pages["README.md"].decode("utf-8")
    line = next(i for i, x in enumerate(readme.splitlines(), start=1) if "count:agreements" in x)
    (tmp_path / "README.md").write_text(readme.replace("count:agreements -->2", "count:agreements -->1"))
    (tmp_path / docs.FOLDER / "treaties.md").write_text("x")
    (tmp_path / docs.FOLDER / "people.md").unlink()
    monkeypatch.setattr(docs, "docs", lambda _: pages)
    assert [str(p) for p in docs.stale_docs(tmp_path)] == [
        f"{docs.FOLDER}/treaties.md: there is no such table; run python -m scripts docs",
        f"{docs.FOLDER}/people.md: the page is missing; run python -m scripts docs",
        f"README.md:{line}: from here on it is not what the data give; run python -m scripts docs",
    ]
    monkeypatch.setattr("scripts.commands.docs.stale_docs", lambda: docs.stale_docs(tmp_path))
    assert main(["docs", "--check"]) == 1 and f"README.md:{line}: from here on" in capsys.readouterr().out
    assert set(docs.write_docs(tmp_path)) == {
        "README.md",
        f"{docs.FOLDER}/people.md",
        f"{docs.FOLDER}/treaties.md",
    }
    assert docs.stale_docs(tmp_path) == [] and main(["docs", "--check"]) == 0


def test_counts_are_written_between_marks() -> None:
    text = "<!-- count:a -->1<!-- /count --> and <!-- count:b-c --><!-- /count -->, 1"
    assert fill(text, {"a": "2", "b-c": "3"}, "x.md") == text.replace("-->1<", "-->2<").replace(
        "--><!", "-->3<!"
    )
    with pytest.raises(BadData, match=r'^x\.md:2: there is no count "d"; use one of a$'):
        fill("\n<!-- count:d -->1<!-- /count -->", {"a": "2"}, "x.md")


def test_the_readme_types_no_count_by_hand() -> None:
    """Every number of rows of a table of a hundred or more stands between marks."""
    text = MARK.sub("", (ROOT / "README.md").read_text("utf-8"))
    counts = {v for v in page_counts(read_contents()).values() if re.fullmatch(r"[\d,]{3,}", v)}
    assert not counts & set(re.findall(r"(?<![\w.,-])\d[\d,]*(?![\w-])", text))


def test_a_query_that_fails_is_reported_with_its_line() -> None:
    message = r"docs/x\.md:3: the query fails: ZeroDivisionError: division by zero; correct the query"
    with pytest.raises(BadData, match=message):
        answered("a\n\n```python\n1 / 0\n```\n", "docs/x.md")


def test_answers_are_written_under_their_queries() -> None:
    text = "```python\nx = 1\n```\n\n```python\nprint(x)\n```\n\n```text\n2\n```\n"
    assert answered(text, "x.md") == text.replace("2", "1")


def test_every_module_has_a_docstring() -> None:
    found = modules()
    assert "pages" in {p.split("/")[-1] for p in found} and found["scripts/pages"]["modules.py"]
    assert [f"{p}/{m}" for p, names in found.items() for m, text in names.items() if not text] == []


def test_a_template_that_lacks_a_name_is_an_error() -> None:
    with pytest.raises(Exception, match="'packages' is undefined"):
        page("modules.md.j2")


@pytest.mark.parametrize(
    "path", sorted(p.relative_to(ROOT).as_posix() for p in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
)
def test_links_lead_to_files(path: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / path).read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)", text):
        assert ((ROOT / path).parent / link).exists(), link
