"""What is wrong with an input, where, and how to fix it."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple


class Flaw(NamedTuple):
    """What is wrong with a value, wherever it is, and how to fix it."""

    message: str
    fix: str


class Refused(ValueError):
    """A value is refused while it is read: carries the flaw."""

    def __init__(self, message: str, fix: str) -> None:
        self.flaw = Flaw(message, fix)
        super().__init__(message)


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in one place.

    ``file`` is shown as given (relative to the repository where it is inside);
    ``row`` is the line of the file, 1 for the header, 0 where no line applies;
    ``column`` is the name of the column, empty where none applies.
    """

    file: str
    row: int
    column: str
    message: str
    fix: str
    rule: str

    def __post_init__(self) -> None:
        # What was read may hold anything; a message is one line that every terminal and encoding can bear.
        for name in ("file", "column", "message", "fix"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f":{self.row}"
        if self.column:
            place += f":{self.column}"
        return f"{place}: {self.message}; {self.fix}"

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields by name, for ``--json``."""
        return asdict(self)


class BadData(Exception):
    """The data is wrong: carries every problem found. Exit code 1."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class CannotRun(Exception):
    """The command could not do its work (a file missing, a bad argument). Exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class Gone(Exception):
    """The requested row was removed; a tombstone says why and what replaced it. Exit code 1."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def one_line(text: str, limit: int = 2_000) -> str:
    """Return ``text`` with line breaks, control characters and surrogates as escapes, cut at ``limit``."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def shown(path: Path | str, root: Path | None = None) -> str:
    """Return ``path`` as a person would name it: relative to ``root`` or the working folder if inside."""
    path = Path(path)
    try:
        here = Path.cwd()
    except FileNotFoundError:
        # The working folder was deleted under us.
        here = None
    for base in (root, here):
        if base is not None and path.is_absolute():
            try:
                return path.relative_to(base).as_posix()
            except ValueError:
                continue
    return path.as_posix() if not path.is_absolute() else os.fspath(path)


def brief(value: object, limit: int = 60) -> str:
    """Return a value for a message: quoted, control characters as escapes, cut at ``limit``."""
    return '"' + one_line(str(value), limit) + '"'
