"""What changed between two versions, in words for the changelog."""

from __future__ import annotations

from collections import Counter

from scripts.model.problems import brief
from scripts.package.version_number import release_of
from scripts.techpacts.markup import code, markdown
from scripts.versions.change import REASONS, Change
from scripts.versions.reading import Version

# So many of the changed values of a table are named in the changelog; the change file has all.
NAMED = 12


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def _value(cell: str) -> str:
    return markdown(brief(cell)) if cell else "empty"


def _summary(found: list[Change]) -> str:
    """Count the changes of rows and cells of a table, and name those of its declaration."""
    kinds = Counter(c.kind for c in found)
    parts = [
        f"{_counted(number, kind.split('_')[0])} {kind.split('_')[1]}"
        for kind, number in kinds.items()
        if kind.startswith(("row", "cell"))
    ]
    for c in found:
        if not c.kind.startswith(("row", "cell")):
            values = f" ({markdown(c.old)} to {markdown(c.new)})" if c.new else ""
            parts.append(f"{c.kind.replace('_', ' ')} {code(c.field or c.table)}{values}")
    return ", ".join(parts)


def _named(lines: list[str], word: str, which: str = "") -> list[str]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - NAMED
    rest = [f"  - and {_counted(more, word)} more{which}, in the change file."] if more > 0 else []
    return lines[:NAMED] + rest


def _of_table(table: str, found: list[Change]) -> list[str]:
    cells = [
        f"  - {code(c.row_id)}, {markdown(c.field)}: {_value(c.old)} to {_value(c.new)}"
        f" ({REASONS[c.reason]})."
        for c in found
        if c.kind.startswith("cell") and c.reason not in {"derived", "wording", "listed"}
    ]
    removed = [
        f"  - {code(c.row_id)} is removed{f'; see {code(c.new)}' if c.new else ''}."
        for c in found
        if c.reason == "tombstone"
    ]
    head = f"- {code(table)}: {_summary(found)}."
    return [head, *_named(cells, "cell"), *_named(removed, "row", " that have tombstones")]


def changelog(old: Version, new: Version, found: list[Change]) -> str:
    """Return the changes as a section of the changelog, Markdown, under the release that is to come."""
    version = release_of(new.descriptor.get("version", new.name))
    lines = [f"## {version} ({str(new.descriptor.get('created', ''))[:10]})", ""]
    for table in dict.fromkeys(c.table for c in found):
        lines += _of_table(table, [c for c in found if c.table == table])
    if not found:
        lines.append(f"No cell differs from {old.descriptor.get('version', old.name)}.")
    return "\n".join(lines) + "\n"
