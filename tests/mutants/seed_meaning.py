"""Faults of meaning that every passage bears out: the sheets say what the text says, and it cannot be so."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.model.evidence_kinds import kind_of
from tests.faults.seeds import Draft
from tests.mini import PACT, SIGNERS, spans
from tests.mutants.draft import PREVIEWED, RELEASED, Write, cell, planted, sheet
from tests.mutants.operator import Mutant, Place, operator
from tests.mutants.values import another
from tests.mutants.world import World

AGREEMENTS, EVENTS, FUNDING, PARTIES = (
    sheet("agreements"),
    sheet("events"),
    sheet("funding"),
    sheet("parties"),
)
SIGNATORIES, STATISTICS, STATEMENTS, PROVISIONS = (
    sheet("signatories"),
    sheet("statistics"),
    sheet("statements"),
    sheet("provisions"),
)
Spot = tuple[str, int, str]


def event(d: Draft, sentence: str, event_id: str, day: str, **cells: str) -> int:
    """One more event in the news, with a sentence that tells it. The line of its row."""
    names = {
        "event_type": "announcement",
        "name_en": "A further day",
        "name_ko": "다른 날",
        "stage": "held",
        "effect": "none",
        "agreement_id": PACT,
    }
    return d.add(EVENTS, at=d.say(sentence), event_id=event_id, start_on=day, **{**names, **cells})


def signed_before_announced(d: Draft) -> Spot:
    event(d, "각서는 2025년 3월 5일 발표되었다.", "pact-announced", "2025-03-05", effect="announced")
    # In force since: otherwise the announcement would be its status.
    event(d, "각서는 2025년 3월 6일 발효했다.", "pact-in-force", "2025-03-06", effect="operative")
    return AGREEMENTS, 2, "signed_on"


def one_party(d: Draft) -> Spot:
    for source in (PREVIEWED, sheet("parties").split("/")[2]):
        d.put(sheet("parties", source), "role", "lead_agency", organization_id="gov-kor")
    return AGREEMENTS, 2, "agreement_id"


def signatory_of_no_party(d: Draft) -> Spot:
    d.put(
        SIGNATORIES,
        "at",
        spans(SIGNERS) + ";" + d.say("제타일보의 엡실론 국장이 참석했다."),
        person_id="epsilon",
    )
    return SIGNATORIES, d.put(SIGNATORIES, "organization_id", "daily", person_id="epsilon"), "organization_id"


def signed_though_only_announced(d: Draft) -> Spot:
    for source in (RELEASED, EVENTS.split("/")[2]):
        d.put(sheet("events", source), "effect", "announced", event_id="pact-signing")
        d.put(sheet("agreements", source), "signed_on", "", agreement_id=PACT)
    d.put(SIGNATORIES, "role", "attended", person_id="gamma")
    return SIGNATORIES, 3, "role"


def signed_on_another_day(d: Draft) -> Spot:
    d.put(EVENTS, "start_on", "2025-03", event_id="pact-signing")
    return AGREEMENTS, 2, "signed_on"


def accession_of_a_party(d: Draft) -> Spot:
    d.put(PARTIES, "acceded_on", "2025-03-04", organization_id="gov-kor")
    return PARTIES, 2, "role"


def ends_before_it_starts(d: Draft) -> Spot:
    line = event(
        d,
        "회의는 2025년 3월 4일 시작해 2025년 3월 3일 끝났다.",
        "meeting",
        "2025-03-04",
        event_type="seminar",
    )
    d.put(EVENTS, "end_on", "2025-03-03", event_id="meeting")
    return EVENTS, line, "end_on"


def period_ends_before_it_starts(d: Draft) -> Spot:
    at = d.say("한국의 양자 논문은 2024년부터 2023년까지 77건이었다.")
    return (
        STATISTICS,
        d.add(
            STATISTICS,
            at=at,
            statistic_id="papers-kor-2",
            indicator_id="papers",
            country_code="KOR",
            period_from="2024",
            period_to="2023",
            value="77",
            standing="reported",
        ),
        "period_to",
    )


def planned_with_effect(stage: str) -> Write:
    def write(d: Draft) -> Spot:
        d.put(EVENTS, "stage", stage, event_id="pact-follow-up")
        return EVENTS, d.put(EVENTS, "effect", "extended", event_id="pact-follow-up"), "effect"

    return write


def effect_on_nothing(d: Draft) -> Spot:
    return (
        EVENTS,
        event(
            d,
            "협정은 2025년 3월 4일 연장되었다.",
            "extension",
            "2025-03-04",
            effect="extended",
            agreement_id="",
        ),
        "agreement_id",
    )


def held_in_the_future(d: Draft) -> Spot:
    return (
        EVENTS,
        event(d, "회의는 2025년 4월 9일 열린다.", "later", "2025-04-09", event_type="seminar"),
        "stage",
    )


def no_such_day(d: Draft) -> Spot:
    line = event(d, "회의는 2025년 2월 30일 열렸다.", "never", "2025-02-30", event_type="seminar")
    return EVENTS, line, "start_on"


M = "meaning"
planted(
    "signed-before-announced",
    M,
    "An agreement signed before it was announced.",
    "signed_after_announced",
    signed_before_announced,
)
planted("agreement-with-one-party", M, "An agreement with one party only.", "at_least_two_parties", one_party)
planted(
    "signatory-of-no-party",
    M,
    "A signatory for a body that is no party and belongs to none.",
    "signatory_is_of_a_party",
    signatory_of_no_party,
)
planted(
    "signed-though-announced",
    M,
    "Somebody signed an agreement that was only announced.",
    "signed_by_someone_is_signed",
    signed_though_only_announced,
)
planted(
    "day-of-signature-astray",
    M,
    "A day of signature on which no event signs.",
    "signed_on_is_an_event",
    signed_on_another_day,
)
planted(
    "accession-of-a-party",
    M,
    "A party from the start with a day of accession.",
    "accession_only_if_acceding",
    accession_of_a_party,
)
planted(
    "agreement-in-itself",
    M,
    "An agreement that is its own parent or its own predecessor.",
    "agreement_tree",
    cell(AGREEMENTS, "parent_agreement_id", PACT, agreement_id=PACT),
    cell(AGREEMENTS, "predecessor_agreement_id", PACT, agreement_id=PACT),
)
planted(
    "period-backwards",
    M,
    "A period that ends before it starts.",
    "dates_in_order",
    ends_before_it_starts,
    period_ends_before_it_starts,
)
planted(
    "planned-with-effect",
    M,
    "A planned or cancelled event with an effect on the agreement.",
    "planned_has_no_effect",
    planned_with_effect("planned"),
    planned_with_effect("cancelled"),
)
planted("effect-on-nothing", M, "An effect on no agreement.", "effect_needs_agreement", effect_on_nothing)
planted(
    "held-after-report",
    M,
    "An event told as held that starts after the report.",
    "held_before_reported",
    held_in_the_future,
)
planted(
    "event-in-itself",
    M,
    "An event that is part of itself.",
    "event_tree",
    cell(EVENTS, "parent_event_id", "pact-signing", event_id="pact-signing"),
)
planted(
    "place-in-other-country",
    M,
    "A place in another country than the event.",
    "place_in_country",
    cell(EVENTS, "country_code", "USA", event_id="pact-signing"),
)
planted(
    "other-language",
    M,
    "Korean in a column for English, or English in one for Korean.",
    "language_of_columns",
    cell(PROVISIONS, "summary_en", "다음 회의를 연다.", provision_id="pact-meeting"),
    cell(PROVISIONS, "summary_ko", "A further meeting is to follow.", provision_id="pact-meeting"),
)
planted(
    "said-in-one-language",
    M,
    "A condition in one language only.",
    "both_languages",
    cell(STATEMENTS, "condition_en", "If cooperation goes on", at="condition_ko", statement_id="delta-2025"),
)
planted(
    "speaker-unclear",
    M,
    "A named speaker without a name, or a name for an unnamed one.",
    "statement_has_speaker",
    cell(STATEMENTS, "person_id", "", statement_id="delta-2025"),
    cell(STATEMENTS, "speaker", "unnamed_source", at="person_id", statement_id="delta-2025"),
)
planted(
    "outcome-without-day",
    M,
    "An outcome without its day.",
    "outcome_is_dated",
    cell(STATEMENTS, "outcome", "came_true", at="outcome_on", statement_id="delta-2025"),
)
planted("day-that-is-none", M, "The 30th of February, as the text has it.", "ranges_fit", no_such_day)


@operator("meaning", "A value in a sheet whose passage says something else.")
def passage_says_otherwise(world: World) -> Iterator[Mutant]:
    for file, seed in world.sheets.items():
        if seed.kind != "sheet" or PREVIEWED in file:
            continue
        package = world.tables[seed.name]
        for field in seed.table.claimed:
            if (
                field.name not in seed.csv.header
                or not kind_of(field.evidence).typed
                or field.name in seed.table.primary_key
            ):
                continue
            row = seed.pick("passage-says-otherwise", field.name)
            text = seed.csv.cell(row, field.name)
            # Of the bodies, one that no text names.
            other = (
                None
                if not text
                else (
                    "daily"
                    if seed.table.reference_of(field.name) == "organizations"
                    else another(world, package, field, text)
                )
            )
            if other is None or (
                "note" in seed.csv.header and f"{field.name}:" in seed.csv.cell(row, "note")
            ):
                continue

            def damage(file: str = file, row: int = row, column: str = field.name, other: str = other):
                draft = Draft(world.seed_files)
                draft.files[file] = draft.csv(file).put(row, column, other).to_bytes()
                return draft.changes()

            yield Mutant(
                "seeds", f"{seed.name}.{field.name}", damage, (Place(file, row + 2, field.name, "evidence"),)
            )


def more_in_summary(words: str, column: str = "summary_en") -> Write:
    def write(d: Draft) -> Spot:
        old = d.csv(PROVISIONS).cell(0, column)
        return PROVISIONS, d.put(PROVISIONS, column, f"{old} {words}", provision_id="pact-research"), column

    return write


planted(
    "summary-says-more",
    M,
    "A number, a date, a name or a word in a summary that the passage does not hold.",
    "evidence",
    more_in_summary("It is for 7 years."),
    more_in_summary("It began on 5 May 2024."),
    more_in_summary("Daily Zeta gains."),
    more_in_summary("So says Omega."),
    more_in_summary("7년간이다.", "summary_ko"),
)
planted(
    "inferred-without-reason",
    M,
    "A value that the passage does not print, the note that says how it follows gone.",
    "evidence",
    lambda d: (PROVISIONS, d.put(PROVISIONS, "note", "", provision_id="pact-meeting"), "due_on"),
    lambda d: (EVENTS, d.put(EVENTS, "note", "", event_id="pact-follow-up"), "start_on"),
)
planted(
    "inferred-though-printed",
    M,
    "A value that the passage prints, called inferred.",
    "evidence",
    lambda d: (FUNDING, d.put(FUNDING, "note", "amount: counted", funding_id="pact-money"), "amount"),
)
planted(
    "shorter-passage",
    M,
    "The place of a cell cut short, so that the value is no longer in it.",
    "evidence",
    lambda d: (
        (FUNDING, d.put(FUNDING, "at", "120-124", funding_id="pact-money"), "amount")
        and [(FUNDING, 2, c) for c in ("amount", "currency", "domain_id", "summary_en", "summary_ko")]
    ),
    note="Every typed cell of the row rests on that place.",
)
