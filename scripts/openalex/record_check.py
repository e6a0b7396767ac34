"""The check of a part record by record: which are sound, and what is wrong with the others.

It is slow and therefore only done with a part in which an engine met something suspect. Sound records are
written as plain works for the engine to count, so that both engines read the same records alike.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.problems import BadData, Problem, brief
from scripts.openalex.counting import SCORE, SUBFIELD_ID, WORK_ID, YEAR
from scripts.openalex.definitions import CONCEPT
from scripts.openalex.fields import fit
from scripts.openalex.inputs import Part

# The longest record of OpenAlex has thousands of authors and a few MB.
MAX_LINE = 1 << 26
# So many broken records of a part are reported one by one.
MANY = 20
Work = dict[str, Any]
COMPARED = (
    "publication_date",
    "is_authors_truncated",
    "authors_count",
    "countries_distinct_count",
    "institutions_distinct_count",
)


class BrokenRecord(ValueError):
    """What is wrong with one record; ``column`` is the path of the field, with dots."""

    def __init__(self, column: str, message: str) -> None:
        self.column = column
        super().__init__(message)


@dataclass
class PartCheck:
    """What was found in a part: how many records, how many of them broken, and the first of those."""

    records: int = 0
    broken: int = 0
    problems: list[Problem] = field(default_factory=list)


def _text(value: Any, column: str) -> str | None:
    """A leaf as the engines see it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dict, list)):
        raise BrokenRecord(column, f"{brief(value)} is not text or a number")
    return str(value)


def _checked(value: Any, column: str, pattern: str, what: str) -> str | None:
    text = _text(value, column)
    if text is not None and not re.fullmatch(pattern, text):
        raise BrokenRecord(column, f"{brief(text)} is not {what}")
    return text


def _list(record: Work, name: str, column: str) -> list[Any]:
    items = record.get(name)
    if items is not None and not isinstance(items, list):
        raise BrokenRecord(column, f"{brief(items)} is not a list")
    return items or []


def _records(record: Work, name: str, column: str) -> list[Work]:
    return [_as_record(item, column) for item in _list(record, name, column)]


def _as_record(item: Any, column: str) -> Work:
    if item is not None and not isinstance(item, dict):
        raise BrokenRecord(column, f"{brief(item)} is not a record")
    return item or {}


def _authorship(authorship: Work) -> Work:
    """An authorship with its countries, which are those of its institutions where it does not say."""
    institutions = _records(authorship, "institutions", "authorships.institutions")
    codes = _list(authorship, "countries", "authorships.countries")
    if authorship.get("countries") is None:
        codes = [i.get("country_code") for i in institutions]
    for code in codes:
        if code not in (None, "") and not (isinstance(code, str) and re.fullmatch("[A-Za-z]{2}", code)):
            raise BrokenRecord("authorships.countries", f"{brief(code)} is not a country code of two letters")
    return {
        "countries": [code.upper() for code in codes if code],
        "institutions": [{"id": i.get("id")} for i in institutions],
    }


