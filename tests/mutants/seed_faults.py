"""Faults in the structure of the seeds: sheets, places, notes, rulings, the lock, held texts, passages,
second codings.
"""

from __future__ import annotations

from scripts.model.claims import Claim
from scripts.sources.lock import digest, entry
from tests.faults.seeds import PASSAGES_FILE, TEXT_FILE, Draft
from tests.mini import HELD, MONEY, PACT, PREVIEW, RELEASE, TEXT, spans
from tests.mutants.damage import swap
from tests.mutants.draft import LOCK, Write, cell, planted, sheet
from tests.mutants.seed_meaning import FUNDING

SOURCES, RULINGS, RECODING = "seeds/sources.csv", "seeds/rulings.csv", "seeds/recoding/round-1/provisions.csv"
UNCODED = sheet("uncoded")
PROVISIONS = sheet("provisions")
Spot = tuple[str, int, str]


def new(name: str, content: str, line: int = 0, column: str = "", report: str = "") -> Write:
    """A file more, to be reported itself or as ``report``."""

    def write(d: Draft) -> Spot:
        d.files[name] = content.encode("utf-8")
        return report or name, line, column

    return write


START = int(spans(MONEY).split("-")[0])
RELEASED = sheet("funding", RELEASE)
S = "sheets"
planted(
    "sheet-of-no-source",
    S,
    "A folder of sheets for a source that is not listed.",
    "coding",
    new("seeds/coding/ghost-2025/events.csv", "at,event_id\n", report="seeds/coding/ghost-2025"),
    lock=True,
)
planted(
    "sheet-of-no-table",
    S,
    "A sheet named after no fact table: misspelt, a derived one, or saved by a spreadsheet.",
    "coding",
    *(
        new(f"seeds/coding/{HELD}/{n}", "at\n")
        for n in ("fundings.csv", "timeline.csv", "funding.xlsx", "funding (1).csv")
    ),
    lock=True,
)
planted(
    "vocabulary-of-no-table",
    S,
    "A list named after no vocabulary.",
    "coding",
    new("seeds/vocabularies/peoples.csv", "a\n"),
    new("seeds/vocabularies/people.csv.bak", "a\n"),
    lock=True,
)
planted(
    "source-without-sheets",
    S,
    "A source from which nothing is coded.",
    "coding",
    lambda d: (
        SOURCES,
        d.add(
            SOURCES,
            source_id="silent-2025",
            publisher_organization_id="daily",
            language="ko",
            document_type="news",
            published_on="2025-03-05",
            published_precision="day",
            published_on_basis="printed",
            url="https://example.org/silent",
            accessed_on="2025-04-01",
            held="none",
            extent="part",
            licence="made up",
        ),
        "source_id",
    ),
    lock=True,
)
planted(
    "derived-column-typed",
    S,
    "A derived column typed into a sheet.",
    "header",
    lambda d: (
        d.put(FUNDING, "evidence_grade", "A", funding_id="pact-money"),
        (FUNDING, 1, "evidence_grade"),
    )[1],
    lock=True,
)
planted(
    "place-not-offsets",
    S,
    "A place in words where offsets are needed.",
    "offsets",
    cell(FUNDING, "at", "para 3", funding_id="pact-money"),
    cell(UNCODED, "at", "top", reason="navigation"),
    lock=True,
)
planted(
    "place-past-the-end",
    S,
    "Offsets past the end of the text.",
    "offsets",
    cell(FUNDING, "at", f"{START}-{len(TEXT) + 1}", funding_id="pact-money"),
    cell(UNCODED, "at", f"0-{len(TEXT) + 1}", reason="navigation"),
    lock=True,
)
planted(
    "place-empty",
    S,
    "Offsets of no character.",
    "offsets",
    cell(FUNDING, "at", f"{START}-{START}", funding_id="pact-money"),
    lock=True,
)
planted(
    "place-overlapping",
    S,
    "Offsets that overlap or are out of order.",
    "offsets",
    cell(FUNDING, "at", f"{START}-{START + 9};{START + 5}-{START + 12}", funding_id="pact-money"),
    cell(FUNDING, "at", f"{START}-{START + 9};0-5", funding_id="pact-money"),
    lock=True,
)
planted(
    "place-twice",
    S,
    "A transcribed place named twice, or with a stray semicolon.",
    "offsets",
    cell(RELEASED, "at", "para 1; para 1", funding_id="pact-pounds"),
    cell(RELEASED, "at", "para 1;para 2", funding_id="pact-pounds"),
    cell(RELEASED, "at", "para 1;", funding_id="pact-pounds"),
    lock=True,
)
planted(
    "same-claim-twice",
    S,
    "The same claim from the same place in two rows.",
    "duplicate-claim",
    lambda d: (FUNDING, d.add(FUNDING, at=spans(MONEY), funding_id="pact-money", amount="3000000"), "amount"),
    lock=True,
)
planted(
    "note-without-column",
    S,
    "A note that does not say which cell is inferred.",
    "note",
    cell(PROVISIONS, "note", "next year", provision_id="pact-meeting"),
    cell(PROVISIONS, "note", "due: next year", provision_id="pact-meeting"),
    cell(PROVISIONS, "note", "due_on:next year", provision_id="pact-meeting"),
    lock=True,
)
planted(
    "note-on-empty-cell",
    S,
    "A note on a cell that is empty.",
    "note",
    cell(PROVISIONS, "due_on", "", at="note", provision_id="pact-meeting"),
    lock=True,
)
planted(
    "fact-without-required-cell",
    S,
    "A row of facts that no sheet gives a cell it must have.",
    "required",
    cell(FUNDING, "bound", "", funding_id="pact-money"),
    cell(sheet("statements"), "kind", "", statement_id="delta-2025"),
)
planted(
    "reference-to-nothing",
    S,
    "A reference to a row that no sheet has.",
    "foreign-key",
    cell(FUNDING, "provision_id", "ghost", funding_id="pact-money"),
    cell(sheet("statements"), "agreement_id", "ghost", statement_id="delta-2025"),
    cell(sheet("statistics"), "indicator_id", "ghost", statistic_id="papers-kor-2024"),
)
planted(
    "list-reference-to-nothing",
    S,
    "A reference in a list to a row that is not listed.",
    "foreign-key",
    cell(SOURCES, "publisher_organization_id", "ghost", source_id=HELD),
    cell("seeds/vocabularies/places.csv", "country_code", "XXX", place_id="seoul"),
    cell("seeds/vocabularies/exclusions.csv", "country_code", "XXX", exclusion_id="poem"),
    cell("seeds/vocabularies/domain_crosswalks.csv", "domain_id", "ghost", scheme="us_cet_2024"),
)

