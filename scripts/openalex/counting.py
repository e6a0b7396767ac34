"""The one logic, as SQL that is the same for both engines except for the functions on lists.

``narrow`` makes of each work one short row: its number, the day of its last change, its year as printed, what
is known of it as bits (``definitions``), how it contradicts itself among them, and its distinct countries in
one text. ``merged`` counts such rows, each work once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts.openalex import definitions as d

WORK_ID = r"https://openalex\.org/W[0-9]{1,18}"
SUBFIELD_ID = r"(?:https://openalex\.org/subfields/)?[0-9]{1,9}"
SCORE = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
YEAR = r"[1-9][0-9]{0,3}"
COUNTRIES = r"(?:[A-Z]{2}(?: [A-Z]{2})*)?"
COUNT = r"[0-9]{1,9}(?:\.0)?"


@dataclass(frozen=True)
class Dialect:
    """How an engine writes what SQL has no common word for.

    Args:
        empty: an empty list of texts.
        each: the list of the values of an expression; of the list, a name for its elements, the expression.
        only: the elements for which a condition holds; of the list, a name for its elements, the condition.
        size: how many elements a list has; 0 of null.
        distinct: the distinct elements of a list of lists, without nulls.
        joined: the elements of a list sorted and joined by spaces; of none, an empty text.
        matches: whether the whole of a text fits a pattern; null of null.
    """

    empty: str
    each: Callable[[str, str, str], str]
    only: Callable[[str, str, str], str]
    size: Callable[[str], str]
    distinct: Callable[[str], str]
    joined: Callable[[str], str]
    matches: Callable[[str, str], str]


_KIND = "year, bits, countries"
_FLAGS = ("is_xpac", "is_paratext", "is_retracted")


def narrow(say: Dialect, relation: str, part: str) -> str:
    """Return the query of the short rows of a relation.

    Args:
        say: the dialect of the engine.
        relation: what has the columns of ``fields.WORK`` and a column ``unsound``: the line is not one work.
        part: the name of the part.
    """
    codes = f"coalesce(a.countries, {say.each('a.institutions', 'i', 'i.country_code')}, {say.empty})"
    addresses = f"coalesce({say.each('a.institutions', 'i', 'i.id')}, {say.empty})"
    high = f"TRY_CAST(c.score AS DOUBLE) >= {d.THRESHOLD}"
    bad_score = f"c.score IS NOT NULL AND NOT {say.matches('CAST(c.score AS STRING)', SCORE)}"
    # How many there are, by the field that says so too.
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
        d.SUSPECT: (
            f"unsound OR id IS NULL OR NOT {say.matches('id', WORK_ID)}"
            f" OR NOT {say.matches('subfield', SUBFIELD_ID)}"
            + "".join(f" OR {flag} NOT IN ('true', 'false')" for flag in _FLAGS)
            + f" OR {say.size(say.only('ai', 'c', bad_score))} > 0"
        ),
        **{c.bit: contradictions[c.name] for c in d.CONTRADICTIONS},
    }
    texts = ("id", *_FLAGS, "publication_date", "is_authors_truncated", *found)
    text = ", ".join(f"CAST({name} AS STRING) AS {name}" for name in texts)
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
SELECT TRY_CAST(substr(id, 23) AS BIGINT) AS id, day, year,
  {say.joined("countries")} AS countries, {quoted(part)} AS part,
  {" + ".join(f"CASE WHEN {condition} THEN {bit} ELSE 0 END" for bit, condition in bits.items())} AS bits
FROM works"""


def kinds(relation: str) -> str:
    """Return the query of the kinds of short rows and how many there are of each."""
    return f"SELECT {_KIND}, count(*) AS works FROM {relation} GROUP BY {_KIND}"


def merged(relation: str) -> str:
    """Return the query of the kinds of works, each work once.

    Of copies the one changed last counts: a copy of the snapshot that is brought up to date without deleting
    keeps the old record in its old part. Only the numbers that occur twice are sorted, and their other copies
    subtracted.
    """
    newest = "day DESC, part DESC, year DESC, bits DESC, countries DESC"
    return f"""
WITH copied AS (SELECT id FROM {relation} GROUP BY id HAVING count(*) > 1),
  copies AS (
    SELECT {_KIND}, row_number() OVER (PARTITION BY id ORDER BY {newest}) AS place
    FROM {relation} WHERE id IN (SELECT id FROM copied)
  ),
  counted AS (
    {kinds(relation)}
    UNION ALL
    SELECT {_KIND}, -count(*) AS works FROM copies WHERE place > 1 GROUP BY {_KIND}
  )
SELECT {_KIND}, CAST(sum(works) AS BIGINT) AS works
FROM counted GROUP BY {_KIND} HAVING sum(works) > 0"""


def quoted(value: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
