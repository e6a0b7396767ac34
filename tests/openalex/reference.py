"""What the tests of ``derive openalex`` share: works to count, odd ones too, and a count of them that has
nothing of the pipeline's.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

FIXTURES = Path(__file__).parent.parent / "fixtures/openalex"
GENERATIONS = tuple(FIXTURES / f"works_{year}.jsonl.gz" for year in (2023, 2025, 2026))
BY_HAND = FIXTURES / "by_hand.jsonl"
AI = "https://openalex.org/C154945302"


def read_works(path: Path) -> list[dict]:
    """The works of a file."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.decode("utf-8").splitlines()]


def write_works(path: Path, works: list) -> Path:
    """Writes works, or lines given as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join((w if isinstance(w, str) else json.dumps(w)) + "\n" for w in works).encode(
        "utf-8", "surrogateescape"
    )
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def counted(
    works: list[dict], xpac: bool = False, retracted: bool = True, paratext: bool = True
) -> dict[str, dict]:
    """The tables by key, counted one work after the other. Every work must be sound and occur once."""
    with (Path(__file__).parents[2] / "data/countries.csv").open(encoding="utf-8", newline="") as file:
        iso = {row["alpha_2"]: row["country_code"] for row in csv.DictReader(file)}
    whole, part, pairs = defaultdict(int), defaultdict(Fraction), defaultdict(int)
    totals = defaultdict(lambda: [0, 0, 0])
    for work in works:
        flags = {
            name: str(work.get(name)).lower() == "true" for name in ("is_xpac", "is_retracted", "is_paratext")
        }
        if any(
            flags[name] and not taken
            for name, taken in (("is_xpac", xpac), ("is_retracted", retracted), ("is_paratext", paratext))
        ):
            continue
        here = set()
        for authorship in work.get("authorships") or []:
            authorship = authorship or {}
            own = authorship.get("countries")
            if own is None:
                own = [(i or {}).get("country_code") for i in authorship.get("institutions") or []]
            here |= {iso.get(c.upper(), c.upper()) for c in own if c}
        subfield = ((work.get("primary_topic") or {}).get("subfield") or {}).get("id")
        topic = None if subfield is None else str(subfield).split("/")[-1]
        concepts = [c or {} for c in work.get("concepts") or []]
        scores = [c.get("score") for c in concepts if c.get("id") == AI]
        says = {
            "all": True,
            "subfield_1702": None if topic is None else topic == "1702",
            "subfield_1702_or_1707": None if topic is None else topic in ("1702", "1707"),
            "concept_030": any(s is not None and float(s) >= 0.3 for s in scores) if concepts else None,
            "concept_any": bool(scores) if concepts else None,
        }
        year = work.get("publication_year")
        year = None if year is None else int(year)
        for definition, holds in says.items():
            cell = totals[year, definition]
            if holds is None:
                cell[2] += 1
            elif holds:
                cell[0 if here else 1] += 1
                for a in here:
                    whole[a, year, definition] += 1
                    part[a, year, definition] += Fraction(1, len(here))
                    for b in here:
                        if a < b:
                            pairs[a, b, year, definition] += 1
    return {
        "country": {key: (n, round(float(part[key]), 6)) for key, n in whole.items()},
        "pair": dict(pairs),
        "totals": {key: tuple(cell) for key, cell in totals.items()},
    }


def read_tables(out: Path) -> dict[str, dict]:
    """The tables that a run wrote, in the shape of ``counted``."""

    def rows(name: str) -> list[list[str]]:
        with (out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]

    def year(text: str) -> int | None:
        return int(text) if text else None

    both = [("country_year", "pair_year"), ("country_year_unlisted", "pair_year_unlisted")]
    return {
        "country": {
            (r[0], year(r[1]), r[2]): (int(r[3]), float(r[4])) for name, _ in both for r in rows(name)
        },
        "pair": {(r[0], r[1], year(r[2]), r[3]): int(r[4]) for _, name in both for r in rows(name)},
        "totals": {(year(r[0]), r[1]): (int(r[3]), int(r[4]), int(r[6])) for r in rows("totals")},
    }


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def _record(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """With some of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


_score = _maybe(
    st.sampled_from(["0.7821369", 0.3, "0.3", 0.29999999, 0.30000001192092896, 0, 1, 1e-7, "1E-3", 0.5])
)
_subfield = _maybe(
    st.sampled_from(
        [
            1702,
            "1702",
            "https://openalex.org/subfields/1702",
            "https://openalex.org/subfields/1707",
            1707,
            2002,
        ]
    )
)
_number = _maybe(st.sampled_from([0, 1, 2, "2", 2.0, 2.5, "", "many", -1, 10**12]))
_flag = _maybe(st.sampled_from([True, False, False, "true", "false"]))


def _work(odd: bool) -> st.SearchStrategy[dict]:
    code = _maybe(st.sampled_from(["US", "KR", "XK", "CN", "ZZ"] + ["us", "kr", ""] * odd))
    authorship = _maybe(
        _record(
            countries=_maybe(st.lists(code, max_size=3)),
            institutions=_maybe(st.lists(_maybe(_record(country_code=code)), max_size=3)),
            raw=st.just('}{"'),
        )
    )
    concept = _maybe(
        _record(id=_maybe(st.sampled_from([AI, AI, "https://openalex.org/C41008148"])), score=_score)
    )
    return _record(
        publication_year=_maybe(st.sampled_from([2010, 2022, "2022", 1] + [2022.0] * odd)),
        is_xpac=_flag, is_retracted=_flag, is_paratext=_flag,
        authorships=_maybe(st.lists(authorship, max_size=4)),
        primary_topic=_maybe(_record(subfield=_maybe(_record(id=_subfield)))),
        concepts=_maybe(st.lists(concept, max_size=3)),
        updated_date=_maybe(st.sampled_from(["2023-03-25T07:45:39.439387", "2026-06-24"])),
        title=_maybe(st.text(max_size=5)),
        # Only compared with the authorships and the year.
        is_authors_truncated=_flag, authors_count=_number, countries_distinct_count=_number,
        institutions_distinct_count=_number,
        publication_date=_maybe(st.sampled_from(["2022-03-04", "2010-01-01", "0001-01-01", ""])),
    )  # fmt: skip


def drawn_works(odd: bool, **size: Any) -> st.SearchStrategy[list[dict]]:
    """Sound works with missing parts; with ``odd`` also what only the slow reader takes."""
    return st.lists(_work(odd), **size).map(
        lambda works: [{"id": f"https://openalex.org/W{n}"} | w for n, w in enumerate(works, 1)]
    )
