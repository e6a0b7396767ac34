"""Named forms: each example is read by its own form and by no earlier one."""

from __future__ import annotations

import re

import pytest

from scripts.matchers.dates import FORMS, Parts, date_expressions
from scripts.matchers.forms import Form
from scripts.matchers.names import PARTICLES, Entity, Names

OCTOBER_29, OCTOBER_31 = Parts(2025, 10, 29), Parts(2025, 10, 31)
# What the example of each form prints.
PRINTED = {
    "day in Korean": [OCTOBER_29],
    "day in Korean, year of two digits": [OCTOBER_29],
    "day in figures": [OCTOBER_29],
    "day, month, year in English": [OCTOBER_29],
    "month, day, year in English": [OCTOBER_29, OCTOBER_31],
    "year and month in Korean": [Parts(2025, 10, None)],
    "month and year in English": [Parts(2025, 10, None)],
    "year and month in figures": [Parts(2025, 10, None)],
    "month and day in Korean": [Parts(None, 10, 29), Parts(None, 10, 31)],
    "day and month in English": [Parts(None, 10, 29)],
    "month and day in English": [Parts(None, 10, 29)],
    "month in Korean": [Parts(None, 10, None)],
    "day of the month in Korean": [Parts(None, None, 29)],
    "year of two digits": [Parts(2015, None, None)],
    "year": [Parts(2025, None, None)],
    "month in English": [Parts(None, 10, None)],
}
KOREA = Names({"한국": {Entity("country", "KOR")}})


def spans(form: Form, text: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(form.pattern, text, re.IGNORECASE)]


def test_every_form_of_a_date_has_a_name_of_its_own() -> None:
    assert [form.name for form in FORMS] == list(PRINTED)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_example_of_a_date_is_of_its_form(form: Form) -> None:
    assert spans(form, form.example) == [(0, len(form.example))]
    assert not [f.name for f in FORMS[: FORMS.index(form)] if spans(f, form.example)]
    assert date_expressions(form.example) == PRINTED[form.name]


@pytest.mark.parametrize("form", PARTICLES, ids=lambda form: form.name)
def test_the_example_of_a_particle_is_of_its_form(form: Form) -> None:
    assert re.fullmatch(f"한국(?:{form.pattern})", form.example)
    assert not [f.name for f in PARTICLES if f != form and re.fullmatch(f"한국(?:{f.pattern})", form.example)]
    assert KOREA.find(form.example) and KOREA.find(f"{form.example} 정부")


def test_every_particle_may_follow_a_name_and_other_endings_may_not() -> None:
    particles = [particle for form in PARTICLES for particle in form.pattern.split("|")]
    assert len(particles) == len(set(particles)) == 57
    assert [p for p in particles if not KOREA.find(f"한국{p}")] == []
    assert not any(KOREA.find(f"한국{ending}") for ending in ("형", "어", "전쟁", "인삼"))