R = "rulings"
planted(
    "ruling-gone-stale",
    R,
    "A ruling that expects another value than the sources give.",
    "ruling",
    lambda d: (d.put(RULINGS, "expect", "treaty", expect="mou"), (RULINGS, 2, "expect"))[1],
    note="The ruling as a whole is out of date; its first row is named.",
)
planted(
    "ruling-on-one-voice",
    R,
    "A ruling on what the sources do not differ on.",
    "ruling",
    lambda d: (
        RULINGS,
        d.add(
            RULINGS,
            table="agreements",
            row_id=PACT,
            field="family",
            expect="science_and_technology",
            stands="true",
            reason_en="None.",
            reason_ko="없다.",
            ruled_on="2025-04-01",
        ),
        "expect",
    ),
)
planted(
    "ruling-missing",
    R,
    "Sources that differ, and no ruling.",
    "ruling",
    lambda d: (
        d.drop(RULINGS, expect="mou"),
        d.drop(RULINGS, expect="moc"),
        d.add(
            RULINGS,
            table="events",
            row_id="pact-signing",
            field="place_id",
            expect="seoul",
            stands="true",
            reason_en="None.",
            reason_ko="없다.",
            ruled_on="2025-04-01",
        ),
        [(sheet("agreements"), 2, "instrument_type"), (RULINGS, 2, "expect")],
    )[3],
    note="The list may not be empty: a ruling on what nobody disputes stands in it, and is reported too.",
)
planted(
    "ruling-on-no-column",
    R,
    "A ruling on a column that nobody claims.",
    "ruling",
    lambda d: (
        RULINGS,
        d.add(
            RULINGS,
            table="agreements",
            row_id=PACT,
            field="status",
            expect="signed",
            stands="true",
            reason_en="None.",
            reason_ko="없다.",
            ruled_on="2025-04-01",
        ),
        "field",
    ),
)
planted(
    "ruling-on-newest",
    R,
    "A ruling on a column that takes the newest source.",
    "ruling",
    lambda d: (
        RULINGS,
        d.add(
            RULINGS,
            table="events",
            row_id="pact-signing",
            field="stage",
            expect="held",
            stands="true",
            reason_en="None.",
            reason_ko="없다.",
            ruled_on="2025-04-01",
        ),
        "field",
    ),
)
planted(
    "ruling-without-winner",
    R,
    "A ruling in which no value stands, or two.",
    "ruling",
    lambda d: (d.put(RULINGS, "stands", "false", expect="moc"), (RULINGS, 2, "stands"))[1],
    lambda d: (d.put(RULINGS, "stands", "true", expect="mou"), (RULINGS, 2, "stands"))[1],
    note="No row of the ruling is the wrong one; the first is named.",
)


