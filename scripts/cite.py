"""How to cite one row: the version of the dataset, the row, and the documents behind it."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from scripts.frames import row_ids
from scripts.package import load_package
from scripts.problems import CannotRun, shown
from scripts.tableschema import ROOT, Table, load_tables

FORMATS = ("text", "bibtex", "ris", "csl")
# Documents that a reader should see first: the text itself, then who issued it, then who reports it.
WEIGHT = ("primary_text", "official_release", "dataset", "analysis", "news")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def _table(name: str, folder: Path) -> pl.DataFrame:
    path = folder / f"data/{name}.parquet"
    if not path.is_file():
        raise CannotRun(f"{shown(path)}: the file is missing; build the package first")
    return pl.read_parquet(path)


def _row(table: Table, row_id: str, folder: Path) -> None:
    """Raises CannotRun, naming rows that are near, where the table has no such row."""
    known = _table(table.name, folder).select(row_ids(table)).to_series()
    if row_id not in known:
        near = known.filter(known.str.starts_with(row_id.split("|")[0])).to_list() or get_close_matches(row_id, known.to_list(), 5) or known.to_list()
        raise CannotRun(f"there is no row {row_id} in {table.name}; there are {', '.join(near[:12])}{' ...' if len(near) > 12 else ''}")


def documents(table_name: str, row_id: str, folder: Path = ROOT) -> list[dict[str, Any]]:
    """The documents whose word stands in a row of a fact table, the most authoritative first, with the columns they bear out.

    Each has the cells of ``sources``, the ``publisher`` by name, and ``columns``. Raises CannotRun where there is no such row.
    """
    table = load_tables().get(table_name)
    if table is None or table.kind != "fact":
        facts = ", ".join(t.name for t in load_tables().values() if t.kind == "fact")
        raise CannotRun(f"{table_name} is no table of facts; there are {facts}")
    _row(table, row_id, folder)
    told = _table("evidence", folder).filter((pl.col("table") == table_name) & (pl.col("row_id") == row_id) & pl.col("stands"))
    columns = told.group_by("source_id").agg(pl.col("field").unique().sort().alias("columns"))
    publishers = _table("organizations", folder).select(pl.col("organization_id").alias("publisher_organization_id"), pl.col("name_en").alias("publisher"))
    found = columns.join(_table("sources", folder), on="source_id").join(publishers, on="publisher_organization_id", how="left")
    return sorted(found.to_dicts(), key=lambda d: (WEIGHT.index(d["document_type"]), d["published_on"], d["source_id"]))


def _day(document: dict[str, Any]) -> str:
    day = document["published_on"]
    exact = document["published_precision"] == "day"
    return f"{day.year}, {MONTHS[day.month - 1]}" + (f" {day.day}" if exact else "")


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
        "publisher": bibtex_text(document["publisher"]), "year": str(day.year), "month": str(day.month),
        "url": document["url"], "urldate": document["accessed_on"].isoformat(), "language": document["language"],
    }  # fmt: skip
    if document["published_precision"] == "day":
        parts["date"] = day.isoformat()
    return f"@misc{{{document['source_id']},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in parts.items() if v) + "}"


def as_ris(document: dict[str, Any]) -> str:
    """A record of RIS."""
    day = document["published_on"]
    exact = f"/{day.day:02d}" if document["published_precision"] == "day" else "/"
    lines = [("TY", "NEWS" if document["document_type"] == "news" else "ELEC"), ("ID", document["source_id"]), ("AU", document["author"] or document["publisher"]), ("TI", _title(document))]
    lines += [("PB", document["publisher"]), ("PY", str(day.year)), ("DA", f"{day.year}/{day.month:02d}{exact}"), ("UR", document["url"]), ("Y2", document["accessed_on"].strftime("%Y/%m/%d")), ("LA", document["language"]), ("ER", "")]
    return "\n".join(f"{tag}  - {value}" for tag, value in lines if value is not None)


def as_csl(document: dict[str, Any]) -> dict[str, Any]:
    """An item of CSL JSON, which Zotero and pandoc read."""
    day = document["published_on"]
    parts = [day.year, day.month] + ([day.day] if document["published_precision"] == "day" else [])
    item = {
        "id": document["source_id"], "type": "article-newspaper" if document["document_type"] == "news" else "webpage", "title": _title(document),
        "author": [{"literal": document["author"] or document["publisher"]}], "publisher": document["publisher"], "issued": {"date-parts": [parts]},
        "accessed": {"date-parts": [[document["accessed_on"].year, document["accessed_on"].month, document["accessed_on"].day]]},
        "URL": document["url"], "language": document["language"],
    }  # fmt: skip
    return {k: v for k, v in item.items() if v}


def _dataset(package: dict[str, Any]) -> dict[str, Any]:
    """The dataset itself as an item of CSL JSON."""
    year, month, day = map(int, package["released"].split("-"))
    return {"id": package["name"], "type": "dataset", "title": f"{package['name']}: {package['title']}", "author": [{"literal": c["title"]} for c in package["contributors"]], "issued": {"date-parts": [[year, month, day]]}, "version": package["version"]}


def cite(table_name: str, row_id: str, form: str = "text", folder: Path = ROOT) -> str:
    """The reference of the dataset for one row of a fact table and those of the documents behind it, in one of ``FORMATS``.

    Raises CannotRun where there is no such row.
    """
    found, package = documents(table_name, row_id, folder), load_package()
    if form == "csl":
        return json.dumps([_dataset(package), *map(as_csl, found)], ensure_ascii=False, indent=2)
    if form == "bibtex":
        title = f"{package['name']}: {package['title']}"
        own = {"author": "{" + bibtex_text(package["contributors"][0]["title"]) + "}", "title": "{" + bibtex_text(title) + "}", "year": package["released"][:4], "date": package["released"], "version": package["version"], "note": f"Table {bibtex_text(table_name)}, row {bibtex_text(row_id)}"}
        return "\n\n".join([f"@misc{{{package['name']}-{package['version']},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in own.items()) + "}", *map(as_bibtex, found)])
    if form == "ris":
        own = [("TY", "DATA"), ("ID", package["name"]), ("AU", package["contributors"][0]["title"]), ("TI", f"{package['name']}: {package['title']}"), ("PY", package["released"][:4]), ("DA", package["released"].replace("-", "/")), ("ET", package["version"]), ("N1", f"Table {table_name}, row {row_id}"), ("ER", "")]
        return "\n\n".join(["\n".join(f"{tag}  - {value}" for tag, value in own), *map(as_ris, found)])
    lines = [f"{package['citation']} Table {table_name}, row {row_id}.", ""]
    for document in found:
        lines += [as_text(document), f"    for {', '.join(document['columns'])}"]
    return "\n".join(lines)
