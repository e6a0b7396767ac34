"""References to documents, in the forms that people and their programs use.

The standard library is enough: the wheel carries this module along.
"""

from __future__ import annotations

from typing import Any

from .markup import address, bibtex, bibtex_record, one_line, ris_record

MONTHS = (
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
)
# Types of document by authority: the text itself, then who issued it, then who reports it.
BY_AUTHORITY = ("primary_text", "official_release", "dataset", "analysis", "news")
# Those of whoever made the agreement.
PRIMARY_TYPES = BY_AUTHORITY[:2]


def in_order(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort documents: the most authoritative first, the earliest among equals."""
    return sorted(
        documents, key=lambda d: (BY_AUTHORITY.index(d["document_type"]), d["published_on"], d["source_id"])
    )


def of_upstream(upstream: dict[str, Any], publisher: str) -> dict[str, Any]:
    """Return a pinned table of another publisher as a document; the database that was counted is named with
    it.
    """
    number = f"Table {upstream['table_number']}: " if upstream["table_number"] else ""
    title = (
        f"{number}{upstream['title_en']}. {upstream['publication']} [underlying source:"
        f" {upstream['underlying_source']}]"
    )
    told = {n: upstream[n] for n in ("published_on", "published_precision", "url")}
    return {
        **told,
        "source_id": upstream["upstream_id"],
        "title": title,
        "publisher": publisher,
        "author": None,
        "document_type": "dataset",
        "language": "en",
        "accessed_on": None,
    }


def _known(document: dict[str, Any]) -> str:
    """How exactly the day of publication is cited: one that may be a week off by its month."""
    known: str = document["published_precision"]
    return "month" if known == "week" else known


def _day(document: dict[str, Any]) -> str:
    day, known = document["published_on"], _known(document)
    return (
        f"{day.year}"
        + (f", {MONTHS[day.month - 1]}" if known != "year" else "")
        + (f" {day.day}" if known == "day" else "")
    )


def _title(document: dict[str, Any]) -> str:
    # Without its title a document is described, in brackets, as style guides have it.
    return (
        one_line(document["title"] or "")
        or f"[{document['document_type'].replace('_', ' ').capitalize()} in {document['language']}]"
    )


def as_text(document: dict[str, Any]) -> str:
    """Return a reference in the style of the APA."""
    who = document["author"] or document["publisher"]
    by = "" if who == document["publisher"] else f" {document['publisher']}."
    title = _title(document)
    return f"{who.rstrip('.')}. ({_day(document)}). {title}{'' if title[-1] in '.?!' else '.'}{by}" + (
        f" {document['url']}" if document["url"] else ""
    )


def _titled(package: dict[str, Any]) -> str:
    return f"{package['name']}: {package['title']}"


def dataset_bibtex(package: dict[str, Any], note: str = "Data set") -> str:
    """Return the dataset as a record of BibTeX, always under the same key.

    ``note`` says which part of it is meant.
    """
    year, month, _ = package["released"].split("-")
    fields = {
        "author": f"{{{bibtex(package['contributors'][0]['title'])}}}",
        "title": f"{{{bibtex(_titled(package))}}}",
        "year": year,
        "month": str(int(month)),
        "date": package["released"],
        "version": package["version"],
        "note": bibtex(note),
    }
    return bibtex_record(f"{package['name']}-{package['version']}", fields)


def dataset_ris(package: dict[str, Any], note: str | None = None) -> str:
    """Return the dataset as a record of RIS; ``note`` says which part of it is meant."""
    lines = [
        ("TY", "DATA"),
        ("ID", f"{package['name']}-{package['version']}"),
        ("AU", package["contributors"][0]["title"]),
        ("TI", _titled(package)),
        ("PY", package["released"][:4]),
        ("DA", package["released"].replace("-", "/")),
        ("ET", package["version"]),
        ("AB", package["description"]),
        ("N1", note),
    ]
    return ris_record([*lines, *(("KW", k) for k in package["keywords"])])


def dataset_csl(package: dict[str, Any], note: str) -> dict[str, Any]:
    """Return the dataset as an item of CSL JSON; ``note`` says which part of it is meant."""
    day = [int(n) for n in package["released"].split("-")]
    return {
        "id": f"{package['name']}-{package['version']}",
        "type": "dataset",
        "title": _titled(package),
        "author": [{"literal": c["title"]} for c in package["contributors"]],
        "issued": {"date-parts": [day]},
        "version": package["version"],
        "note": note,
    }


def as_bibtex(document: dict[str, Any]) -> str:
    """Return a record of BibTeX; title and names in braces, so that no style changes their letters."""
    day = document["published_on"]
    parts = {
        "author": f"{{{bibtex(document['author'] or document['publisher'])}}}",
        "title": f"{{{bibtex(_title(document))}}}",
        "publisher": bibtex(document["publisher"]),
        "year": str(day.year),
        "month": str(day.month) if _known(document) != "year" else None,
        "url": document["url"] and address(document["url"]),
        "urldate": document["accessed_on"] and document["accessed_on"].isoformat(),
        "language": document["language"],
    }
    if _known(document) == "day":
        parts["date"] = day.isoformat()
    return bibtex_record(document["source_id"], parts)


def as_ris(document: dict[str, Any]) -> str:
    """Return a record of RIS."""
    day = document["published_on"]
    exact = {"day": f"{day:%Y/%m/%d}", "month": f"{day:%Y/%m}/", "year": f"{day:%Y}//"}[_known(document)]
    lines = [
        ("TY", "NEWS" if document["document_type"] == "news" else "ELEC"),
        ("ID", document["source_id"]),
        ("AU", document["author"] or document["publisher"]),
        ("TI", _title(document)),
    ]
    lines += [
        ("PB", document["publisher"]),
        ("PY", str(day.year)),
        ("DA", exact),
        ("UR", document["url"] and address(document["url"])),
        ("Y2", document["accessed_on"] and document["accessed_on"].strftime("%Y/%m/%d")),
        ("LA", document["language"]),
    ]
    return ris_record(lines)


def as_csl(document: dict[str, Any]) -> dict[str, Any]:
    """Return an item of CSL JSON, which Zotero and pandoc read."""
    day = document["published_on"]
    parts = [day.year, day.month, day.day][: ("year", "month", "day").index(_known(document)) + 1]
    item = {
        "id": document["source_id"],
        "type": "article-newspaper" if document["document_type"] == "news" else "webpage",
        "title": _title(document),
        "author": [{"literal": document["author"] or document["publisher"]}],
        "publisher": document["publisher"],
        "issued": {"date-parts": [parts]},
        "URL": document["url"],
        "language": document["language"],
    }
    if read := document["accessed_on"]:
        item["accessed"] = {"date-parts": [[read.year, read.month, read.day]]}
    return {k: v for k, v in item.items() if v}
