"""The codebook: a page for each table in both languages, and an index with a diagram of how the tables refer
to each other.

Everything in it is read from the declarations and counted in the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from scripts.model.caveats import CAVEATS
from scripts.model.tables import Field, Table
from scripts.package.loaded import Contents
from scripts.techpacts.markup import code, markdown, mermaid

KIND = {
    "fact": ("Facts", "사실"),
    "vocabulary": ("Vocabularies", "목록"),
    "provenance": ("Provenance", "근거"),
    "derived": ("Derived", "파생"),
}
TYPE = {
    "string": ("text", "글"),
    "integer": ("whole number", "정수"),
    "number": ("number", "수"),
    "boolean": ("yes or no", "예/아니요"),
    "date": ("date", "날짜"),
}
FOLDER = "docs/reference/codebook"
HEAD = "<!-- Written by python -m scripts codebook; do not edit. -->\n\n"


@dataclass(frozen=True)
class Counts:
    """How far a column is filled and confirmed, in cells."""

    filled: int
    confirmed: int


def counts(contents: Contents) -> dict[tuple[str, str], Counts]:
    """Of each column how many cells are filled, and for how many of them a passage holds the very value."""
    stand = contents.frames["evidence"].filter(pl.col("stands") & (pl.col("check") == "confirmed"))
    confirmed = {
        (t, f): n
        for t, f, n in (
            stand.select("table", "row_id", "field").unique().group_by("table", "field").len().iter_rows()
        )
    }
    found = {}
    for table in contents.tables.values():
        frame = contents.frames[table.name]
        for f in table.fields:
            found[table.name, f.name] = Counts(
                frame.height - frame[f.name].null_count(), confirmed.get((table.name, f.name), 0)
            )
    return found


def _share(part: int, whole: int) -> str:
    """A share in per cent that says 0 and 100 only where it is."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    return "<1%" if part and not share else ">99%" if part < whole and share == 100 else f"{share}%"


def _proven(f: Field, c: Counts) -> str:
    """Of a column that sources fill, the share of confirmed cells, or why no passage can hold the very value."""
    if f.origin != "claim":
        return "–"
    return {"judgement": "judgement / 판단", "summary": "our words / 새로 쓴 문장"}.get(
        f.evidence or "", _share(c.confirmed, c.filled)
    )


def _refers(table: Table, f: Field) -> str:
    there = table.reference_of(f.name)
    return f" → [`{there}`]({there}.md)" if there else ""


def _limits(f: Field) -> str:
    """The constraints on a column that its type and its values do not say."""
    parts = [f"≥ {f.minimum}"] * (f.minimum is not None) + [f"≤ {f.maximum}"] * (f.maximum is not None)
    parts += ["required"] * f.required + ["unique"] * f.unique + [markdown(f.unit or "")] * bool(f.unit)
    return ", ".join(p for p in parts if p)


def _values(table: Table, f: Field, contents: Contents) -> Iterator[str]:
    used = dict(contents.frames[table.name][f.name].value_counts().iter_rows())
    yield f"### Values of `{f.name}` / `{f.name}`의 값\n"
    yield "| value | rows | label | meaning | 이름 | 뜻 |"
    yield "|---|---:|---|---|---|---|"
    for c in f.categories:
        yield (
            f"| {code(c['value'], in_table=True)} | {used.get(c['value'], 0):,} | {markdown(c['label'])} |"
            f" {markdown(c['description'])} | {markdown(c['techpacts:labelKo'])} |"
            f" {markdown(c['techpacts:descriptionKo'])} |"
        )
    yield ""


def _grades(table: Table, contents: Contents) -> str:
    if "evidence_grade" not in table.by_name:
        return ""
    found = dict(contents.frames[table.name]["evidence_grade"].value_counts().iter_rows())
    height = contents.frames[table.name].height
    return (
        "Evidence grades / 근거 등급: "
        + ", ".join(f"{g} {found.get(g, 0):,} ({_share(found.get(g, 0), height)})" for g in "ABCD")
        + ".\n"
    )


def table_page(table: Table, contents: Contents, counted: dict[tuple[str, str], Counts]) -> str:
    """The page of one table."""
    height = contents.frames[table.name].height
    lines = [
        f"# `{table.name}`: {markdown(table.title)} / {markdown(table.title_ko)}\n",
        f"{markdown(table.description)}\n",
        f"{markdown(table.description_ko)}\n",
    ]
    lines.append(
        f"{KIND[table.kind][0]} / {KIND[table.kind][1]}; {height:,} rows / 행. Key / 키:"
        f" {', '.join(f'`{k}`' for k in table.primary_key)}."
        + "".join(f" Unique / 유일: {', '.join(f'`{k}`' for k in u)}." for u in table.unique_keys)
        + "\n"
    )
    lines += [g] if (g := _grades(table, contents)) else []
    lines += [
        "| column | type | filled | confirmed | meaning | 뜻 | example |",
        "|---|---|---:|---:|---|---|---|",
    ]
    for f in table.fields:
        c = counted[table.name, f.name]
        limits = f" ({limits})" if (limits := _limits(f)) else ""
        lines.append(
            f"| `{f.name}`<br>{markdown(f.title)}<br>{markdown(f.title_ko)} | {TYPE[f.type][0]} /"
            f" {TYPE[f.type][1]}{limits}{_refers(table, f)} | {_share(c.filled, height)} | {_proven(f, c)} |"
            f" {markdown(f.description)} | {markdown(f.description_ko)} | {code(f.example, in_table=True)} |"
        )
    lines.append("")
    warned = [f for f in table.fields if f.caveats]
    if warned:
        lines.append("## Before use / 쓰기 전에\n")
        for key, caveat in CAVEATS.items():
            columns = [f"`{f.name}`" for f in warned if key in f.caveats]
            if columns:
                lines.append(f"- {', '.join(columns)}: {caveat.en} {caveat.ko}")
        lines.append("")
    listed = [f for f in table.fields if f.enum]
    if listed:
        lines.append("## Values / 값\n")
        for f in listed:
            lines += _values(table, f, contents)
    return HEAD + "\n".join(lines).rstrip("\n") + "\n"


