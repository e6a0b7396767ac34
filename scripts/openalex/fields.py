"""The fields of a work that are read, as one shape for all generations of OpenAlex's records.

Every leaf of a JSON record is read as text, so that ``"0.78"`` and ``0.78`` or ``2020`` and ``"2020"`` are
the same. A Parquet file keeps its own types at the leaves. What a generation does not have is null.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.model.problems import BadData, Problem

_TEXT = pa.string()


def _struct(**fields: pa.DataType) -> pa.DataType:
    return pa.struct(list(fields.items()))


WORK = pa.schema(
    [
        ("id", _TEXT),
        ("publication_year", _TEXT),
        ("publication_date", _TEXT),
        ("updated_date", _TEXT),
        ("is_retracted", _TEXT),
        ("is_paratext", _TEXT),
        # Since November 2025.
        ("is_xpac", _TEXT),
        # ``countries`` since September 2023; before, the institutions alone say it.
        (
            "authorships",
            pa.list_(
                _struct(
                    countries=pa.list_(_TEXT), institutions=pa.list_(_struct(id=_TEXT, country_code=_TEXT))
                )
            ),
        ),
        # What the record itself says of its authorships; nothing is counted by these, they are only compared.
        ("is_authors_truncated", _TEXT),
        ("authors_count", _TEXT),
        ("countries_distinct_count", _TEXT),
        ("institutions_distinct_count", _TEXT),
        # Since 2024.
        ("primary_topic", _struct(subfield=_struct(id=_TEXT))),
        ("concepts", pa.list_(_struct(id=_TEXT, score=_TEXT))),
    ]
)

# By the Arrow type of a leaf, how Spark calls it.
_SPARK = {
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.int16(): "SMALLINT",
    pa.int32(): "INT",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
}
# How writers of Parquet call the steps into a list.
_STEPS = re.compile(r"\.(?:list\.(?:element|item|array)|bag\.array_element|bag\.array|array)(?=\.|$)")


def duckdb_type(kind: pa.DataType) -> str:
    """Return the type as DuckDB writes it."""
    if pa.types.is_list(kind):
        return f"{duckdb_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{f.name} {duckdb_type(f.type)}' for f in kind)})"
    return "VARCHAR"


def spark_type(kind: pa.DataType) -> str:
    """Return the type as Spark writes it."""
    if pa.types.is_list(kind):
        return f"ARRAY<{spark_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"STRUCT<{', '.join(f'{f.name}: {spark_type(f.type)}' for f in kind)}>"
    return _SPARK.get(kind) or ("TIMESTAMP_NTZ" if kind.tz is None else "TIMESTAMP")


def _fit(wanted: pa.DataType, found: pa.DataType, place: str) -> pa.DataType:
    """``wanted`` with the leaves of ``found`` where it has them; raises ValueError where its structure is
    another.
    """
    if pa.types.is_null(found):
        return wanted
    if pa.types.is_list(wanted):
        if not (pa.types.is_list(found) or pa.types.is_large_list(found)):
            raise ValueError(f"{place} is {found}, not a list")
        return pa.list_(_fit(wanted.value_type, found.value_type, place))
    if pa.types.is_struct(wanted):
        if not pa.types.is_struct(found):
            raise ValueError(f"{place} is {found}, not a record")
        names = {f.name: f.type for f in found}
        return pa.struct(
            [(f.name, _fit(f.type, names.get(f.name, pa.null()), f"{place}.{f.name}")) for f in wanted]
        )
    if pa.types.is_large_string(found) or pa.types.is_string_view(found) or pa.types.is_dictionary(found):
        return wanted
    if found not in _SPARK and not pa.types.is_timestamp(found):
        raise ValueError(f"{place} is {found}, not text, a number, a day or true or false")
    return found


def fit(file: pq.ParquetFile, name: str) -> tuple[pa.Schema, list[str]]:
    """Return the shape of a work with the leaf types of a Parquet file, and the columns that hold its leaves.

    Raises BadData, with ``name`` for the file, where the columns cannot be those of works.
    """
    found = {f.name: f.type for f in file.schema_arrow}
    try:
        if "id" not in found:
            raise ValueError("there is no column id")
        shape = pa.schema([(f.name, _fit(f.type, found.get(f.name, pa.null()), f.name)) for f in WORK])
    except ValueError as error:
        raise BadData(
            [Problem(name, 0, "", str(error), "give the works of OpenAlex as they are published", "works")]
        ) from None
    paths = [file.schema.column(i).path for i in range(len(file.schema))]
    leaves = set(_leaves(WORK))
    return shape, [path for path in paths if _STEPS.sub("", path) in leaves]


def _leaves(fields: pa.Schema | pa.DataType, above: str = "") -> list[str]:
    names: list[str] = []
    for f in fields:
        kind = f.type
        while pa.types.is_list(kind):
            kind = kind.value_type
        names += _leaves(kind, f"{above}{f.name}.") if pa.types.is_struct(kind) else [above + f.name]
    return names
