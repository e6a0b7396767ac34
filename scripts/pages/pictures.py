"""Five pictures of what is in the data, in English and in Korean, as Vega-Lite charts written as SVG and PNG.

Read on light and on dark pages alike: the ground is their own and light. Sums of different bounds are never
put on one pile, and a sum that is part of another is not counted twice (``funding_totals``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl

from scripts.package.loaded import LANGUAGES, Contents, Language, value_labels

# Distinct to the colour-blind, too (Okabe and Ito).
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
FONT = "Noto Sans CJK KR, Noto Sans KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif"
WORDS = {
    "timeline": ("Agreements and events by day, {from_} to {to}", "협정과 사건의 날짜별 분포, {from_}~{to}"),
    "matrix": ("How many agreements of each family name a field", "협정 유형별로 분야를 언급한 협정 수"),
    "money": (
        "Sums beside and under agreements, largest twelve, by what kind of figure it is",
        "협정 관련 금액 상위 12건, 금액의 성격별",
    ),
    "evidence": ("How the cells of each table are known", "표별 근거 확인 방식"),
    "copublication": (
        "Articles on artificial intelligence written with other countries, share of all (NCSES)",
        "AI 논문 중 국제공동 논문의 비율(NCSES)",
    ),
    "year": ("year", "연도"),
    "abroad": ("with other countries", "국제공동 비율"),
    "country": ("country", "국가"),
    "date": ("date", "날짜"),
    "stage": ("stage", "단계"),
    "agreements": ("agreements", "협정 수"),
    "dollars": ("US dollars, logarithmic", "미국 달러(로그 눈금)"),
    "bound": ("figure", "금액의 성격"),
    "share": ("share of cells", "칸의 비율"),
    "check": ("evidence", "근거"),
}
# Powers of ten as they are said: billions, and in Korean by 10,000s.
DOLLARS = {
    "en": "replace(replace(format(datum.value, '~s'), 'G', ' billion'), 'T', ' trillion')",
    "ko": (
        "datum.value >= 1e12 ? format(datum.value / 1e12, ',') + '조' : datum.value >= 1e8 ?"
        " format(datum.value / 1e8, ',') + '억' : format(datum.value / 1e4, ',') + '만'"
    ),
}
# Whose Technology Prosperity Deals the picture of co-publication shows the time before.
DEALS = ("GBR", "SWE", "KOR", "JPN")
# Of a field or an agreement so many are shown.
FIELDS, SUMS = 14, 12


def _word(key: str, language: Language, **cells: object) -> str:
    return WORDS[key][LANGUAGES.index(language)].format(**cells)


def _labelled(contents: Contents, table: str, column: str, language: Language) -> pl.Expr:
    """The label of each value of a column."""
    return pl.col(column).replace_strict(
        value_labels(contents.tables[table].by_name[column], language),
        default=pl.col(column),
        return_dtype=pl.String,
    )


def _names(contents: Contents, language: Language) -> dict[str, str]:
    return dict(contents.frames["domains"].select("domain_id", f"name_{language}").iter_rows())


def timeline_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """A row for each event of an agreement whose day is known: day, family of the agreement, stage."""
    families = contents.frames["agreements"].select(
        "agreement_id", _labelled(contents, "agreements", "family", language).alias("family")
    )
    events = contents.frames["events"].filter(
        (pl.col("start_on_from") == pl.col("start_on_to")) & (pl.col("start_on_from").dt.year() >= 2019)
    )
    return events.join(families, on="agreement_id").select(
        pl.col("start_on_from").alias("day"),
        "family",
        _labelled(contents, "events", "stage", language).alias("stage"),
    )


def matrix_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """How many agreements of each family name each of the commonest fields."""
    families = contents.frames["agreements"].select(
        "agreement_id", _labelled(contents, "agreements", "family", language).alias("family")
    )
    named = contents.frames["agreement_matrix"].filter(pl.col("named"))
    common = (
        named.group_by("domain_id").len().sort(["len", "domain_id"], descending=[True, False]).head(FIELDS)
    )
    found = (
        named.join(common.select("domain_id"), on="domain_id")
        .join(families, on="agreement_id")
        .group_by("family", "domain_id")
        .len("agreements")
    )
    return (
        found.with_columns(pl.col("domain_id").replace_strict(_names(contents, language)).alias("field"))
        .drop("domain_id")
        .sort("family", "field")
    )


def money_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """The largest totals of agreements in US dollars: a row for each bound that has a sum."""
    titles = contents.frames["agreements"].select(
        pl.col("agreement_id").alias("group_id"), pl.col(f"title_{language}").alias("title")
    )
    totals = contents.frames["funding_totals"].filter(
        (pl.col("basis") == "in_usd")
        & pl.col("grouping").is_in(["own_money_of_agreement", "announced_beside_agreement"])
    )
    bounds = value_labels(contents.tables["funding"].by_name["bound"], language)
    long = totals.unpivot(
        index=["grouping", "group_id"], on=list(bounds), variable_name="bound", value_name="dollars"
    ).filter(pl.col("dollars") > 0)
    largest = (
        long.group_by("grouping", "group_id")
        .agg(pl.col("dollars").max().alias("most"))
        .sort(["most", "group_id"], descending=[True, False])
        .head(SUMS)
    )
    beside = {"en": " (beside it)", "ko": " (함께 발표)"}[language]
    short = (
        pl.when(pl.col("title").str.len_chars() > 60)
        .then(pl.col("title").str.slice(0, 59) + "…")
        .otherwise("title")
    )
    label = short + pl.when(pl.col("grouping") == "announced_beside_agreement").then(
        pl.lit(beside)
    ).otherwise(pl.lit(""))
    return (
        long.join(largest, on=["grouping", "group_id"])
        .join(titles, on="group_id")
        .select(label.alias("agreement"), pl.col("bound").replace_strict(bounds), "dollars", "most")
        .sort(["most", "bound"], descending=[True, False])
    )


def evidence_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """For each fact table how many of its cells are known in each way: each cell by the strongest of its
    evidence.
    """
    field = contents.tables["evidence"].by_name["check"]
    order = list(field.enum or ())
    titles = {t.name: t.title if language == "en" else t.title_ko for t in contents.tables.values()}
    standing = (
        contents.frames["evidence"]
        .filter("stands")
        .with_columns(pl.col("check").cast(pl.Enum(order)).to_physical().alias("rank"))
    )
    cells = standing.group_by("table", "row_id", "field").agg(pl.col("rank").min())
    labels = value_labels(field, language)
    counted = cells.group_by("table", "rank").len("cells").sort("table", "rank")
    return counted.select(
        pl.col("table").replace_strict(titles),
        pl.col("rank")
        .replace_strict({i: labels[v] for i, v in enumerate(order)}, return_dtype=pl.String)
        .alias("check"),
        "rank",
        "cells",
    )


def copublication_rows(contents: Contents, language: Language) -> pl.DataFrame:
    """Of each signatory of a Technology Prosperity Deal, year by year, the share of its AI articles that have
    institutions of other countries.
    """
    series = (
        contents.frames["country_statistics"]
        .filter(pl.col("country_code").is_in(DEALS))
        .select("country_code", pl.col("period_to").alias("year"), "indicator_id", "value")
    )
    abroad, whole = (
        series.filter(pl.col("indicator_id") == f"ncses-ai-articles-{kind}").drop("indicator_id")
        for kind in ("international", "whole")
    )
    names = dict(contents.frames["countries"].select("country_code", f"name_{language}").iter_rows())
    found = abroad.join(whole, on=["country_code", "year"], suffix="_whole").select(
        pl.col("country_code").replace_strict(names).alias("country"),
        "year",
        (pl.col("value") / pl.col("value_whole")).alias("share"),
    )
    return found.sort("country", "year")


def _finished(chart: Any, title: str) -> Any:
    chart = chart.properties(title=title, background="#FFFFFF", padding=12)
    return (
        chart.configure(font=FONT)
        .configure_axis(labelLimit=420, grid=True, gridColor="#E6E6E6")
        .configure_title(anchor="start", fontSize=15)
        .configure_view(stroke=None)
    )


def charts(contents: Contents, language: Language) -> dict[str, Any]:
    """The five charts by name."""
    import altair as alt

    def colours(table: str, column: str) -> Any:
        """The same value has the same colour in both languages."""
        domain = list(value_labels(contents.tables[table].by_name[column], language).values())
        return alt.Scale(domain=domain, range=COLOURS[: len(domain)])

    t, m, s, e = (
        rows(contents, language) for rows in (timeline_rows, matrix_rows, money_rows, evidence_rows)
    )
    timeline = (
        alt.Chart(t)
        .mark_tick(thickness=1.5, height=14)
        .encode(
            x=alt.X("day:T", axis=alt.Axis(format="%Y", tickCount="year"), title=_word("date", language)),
            y=alt.Y("family:N", title=None, sort="-x"),
            color=alt.Color("stage:N", scale=colours("events", "stage"), title=_word("stage", language)),
        )
        .properties(width=640, height=alt.Step(20))
    )
    cells = alt.Chart(m).encode(
        x=alt.X("field:N", title=None, axis=alt.Axis(labelAngle=-40, grid=False)),
        y=alt.Y("family:N", title=None, axis=alt.Axis(grid=False)),
    )
    heat = cells.mark_rect().encode(
        color=alt.Color("agreements:Q", scale=alt.Scale(scheme="blues"), title=_word("agreements", language))
    )
    numbers = cells.mark_text(fontSize=10).encode(
        text="agreements:Q",
        color=alt.condition(alt.datum.agreements > 9, alt.value("white"), alt.value("black")),
    )
    money = (
        alt.Chart(s)
        .mark_point(size=110, filled=True, opacity=0.9)
        .encode(
            x=alt.X(
                "dollars:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(labelExpr=DOLLARS[language], values=[10**n for n in range(6, 14)]),
                title=_word("dollars", language),
            ),
            y=alt.Y("agreement:N", title=None, sort=alt.EncodingSortField("most", order="descending")),
            color=alt.Color("bound:N", scale=colours("funding", "bound"), title=_word("bound", language)),
            shape=alt.Shape(
                "bound:N",
                scale=alt.Scale(domain=colours("funding", "bound").domain),
                title=_word("bound", language),
            ),
        )
        .properties(width=480, height=alt.Step(24))
    )
    evidence = (
        alt.Chart(e)
        .mark_bar()
        .encode(
            x=alt.X("cells:Q", stack="normalize", axis=alt.Axis(format="%"), title=_word("share", language)),
            y=alt.Y("table:N", title=None),
            color=alt.Color("check:N", scale=colours("evidence", "check"), title=_word("check", language)),
            order="rank:Q",
        )
        .properties(width=480, height=alt.Step(20))
    )
    c = copublication_rows(contents, language)
    names = dict(contents.frames["countries"].select("country_code", f"name_{language}").iter_rows())
    lines = (
        alt.Chart(c)
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "year:Q",
                axis=alt.Axis(format="d"),
                scale=alt.Scale(zero=False, nice=False),
                title=_word("year", language),
            ),
            y=alt.Y("share:Q", axis=alt.Axis(format="%"), title=_word("abroad", language)),
            color=alt.Color(
                "country:N",
                scale=alt.Scale(domain=[names[d] for d in DEALS if d in names], range=COLOURS[: len(DEALS)]),
                title=_word("country", language),
            ),
        )
        .properties(width=560, height=280)
    )
    named = {
        "timeline": timeline,
        "matrix": (heat + numbers).properties(width=560, height=alt.Step(22)),
        "money": money,
        "evidence": evidence,
        "copublication": lines,
    }
    days = {"from_": t["day"].min(), "to": t["day"].max()}
    return {name: _finished(chart, _word(name, language, **days)) for name, chart in named.items()}


def _numbered_anew(svg: str) -> str:
    """``svg`` with its gradients numbered from 0: the renderer counts on from picture to picture."""
    ids = list(dict.fromkeys(re.findall(r"gradient_\d+", svg)))
    return re.sub(r"gradient_\d+", lambda m: f"gradient_{ids.index(m[0])}", svg)


def write_pictures(contents: Contents, folder: Path, *, png: bool = False) -> list[str]:
    """Writes ``NAME-LANGUAGE.svg`` for every chart into ``folder``, and as PNG too; the names of the files."""
    names = []
    for language in LANGUAGES:
        for name, chart in charts(contents, language).items():
            for ending in ("svg", "png") if png else ("svg",):
                names.append(f"{name}-{language}.{ending}")
                chart.save(folder / names[-1], scale_factor=2)
                if ending == "svg":
                    (folder / names[-1]).write_text(
                        _numbered_anew((folder / names[-1]).read_text("utf-8")), "utf-8"
                    )
    return names