def _diagram(tables: list[Table]) -> Iterator[str]:
    """References among some tables, as a diagram of Mermaid; an arrow for each pair of tables, whichever the
    columns.
    """
    names = {t.name for t in tables}
    yield "```mermaid"
    yield "flowchart LR"
    for t in tables:
        shape = {"fact": "{0}[{1}]", "vocabulary": "{0}([{1}])"}.get(t.kind, "{0}[/{1}/]")
        yield "  " + shape.format(t.name, mermaid(t.name))
    for t in tables:
        for there in dict.fromkeys(k.table for k in t.foreign_keys if k.table in names):
            yield f"  {t.name} --> {there}"
    yield "```\n"


def index_page(contents: Contents, counted: dict[tuple[str, str], Counts]) -> str:
    """The index: every table in a line, by kind, and two diagrams."""
    given = contents.package
    claimed = [c for (t, f), c in counted.items() if contents.tables[t].by_name[f].origin == "claim"]
    filled, confirmed = sum(c.filled for c in claimed), sum(c.confirmed for c in claimed)
    lines = [f"# Codebook / 코드북: {given['name']} {given['version']}\n"]
    lines.append(
        f"{len(contents.tables)} tables, {len(counted)} columns; {filled:,} cells that sources bear out, of"
        f" which a machine found the very value in the passage for {confirmed:,}"
        f" ({_share(confirmed, filled)}); the others are judgements, texts of our own, or follow from the"
        " passage. What `filled`, `confirmed` and the grades A to D mean: [README](../../README.md).\n"
    )
    lines.append(
        f"표 {len(contents.tables)}개, 열 {len(counted)}개. 자료로 뒷받침되는 칸 {filled:,}개 가운데"
        f" {confirmed:,}개({_share(confirmed, filled)})는 값 자체가 해당 대목에 있음을 기계로 확인했다."
        " 나머지는 판단이거나 새로 쓴 문장이거나 대목에서 이끌어 낸 값이다.\n"
    )
    for kind, (en, ko) in KIND.items():
        lines += [f"## {en} / {ko}\n", "| table | rows | what it holds | 내용 |", "|---|---:|---|---|"]
        lines += [
            f"| [`{t.name}`](codebook/{t.name}.md)<br>{markdown(t.title)}<br>{markdown(t.title_ko)} |"
            f" {contents.frames[t.name].height:,} | {markdown(t.description)} |"
            f" {markdown(t.description_ko)} |"
            for t in contents.tables.values()
            if t.kind == kind
        ]
        lines.append("")
    facts = [t for t in contents.tables.values() if t.kind == "fact"]
    lines += [
        "## How the tables refer to each other / 표의 관계\n",
        "Fact tables among themselves; most point to `agreements`. / 사실 표 사이의 관계.\n",
        *_diagram(facts),
    ]
    figures = [
        t
        for t in contents.tables.values()
        if t.name in {"statistics", "statistic_comparisons", "indicators", "upstreams", "regions"}
        or "upstream_line" in t.by_name
    ]
    lines += [
        (
            "Figures: what is quoted, what is derived from the tables of others, and what is defined. / 인용"
            " 수치, 다른 기관의 표에서 뽑은 수치, 정의.\n"
        ),
        *_diagram(figures),
    ]
    lines += [
        "Which columns point to each list. / 각 목록을 가리키는 열.\n",
        "| list | columns |",
        "|---|---|",
    ]
    for there in (t for t in contents.tables.values() if t.kind != "fact"):
        columns = [
            f"`{t.name}.{k.fields[0]}`"
            for t in contents.tables.values()
            for k in t.foreign_keys
            if k.table == there.name
        ]
        lines += [f"| [`{there.name}`](codebook/{there.name}.md) | {', '.join(columns)} |"] if columns else []
    lines.append("")
    lines.append(
        "Every row of a fact table has its evidence in `evidence` (`table`, `row_id`, `field`), which names a"
        " source of `sources`; `row_id` is the key of the row, its parts joined by `|`. / 사실 표의 모든 행은"
        " `evidence`의 (`table`, `row_id`, `field`)로 근거와 이어지고, 근거는 `sources`의 자료를 가리킨다."
        " `row_id`는 키 값을 `|`로 이은 것이다."
    )
    return HEAD + "\n".join(lines) + "\n"


def codebook(contents: Contents) -> dict[str, bytes]:
    """Every page by its path in the repository."""
    counted = counts(contents)
    pages = {"docs/reference/codebook.md": index_page(contents, counted)}
    pages |= {f"{FOLDER}/{t.name}.md": table_page(t, contents, counted) for t in contents.tables.values()}
    return {path: page.encode("utf-8") for path, page in pages.items()}
