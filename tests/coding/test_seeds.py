"""Seeds with a fault in them: each is told with file, line and column, and nothing is built."""

from __future__ import annotations

import csv
import shutil

import pytest

from scripts.model.problems import BadData, CannotRun
from scripts.pipeline.seeds import read_lists
from scripts.sources.lock import digest, entry
from tests.mini import HELD, MONEY, PACT, PREVIEW, RELEASE, TABLES, TEXT, Mini, spans


def problems(mini: Mini, **options: object) -> list[str]:
    """What the build reports, with the folder of the seeds cut off."""
    with pytest.raises(BadData) as bad:
        mini.build(**options)
    return [str(p).replace(str(mini.seeds) + "/", "") for p in bad.value.problems]


SHEETS = f"coding/{HELD}/"
AT = spans(MONEY)
START = int(AT.split("-")[0])
CITE = "cite the passage that has it, or say in note how it follows (field: how)"
SAY = "write only what the passage says, cite more of it, or list the name as an alias"
# file, old, new, message
FAULTS = [
    ("amount-in-words", "funding", ",3000000,", ",3 million,",
     'funding.csv:2:amount: "3 million" is not an integer; write 3000000'),
    ("amount-not-in-passage", "funding", ",3000000,", ",4000000,",
     'funding.csv:2:amount: "4000000" is not in the passage, where no figure and no number word, with its'
     f' scale, comes to it; {CITE}'),
    ("currency-not-in-passage", "funding", ",USD,", ",EUR,",
     'funding.csv:2:currency: "EUR" is not in the passage, where no currency beside the sum is this'
     f' one; {CITE}'),
    ("unknown-enum", "funding", ",at_least,", ",minimum,",
     'funding.csv:2:bound: "minimum" is not one of the values of bound; use one of at_least, exactly,'
     ' up_to, about'),
    ("body-not-in-passage", "provision_organizations", ",alpha,", ",daily,",
     'provision_organizations.csv:2:organization_id: "daily" is not in the passage, which prints none of its'
     ' names ("Daily Zeta", "제타일보"); cite the passage that names it'),
    ("unknown-body", "provision_organizations", ",alpha,", ",ghost,",
     'provision_organizations.csv:2:organization_id: there is no organization "ghost"; add it'),
    ("date-not-in-passage", "agreements", ",2025-03-04,", ",2025-03-05,",
     'agreements.csv:2:signed_on: "2025-03-05" is not in the passage, where no date of any form agrees with'
     f' it; {CITE}'),
    ("year-not-in-passage", "statistics", ",2024,2024,", ",2023,2024,",
     'statistics.csv:2:period_from: "2023" is not in the passage, where no year and no date agrees with'
     f' it; {CITE}'),
    ("office-not-printed", "event_people", ",국장", ",과장",
     f'event_people.csv:2:office_ko: "과장" is not in the passage letter for letter; {CITE}'),
    ("number-in-summary", "provisions", "At least 3 million", "At least 5 million",
     f"provisions.csv:2:summary_en: the passage does not hold the number 5000000; {SAY}"),
    ("name-in-summary", "provisions", "양자 공동연구에", "감마가 양자 공동연구에",
     f'provisions.csv:2:summary_ko: the passage does not hold the name "감마"; {SAY}'),
    ("unknown-word-in-summary", "provisions", "will support joint", "will support Omega joint",
     'provisions.csv:2:summary_en: the passage does not hold the word "Omega", which is not a listed'
     f' name; {SAY}'),
    ("inferred-without-note", "provisions", "due_on: next year, counted from the report of 2025", "",
     'provisions.csv:3:due_on: "2026" is not in the passage, where no date of any form agrees with'
     f' it; {CITE}'),
    ("note-without-field", "provisions", "due_on: next year", "next year",
     'provisions.csv:3:note: "next year, counted from the report of 2025" does not say which cell is'
     ' inferred; write field: how the value follows, several joined by \' | \''),
    ("note-on-empty-cell", "provisions", "due_on: next year", "number: next year",
     "provisions.csv:3:note: the note explains number, which is empty; fill the cell or remove the note"),
    ("note-on-printed-value", "events", "각서 체결,2025-03-04,seoul,,held,kor-usa-quantum-2025,signed,",
     "각서 체결,2025-03-04,seoul,,held,kor-usa-quantum-2025,signed,place_id: guessed",
     "events.csv:2:place_id: the note calls the value inferred, but the passage prints it; remove the note"),
    ("missing-key-column", "funding", "at,funding_id", "at,fund",
     'funding.csv:1:fund: there is no column "fund" in this table; use one of'),
    ("missing-at", "funding", "at,funding_id", "place,funding_id",
     "funding.csv:1:at: the column is missing; add it"),
    ("derived-column-typed", "funding", "at,funding_id,", "at,evidence_grade,",
     'funding.csv:1:evidence_grade: there is no column "evidence_grade" in this table'),
    ("empty-key", "funding", ",pact-money,", ",,",
     "funding.csv:2:funding_id: the cell is empty and may not be; fill it in, like"
     " kor-usa-cet-2023-bioeconomy"),
    ("bad-key", "funding", ",pact-money,", ",Pact Money,",
     'funding.csv:2:funding_id: "Pact Money" does not have the form of funding_id'),
    ("offsets-past-the-end", "funding", AT, f"{START}-99999",
     f"funding.csv:2:at: the span {START}-99999 goes past the end of the text ({len(TEXT)} characters); look"
     " the passage up with python -m scripts locate"),
    ("offsets-overlap", "funding", AT, f"{START}-{START + 9};{START + 5}-{START + 12}",
     f"funding.csv:2:at: the spans in {START}-{START + 9};{START + 5}-{START + 12} overlap or are out of"
     " order; join them or put them in order"),
    ("offsets-empty", "funding", AT, "7-7",
     "funding.csv:2:at: the span 7-7 is empty; let the end be greater than the start"),
    ("offsets-in-words", "funding", AT, "paragraph 2",
     'funding.csv:2:at: "paragraph 2" is not start-end offsets; write 120-184'),
    ("no-such-day", "events", ",2026,,,planned", ",2026-13,,,planned",
     'events.csv:3:start_on: "2026-13" does not have the form of start_on'),
    ("unknown-relay", "statements", "summary_ko,attribution", "summary_ko,relays",
     'statements.csv:2:relays: "named_person" does not have the form of relays'),
    ("orphan", "funding", ",pact-research,quantum", ",pact-reserch,quantum",
     'funding.csv:2:provision_id: there is no provision "pact-reserch"; did you mean "pact-research"?'
     ' Otherwise add it to provisions, or correct the spelling'),
    ("planned-with-effect", "events", ",planned,kor-usa-quantum-2025,none,",
     ",planned,kor-usa-quantum-2025,operative,",
     "events.csv:3:effect: the event is planned and has the effect operative; write none until a source says"
     " that it happened"),
    ("alias-of-nothing", "vocabularies/aliases.csv", "organization,beta,처장실", "organization,ghost,처장실",
     'vocabularies/aliases.csv:4:entity_id: there is no organization "ghost"; add it to organizations, or'
     ' correct the spelling'),
    ("source-twice", "sources.csv", PREVIEW + ",예고", HELD + ",예고",
     f'sources.csv:3:source_id: duplicate key "{HELD}", with other cells (first in row 2); give each row its'
     ' own key, or delete one of the two'),
    ("half-held", "sources.csv", "news.txt,", ",",
     "sources.csv:2:text_file: a held text needs file name, hash and length, and text_file is empty; fill"
     " text_file, sha256 and characters"),
    ("wrong-length", "sources.csv", f",{len(TEXT)},", f",{len(TEXT) - 1},",
     f"sources.csv:2:characters: news.txt has {len(TEXT)} characters, not {len(TEXT) - 1}; write"
     f" {len(TEXT)}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_fault_is_reported_where_it_was_typed(
    mini: Mini, name: str, old: str, new: str, message: str
) -> None:
    mini.edit(name, old, new)
    told = problems(mini)
    prefix = "" if "/" in name or name.endswith(".csv") else SHEETS
    assert any(t.startswith(prefix + message) for t in told), "\n".join(told)


def test_sound_seeds_build(mini: Mini) -> None:
    assert mini.build().files["data/agreements.csv"].count(b"\n") == 2


def test_all_faults_of_all_files_at_once(mini: Mini) -> None:
    mini.edit("funding", ",3000000,", ",many,")
    mini.edit("provisions", ",will,", ",shall,")
    mini.edit("sources.csv", ",2025-03-01,", ",2025-3-1,")
    told = problems(mini)
    assert [t.split(":")[0] for t in told] == [
        SHEETS + "funding.csv",
        SHEETS + "provisions.csv",
        "sources.csv",
    ]


def test_a_cell_that_no_source_fills_is_reported_before_anything_is_derived(mini: Mini) -> None:
    for table, column in (("provisions", "agreed"), ("events", "held")):
        mini.edit(table, f",{column},", ",,")
    mini.edit(f"coding/{PREVIEW}/events.csv", ",planned,", ",,")
    mini.edit(f"coding/{RELEASE}/events.csv", ",held,", ",,")
    told = problems(mini)
    assert (
        f"{SHEETS}provisions.csv:2:standing: the cell is empty and may not be; fill it in, like agreed"
        in told
    )
    assert f"{SHEETS}events.csv:2:stage: the cell is empty and may not be; fill it in, like held" in told


def test_unknown_table(mini: Mini) -> None:
    mini.path("funding").rename(mini.path("fundings"))
    assert problems(mini)[0].startswith(
        f'{SHEETS}fundings.csv: there is no table "fundings.csv" to code into; did you mean "funding.csv"?'
        " Otherwise name the sheet after one of agreement_domains,"
    )


@pytest.mark.parametrize("content", ["", "at,funding_id\n"], ids=["no bytes", "header only"])
def test_empty_sheet(mini: Mini, content: str) -> None:
    mini.path("funding").write_text(content, "utf-8")
    assert any(
        t.startswith(f"{SHEETS}funding.csv:1") and ("the sheet has no rows" in t or "the file is empty" in t)
        for t in problems(mini)
    )


def test_sheets_of_an_unknown_source(mini: Mini) -> None:
    shutil.copytree(mini.path(SHEETS), mini.seeds / "coding/ghost")
    assert problems(mini) == [
        'coding/ghost: there is no source "ghost"; add it to seeds/sources.csv or rename the folder'
    ]


def test_source_without_sheets(mini: Mini) -> None:
    shutil.rmtree(mini.seeds / "coding" / PREVIEW)
    assert problems(mini) == [
        f"sources.csv:3:source_id: nothing is coded from {PREVIEW}; add sheets in seeds/coding/{PREVIEW}/ or"
        " remove the source"
    ]


def test_missing_vocabulary_cannot_run(mini: Mini) -> None:
    mini.path("vocabularies/people.csv").unlink()
    with pytest.raises(CannotRun, match=r"people\.csv: there is no such file"):
        mini.build()


def test_a_report_relayed_from_nobody_is_reported_at_its_sheet(mini: Mini) -> None:
    mini.edit("statement_domains", "domain_id\n", "domain_id,relays\n")
    mini.edit("statement_domains", ",quantum\n", ",quantum,ghost\n")
    assert (
        f'{SHEETS}statement_domains.csv:2:relays: there is no organization "ghost"; add it to organizations,'
        " or correct the spelling" in problems(mini)
    )


def test_same_claim_twice(mini: Mini) -> None:
    sheet = mini.path("funding_parties")
    sheet.write_text(sheet.read_text("utf-8") + f"{AT},pact-money,beta,cooperating_body\n", "utf-8")
    assert any(
        t.endswith("funding_parties.csv:4: duplicate row (first in row 3); delete one of the two")
        for t in problems(mini)
    )


def test_a_text_changed_by_one_character_is_not_the_text_coded(mini: Mini) -> None:
    (mini.texts / "news.txt").write_text(TEXT.replace("300만", "200만"), "utf-8")
    (told,) = problems(mini)
    assert told.startswith("sources.csv:2:sha256: news.txt is not the text that was coded: its SHA-256 is ")


# --- merging and rulings


def test_without_a_ruling_a_difference_stops_the_build(mini: Mini) -> None:
    for _ in range(2):
        lines = mini.path("rulings.csv").read_text("utf-8").splitlines(keepends=True)
        mini.path("rulings.csv").write_text(
            "".join(lines[:1]) + f"agreements,{PACT},notice_days,1,true,a,가,2025-04-01\n", "utf-8"
        )
    told = problems(mini)
    wanted = (
        f'the sources differ on instrument_type of agreements {PACT}: "moc" ({RELEASE}) and "mou" ({HELD},'
        f" {PREVIEW}); add a ruling to seeds/rulings.csv, one row for each value"
    )
    assert any(t.endswith(wanted) for t in told)
    assert any(
        f"the ruling on notice_days of agreements {PACT} is stale: the sources do not differ; delete it" in t
        for t in told
    )


def test_a_ruling_dies_when_a_source_says_something_new(mini: Mini) -> None:
    mini.edit(f"coding/{RELEASE}/agreements.csv", ",moc,", ",treaty,")
    (told,) = [t for t in problems(mini) if "expect" in t]
    assert (
        told
        == f"rulings.csv:2:expect: the ruling on instrument_type of agreements {PACT} is stale: it expects"
        f' "moc", "mou", the sources say "mou" ({HELD}, {PREVIEW}) and "treaty" ({RELEASE}); look at the'
        " sources again and write a new ruling"
    )


def test_a_ruling_dies_when_the_sources_come_to_agree(mini: Mini) -> None:
    mini.edit(f"coding/{RELEASE}/agreements.csv", ",moc,", ",mou,")
    assert any("is stale: the sources do not differ" in t for t in problems(mini))


def test_a_ruling_has_one_winner(mini: Mini) -> None:
    mini.edit("rulings.csv", ",mou,false,", ",mou,true,")
    assert any("2 values stand for instrument_type" in t for t in problems(mini))


def test_what_the_newest_source_decides_is_not_ruled_on(mini: Mini) -> None:
    mini.edit("rulings.csv", f"agreements,{PACT},instrument_type,mou", "events,pact-signing,stage,planned")
    assert any(
        "stage takes the newest source and is not ruled on; delete the ruling" in t for t in problems(mini)
    )


def test_ruled_and_losing_values_are_published(mini_built) -> None:
    (row,) = mini_built.data["agreements"]
    assert row["instrument_type"] == "moc"
    kept = {
        (d["field"], d["value"], d["source_id"], d["stands"], d["resolved_by"])
        for d in mini_built.data["disagreements"]
    }
    assert ("instrument_type", "mou", HELD, False, "ruling") in kept and (
        "instrument_type",
        "moc",
        RELEASE,
        True,
        "ruling",
    ) in kept
    assert ("stage", "planned", PREVIEW, False, "latest") in kept
    assert {
        e["value"] for e in mini_built.data["evidence"] if e["field"] == "instrument_type" and not e["stands"]
    } == {"mou"}


def test_two_sources_of_one_day_need_an_hour(mini: Mini) -> None:
    mini.edit("sources.csv", "2025-03-01,,,day", "2025-03-05,,,day")
    told = problems(mini)
    assert any(
        'equally new, say "held" and "planned"; let one source say one thing; give published_time' in t
        for t in told
    ), told


def test_the_later_moment_is_the_newer_source_whatever_the_clocks_say(mini: Mini) -> None:
    """13:00 in Washington is after 23:00 in Seoul on the same day."""
    mini.edit("sources.csv", "2025-03-01,,,day", "2025-03-05,13:00,America/New_York,day")
    mini.edit("sources.csv", "2025-03-05,,,day", "2025-03-05,23:00,Asia/Seoul,day")
    mini.edit(f"coding/{PREVIEW}/events.csv", ",planned,", ",cancelled,")
    for name in ("agreements", "signatories"):
        # Nothing was signed if it was called off.
        mini.path(name).write_text(
            mini.path(name)
            .read_text("utf-8")
            .replace(",2025-03-04,seoul", ",,seoul")
            .replace(",signed,", ",announced,"),
            "utf-8",
        )
    mini.edit(f"coding/{RELEASE}/agreements.csv", ",moc,2025-03-04", ",moc,")
    mini.edit(
        f"coding/{HELD}/events.csv", ",held,kor-usa-quantum-2025,signed", ",held,kor-usa-quantum-2025,none"
    )
    mini.edit(
        f"coding/{RELEASE}/events.csv", ",held,kor-usa-quantum-2025,signed", ",held,kor-usa-quantum-2025,none"
    )
    stage = {
        d["value"]: d["stands"]
        for d in mini.build(against_lock=False).data["disagreements"]
        if d["field"] == "stage"
    }
    assert stage["cancelled"] and not stage["held"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("2025-03-05,13:00,,day", "an hour and its time zone go together"),
        ("2025-03-05,13:00,Asia/Soul,day", 'there is no time zone "Asia/Soul"'),
    ],
)
def test_hours_have_a_zone_that_exists(mini: Mini, cells: str, message: str) -> None:
    mini.edit("sources.csv", "2025-03-05,,,day", cells)
    assert any(message in t for t in problems(mini))


