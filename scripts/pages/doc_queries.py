"""Run the queries of a page on the data and write under each what it prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, Problem

BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def answered(text: str, file: str, folder: Path = ROOT) -> str:
    """Return the page with the answer under each query, as the queries print it in ``folder``.

    They run one after the other and share their names, so that the first one can load the tables. ``file`` is
    the page in messages. Raises BadData if a query fails.
    """
    names: dict[str, object] = {}
    problems: list[Problem] = []

    def run(match: re.Match[str]) -> str:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.chdir(folder):
                exec(compile(match[1], "query", "exec"), names)
        except Exception as error:
            line = text.count("\n", 0, match.start()) + 1
            message = f"the query fails: {type(error).__name__}: {error}"
            problems.append(Problem(file, line, "", message, "correct the query", "docs"))
        answer = "\n".join(x.rstrip() for x in printed.getvalue().strip("\n").splitlines())
        return f"```python\n{match[1]}```\n" + (f"\n```text\n{answer}\n```\n" if answer else "")

    result = BLOCK.sub(run, text)
    if problems:
        raise BadData(problems)
    return result
