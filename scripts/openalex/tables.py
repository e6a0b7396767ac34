"""The tables of results from the kinds of works: exact, in one order, the same whatever engine counted."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.paths import ROOT
from scripts.openalex.definitions import CONTRADICTIONS, DEFINITIONS, Contradiction, Definition, Switches
from scripts.store.csvfile import write_records

# Decimals of fractional counts and shares, rounded half to even from the exact fraction.
DECIMALS = 6
ISO = ROOT / "data/countries.csv"

_KEY = [("year", pa.int64()), ("definition", pa.string())]
_WORKS = [("works_whole", pa.int64()), ("works_fractional", pa.float64())]
SCHEMAS = {
    "country_year": pa.schema([("country_code", pa.string()), *_KEY, *_WORKS]),
    "pair_year": pa.schema(
        [("country_code_a", pa.string()), ("country_code_b", pa.string()), *_KEY, ("works", pa.int64())]
    ),
    "totals": pa.schema(
        [
            *_KEY,
            ("works", pa.int64()),
            ("works_with_country", pa.int64()),
            ("works_without_country", pa.int64()),
            ("share_without_country", pa.float64()),
            ("works_unknown", pa.int64()),
        ]
    ),
    "contradictions": pa.schema([("contradiction", pa.string()), *_KEY, ("works", pa.int64())]),
}
# In the table of contradictions: works with at least one.
ANY = "any"
# The same of codes that ISO 3166-1 does not list, such as XK.
SCHEMAS |= {f"{name}_unlisted": SCHEMAS[name] for name in ("country_year", "pair_year")}


# Where and when: countries, year (None where it is not known), definition.
Key = tuple[Any, ...]
Rows = list[tuple[Any, ...]]
T = TypeVar("T")


@dataclass
class Tables:
    """The results of a run.

    ``rows`` by table; ``unlisted`` and ``contradictions``: how many works have a code or a contradiction;
    ``taken`` and ``left_out``: how many works were counted, and how many the switches kept out.
    """

    rows: dict[str, Rows]
    unlisted: dict[str, int]
    contradictions: dict[str, int]
    taken: int
    left_out: int


@dataclass
class _Counts:
    """Works by key: in ``totals`` with a country, without one, and unknown; in ``countries`` by the number of
    their countries.
    """

    totals: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    countries: dict[Key, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    pairs: Counter[Key] = field(default_factory=Counter)
    contradicting: Counter[Key] = field(default_factory=Counter)
    unlisted: Counter[str] = field(default_factory=Counter)

    def add(self, year: int | None, bits: int, codes: list[str], works: int) -> None:
        """Count works of one kind; ``codes`` are sorted."""
        holds, unknown, contradictions = _meaning(bits)
        self.unlisted.update({code: works for code in codes if len(code) == 2})
        for definition in DEFINITIONS:
            self.totals[year, definition.name][2] += works * (definition in unknown)
        for definition in holds:
            at = year, definition.name
            self.totals[at][not codes] += works
            self.contradicting.update({(c, *at): works for c in contradictions})
            for code in codes:
                self.countries[code, *at][len(codes)] += works
            self.pairs.update({(*pair, *at): works for pair in combinations(codes, 2)})

    def rows(self) -> dict[str, Rows]:
        """Return the rows of every table."""
        rows: dict[str, Rows] = {name: [] for name in SCHEMAS}
        for key, by_number in _sorted(self.countries):
            fraction = _rounded(sum((Fraction(works, n) for n, works in by_number.items()), Fraction()))
            rows[_of_codes("country_year", key[:1])].append((*key, by_number.total(), fraction))
        for key, works in _sorted(self.pairs):
            rows[_of_codes("pair_year", key[:2])].append((*key, works))
        for key, (with_country, without, unknown) in _sorted(self.totals):
            works = with_country + without
            share = _rounded(Fraction(without, works)) if works else None
            rows["totals"].append((*key, works, with_country, without, share, unknown))
        rows["contradictions"] = [(*key, works) for key, works in _sorted(self.contradicting)]
        return rows


@cache
def _meaning(bits: int) -> tuple[list[Definition], list[Definition], list[str]]:
    """The definitions that hold, those of which it is not known, and the contradictions."""
    contradictions = [c.name for c in CONTRADICTIONS if bits & c.bit]
    return (
        [d for d in DEFINITIONS if d.holds(bits)],
        [d for d in DEFINITIONS if d.unknown(bits)],
        [*contradictions, ANY] if contradictions else [],
    )


def _of_codes(name: str, codes: tuple[str, ...]) -> str:
    """The table of these countries: one of its own where ISO 3166-1 does not list them all."""
    return name if all(len(code) == 3 for code in codes) else f"{name}_unlisted"


def _alpha_3() -> dict[str, str]:
    with ISO.open(encoding="utf-8", newline="") as file:
        return {row["alpha_2"]: row["country_code"] for row in csv.DictReader(file)}


def _rounded(number: Fraction) -> Decimal:
    return Decimal(round(number * 10**DECIMALS)).scaleb(-DECIMALS)


def _kinds(kinds: pa.Table) -> Iterator[tuple[int | None, int, list[str], int]]:
    for batch in kinds.to_batches(max_chunksize=100_000):
        columns = [batch.column(name).to_pylist() for name in ("year", "bits", "countries", "works")]
        for year, bits, countries, works in zip(*columns, strict=True):
            yield None if year is None else int(year), bits, countries.split(), works


def tabulate(kinds: pa.Table, switches: Switches) -> Tables:
    """Return the tables of the kinds of works (columns: year as text or null, bits, countries, works)."""
    alpha_3, counts = _alpha_3(), _Counts()
    taken = left_out = 0
    for year, bits, alpha_2, works in _kinds(kinds):
        if bits & switches.left_out:
            left_out += works
        else:
            taken += works
            counts.add(year, bits, sorted(alpha_3.get(code, code) for code in alpha_2), works)
    # The first definition holds for every work.
    found = dict.fromkeys((ANY, *(c.name for c in CONTRADICTIONS)), 0)
    for (name, _, definition), works in counts.contradicting.items():
        found[name] += works * (definition == DEFINITIONS[0].name)
    return Tables(counts.rows(), dict(sorted(counts.unlisted.items())), found, taken, left_out)


def _sorted(counted: Mapping[Key, T]) -> list[tuple[Key, T]]:
    """By key: countries, year (an unknown one last), definition in the order in which they are listed."""
    order = {d.name: i for i, d in enumerate(DEFINITIONS)}
    return sorted(
        counted.items(),
        key=lambda item: (item[0][:-2], item[0][-2] is None, item[0][-2] or 0, order[item[0][-1]]),
    )


def csv_bytes(name: str, rows: Rows) -> bytes:
    """Return a table as CSV: UTF-8, LF, header, an unknown year empty."""
    return write_records([SCHEMAS[name].names, *rows])


def parquet_bytes(name: str, rows: Rows, notes: dict[str, str]) -> bytes:
    """Return a table as Parquet, with ``notes`` in the metadata of the file."""
    schema = SCHEMAS[name].with_metadata(notes)
    columns = (
        [[float(v) if isinstance(v, Decimal) else v for v in column] for column in zip(*rows, strict=True)]
        if rows
        else [[] for _ in schema]
    )
    out = io.BytesIO()
    table = pa.Table.from_arrays(
        [pa.array(column, type=f.type) for column, f in zip(columns, schema, strict=True)], schema=schema
    )
    pq.write_table(
        table,
        out,
        compression="zstd",
        compression_level=3,
        version="2.6",
        data_page_version="1.0",
        row_group_size=100_000,
        store_schema=True,
    )
    return out.getvalue()


def describe(what: Definition | Contradiction) -> dict[str, str]:
    """Return a definition or contradiction for ``run.json``."""
    return {"name": what.name, "means": what.means}