def test_descriptive_text_comes_from_the_most_authoritative_source(mini_built) -> None:
    assert mini_built.data["agreements"][0]["title_en"] == "Memorandum of Cooperation on Quantum Technology"
    assert not [d for d in mini_built.data["disagreements"] if d["field"].startswith("title")]


# --- evidence and lock


def test_checks_are_told_apart(mini_built) -> None:
    check = {(e["table"], e["field"], e["source_id"]): e["check"] for e in mini_built.data["evidence"]}
    assert check["funding", "amount", HELD] == "confirmed"
    assert check["funding", "bound", HELD] == "confirmed"
    assert check["funding", "sector", HELD] == "coded"
    assert check["provisions", "due_on", HELD] == "inferred"
    assert check["agreements", "signed_on", RELEASE] == "confirmed"
    assert check["events", "stage", PREVIEW] == "cited"


def test_without_the_text_the_lock_gives_the_same_package(mini: Mini, mini_built, tmp_path) -> None:
    built = mini.build(sources=(tmp_path / "nowhere",))
    assert built.files == mini_built.files and built.unread == [HELD]


def test_without_the_text_a_new_claim_is_not_believed(mini: Mini) -> None:
    mini.edit("funding", ",3000000,", ",4000000,")
    told = problems(mini, sources=())
    assert any(
        "funding.csv:2:amount: the text is not at hand and the lock does not have this check; run python -m"
        " scripts lock where the texts are (--sources DIR, --passages DIR)" in t
        for t in told
    )


