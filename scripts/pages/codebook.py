"""The codebook: a page for each table in both languages, and an index with diagrams of the references.

Everything in it is read from the declarations and counted in the data; the text is in ``templates/``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from scripts.model.caveats import CAVEATS
from scripts.model.evidence_kinds import kind_of
from scripts.model.tables import Field, Table
from scripts.package.loaded import Contents
from scripts.pages.rendering import page
from scripts.techpacts.markup import markdown

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
# How Mermaid draws a table of each kind.
SHAPE = {"fact": ("[", "]"), "vocabulary": ("([", "])"), "provenance": ("[/", "/]"), "derived": ("[/", "/]")}
# What the diagram of figures shows, besides the series.
FIGURES = {"statistics", "statistic_comparisons", "indicators", "upstreams", "regions"}
INDEX = "docs/reference/codebook.md"
FOLDER = "docs/reference/codebook"


@dataclass(frozen=True)
class Counts:
    """How many cells of a column are filled and confirmed."""

    filled: int
    confirmed: int


def counts(contents: Contents) -> dict[tuple[str, str], Counts]:
    """Count for each column the filled cells, and those whose very value is in a passage."""
    stand = contents.frames["evidence"].filter(pl.col("stands") & (pl.col("check") == "confirmed"))
    cells = stand.select("table", "row_id", "field").unique().group_by("table", "field").len()
    confirmed = {(t, f): n for t, f, n in cells.iter_rows()}
    return {
        (table.name, f.name): Counts(
            frame.height - frame[f.name].null_count(), confirmed.get((table.name, f.name), 0)
        )
        for table in contents.tables.values()
        for frame in (contents.frames[table.name],)
        for f in table.fields
    }


def recheckable_cells(contents: Contents, check: str | None = None) -> int:
    """Count the cells that anybody can check again; with ``check``, those that are checked so."""
    rows = contents.frames["evidence"].filter("recheckable")
    rows = rows if check is None else rows.filter(pl.col("check") == check)
    return rows.select("table", "row_id", "field").n_unique()


def share(part: int, whole: int) -> str:
    """Return a share in percent; 0% and 100% only where it is exactly that."""
    if not whole:
        return "–"
    percent = round(100 * part / whole)
    return "<1%" if part and not percent else ">99%" if part < whole and percent == 100 else f"{percent}%"


def _proven(f: Field, c: Counts) -> str:
    """Return the share of confirmed cells of a column that sources fill, or why no passage can hold them."""
    if f.origin != "claim":
        return "–"
    return kind_of(f.evidence).caption or share(c.confirmed, c.filled)


def _limits(f: Field) -> list[str]:
    """Return the constraints on a column that its type and its values do not say."""
    parts = [f"≥ {f.minimum}"] * (f.minimum is not None) + [f"≤ {f.maximum}"] * (f.maximum is not None)
    parts += ["required"] * f.required + ["unique"] * f.unique + [markdown(f.unit or "")] * bool(f.unit)
    return [p for p in parts if p]


def _rows_by_value(contents: Contents, table: Table, column: str) -> Counter[str]:
    """Count the rows of each value of a column."""
    return Counter(dict(contents.frames[table.name][column].value_counts().iter_rows()))


def table_page(table: Table, contents: Contents, counted: dict[tuple[str, str], Counts]) -> bytes:
    """Write the page of one table."""
    grades = _rows_by_value(contents, table, "evidence_grade") if "evidence_grade" in table.by_name else {}
    caveats = [
        (caveat, columns)
        for key, caveat in CAVEATS.items()
        if (columns := [f.name for f in table.fields if key in f.caveats])
    ]
    return page(
        "codebook_table.md.j2",
        table=table,
        height=contents.frames[table.name].height,
        kinds=KIND,
        types=TYPE,
        grades={g: grades[g] for g in "ABCD"} if grades else {},
        counts={f.name: counted[table.name, f.name] for f in table.fields},
        caveats=caveats,
        share=share,
        limits=_limits,
        proven=lambda f: _proven(f, counted[table.name, f.name]),
        rows_of=lambda f: _rows_by_value(contents, table, f.name),
    )


def index_page(contents: Contents, counted: dict[tuple[str, str], Counts]) -> bytes:
    """Write the index: every table in a line, by kind, and two diagrams."""
    tables = list(contents.tables.values())
    claimed = [c for (t, f), c in counted.items() if contents.tables[t].by_name[f].origin == "claim"]
    lists = {
        there.name: [
            f"{t.name}.{k.fields[0]}" for t in tables for k in t.foreign_keys if k.table == there.name
        ]
        for there in tables
        if there.kind != "fact"
    }
    return page(
        "codebook.md.j2",
        package=contents.package,
        tables=tables,
        columns=len(counted),
        filled=sum(c.filled for c in claimed),
        confirmed=sum(c.confirmed for c in claimed),
        recheckable=recheckable_cells(contents),
        kinds=KIND,
        shapes=SHAPE,
        heights={t.name: contents.frames[t.name].height for t in tables},
        facts=[t for t in tables if t.kind == "fact"],
        figures=[t for t in tables if t.name in FIGURES or "upstream_line" in t.by_name],
        lists={name: references for name, references in lists.items() if references},
        share=share,
    )


def codebook(contents: Contents) -> dict[str, bytes]:
    """Write every page of the codebook, by its path in the repository."""
    counted = counts(contents)
    return {INDEX: index_page(contents, counted)} | {
        f"{FOLDER}/{t.name}.md": table_page(t, contents, counted) for t in contents.tables.values()
    }
