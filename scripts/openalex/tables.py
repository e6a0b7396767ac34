"""The tables of results from the kinds of works: exact, in one order, the same whatever engine counted."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

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


@dataclass
class Tables:
    """``rows`` by table; by code or contradiction how many works have it; ``left_out`` and ``taken`` works."""

    rows: dict[str, list[tuple]]
    unlisted: dict[str, int]
    contradictions: dict[str, int]
    taken: int
    left_out: int


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
    """The tables of the kinds of works (year as text or null, bits, countries, works)."""
    alpha_3 = _alpha_3()
    # By year and definition: works with a country, without one, not to be told.
    totals: dict[tuple[int | None, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    countries: dict[tuple, Counter[int]] = defaultdict(Counter)
    pairs: Counter[tuple] = Counter()
    taken = left_out = 0
    unlisted: Counter[str] = Counter()
    contradicting: Counter[tuple] = Counter()
    both = {bits: [c.name for c in CONTRADICTIONS if bits & c.bit] for bits in set(kinds["bits"].to_pylist())}
    told = {
        bits: ([d for d in DEFINITIONS if d.holds(bits)], [d for d in DEFINITIONS if d.unknown(bits)])
        for bits in set(kinds["bits"].to_pylist())
    }
    for year, bits, alpha_2, works in _kinds(kinds):
        if bits & switches.left_out:
            left_out += works
            continue
        taken += works
        holds, unknown = told[bits]
        codes = sorted(alpha_3.get(code, code) for code in alpha_2)
        unlisted.update({code: works for code in codes if len(code) == 2})
        for definition in DEFINITIONS:
            totals[year, definition.name]
        for contradiction in (*both[bits], ANY) if both[bits] else ():
            for definition in holds:
                contradicting[contradiction, year, definition.name] += works
        for definition in holds:
            totals[year, definition.name][not codes] += works
            for code in codes:
                countries[code, year, definition.name][len(codes)] += works
            for pair in combinations(codes, 2):
                pairs[*pair, year, definition.name] += works
        for definition in unknown:
            totals[year, definition.name][2] += works
    rows: dict[str, list[tuple]] = {name: [] for name in SCHEMAS}
    for key, by_number in _sorted(countries):
        fraction = _rounded(sum((Fraction(works, n) for n, works in by_number.items()), Fraction()))
        rows["country_year" if len(key[0]) == 3 else "country_year_unlisted"].append(
            (*key, by_number.total(), fraction)
        )
    for key, works in _sorted(pairs):
        rows["pair_year" if len(key[0]) == len(key[1]) == 3 else "pair_year_unlisted"].append((*key, works))
    for key, (with_country, without, unknown) in _sorted(totals):
        works = with_country + without
        share = _rounded(Fraction(without, works)) if works else None
        rows["totals"].append((*key, works, with_country, without, share, unknown))
    rows["contradictions"] = [(*key, works) for key, works in _sorted(contradicting)]
    # The first definition holds for every work.
    found = dict.fromkeys((ANY, *(c.name for c in CONTRADICTIONS)), 0)
    for (name, _, definition), works in contradicting.items():
        found[name] += works * (definition == DEFINITIONS[0].name)
    return Tables(rows, dict(sorted(unlisted.items())), found, taken, left_out)


def _sorted(counted: dict[tuple, object]) -> list[tuple]:
    """By key: countries, year (an unknown one last), definition in the order in which they are listed."""
    order = {d.name: i for i, d in enumerate(DEFINITIONS)}
    return sorted(
        counted.items(),
        key=lambda item: (item[0][:-2], item[0][-2] is None, item[0][-2] or 0, order[item[0][-1]]),
    )


def csv_bytes(name: str, rows: list[tuple]) -> bytes:
    """A table as CSV: UTF-8, LF, header, an unknown year empty."""
    return write_records([SCHEMAS[name].names, *rows])


def parquet_bytes(name: str, rows: list[tuple], notes: dict[str, str]) -> bytes:
    """A table as Parquet with ``notes`` in the file."""
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
    """A definition or contradiction for the note of a run."""
    return {"name": what.name, "means": what.means}