def _entry(mini: Mini, column: str) -> str:
    """What stands in the lock for a cell of pact-money."""
    (claim,) = (
        c for c in mini.build().claims if (c.row_id, c.field, c.source_id) == ("pact-money", column, HELD)
    )
    return entry(claim)


def test_a_lock_that_says_otherwise_is_reported(mini: Mini) -> None:
    amount = _entry(mini, "amount")
    assert amount.endswith("C")
    mini.edit("passages.lock.csv", amount, amount[:-1] + "D")
    assert problems(mini) == [
        f"{SHEETS}funding.csv:2:amount: the lock says otherwise; run python -m scripts lock and look at what"
        " changes"
    ]


def test_a_lock_of_what_nobody_claims_is_reported(mini: Mini) -> None:
    lines = mini.path("passages.lock.csv").read_text("utf-8").splitlines()
    (line,) = (i for i, text in enumerate(lines, start=1) if text.startswith(f"{HELD},{AT},"))
    entries = len(lines[line - 1].split(" "))
    mini.edit("funding", ",public,support", ",,support")
    assert problems(mini) == [
        f"seeds/passages.lock.csv:{line}:claims: no sheet claims 1 of the {entries} checks from {HELD} at"
        f" {AT} any more; run python -m scripts lock"
    ]


