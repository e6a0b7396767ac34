"""Places in a source: the ``at`` of a coding sheet, and the held texts and transcribed passages that it
points to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.model.problems import BadData, Problem, brief, shown
from scripts.model.seeds import Record
from scripts.store.files import entries, read_inside, sha256
from scripts.techpacts.nearest import did_you_mean

# Where the held texts lie unless --sources says otherwise: beside the repository, never in it. Those that
# python -m scripts texts makes out of public archives have a folder of their own.
TEXTS = ROOT.parent / "texts"
SOURCES = (ROOT.parent / "shared" / "sources", TEXTS)
# Passages that coders transcribed from documents not held as a whole, a file for each source.
PASSAGES = ROOT.parent / "passages"
# What somebody meant as the place of a passage, well written or not.
AT_SIGN = re.compile(r"\s*[@＠]")
SPANS = re.compile(r"[0-9]+-[0-9]+(?:;[0-9]+-[0-9]+)*")


@dataclass(frozen=True)
class HeldText:
    """The text of a source, as hashed in ``sources.csv``. Offsets count Unicode code points, half-open."""

    source_id: str
    text: str

    def passage(self, at: str) -> str:
        """Return the cited text; spans are joined by a line feed, so that no match runs across a gap."""
        spans, _ = parse_spans(at, len(self.text))
        return "\n".join(self.text[start:end] for start, end in spans)

    def cut_word(self, spans: Iterable[tuple[int, int]]) -> str | None:
        """Return the first of the spans that begins or ends inside a word or with a blank; None if none does.

        Korean puts particles to its nouns, so only words in Latin letters and numbers are looked at.
        """
        for start, end in spans:
            edges = (self.text[start - 1 : start + 1] if start else "", self.text[end - 1 : end + 1])
            inside = any(len(e) == 2 and e.isascii() and e.isalnum() for e in edges)
            if inside or self.text[start].isspace() or self.text[end - 1].isspace():
                return f"{start}-{end}"
        return None


@dataclass(frozen=True)
class Transcript:
    """Passages of a source, transcribed word for word, by the place where they stand in the document.

    White space is collapsed and Unicode composed (NFC), so that whoever finds the passage in another copy
    gets the same hash.
    """

    source_id: str
    passages: dict[str, str]

    def passage(self, at: str) -> str | None:
        """Return the cited passages, joined by a line feed; None where a place is not transcribed."""
        found = [self.passages.get(place) for place in parse_places(at)[0]]
        return None if None in found else "\n".join(p for p in found if p is not None)


def parse_spans(at: str, length: int | None) -> tuple[tuple[tuple[int, int], ...], tuple[str, str] | None]:
    """Return the spans that ``at`` writes as ``start-end;start-end``, or the fault and its remedy.

    ``length`` is that of the text in code points, None where it is not known. Spans must not be empty, must
    not overlap, and stand in order.
    """
    if not SPANS.fullmatch(at):
        return (), (
            f'"{at[:60]}" is not start-end offsets',
            "write 120-184, several joined by ; (python -m scripts locate prints them)",
        )
    spans = tuple((int(a), int(b)) for a, b in (part.split("-") for part in at.split(";")))
    for start, end in spans:
        if start >= end:
            return (), (f"the span {start}-{end} is empty", "let the end be greater than the start")
        if length is not None and end > length:
            return (), (
                f"the span {start}-{end} goes past the end of the text ({length} characters)",
                "look the passage up with python -m scripts locate",
            )
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            return (), (f"the spans in {at} overlap or are out of order", "join them or put them in order")
    return spans, None


def parse_places(at: str) -> tuple[list[str], tuple[str, str] | None]:
    """Return the places in words that ``at`` joins by ``; ``, or the fault and its remedy."""
    places = at.split("; ")
    if any(not p.strip() or p != p.strip() or ";" in p or p.startswith("@") for p in places) or len(
        set(places)
    ) < len(places):
        return [], (
            f'"{at[:60]}" does not name places',
            "write each place as in the file of passages, once, several joined by a semicolon and a space",
        )
    return places, None


def parse_transcript(source_id: str, text: str, file: str) -> Transcript:
    """Read a file of passages: a line ``@ place``, then the passage. Raises BadData with every fault."""
    passages: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    place: str | None = None

    def report(line: int, message: str, fix: str) -> None:
        problems.append(Problem(file, line, "", message, fix, "passages"))

    for number, line in enumerate(text.split("\n"), start=1):
        if AT_SIGN.match(line) and not (line.startswith("@ ") and line[2:].strip()):
            meant = line.strip().lstrip("@＠ \t") or "place"
            message = f"{brief(line.strip())} begins with @ but does not name a place"
            report(number, message, f"write '@ {meant}', with one blank after the @")
            # What is written under it is not to blame.
            place = place or ""
        elif line.startswith("@ "):
            place = line[2:].strip()
            if parse_places(place)[1] or len(parse_places(place)[0]) != 1 or len(place) > 80:
                message = f'"{place[:60]}" cannot be the name of a place'
                report(number, message, "write up to 80 characters without a semicolon")
            if place in passages:
                message = f'duplicate place "{place[:60]}" (first in row {lines[place]})'
                report(number, message, "give each place once")
            passages[place], lines[place] = "", number
        elif place is None and line.strip():
            report(number, "the passage has no place", "put a line '@ place' above it")
            place = ""
        elif place:
            passages[place] += line + "\n"
    for name, passage in passages.items():
        passages[name] = unicodedata.normalize("NFC", " ".join(passage.split()))
        if not passages[name]:
            message = f'there is nothing under the place "{name[:60]}"'
            report(lines[name], message, "transcribe the passage or remove the place")
    if problems:
        raise BadData(problems)
    return Transcript(source_id, passages)


def read_transcripts(folder: Path | None, sources: list[Record]) -> dict[str, Transcript]:
    """Return the files of passages found in ``folder`` (``SOURCE_ID.txt``) by source, without those missing.

    Raises BadData with every fault of every file.
    """
    found: dict[str, Transcript] = {}
    problems: list[Problem] = []
    for source_id in (s["source_id"] for s in sources if folder and s["held"] == "passages"):
        path = Path(folder or "", f"{source_id}.txt")
        if not path.is_file():
            continue
        file = shown(path, ROOT)
        data = read_inside(path, path.parent, file)
        try:
            found[source_id] = parse_transcript(source_id, data.decode("utf-8-sig"), file)
        except UnicodeDecodeError as error:
            line, message = data.count(b"\n", 0, error.start) + 1, f"it is not UTF-8 (byte {error.start})"
            problems.append(Problem(file, line, "", message, "save it as UTF-8", "passages"))
        except BadData as bad:
            problems += bad.problems
    if problems:
        raise BadData(problems)
    return found


def stray_passages(folder: Path | None, sources: list[Record]) -> list[Problem]:
    """Report what lies in the folder of passages and belongs to no source: nobody would ever read it."""
    wanted = {f"{s['source_id']}.txt" for s in sources if s["held"] == "passages"}
    held = {s["source_id"]: s["held"] for s in sources}
    problems = []
    for path in entries(folder, shown(folder, ROOT)) if folder and folder.is_dir() else []:
        name = path.name.partition(".")[0]
        if path.name in wanted:
            continue
        if held.get(name, "passages") != "passages":
            message = f"it is not read: sources.csv says of {name} that {held[name]} is held"
            fix = "write passages in held, or move the file elsewhere"
        else:
            message = "no source has this file of passages"
            otherwise = "name it SOURCE_ID.txt after a source that holds passages, or move it elsewhere"
            fix = did_you_mean(path.name, wanted, otherwise)
        problems.append(Problem(shown(path, ROOT), 0, "", message, fix, "passages"))
    return problems


def read_held_texts(folders: Iterable[Path], sources: list[Record], file: str) -> dict[str, HeldText]:
    """Return the held texts found in ``folders`` by source; those not there are left out.

    Raises BadData where a file is there but is not the one hashed in ``file``, the list of ``sources``.
    """
    held: dict[str, HeldText] = {}
    problems: list[Problem] = []

    def report(source: Record, column: str, message: str, fix: str) -> None:
        problems.append(Problem(file, source["_line"], column, message, fix, "held-text"))

    there = {p.name.casefold(): p for folder in folders if folder.is_dir() for p in folder.iterdir()}
    for source in (s for s in sources if there and s.get("text_file")):
        name = source["text_file"]
        path = there.get(name.casefold())
        if path is None or not path.is_file():
            continue
        if path.name != name:
            # The folder may hold anything else, but a name in other letters is meant as this one.
            message = f"there is no {brief(name)} in the folder of texts, but {brief(path.name)}"
            report(source, "text_file", message, "rename the file, or correct text_file")
            continue
        data = read_inside(path, path.parent, shown(path, ROOT))
        if sha256(data) != source["sha256"]:
            message = f"{name} is not the text that was coded: its SHA-256 is {sha256(data)}"
            fix = "bring back the text that was coded, or code the new one as a new source"
            report(source, "sha256", message, fix)
        elif (length := len(text := data.decode("utf-8"))) != source["characters"]:
            message = f"{name} has {length} characters, not {source['characters']}"
            report(source, "characters", message, f"write {length}")
        else:
            held[source["source_id"]] = HeldText(source["source_id"], text)
    if problems:
        raise BadData(problems)
    return held
