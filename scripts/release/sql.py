"""What the files of SQLite and DuckDB have in common: quoting, the views, the tables that describe."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.model.tables import Field, Table
from scripts.package.loaded import Contents, value_labels

# Views, by name: each answers a question that would otherwise take a join. The SQL is read by SQLite and by
# DuckDB.
VIEWS = {
    "agreement_fields": """
        SELECT a.agreement_id, a.title_en, a.title_ko, d.domain_id, d.name_en AS domain_en,
            d.name_ko AS domain_ko, x.standing, x.evidence_grade
        FROM agreement_domains x JOIN agreements a USING (agreement_id)
        JOIN domains d ON d.domain_id = x.domain_id""",
    "agreement_parties": """
        SELECT a.agreement_id, a.title_en, a.title_ko, p.organization_id, o.name_en AS party_en,
            o.name_ko AS party_ko, o.country_code, p.role, p.acceded_on
        FROM parties p JOIN agreements a ON a.agreement_id = p.agreement_id
        JOIN organizations o ON o.organization_id = p.organization_id""",
    "agreement_signatories": """
        SELECT a.agreement_id, a.title_en, a.title_ko, s.person_id, q.name_en AS person_en,
            q.name_ko AS person_ko, s.role, s.organization_id, o.name_en AS organization_en,
            o.name_ko AS organization_ko, s.evidence_grade
        FROM signatories s JOIN agreements a ON a.agreement_id = s.agreement_id
        JOIN people q ON q.person_id = s.person_id
        LEFT JOIN organizations o ON o.organization_id = s.organization_id""",
    "funding_with_payers": """
        SELECT f.funding_id, f.agreement_id, f.bound, f.amount, f.currency, f.amount_usd, f.standing,
            f.part_of, f.evidence_grade, o.name_en AS payer_en, o.name_ko AS payer_ko, f.summary_en,
            f.summary_ko
        FROM funding f
        LEFT JOIN funding_parties p ON p.funding_id = f.funding_id AND p.role = 'funder'
        LEFT JOIN organizations o ON o.organization_id = p.organization_id""",
    "evidence_with_sources": """
        SELECT e."table", e.row_id, e.field, e.value, e.stands, e."check", e.attribution, e.at,
            s.source_id, s.title AS source_title, s.url, s.published_on, s.document_type
        FROM evidence e JOIN sources s ON s.source_id = e.source_id""",
}
# Names in the files that are not those of tables.
TAKEN = ("package", "columns", *VIEWS)
SQL_COLUMNS = (
    "table",
    "column",
    "type",
    "title_en",
    "title_ko",
    "description_en",
    "description_ko",
    "unit",
    "values_en",
    "values_ko",
)
# Tables whose texts can be searched, besides those of facts and the vocabularies.
SEARCHED = ("sources", "upstreams", "timeline")
# What stands for a row in words, the first that its table has.
SHOWN_AS = ("title_en", "name_en", "title", "label_en", "summary_en")
_WORD = re.compile(r"[^\W_]+")
_SCRIPTS = re.compile(r"([\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+)")
# Parts of a word longer than this are not listed: nobody looks for one, and their number grows with the
# square.
_LONGEST = 12


def searched(table: Table) -> list[str]:
    """Return the columns of a table that hold words; none where it is not searched."""
    if table.kind not in {"fact", "vocabulary"} and table.name not in SEARCHED:
        return []
    ids = {*(n for k in table.foreign_keys for n in k.fields), "row_id"}
    return [
        f.name
        for f in table.fields
        if f.type == "string" and not f.enum and not f.pattern and f.name not in ids
    ]


def search_text(text: str) -> str:
    """Add to a text what else it shall be found by: its parts in Korean, Chinese and Japanese, and words of
    other letters joined to them.

    Korean puts particles behind a word without a space (``양자를``), and a search of SQLite finds whole words
    alone; its trigrams find nothing shorter than three letters, and most Korean words have two.
    """
    more: set[str] = set()
    for word in _WORD.findall(text):
        runs = [run for run in _SCRIPTS.split(word) if run]
        more.update(runs[: len(runs) * (len(runs) > 1)])
        for run in filter(_SCRIPTS.fullmatch, runs):
            more.update(
                run[i:j] for i in range(len(run)) for j in range(i + 2, min(len(run), i + _LONGEST) + 1)
            )
        more.discard(word)
    return " ".join([text, *sorted(more)])


def name(identifier: str) -> str:
    """Quote an identifier: some columns are called as words of SQL are."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


def value_checks(field: Field) -> Iterator[str]:
    """Yield the conditions on a column that both databases read alike: a fixed set of values, bounds."""
    column = name(field.name)
    if field.enum:
        yield f"{column} IN ({', '.join(map(literal, field.enum))})"
    if field.minimum is not None:
        yield f"{column} >= {field.minimum}"
    if field.maximum is not None:
        yield f"{column} <= {field.maximum}"


def summary(of: Table | Field) -> str:
    """Describe a table or a column in one line, with its unit."""
    unit = f" ({of.unit})" if isinstance(of, Field) and of.unit else ""
    return f"{of.title} / {of.title_ko}: {of.description}{unit}"


def described(contents: Contents) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[str | None, ...]]]]:
    """Yield the tables that describe the package: name, columns, rows."""
    yield "package", ("property", "value"), _package_rows(contents)
    yield "columns", SQL_COLUMNS, _columns_rows(contents)


def _package_rows(contents: Contents) -> Iterator[tuple[str | None, ...]]:
    given = contents.package
    for key in (
        "name",
        "title",
        "techpacts:titleKo",
        "description",
        "techpacts:descriptionKo",
        "version",
        "released",
        "citation",
    ):
        yield key.removeprefix("techpacts:"), given[key]
    yield "license", given["licenses"][0]["name"]


def _columns_rows(contents: Contents) -> Iterator[tuple[str | None, ...]]:
    for table in contents.tables.values():
        for f in table.fields:
            values = (
                "; ".join(f"{v}: {label}" for v, label in value_labels(f, language).items()) or None
                for language in ("en", "ko")
            )
            yield (
                table.name,
                f.name,
                f.type,
                f.title,
                f.title_ko,
                f.description,
                f.description_ko,
                f.unit,
                *values,
            )
