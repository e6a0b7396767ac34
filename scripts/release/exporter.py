"""What a format of the release is: a class with a name, the file or folder that it writes, a line of
description, what it can hold, and how it is written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from scripts.package.loaded import Contents
from scripts.release.limits import Limits


class Exporter(ABC):
    """A format.

    ``made``: the ending of its one file, with the dot (``.sqlite``), or the name of its folder (``jsonl``).
    ``description``: a line of Markdown for the README of the release. ``limits``: None where it can hold
    whatever the package can.
    """

    name: str
    made: str
    description: str
    limits: Limits | None = None

    @property
    def is_folder(self) -> bool:
        """Say whether the format is a folder of files, which is a zip in a release."""
        return not self.made.startswith(".")

    def released_as(self, stem: str) -> str:
        """Return the name of its file in a release; ``stem`` is name and version of the package."""
        return f"{stem}-{self.made}.zip" if self.is_folder else f"{stem}{self.made}"

    @abstractmethod
    def write(self, contents: Contents, path: Path) -> None:
        """Write the file ``path``, which does not exist, or files into ``path``, an empty folder."""
