"""How a row is cited: the version of the dataset and each document that it rests on, in four forms."""

from __future__ import annotations

import json
import re

import pytest

from scripts.commands.main import main
from scripts.lookup.cite import cite, documents
from scripts.model.problems import CannotRun
from scripts.model.row_ids import key_of
from scripts.package.settings import load_package
from scripts.pipeline.build import Built
from scripts.techpacts.references import as_bibtex, as_csl, as_ris, as_text

ROW = "kor-usa-cet-2023-bioeconomy"


def every(real: Built) -> list[dict]:
    """All sources, as ``documents`` gives them."""
    names = {o["organization_id"]: o["name_en"] for o in real.data["organizations"]}
    return [
        {**s, "publisher": names[s["publisher_organization_id"]], "columns": []} for s in real.data["sources"]
    ]


def test_the_documents_are_those_whose_word_stands(real: Built) -> None:
    for table in (t for t in real.tables.values() if t.kind == "fact"):
        key = key_of(table, real.data[table.name][0])
        wanted: dict[str, set[str]] = {}
        for e in real.data["evidence"]:
            if (e["table"], e["row_id"]) == (table.name, key) and e["stands"]:
                wanted.setdefault(e["source_id"], set()).add(e["field"])
        assert {d["source_id"]: set(d["columns"]) for d in documents(table.name, key)} == wanted != {}


def test_a_figure_of_a_series_is_cited_by_its_table_and_the_database_behind_it() -> None:
    text = cite("country_statistics", "ncses-ai-articles-whole|KOR|2022|2022")
    assert (
        "National Center for Science and Engineering Statistics. (2023, December 11). Table APBS-1: AI"
        " articles by country and year" in text
    )
    assert "underlying source: Elsevier, Scopus" in text and text.endswith(
        "https://ncses.nsf.gov/pubs/nsb202333\n    for value"
    )
    # Of what only the year is known, no month is made up.
    assert "Statistics. (2024). Table SRD-1" in cite("country_statistics", "ncses-gerd-ppp|KOR|2021|2021")
    year_only = "country_statistics", "ncses-gerd-ppp|KOR|2021|2021"
    assert "month" not in cite(*year_only, "bibtex").split("@misc{ncses")[1] and "DA  - 2024//" in cite(
        *year_only, "ris"
    )
    assert json.loads(cite(*year_only, "csl"))[1]["issued"] == {"date-parts": [[2024]]}


def test_the_text_itself_comes_before_what_newspapers_say() -> None:
    found = [d["document_type"] for d in documents("funding", ROW)]
    assert found[0] == "primary_text" and set(found[1:]) == {"news"}


def test_every_form_names_version_row_and_every_document() -> None:
    package, found = load_package(), documents("funding", ROW)
    for form in ("text", "bibtex", "ris", "csl"):
        said = cite("funding", ROW, form)
        assert package["version"] in said and package["contributors"][0]["title"] in said
        assert ROW in said or form == "csl"
        assert all(d["url"].replace("_", r"\_") in said or d["url"] in said for d in found)
    assert cite("funding", ROW).startswith(package["citation"])


def test_every_source_can_be_cited_in_every_form(real: Built) -> None:
    for d in every(real):
        text, bibtex, ris, csl = as_text(d), as_bibtex(d), as_ris(d), as_csl(d)
        exact = d["published_precision"] == "day"
        assert (
            str(d["published_on"].year) in text
            and "None" not in text + bibtex + ris
            and ".." not in text.replace("...", "")
        )
        assert (f"{d['published_on'].day})" in text) == exact
        assert bibtex.count("{") - bibtex.count(r"\{") == bibtex.count("}") - bibtex.count(r"\}")
        assert not re.search(r"(?<!\\)[&%$#]", re.sub(r"  url = .*", "", bibtex))
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in ris.split("\n")) and ris.endswith(
            "ER  - "
        )
        assert len(csl["issued"]["date-parts"][0]) == 2 + exact and all(csl.values()) and json.dumps(csl)


def test_a_document_without_title_is_described(real: Built) -> None:
    d = next(d for d in every(real) if d["title"] is None)
    assert "[" in as_text(d) and f"in {d['language']}]" in as_text(d)


@pytest.mark.parametrize(
    ("table", "row", "why"),
    [
        ("sources", "x", "not a table of facts or figures; there are agreement_domains"),
        ("ghost", "x", "not a table of facts or figures"),
        ("pair_statistics", "x", 'there is no row "x" in pair_statistics'),
        ("funding", ROW + "x", f"near it are .*{ROW}"),
        ("funding", "~", "there are apec"),
    ],
)
def test_what_is_not_there_is_reported(table: str, row: str, why: str) -> None:
    with pytest.raises(CannotRun, match=why):
        cite(table, row)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "funding", ROW, "--format", "csl"]) == 0
    assert [i["type"] for i in json.loads(capsys.readouterr().out)][:2] == ["dataset", "webpage"]
    assert main(["cite", "funding", "ghost"]) == 2
    assert capsys.readouterr().err.startswith('there is no row "ghost" in funding')
