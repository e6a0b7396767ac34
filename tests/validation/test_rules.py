"""Every rule between fields and tables: a planted fault, reported where it is and in these words."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from scripts.package.settings import load_package
from scripts.pipeline.judging import validate_frames
from scripts.store.frames import frame_of
from scripts.validation.rules.registry import Frames, all_rules
from tests.faults.frames import Plant, both, cell, drop, more, where
from tests.mini import ARCHIVE, COMMIT, HELD, PACT, PREVIEW, RELEASE, TABLES

BY_NAME = {rule.name: rule for rule in all_rules()}
D = dt.date


def acceded_late(frames: Frames) -> None:
    """Let a party accede after the report that has it among those that did."""
    day = dt.date(2025, 4, 1)
    late = {"acceded_on": "2025-04-01", "acceded_on_from": day, "acceded_on_to": day}
    cell("parties", 0, role="acceding", **late)(frames)
    claim = where("evidence", frames, row_id=f"{PACT}|gov-kor", field="role")
    cell("evidence", claim, value="acceding")(frames)


def told_beforehand(**summaries: str) -> Plant:
    """Summarize the signing in the words of the source that called it planned."""

    def plant(frames: Frames) -> None:
        row = where("evidence", frames, row_id="pact-signing", source_id=PREVIEW, field="stage")
        for field, summary in summaries.items():
            more("evidence", row, field=field, value=summary, stands=True)(frames)
        cell("events", 1, **summaries)(frames)

    return plant


# rule, what is planted, table, row, column, message
CASES = [
    ("status_from_events", cell("agreements", 0, status="operative"), "agreements", 0, "status",
     "the status is operative, the events give signed"),
    ("status_from_events", cell("agreements", 0, status_on=D(2025, 3, 5)), "agreements", 0, "status_on",
     "the status holds since 2025-03-05, the events give 2025-03-04"),
    ("status_from_events", cell("agreements", 0, status_grade="A"), "agreements", 0, "status_grade",
     "the grade of the status is A, that of its event C"),
    ("at_least_two_parties", drop("parties", 0), "agreements", 0, "agreement_id",
     f"{PACT} has 1 of at least 2 parties"),
    ("signatory_is_of_a_party", cell("signatories", 1, organization_id="daily"), "signatories", 1,
     "organization_id", f"daily is not a party to {PACT} and belongs to none"),
    ("signed_by_someone_is_signed",
     both(cell("agreements", 0, status="announced"), cell("events", 1, effect="announced")), "signatories", 0,
     "role", f"delta signed {PACT}, whose status is announced"),
    ("signed_on_is_an_event",
     cell("agreements", 0, signed_on="2025-03-05", signed_on_from=D(2025, 3, 5), signed_on_to=D(2025, 3, 5)),
     "agreements", 0, "signed_on", f"no event that signs {PACT} is dated 2025-03-05"),
    ("signed_where_the_event_is",
     both(more("places", 0, place_id="elsewhere"), cell("agreements", 0, place_id="elsewhere")), "agreements",
     0, "place_id", "it is signed in elsewhere, its event of 2025-03-04 is in seoul"),
    ("signed_after_announced",
     more("events", 1, event_id="z", effect="announced", start_on="2025-03-05", start_on_from=D(2025, 3, 5),
          start_on_to=D(2025, 3, 5)), "agreements", 0, "signed_on",
     "it is signed on 2025-03-04, before it was announced on 2025-03-05"),
    ("announced_or_signed_that_day", more("events", 1, event_id="z", effect="announced"), "events", 2,
     "effect", f"it announces {PACT} on 2025-03-04, the day of pact-signing"),
    ("announced_or_signed_by_someone", more("signatories", 0, role="announced"), "signatories", 3, "role",
     f"delta is announced as signing {PACT} and signed it"),
    ("held_is_not_summarized_as_planned",
     told_beforehand(summary_en="It will be signed.", summary_ko="서명할 예정이다."), "events", 1,
     "summary_en", f"it is held, but its summary is that of {PREVIEW}, which calls it planned"),
    ("accession_only_if_acceding", cell("parties", 0, accession_order=3), "parties", 0, "role",
     "gov-kor has an accession but is party"),
    ("acceded_before_named", acceded_late, "parties", 0, "acceded_on",
     "gov-kor acceded on 2025-04-01, a source of 2025-03-05 already names it"),
    ("agreement_tree", cell("agreements", 0, parent_agreement_id=PACT), "agreements", 0,
     "parent_agreement_id", f"{PACT} is its own ancestor"),
    ("dates_in_order",
     cell("events", 1, end_on="2025-03-03", end_on_from=D(2025, 3, 3), end_on_to=D(2025, 3, 3)), "events", 1,
     "end_on", "2025-03-03 is before 2025-03-04"),
    ("dates_in_order", cell("statistics", 0, period_to=2023), "statistics", 0, "period_to",
     "2023 is before 2024"),
    ("dates_in_order", cell("pair_statistics", 0, period_from=2025), "pair_statistics", 0, "period_to",
     "2024 is before 2025"),
    ("dates_in_order", cell("sources", 0, accessed_on=D(2025, 3, 4)), "sources", 0, "accessed_on",
     "2025-03-04 is before 2025-03-05"),
    ("ranges_fit", cell("events", 1, start_on_to=D(2025, 3, 6)), "events", 1, "start_on_to",
     "it is 2025-03-06, start_on means 2025-03-04 to 2025-03-04"),
    ("ranges_fit", cell("events", 0, start_on="2026-02-30"), "events", 0, "start_on",
     'there is no day "2026-02-30"'),
    ("planned_has_no_effect", cell("events", 0, effect="operative"), "events", 0, "effect",
     "the event is planned and has the effect operative"),
    ("effect_needs_agreement", cell("events", 1, agreement_id=None), "events", 1, "agreement_id",
     "the effect signed is on no agreement"),
    ("held_before_reported",
     cell("events", 1, start_on="2025-04-01", start_on_from=D(2025, 4, 1), start_on_to=D(2025, 4, 1)),
     "events", 1, "stage", "it is held, but starts on 2025-04-01, after the report of 2025-03-05"),
    ("event_tree", cell("events", 0, parent_event_id="pact-follow-up"), "events", 0, "parent_event_id",
     "pact-follow-up is its own ancestor"),
    ("place_in_country", cell("events", 1, country_code="USA"), "events", 1, "country_code",
     "seoul lies in KOR, not in USA"),
    ("sum_has_an_occasion", cell("funding", 0, agreement_id=None, under_agreement=False), "funding", 0,
     "agreement_id", "pact-money belongs to no agreement and no event"),
    ("own_money_names_agreement", cell("funding", 0, agreement_id=None, event_id="pact-signing"), "funding",
     0, "agreement_id", "the sum is money of the agreement, but no agreement is named"),
    ("parts_fit_their_whole",
     both(more("funding", 0, funding_id="whole", amount=2_000_000, bound="exactly"),
          cell("funding", 0, part_of="whole")), "funding", 0, "amount",
     "the part (3000000) is larger than its whole whole (2000000)"),
    ("parts_fit_their_whole",
     both(more("funding", 0, funding_id="whole", currency="GBP", amount=2_000_000, amount_usd=2_500_000,
               bound="exactly"), cell("funding", 0, part_of="whole")),
     "funding", 0, "amount", "the part (3000000) is larger than its whole whole (2500000)"),
    ("parts_fit_their_whole",
     both(more("funding", 0, funding_id="whole", amount=4_000_000, bound="up_to"),
          more("funding", 0, funding_id="z", amount=3_000_001, part_of="whole"),
          cell("funding", 0, part_of="whole")), "funding", 3, "amount",
     "the parts of whole add up to 6000001, more than the whole (4000000)"),
    ("sum_tree", cell("funding", 0, part_of="pact-money"), "funding", 0, "part_of",
     "pact-money is part of itself"),
    ("term_is_in_its_column", cell("funding", 0, summary_en="Support for five years."), "funding", 0,
     "term_years", "the summary says 'five years', and neither the period nor term_years is filled"),
    ("replaced_by_another", cell("funding", 0, superseded_by="pact-money"), "funding", 0, "superseded_by",
     "pact-money is superseded by itself"),
    ("days_of_sums", cell("funding", 0, announced_on_basis="stated"), "funding", 0, "announced_on_basis",
     "announced_on_basis is stated, announced_on and the event give None"),
    ("no_sum_twice",
     both(more("funding", 0, funding_id="z"), more("funding_parties", 0, funding_id="z"),
          more("funding_parties", 1, funding_id="z")), "funding", 2, "amount",
     "duplicate sum: an earlier row has 3000000 USD with the same agreement, event, domain and day"),
    ("sum_and_provision_agree",
     both(more("agreements", 0, agreement_id="other"), cell("provisions", 1, agreement_id="other")),
     "funding", 0, "provision_id", f"pact-research is a provision of other, not of {PACT}"),
    ("value_or_rank", cell("statistics", 0, value=None, rank=None), "statistics", 0, "value",
     "papers-kor-2024 has neither a value nor a rank"),
    ("rank_has_scope", cell("statistics", 0, rank_scope=None), "statistics", 0, "rank_scope",
     "rank 3 is a rank among nothing"),
    ("rank_has_scope", cell("statistics", 0, rank_of=2), "statistics", 0, "rank", "rank 3 of 2"),
    ("period_or_vintage", cell("statistics", 0, period_from=None, period_to=None), "statistics", 0,
     "period_from", "papers-kor-2024 has no years, no edition and no length of period"),
    ("period_or_vintage", cell("statistics", 0, period_to=None), "statistics", 0, "period_to",
     "a period has one end only"),
    ("undefined_has_caveat", cell("indicators", 0, caveat_en=None, caveat_ko=None), "indicators", 0,
     "caveat_en", "papers has no published definition and no caveat"),
    ("one_figure", more("statistics", 0, statistic_id="z"), "statistics", 1, "indicator_id",
     "papers for KOR and this period is in an earlier row too"),
    ("every_cell_is_proven", cell("funding", 0, amount=3_000_001), "funding", 0, "amount",
     'no source says "3000001"; its evidence says "3000000"'),
    ("every_cell_is_proven", cell("funding", 0, bound="exactly"), "funding", 0, "bound",
     'no source says "exactly"; its evidence says "at_least"'),
    ("every_cell_is_proven", cell("funding", 0, domain_id=None), "funding", 0, "domain_id",
     f'the cell is empty, but {HELD} says "quantum"'),
    ("inferred_has_note", lambda f: cell("evidence", where("evidence", f, field="due_on"), note=None)(f),
     "evidence", None, "note", "the value is inferred and has no note"),
    ("hash_where_held",
     lambda f: cell("evidence", where("evidence", f, field="amount"), passage_sha256=None)(f), "evidence",
     None, "passage_sha256", f"{HELD} is held, the check is confirmed, and there is no hash"),
    ("one_passage_one_hash",
     lambda f: cell("evidence", where("evidence", f, field="amount"), passage_sha256="0" * 64)(f), "evidence",
     None, "passage_sha256", None),
    ("hash_where_held", lambda f: cell("evidence", where("evidence", f, field="amount"), check="cited")(f),
     "evidence", None, "check", None),
    ("source_is_held_as_said", cell("sources", 0, held="none"), "sources", 0, "held",
     f"{HELD} is held: none, and none of its evidence fits that"),
    ("evidence_and_rows_meet",
     lambda f: cell("evidence", where("evidence", f, field="amount"), row_id="ghost")(f), "evidence", None,
     "row_id", 'there is no row "ghost" in funding'),
    ("evidence_and_rows_meet",
     lambda f: cell("evidence", where("evidence", f, field="amount"), field="funding_id")(f), "evidence",
     None, "field", '"funding_id" is not a column of funding that sources fill'),
    ("evidence_and_rows_meet", cell("funding", 0, funding_id="z"), "funding", 0, "funding_id",
     'no source speaks of "z"'),
    ("every_cell_is_proven",
     lambda f: cell("evidence", where("evidence", f, field="amount"), field="currency")(f), "evidence", None,
     "field", None),
    ("every_cell_is_proven",
     lambda f: cell("evidence", where("evidence", f, field="amount", row_id="pact-money"),
                    row_id="pact-pounds")(f), "evidence", None, "row_id", None),
    ("every_cell_is_proven",
     lambda f: cell("evidence", where("evidence", f, field="amount"), stands=False)(f), "evidence", None,
     "stands", None),
    ("check_fits_column", lambda f: cell("evidence", where("evidence", f, field="amount"), check="coded")(f),
     "evidence", None, "check", "amount of funding cannot be coded"),
    ("check_fits_column",
     lambda f: cell("evidence", where("evidence", f, field="sector"), check="confirmed")(f), "evidence", None,
     "check", "sector of funding cannot be confirmed"),
    ("disagreements_match", cell("disagreements", 0, value="other"), "disagreements", 0, "value", None),
    ("disagreements_match", drop("disagreements", 0), "disagreements", -1, "value", None),
    ("disagreements_match", cell("disagreements", 0, stands=None), "disagreements", 0, "stands", None),
    ("rulings_are_quoted",
     lambda f: cell("disagreements", where("disagreements", f, resolved_by="ruling"),
                    resolved_by="latest")(f), "disagreements", None, "resolved_by",
     "it is resolved by latest, and a ruling is published"),
    ("rulings_are_quoted",
     lambda f: cell("disagreements", where("disagreements", f, resolved_by="latest"),
                    resolved_by="ruling")(f), "disagreements", None, "resolved_by",
     "it is resolved by ruling, and no ruling is published"),
    ("rulings_are_quoted",
     lambda f: cell("disagreements", where("disagreements", f, value="moc"), reason_ko="다르다.")(f),
     "disagreements", None, "reason_ko", f'the ruling on "moc" for instrument_type of {PACT} says otherwise'),
    ("language_of_columns", cell("places", 0, name_en="서울"), "places", 0, "name_en", '"서울" is Korean'),
    ("language_of_columns", cell("domains", 0, definition_ko="Quantum effects put to use."), "domains", 0,
     "definition_ko", '"Quantum effects put to use." is not Korean'),
    ("both_languages", cell("statistics", 0, caveat_en="Only this."), "statistics", 0, "caveat_ko",
     "caveat_ko is empty and its pair is not"),
    ("statement_has_speaker", cell("statements", 0, person_id=None), "statements", 0, "person_id",
     "the speaker is named_person, but person_id is empty"),
    ("statement_has_speaker", cell("statements", 0, speaker="author"), "statements", 0, "person_id",
     "the speaker is author, but a person is named"),
    ("outcome_is_dated", cell("statements", 0, outcome="came_true"), "statements", 0, "outcome_on",
     "an outcome and its day go together"),
    ("alias_has_entity", cell("aliases", 0, entity_id="ghost"), "aliases", 0, "entity_id",
     'there is no domain "ghost"'),
    ("source_is_whole", cell("sources", 0, characters=None), "sources", 0, "characters",
     "a held text needs file name, hash and length, and characters is empty"),
    ("source_is_whole", cell("sources", 1, sha256="0" * 64), "sources", 1, "held",
     "none is held, but text_file, sha256 or characters is filled"),
    ("source_is_whole", cell("sources", 1, published_time="08:00"), "sources", 1, "time_zone",
     "an hour and its time zone go together"),
    ("source_is_whole", cell("sources", 1, published_time="08:00", time_zone="Asia/Soul"), "sources", 1,
     "time_zone", 'there is no time zone "Asia/Soul"'),
    ("source_is_whole", cell("sources", 0, archive_commit=None), "sources", 0, "archive_url",
     "a text from an archive needs its address, commit and path, and text in held"),
    ("source_is_whole", cell("sources", 2, archive_url=ARCHIVE, archive_commit=COMMIT, archive_path="a.md"),
     "sources", 2, "archive_url",
     "a text from an archive needs its address, commit and path, and text in held"),
    ("source_is_whole", cell("sources", 0, published_on_basis="listing"), "sources", 0,
     "published_precision", "a day that only a listing gives may be some days off"),
    ("recheckable_where_archived",
     lambda f: cell("evidence", where("evidence", f, stands=False, source_id=HELD), recheckable=True)(f),
     "evidence", None, "recheckable", "recheckable is true, which its source and stands do not say"),
    ("recheckable_where_archived",
     lambda f: cell("evidence", where("evidence", f, stands=True, source_id=HELD), recheckable=False)(f),
     "evidence", None, "recheckable", "recheckable is false, which its source and stands do not say"),
    ("recheckable_where_archived",
     lambda f: cell("evidence", where("evidence", f, stands=True, source_id=RELEASE), recheckable=True)(f),
     "evidence", None, "recheckable", "recheckable is true, which its source and stands do not say"),
    ("recheckable_where_archived",
     cell("sources", 0, archive_url=None, archive_commit=None, archive_path=None),
     "evidence", None, "recheckable", "recheckable is true, which its source and stands do not say"),
    ("source_is_whole", cell("sources", 1, url=None), "sources", 1, "url",
     "a source whose text is not held needs an address"),
    ("ranges_fit", cell("exclusions", 0, dated="2025-02-30"), "exclusions", 0, "dated",
     'there is no day "2025-02-30"'),
    ("disagreements_match", lambda f: cell("disagreements", 0, stands=not f["disagreements"]["stands"][0])(f),
     "disagreements", 0, "stands", None),
    ("rulings_are_quoted",
     lambda f: cell("disagreements", where("disagreements", f, resolved_by="latest"),
                    reason_en="Because.")(f), "disagreements", None, "reason_en", None),
    ("trees", cell("domains", 0, parent_domain_id="quantum"), "domains", 0, "parent_domain_id",
     "quantum is its own ancestor"),
    ("parent_of_same_country", cell("organizations", 0, country_code="USA"), "organizations", 0,
     "country_code", "alpha is of USA, its parent of KOR"),
    ("name_has_page", cell("organizations", 0, name_url=None), "organizations", 0, "name_url",
     "the name is own_use, but no page shows it"),
    ("tombstone_is_of_a_gone_row", cell("tombstones", 0, row_id="gamma"), "tombstones", 0, "row_id",
     "gamma is in people"),
    ("tombstone_is_of_a_gone_row", cell("tombstones", 0, table="evidence"), "tombstones", 0, "table",
     '"evidence" is not a table whose rows need tombstones'),
    ("successor_is_there", cell("tombstones", 1, successor_row_id="ghost"), "tombstones", 1,
     "successor_row_id", "ghost is not in provisions"),
    ("successor_is_there", cell("tombstones", 1, successor_row_id="pact-study"), "tombstones", 1,
     "successor_row_id", "pact-study is not in provisions"),
    ("successor_is_there", cell("tombstones", 1, successor_table="timeline"), "tombstones", 1,
     "successor_table", '"timeline" is not a table whose rows last'),
    ("successor_is_there", cell("tombstones", 1, successor_table=None), "tombstones", 1, "successor_table",
     "successor_table is empty, and the other half of the successor is not"),
    ("successor_is_there", cell("tombstones", 1, successor_row_id=None), "tombstones", 1, "successor_row_id",
     "successor_row_id is empty, and the other half of the successor is not"),
    ("successor_fits_reason", cell("tombstones", 0, reason="merged"), "tombstones", 0, "reason",
     "the row is merged, and no successor is named"),
    ("successor_fits_reason", cell("tombstones", 1, reason="split"), "tombstones", 1, "reason",
     "the row is split, and a single successor is named"),
    ("removed_by_now", cell("tombstones", 0, removed_in="99.0.0"), "tombstones", 0, "removed_in",
     f"99.0.0 is after this version, {load_package()['version']}"),
    ("removed_by_now", cell("tombstones", 0, removed_in="1.10.0"), "tombstones", 0, "removed_in", None),
    ("names_fit_every_disk", cell("sources", 0, source_id="aux"), "sources", 0, "source_id",
     '"aux" names a device on Windows, so no file can be called so'),
    ("names_fit_every_disk", cell("sources", 0, text_file="Com1.news.txt"), "sources", 0, "text_file",
     '"Com1.news.txt" names a device on Windows, so no file can be called so'),
    ("names_fit_every_disk", cell("sources", 0, text_file="news."), "sources", 0, "text_file",
     '"news." ends with a dot or a blank, which Windows drops from the name of a file'),
    ("names_fit_every_disk", cell("sources", 1, text_file="News.TXT"), "sources", 1, "text_file",
     '"News.TXT" and "news.txt" differ only in capitals, and are one file on Windows and macOS'),
    ("names_fit_every_disk", cell("sources", 0, source_id="a" * 160), "sources", 0, "source_id",
     f'"{"a" * 59}…" has 160 characters, which makes a path longer than 200'),
    ("names_fit_every_disk", cell("upstreams", 0, upstream_id="lpt9"), "upstreams", 0, "upstream_id",
     '"lpt9" names a device on Windows, so no file can be called so'),
    ("names_look_different", more("organizations", 1, organization_id="z", name_en="0ffice  BETA"),
     "organizations", 5, "name_en", '"0ffice  BETA" looks the same as "Office Beta" of "beta"'),
    ("names_look_different", more("organizations", 1, organization_id="z", name_en="O\ufb03ce Beta"),
     "organizations", 5, "name_en", '"O\ufb03ce Beta" looks the same as "Office Beta" of "beta"'),
    ("names_look_different", more("organizations", 1, organization_id="z", acronym="M\u0410L"),
     "organizations", 5, "acronym", '"M\u0410L" looks the same as "MAL" of "alpha"'),
    ("names_look_different", more("people", 0, person_id="z", name_en="EpsiIon"), "people", 3, "name_en",
     '"EpsiIon" looks the same as "Epsilon" of "epsilon"'),
    ("names_look_different", more("places", 0, place_id="z", name_en="Seou1"), "places", 1, "name_en",
     '"Seou1" looks the same as "Seoul" of "seoul"'),
    ("names_look_different", more("domains", 0, domain_id="z", name_en="QUANTUM TECHNOLOGY"), "domains", 1,
     "name_en", '"QUANTUM TECHNOLOGY" looks the same as "Quantum technology" of "quantum"'),
    ("names_look_different", more("aliases", 0, entity_type="organization", entity_id="beta", name="Quantum"),
     "aliases", 3, "name", None),
    ("names_look_different", more("sources", 2, source_id="z", title="ReIease"), "sources", 3, "title",
     '"ReIease" looks the same as "Release" of "mini-release-2025-03-04"'),
    ("ruling_has_one_winner", cell("rulings", 0, stands=False), "rulings", 0, "stands",
     f"0 values stand for instrument_type of agreements {PACT}"),
    ("grade_from_evidence", cell("funding", 0, evidence_grade="A"), "funding", 0, "evidence_grade",
     "the grade is A, the evidence gives C"),
    ("usd_from_rates",
     lambda f: cell("funding", where("funding", f, currency="GBP"), amount_usd=2_500_001)(f), "funding", None,
     "amount_usd", "amount_usd is 2500001, the rates give 2500000"),
    ("usd_from_rates",
     lambda f: cell("funding", where("funding", f, currency="GBP"), usd_rate_on=D(2025, 3, 4))(f), "funding",
     None, "usd_rate_on", "usd_rate_on is 2025-03-04, the rates give 2025-03-03"),
    ("totals_match",
     lambda f: cell("funding_totals",
                    where("funding_totals", f, grouping="domain", basis="as_stated", currency="GBP"),
                    exactly=2_000_001)(f), "funding_totals", None, "exactly",
     "exactly is 2000001, the fact tables give 2000000"),
    ("totals_match", drop("funding_totals", 0), "funding_totals", -1,
     "grouping,group_id,standing,currency,basis", None),
    ("series_is_described", cell("indicators", 1, vintage=None), "indicators", 1, "vintage",
     "papers-counted has a series and does not state its vintage"),
    ("series_is_described", cell("indicators", 1, definition_status="not_published"), "indicators", 1,
     "definition_status", "papers-counted has a series and does not state its definition_status"),
    ("series_is_described", cell("indicators", 2, counting_method="not_stated"), "indicators", 2,
     "counting_method", "papers-summed has a series and does not state its counting_method"),
    ("series_is_described", cell("indicators", 3, caveat_en=None), "indicators", 3, "caveat_en",
     "papers-together has a series and does not state its caveat_en"),
    ("pair_in_order", cell("pair_statistics", 0, country_code_a="USA", country_code_b="KOR"),
     "pair_statistics", 0, "country_code_b", "USA does not come before KOR"),
    ("pair_in_order", cell("pair_statistics", 0, country_code_b="KOR"), "pair_statistics", 0,
     "country_code_b", "KOR does not come before KOR"),
    ("ranks_follow_values", cell("country_statistics", 1, rank=2), "country_statistics", 1, "rank",
     "rank is 2, the values give 1"),
    ("ranks_follow_values", cell("country_statistics", 1, rank=None), "country_statistics", 1, "rank",
     "rank is None, the values give 1"),
    ("ranks_follow_values", cell("country_statistics", 3, ranked=3), "country_statistics", 3, "ranked",
     "ranked is 3, the values give 2"),
    ("comparisons_match", cell("statistic_comparisons", 0, verdict="consistent"), "statistic_comparisons", 0,
     "verdict", "verdict is consistent, the fact tables give rank_differs"),
    ("comparisons_match", drop("statistic_comparisons", 1), "statistic_comparisons", -1,
     "statistic_id,compared_table,compared_row_id", None),
    ("contested_from_comparisons", cell("statistics", 0, contested=False), "statistics", 0, "contested",
     "contested is False, the comparisons give True"),
    ("contested_from_comparisons", cell("statistics", 0, contested=None), "statistics", 0, "contested",
     "contested is None, the comparisons give True"),
    ("agreement_tree", cell("agreements", 0, predecessor_agreement_id=PACT), "agreements", 0,
     "predecessor_agreement_id", f"{PACT} is its own ancestor"),
    ("timeline_matches", cell("timeline", 0, label_en="Wrong"), "timeline", 0, "label_en", None),
    ("timeline_matches", drop("timeline", 0), "timeline", -1, "table,row_id,field", None),
    ("history_is_in_order", cell("cell_history", 4, known_from=D(2025, 3, 2)), "cell_history", 4,
     "known_from", "no source became known on 2025-03-02"),
    ("history_is_in_order", cell("cell_history", 4, known_until=D(2025, 3, 3)), "cell_history", 4,
     "known_until", "no source became known on 2025-03-03"),
    ("history_is_in_order", cell("cell_history", 4, known_until=D(2025, 3, 5)), "cell_history", 4,
     "known_until", 'it stands from 2025-03-01 until 2025-03-05, and "moc" from 2025-03-04 on'),
    ("history_is_in_order", cell("cell_history", 4, known_until=None), "cell_history", 4, "known_until",
     'it stands from 2025-03-01 until today, and "moc" from 2025-03-04 on'),
    ("history_is_in_order", cell("cell_history", 4, known_until=D(2025, 3, 1)), "cell_history", 4,
     "known_until", 'it stands from 2025-03-01 until 2025-03-01, and "moc" from 2025-03-04 on'),
    ("history_is_in_order", cell("cell_history", 4, value="moc"), "cell_history", 4, "known_until",
     'it stands from 2025-03-01 until 2025-03-04, and "moc" from 2025-03-04 on'),
    ("history_is_in_order",
     both(more("cell_history", 4, known_from=D(2025, 3, 5), known_until=D(2025, 3, 4)),
          drop("cell_history", 4), drop("cell_history", 4)), "cell_history", 136, "known_until",
     "it stands from 2025-03-05 until 2025-03-04"),
    ("history_ends_in_the_cells", cell("cell_history", 5, value="treaty"), "cell_history", 5, "value",
     'it stands, and the cell is "moc"'),
    ("history_ends_in_the_cells", drop("cell_history", 5), "cell_history", 4, "known_until",
     f'it ends on 2025-03-04, and "moc" in instrument_type of agreements {PACT} stands'),
    ("history_ends_in_the_cells", cell("cell_history", 5, known_until=D(2025, 3, 5)), "cell_history", 5,
     "known_until", f'it ends on 2025-03-05, and "moc" in instrument_type of agreements {PACT} stands'),
    ("history_ends_in_the_cells", drop("cell_history", 3), "cell_history", -1,
     "table,row_id,field,known_from",
     f'there is no row for "science_and_technology" in family of agreements {PACT}'),
    ("history_ends_in_the_cells", cell("cell_history", 3, table="timeline"), "cell_history", 3, "table",
     '"timeline" is not a table that sources fill'),
    ("history_ends_in_the_cells", cell("cell_history", 3, row_id="ghost"), "cell_history", 3, "row_id",
     'there is no row "ghost" in agreements'),
    ("history_ends_in_the_cells", cell("cell_history", 3, field="status"), "cell_history", 3, "field",
     '"status" is not a column of agreements that sources fill'),
    ("history_has_its_sources", cell("cell_history", 5, source_id="mini-preview-2025-03-01"), "cell_history",
     5, "source_id", 'mini-preview-2025-03-01 does not say "moc"'),
    ("history_has_its_sources", cell("cell_history", 4, value="treaty"), "cell_history", 4, "value",
     'mini-preview-2025-03-01 does not say "treaty"'),
    ("history_has_its_sources", cell("cell_history", 6, known_from=D(2025, 3, 4)), "cell_history", 6,
     "known_from", f"it stands from 2025-03-04, {HELD} is of 2025-03-05"),
    ("matrix_matches", cell("agreement_matrix", 0, provisions_agreed=2), "agreement_matrix", 0,
     "provisions_agreed", "provisions_agreed is 2, the fact tables give 1"),
]  # fmt: skip


def test_the_sound_package_breaks_no_rule(frames: Frames) -> None:
    assert validate_frames(TABLES, frames) == []


@pytest.mark.parametrize(
    ("rule", "plant", "table", "row", "column", "message"),
    CASES,
    ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)],
)
def test_planted_fault_is_reported(
    frames: Frames, rule: str, plant: Plant, table: str, row: int | None, column: str, message: str | None
) -> None:
    plant(frames)
    found = [f for f in BY_NAME[rule](frames) if f.table == table and f.column == column]
    assert found, f"{rule} did not report"
    if message is not None:
        assert message in [f.message for f in found]
    if row is not None:
        assert row in [f.index for f in found]
    assert all(f.fix for f in found)


def test_every_rule_has_a_planted_fault() -> None:
    assert set(BY_NAME) == {c[0] for c in CASES} and len(BY_NAME) == len(all_rules())


@pytest.mark.parametrize("table", TABLES)
def test_an_emptied_column_gives_messages_and_no_traceback(frames: Frames, table: str) -> None:
    """Whatever cells are missing that may not be, every rule that reads the table runs to its end."""
    sound = frames[table]
    readers = [r for r in all_rules() if table in r.reads | r.each]
    assert all(r(frames) == [] for r in readers)
    # All together, and each of the key and of the texts by itself.
    required = [f.name for f in TABLES[table].fields if f.required]
    for names in (required, *([n] for n in required[:2])):
        frames[table] = frame_of(
            TABLES[table].fields, [{**row, **dict.fromkeys(names)} for row in sound.to_dicts()]
        )
        for rule in readers:
            assert all(fault.message and fault.fix for fault in rule(frames)), (names, rule.name)


def test_a_floor_may_have_parts_that_exceed_it(frames: Frames) -> None:
    """At least two million is not contradicted by a part of three million."""
    both(
        more("funding", 0, funding_id="whole", amount=2_000_000, domain_id=None),
        cell("funding", 0, part_of="whole"),
    )(frames)
    assert list(BY_NAME["parts_fit_their_whole"](frames)) == []


@pytest.mark.parametrize("other", [{"name": "Quantum"}, {"name": "QUANTUM", "source_id": HELD}])
def test_spellings_of_an_alias_may_differ_where_they_mean_the_same(frames: Frames, other: dict) -> None:
    more("aliases", 0, **other)(frames)
    assert list(BY_NAME["names_look_different"](frames)) == []


def test_an_alias_of_one_source_is_not_held_against_that_of_another(frames: Frames) -> None:
    both(
        cell("aliases", 0, source_id="mini-preview-2025-03-01"),
        more("aliases", 0, entity_type="organization", entity_id="beta", name="Quantum", source_id=HELD),
    )(frames)
    assert list(BY_NAME["names_look_different"](frames)) == []


def test_titles_of_other_days_or_publishers_are_not_compared(frames: Frames) -> None:
    both(
        more("sources", 2, source_id="y", title="RELEASE", published_on=D(2025, 3, 5)),
        more("sources", 2, source_id="z", title="release", publisher_organization_id="daily"),
    )(frames)
    assert list(BY_NAME["names_look_different"](frames)) == []


@pytest.mark.parametrize("field", ["family", "title_en"])
def test_a_row_under_the_name_of_another_cell_is_reported_once(frames: Frames, field: str) -> None:
    """As the cell that has no row is no other fault; where both have one, each is reported."""
    row = where("cell_history", frames, row_id=PACT, field="signed_on")
    cell("cell_history", row, field=field)(frames)
    found = [(f.index, f.column) for f in BY_NAME["history_ends_in_the_cells"](frames)]
    assert found == [(row, "value"), (-1, "table,row_id,field,known_from")]
    cell("cell_history", row, field="place_idx")(frames)
    found = [(f.index, f.column) for f in BY_NAME["history_ends_in_the_cells"](frames)]
    assert found == [(row, "field")]


def test_of_a_cell_that_stands_no_more_no_evidence_is_asked(frames: Frames) -> None:
    """As of a day on which it was hidden again there is none."""
    row = where("cell_history", frames, row_id=PACT, field="signed_on")
    cell("cell_history", row, known_until=D(2025, 3, 5))(frames)
    frames["evidence"] = frames["evidence"].filter(pl.col("field") != "signed_on")
    cell("agreements", 0, signed_on=None)(frames)
    assert all(BY_NAME[name](frames) == [] for name in BY_NAME if name.startswith("history_"))


def test_minimum_rows_keep_an_emptied_table_from_passing(frames: Frames) -> None:
    frames["disagreements"] = frames["disagreements"].clear()
    assert ("disagreements", "min-rows") in [(t, v.rule) for t, v in validate_frames(TABLES, frames)]


def test_frames_have_the_declared_types(frames: Frames) -> None:
    assert frames["agreements"].schema["signed_on_from"] == pl.Date
    assert frames["funding"].schema["amount"] == pl.Int64
