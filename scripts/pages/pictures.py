"""Draw the pictures: five charts in English and in Korean, written as SVG and PNG."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.package.loaded import LANGUAGES, Contents
from scripts.pages.picture_charts import charts
from scripts.pages.picture_rows import ROWS
from scripts.store.files import sha256

FOLDER = "docs/reference/pictures"
# Has the hash of what the pictures show, so that nobody needs the font to see whether they are current.
NOTE = "README.md"


def _numbered_anew(svg: str) -> str:
    """Return ``svg`` with its gradients numbered from 0: the renderer counts on from picture to picture."""
    ids = list(dict.fromkeys(re.findall(r"gradient_\d+", svg)))
    return re.sub(r"gradient_\d+", lambda m: f"gradient_{ids.index(m[0])}", svg)


def note(contents: Contents) -> bytes:
    """Return what the folder of the pictures says of them: the hash of the rows that they show."""
    shown = "".join(rows(contents, lang).write_csv() for lang in LANGUAGES for rows in ROWS.values())
    text = (
        f"Drawn by `python -m scripts pictures`; do not edit. SHA-256 of the rows shown: `{sha256(shown)}`.\n"
    )
    return text.encode("utf-8")


def drawn_from_earlier_data(contents: Contents, folder: Path = ROOT) -> bool:
    """Whether the pictures of the repository show other rows than the data now give."""
    path = folder / FOLDER / NOTE
    return not path.is_file() or path.read_bytes() != note(contents)


def write_pictures(contents: Contents, folder: Path, *, png: bool = False) -> list[str]:
    """Write ``NAME-LANGUAGE.svg`` for every chart into ``folder``, with ``png`` as PNG too.

    Returns the names of the files.
    """
    (folder / NOTE).write_bytes(note(contents))
    names = [NOTE]
    for language in LANGUAGES:
        for name, chart in charts(contents, language).items():
            for ending in ("svg", "png") if png else ("svg",):
                path = folder / f"{name}-{language}.{ending}"
                chart.save(path, scale_factor=2)
                if ending == "svg":
                    path.write_text(_numbered_anew(path.read_text("utf-8")), "utf-8", newline="\n")
                names.append(path.name)
    return names