def test_without_the_text_one_claim_is_added_or_changed_and_the_others_stand(mini: Mini) -> None:
    """The lock of a passage serves each claim on it by itself."""
    mini.edit("funding", ",public,support", ",private,support")
    mini.edit("provisions", ",will,agreed,", ",intends,agreed,")
    unknown = "the text is not at hand and the lock does not have this check"
    found = problems(mini, sources=())
    assert [t.split(unknown)[0] for t in found] == [
        f"{SHEETS}funding.csv:2:sector: ",
        f"{SHEETS}provisions.csv:2:strength: ",
    ]


def test_without_the_text_a_translation_of_a_locked_cell_is_locked(mini: Mini) -> None:
    """The passage bore out the English office, so a Korean one that says no more needs no passage."""
    mini.edit("signatories", 'Office Beta",처장', 'Office Beta",베타처 책임자')
    (claim,) = (
        c
        for c in mini.build(sources=(), against_lock=False).claims
        if c.field == "office_ko" and c.text == "베타처 책임자"
    )
    assert claim.check == "coded" and claim.passage_sha256
    unknown = "the text is not at hand and the lock does not have this check"
    assert any(unknown in t for t in problems(mini, sources=()))
    mini.edit("signatories", "베타처 책임자", "알파부 책임자")
    assert problems(mini, sources=(), against_lock=False) == [
        f'{SHEETS}signatories.csv:3:office_ko: office_en does not hold the name "알파부"; translate what it'
        " says and no more, or list the name as an alias"
    ]
    mini.edit("signatories", '"Head, Office Beta"', '"Chief, Office Beta"')
    found = problems(mini, sources=(), against_lock=False)
    assert len(found) == 2 and all(unknown in t for t in found)


