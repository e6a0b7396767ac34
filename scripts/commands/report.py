"""Print problems for a person or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from scripts.model.problems import Problem


def report(problems: Sequence[Problem], as_json: bool = False) -> int:
    """Print the problems and return the exit code: 1 if there are any, otherwise 0."""
    if as_json:
        said = {"valid": not problems, "problems": [p.as_dict() for p in problems]}
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            print(problem)
        if problems:
            print(f"{len(problems)} problem{'s' * (len(problems) > 1)}", file=sys.stderr)
    return 1 if problems else 0