L = "lock"
# The line of the lock with the passage of the money, and what the lock knows of its amount and sector.
MONEY_LINE = {"source_id": HELD, "at": spans(MONEY)}


def entry_of(column: str, text: str, check: str = "") -> str:
    """What stands in the lock for a cell of the money; without a check the digest alone."""
    claim = Claim("funding", "pact-money", column, text, text, HELD, "", (), "", None, None, "", 0, check)
    return entry(claim) if check else digest(claim)


def in_lock(old: str, new: str, column: str) -> Write:
    """Another entry for a cell of the money."""

    def write(d: Draft) -> Spot:
        csv = d.csv(LOCK)
        claims = csv.cell(csv.find(**MONEY_LINE), "claims")
        d.put(LOCK, "claims", " ".join(swap(claims, old, new).split()), **MONEY_LINE)
        return FUNDING, 2, column

    return write


planted(
    "lock-of-another-passage",
    L,
    "The hash of a passage in the lock changed.",
    "lock",
    lambda d: (
        d.put(LOCK, "passage_sha256", "0" * 64, source_id=RELEASE, at="note 3"),
        [(sheet("exchange_rates", RELEASE), 2, c) for c in ("currency", "rate_on", "value", "quoted_as")],
    )[1],
    lock=True,
)
planted(
    "lock-of-another-check",
    L,
    "A check in the lock that the passage does not give.",
    "lock",
    in_lock(entry_of("amount", "3000000", "confirmed"), entry_of("amount", "3000000", "coded"), "amount"),
    lock=True,
)
planted(
    "lock-without-claim",
    L,
    "A locked check that no sheet claims any more.",
    "lock",
    lambda d: (
        d.put(FUNDING, "sector", "", funding_id="pact-money"),
        (LOCK, d.csv(LOCK).find(**MONEY_LINE) + 2, "claims"),
    )[1],
    lock=True,
)
planted(
    "claim-without-lock",
    L,
    "A claim that is not locked.",
    "lock",
    in_lock(entry_of("amount", "3000000", "confirmed"), "", "amount"),
    in_lock(entry_of("amount", "3000000"), entry_of("amount", "4000000"), "amount"),
    lock=True,
)
planted(
    "judgement-changed",
    L,
    "A judgement changed after the lock was written.",
    "lock",
    cell(FUNDING, "instrument", "grant", funding_id="pact-money"),
    lock=True,
)
planted(
    "lock-row-twice",
    L,
    "A passage in two rows of the lock.",
    "primary-key",
    lambda d: (
        LOCK,
        d.add(LOCK, **dict(zip(d.csv(LOCK).header, d.csv(LOCK).rows[0], strict=True))),
        "source_id,at",
    ),
    lock=True,
)

