"""Faults of meaning in sums and figures that every passage bears out."""

from __future__ import annotations

from tests.faults.seeds import PASSAGES_FILE, Draft
from tests.mini import PACT, SIGNING, spans
from tests.mutants.draft import RELEASED, Write, planted, sheet
from tests.mutants.seed_meaning import AGREEMENTS, FUNDING, PARTIES, STATISTICS, M, Spot


def money(d: Draft, funding_id: str, millions: int, **cells: str) -> int:
    """One more exact sum in the news, in dollars, beside the agreement. The line of its row."""
    usual = {
        "agreement_id": PACT,
        "instrument": "support",
        "amount": f"{millions}000000",
        "currency": "USD",
        "bound": "exactly",
        "standing": "committed",
        "under_agreement": "false",
        "summary_en": "Support.",
        "summary_ko": "지원한다.",
    }
    return d.add(
        FUNDING,
        at=d.say(f"정확히 {millions}00만 달러를 지원한다."),
        funding_id=funding_id,
        **{**usual, **cells},
    )


def sum_of_nothing(d: Draft) -> Spot:
    return FUNDING, money(d, "loose", 5, agreement_id=""), "agreement_id"


def own_money_of_no_agreement(d: Draft) -> Spot:
    return (
        FUNDING,
        money(d, "loose", 5, agreement_id="", event_id="pact-signing", under_agreement="true"),
        "agreement_id",
    )


def part_larger_than_whole(d: Draft) -> Spot:
    money(d, "whole", 5)
    return FUNDING, money(d, "part", 6, part_of="whole"), "amount"


def parts_larger_than_whole(d: Draft) -> Spot:
    money(d, "whole", 5)
    money(d, "part-a", 3, part_of="whole")
    return FUNDING, money(d, "part-b", 4, part_of="whole"), "amount"


def part_in_other_currency(d: Draft) -> Spot:
    return FUNDING, money(d, "part", 3, part_of="pact-pounds"), "amount"


def part_of_itself(d: Draft) -> Spot:
    return FUNDING, money(d, "circle", 5, part_of="circle"), "part_of"


def same_sum_twice(d: Draft) -> Spot:
    money(d, "once", 5)
    return FUNDING, money(d, "twice", 5), "amount"


def provision_of_another_agreement(d: Draft) -> Spot:
    second = "kor-usa-second"
    at = spans(SIGNING)
    d.add(
        AGREEMENTS,
        at=at,
        agreement_id=second,
        title_en="A second memorandum",
        title_ko="다른 각서",
        family="science_and_technology",
        instrument_type="mou",
    )
    for who in ("gov-kor", "gov-usa"):
        d.add(PARTIES, at=at, agreement_id=second, organization_id=who, role="party")
    return FUNDING, money(d, "astray", 5, agreement_id=second, provision_id="pact-research"), "provision_id"


def figure_without_value(d: Draft) -> Spot:
    for column in ("value", "rank", "rank_scope"):
        line = d.put(STATISTICS, column, "", statistic_id="papers-kor-2024")
    return STATISTICS, line, "value"


def rank_among_nothing(d: Draft) -> Spot:
    return STATISTICS, d.put(STATISTICS, "rank_scope", "", statistic_id="papers-kor-2024"), "rank_scope"


def rank_beyond_all(d: Draft) -> Spot:
    return (
        STATISTICS,
        d.add(
            STATISTICS,
            at=d.say("2개국 중 한국은 양자 논문이 5위였고 2022년 기준이다."),
            statistic_id="papers-kor-2022",
            indicator_id="papers",
            country_code="KOR",
            period_from="2022",
            period_to="2022",
            rank="5",
            rank_of="2",
            rank_scope="countries_of_the_world",
            standing="reported",
        ),
        "rank",
    )


def figure_without_period(d: Draft) -> Spot:
    for column in ("period_from", "period_to"):
        line = d.put(STATISTICS, column, "", statistic_id="papers-kor-2024")
    return STATISTICS, line, "period_from"


def period_with_one_end(d: Draft) -> Spot:
    return STATISTICS, d.put(STATISTICS, "period_to", "", statistic_id="papers-kor-2024"), "period_to"


def two_figures(d: Draft) -> Spot:
    return (
        STATISTICS,
        d.add(
            STATISTICS,
            at=d.say("한국의 양자 논문은 2024년 77건이었다."),
            statistic_id="papers-kor-other",
            indicator_id="papers",
            country_code="KOR",
            period_from="2024",
            period_to="2024",
            value="77",
            rank_scope="countries_of_the_world",
            standing="reported",
        ),
        "indicator_id",
    )


def bound_of_the_news(bound: str) -> Write:
    def write(d: Draft) -> Spot:
        return FUNDING, d.put(FUNDING, "bound", bound, funding_id="pact-money"), "bound"

    return write


def booked_otherwise(bound: str) -> Write:
    """A second source with the same sum under another bound."""

    def write(d: Draft) -> Spot:
        d.files[PASSAGES_FILE] += (
            b"@ para 3\nThe two offices support quantum research with 3 million dollars.\n"
        )
        d.add(
            sheet("funding", RELEASED),
            at="para 3",
            funding_id="pact-money",
            amount="3000000",
            currency="USD",
            bound=bound,
        )
        return FUNDING, 2, "bound"

    return write


planted(
    "sum-without-occasion", M, "A sum of no agreement and no event.", "sum_has_an_occasion", sum_of_nothing
)
planted(
    "own-money-of-none",
    M,
    "Money of the agreement that names no agreement.",
    "own_money_names_agreement",
    own_money_of_no_agreement,
)
planted(
    "part-larger-than-whole",
    M,
    "A part larger than its whole, parts that add up to more, or a part in another currency.",
    "parts_fit_their_whole",
    part_larger_than_whole,
    parts_larger_than_whole,
    part_in_other_currency,
)
planted("part-of-itself", M, "A sum that is part of itself.", "sum_tree", part_of_itself)
planted("sum-counted-twice", M, "The same sum in two rows.", "no_sum_twice", same_sum_twice)
planted(
    "provision-of-another-agreement",
    M,
    "A sum under the provision of another agreement.",
    "sum_and_provision_agree",
    provision_of_another_agreement,
)
planted(
    "figure-without-value", M, "A statistic without value and rank.", "value_or_rank", figure_without_value
)
planted(
    "rank-among-nothing",
    M,
    "A rank without what is ranked, or beyond their number.",
    "rank_has_scope",
    rank_among_nothing,
    rank_beyond_all,
)
planted(
    "figure-without-period",
    M,
    "A statistic without years, or with one end of a period.",
    "period_or_vintage",
    figure_without_period,
    period_with_one_end,
)
planted("two-figures", M, "Two figures for the same thing.", "one_figure", two_figures)
planted(
    "floor-booked-as-exact",
    M,
    "A sum booked as exact, as a ceiling or as approximate where the passage says at least.",
    "evidence",
    bound_of_the_news("exactly"),
    bound_of_the_news("up_to"),
    bound_of_the_news("about"),
)
planted(
    "bound-of-two-sources",
    M,
    "A floor of one source booked as exact, or as a ceiling, from another, without a ruling.",
    "ruling",
    booked_otherwise("exactly"),
    booked_otherwise("up_to"),
    note="Both sheets are in question; the first is named, the message has both.",
)
