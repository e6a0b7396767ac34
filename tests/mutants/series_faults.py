"""Faults in the pinned tables of other publishers and in the lists that say what they mean."""

from __future__ import annotations

from collections.abc import Callable

from scripts.store.files import sha256
from tests.faults.seeds import Draft
from tests.mini import PINNED
from tests.mutants.draft import cell, planted
from tests.mutants.seed_faults import new

UPSTREAM = "seeds/upstream/"
LISTED, NAMES, SERIES, TABLE = (
    f"{UPSTREAM}upstreams.csv",
    f"{UPSTREAM}names.csv",
    f"{UPSTREAM}series.csv",
    f"{UPSTREAM}tables/beta-papers.csv",
)
INDICATORS = "seeds/vocabularies/indicators.csv"
G = "pinned tables"


def pinned(old: str, text: str, line: int, column: str) -> Callable[[Draft], tuple[str, int, str]]:
    """Change a pinned table and correct its hash: to be reported at ``line`` and ``column``."""

    def write(d: Draft) -> tuple[str, int, str]:
        d.swap(TABLE, old, text)
        d.put(LISTED, "sha256", sha256(d.files[TABLE]), upstream_id="beta-papers")
        return TABLE, line, column

    return write


def _without(d: Draft) -> tuple[str, int, str]:
    del d.files[TABLE]
    return LISTED, 2, "upstream_id"


def _renamed(d: Draft) -> list[tuple[str, int, str]]:
    return [pinned("papers,All", "papers,World", 2, "entity")(d), (NAMES, 4, "name")]


def _without_caveat(d: Draft) -> list[tuple[str, int, str]]:
    return [
        (INDICATORS, d.put(INDICATORS, c, "", indicator_id="papers-counted"), c)
        for c in ("caveat_en", "caveat_ko")
    ]


planted(
    "pinned-table-changed",
    G,
    "A pinned table with another figure in it, or another line end.",
    "upstream",
    lambda d: (d.swap(TABLE, ",1300,", ",1301,"), (TABLE, 0, ""))[1],
    lambda d: (d.files.update({TABLE: PINNED.encode()[:-1]}), (TABLE, 0, ""))[1],
    lock=True,
)
planted(
    "pinned-table-missing", G, "A pinned table that is listed and not there.", "upstream", _without, lock=True
)
planted(
    "pinned-table-unlisted",
    G,
    "A file among the pinned tables that no list speaks of.",
    "upstream",
    new(f"{UPSTREAM}tables/other.csv", "a\n"),
    new(f"{UPSTREAM}notes.txt", "a\n"),
    lock=True,
)
planted(
    "pinned-figure-in-words",
    G,
    "A pinned table with a figure that is none.",
    "lexical",
    pinned(",1300,", ",many,", 4, "value"),
    pinned(",2500.5,", ',"2,500",', 3, "value"),
    lock=True,
)
planted(
    "pinned-cell-empty",
    G,
    "A pinned table with an empty cell.",
    "upstream",
    pinned(",1300,", ",,", 4, "value"),
    pinned("papers,America,,2024", "papers,America,,", 3, "period_from"),
    lock=True,
)
planted(
    "pinned-name-unknown",
    G,
    "A name in a pinned table that nobody has said the meaning of.",
    "upstream-name",
    pinned('together,"Korea, South",America', 'together,"Korea, South",Amerika', 7, "partner"),
    _renamed,
    lock=True,
    note="The entry in the list that no table uses any more is reported too.",
)
planted(
    "pinned-measure-unknown",
    G,
    "A measure of a pinned table that no series is made of.",
    "upstream-series",
    pinned('summed,"Korea', 'added,"Korea', 6, "measure"),
    lock=True,
)
planted(
    "pinned-figure-twice",
    G,
    "Two figures of one measure for the same country and years.",
    "upstream-twice",
    pinned("papers,America", 'papers,"Korea, South"', 4, "entity"),
    lock=True,
)
planted(
    "pinned-pair-of-one",
    G,
    "A pair that is not two countries.",
    "upstream-name",
    pinned(",America,2024", ",All,2024", 7, "partner"),
    pinned(",America,2024", ',"Korea, South",2024', 7, "partner"),
    lock=True,
)
planted(
    "name-that-nobody-uses",
    G,
    "A name on the list that no pinned table has.",
    "upstream-name",
    lambda d: (NAMES, d.add(NAMES, name="Utopia", region_id="world"), "name"),
    lock=True,
)
planted(
    "name-of-nothing",
    G,
    "A name that means a country or a region that is not listed, both, or neither.",
    "upstream-name",
    cell(NAMES, "country_code", "XXX", name="America"),
    cell(NAMES, "region_id", "moon", name="All"),
    cell(NAMES, "region_id", "world", at="country_code", name="America"),
    cell(NAMES, "country_code", "", name="America"),
    lock=True,
)
planted(
    "series-of-no-measure",
    G,
    "A series of a measure that its table does not have.",
    "upstream-series",
    lambda d: (
        SERIES,
        d.add(SERIES, upstream_id="beta-papers", measure="ghosts", indicator_id="papers", ranked="false"),
        "measure",
    ),
    lock=True,
)
planted(
    "series-of-no-indicator",
    G,
    "A series that is no listed indicator.",
    "upstream-name",
    cell(SERIES, "indicator_id", "ghost", measure="together"),
    lock=True,
)
planted(
    "series-not-described",
    G,
    "An indicator with a series and without its vintage, its counting or its caveat.",
    "series_is_described",
    *(
        cell(INDICATORS, c, text, indicator_id="papers-counted")
        for c, text in (
            ("vintage", ""),
            ("counting_method", "not_stated"),
            ("definition_status", "not_published"),
        )
    ),
    _without_caveat,
)
planted(
    "upstream-of-nobody",
    G,
    "A pinned table of a publisher that is not listed.",
    "foreign-key",
    cell(LISTED, "publisher_organization_id", "ghost", upstream_id="beta-papers"),
)
