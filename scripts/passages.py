"""Places in a source: the ``at`` of a coding sheet, and the held texts that it points into."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from scripts.problems import BadData, Problem
from scripts.tableschema import ROOT

# Where the held texts lie unless --sources says otherwise: beside the repository, never in it.
SOURCES = ROOT.parent / "shared" / "sources"
SPANS = re.compile(r"[0-9]+-[0-9]+(?:;[0-9]+-[0-9]+)*")


@dataclass(frozen=True)
class HeldText:
    """The text of a source, as hashed in ``sources.csv``. Offsets count Unicode code points, half-open."""

    source_id: str
    text: str

    def passage(self, spans: tuple[tuple[int, int], ...]) -> str:
        """The cited text; several spans are joined by a line feed, so that no match runs across a gap."""
        return "\n".join(self.text[start:end] for start, end in spans)


def sha256(data: bytes | str) -> str:
    """Hexadecimal SHA-256 of bytes, or of text in UTF-8."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def parse_spans(at: str, length: int) -> tuple[tuple[tuple[int, int], ...], tuple[str, str] | None]:
    """The spans that ``at`` writes as ``start-end;start-end``, or the fault and its remedy.

    ``length`` is that of the text in code points. Spans must not be empty, must not overlap, and stand in order.
    """
    if not SPANS.fullmatch(at):
        return (), (f'"{at[:60]}" is not start-end offsets', "write 120-184, several joined by ; (python -m scripts locate prints them)")
    spans = tuple((int(a), int(b)) for a, b in (part.split("-") for part in at.split(";")))
    for start, end in spans:
        if start >= end:
            return (), (f"the span {start}-{end} is empty", "let the end be greater than the start")
        if end > length:
            return (), (f"the span {start}-{end} goes past the end of the text ({length} characters)", "look the passage up with python -m scripts locate")
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            return (), (f"the spans in {at} overlap or are out of order", "join them or put them in order")
    return spans, None


def read_held_texts(folder: Path | None, sources: list[dict], file: str) -> dict[str, HeldText]:
    """The held texts found in ``folder`` by source; those not there are left out.

    Raises BadData where a file is there but is not the one hashed in ``sources.csv``.
    """
    held: dict[str, HeldText] = {}
    problems = []
    for source in sources:
        name = source.get("text_file")
        path = folder / name if folder and name else None
        if path is None or not path.is_file():
            continue
        data = path.read_bytes()
        if sha256(data) != source["sha256"]:
            problems.append(Problem(file, source["_line"], "sha256", f"{name} is not the text that was coded: its SHA-256 is {sha256(data)}", "bring back the text that was coded, or code the new one as a new source", "held-text"))
            continue
        text = data.decode("utf-8")
        if len(text) != source["characters"]:
            problems.append(Problem(file, source["_line"], "characters", f"{name} has {len(text)} characters, not {source['characters']}", f"write {len(text)}", "held-text"))
            continue
        held[source["source_id"]] = HeldText(source["source_id"], text)
    if problems:
        raise BadData(problems)
    return held