def test_a_claim_moved_to_another_place_is_reported_there_alone(mini: Mini) -> None:
    mini.edit(f"coding/{RELEASE}/exchange_rates.csv", "note 3", "para 1")
    found = problems(mini, passages=None)
    assert found and all("exchange_rates.csv:2:" in t for t in found)


def test_the_lock_has_a_line_for_each_passage_in_order(mini: Mini, mini_built) -> None:
    header, *lines = mini.path("passages.lock.csv").read_text("utf-8").splitlines()
    passages = sorted({c.place for c in mini_built.claims if c.passage_sha256})
    assert header == "source_id,at,passage_sha256,claims" and len(lines) == len(passages)
    assert [tuple(next(csv.reader([line]))[:2]) for line in lines] == passages
    for line in lines:
        entries = line.rsplit(",", 1)[1].split(" ")
        assert entries == sorted(set(entries))
    assert sum(len(line.rsplit(",", 1)[1].split(" ")) for line in lines) == sum(
        c.passage_sha256 is not None for c in mini_built.claims
    )


@pytest.mark.parametrize("change", ["table", "row_id", "field", "text", "shift", "source_id", "at", "check"])
def test_a_digest_covers_table_row_column_and_value(mini_built, change: str) -> None:
    """The rest stands beside it: source and place in the line, the check as its letter."""
    claim = next(c for c in mini_built.claims if c.check == "coded")
    other = (
        claim._replace(field=claim.field + claim.text[:1], text=claim.text[1:])
        if change == "shift"
        else claim._replace(**{change: "confirmed" if change == "check" else getattr(claim, change) + "x"})
    )
    assert (digest(claim) == digest(other)) == (change in {"source_id", "at", "check"})
    assert (entry(claim) == entry(other)) == (change in {"source_id", "at"})


