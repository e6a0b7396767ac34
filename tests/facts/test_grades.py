"""The evidence grade of a row, as it is worked out for whole tables and as plainly as can be."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.facts.grades import Grader, letters
from scripts.facts.linked_evidence import link_evidence
from scripts.model.row_ids import key_of
from scripts.store.frames import frame_of
from tests.mini import TABLES
from tests.oracles import plain_grade

TYPES = ["primary_text", "official_release", "news_report", "interview"]
SOURCES = [
    {"source_id": f"s{i}", "document_type": t, "publisher_organization_id": p}
    for i, (t, p) in enumerate((t, p) for t in TYPES for p in ("alpha", "beta", None))
]
# Tables with every column that announces an intention, and one with none.
GRADED = {
    "events": ("event_id", "stage", ["planned", "held", None]),
    "funding": ("funding_id", "standing", ["expected", "committed", None]),
    "exchange_rates": ("rate_id", None, [None]),
}


@given(st.data())
@settings(deadline=None)
@pytest.mark.parametrize("name", GRADED)
def test_grades_are_those_of_the_plain_count(name: str, data: st.DataObject) -> None:
    """For any evidence in any order, some of it on rows and columns that are not there."""
    table, (key, column, values) = TABLES[name], GRADED[name]
    ids = ["a", "b", "c", "d"]
    rows = [{key: i} | ({column: data.draw(st.sampled_from(values))} if column else {}) for i in ids]
    columns = [f.name for f in table.claimed]
    evidence = data.draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "table": st.sampled_from([name, "people"]),
                    "row_id": st.sampled_from([*ids, "ghost"]),
                    "field": st.sampled_from([*columns, "no_column"]),
                    "source_id": st.sampled_from([s["source_id"] for s in SOURCES]),
                    "attribution": st.sampled_from(["document", "official", "unnamed_source", "hearsay"]),
                    "relays": st.sampled_from([None, None, "alpha", "gamma"]),
                    "stands": st.sampled_from([True, True, True, False]),
                }
            ),
            max_size=25,
        )
    )
    standing: dict[str, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for e in evidence:
        if e["table"] == name and e["field"] in columns and e["stands"]:
            standing[e["row_id"]][e["field"]].append(e)
    sources = {s["source_id"]: s for s in SOURCES}
    wanted = [plain_grade(row, standing[key_of(table, row)], table, sources) for row in rows]
    frames = {
        name: frame_of(table.fields, rows),
        "evidence": frame_of(TABLES["evidence"].fields, evidence),
        "sources": frame_of(TABLES["sources"].fields, SOURCES),
    }
    grader = Grader(frames["sources"], frames["evidence"])
    linked = link_evidence([table], frames)[name]
    assert letters(grader.numbers(table, frames[name], linked)).to_list() == wanted


@pytest.mark.parametrize(("publishers", "relays", "grade"),
                         [("ab", (None, None), "B"), ("aa", (None, None), "C"), ("ab", ("x", "x"), "C"),
                          ("ab", ("x", None), "B")])  # fmt: skip
def test_two_sources_count_as_two_where_they_are_independent(
    publishers: str, relays: tuple[str | None, ...], grade: str
) -> None:
    table = TABLES["exchange_rates"]
    sources = [
        {"source_id": f"s{i}", "document_type": "news_report", "publisher_organization_id": p}
        for i, p in enumerate(publishers)
    ]
    evidence = [
        {
            "table": table.name,
            "row_id": "r",
            "field": "value",
            "source_id": f"s{i}",
            "attribution": "document",
        }
        | {"relays": r, "stands": True}
        for i, r in enumerate(relays)
    ]
    frames = {
        table.name: frame_of(table.fields, [{"rate_id": "r"}]),
        "evidence": frame_of(TABLES["evidence"].fields, evidence),
    }
    grader = Grader(frame_of(TABLES["sources"].fields, sources), frames["evidence"])
    linked = link_evidence([table], frames)[table.name]
    assert letters(grader.numbers(table, frames[table.name], linked)).to_list() == [grade]
