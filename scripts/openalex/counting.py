"""The one logic, as SQL that is the same for both engines but for the names of functions on lists.

``narrow`` makes of each work one short row: its number, the day of its last change, its year as it stands
there, what is known of it as bits (``definitions``), what contradicts itself among them, and its distinct
countries in one text. ``merged`` counts such rows, each work once.
"""

from __future__ import annotations

from typing import Protocol

from scripts.openalex import definitions as d

WORK_ID = r"https://openalex\.org/W[0-9]{1,18}"
SUBFIELD_ID = r"(?:https://openalex\.org/subfields/)?[0-9]{1,9}"
SCORE = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
YEAR = r"[1-9][0-9]{0,3}"
COUNTRIES = r"(?:[A-Z]{2}(?: [A-Z]{2})*)?"
COUNT = r"[0-9]{1,9}(?:\.0)?"


class Dialect(Protocol):
    """How an engine writes what SQL has no common word for. ``name`` stands for an element in an expression."""

    empty: str

    def each(self, items: str, name: str, expression: str) -> str:
        """The list of the values of an expression."""

    def only(self, items: str, name: str, condition: str) -> str:
        """The elements for which a condition holds."""

    def size(self, items: str) -> str:
        """How many elements; 0 of null."""

    def distinct(self, lists: str) -> str:
        """The distinct elements of all lists, without nulls."""

    def joined(self, items: str) -> str:
        """The elements sorted and joined by spaces; of none, an empty text."""

    def matches(self, text: str, pattern: str) -> str:
        """Whether the whole text fits the pattern; null of null."""


def narrow(say: Dialect, relation: str, part: str) -> str:
    """The query of the short rows of a relation with the columns of ``fields.WORK`` and a column ``unsound``."""
    codes = f"coalesce(a.countries, {say.each('a.institutions', 'i', 'i.country_code')}, {say.empty})"
    addresses = f"coalesce({say.each('a.institutions', 'i', 'i.id')}, {say.empty})"
    high = f"TRY_CAST(c.score AS DOUBLE) >= {d.THRESHOLD}"
    bad_score = f"c.score IS NOT NULL AND NOT {say.matches('CAST(c.score AS STRING)', SCORE)}"
    # How many there are, by the field that says it too.
    found = {
        "authors_count": "authors",
        "countries_distinct_count": say.size(say.only("countries", "c", "c <> ''")),
        "institutions_distinct_count": "institutions",
    }
    contradictions = {
        name: (
            f"{name} IS NOT NULL AND NOT ({say.matches(name, COUNT)} AND coalesce(TRY_CAST({name} AS DOUBLE)"
            f" = {number}, FALSE))"
        )
        for name, number in found.items()
    }
    contradictions["authors_truncated"] = f"is_authors_truncated = 'true' OR authors = {d.AUTHORS_AT_MOST}"
    contradictions["publication_date"] = "substr(publication_date, 1, 4) <> lpad(year, 4, '0')"
    bits = {
        d.XPAC: "is_xpac = 'true'",
        d.PARATEXT: "is_paratext = 'true'",
        d.RETRACTED: "is_retracted = 'true'",
        d.HAS_TOPIC: "subfield IS NOT NULL",
        d.HAS_CONCEPTS: "concepts > 0",
        d.SUBFIELD_1702: f"subfield IN ('1702', '{d.SUBFIELD}1702')",
        d.SUBFIELD_1707: f"subfield IN ('1707', '{d.SUBFIELD}1707')",
        d.CONCEPT_ANY: f"{say.size('ai')} > 0",
        d.CONCEPT_HIGH: f"{say.size(say.only('ai', 'c', high))} > 0",
        d.ODD: (
            f"unsound OR id IS NULL OR NOT {say.matches('id', WORK_ID)} OR NOT"
            f" {say.matches('subfield', SUBFIELD_ID)}"
            + "".join(
                f" OR {flag} NOT IN ('true', 'false')" for flag in ("is_xpac", "is_paratext", "is_retracted")
            )
            + f" OR {say.size(say.only('ai', 'c', bad_score))} > 0"
        ),
        **{c.bit: contradictions[c.name] for c in d.CONTRADICTIONS},
    }
    text = ", ".join(
        f"CAST({name} AS STRING) AS {name}"
        for name in (
            "id",
            "is_xpac",
            "is_paratext",
            "is_retracted",
            "publication_date",
            "is_authors_truncated",
            *found,
        )
    )
    return f"""
WITH works AS (
  SELECT {text}, unsound,
    substr(CAST(updated_date AS STRING), 1, 10) AS day,
    CAST(publication_year AS STRING) AS year,
    CAST(primary_topic.subfield.id AS STRING) AS subfield,
    {say.size("concepts")} AS concepts,
    {say.only("concepts", "c", f"c.id = '{d.CONCEPT}'")} AS ai,
    {say.size("authorships")} AS authors,
    {say.size(say.distinct(say.each("authorships", "a", addresses)))} AS institutions,
    {say.distinct(say.each("authorships", "a", codes))} AS countries
  FROM {relation}
)
SELECT TRY_CAST(substr(id, 23) AS BIGINT) AS id, day, year, {say.joined("countries")} AS countries, {_text(part)} AS part,
  {" + ".join(f"CASE WHEN {condition} THEN {bit} ELSE 0 END" for bit, condition in bits.items())} AS bits
FROM works"""


def kinds(relation: str) -> str:
    """The query of the kinds of short rows and how many there are of each."""
    return f"SELECT year, bits, countries, count(*) AS works FROM {relation} GROUP BY year, bits, countries"


def merged(relation: str) -> str:
    """The query of the kinds of works, each work once.

    Of copies the one changed last stands: a copy of the snapshot that is brought up to date without deleting
    keeps the old record in its old part. Only the numbers that occur twice are sorted, and their other copies
    taken off again.
    """
    newest = "day DESC, part DESC, year DESC, bits DESC, countries DESC"
    return f"""
WITH copied AS (SELECT id FROM {relation} GROUP BY id HAVING count(*) > 1),
  copies AS (
    SELECT year, bits, countries, row_number() OVER (PARTITION BY id ORDER BY {newest}) AS place
    FROM {relation} WHERE id IN (SELECT id FROM copied)
  ),
  counted AS (
    {kinds(relation)}
    UNION ALL
    SELECT year, bits, countries, -count(*) AS works FROM copies WHERE place > 1 GROUP BY year, bits, countries
  )
SELECT year, bits, countries, CAST(sum(works) AS BIGINT) AS works FROM counted GROUP BY year, bits, countries HAVING sum(works) > 0"""


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
