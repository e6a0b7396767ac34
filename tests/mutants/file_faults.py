"""Faults of a whole file: its bytes, its place, its hash. They have a line at most: where bytes are wrong
there are no cells yet.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pyarrow.parquet as pq

from scripts.store.files import sha256
from tests.faults.damage import swap
from tests.mutants.damage import forge
from tests.mutants.operator import Mutant, Place, operator, register
from tests.mutants.world import Sheet, World

NO_CELL = "Where the bytes are wrong there are no cells yet: the line is named, no column."
# The bytes of a sound file to spoiled ones and the line at which they are reported; None where the file
# cannot be spoiled so.
Spoil = Callable[[Sheet, bytes], tuple[bytes, int] | None]


def _in_last_line(data: bytes, old: bytes, new: bytes) -> tuple[bytes, int]:
    """The first ``old`` of the last line replaced."""
    start = data.rindex(b"\n", 0, -1) + 1
    return data[:start] + data[start:].replace(old, new, 1), data.count(b"\n", 0, start) + 1


def _korean_windows(sheet: Sheet, data: bytes) -> tuple[bytes, int] | None:
    line = next((i for i, text in enumerate(data.split(b"\n"), start=1) if not text.isascii()), None)
    if line is None:
        return None
    text = data.decode("utf-8")
    # In the seeds a file of Korean words is recognized as a whole; a few bad bytes are damage in a line.
    korean = sheet.context == "seeds" and sum("가" <= c <= "힣" for c in text) > 3
    return text.encode("cp949"), 1 if korean else line


def _open_quote(sheet: Sheet, data: bytes) -> tuple[bytes, int]:
    start = data.rindex(b"\n", 0, -1) + 1
    return data[:start] + b'"' + data[start:], data.count(b"\n", 0, start) + 1


BYTES: list[tuple[str, str, str, Spoil]] = [
    ("bom", "bytes", "A byte order mark before the header.", lambda s, d: (b"\xef\xbb\xbf" + d, 1)),
    ("crlf", "bytes", "Every line ends as on Windows.", lambda s, d: (d.replace(b"\n", b"\r\n"), 1)),
    ("crlf-in-one-line", "bytes", "The last line alone ends as on Windows.", lambda s,
     d: _in_last_line(d, b"\n", b"\r\n")),
    ("carriage-return-inside", "bytes", "A carriage return inside a cell.", lambda s,
     d: _in_last_line(d, b",", b"\r,")),
    ("nul", "bytes", "A NUL byte inside a cell.", lambda s, d: _in_last_line(d, b",", b"\0,")),
    ("not-utf-8", "bytes", "A byte that is no UTF-8.", lambda s, d: _in_last_line(d, b",", b"\xff,")),
    ("overlong-utf-8", "bytes", "A letter in an overlong form of UTF-8.", lambda s,
     d: _in_last_line(d, b",", b"\xc1\x81,")),
    ("surrogate", "bytes", "Half a surrogate pair in UTF-8.", lambda s,
     d: _in_last_line(d, b",", b"\xed\xa0\x80,")),
    ("korean-windows-encoding", "bytes", "The file saved in the Korean encoding of Windows.",
     _korean_windows),
    ("utf-16", "bytes", "The file saved as UTF-16.", lambda s, d: (d.decode("utf-8").encode("utf-16"), 1)),
    ("last-line-cut", "bytes", "The last line without its line feed: a file cut off.", lambda s,
     d: (d[:-1], d.count(b"\n"))),
    ("open-quote", "csv", "A quote that is never closed.", _open_quote),
]  # fmt: skip


def _register(name: str, rule: str, sentence: str, spoil: Spoil) -> None:
    def plant(world: World) -> Iterator[Mutant]:
        for sheet in [*world.tables.values(), *world.seed_types(name)]:
            sound = (world.files if sheet.context == "data" else world.seed_files)[sheet.file]
            spoiled = spoil(sheet, sound)
            if spoiled is None:
                continue
            data, line = spoiled
            place = (Place(sheet.file, line, "", rule),)
            if sheet.context == "data":
                yield Mutant("data", sheet.name, lambda s=sheet, d=data: forge(world, s.name, d), place)
            else:
                yield Mutant("seeds", sheet.name, lambda s=sheet, d=data: {s.file: d}, place)

    register(name, "bytes", sentence, plant, NO_CELL)


for _name, _rule, _sentence, _spoil in BYTES:
    _register(_name, _rule, _sentence, _spoil)


def _both(world: World) -> Iterator[tuple[str, str]]:
    """Name and path of the CSV and of the Parquet file of every table."""
    for name in world.tables:
        for kind in ("csv", "parquet"):
            yield f"{name}.{kind}", f"data/{name}.{kind}"


@operator(
    "file",
    "A text of a list changed by hand, where no rule says otherwise.",
    "The hash names the file, and the Parquet file, which still has the old text, the cell: two reports.",
)
def changed_by_hand(world: World) -> Iterator[Mutant]:
    for table, column in (
        ("people", "name_native"),
        ("countries", "name_en"),
        ("domains", "definition_en"),
        ("exclusions", "note_ko"),
        ("sources", "note"),
        ("rulings", "ruled_on"),
    ):
        sheet = world.tables[table]
        row = sheet.pick("changed-by-hand", column)
        text = (
            "2025-04-02"
            if column == "ruled_on"
            else sheet.csv.cell(row, column) + "덧"[: column.endswith(("ko", "native"))] + "more"
        )
        changed = sheet.csv.put(row, column, text)
        yield Mutant(
            "data",
            f"{table}.{column}",
            lambda f=sheet.file, c=changed: {f: c.to_bytes()},
            (Place(sheet.file, 0, "", "hash"), Place(f"data/{table}.parquet", row + 2, column, "parquet")),
        )


@operator(
    "file", "A Parquet file written anew with another compression: the same rows, but not the described file."
)
def parquet_rewritten(world: World) -> Iterator[Mutant]:
    def rewritten(file: str) -> bytes:
        out = io.BytesIO()
        pq.write_table(pq.read_table(io.BytesIO(world.files[file])), out, compression="snappy")
        return out.getvalue()

    for name in world.tables:
        file = f"data/{name}.parquet"
        yield Mutant("data", name, lambda f=file: {f: rewritten(f)}, (Place(file, 0, "", "hash"),))


@operator("file", "A wrong hash in the descriptor.")
def wrong_hash(world: World) -> Iterator[Mutant]:
    for spot, file in _both(world):
        digest = sha256(world.files[file])
        text = world.files["datapackage.json"].decode("utf-8")
        yield Mutant(
            "data",
            spot,
            lambda t=text, d=digest: {"datapackage.json": swap(t, d, d[::-1]).encode()},
            (Place(file, 0, "", "hash"),),
        )


@operator("file", "A wrong size in the descriptor.")
def wrong_size(world: World) -> Iterator[Mutant]:
    for spot, file in _both(world):
        text = world.files["datapackage.json"].decode("utf-8")
        size = f'"bytes": {len(world.files[file])},'
        digest = sha256(world.files[file])
        at = text.rindex(size, 0, text.index(digest))
        yield Mutant(
            "data",
            spot,
            lambda t=text, a=at, s=size: {
                "datapackage.json": f"{t[:a]}{s.replace(': ', ': 1')}{t[a + len(s) :]}".encode()
            },
            (Place(file, 0, "", "hash"),),
        )


@operator("file", "A file of the package is missing.")
def missing_file(world: World) -> Iterator[Mutant]:
    for spot, file in _both(world):
        yield Mutant("data", spot, lambda f=file: {f: None}, (Place(file, 0, "", "missing-file"),))


@operator("file", "A file in the folder of the data that the descriptor does not name.")
def file_not_in_descriptor(world: World) -> Iterator[Mutant]:
    for name in (
        "data/old.csv",
        "data/agreements.csv.bak",
        "data/.agreements.csv.swp",
        "data/agreements.xlsx",
        "data/~$agreements.csv",
    ):
        yield Mutant("data", name, lambda n=name: {n: b"x\n"}, (Place(name, 0, "", "stray-file"),))


@operator("file", "The Parquet file is no Parquet.")
def broken_parquet(world: World) -> Iterator[Mutant]:
    for name, sheet in world.tables.items():
        csv = world.files[sheet.file]
        yield Mutant(
            "data",
            name,
            lambda n=name, c=csv: forge(world, n, c, parquet=b"PAR1"),
            (Place(f"data/{name}.parquet", 0, "", "parquet"),),
        )
