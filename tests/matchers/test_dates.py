"""Dates written in every form that the matcher reads, whole and in parts, and what only looks like them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scripts.matchers.dates import Parts, date_expressions, has_date, has_year, split_dates
from scripts.model.problems import BadData
from tests.mini import Mini

FAST = settings(max_examples=100, deadline=None, derandomize=True)

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SHORT = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "Jun.", "Jul.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]

# Words without a date; what follows a day may begin like a length of time and not be one.
KOREAN_BEFORE = ["", "지난 ", "양국은 ", "(", "서명일: ", "각서는 "]
KOREAN_AFTER = [
    "",
    " 서명했다",
    "에 열렸다",
    "부터 발효",
    "(현지시간)",
    "(현지 시간) 서울에서",
    " 간담회에서",
    " 전체회의",
    " 여의도에서",
    " 후속 회의",
    " 전까지",
    " 이후",
    ")",
]
NUMERIC_AFTER = ["", ".", ")", " 서명", ", 서울"]
ENGLISH_BEFORE = ["", "on ", "signed on ", "(", "dated: "]
ENGLISH_AFTER = ["", ".", ")", " in Seoul", ", the text says", "; later on"]


def ordinal(n: int) -> str:
    """A day in English with its ending: 29th."""
    ending = "th" if n in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


KOREAN_FORMS = {
    "2025년 10월 29일": lambda d: f"{d.year}년 {d.month}월 {d.day}일",
    "2025년10월29일": lambda d: f"{d.year}년{d.month}월{d.day}일",
    "2025 년 10 월 29 일": lambda d: f"{d.year} 년 {d.month} 월 {d.day} 일",
    "2025년 09월 03일": lambda d: f"{d.year}년 {d.month:02}월 {d.day:02}일",
    "'25년 10월 29일": lambda d: f"'{d.year % 100:02}년 {d.month}월 {d.day}일",
    "‘25년 10월 29일": lambda d: f"‘{d.year % 100:02}년 {d.month}월 {d.day}일",
}
NUMERIC_FORMS = {
    "2025.10.29": lambda d: f"{d.year}.{d.month}.{d.day}",
    "2025. 10. 29": lambda d: f"{d.year}. {d.month}. {d.day}",
    "2025.09.03": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "2025-10-29": lambda d: d.isoformat(),
    "2025/10/29": lambda d: f"{d.year}/{d.month}/{d.day}",
}
ENGLISH_FORMS = {
    "29 October 2025": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "29 Oct. 2025": lambda d: f"{d.day} {SHORT[d.month - 1]} {d.year}",
    "29 OCTOBER 2025": lambda d: f"{d.day} {MONTHS[d.month - 1].upper()} {d.year}",
    "29th of October, 2025": lambda d: f"{ordinal(d.day)} of {MONTHS[d.month - 1]}, {d.year}",
    "October 29, 2025": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    "October 29 2025": lambda d: f"{MONTHS[d.month - 1]} {d.day} {d.year}",
    "Oct. 29, 2025": lambda d: f"{SHORT[d.month - 1]} {d.day}, {d.year}",
    "October 29th, 2025": lambda d: f"{MONTHS[d.month - 1]} {ordinal(d.day)}, {d.year}",
}
# Two-digit years are read as 1950 to 2049.
days = st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31))
years = st.integers(1950, 2049)


def near(day: dt.date) -> list[str]:
    """Days that share all but one part with ``day``, or have two parts exchanged."""
    parts = [(day.year + n, day.month, day.day) for n in (-10, -1, 1, 10)]
    parts += [(day.year, (day.month + n) % 12 + 1, day.day) for n in range(0, 11, 2)]
    parts += [(day.year, day.month, (day.day + n) % 31 + 1) for n in (0, 1, 9, 19, 28, 29)]
    parts += [(day.year, day.day, day.month)] if day.day != day.month else []
    return [f"{y}-{m:02}-{d:02}" for y, m, d in parts]


def set_in(write, before, after):
    """A day, a sentence that prints it, and another day."""
    return st.builds(
        lambda day, other, n, a, b: (day, a + write(day) + b, [*near(day), other][n]),
        days,
        days.map(dt.date.isoformat),
        st.integers(-1, 15),
        st.sampled_from(before),
        st.sampled_from(after),
    )


DAYS = [
    *(pytest.param(set_in(f, KOREAN_BEFORE, KOREAN_AFTER), id=name) for name, f in KOREAN_FORMS.items()),
    *(pytest.param(set_in(f, KOREAN_BEFORE, NUMERIC_AFTER), id=name) for name, f in NUMERIC_FORMS.items()),
    *(pytest.param(set_in(f, ENGLISH_BEFORE, ENGLISH_AFTER), id=name) for name, f in ENGLISH_FORMS.items()),
]
MONTH_FORMS = {
    "2025년 10월": lambda d: f"{d.year}년 {d.month}월",
    "2025-10": lambda d: f"{d.year}-{d.month:02}",
    "October 2025": lambda d: f"{MONTHS[d.month - 1]} {d.year}",
    "Oct., 2025": lambda d: f"{SHORT[d.month - 1]}, {d.year}",
}
# Each part of a date by itself, as other cited passages may print it.
YEAR_PARTS = [lambda d: f"{d.year}년", lambda d: f"{d.year}", lambda d: f"'{d.year % 100:02}년"]
MONTH_PARTS = [lambda d: f"{d.month}월", lambda d: f"in {MONTHS[d.month - 1]}"]
DAY_PARTS = [
    lambda d: f"{d.day}일",
    lambda d: f"{d.day}일(현지시간)",
    lambda d: f"지난 {d.day}일 서울",
    lambda d: f"{d.day}일 간담회에서",
    lambda d: f"{d.day}일 전체회의",
    lambda d: f"{d.day}일 여의도",
    lambda d: f"{d.day}일 후속 회의",
]
MONTH_AND_DAY = [
    lambda d: f"{d.month}월 {d.day}일",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}",
    lambda d: f"{d.day} {SHORT[d.month - 1]}",
]


@pytest.mark.parametrize("sentences", DAYS)
@given(data=st.data())
@FAST
def test_a_written_day_is_found_and_no_other(sentences, data):
    """A day in each form is found with its month and year, and no other day, month or year is."""
    day, text, other = data.draw(sentences)
    assume(other != day.isoformat())
    assert date_expressions(text) == [Parts(day.year, day.month, day.day)]
    assert has_date(text, day.isoformat())
    assert has_date(text, day.isoformat()[:7])
    assert has_year(text, day.year)
    assert not has_date(text, other), text
    assert has_date(text, other[:7]) == (other[:7] == day.isoformat()[:7])


@pytest.mark.parametrize("write", MONTH_FORMS.values(), ids=MONTH_FORMS)
@given(day=days, months=st.integers(1, 11), data=st.data())
@FAST
def test_a_written_month_is_found_and_no_other(write, day, months, data):
    """A month with its year is found; another month is not, nor any day of it."""
    text = (
        data.draw(st.sampled_from(["", "지난 ", "in "]))
        + write(day)
        + data.draw(st.sampled_from(["", " 서명", " (예정)", "; later on"]))
    )
    assert has_date(text, day.isoformat()[:7])
    assert has_year(text, day.year)
    assert not has_date(text, f"{day.year}-{(day.month - 1 + months) % 12 + 1:02}")
    assert not has_date(text, f"{day.year + 1}-{day.month:02}")
    assert not has_date(text, day.isoformat())


@given(days, st.permutations([0, 1, 2]), st.data())
@FAST
def test_parts_of_a_date_in_several_passages_make_it_whole(day, order, data):
    """Year, month and day in passages of their own confirm the date in any order; without one of them it is
    not found.
    """
    parts = [data.draw(st.sampled_from(forms))(day) for forms in (YEAR_PARTS, MONTH_PARTS, DAY_PARTS)]
    assert has_date("\n".join(parts[i] for i in order), day.isoformat())
    missing = data.draw(st.integers(0, 2))
    assert not has_date("\n".join(parts[i] for i in order if i != missing), day.isoformat())


@given(days, st.integers(1, 9), st.data())
@FAST
def test_month_and_day_go_with_the_year_of_another_passage(day, later, data):
    """A month and a day are completed by a year elsewhere, and by that year only."""
    text = data.draw(st.sampled_from(MONTH_AND_DAY))(day) + "\n" + data.draw(st.sampled_from(YEAR_PARTS))(day)
    assert has_date(text, day.isoformat())
    assert not has_date(text, f"{day.year + later}-{day.month:02}-{day.day:02}")
    assert not has_date(text, f"{day.year}-{day.month % 12 + 1:02}-{day.day:02}")


@given(days, days, st.data())
@FAST
def test_parts_of_different_dates_are_not_mixed(one, two, data):
    """Of two whole dates each is found, and no date that takes its parts from both."""
    forms = [*KOREAN_FORMS.values(), *NUMERIC_FORMS.values(), *ENGLISH_FORMS.values()]
    text = f"{data.draw(st.sampled_from(forms))(one)}, {data.draw(st.sampled_from(forms))(two)}"
    assert has_date(text, one.isoformat())
    assert has_date(text, two.isoformat())
    mixes = set(itertools.product(*zip(one.timetuple()[:3], two.timetuple()[:3], strict=True))) - {
        one.timetuple()[:3],
        two.timetuple()[:3],
    }
    assert not [m for m in mixes if has_date(text, "{}-{:02}-{:02}".format(*m))]


@given(days)
@FAST
def test_no_date_runs_across_a_gap(day):
    """What ends one passage and what begins the next are not one expression, even where they would read as
    one.
    """
    assert date_expressions(f"{day.year}년\n{day.month}월") == [
        Parts(None, day.month, None),
        Parts(day.year, None, None),
    ]
    assert not has_date(f"제 {day.day}\n{MONTHS[day.month - 1]} {day.year}", day.isoformat())


@given(
    years,
    years,
    st.integers(1850, 2149),
    st.sampled_from(["'{a:02}~'{b:02}년", "’{a:02}~’{b:02}년", "('{a:02}∼'{b:02}년)의", "'{a:02}-'{b:02}"]),
)
@FAST
def test_two_digit_years_at_the_ends_of_a_range(first, last, other, form):
    """Both ends of '15~'22년 are years, and nothing between them or in another century is."""
    text = form.format(a=first % 100, b=last % 100)
    assert [y for y in (first, last, first - 100, first + 100) if has_year(text, y)] == [first, last]
    assert has_year(text, other) == (other in {first, last})
    assert has_date(text, str(first))
    assert not has_date(text, f"{first}-01")


@given(
    years,
    years,
    years,
    st.sampled_from(
        ["{a}~{b}년", "{a}년부터 {b}년까지", "{a}-{b}", "{a}–{b}년 누적", "from {a} to {b}", "{a}∼{b}"]
    ),
)
@FAST
def test_four_digit_years_at_the_ends_of_a_range(first, last, other, form):
    """Both ends of a range of years are found, and nothing between or around them."""
    text = form.format(a=first, b=last)
    assert [y for y in (first, last) if has_year(text, y)] == [first, last]
    assert has_year(text, other) == (other in {first, last})
    assert not has_year(text, (first + last) // 2) or abs(first - last) < 2


DAY_RANGES = [
    "{y}년 {m}월 {a}~{b}일",
    "{y}년 {m}월 {a}∼{b}일 서울",
    "{y}년 {m}월 {a}일~{b}일에",
    "{y}년 {m}월 {a}·{b}일",
    "{a}-{b} {month} {y}",
    "{a}–{b} {month} {y}",
    "{month} {a}-{b}, {y}",
    "{m}월 {a}~{b}일\n{y}년",
    "{a}~{b}일(현지시간)\n{y}년 {m}월",
]


@given(
    st.integers(1950, 2049),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1, 28),
    st.integers(1, 31),
    st.sampled_from(DAY_RANGES),
)
@FAST
def test_both_days_at_the_ends_of_a_range(year, month, first, last, other, form):
    """Both ends of 29~31일 are days of the month named once, and no day between or around them is."""
    assume(first < last)
    text = form.format(y=year, m=month, month=MONTHS[month - 1], a=first, b=last)
    for day in (first, first + 1, last, last + 1, other):
        assert has_date(text, f"{year}-{month:02}-{day:02}") == (day in {first, last}), day
    assert not has_date(text, f"{year}-{month % 12 + 1:02}-{first:02}")


SPANS = [
    "{n}일간",
    "{n}일 동안",
    "{n}일 동안의",
    "{n}일째",
    "{n}일차",
    "{n}일 만에",
    "{n}일만에",
    "{n}일 이내에",
    "{n}일 전까지",
    "{n}일 후",
    "{n}일여",
    "{n}~{n}일간",
]


@given(
    st.integers(1, 31),
    st.sampled_from(SPANS),
    st.sampled_from(["", "약 ", "회의는 "]),
    st.sampled_from(["", " 열렸다", ".", ")"]),
)
@FAST
def test_a_length_of_days_is_no_day(n, span, before, after):
    """So many days are not a day of the month, though the same digits with 일 alone are."""
    text = "2025년 1월\n" + before + span.format(n=n) + after
    assert not has_date(text, f"2025-01-{n:02}")
    assert has_date(text, "2025-01")
    assert has_date(f"2025년 1월\n{before}{n}일{after}", f"2025-01-{n:02}")


LENGTHS = [
    "{n}년간",
    "{n}년 동안",
    "{n}개월",
    "{n}개월간",
    "{n}주",
    "{n}시간",
    "{n} years",
    "{n}-day",
    "{n} months",
]


@given(st.integers(1, 99), st.sampled_from(LENGTHS), st.sampled_from(["", "약 ", "about "]))
@FAST
def test_a_length_of_time_is_no_date(n, length, before):
    """So many years, months or hours are no date of any kind."""
    assert date_expressions(before + length.format(n=n)) == []


COUNTS = [
    "{c}건",
    "{c}명",
    "{c}개",
    "{c}개국",
    "{n}건",
    "{n}명",
    "{n}여 명",
    "{n} 달러",
    "{n}원",
    "{n}만 원",
    "{n}억",
    "{n}%",
    "${n}",
    "₩{n}",
    "£{n}",
    "{c}",
    "{c}년",
    "{n}.5",
    "0.{n}",
    "{n} million",
    "{n}km",
    "{n}s",
    "{n}년대",
]


@given(st.integers(1950, 2049), st.sampled_from(COUNTS), st.sampled_from(["", "약 ", "about "]))
@FAST
def test_a_count_is_no_year(n, count, before):
    """Digits that count something are no year, though the same four digits alone are."""
    assert date_expressions(before + count.format(n=n, c=f"{n:,}")) == []
    assert has_year(f"{before}{n}", n)


DIALLED = [
    "010-{y}-{n:04}",
    "02-{y}-{n:04}",
    "{n:04}-{y}",
    "+82-2-{y}-{n:04}",
    "{y}-{n:04}",
    "{y}{n:04}",
    "{n:04}{y}",
    "A{y}",
    "{y}-10-{n:04}",
]


@given(years, st.integers(0, 9999), st.sampled_from(DIALLED))
@FAST
def test_digits_of_a_telephone_or_an_identifier_are_no_date(year, n, form):
    """A year inside a longer row of digits is none."""
    assume(not 1900 <= n < 2100)
    assert date_expressions("문의 " + form.format(y=year, n=n)) == []
    assert has_year(f"문의 {year}", year)


@given(
    st.integers(10, 99),
    st.sampled_from(["개국", "대 기술", "%", "·29 성명", ".5", ":30", " 개 과제", "년대", "년간"]),
    st.sampled_from(["‘{}’", "'{}'"]),
)
@FAST
def test_a_quoted_number_is_no_year(n, what, quotes):
    """A quotation mark before two digits makes a year only where nothing else is counted."""
    assert date_expressions(quotes.format(f"{n}{what}")) == []
    assert has_year(f"'{n}년", 2000 + n if n < 50 else 1900 + n)


@pytest.mark.parametrize(
    "text",
    [
        "they may sign",
        "the parties may, in turn, march on",
        "Marching band",
        "Mayor of Seoul",
        "Augustus",
        "Octopus 3 arms",
        "Decision 7",
        "June3",
    ],
)
def test_words_that_only_look_like_months(text):
    """A month by itself is capitalized, and a longer word that begins with its letters is none."""
    assert date_expressions(text) == []


@given(st.integers(1, 12))
@FAST
def test_a_month_alone(month):
    """A month alone is found under its own number in either language, and gives neither year nor day."""
    for text in (f"{month}월 중", f"in {MONTHS[month - 1]},"):
        assert date_expressions(text) == [Parts(None, month, None)]
        assert not has_date(text, f"2025-{month:02}")
        assert has_date(f"{text}\n2025년", f"2025-{month:02}")


@given(st.integers(13, 99), st.integers(32, 99))
@FAST
def test_there_is_no_thirteenth_month_and_no_thirty_second_day(month, day):
    """Digits beyond the calendar are neither a month nor a day, nor are their last digits."""
    assert date_expressions(f"2025년 {month}월") == [Parts(2025, None, None)]
    assert [e for e in date_expressions(f"2025년 10월 {day}일") if e.day is not None] == []
    assert [e for e in date_expressions(f"October {day}, 2025") if e.day is not None] == []


@given(days, st.integers(1, 9))
@FAST
def test_dates_are_cut_out_of_the_text(day, n):
    """What is left beside the dates is the text without them, so that a day of a month is no count."""
    found, rest = split_dates(f"{day.year}년 {day.month}월 {day.day}일 {n}개 기관")
    assert found == [Parts(day.year, day.month, day.day)]
    assert rest.replace("\0", "") == f" {n}개 기관"


RELATIVE = [
    "this week",
    "last week",
    "yesterday",
    "last month",
    "earlier this month",
    "next year",
    "two weeks ago",
    "지난주",
    "이번 주",
    "어제",
    "지난달",
    "내년",
    "先週",
    "昨年",
]
DATELINES = [
    "April 2023",
    "SEOUL, April 25, 2023",
    "2023-04-25",
    "Washington, April 25, 2023 (Reuters)",
    "2023년 4월 25일",
    "서울=뉴시스 2023.4.25",
]


@given(st.sampled_from(DATELINES), st.sampled_from(RELATIVE), st.sampled_from(["\n", ": ", " - "]))
@FAST
def test_a_dateline_is_not_the_date_of_what_is_counted_from_it(dateline, word, between):
    """What happened "this week" did not happen on the day of the dateline, nor is its month printed."""
    assert not has_date(f"{dateline}{between}The two sides signed it {word} in Seoul.", "2023-04")
    assert not has_year(f"{dateline}{between}The two sides signed it {word} in Seoul.", 2023)
    assert has_date(f"{dateline}{between}The two sides signed it in Seoul.", "2023-04")
    assert has_date(
        f"{dateline}{between}They met {word} and signed it on 25 April 2023 in the old city hall.",
        "2023-04-25",
    )


def test_an_honest_note_on_a_date_is_accepted(mini: Mini) -> None:
    """A coder who says how a date follows is believed, even where the passage happens to print it."""
    path = next(mini.passages.iterdir())
    path.write_text(
        path.read_text("utf-8").replace(
            "Seoul, 4 March 2025: South Korea and the United States signed the memorandum",
            "Seoul, 4 March 2025: South Korea and the United States signed this week the memorandum",
        ),
        "utf-8",
    )
    sheet = "coding/mini-release-2025-03-04/agreements.csv"
    with pytest.raises(BadData) as bad:
        mini.build(against_lock=False)
    assert {(p.column, p.rule) for p in bad.value.problems} == {
        ("signed_on", "evidence"),
        ("start_on", "evidence"),
        ("announced_on", "evidence"),
    }
    for name, column in (
        (sheet, "signed_on"),
        ("coding/mini-release-2025-03-04/events.csv", "start_on"),
        ("coding/mini-release-2025-03-04/funding.csv", "announced_on"),
    ):
        lines = mini.path(name).read_text("utf-8").splitlines()
        mini.path(name).write_text(
            f"{lines[0]},note\n{lines[1]},{column}: counted from the dateline\n", "utf-8"
        )
    built = mini.build(against_lock=False)
    checks = {
        (e["table"], e["check"])
        for e in built.data["evidence"]
        if e["source_id"] == "mini-release-2025-03-04"
        and e["field"] in {"signed_on", "start_on", "announced_on"}
    }
    assert checks == {("agreements", "inferred"), ("events", "inferred"), ("funding", "inferred")}
