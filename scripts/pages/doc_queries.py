"""Runs the queries of ``docs/questions.md`` and of the worked analysis on ``data/`` and writes under each
what it prints.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, Problem, shown

QUESTIONS, ANALYSIS = (ROOT / "docs" / name for name in ("questions.md", "analysis.md"))
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def answered(text: str, folder: Path = ROOT, page: Path = QUESTIONS) -> str:
    """The page with the answer under each query, as the queries run one after the other in ``folder`` print
    it.

    Queries share their names, so that the first one can load the tables. Raises BadData where one fails.
    """
    names: dict[str, object] = {}
    problems: list[Problem] = []

    def run(match: re.Match[str]) -> str:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.chdir(folder):
                exec(compile(match[1], "question", "exec"), names)
        except Exception as error:
            line = text[: match.start()].count("\n") + 1
            problems.append(
                Problem(
                    shown(page, ROOT),
                    line,
                    "",
                    f"the query fails: {type(error).__name__}: {error}",
                    "mend the query",
                    "question",
                )
            )
        answer = "\n".join(x.rstrip() for x in printed.getvalue().strip("\n").splitlines())
        return f"```python\n{match[1]}```\n" + (f"\n```text\n{answer}\n```\n" if answer else "")

    result = BLOCK.sub(run, text)
    if problems:
        raise BadData(problems)
    return result


def write_answers(page: Path) -> int:
    """Brings the answers in a page up to date; the number of queries."""
    text = page.read_text("utf-8")
    temporary = page.with_name(page.name + ".tmp")
    temporary.write_text(answered(text, page=page), "utf-8", newline="\n")
    os.replace(temporary, page)
    return len(BLOCK.findall(text))
