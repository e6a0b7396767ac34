"""Where this project and frictionless judge the same file differently: the whole list, each with its reason
and an example.

``python -m tests.disagreements`` prints the table; with ``--write`` it goes to
``docs/reference/disagreements.md``.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from scripts.model.paths import ROOT
from scripts.model.tables import ForeignKey, Table
from tests.corpus import sound_row
from tests.faults.csvs import to_csv
from tests.mini import TABLES
from tests.secondopinion import Difference

REPORT = ROOT / "docs/reference/disagreements.md"
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """Tables and their files."""

    tables: Mapping[str, Table]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Disagreement:
    """One kind of disagreement: which side reports, why, how it is known, and a case that has it and no
    other.
    """

    name: str
    side: str
    shown: str
    why: str
    recognises: Callable[[Difference], bool]
    example: Case


def _rows(table: Table, *rows: Cells) -> bytes:
    """A CSV whose rows are typical but for the given cells."""
    return to_csv(table.names, [[{**sound_row(table.name), **row}[n] for n in table.names] for row in rows])


def _case(name: str, *rows: Cells, spoil: Callable[[bytes], bytes] = lambda data: data) -> Case:
    """One table, alone; its references are left out."""
    table = replace(
        TABLES[name],
        foreign_keys=(),
        declaration={k: v for k, v in TABLES[name].declaration.items() if k != "foreignKeys"},
    )
    return Case({name: table}, {name: spoil(_rows(table, *rows))})


def _two(countries: bytes, places: bytes) -> Case:
    """Places and the countries they refer to."""
    return Case({n: TABLES[n] for n in ("countries", "places")}, {"countries": countries, "places": places})


COUNTRY = _rows(TABLES["countries"], {})
PLACE = _rows(TABLES["places"], {})


def _with_pattern(pattern: str, text: str) -> Case:
    """Places whose ``name_en`` has a pattern."""
    plain = _case("places", {"name_en": text})
    table = plain.tables["places"]
    fields = [
        {**f, "constraints": {**f["constraints"], "pattern": pattern}} if f["name"] == "name_en" else f
        for f in table.declaration["fields"]
    ]
    changed = replace(
        table,
        fields=tuple(replace(f, pattern=pattern) if f.name == "name_en" else f for f in table.fields),
        declaration={**table.declaration, "fields": fields},
    )
    return Case({"places": changed}, plain.files)


def _with_key_of_two() -> Case:
    """Parties that refer to a domain of their agreement by a key of two columns, the second of which is
    empty.
    """
    key = {
        "fields": ["agreement_id", "acceded_on"],
        "reference": {"resource": "agreement_domains", "fields": ["agreement_id", "domain_id"]},
    }
    parent, child = (
        _case(n, {"acceded_on": ""} if n == "parties" else {}) for n in ("agreement_domains", "parties")
    )
    table = replace(
        child.tables["parties"],
        foreign_keys=(ForeignKey(tuple(key["fields"]), "agreement_domains", ("agreement_id", "domain_id")),),
        declaration={**child.tables["parties"].declaration, "foreignKeys": [key]},
    )
    return Case({**parent.tables, "parties": table}, {**parent.files, **child.files})


def _ours(d: Difference, rule: str, kind: str | None = None) -> bool:
    return (
        d.side == "ours"
        and d.rules == {rule}
        and (kind is None or (d.field is not None and d.field.type == kind))
    )


def _python_reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, InvalidOperation):
        return False
    return True


def _text(recognised: Callable[[str], object]) -> Callable[[Difference], bool]:
    return lambda d: _ours(d, "lexical", "string") and bool(recognised(d.text))


def _typed(kind: str, recognised: Callable[[str], object]) -> Callable[[Difference], bool]:
    return lambda d: _ours(d, "lexical", kind) and bool(recognised(d.text))


def _file(rule: str, recognised: Callable[[bytes], object]) -> Callable[[Difference], bool]:
    return lambda d: d.side == "ours" and d.row < 0 and rule in d.rules and bool(recognised(d.data))


def _unread(d: Difference, name: str) -> set[int]:
    """Records that have a fault of form and are read no further here."""
    return {f.row for f in d.known[name] if f.rule in {"lexical", "shape"}}


def _of_unread_row(d: Difference) -> bool:
    """The record has a fault of form elsewhere, or repeats one that has."""
    if d.side != "frictionless":
        return False
    columns = [c for c in d.column.split(",") if c in d.table.by_name]
    unread = _unread(d, d.table.name)
    places = [d.table.names.index(c) for c in columns]
    records = d.records[d.table.name]
    repeats = d.rules <= {"primary-key", "unique"} and any(
        [records[i][p : p + 1] for p in places] == [[d.cell(c)] for c in columns] for i in unread if i < d.row
    )
    return d.row in unread or repeats


def _into_faulty(d: Difference) -> bool:
    """The other table has a record with a fault of form, or a key that is not in order."""
    key = next((k for k in d.table.foreign_keys if ",".join(k.fields) == d.column), None)
    if key is None or d.side != "frictionless" or d.rules != {"foreign-key"}:
        return False
    return bool(_unread(d, key.table)) or any(
        set(f.column.split(",")) & set(key.reference) for f in d.known[key.table]
    )


def _stands_twice(d: Difference) -> bool:
    """The row repeats the primary key of another, and with it a unique value."""
    return (
        d.side == "frictionless"
        and d.rules == {"unique"}
        and any(f.row == d.row and f.rule == "primary-key" for f in d.known[d.table.name])
    )


def _beside_broken(d: Difference) -> bool:
    """The table refers, by way of whatever tables, to one whose file is broken."""
    seen, ahead = set(), [d.table.name]
    while ahead:
        for key in TABLES[ahead.pop()].foreign_keys:
            if key.table not in seen:
                seen.add(key.table)
                ahead.append(key.table)
    return (
        d.side == "frictionless"
        and d.row < 0
        and d.rules == {"bytes"}
        and bool(seen & d.broken - {d.table.name})
    )


def _header_guessed(d: Difference) -> bool:
    """The records are on average shorter or longer than the header by more than a tenth, in a table that
    refers to others.
    """
    lengths = [len(d.table.names), *(len(r) for r in d.records[d.table.name])]
    average = round(sum(lengths) / len(lengths))
    return bool(d.table.foreign_keys) and abs(average - lengths[0]) > max(round(average * 0.1), 1)


def _may_look_like_another(text: str) -> bool:
    """Compatibility forms, or letters that are neither European Latin nor East Asian."""
    if unicodedata.normalize("NFC", text) != text or any(
        unicodedata.category(c) == "Zs" and c != " " for c in text
    ):
        # Disagreements of their own.
        return False
    strange = [c for c in text if c > "\u017f" and c.isalnum()]
    return unicodedata.normalize("NFKC", text) != text or any(
        not unicodedata.name(c, "").startswith(("HANGUL", "CJK", "HIRAGANA", "KATAKANA")) for c in strange
    )


# Seen by nobody, though by their category no format characters.
INVISIBLE = "\u3164\ufffd\u115f\u1160\uffa0"
LISTED = [
    Disagreement("formula", "ours", '`=1+1`, `@x`, `+x`, `-x`',
                 "A spreadsheet runs such a cell; frictionless reads any text.",
                 _text(lambda t: t[0] in "=+-@\t\r"), _case("places", {"name_en": "=1+1"})),
    Disagreement("space-at-an-end", "ours", '`"Seoul "`, `" Seoul"`',
                 "Nobody sees it and nothing joins on it; frictionless reads any text.",
                 _text(lambda t: t != t.strip()), _case("places", {"name_en": "Seoul "})),
    Disagreement("control-character", "ours", "a line break or a tab inside a cell",
                 "It breaks tools that read by line; frictionless reads any text, and its patterns let a line"
                 " feed at the end pass.", _text(lambda t: any(unicodedata.category(c) == "Cc" for c in t)),
                 _case("places", {"name_en": "Se\noul"})),
    Disagreement("invisible-character", "ours", "U+200B, U+FEFF, U+3164, U+FFFD",
                 "Two equal names differ; frictionless reads any text.",
                 _text(lambda t: any(unicodedata.category(c) == "Cf" or c in INVISIBLE for c in t)),
                 _case("places", {"name_en": "Se\u200boul"})),
    Disagreement("not-normal-form-c", "ours", "`é` as `e` and U+0301, Hangul as single letters",
                 "Two equal names differ in their bytes; frictionless reads any text.",
                 _text(lambda t: unicodedata.normalize("NFC", t) != t),
                 _case("places", {"name_ko": "\u1109\u1165\u110b\u116e\u11af"})),
    Disagreement("lenient-integer", "ours", '`" 1"`, `1_0`, `١٢`, `+5`, `007`, `-0`',
                 "frictionless reads what Python's int reads; R, SQL and Stata do not.",
                 _typed("integer", lambda t: _python_reads(int, t) and abs(int(t)) < 2**63),
                 _case("parties", {"accession_order": "1_0"})),
    Disagreement("integer-beyond-64-bits", "ours", "`99999999999999999999`",
                 "Integers of Python have no end; the columns of Parquet and of every database have 64 bits.",
                 _typed("integer", lambda t: _python_reads(int, t) and abs(int(t)) >= 2**63),
                 _case("funding", {"amount": "9" * 20})),
    Disagreement("lenient-number", "ours", '`3.50`, `1E5`, `" 1"`, `NaN`, `1e400`',
                 "One number, one spelling, and a finite one: then a changed byte is a changed number."
                 " frictionless reads what Python's Decimal reads.",
                 _typed("number", lambda t: _python_reads(Decimal, t)),
                 _case("exchange_rates", {"value": "1.50"})),
    Disagreement("lenient-date", "ours", "`2021-3-1`",
                 "frictionless reads with strptime, which takes a month or day of one digit; ISO 8601 and"
                 " other readers do not.",
                 _typed("date", lambda t: _python_reads(lambda x: datetime.strptime(x, "%Y-%m-%d"), t)),
                 _case("rulings", {"ruled_on": "2021-3-1"})),
    Disagreement("unique-keys", "ours", "two provisions with one number in one agreement",
                 "frictionless does not know `uniqueKeys`.",
                 lambda d: _ours(d, "unique-key") and tuple(d.column.split(",")) in d.table.unique_keys,
                 _case("provisions", {}, {"provision_id": "other"})),
    Disagreement("pattern-with-alternatives", "ours", "`USAX` for the pattern `KOR|USA`",
                 "frictionless puts `^` before the first alternative and `$` after the last one. No pattern"
                 " of the schemas has alternatives outside a group.",
                 lambda d: _ours(d, "pattern") and "|" in re.sub(r"\(\?:.*\)|\[.*?\]", "", d.field.pattern),
                 _with_pattern("KOR|USA", "KORX")),
    Disagreement("other-space", "ours", "`New␣York` with U+00A0 or U+3000",
                 "It looks like a space and does not match one; frictionless reads any text.",
                 _text(lambda t: any(unicodedata.category(c) == "Zs" and c != " " for c in t)),
                 _case("places", {"name_en": "New\u00a0York"})),
    Disagreement("look-alike", "ours", "`Коrea` with Cyrillic letters, `Ａ` for `A`, `ﬃ` for `ffi`",
                 "Two equal names differ; frictionless reads any text.", _text(_may_look_like_another),
                 _case("places", {"name_en": "S\u0435oul"})),
    Disagreement("rest-of-an-unreadable-row", "frictionless",
                 "an unknown value in a row that has `3 million` for an amount",
                 "A row with a cell that cannot be read, or of another length, is mended first; what else is"
                 " wrong with it, or repeats it, is told then.", _of_unread_row,
                 _case("parties", {"accession_order": "ten", "role": "guest"})),
    Disagreement("reference-to-a-table-with-faults", "frictionless",
                 "a place in a country that is not there, when a row of countries cannot be read",
                 "The row that cannot be read may be the one referred to, so references wait until it is"
                 " mended.", _into_faulty,
                 _two(COUNTRY + b"JPN,JP,Japan\n", _rows(TABLES["places"], {"country_code": "PRK"}))),
    Disagreement("row-that-stands-twice", "frictionless", "the same country in two rows",
                 "One mistake is told once, as a repeated key; frictionless reports each unique column"
                 " besides.", _stands_twice, _case("countries", {}, {})),
    Disagreement("byte-order-mark", "ours", "U+FEFF before the header",
                 "Other readers take it for part of the first column's name; frictionless skips it.",
                 _file("bytes", lambda b: b.startswith(b"\xef\xbb\xbf")),
                 _case("countries", {}, spoil=lambda b: b"\xef\xbb\xbf" + b)),
    Disagreement("carriage-return", "ours", "lines that end with CR LF",
                 "One form of file, so that equal tables have equal bytes; frictionless reads any line end.",
                 _file("bytes", lambda b: b"\r" in b),
                 _case("countries", {}, spoil=lambda b: b.replace(b"\n", b"\r\n"))),
    Disagreement("nul-byte", "ours", "a NUL inside a cell",
                 "Many readers end the text there; frictionless takes it for a character, so the file is read"
                 " on and only the cell may be told.", _file("bytes", lambda b: b"\0" in b),
                 _case("countries", {}, spoil=lambda b: b.replace(b"Korea", b"Ko\0rea"))),
    Disagreement("cut-off", "ours", "no line feed at the end",
                 "The rest of the file may be missing; frictionless reads what is there.",
                 _file("bytes", lambda b: b and not b.endswith(b"\n")),
                 _case("countries", {}, spoil=lambda b: b[:-1])),
    Disagreement("stray-quote", "ours", '`"a"b`, or a quote that is never closed',
                 "A quote in the wrong place swallows cells or lines; frictionless guesses.",
                 _file("csv", lambda b: b.count(b'"')),
                 _case("countries", {}, spoil=lambda b: b.replace(b"KR,", b'"K"R,'))),
    Disagreement("reference-with-an-empty-part", "frictionless", "a key of two columns, one of them empty",
                 "As in SQL, an empty part refers to nothing. No foreign key of the schemas has two columns.",
                 lambda d: d.side == "frictionless" and d.rules == {"foreign-key"}
                 and "" in [d.cell(c) for c in d.column.split(",")] and "," in d.column, _with_key_of_two()),
    Disagreement("key-of-empty-cells", "frictionless", "a row with no cell of its key",
                 "Each empty cell is reported here as required; frictionless reports the key besides.",
                 lambda d: d.side == "frictionless" and d.rules == {"primary-key"}
                 and not any(d.cell(c) for c in d.table.primary_key),
                 _case("agreement_domains", {"agreement_id": "", "domain_id": ""})),
    Disagreement("table-beside-a-broken-one", "frictionless", "places, when countries is not UTF-8",
                 "frictionless tells that again for each table that refers to it.", _beside_broken,
                 _two(COUNTRY[:5] + b"\xe9" + COUNTRY[5:], PLACE)),
    Disagreement("header-guessed", "either", "a right header above rows that are much shorter",
                 "In a table that refers to others frictionless takes for the header the first row of about"
                 " average length, and skips what is above; here each row is told.", _header_guessed,
                 _two(COUNTRY, _rows(TABLES["places"]) + b"a,b,c\n\n")),
]  # fmt: skip


def explained(difference: Difference) -> list[str]:
    """The names of the listed disagreements that a difference is one of."""
    return [d.name for d in LISTED if d.recognises(difference)]


def unexplained(difference: Difference) -> bool:
    """Whether no listed disagreement explains it."""
    return not explained(difference)


SIDES = {"ours": "this project", "frictionless": "frictionless", "either": "either"}
HEAD = """# Where this project and frictionless disagree

Written by `python -m tests.disagreements --write`; do not edit.

The CSV files of the package are judged twice in the tests: by this project and by frictionless 5.21, which knows only
`datapackage.json`. Drawn packages with planted faults are held against both (`tests/validation/test_differential.py`); a cell, a
row or a file that one reports and the other does not must be one of these kinds, and each kind is shown to exist by
an example. Left out is what frictionless is not asked: evidence, rules between fields and tables, least numbers of rows, the
order of rows, Parquet, and the descriptor against the schemas.

| name | who reports | for instance | why |
|---|---|---|---|
"""  # noqa: E501


def page() -> str:
    """The list as a page."""
    return HEAD + "".join(
        f"| {d.name} | {SIDES[d.side]} | {d.shown} | {d.why} |\n".replace("|USA`", "\\|USA`") for d in LISTED
    )


def main(arguments: list[str]) -> int:
    """Prints or writes the page."""
    if arguments == ["--write"]:
        REPORT.write_text(page(), "utf-8")
    print(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
