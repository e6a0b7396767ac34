"""The history of the cells: for every day what a package made from the sources of that day would publish."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.coding.merge import Cell, Decisions
from scripts.model.claims import Claim
from scripts.model.paths import ROOT
from scripts.model.problems import BadData
from scripts.model.row_ids import key_of
from scripts.model.seeds import Record, Seeds
from scripts.model.values import format_value
from scripts.pipeline import build as building
from scripts.pipeline.build import Built
from scripts.pipeline.history import cell_history
from scripts.store.publish import publish
from scripts.validation.package import check_package
from tests.history_oracle import Oracle, known
from tests.mini import HELD, PACT, PREVIEW, RELEASE, TABLES, Mini
from tests.related import budget

FACTS = {name: table for name, table in TABLES.items() if table.kind == "fact"}
D = dt.date


def standing(history: list[Record], day: dt.date) -> set[tuple[str, str, str, str]]:
    """The cells that stand on a day by the history."""
    return {
        (r["table"], r["row_id"], r["field"], r["value"])
        for r in history
        if r["known_from"] <= day and (r["known_until"] is None or day < r["known_until"])
    }


def published(built: Built) -> set[tuple[str, str, str, str]]:
    """The filled claimed cells of a package."""
    return {
        (name, key_of(table, row), f.name, format_value(f, row[f.name]))
        for name, table in FACTS.items()
        for row in built.data[name]
        for f in table.claimed
        if row[f.name] is not None
    }


def differing_days(built: Built) -> dict[dt.date, set[tuple[str, str, str, str]]]:
    """The days of publication on which the history and the long way differ, and in what."""
    oracle = Oracle(built.seeds, built.claims, TABLES)
    days = sorted({known(s) for s in built.data["sources"]})
    found = {day: oracle.on(day) ^ standing(built.data["cell_history"], day) for day in days}
    return {day: cells for day, cells in found.items() if cells}


def test_the_history_is_what_every_day_would_have_published(mini_built: Built) -> None:
    assert differing_days(mini_built) == {}


@pytest.mark.slow
def test_the_history_of_the_real_seeds_is_what_every_day_would_have_published(real: Built) -> None:
    assert differing_days(real) == {}


@pytest.mark.parametrize("day", [D(2025, 3, 1), D(2025, 3, 2), D(2025, 3, 4), D(2025, 3, 5), D(2026, 1, 1)])
def test_a_package_as_of_a_day_has_the_cells_and_the_history_of_that_day(
    mini: Mini, mini_built: Built, day: dt.date
) -> None:
    then, history = mini.build(as_of=day), mini_built.data["cell_history"]
    assert published(then) == standing(history, day) == standing(then.data["cell_history"], day)
    assert then.data["cell_history"] == [
        {**r, "known_until": r["known_until"] if r["known_until"] and r["known_until"] <= day else None}
        for r in history
        if r["known_from"] <= day
    ]
    stood = {(e["table"], e["row_id"], e["field"], e["value"]) for e in then.data["evidence"] if e["stands"]}
    assert stood == published(then)


def test_as_of_reads_the_published_history(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the table does not have is not in the package of the day, and what it says otherwise is."""
    made = building.cell_history

    def otherwise(*given: object) -> tuple[list[Record], list]:
        history, faults = made(*given)  # type: ignore[arg-type]
        name = [r for r in history if (r["row_id"], r["field"]) == ("pact-signing", "name_en")]
        name[0]["known_until"] = None
        return [r for r in history if r["table"] != "statement_domains" and r not in name[1:]], faults

    monkeypatch.setattr(building, "cell_history", otherwise)
    then = mini.build(as_of=D(2025, 3, 5))
    (signing,) = [e for e in then.data["events"] if e["event_id"] == "pact-signing"]
    assert signing["name_en"] == "Signing of a memorandum, as planned"
    assert {
        e["source_id"]: e["stands"]
        for e in then.data["evidence"]
        if (e["row_id"], e["field"]) == ("pact-signing", "name_en")
    } == {PREVIEW: True, RELEASE: False, HELD: False}
    assert then.data["statement_domains"] == []
    assert not [e for e in then.data["evidence"] if e["table"] == "statement_domains"]


@pytest.mark.slow
def test_the_query_of_the_page_gives_what_as_of_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    _, code = re.findall(r"```python\n(.*?)```", (ROOT / "docs/versions.md").read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "query", "exec"), names)
    then = building.build(as_of=names["day"])
    assert set(names["then"][["table", "row_id", "field", "value"]].itertuples(index=False, name=None)) == (
        published(then)
    )
    assert set(names["agreements"].index) == {a["agreement_id"] for a in then.data["agreements"]}


