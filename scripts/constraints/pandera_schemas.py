"""pandera schemas derived from the declarations: the enforcing engine, and what it finds.

The polars backend, eager: a lazy frame would skip the checks of data. Nothing is coerced here; the lexical
form of every cell was judged before (``values.parse``). Importing pandera takes longer than checking a sound
package, so this module is imported only where there is something to find (``constraints.holds``).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from scripts.constraints.violations import conditions
from scripts.model.tables import Field
from scripts.store.frames import POLARS_TYPE


def _check(name: str, expression: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    def run(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(expression(pl.col(data.key)))

    return pa.Check(run, name=name)


def pandera_schema(
    fields: Sequence[Field], unique: Sequence[str] = (), *, sheet: Sequence[str] | None = None
) -> pa.DataFrameSchema:
    """The schema of a frame with exactly these columns in this order, ``unique`` together.

    ``sheet``: the columns that a coding sheet must fill; it replaces ``required`` and ``unique``, since a
    sheet holds claims and not rows.
    """
    columns = {}
    for f in fields:
        required = f.required if sheet is None else f.name in sheet
        columns[f.name] = pa.Column(
            POLARS_TYPE[f.type],
            nullable=not required,
            unique=f.unique and sheet is None,
            checks=[_check(*c) for c in conditions(f)],
            title=f.title,
            description=f.description,
        )
    return pa.DataFrameSchema(columns, strict=True, ordered=True, coerce=False, unique=list(unique) or None)


def failures(
    fields: Sequence[Field], frame: pl.DataFrame, key: Sequence[str], sheet: Sequence[str] | None
) -> pl.DataFrame:
    """pandera's failure cases (column, check, index, failure_case); none where the frame is sound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pandera_schema(fields, key, sheet=sheet).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return errors.failure_cases
    return pl.DataFrame(
        schema={
            "failure_case": pl.String,
            "schema_context": pl.String,
            "column": pl.String,
            "check": pl.String,
            "check_number": pl.Int32,
            "index": pl.Int32,
        }
    )
