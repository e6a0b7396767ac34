"""pandera schemas of the tables, for pandas and for polars, from the checks of ``constraints.py``.

The wheel carries this module; it needs pandera, polars, pyarrow and, for the pandas backend, pandas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from .constraints import ARROW_TYPE, POLARS_TYPE, Check, Declaration, checks, unique

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas
    import pandera.polars

    Schema = pandera.pandas.DataFrameSchema | pandera.polars.DataFrameSchema


def pandera_schema(table: Declaration, backend: Literal["pandas", "polars"] = "pandas") -> Schema:
    """Make the pandera schema of a table.

    It holds the frame to exactly the declared columns in their order and types (``strict``, ``ordered``,
    nothing is coerced), to the checks of each column (``enum``, ``pattern``, ``finite``, ``minimum``,
    ``maximum``, ``unique``), to the primary key and, as checks of the frame, to each further unique key.

    ``backend``: ``polars`` for a DataFrame of polars; a LazyFrame is refused with TypeError, since pandera
    would skip every check of its cells. ``pandas`` for a DataFrame of pandas with Arrow types, as
    ``techpacts.load`` gives it; its checks convert the column to polars and run the same expressions there.
    """
    return _for_polars(table) if backend == "polars" else _for_pandas(table)


def _key_checks(table: Declaration) -> list[Check]:
    return [unique(f"unique-key({', '.join(key)})", key) for key in table.unique_keys]


def _for_polars(table: Declaration) -> pandera.polars.DataFrameSchema:
    import pandera.polars as pa

    class EagerSchema(pa.DataFrameSchema):
        """A schema that refuses what pandera would accept without a look at its cells."""

        @classmethod
        def get_backend(cls, check_obj: Any = None, check_type: type | None = None) -> Any:
            """Return the backend of pandera for a DataFrame. Raises TypeError for a LazyFrame."""
            if isinstance(check_obj, pl.LazyFrame):
                raise TypeError("the cells of a LazyFrame are not checked: validate frame.collect()")
            return pa.DataFrameSchema.get_backend(check_obj, check_type)

    def made(check: Check) -> pa.Check:
        return pa.Check(
            lambda data: data.lazyframe.select(check.keeps), name=check.name, description=check.description
        )

    columns = {
        f.name: pa.Column(
            POLARS_TYPE[f.type],
            nullable=not f.required,
            checks=[made(c) for c in checks(f)],
            title=f.title,
            description=f.description,
        )
        for f in table.fields
    }
    return EagerSchema(columns, checks=[made(c) for c in _key_checks(table)], **_whole(table))


def _for_pandas(table: Declaration) -> pandera.pandas.DataFrameSchema:
    import pandas as pd
    import pandera.pandas as pa

    def made(check: Check) -> pa.Check:
        return pa.Check(_in_polars(check), name=check.name, description=check.description)

    columns = {
        f.name: pa.Column(
            pd.ArrowDtype(ARROW_TYPE[f.type]),
            nullable=not f.required,
            checks=[made(c) for c in checks(f)],
            title=f.title,
            description=f.description,
        )
        for f in table.fields
    }
    return pa.DataFrameSchema(columns, checks=[made(c) for c in _key_checks(table)], **_whole(table))


def _in_polars(check: Check) -> Callable[[pd.Series | pd.DataFrame], pd.Series]:
    """Return a function that runs a check of cells of pandas in polars."""

    def keeps(cells: pd.Series | pd.DataFrame) -> pd.Series:
        import pandas as pd

        given = cells.to_frame() if isinstance(cells, pd.Series) else cells
        frame = pl.DataFrame([pl.from_pandas(given[name]) for name in check.columns])
        kept = frame.select(check.keeps.fill_null(True)).to_series()
        return pd.Series(kept.to_numpy(), index=cells.index)

    return keeps


def _whole(table: Declaration) -> dict[str, Any]:
    """Return what a schema says of the frame as a whole."""
    return {
        "strict": True,
        "ordered": True,
        "coerce": False,
        "unique": list(table.primary_key),
        "name": table.name,
        "title": table.title,
        "description": table.description,
    }