def test_a_cell_that_is_hidden_again_has_two_rows(mini: Mini) -> None:
    """On the fifth the signing is said to be only planned, so the day of the agreement is no longer shown; on
    the sixth it is again.
    """
    sources = mini.path("sources.csv").read_text("utf-8").splitlines(keepends=True)
    late = "mini-preview-2025-03-06"
    row = next(line for line in sources if line.startswith(PREVIEW))
    row = row.replace(PREVIEW, late).replace("2025-03-01", "2025-03-06").replace("org/preview", "org/late")
    at = sources.index(next(line for line in sources if line.startswith(RELEASE)))
    mini.path("sources.csv").write_text("".join([*sources[:at], row, *sources[at:]]), "utf-8")
    mini.path(f"coding/{late}").mkdir()
    mini.path(f"coding/{late}/events.csv").write_text(
        "at,event_id,stage\npara 9,pact-signing,held\n", "utf-8"
    )
    mini.edit("events", ",held,", ",planned,")
    built = mini.build(against_lock=False)
    assert [
        (r["known_from"], r["known_until"], r["source_id"])
        for r in built.data["cell_history"]
        if (r["row_id"], r["field"]) == (PACT, "signed_on")
    ] == [(D(2025, 3, 4), D(2025, 3, 5), RELEASE), (D(2025, 3, 6), None, RELEASE)]
    assert differing_days(built) == {}


@pytest.mark.slow
def test_a_package_of_a_day_on_which_something_is_hidden_again_is_valid(tmp_path: Path) -> None:
    """Its history tells of a cell that the package does not have."""
    then = building.build(as_of=D(2025, 11, 19))
    last = {(r["table"], r["row_id"], r["field"]): r["known_until"] for r in then.data["cell_history"]}
    assert [cell for cell, until in last.items() if until] == [
        ("agreements", "sau-usa-strategic-ai-partnership-2025", "signed_on")
    ]
    publish(tmp_path, then.files)
    assert check_package(tmp_path) == []


def test_sources_of_one_moment_that_differ_are_reported_though_a_later_one_decides(mini: Mini) -> None:
    """Nobody could say what was known before that one."""
    mini.edit("sources.csv", "official_release,2025-03-04", "official_release,2025-03-01")
    with pytest.raises(BadData) as bad:
        mini.build(against_lock=False)
    messages = {p.column: p.message for p in bad.value.problems}
    assert messages.keys() == {"stage", "effect", "name_en", "name_ko"}
    assert messages["stage"] == f'{PREVIEW} and {RELEASE}, equally new, say "held" and "planned"'


def test_every_row_of_a_fact_table_has_a_cell_that_sources_fill() -> None:
    """So that a row is there on a day exactly if the history has a cell of it; and references between facts
    are of one text column, which can bear a day.
    """
    for table in FACTS.values():
        assert any(f.required for f in table.claimed), table.name
        for key in (k for k in table.foreign_keys if k.table in FACTS):
            assert len(key.fields) == 1 and table.by_name[key.fields[0]].type == "string"


# --- drawn claims

# The cells that a row has at least, beside those of its key, and what may be said of others.
NEEDED: dict[str, Record] = {
    "agreements": {"title_en": "A", "title_ko": "가", "family": "ai_partnership"},
    "parties": {"role": "party"},
    "events": {"event_type": "signing", "name_en": "E", "name_ko": "나"},
    "funding": {"instrument": "grant", "amount": 5, "currency": "USD", "bound": "exactly",
                "standing": "committed", "summary_en": "F", "summary_ko": "다"},
}  # fmt: skip
DRAWN: dict[str, dict[str, tuple]] = {
    "agreements": {
        "instrument_type": ("mou", "moc", "declaration", None),
        "signed_on": ("2025-03-03", "2025-03-04", "2025-03-05", None),
        "parent_agreement_id": ("a", "b", None),
    },
    "parties": {"role": ("party", "lead_agency")},
    "events": {
        "stage": ("held", "planned"),
        "effect": ("signed", "none", None),
        "start_on": ("2025-03-03", "2025-03-04", "2025-03-05", None),
        "agreement_id": ("a", "b", None),
        "parent_event_id": ("s", "t", None),
    },
    "funding": {
        "agreement_id": ("a", "b", None),
        "event_id": ("s", None),
        "under_agreement": (True, False),
    },
}
ROWS: list[tuple[str, Record]] = [
    *(("agreements", {"agreement_id": a}) for a in "ab"),
    *(
        ("parties", {"agreement_id": a, "organization_id": o})
        for a, o in product("ab", ("gov-kor", "gov-usa"))
    ),
    *(("events", {"event_id": e}) for e in "st"),
    ("funding", {"funding_id": "f"}),
]


