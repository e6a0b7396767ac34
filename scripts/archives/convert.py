"""Make the held texts of the sources out of archives at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scripts.archives.plain_text import NotText, plain_text
from scripts.archives.reader import Archive, Wanted
from scripts.model.problems import Problem, brief
from scripts.model.seeds import Record
from scripts.store.files import sha256

RULE = "held-text"


@dataclass
class Converted:
    """Texts by file name, the sources that no archive had, and what is wrong with the rest."""

    texts: dict[str, bytes] = field(default_factory=dict)
    missing: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def convert(archives: Iterable[Archive], sources: Iterable[Record], file: str) -> Converted:
    """Return the plain text of every source that stands in one of the archives.

    ``sources`` are rows of ``file``, the list of sources. A file is found by its path, or in a folder by the
    hash of its text. A text that has another hash or length than its row says is a problem.
    """
    made = Converted()
    left = [s for s in sources if s["archive_path"]]
    for archive in archives:
        found = archive.read([Wanted(s["archive_commit"] or "HEAD", s["archive_path"]) for s in left])
        pairs = list(zip(left, found, strict=True))
        left = [source for source, data in pairs if data is None]
        for source, data in pairs:
            if data is not None:
                _add(made, source, data, file)
        if left:
            left = _recognized(made, archive, left)
    made.missing = left
    return made


def _file_name(source: Record) -> str:
    return source["text_file"] or f"{source['source_id']}.txt"


def _add(made: Converted, source: Record, data: bytes, file: str) -> None:
    """Convert one file and compare it with what its row says."""

    def report(column: str, message: str, fix: str) -> None:
        made.problems.append(Problem(file, source["_line"], column, message, fix, RULE))

    try:
        text = plain_text(data, source["archive_path"], source["url"])
    except NotText as why:
        report("archive_path", f"{brief(source['archive_path'])}: {why}", "name another file of the archive")
        return
    given, characters = sha256(text), len(text)
    if source["sha256"] and source["sha256"] != given:
        message = f"the text of {source['source_id']} has the SHA-256 {given}"
        report(
            "sha256", message, "take the archive at archive_commit, or code the changed text as a new source"
        )
    elif source["characters"] and source["characters"] != characters:
        report("characters", f"the text of {source['source_id']} has {characters}", f"write {characters}")
    else:
        made.texts[_file_name(source)] = text.encode()
        if not source["sha256"]:
            name = f"{source['source_id']}.txt"
            fix = f"write {name} in text_file, {given} in sha256 and {characters} in characters"
            report("sha256", f"the text of {source['source_id']} is new", fix)


def _recognized(made: Converted, archive: Archive, left: Sequence[Record]) -> list[Record]:
    """Look for texts in files of other names; return the sources still missing.

    The item of a feed may lie there as a page of its own, which has no title: then that of the source is put
    before it, and the hash tells whether it belongs there.
    """
    wanted = {s["sha256"]: s for s in left if s["sha256"]}
    titles = {s["title"] for s in left if s["title"] and s["archive_path"].endswith(".rss")}
    for name, data in archive.others():
        if not wanted:
            break
        try:
            text = plain_text(data, name)
        except NotText:
            continue
        for whole in (text, *(f"{title}\n{text}" for title in titles)):
            if source := wanted.pop(sha256(whole), None):
                made.texts[_file_name(source)] = whole.encode()
    return [s for s in left if not s["sha256"] or s["sha256"] in wanted]
