"""Faults of a single cell that can be typed, but is not what its column allows: pattern, list of values,
bounds, required.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scripts.model.tables import Field
from tests.mutants.damage import forge, forge_table
from tests.mutants.operator import Mutant, Place, operator, register
from tests.mutants.typing_faults import (
    Spoil,
    after,
    before,
    cell_mutant,
    chosen,
    instead,
    is_prose,
    register_spoil,
)
from tests.mutants.world import Sheet, World

WHOLE_LINE = "The cells are the right ones; the line that is written otherwise is named, no column."
# Latin letters and Cyrillic ones that look the same.
ALIKE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


def look_alike(field: Field, text: str) -> str | None:
    """One letter inside a Latin word exchanged for its Cyrillic double; None where no such letter has one."""
    at = re.search("(?<=[A-Za-z])[aceopxyABCEHKMOPTX]|[aceopxyABCEHKMOPTX](?=[A-Za-z])", text)
    return None if at is None else text[: at.start()] + at[0].translate(ALIKE) + text[at.end() :]


def grade_alike(field: Field, text: str) -> str | None:
    """A value of one letter exchanged whole."""
    return text.translate(ALIKE) if len(text) == 1 and text.translate(ALIKE) != text else None


def forms(*allowed: str, refused: str) -> Callable[[Field], bool]:
    """Columns whose pattern allows each of ``allowed`` and not ``refused``."""
    return lambda field: (
        field.fullmatch is not None
        and all(field.fullmatch.match(a) for a in allowed)
        and not field.fullmatch.match(refused)
    )


slug = forms("kor-usa-2025", "a", refused="Kor")
code = forms("KOR", refused="KOREA")
address = forms("https://example.org/", refused="example.org")
hashed = forms("0" * 64, refused="0" * 63)
date_text = forms("2025", "2025-03", "2025-03-04", refused="2025-3")
hour = forms("19:07", refused="25:00")
zone = forms("Asia/Seoul", refused="seoul")
name_of_table = forms("funding_parties", refused="Funding")

PATTERNS: list[tuple[str, str, Callable[[Field], bool], Spoil]] = [
    ("id-upper-case", "An id with a capital.", slug, lambda f, t: t.upper()),
    ("id-underscore", "An id with an underscore.", slug, after("_x")),
    ("id-hyphen-at-end", "An id that ends with a hyphen.", slug, after("-")),
    ("id-two-hyphens", "An id with two hyphens together.", slug, after("--x")),
    ("id-with-space", "An id with a space inside.", slug, after(" x")),
    ("id-in-korean", "An id in Hangul.", slug, after("-한국")),
    ("code-lower-case", "A code of country or currency in small letters.", code, lambda f, t: t.lower()),
    ("code-too-short", "A code of two letters for one of three.", code, lambda f, t: t[:2]),
    ("address-without-scheme", "An address without http.", address, lambda f, t: t.split("//", 1)[1]),
    ("address-with-space", "An address with a space.", address, after(" x")),
    ("address-in-korean", "An address with Hangul not encoded.", address, after("한국")),
    ("hash-cut", "A hash with its last digit lost.", hashed, lambda f, t: t[:-1]),
    ("hash-upper-case", "A hash in capitals.", hashed, lambda f, t: "A" + t[1:]),
    ("hash-not-hexadecimal", "A hash with a letter that is no digit.", hashed, lambda f, t: "g" + t[1:]),
    ("date-text-month-13", "A thirteenth month in a date of reduced precision.", date_text,
     instead("2025-13")),
    ("date-text-one-digit", "A month of one digit in a date of reduced precision.", date_text,
     instead("2025-3")),
    ("date-text-range", "A range in a date of reduced precision.", date_text, instead("2025/2026")),
    ("date-text-words", "A season in a date of reduced precision.", date_text, instead("Spring 2025")),
    ("hour-25", "An hour that no day has.", hour, instead("25:00")),
    ("hour-without-zero", "An hour without its leading zero.", hour, instead("9:07")),
    ("time-zone-offset", "An offset for the name of a time zone.", zone, lambda f, t: "UTC9:00"),
    ("name-of-table-capital", "The name of a table or column with a capital.", name_of_table, lambda f,
     t: t.capitalize()),
]  # fmt: skip
for _name, _sentence, _fits, _spoil in PATTERNS:
    register_spoil("form", _name, _sentence, _fits, _spoil, "pattern")


def has_enum(field: Field) -> bool:
    return bool(field.enum)


ENUMS: list[tuple[str, str, Spoil]] = [
    ("value-unknown", "A value that its list does not have.", after("_x")),
    ("value-capital", "A value of a list with another case.", lambda f, t: t.swapcase()),
    ("value-plural", "A value of a list in the plural.", after("s")),
    ("value-with-space", "A value of a list with a space for the underscore.", lambda f,
     t: t.replace("_", " ") if "_" in t else t + " x"),
    ("grade-look-alike", "A value of one letter in a Cyrillic letter that looks the same.", grade_alike),
    ("value-in-korean", "A value of a list in Korean.", instead("기타")),
    ("value-is-label", "A word for missing where a value of a list is asked for.", instead("NA")),
]  # fmt: skip
for _name, _sentence, _spoil in ENUMS:
    register_spoil("form", _name, _sentence, has_enum, _spoil, "enum")

register_spoil(
    "text",
    "text-look-alike",
    "A word with a Cyrillic letter that looks like a Latin one.",
    is_prose,
    lambda f, t: look_alike(f, t) or t + " сo",
)
register_spoil(
    "text", "id-look-alike", "An id with a Cyrillic letter that looks like a Latin one.", slug, look_alike
)
register_spoil(
    "text", "code-look-alike", "A code with a Cyrillic letter that looks like a Latin one.", code, look_alike
)
register_spoil(
    "text",
    "value-look-alike",
    "A value of a list with a Cyrillic letter that looks like a Latin one.",
    has_enum,
    look_alike,
)
register_spoil("text", "text-full-width", "A Latin word in full-width letters.", is_prose, before("Ｋ"))
register_spoil(
    "form",
    "below-minimum",
    "A number under the least that its column allows.",
    lambda f: f.minimum is not None,
    lambda f, t: str(f.minimum - 1),
    "minimum",
)
register_spoil(
    "form",
    "above-maximum",
    "A number over the most that its column allows.",
    lambda f: f.maximum is not None,
    lambda f, t: str(f.maximum + 1),
    "maximum",
)


def _required_emptied(world: World) -> Iterator[Mutant]:
    def at(sheet: Sheet, columns: list[str]) -> Iterator[Mutant]:
        for column in columns:
            yield cell_mutant(world, sheet, sheet.pick("required-emptied", column), column, "", "required")

    for sheet in world.tables.values():
        yield from at(sheet, [n for n in sheet.needed if n not in sheet.table.primary_key])
    for sheet in world.seed_types("required-emptied"):
        fields = [f for f in sheet.fields if f.name in sheet.needed and f.name not in sheet.table.primary_key]
        yield from at(sheet, [f.name for f in chosen("required-emptied", sheet, fields)])


register("required-emptied", "form", "A cell emptied that may not be empty.", _required_emptied)


@operator("form", "A part of the key emptied.")
def null_in_key(world: World) -> Iterator[Mutant]:
    for sheet in [*world.tables.values(), *world.seed_types("null-in-key")]:
        for column in sheet.table.primary_key:
            yield cell_mutant(world, sheet, sheet.pick("null-in-key", column), column, "", "required")


def _written_otherwise(
    world: World, change: Callable[[list[str], list[str]], str | None]
) -> Iterator[Mutant]:
    """One line of each table written in another form that means the same; ``change`` gets its text and its
    cells.
    """
    for name, sheet in world.tables.items():
        lines = world.files[sheet.file].decode("utf-8").split("\n")
        for i, cells in enumerate(sheet.csv.rows, start=1):
            line = change(lines[i].split(","), list(cells))
            if line is not None:
                data = "\n".join([*lines[:i], line, *lines[i + 1 :]]).encode()
                yield Mutant(
                    "data",
                    name,
                    lambda n=name, d=data: forge(world, n, d),
                    (Place(sheet.file, i + 1, "", "canonical"),),
                )
                break


@operator(
    "form",
    "A missing cell written as a pair of quotes: the same value, but not the one form of the file.",
    WHOLE_LINE,
)
def empty_in_quotes(world: World) -> Iterator[Mutant]:
    return _written_otherwise(
        world, lambda parts, cells: ",".join(p or '""' for p in parts) if "" in cells else None
    )


@operator("form", "A cell in quotes that needs none.", WHOLE_LINE)
def needless_quotes(world: World) -> Iterator[Mutant]:
    return _written_otherwise(world, lambda parts, cells: ",".join([f'"{parts[0]}"', *parts[1:]]))


@operator("form", "A value that must be the only one of its kind stands in a second row too.")
def value_not_unique(world: World) -> Iterator[Mutant]:
    for sheet in world.tables.values():
        for keys, rule in (
            (((f.name,) for f in sheet.fields if f.unique), "unique"),
            (sheet.table.unique_keys, "unique-key"),
        ):
            for columns in keys:
                csv = sheet.csv
                filled = [i for i in range(len(csv.rows)) if all(csv.cell(i, c) for c in columns)]
                if not filled or len(csv.rows) < 2:
                    continue
                other = next(i for i in range(len(csv.rows)) if i != filled[0])
                for c in columns:
                    csv = csv.put(other, c, csv.cell(filled[0], c))
                place = Place(sheet.file, max(other, filled[0]) + 2, ",".join(columns), rule)
                yield Mutant(
                    "data",
                    f"{sheet.name}.{','.join(columns)}",
                    lambda s=sheet, c=csv: forge_table(world, s.name, c),
                    (place,),
                )
