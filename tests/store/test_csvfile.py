"""Bytes and shape of CSV files: every fault is told with file, line, column and remedy; every sound value
comes back.
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.model.problems import Problem
from scripts.model.values import date_range, format_number, parse, text_fault
from scripts.store.csvfile import read_rows, sort_rows, write_rows
from tests.mini import TABLES

PLACES = TABLES["places"]
HEAD = b"place_id,name_en,name_ko,country_code\n"
SOUND = HEAD + "seoul,Seoul,서울,KOR\n".encode()


def faults(data: bytes, *, exact: bool = True, needed: tuple[str, ...] = ()) -> list[str]:
    problems: list[Problem] = []
    read_rows(data, "p.csv", PLACES.fields, problems, exact=exact, needed=needed)
    return [str(p) for p in problems]


BAD_BYTES = [
    ("bom", b"\xef\xbb\xbf" + SOUND,
     "p.csv:1: the file starts with a byte order mark; save it as UTF-8 without BOM"),
    ("crlf", SOUND.replace(b"\n", b"\r\n"),
     "p.csv:1: a line ends with a carriage return; save it with line feeds (LF) only"),
    ("nul", SOUND.replace(b"Seoul", b"Se\0ul"), "p.csv:2: there is a NUL byte; save it as UTF-8 text"),
    ("latin-1", HEAD + "x,Besançon,브장송,FRA\n".encode("latin-1", "replace"),
     "p.csv:2: byte 0xe7 is not UTF-8; save the file as UTF-8"),
    ("cp949", HEAD + "seoul,Seoul,서울,KOR\n".encode("cp949"),
     "p.csv:2: byte 0xbc is not UTF-8; save the file as UTF-8"),
    ("cut", SOUND[:-1], "p.csv:2: the last line is cut off; end it with a line feed"),
    ("short", SOUND + b"a,b\n",
     "p.csv:3: the row has 2 cells, the header 4; give it one cell per column; quote cells that hold"
     " a comma"),
    ("long", SOUND + b"a,b,c,KOR,e\n",
     "p.csv:3: the row has 5 cells, the header 4; give it one cell per column; quote cells that hold"
     " a comma"),
    ("blank", SOUND + b"\n",
     "p.csv:3: the row has no cells, the header 4; give it one cell per column; quote cells that hold"
     " a comma"),
    ("quote", SOUND + b'a,"b,c,KOR\n',
     "p.csv:3: the line is not CSV (unexpected end of data); check its quotes"),
    ("stray-quote", SOUND + b'a,"b"x,c,KOR\n',
     "p.csv:3: the line is not CSV (',' expected after '\"'); check its quotes"),
    ("renamed", SOUND.replace(b"name_en", b"name"),
     'p.csv:1:name: there is no column "name" in this table; did you mean "name_en"? Otherwise use one of'
     ' place_id, name_en, name_ko, country_code'),
    ("missing", b"place_id,name_en,name_ko\na,A,\xea\xb0\x80\n",
     "p.csv:1:country_code: the column is missing; add it"),
    ("twice", HEAD.replace(b"name_ko", b"name_en"), "p.csv:1:name_en: duplicate column; keep one"),
    ("order", SOUND.replace(b"place_id,name_en", b"name_en,place_id"),
     "p.csv:1: the columns are in another order; put them as place_id,name_en,name_ko,country_code"),
    ("empty", b"",
     "p.csv:1: the file is empty; begin with a line of column names separated by commas, like"
     " place_id,name_en,name_ko"),
    ("formula", SOUND.replace(b"Seoul", b"=1+1"),
     'p.csv:2:name_en: "=1+1" starts with a character that a spreadsheet runs as a formula; begin with'
     ' another character'),
    ("space", SOUND.replace(b"Seoul", b" Seoul"),
     'p.csv:2:name_en: " Seoul" has a space at an end; remove it'),
    ("zero-width", SOUND.replace(b"Seoul", "Se\u200boul".encode()),
     'p.csv:2:name_en: "Se\\u200boul" has an invisible character (U+200B); remove it'),
    ("line-in-cell", SOUND.replace(b"Seoul", b'"Se\noul"'),
     'p.csv:2:name_en: "Se\\noul" has a control character or line break; remove it'),
    ("decomposed", HEAD + "a,A,\u1112\u1161\u11ab,KOR\n".encode(),
     'p.csv:2:name_ko: "\u1112\u1161\u11ab" is not in Unicode normal form C (decomposed Hangul or accents);'
     ' write "한"'),
]  # fmt: skip

LOOKALIKES = [
    ("ligature", "O\ufb03ce Beta", '"O\ufb03ce" has a compatibility form of other characters (U+FB03)',
     'write "Office"'),
    ("full-width", "Ｂeta 1", '"Ｂeta" has a compatibility form of other characters (U+FF22)',
     'write "Beta"'),
    ("circled", "①호", '"①호" has a compatibility form of other characters (U+2460)', 'write "1호"'),
    ("mathematical", "\U0001d401eta",
     '"\U0001d401eta" has a compatibility form of other characters (U+1D401)', 'write "Beta"'),
    ("superscript-letter", "Bet\u1d43", '"Bet\u1d43" has a compatibility form of other characters (U+1D43)',
     'write "Beta"'),
    ("half-width", "ﾃｸﾉ", '"ﾃｸﾉ" has a compatibility form of other characters (U+FF83)', 'write "テクノ"'),
    ("roman", "Phase Ⅱ", '"Ⅱ" has a compatibility form of other characters (U+2161)', 'write "II"'),
    ("cyrillic-in-latin", "S\u0435oul", '"S\u0435oul" mixes Cyrillic and Latin letters',
     'write "Seoul" in Latin letters only'),
    ("greek-in-latin", "Be\u03c4a", '"Be\u03c4a" mixes Greek and Latin letters',
     "write each word in the letters of one script"),
    ("latin-in-cyrillic", "\u0420o\u0441\u0441\u0438\u044f",
     '"\u0420o\u0441\u0441\u0438\u044f" mixes Cyrillic and Latin letters',
     'write "\u0420\u043e\u0441\u0441\u0438\u044f" in Cyrillic letters only'),
    ("cyrillic-in-hangul", "\u041a팝", '"\u041a팝" mixes Cyrillic and Hangul letters',
     'write "K팝" in Latin letters only'),
    ("micro", "5 \u03bcm", '"\u03bcm" mixes Greek and Latin letters', 'write "µm" in Latin letters only'),
    ("rare-latin", "Goog\u0261e", '"Goog\u0261e" has a character that only looks like a plain one (U+0261)',
     'write "Googge"'),
    ("whole-word", "\u0421\u0415\u0420\u0410 협정",
     '"\u0421\u0415\u0420\u0410" is in Cyrillic letters that all look like Latin ones',
     'write "CEPA" in Latin letters'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message", "fix"), [x[1:] for x in LOOKALIKES], ids=[x[0] for x in LOOKALIKES]
)
def test_a_character_that_looks_like_another_is_reported_with_what_to_write(
    text: str, message: str, fix: str
) -> None:
    assert text_fault(text) == (message, fix)


@pytest.mark.parametrize("text", [
    "AI반도체", "美트럼프", "HPC分野での協力強化に向けたStatement", "シンガポール", "γ선", "parameter α",
    "H₂O, m², ½", "Quantum™ №5 ℃", "㈜하엘",
    "ㄱ. 첫째", "Türkiye, Yıldız, Æther, œuvre", "США и РФ", "\u0422\u0410\u0421\u0421", "Ελλάδα",
    "二〇二五年（案）：声明…", "ไทยคำ", "Hawaiʻi", "1.ª reunião", "µm",
])  # fmt: skip
def test_what_people_write_is_no_look_alike(text: str) -> None:
    assert text_fault(text) is None


@pytest.mark.parametrize(("data", "message"), [b[1:] for b in BAD_BYTES], ids=[b[0] for b in BAD_BYTES])
def test_fault_is_reported(data: bytes, message: str) -> None:
    assert message in faults(data)


def test_sound_file_has_no_fault() -> None:
    assert faults(SOUND) == []


def test_all_faults_at_once() -> None:
    assert len(faults(SOUND + b"a,b\n" + b"b,=x, y,KOR\n")) == 3


def test_a_sheet_may_leave_columns_out_but_not_those_it_needs() -> None:
    assert faults(b"place_id\nseoul\n", exact=False, needed=("place_id",)) == []
    assert faults(b"name_en\nSeoul\n", exact=False, needed=("place_id",)) == [
        "p.csv:1:place_id: the column is missing; add it"
    ]


BAD_CELLS = [
    ("funding", "amount", "10 million", '"10 million" is not an integer', "write 10000000"),
    ("funding", "amount", "1000만", '"1000만" is not an integer', "write 10000000"),
    ("funding", "amount", "10,000", '"10,000" is not an integer', "write 10000"),
    ("funding", "amount", "1.0", '"1.0" is not an integer', "write 1"),
    ("funding", "amount", "٣", '"٣" is not an integer', "write it like 10000000"),
    ("funding", "amount", "99999999999999999999", '"99999999999999999999" is too large', "check the figure"),
    ("funding", "under_agreement", "1", '"1" is not true or false', "write true or false"),
    ("funding", "under_agreement", "TRUE", '"TRUE" is not true or false', "write true or false"),
    (
        "sources",
        "published_on",
        "2025-3-4",
        '"2025-3-4" is not a date',
        "write a day that exists as YYYY-MM-DD",
    ),
    (
        "sources",
        "published_on",
        "2025-02-30",
        '"2025-02-30" is not a date',
        "write a day that exists as YYYY-MM-DD",
    ),
    ("statistics", "value", "NaN", '"NaN" is not a number', "write it like 1811"),
    ("statistics", "value", "1.50", '"1.50" is not in canonical form', "write 1.5"),
    ("statistics", "value", "1e999", '"1e999" is too large', "check the figure"),
    ("statistics", "value", "-0", '"-0" is not in canonical form', "write 0"),
]


@pytest.mark.parametrize(
    ("table", "column", "cell", "message", "fix"), BAD_CELLS, ids=[f"{c[1]}-{c[2]}" for c in BAD_CELLS]
)
def test_bad_cell_is_reported_with_what_to_write(
    table: str, column: str, cell: str, message: str, fix: str
) -> None:
    assert parse(TABLES[table].by_name[column], cell) == (None, (message, fix))


text = st.text(min_size=1, max_size=20).filter(lambda s: text_fault(s) is None)
ROW = st.fixed_dictionaries(
    {
        "place_id": st.from_regex(r"\A[a-z0-9]+\Z"),
        "name_en": text,
        "name_ko": text,
        "country_code": st.sampled_from(["KOR", None]),
    }
)


@given(st.lists(ROW, max_size=5))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_is_written_reads_back(rows: list[dict]) -> None:
    data = write_rows(PLACES.fields, rows)
    problems: list[Problem] = []
    back = read_rows(data, "p.csv", PLACES.fields, problems, exact=True)
    assert problems == [] and [r.values for r in back] == rows
    assert write_rows(PLACES.fields, [r.values for r in back]) == data


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_numbers_survive_their_text_form(number: float) -> None:
    assert float(format_number(number)) == number
    assert parse(TABLES["statistics"].by_name["value"], format_number(number)) == (number, None)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_bytes_give_messages_and_no_traceback(data: bytes) -> None:
    problems: list[Problem] = []
    read_rows(HEAD + data, "p.csv", PLACES.fields, problems, exact=True)
    assert all(p.file == "p.csv" and p.row >= 1 and p.message and p.fix for p in problems)


@given(st.permutations(["a", "b", "b-c", "가", "ab"]))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_rows_are_sorted_by_code_point_whatever_their_order(ids: list[str]) -> None:
    assert [r["place_id"] for r in sort_rows(PLACES, [{"place_id": i} for i in ids])] == [
        "a",
        "ab",
        "b",
        "b-c",
        "가",
    ]


@given(st.dates(min_value=dt.date(1900, 1, 1)))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_reduced_dates_span_their_days(day: dt.date) -> None:
    assert date_range(day.isoformat()) == (day, day)
    for text in (f"{day:%Y-%m}", f"{day.year:04d}"):
        first, last = date_range(text)
        assert (
            first <= day <= last
            and first.day == 1
            and (last == dt.date.max or (last + dt.timedelta(1)).day == 1)
        )
