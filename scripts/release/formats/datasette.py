"""Datasette: what it needs beside the SQLite file to show names for ids, descriptions, and the way from a row
to its evidence.

A folder as ``datasette DIR`` takes it: ``metadata.json`` and one template. The search box comes from the file
itself (``sqlite.py``). Units are in the descriptions of the columns: Datasette would calculate with them
and knows few of ours.
"""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

from scripts.model.tables import Table
from scripts.package.loaded import Contents
from scripts.release.exporter import Exporter
from scripts.release.rendering import TEMPLATES
from scripts.release.sql import SHOWN_AS, summary
from scripts.store.jsonfile import to_json

# A canned query; what it does not say is who wrote a document and how it is held: evidence_with_sources has
# that.
EVIDENCE = "evidence_on_a_row"
EVIDENCE_SQL = """
SELECT field, value, stands, "check", attribution, at, source_title, url, published_on, source_id
FROM evidence_with_sources WHERE "table" = :table AND row_id = :row_id ORDER BY field, published_on, source_id
""".strip()
# So many columns with a fixed set of values are offered as facets.
FACETS = 4


def shown_as(contents: Contents, table: Table) -> str:
    """Return the column whose text stands for a row of the table where another table refers to it.

    One with empty cells will not do: Datasette would show "None", where the id says more.
    """
    frame = contents.frames[table.name]
    return next(
        (name for name in SHOWN_AS if name in table.by_name and not frame[name].null_count()),
        table.primary_key[0],
    )


def _table(contents: Contents, table: Table) -> dict[str, Any]:
    facets = [f.name for f in table.fields if f.enum and f.name not in table.primary_key][:FACETS]
    return {
        "title": f"{table.title} / {table.title_ko}",
        "description": f"{table.description} {table.description_ko}",
        "columns": {f.name: summary(f) for f in table.fields},
        "facets": facets,
        "label_column": shown_as(contents, table),
    }


def metadata(contents: Contents) -> dict[str, Any]:
    """Return ``metadata.json``: https://docs.datasette.io/en/stable/metadata.html."""
    given = contents.package
    said = {
        "license": given["licenses"][0]["name"],
        "license_url": given["licenses"][0]["path"],
        "source": given["citation"],
    }
    queries = {
        EVIDENCE: {
            "title": "Evidence on a row / 행의 근거",
            "sql": EVIDENCE_SQL,
            "params": ["table", "row_id"],
            "description": "row_id is the key of the row, its parts joined by |.",
        }
    }
    return {
        "title": f"{given['name']}: {given['title']}",
        "description": f"{given['description']} {given['techpacts:descriptionKo']}",
        **said,
        # The database is called as the file is: without the version, since Datasette 0.65 breaks its links
        # where a name has a dot.
        "databases": {
            given["name"]: {
                **said,
                "tables": {t.name: _table(contents, t) for t in contents.tables.values()},
                "queries": queries,
            }
        },
    }


class Datasette(Exporter):
    """A folder for Datasette; the rows themselves are in the SQLite file."""

    name = "Datasette"
    made = "datasette"
    description = "what Datasette shows beside the SQLite file: descriptions and links to the evidence"

    def write(self, contents: Contents, path: Path) -> None:
        """Write ``metadata.json`` and the template of a row."""
        (path / "metadata.json").write_bytes(to_json(metadata(contents)))
        (path / "templates").mkdir()
        facts = [t.name for t in contents.tables.values() if t.kind == "fact"]
        # A template of Datasette, in Jinja2: what is filled in here is marked with a dollar sign.
        template = string.Template((TEMPLATES / "datasette_row.html").read_text("utf-8"))
        text = template.substitute(facts=facts, query=EVIDENCE)
        (path / "templates/row.html").write_text(text, "utf-8")


EXPORTERS = (Datasette(),)
