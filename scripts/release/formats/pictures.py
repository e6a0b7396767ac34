"""The pictures of the pages, as SVG and PNG."""

from __future__ import annotations

from pathlib import Path

from scripts.package.loaded import Contents
from scripts.pages.pictures import write_pictures
from scripts.release.exporter import Exporter


class Pictures(Exporter):
    """A file for each chart, language and kind of picture."""

    name = "pictures"
    made = "pictures"
    description = "charts in English and Korean as SVG and PNG"

    def write(self, contents: Contents, path: Path) -> None:
        """Draw the charts."""
        write_pictures(contents, path, png=True)


EXPORTERS = (Pictures(),)
