"""What somebody is told who made a mistake in the seeds: the fault itself, where it is to be corrected, and
nothing that follows from it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.commands.main import main
from scripts.model.problems import BadData, Problem
from scripts.model.tables import Table
from scripts.pipeline.build import Built
from scripts.pipeline.drift import compare_with_seeds
from tests.mini import HELD, PACT, PREVIEW, RELEASE, TABLES, Mini

NEWS = f"coding/{HELD}/"


def told(mini: Mini, **options: object) -> list[Problem]:
    with pytest.raises(BadData) as caught:
        mini.build(**options)
    return [
        Problem(
            p.file.replace(str(mini.seeds) + "/", ""),
            p.row,
            p.column,
            p.message.replace(str(mini.seeds) + "/", ""),
            p.fix,
            p.rule,
        )
        for p in caught.value.problems
    ]


def said(mini: Mini, **options: object) -> list[str]:
    return [str(p) for p in told(mini, **options)]


# --- where a missing cell is reported

REQUIRED = [
    (t, f.name)
    for t in TABLES.values()
    if t.kind == "fact"
    for f in t.claimed
    if f.required and f.name not in t.primary_key
]


def sheets(mini: Mini, table: Table) -> dict[Path, list[dict[str, str]]]:
    return {
        path: list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        for path in sorted(mini.seeds.glob(f"coding/*/{table.name}.csv"))
    }


def put(path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")


@pytest.mark.parametrize(("table", "column"), REQUIRED, ids=[f"{t.name}.{c}" for t, c in REQUIRED])
@pytest.mark.parametrize("how", ["emptied everywhere", "one sheet keeps the column", "deleted everywhere"])
def test_a_missing_cell_is_reported_where_it_has_to_be_typed(
    mini: Mini, table: Table, column: str, how: str
) -> None:
    given = sheets(mini, table)
    having = [path for path, rows in given.items() if column in rows[0]]
    for path in having:
        drop = how == "deleted everywhere" or (how == "one sheet keeps the column" and path != having[-1])
        put(
            path,
            [
                {k: "" if k == column else v for k, v in row.items() if not (drop and k == column)}
                for row in given[path]
            ],
        )
    left = {path: list(csv.DictReader(io.StringIO(path.read_text("utf-8")))) for path in given}
    found = [p for p in told(mini) if p.rule != "lock"]
    names = {tuple(row[k] for k in table.primary_key) for path in having for row in given[path]}
    assert len(found) == len(names) and {p.rule for p in found} == {"required"}, found
    for p in found:
        path = mini.seeds / p.file
        row = left[path][p.row - 2]
        key = tuple(row[k] for k in table.primary_key)
        with_column = [
            f
            for f, rows in left.items()
            if column in rows[0] and any(tuple(r[k] for k in table.primary_key) == key for r in rows)
        ]
        assert key in names and p.column == column
        names.remove(key)
        assert path in (with_column or given)
        assert ("does not have the column" in p.message) == (not with_column)


def test_an_emptied_cell_is_reported_at_the_sheet_that_had_it_and_not_as_a_stale_lock(mini: Mini) -> None:
    mini.edit("provisions", ",양자 공동연구에 최소 300만 달러를 댄다.", ",")
    other = mini.seeds / "coding" / PREVIEW / "provisions.csv"
    other.write_text("at,provision_id,activity\npara 1,pact-research,joint_research\n", "utf-8")
    assert said(mini) == [
        f"{NEWS}provisions.csv:2:summary_ko: the cell is empty and may not be; fill it in, like"
        f" {TABLES['provisions'].by_name['summary_ko'].example}"
    ]


# --- names of things that are not there

SPELLING = [
    ("key column", NEWS + "provision_organizations.csv", ",alpha,", ",alpa,",
     f'{NEWS}provision_organizations.csv:2:organization_id: there is no organization "alpa"; did you mean'
     ' "alpha"? Otherwise add it to organizations, or correct the spelling'),
    ("fact in a key", NEWS + "event_people.csv", ",pact-signing,", ",pact-signin,",
     f'{NEWS}event_people.csv:2:event_id: there is no event "pact-signin"; did you mean "pact-signing"?'
     ' Otherwise add it to events, or correct the spelling'),
    ("person", NEWS + "statements.csv", ",delta,named", ",detla,named",
     f'{NEWS}statements.csv:2:person_id: there is no person "detla"; did you mean "delta"? Otherwise add it'
     ' to people, or correct the spelling'),
    ("country", NEWS + "statistics.csv", ",KOR,", ",KRO,",
     f'{NEWS}statistics.csv:2:country_code: there is no country "KRO"; did you mean "KOR"? Otherwise add it'
     ' to countries, or correct the spelling'),
    ("place", NEWS + "events.csv", ",seoul,", ",soul,",
     f'{NEWS}events.csv:2:place_id: there is no place "soul"; did you mean "seoul"? Otherwise add it to'
     ' places, or correct the spelling'),
    ("domain", NEWS + "provisions.csv", ",quantum,joint", ",quantm,joint",
     f'{NEWS}provisions.csv:2:domain_id: there is no domain "quantm"; did you mean "quantum"? Otherwise add'
     ' it to domains, or correct the spelling'),
    ("indicator", NEWS + "statistics.csv", ",papers,", ",paper,",
     f'{NEWS}statistics.csv:2:indicator_id: there is no indicator "paper"; did you mean "papers"? Otherwise'
     ' add it to indicators, or correct the spelling'),
    ("agreement", NEWS + "funding.csv", f",{PACT},", ",kor-usa-quantum,",
     f'{NEWS}funding.csv:2:agreement_id: there is no agreement "kor-usa-quantum"; did you mean "{PACT}"?'
     ' Otherwise add it to agreements, or correct the spelling'),
    ("list", "sources.csv", ",beta,", ",betta,",
     'sources.csv:4:publisher_organization_id: there is no organization "betta"; did you mean "beta"?'
     ' Otherwise add it to organizations, or correct the spelling'),
    ("alias", "vocabularies/aliases.csv", "domain,quantum,양자", "domain,quantun,양자",
     'vocabularies/aliases.csv:2:entity_id: there is no domain "quantun"; did you mean "quantum"? Otherwise'
     ' add it to domains, or correct the spelling'),
    ("alias source", "vocabularies/aliases.csv", f"ko,{HELD}", f"ko,{HELD}x",
     f'vocabularies/aliases.csv:4:source_id: there is no source "{HELD}x"; did you mean "{HELD}"? Otherwise'
     ' add it to sources, or correct the spelling'),
    ("value", NEWS + "provisions.csv", ",will,", ",wil,",
     f'{NEWS}provisions.csv:2:strength: "wil" is not one of the values of strength; did you mean "will"?'
     ' Otherwise use one of '),
    ("column", NEWS + "funding.csv", ",summary_en,", ",sumary_en,",
     f'{NEWS}funding.csv:1:sumary_en: there is no column "sumary_en" in this table; did you mean'
     ' "summary_en"? Otherwise use one of '),
    ("series", "upstream/names.csv", "America,USA", "America,UAS",
     'upstream/names.csv:3:country_code: there is no country "UAS"; did you mean "USA"? Otherwise add it to'
     ' countries, or correct the spelling'),
    ("successor", "tombstones.csv", "provisions,pact-research,", "provisions,pact-reserch,",
     'tombstones.csv:3:successor_row_id: pact-reserch is not in provisions; did you mean "pact-research"?'
     ' Otherwise name the row that is there now, or none'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "message"), [s[1:] for s in SPELLING], ids=[s[0] for s in SPELLING]
)
def test_a_misspelt_name_is_reported_once_with_what_was_meant(
    mini: Mini, file: str, old: str, new: str, message: str
) -> None:
    mini.edit(file, old, new)
    (found,) = said(mini)
    assert found.startswith(message), found


def test_a_ruling_on_a_misspelt_row_or_column_says_which_is_near(mini: Mini) -> None:
    text = mini.path("rulings.csv").read_text("utf-8")
    mini.path("rulings.csv").write_text(
        text
        + f"agreements,{PACT[:-1]},family,x,true,A.,가.,2025-04-01\nagreements,{PACT},famly,x,true,A.,가.,"
        "2025-04-01\n",
        "utf-8",
    )
    found = said(mini)
    assert (
        f'rulings.csv:4:row_id: there is no agreement "{PACT[:-1]}"; did you mean "{PACT}"? Otherwise add it'
        " to agreements, or correct the spelling" in found
    )
    assert (
        'rulings.csv:5:field: agreements has no claimed column "famly"; did you mean "family"? Otherwise'
        " correct the table or the field" in found
    )


# --- a lock that is out of date hides nothing

PLANNED = (
    "effect: the event is planned and has the effect operative; write none until a source says that it"
    " happened"
)


@pytest.mark.parametrize("options", [{}, {"sources": ()}], ids=["text at hand", "text not at hand"])
def test_a_rule_speaks_where_the_lock_lacks_the_check(mini: Mini, options: dict[str, object]) -> None:
    mini.edit("events", ",planned,kor-usa-quantum-2025,none,", ",planned,kor-usa-quantum-2025,operative,")
    assert said(mini, **options) == [f"{NEWS}events.csv:3:{PLANNED}"]


def test_faults_of_evidence_references_and_rules_come_at_once(mini: Mini) -> None:
    mini.edit("events", ",planned,kor-usa-quantum-2025,none,", ",planned,kor-usa-quantum-2025,operative,")
    mini.edit("funding", ",3000000,", ",4000000,")
    mini.edit("statements", ",delta,named", ",detla,named")
    assert [(p.file, p.column) for p in told(mini)] == [
        (f"{NEWS}events.csv", "effect"),
        (f"{NEWS}funding.csv", "amount"),
        (f"{NEWS}statements.csv", "person_id"),
    ]


def test_sources_that_differ_are_reported_though_the_text_is_not_at_hand(mini: Mini) -> None:
    families = TABLES["agreements"].by_name["family"].enum or ()
    other = next(v for v in families if v != "science_and_technology")
    mini.edit("agreements", ",science_and_technology,", f",{other},")
    assert any("the sources differ on family" in t for t in said(mini, sources=()))


# --- duplicates


def test_a_duplicate_is_called_one_whatever_the_file(mini: Mini) -> None:
    lists = {
        "sources.csv": "source_id",
        "rulings.csv": "table,row_id,field,expect",
        "tombstones.csv": "table,row_id",
        "upstream/names.csv": "name",
        "upstream/series.csv": "upstream_id,measure",
        "vocabularies/aliases.csv": "entity_type,entity_id,name",
        "vocabularies/people.csv": "person_id",
        f"{NEWS}uncoded.csv": "at",
        "passages.lock.csv": "source_id,at",
    }
    for name in (*lists, f"{NEWS}parties.csv"):
        lines = mini.path(name).read_text("utf-8").splitlines()
        mini.path(name).write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")
    found = {p.file: p for p in told(mini) if "duplicate" in p.message}
    assert set(found) == {*lists, f"{NEWS}parties.csv"}
    for name, p in found.items():
        assert p.message.startswith("duplicate row") and p.message.endswith("(first in row 2)"), p
        assert p.row == mini.path(name).read_text("utf-8").count("\n") and p.column == lists.get(name, "")


def test_a_duplicate_key_of_facts_names_the_file_of_the_first(mini: Mini) -> None:
    mini.edit(
        f"coding/{RELEASE}/events.csv",
        "para 1,pact-signing,signing,Signing of the memorandum of cooperation",
        "para 1,pact-signing-2,signing,Signing of the memorandum",
    )
    found = [t for t in said(mini) if "duplicate" in t]
    assert found == [
        f"coding/{RELEASE}/events.csv:2:event_type,name_en,start_on: duplicate event_type, name_en, start_on"
        f' "signing | Signing of the memorandum | 2025-03-04" (first in {NEWS}events.csv:2); give each row'
        " its own"
    ]


# --- names that the passage prints and no list has


def test_a_name_that_is_printed_and_not_listed_is_an_alias_to_add(mini: Mini) -> None:
    listed = "vocabularies/organizations.csv"
    mini.edit(listed, "beta,Office Beta,베타처", "office-beta,Bureau of Beta,베타청")
    for path in (mini.path(listed), *mini.seeds.rglob("*.csv")):
        text = path.read_text("utf-8")
        path.write_text(text.replace(",beta,", ",office-beta,"), "utf-8")
    found = [t for t in said(mini) if "organization_id" in t and "lock" not in t]
    assert (
        f'coding/{RELEASE}/funding_parties.csv:2:organization_id: "office-beta" is not in the passage, which'
        ' prints none of its names ("Bureau of Beta", "베타청"); if "Office Beta", which it prints, is its'
        " name, add that to seeds/vocabularies/aliases.csv" in found
    )
    news = next(t for t in found if t.startswith(f"{NEWS}funding_parties.csv"))
    assert (
        '("Bureau of Beta", "베타청", "처장실"); cite the passage that names it, add the name that it prints'
        " to seeds/vocabularies/aliases.csv" in news
    )


# --- what a spreadsheet does to a file

EXCEL = {
    "carriage returns": (lambda t: t.replace("\n", "\r\n").encode(), "its lines end with carriage returns"),
    "byte order mark": (lambda t: b"\xef\xbb\xbf" + t.encode(), "it starts with a byte order mark"),
    "CSV UTF-8": (lambda t: b"\xef\xbb\xbf" + t.replace("\n", "\r\n").encode(),
                  "it starts with a byte order mark"),
    "semicolons": (lambda t: delimited(t, ";").encode("utf-8-sig"), "it starts with a byte order mark"),
    "semicolons alone": (lambda t: delimited(t, ";", "\n").encode(),
                         "its cells are separated by semicolons or tabs"),
    "tabs": (lambda t: delimited(t, "\t", "\n").encode(), "its cells are separated by semicolons or tabs"),
    "Unicode text": (lambda t: delimited(t, "\t").encode("utf-16"), "it is UTF-16"),
    "Unicode text, big": (lambda t: b"\xfe\xff" + delimited(t, "\t").encode("utf-16-be"), "it is UTF-16"),
    "Korean": (lambda t: t.replace("\n", "\r\n").encode("cp949"), "its lines end with carriage returns"),
    "Korean on a Mac": (lambda t: t.encode("cp949"), "it is CP949"),
}  # fmt: skip


def delimited(text: str, delimiter: str, end: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


# The second coding is in plain letters, which CP949 writes as UTF-8 does.
SAVED = [
    (name, how)
    for name in ("provisions", "vocabularies/people.csv", "recoding/round-1/provisions.csv")
    for how in EXCEL
    if (name, how) != ("recoding/round-1/provisions.csv", "Korean on a Mac")
]


@pytest.mark.parametrize(("name", "how"), SAVED)
def test_what_a_spreadsheet_saved_is_reported_with_a_command_that_mends_it(
    mini: Mini, how: str, name: str
) -> None:
    """One message for the file, and the command gives the bytes that were there before."""
    path = mini.path(name)
    before = path.read_bytes()
    save, message = EXCEL[how]
    path.write_bytes(save(before.decode()))
    file = str(path).replace(str(mini.seeds) + "/", "")
    (found,) = told(mini)
    assert (found.file, found.row, found.fix) == (
        file,
        1,
        f"run python -m scripts format {path}",
    ) and found.message.startswith(message)
    assert main(["format", str(path)]) == 0
    assert path.read_bytes() == before


def test_what_is_no_table_is_left_as_it_is(mini: Mini, capsys: pytest.CaptureFixture[str]) -> None:
    path = mini.path("provisions")
    for data in (b"\xff\x00\x81", b'at,note\n1,"open\n', b"PK\x03\x04\0\0"):
        path.write_bytes(data)
        assert main(["format", str(path)]) == 1
        assert str(path) in capsys.readouterr().out and path.read_bytes() == data


# --- generated files changed by hand

BY_HAND = [
    ("funding", ",3000000,USD,", ",4000000,USD,",
     '2:amount: it is "4000000", the seeds give "3000000"; data/ is generated: change'
     f' SEEDS/{NEWS}funding.csv:2, then rebuild with python -m scripts build'),
    ("funding", ",C\n", ",A\n",
     '2:evidence_grade: it is "A", the seeds give "C"; data/ is generated: evidence_grade is derived by the'
     ' build (How well the row is supported'),
    ("people", "Gamma", "Gama",
     '4:name_en: it is "Gama", the seeds give "Gamma"; data/ is generated: change'
     ' SEEDS/vocabularies/people.csv:2, then rebuild'),
    ("evidence", ",moc,", ",mou,", "the seeds give no row "),
    ("country_statistics", ",1300,", ",1301,",
     '2:value: it is "1301", the seeds give "1300"; data/ is generated: the row is made from'
     ' SEEDS/upstream/tables/beta-papers.csv:4; rebuild'),
    ("timeline", "2025-03-04", "2025-03-05",
     "data/ is generated: the table is derived by the build (Every dated thing in the fact tables, one row"
     " each.); rebuild"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "message"), BY_HAND, ids=[b[0] + b[1] for b in BY_HAND])
def test_a_generated_file_changed_by_hand_leads_to_the_seed(
    package: Path, mini_built: Built, mini_template: Path, table: str, old: str, new: str, message: str
) -> None:
    path = package / f"data/{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = [
        str(p).replace(f"{package}/", "").replace(str(mini_template / "seeds"), "SEEDS")
        for p in compare_with_seeds(mini_built, package)
    ]
    assert any(message in t for t in found) and all(t.startswith(f"data/{table}.csv") for t in found), found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda row: row, "duplicate row, with the key"),
        (lambda row: row.replace("Delta", "Delto"), "duplicate key"),
    ],
)
def test_a_row_given_twice_in_the_data_is_a_duplicate(
    package: Path, mini_built: Built, change: Callable[[str], str], message: str
) -> None:
    path = package / "data/people.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, change(lines[1])]) + "\n", "utf-8")
    (found,) = [str(p) for p in compare_with_seeds(mini_built, package)]
    assert f'people.csv:5: {message} "delta" (first in row 2); data/ is generated' in found