T = "texts"
planted(
    "text-changed",
    T,
    "A held text that is not the one that was coded.",
    "held-text",
    lambda d: (d.swap(TEXT_FILE, "메뉴", "메누"), (SOURCES, 2, "sha256"))[1],
    lock=True,
)
planted(
    "text-of-another-length",
    T,
    "A wrong number of characters for a held text.",
    "held-text",
    cell(SOURCES, "characters", str(len(TEXT) + 1), source_id=HELD),
    lock=True,
)
planted(
    "text-without-hash",
    T,
    "A held text without its hash, its file or its length.",
    "source_is_whole",
    *(cell(SOURCES, c, "", source_id=HELD) for c in ("text_file", "sha256", "characters")),
    lock=True,
)
planted(
    "hash-without-text",
    T,
    "A hash, a file or a length where no text is held.",
    "source_is_whole",
    cell(SOURCES, "sha256", "0" * 64, at="held", source_id=PREVIEW),
    cell(SOURCES, "text_file", "a.txt", at="held", source_id=PREVIEW),
    cell(SOURCES, "characters", "5", at="held", source_id=PREVIEW),
    lock=True,
)
planted(
    "source-without-address",
    T,
    "A source that is not held and has no address.",
    "source_is_whole",
    cell(SOURCES, "url", "", source_id=PREVIEW),
    lock=True,
)
planted(
    "seed-hour-without-zone",
    T,
    "An hour without its time zone, or a zone without an hour.",
    "source_is_whole",
    cell(SOURCES, "published_time", "19:07", at="time_zone", source_id=HELD),
    cell(SOURCES, "time_zone", "Asia/Seoul", source_id=HELD),
    lock=True,
)
planted(
    "seed-zone-that-is-none",
    T,
    "A time zone in the list of sources that does not exist.",
    "source_is_whole",
    lambda d: (
        d.put(SOURCES, "published_time", "19:07", source_id=HELD),
        (SOURCES, d.put(SOURCES, "time_zone", "Asia/Soul", source_id=HELD), "time_zone"),
    )[1],
    lock=True,
)
planted(
    "passage-without-place",
    T,
    "A transcribed passage before any place.",
    "passages",
    lambda d: (d.swap(PASSAGES_FILE, "@ title\n", "title\n@ title\n"), (PASSAGES_FILE, 1, ""))[1],
    lock=True,
)
planted(
    "passage-place-twice",
    T,
    "The same place above two passages.",
    "passages",
    lambda d: (d.swap(PASSAGES_FILE, "@ para 2\n", "@ para 1\n"), (PASSAGES_FILE, 6, ""))[1],
    lock=True,
)
planted(
    "passage-empty",
    T,
    "A place with nothing under it.",
    "passages",
    lambda d: (d.swap(PASSAGES_FILE, "@ para 2\n", "@ para 9\n@ para 2\n"), (PASSAGES_FILE, 6, ""))[1],
    lock=True,
)
planted(
    "passage-not-utf-8",
    T,
    "Transcribed passages that are no UTF-8.",
    "passages",
    lambda d: (d.files.update({PASSAGES_FILE: d.files[PASSAGES_FILE] + b"\xff"}), (PASSAGES_FILE, 10, ""))[1],
    lock=True,
)
planted(
    "passage-not-transcribed",
    T,
    "A place that is not among the transcribed passages.",
    "lock",
    cell(sheet("funding_parties", RELEASE), "at", "para 7", funding_id="pact-pounds"),
    lock=True,
    note="Every claim of the row rests on that place, which is reported once.",
)