def plain(work: Any) -> Work:
    """Return what counts of a work, in the plainest form. Raises BrokenRecord where it is not a work."""
    if not isinstance(work, dict):
        raise BrokenRecord("", f"{brief(work)} is not a record")
    number = work.get("id")
    if not isinstance(number, str) or not re.fullmatch(f"{WORK_ID}|W[0-9]{{1,18}}", number):
        raise BrokenRecord(
            "id",
            (
                "there is no id"
                if number is None
                else f"{brief(number)} is not the id of a work, such as https://openalex.org/W2741809807"
            ),
        )
    flags = {
        name: _checked(work.get(name), name, "true|false", "true or false")
        for name in ("is_retracted", "is_paratext", "is_xpac")
    }
    topic = _as_record(work.get("primary_topic"), "primary_topic")
    subfield = _as_record(topic.get("subfield"), "primary_topic.subfield").get("id")
    concepts = _records(work, "concepts", "concepts")
    scores = [c.get("score") for c in concepts if c.get("id") == CONCEPT]
    if any(isinstance(s, float) and not math.isfinite(s) for s in scores):
        raise BrokenRecord("concepts.score", "the score is not a number")
    return {
        "id": f"https://openalex.org/{number.rpartition('/')[2]}",
        "publication_year": _checked(work.get("publication_year"), "publication_year", YEAR, "a year"),
        "updated_date": _text(work.get("updated_date"), "updated_date"),
        **flags,
        "authorships": [_authorship(a) for a in _records(work, "authorships", "authorships")],
        # These are only compared, so nothing in them breaks a record.
        **{name: str(work[name]).lower() for name in COMPARED if work.get(name) is not None},
        "primary_topic": {
            "subfield": {
                "id": _checked(subfield, "primary_topic.subfield.id", SUBFIELD_ID, "the id of a subfield")
            }
        },
        # One more, of no meaning, so that a work with other concepts alone still has concepts.
        "concepts": (
            [{"id": CONCEPT, "score": _checked(s, "concepts.score", SCORE, "a number")} for s in scores]
            + [{"id": ""}] * bool(concepts)
        ),
    }


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines; one that is too long is cut."""
    while line := file.readline(MAX_LINE):
        yield line
        while not line.endswith(b"\n") and (line := file.readline(MAX_LINE)):
            pass


def _from_json(path: Path) -> Iterator[tuple[int, Any]]:
    """Line number and work, or what is wrong with the line; empty lines are left out."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for number, line in enumerate(_lines(cast(IO[bytes], file)), 1):
            # A byte that is not UTF-8 does no harm in a title; in a code it does, and is reported there.
            text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip(" \t\r\n")
            if not text:
                continue
            try:
                yield number, json.loads(text)
            except json.JSONDecodeError as error:
                where = (
                    "it is longer than 64 MiB"
                    if len(line) == MAX_LINE
                    else f"{error.msg} at character {error.pos + 1}"
                )
                yield number, BrokenRecord("", f"the line is not JSON: {where}")
            except (RecursionError, ValueError):
                deep = "it is nested too deeply or has a number that is too long"
                yield number, BrokenRecord("", f"the line is not JSON that can be read: {deep}")


def _from_parquet(path: Path, name: str) -> Iterator[tuple[int, Any]]:
    """Row number and work."""
    file = pq.ParquetFile(path)
    _, columns = fit(file, name)
    number = 0
    for batch in file.iter_batches(batch_size=10_000, columns=columns):
        for work in batch.to_pylist():
            number += 1
            yield number, work


def check_records(part: Part, out: Path) -> PartCheck:
    """Write the sound works of a part to ``out`` as JSON Lines and return what was found.

    Raises BadData where the file as a whole cannot be read.
    """
    found = PartCheck()
    try:
        if not part.size:
            raise EOFError("it is empty")
        with out.open("w", encoding="utf-8", newline="\n") as sound:
            for number, work in (
                _from_parquet(part.path, part.name) if part.is_parquet else _from_json(part.path)
            ):
                found.records += 1
                try:
                    if isinstance(work, BrokenRecord):
                        raise work
                    sound.write(json.dumps(plain(work), separators=(",", ":")) + "\n")
                except BrokenRecord as broken:
                    found.broken += 1
                    if len(found.problems) < MANY:
                        fix = "download the file again; if it is broken there too, report it to OpenAlex"
                        found.problems.append(
                            Problem(part.name, number, broken.column, str(broken), fix, "works")
                        )
    except (EOFError, OSError, zlib.error, pa.ArrowException) as error:
        # With a number it is a fault of the machine and not of the file.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        message = (
            "the file is damaged or cut off"
            f" ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        )
        raise BadData([Problem(part.name, 0, "", message, "download it again", "works")]) from None
    return found