@st.composite
def claims_of_a_source(draw: st.DrawFn, source: str) -> list[Claim]:
    """What a source says of some rows."""
    claims = []
    for table, key in draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=9, unique_by=str)):
        said = {c: draw(st.sampled_from(v)) for c, v in DRAWN[table].items() if c in TABLES[table].by_name}
        whole = draw(st.integers(0, 3)) > 0
        cells = {**key, **(NEEDED[table] if whole else {}), **said}
        row_id = key_of(TABLES[table], key)
        for field in TABLES[table].claimed:
            if (value := cells.get(field.name)) is not None:
                text = format_value(field, value)
                claims.append(
                    Claim(table, row_id, field.name, value, text, source, "1", (), "document", None, None,
                          f"{source}/{table}.csv", 2, check="coded")
                )  # fmt: skip
    return claims


@st.composite
def drawn_seeds(draw: st.DrawFn) -> tuple[Seeds, dict[Cell, list[Claim]]]:
    """A few sources, at most two of a day, what they say, and a ruling wherever one is needed."""
    cells: dict[Cell, list[Claim]] = {}
    sources = []
    for i in range(draw(st.integers(1, 5))):
        day = draw(st.integers(1, 4))
        kind = draw(st.sampled_from(("news", "official_release", "primary_text")))
        # No two at the same moment: what such say differently nobody could order.
        sources.append(
            {"source_id": f"s{i}", "published_on": D(2025, 3, day), "published_time": f"1{i}:00",
             "time_zone": None, "document_type": kind}
        )  # fmt: skip
        for claim in draw(claims_of_a_source(f"s{i}")):
            cells.setdefault((claim.table, claim.row_id, claim.field), []).append(claim)
    rulings = []
    for cell, claims in cells.items():
        values = sorted({c.text for c in claims})
        if len(values) > 1 and TABLES[cell[0]].by_name[cell[2]].resolve == "agree":
            wins = draw(st.sampled_from(values))
            rulings += [
                {"table": cell[0], "row_id": cell[1], "field": cell[2], "expect": v, "stands": v == wins,
                 "reason_en": "x", "reason_ko": "x", "_line": 2}
                for v in values
            ]  # fmt: skip
    seeds = Seeds({"sources": sources, "rulings": rulings}, {"rulings": "rulings.csv"})
    seeds.keys = {(table, key_of(TABLES[table], key)): key for table, key in ROWS}
    return seeds, cells


@given(drawn=drawn_seeds())
@budget(150)
def test_drawn_claims_stand_as_on_every_single_day(
    mini_built: Built, drawn: tuple[Seeds, dict[Cell, list[Claim]]]
) -> None:
    seeds, cells = drawn
    lists = {n: rows for n, rows in mini_built.data.items() if TABLES[n].kind == "vocabulary"}
    seeds.lists = {**lists, **seeds.lists}
    history, faults = cell_history(seeds, cells, TABLES, Decisions(seeds, TABLES))
    assert faults == []
    oracle = Oracle(seeds, [c for claims in cells.values() for c in claims], TABLES)
    for day in (D(2025, 3, n) for n in range(6)[1:]):
        assert standing(history, day) == oracle.on(day), day
    published_on = {s["source_id"]: s["published_on"] for s in seeds.lists["sources"]}
    for row in history:
        cell = (row["table"], row["row_id"], row["field"])
        givers = [(published_on[c.source_id], c.source_id) for c in cells[cell] if c.text == row["value"]]
        assert (published_on[row["source_id"]], row["source_id"]) == min(givers)
        assert published_on[row["source_id"]] <= row["known_from"]
        assert row["known_until"] is None or row["known_from"] < row["known_until"]
    spells = sorted((r["table"], r["row_id"], r["field"], r["known_from"], r) for r in history if r)
    for one, other in pairwise(spells):
        if one[:3] == other[:3]:
            assert one[4]["known_until"] is not None and one[4]["known_until"] <= other[3]
            assert one[4]["known_until"] < other[3] or one[4]["value"] != other[4]["value"]
