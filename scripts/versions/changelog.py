"""What changed between two versions, in words for the changelog."""

from __future__ import annotations

from collections import Counter

from scripts.model.problems import brief
from scripts.techpacts.markup import code, markdown
from scripts.versions.change import REASONS, Change
from scripts.versions.reading import Version

# Of the values that changed so many of a table are named in the changelog; the file has all.
NAMED = 12


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def _value(cell: str) -> str:
    return markdown(brief(cell)) if cell else "empty"


def changelog(old: Version, new: Version, found: list[Change]) -> str:
    """The changes as a section of the changelog, Markdown."""
    given = new.descriptor
    lines = [f"## {given.get('version', new.name)} ({str(given.get('created', ''))[:10]})", ""]
    if not found:
        return "\n".join([*lines, f"No cell differs from {old.descriptor.get('version', old.name)}."]) + "\n"
    for table in dict.fromkeys(c.table for c in found):
        mine = [c for c in found if c.table == table]
        kinds = Counter(c.kind for c in mine)
        told = [
            _counted(number, kind.split("_")[0]) + " " + kind.split("_")[1]
            for kind, number in kinds.items()
            if kind.startswith(("row", "cell"))
        ]
        told += [
            f"{c.kind.replace('_', ' ')} {code(c.field or c.table)}"
            + (f" ({markdown(c.old)} to {markdown(c.new)})" if c.new else "")
            for c in mine
            if not c.kind.startswith(("row", "cell"))
        ]
        lines.append(f"- {code(table)}: {', '.join(told)}.")
        cells = [
            c for c in mine if c.kind.startswith("cell") and c.reason not in {"derived", "wording", "listed"}
        ]
        lines += [
            f"  - {code(c.row_id)}, {markdown(c.field)}: {_value(c.old)} to {_value(c.new)}"
            f" ({REASONS[c.reason]})."
            for c in cells[:NAMED]
        ]
        if len(cells) > NAMED:
            lines.append(f"  - and {_counted(len(cells) - NAMED, 'cell')} more, in the change file.")
        gone = [c for c in mine if c.reason == "tombstone"]
        lines += [
            f"  - {code(c.row_id)} is removed" + (f"; see {code(c.new)}." if c.new else ".")
            for c in gone[:NAMED]
        ]
        if len(gone) > NAMED:
            lines.append(
                f"  - and {_counted(len(gone) - NAMED, 'row')} more that have tombstones, in the change file."
            )
    return "\n".join(lines) + "\n"
