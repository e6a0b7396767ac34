"""References to documents, in the forms that people and their programs use. Needs nothing but Python: the wheel carries it too."""

from __future__ import annotations

import re
from typing import Any

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
# Documents that a reader should see first: the text itself, then who issued it, then who reports it.
WEIGHT = ("primary_text", "official_release", "dataset", "analysis", "news")


def in_order(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The most authoritative first, the earliest among equals."""
    return sorted(documents, key=lambda d: (WEIGHT.index(d["document_type"]), d["published_on"], d["source_id"]))


def of_upstream(upstream: dict[str, Any], publisher: str) -> dict[str, Any]:
    """A pinned table of another publisher as a document; the database that was counted is named with it."""
    number = f"Table {upstream['table_number']}: " if upstream["table_number"] else ""
    title = f"{number}{upstream['title_en']}. {upstream['publication']} [underlying source: {upstream['underlying_source']}]"
    told = {n: upstream[n] for n in ("published_on", "published_precision", "url")}
    return {**told, "source_id": upstream["upstream_id"], "title": title, "publisher": publisher, "author": None, "document_type": "dataset", "language": "en", "accessed_on": None}


def _day(document: dict[str, Any]) -> str:
    day = document["published_on"]
    known = document["published_precision"]
    return f"{day.year}" + (f", {MONTHS[day.month - 1]}" if known != "year" else "") + (f" {day.day}" if known == "day" else "")


def _title(document: dict[str, Any]) -> str:
    # Without its title a document is described, in brackets, as style guides have it.
    return document["title"] or f"[{document['document_type'].replace('_', ' ').capitalize()} in {document['language']}]"


def as_text(document: dict[str, Any]) -> str:
    """A reference in the style of the APA."""
    who = document["author"] or document["publisher"]
    by = "" if who == document["publisher"] else f" {document['publisher']}."
    title = _title(document)
    return f"{who.rstrip('.')}. ({_day(document)}). {title}{'' if title[-1] in '.?!' else '.'}{by}" + (f" {document['url']}" if document["url"] else "")


def bibtex_text(text: str) -> str:
    """``text`` with what means something to TeX escaped."""
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", r"\textbackslash ")).replace("~", r"\textasciitilde ").replace("^", r"\textasciicircum ")


def as_bibtex(document: dict[str, Any]) -> str:
    """A record of BibTeX; title and names in braces, so that no style changes their letters."""
    day = document["published_on"]
    parts = {
        "author": f"{{{bibtex_text(document['author'] or document['publisher'])}}}", "title": f"{{{bibtex_text(_title(document))}}}",
        "publisher": bibtex_text(document["publisher"]), "year": str(day.year), "month": str(day.month) if document["published_precision"] != "year" else None,
        "url": document["url"], "urldate": document["accessed_on"] and document["accessed_on"].isoformat(), "language": document["language"],
    }  # fmt: skip
    if document["published_precision"] == "day":
        parts["date"] = day.isoformat()
    return f"@misc{{{document['source_id']},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in parts.items() if v) + "}"


def as_ris(document: dict[str, Any]) -> str:
    """A record of RIS."""
    day = document["published_on"]
    exact = {"day": f"{day:%Y/%m/%d}", "month": f"{day:%Y/%m}/", "year": f"{day:%Y}//"}[document["published_precision"]]
    lines = [("TY", "NEWS" if document["document_type"] == "news" else "ELEC"), ("ID", document["source_id"]), ("AU", document["author"] or document["publisher"]), ("TI", _title(document))]
    lines += [("PB", document["publisher"]), ("PY", str(day.year)), ("DA", exact), ("UR", document["url"]), ("Y2", document["accessed_on"] and document["accessed_on"].strftime("%Y/%m/%d")), ("LA", document["language"]), ("ER", "")]
    return "\n".join(f"{tag}  - {value}" for tag, value in lines if value is not None)


def as_csl(document: dict[str, Any]) -> dict[str, Any]:
    """An item of CSL JSON, which Zotero and pandoc read."""
    day = document["published_on"]
    parts = [day.year, day.month, day.day][: ("year", "month", "day").index(document["published_precision"]) + 1]
    item = {
        "id": document["source_id"], "type": "article-newspaper" if document["document_type"] == "news" else "webpage", "title": _title(document),
        "author": [{"literal": document["author"] or document["publisher"]}], "publisher": document["publisher"], "issued": {"date-parts": [parts]},
        "URL": document["url"], "language": document["language"],
    }  # fmt: skip
    if read := document["accessed_on"]:
        item["accessed"] = {"date-parts": [[read.year, read.month, read.day]]}
    return {k: v for k, v in item.items() if v}
