"""The five charts, in Vega-Lite.

They read on light and on dark pages alike: the background is their own and light. Sums of different bounds
are never stacked, and a sum that is part of another is not counted twice (``funding_totals``).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from scripts.package.loaded import Contents, Language, value_labels
from scripts.pages.picture_rows import DEALS, ROWS
from scripts.pages.picture_words import DOLLARS, word

# Distinct to the color-blind, too (Okabe and Ito).
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
FONT = "Noto Sans CJK KR, Noto Sans KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif"


def _finished(chart: Any, title: str) -> Any:
    """Return a chart with its title and the look that all share."""
    chart = chart.properties(title=title, background="#FFFFFF", padding=12)
    return (
        chart.configure(font=FONT)
        .configure_axis(labelLimit=420, grid=True, gridColor="#E6E6E6")
        .configure_title(anchor="start", fontSize=15)
        .configure_view(stroke=None)
    )


def _colors(contents: Contents, table: str, column: str, language: Language) -> Any:
    """Return a scale in which a value has the same color in both languages."""
    import altair as alt

    domain = list(value_labels(contents.tables[table].by_name[column], language).values())
    return alt.Scale(domain=domain, range=COLORS[: len(domain)])


def _timeline(rows: pl.DataFrame, contents: Contents, language: Language) -> Any:
    import altair as alt

    stages = _colors(contents, "events", "stage", language)
    return (
        alt.Chart(rows)
        .mark_tick(thickness=1.5, height=14)
        .encode(
            x=alt.X("day:T", axis=alt.Axis(format="%Y", tickCount="year"), title=word("date", language)),
            y=alt.Y("family:N", title=None, sort="-x"),
            color=alt.Color("stage:N", scale=stages, title=word("stage", language)),
        )
        .properties(width=640, height=alt.Step(20))
    )


def _matrix(rows: pl.DataFrame, _: Contents, language: Language) -> Any:
    import altair as alt

    cells = alt.Chart(rows).encode(
        x=alt.X("field:N", title=None, axis=alt.Axis(labelAngle=-40, grid=False)),
        y=alt.Y("family:N", title=None, axis=alt.Axis(grid=False)),
    )
    heat = cells.mark_rect().encode(
        color=alt.Color("agreements:Q", scale=alt.Scale(scheme="blues"), title=word("agreements", language))
    )
    numbers = cells.mark_text(fontSize=10).encode(
        text="agreements:Q",
        color=alt.condition(alt.datum.agreements > 9, alt.value("white"), alt.value("black")),
    )
    return (heat + numbers).properties(width=560, height=alt.Step(22))


def _money(rows: pl.DataFrame, contents: Contents, language: Language) -> Any:
    import altair as alt

    bounds, title = _colors(contents, "funding", "bound", language), word("bound", language)
    return (
        alt.Chart(rows)
        .mark_point(size=110, filled=True, opacity=0.9)
        .encode(
            x=alt.X(
                "dollars:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(labelExpr=DOLLARS[language], values=[10**n for n in range(6, 14)]),
                title=word("dollars", language),
            ),
            y=alt.Y("agreement:N", title=None, sort=alt.EncodingSortField("most", order="descending")),
            color=alt.Color("bound:N", scale=bounds, title=title),
            shape=alt.Shape("bound:N", scale=alt.Scale(domain=bounds.domain), title=title),
        )
        .properties(width=480, height=alt.Step(24))
    )


def _evidence(rows: pl.DataFrame, contents: Contents, language: Language) -> Any:
    import altair as alt

    checks = _colors(contents, "evidence", "check", language)
    return (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("cells:Q", stack="normalize", axis=alt.Axis(format="%"), title=word("share", language)),
            y=alt.Y("table:N", title=None),
            color=alt.Color("check:N", scale=checks, title=word("check", language)),
            order="rank:Q",
        )
        .properties(width=480, height=alt.Step(20))
    )


def _copublication(rows: pl.DataFrame, contents: Contents, language: Language) -> Any:
    import altair as alt

    names = dict(contents.frames["countries"].select("country_code", f"name_{language}").iter_rows())
    countries = alt.Scale(domain=[names[d] for d in DEALS if d in names], range=COLORS[: len(DEALS)])
    return (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "year:Q",
                axis=alt.Axis(format="d"),
                scale=alt.Scale(zero=False, nice=False),
                title=word("year", language),
            ),
            y=alt.Y("share:Q", axis=alt.Axis(format="%"), title=word("abroad", language)),
            color=alt.Color("country:N", scale=countries, title=word("country", language)),
        )
        .properties(width=560, height=280)
    )


CHARTS = {
    "timeline": _timeline,
    "matrix": _matrix,
    "money": _money,
    "evidence": _evidence,
    "copublication": _copublication,
}


def charts(contents: Contents, language: Language) -> dict[str, Any]:
    """Return the five charts by name."""
    rows = {name: of(contents, language) for name, of in ROWS.items()}
    days = {"from_": rows["timeline"]["day"].min(), "to": rows["timeline"]["day"].max()}
    return {
        name: _finished(chart(rows[name], contents, language), word(name, language, **days))
        for name, chart in CHARTS.items()
    }