def test_a_changed_claim_is_reported_once_and_not_again_as_a_stale_lock_or_a_difference(mini: Mini) -> None:
    mini.edit("agreements", ",2025-03-04,", ",2025-03-05,")
    assert problems(mini) == [
        f'{SHEETS}agreements.csv:2:signed_on: "2025-03-05" is not in the passage, where no date of any form'
        f" agrees with it; {CITE}"
    ]
    mini.edit("agreements", ",2025-03-05,", ",2025-03-04,")
    mini.edit("funding", ",public,", ",private,")
    assert problems(mini) == [
        f"{SHEETS}funding.csv:2:sector: the lock does not have this check; run python -m scripts lock and"
        " look at what changes"
    ]


def test_an_alias_of_one_source_means_nothing_in_another(mini: Mini) -> None:
    mini.edit("vocabularies/aliases.csv", f"처장실,ko,{HELD}", f"처장실,ko,{PREVIEW}")
    assert mini.build().data["aliases"]
    mini.edit("vocabularies/organizations.csv", "beta,Office Beta,베타처", "beta,Office Beta,베타청")
    assert any('"beta" is not in the passage' in t for t in problems(mini))


def test_lists_are_read_without_a_sheet(mini: Mini) -> None:
    shutil.rmtree(mini.seeds / "coding")
    (mini.seeds / "passages.lock.csv").unlink()
    seeds = read_lists(TABLES, mini.seeds)
    assert seeds.claims == [] and seeds.lists["organizations"] and seeds.series["pair_statistics"]
    mini.edit("upstream/names.csv", "America,USA", "America,UAS")
    with pytest.raises(BadData, match='there is no country "UAS"'):
        read_lists(TABLES, mini.seeds)


# --- grades


def test_grades(mini_built) -> None:
    grade = {
        t: [r["evidence_grade"] for r in mini_built.data[t]]
        for t in ("agreements", "funding", "events", "parties")
    }
    assert grade == {"agreements": ["C"], "funding": ["C", "A"], "events": ["D", "C"], "parties": ["C", "C"]}


def test_an_unnamed_source_alone_is_unconfirmed_and_two_publishers_are_two(mini: Mini) -> None:
    mini.edit("funding", "summary_ko\n", "summary_ko,attribution\n")
    text = mini.path("funding").read_text("utf-8")
    mini.path("funding").write_text(text.rstrip("\n") + ",unnamed_source\n", "utf-8")
    mini.edit(f"coding/{PREVIEW}/parties.csv", "role\n", "role,relays\n")
    text = mini.path(f"coding/{PREVIEW}/parties.csv").read_text("utf-8")
    mini.path(f"coding/{PREVIEW}/parties.csv").write_text(text.replace(",party\n", ",party,beta\n"), "utf-8")
    data = mini.build().data
    assert data["funding"][0]["evidence_grade"] == "D"
    assert [p["evidence_grade"] for p in data["parties"]] == ["B", "B"]