C = "second coding"
planted(
    "second-coding-of-no-row",
    C,
    "A row of a second coding that is not in the data.",
    "recoding",
    cell(RECODING, "provision_id", "ghost", provision_id="pact-meeting"),
    lock=True,
)
planted(
    "second-coding-twice",
    C,
    "A row of a second coding twice.",
    "recoding",
    lambda d: (
        RECODING,
        d.add(RECODING, provision_id="pact-meeting", activity="general", strength="will"),
        "provision_id",
    ),
    lock=True,
)
planted(
    "second-coding-of-no-table",
    C,
    "A second coding of no fact table.",
    "recoding",
    new("seeds/recoding/round-1/timeline.csv", "table\n"),
    lock=True,
)
planted(
    "second-coding-of-derived-column",
    C,
    "A derived column in a second coding.",
    "header",
    lambda d: (
        d.put(RECODING, "evidence_grade", "A", provision_id="pact-meeting"),
        (RECODING, 1, "evidence_grade"),
    )[1],
    lock=True,
)

V = "lists"
LISTED = "seeds/vocabularies/"
planted(
    "seed-alias-of-nothing",
    V,
    "In the seeds: a name of a thing that is not listed.",
    "alias_has_entity",
    cell(f"{LISTED}aliases.csv", "entity_id", "ghost", entity_type="organization"),
)
planted(
    "seed-own-parent",
    V,
    "In the seeds: a domain or a body that is its own parent.",
    "trees",
    cell(f"{LISTED}domains.csv", "parent_domain_id", "quantum", domain_id="quantum"),
    cell(f"{LISTED}organizations.csv", "parent_organization_id", "daily", organization_id="daily"),
)
planted(
    "seed-body-of-another-country",
    V,
    "In the seeds: a body of another country than the one above it.",
    "parent_of_same_country",
    cell(f"{LISTED}organizations.csv", "country_code", "USA", organization_id="alpha"),
)
planted(
    "seed-name-without-page",
    V,
    "In the seeds: a name in own use that no page shows.",
    "name_has_page",
    cell(f"{LISTED}organizations.csv", "name_url", "", organization_id="alpha"),
)
planted(
    "seed-other-language",
    V,
    "In the seeds: a list with Korean in a column for English, or English in one for Korean.",
    "language_of_columns",
    cell(f"{LISTED}domains.csv", "definition_en", "양자 현상", domain_id="quantum"),
    cell(f"{LISTED}exclusions.csv", "note_ko", "No technology in it.", exclusion_id="poem"),
    cell(RULINGS, "reason_en", "신문의 표현이다.", expect="mou"),
)
planted(
    "seed-no-such-day",
    V,
    "In the seeds: a list with a day that does not exist.",
    "ranges_fit",
    cell(f"{LISTED}exclusions.csv", "dated", "2025-02-30", exclusion_id="poem"),
)
planted(
    "seed-read-before-published",
    V,
    "In the seeds: a source read before it was published.",
    "dates_in_order",
    cell(SOURCES, "accessed_on", "2025-03-01", source_id=HELD),
)
planted(
    "seed-value-not-unique",
    V,
    "In the seeds: a name or code that must be the only one, in two rows.",
    "unique-key",
    cell(f"{LISTED}organizations.csv", "name_en", "Ministry Alpha", organization_id="daily"),
    cell(SOURCES, "url", "https://example.org/", source_id=PREVIEW),
)
planted(
    "seed-code-not-unique",
    V,
    "In the seeds: the same two-letter code for two countries.",
    "unique",
    cell(f"{LISTED}countries.csv", "alpha_2", "KR", country_code="USA"),
    lock=True,
)
