"""Everything in the pages that follows from the data: codebook, list of modules, answers, counts."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import Problem
from scripts.package.loaded import read_contents
from scripts.pages.codebook import FOLDER, codebook
from scripts.pages.counts import fill, page_counts
from scripts.pages.doc_queries import answered
from scripts.pages.modules import module_page
from scripts.store.publish import publish

# Pages written by people in which the answers to their queries are written by the program.
ANSWERED = ("README.md", "docs/questions.md", "docs/analysis.md")
FIX = "run python -m scripts docs"


def _strays(pages: dict[str, bytes], folder: Path) -> list[str]:
    """Return pages of the codebook whose table is gone."""
    there = (f"{FOLDER}/{p.name}" for p in sorted((folder / FOLDER).glob("*.md")))
    return [name for name in there if name not in pages]


def docs(folder: Path = ROOT) -> dict[str, bytes]:
    """Return every page as the data in ``folder`` give it, by its path.

    Raises BadData if a query of a page fails or a mark names an unknown count.
    """
    contents = read_contents(folder)
    counts = page_counts(contents)
    pages = codebook(contents) | module_page(folder)
    for path in (*sorted(folder.glob("*.md")), *sorted((folder / "docs").glob("*.md"))):
        name = path.relative_to(folder).as_posix()
        text = fill(path.read_text("utf-8"), counts, name)
        pages[name] = (answered(text, name, folder) if name in ANSWERED else text).encode("utf-8")
    return pages


def write_docs(folder: Path = ROOT) -> list[str]:
    """Write the pages and remove those of tables that are gone; return the names of those that changed."""
    pages = docs(folder)
    changed = [problem.file for problem in _stale(pages, folder)]
    publish(folder, pages, clear=None)
    for name in _strays(pages, folder):
        (folder / name).unlink()
    return changed


def _stale(pages: dict[str, bytes], folder: Path) -> list[Problem]:
    problems = [
        Problem(name, 0, "", "there is no such table", FIX, "docs") for name in _strays(pages, folder)
    ]
    for name, page in pages.items():
        path = folder / name
        now = path.read_bytes() if path.is_file() else None
        if now is None:
            problems.append(Problem(name, 0, "", "the page is missing", FIX, "docs"))
        elif now != page:
            lines = enumerate(zip_longest(now.split(b"\n"), page.split(b"\n")), start=1)
            first = next(number for number, (a, b) in lines if a != b)
            message = "from here on it is not what the data give"
            problems.append(Problem(name, first, "", message, FIX, "docs"))
    return problems


def stale_docs(folder: Path = ROOT) -> list[Problem]:
    """Return a problem for each page that is not what the data in ``folder`` give, with its first line."""
    return _stale(docs(folder), folder)
