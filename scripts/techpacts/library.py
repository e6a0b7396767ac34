"""techpacts: the United States' technology-cooperation agreements with its partners, Korea in most detail.

The tables as data frames, offline: ``load("agreements")``. What a table must be, as a pandera schema:
``schema("agreements").validate(frame)``. Each cell of a fact table leads to the documents
that bear it out: ``evidence("funding", "kor-usa-cet-2023-bioeconomy")``. How to cite: ``cite()``, or
``cite(table, row_id)`` for a row.

This module becomes the package of the wheel (``scripts/release/wheel.py``); the data lie beside it there.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .nearest import nearest, no_such_row
from .references import as_bibtex, as_csl, as_ris, as_text, in_order, of_upstream
from .row_ids import join_key
from .tombstones import by_name, inscription, tombstone_of

if TYPE_CHECKING:
    import pandas
    import polars

    from .pandera_schemas import Schema

__all__ = ["__version__", "cite", "describe", "evidence", "load", "schema", "tables"]


def _read(path: str) -> bytes:
    """Read a file of the package, which may lie in a zip: a wheel put on the path as it is."""
    return files(__name__).joinpath(*path.split("/")).read_bytes()


@cache
def _package() -> dict[str, Any]:
    package: dict[str, Any] = json.loads(_read("datapackage.json"))
    return package


@cache
def _resources() -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in _package()["resources"]}


__version__: str = _package()["version"]


def _resource(table: str) -> dict[str, Any]:
    if table not in _resources():
        near = nearest(table, _resources(), 3) or list(_resources())
        raise KeyError(f"there is no table {table!r}; there are {', '.join(near)}")
    return _resources()[table]


def _arrow(table: str) -> pa.Table:
    # One thread: where a short program ends while Arrow's pool is still starting, Python aborts (pyarrow 26).
    file = pa.BufferReader(_read(_resource(table)["techpacts:parquet"]["path"]))
    return pq.read_table(file, use_threads=False)


def _given(found: pa.Table, as_: str) -> Any:
    """Return a table of Arrow in the form asked for."""
    if as_ not in ("pandas", "polars", "arrow"):
        raise ValueError(f"as_ is {as_!r}; use pandas, polars or arrow")
    if as_ == "arrow":
        return found
    if as_ == "polars":
        import polars

        return polars.DataFrame(polars.from_arrow(found))
    import pandas

    return found.to_pandas(types_mapper=pandas.ArrowDtype, use_threads=False)


def tables() -> dict[str, str]:
    """Return the titles of the tables by name."""
    return {name: r["title"] for name, r in _resources().items()}


def describe(table: str, language: Literal["en", "ko"] = "en") -> list[dict[str, Any]]:
    """Describe the columns of a table, in order.

    Returns of each its name, type, title, description, unit, and the labels of its values where these are a
    fixed set. Raises KeyError where there is no such table.
    """
    title, description, label = (
        ("title", "description", "label")
        if language == "en"
        else ("techpacts:titleKo", "techpacts:descriptionKo", "techpacts:labelKo")
    )
    return [
        {
            "name": f["name"],
            "type": f["type"],
            "title": f[title],
            "description": f[description],
            "unit": f.get("unit"),
            "values": {c["value"]: c[label] for c in f.get("categories", [])},
        }
        for f in _resource(table)["schema"]["fields"]
    ]


def load(
    table: str, as_: Literal["pandas", "polars", "arrow"] = "pandas"
) -> pandas.DataFrame | polars.DataFrame | pa.Table:
    """Load a table with its types: days as dates, whole numbers whole, empty cells missing.

    ``as_``: a frame of pandas (with Arrow types, so that an empty cell makes no float of a whole number), of
    polars, or a table of Arrow. Raises KeyError where there is no such table, ImportError where the library
    is not installed.
    """
    return _given(_arrow(table), as_)


def schema(table: str, backend: Literal["pandas", "polars"] = "pandas") -> Schema:
    """Return the pandera schema of a table: its columns in order, their types and checks, and its keys.

    ``schema("funding").validate(load("funding"), lazy=True)`` raises ``pandera.errors.SchemaErrors`` with
    every cell that breaks a check. Nothing is coerced.

    ``backend``: ``pandas`` for frames with Arrow types, as ``load`` gives them (polars runs the checks of
    these as well), or ``polars`` for a DataFrame of polars; a LazyFrame is refused with TypeError, since
    pandera would not look at its cells. Raises KeyError where there is no such table, ImportError where
    pandera, pandas or polars is not installed.
    """
    declared = _resource(table)
    if backend not in ("pandas", "polars"):
        raise ValueError(f"backend is {backend!r}; use pandas or polars")
    try:
        from .constraints import published
        from .pandera_schemas import pandera_schema

        return pandera_schema(published(declared), backend)
    except ImportError as error:
        raise ImportError(f"{error}; to use schema(): pip install techpacts[pandera]") from error


def _key(table: str) -> list[str]:
    key: list[str] = _resource(table)["schema"]["primaryKey"]
    return key


def _evidence_on(table: str, row_id: str) -> pa.Table:
    """Return the evidence on a row.

    Raises KeyError where the table is not one of facts or has no such row; of a removed row it says what
    became of it.
    """
    if _resource(table)["techpacts:kind"] != "fact":
        facts = ", ".join(n for n, r in _resources().items() if r["techpacts:kind"] == "fact")
        raise KeyError(f"{table!r} is not a table of facts; there are {facts}")
    found = _arrow("evidence")
    found = found.filter(pc.and_(pc.equal(found["table"], table), pc.equal(found["row_id"], row_id)))
    if not found.num_rows:
        if gone := tombstone_of(
            table, row_id, _resource(table)["schema"], by_name(_arrow("tombstones").to_pylist())
        ):
            raise KeyError(inscription(table, row_id, gone))
        known = [join_key(row.values()) for row in _arrow(table).select(_key(table)).to_pylist()]
        raise KeyError(no_such_row(table, row_id, known))
    return found


def evidence(
    table: str, row_id: str, as_: Literal["pandas", "polars", "arrow"] = "pandas"
) -> pandas.DataFrame | polars.DataFrame | pa.Table:
    """Return what each source says of each cell of a row, with title, publisher, day and URL of the source.

    ``row_id``: the key of the row, its parts joined by ``|``. Raises KeyError where there is no such row.
    """
    sources = _arrow("sources").select(
        ["source_id", "title", "publisher_organization_id", "document_type", "published_on", "url"]
    )
    columns = [
        "table",
        "row_id",
        "field",
        "value",
        "stands",
        "check",
        "attribution",
        "at",
        "note",
        "source_id",
    ]
    found = (
        _evidence_on(table, row_id)
        .select(columns)
        .join(sources, "source_id", join_type="left outer")
        .sort_by([("field", "ascending"), ("published_on", "ascending"), ("source_id", "ascending")])
    )
    return _given(found, as_)


def _documents(table: str, row_id: str) -> list[dict[str, Any]]:
    """Return the documents behind a row, with the columns that each bears out; of a figure of a series the
    table it was taken from.
    """
    names = {
        o["organization_id"]: o["name_en"]
        for o in _arrow("organizations").select(["organization_id", "name_en"]).to_pylist()
    }
    if any(f["name"] == "upstream_line" for f in _resource(table)["schema"]["fields"]):
        rows = {
            join_key(r[k] for k in _key(table)): r
            for r in _arrow(table).select([*_key(table), "upstream_id"]).to_pylist()
        }
        if row_id not in rows:
            raise KeyError(no_such_row(table, row_id, rows))
        row = rows[row_id]
        upstream = next(u for u in _arrow("upstreams").to_pylist() if u["upstream_id"] == row["upstream_id"])
        return [{**of_upstream(upstream, names[upstream["publisher_organization_id"]]), "columns": ["value"]}]
    said = _evidence_on(table, row_id)
    columns: dict[str, set[str]] = {}
    for e in said.filter(said["stands"]).select(["source_id", "field"]).to_pylist():
        columns.setdefault(e["source_id"], set()).add(e["field"])
    return in_order(
        [
            {
                **s,
                "publisher": names[s["publisher_organization_id"]],
                "columns": sorted(columns[s["source_id"]]),
            }
            for s in _arrow("sources").to_pylist()
            if s["source_id"] in columns
        ]
    )


def cite(
    table: str | None = None,
    row_id: str | None = None,
    form: Literal["text", "bibtex", "ris", "csl"] = "text",
) -> str:
    """Return how to cite this version of the dataset; with ``table`` and ``row_id`` also the documents behind
    that row.

    ``form``: plain text, or the documents as BibTeX, RIS or CSL JSON. Raises KeyError where there is no such
    row.
    """
    own: str = _package()["techpacts:citation"]
    if table is None or row_id is None:
        return own
    found = _documents(table, row_id)
    if form == "csl":
        return json.dumps([as_csl(d) for d in found], ensure_ascii=False, indent=2)
    if form in ("bibtex", "ris"):
        return "\n\n".join(map(as_bibtex if form == "bibtex" else as_ris, found))
    lines = [f"{own} Table {table}, row {row_id}.", ""]
    for document in found:
        lines += [as_text(document), f"    for {', '.join(document['columns'])}"]
    return "\n".join(lines)
