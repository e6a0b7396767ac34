"""Other tools on the same package: each checks what it can of the declarations and counts what it finds.

All of them are fed from the same ``Table`` objects: lexical form, required, enum, pattern, bounds, primary
key, references. None looks at evidence, derived tables, hashes (frictionless does) or Parquet: that is said
beside the figures.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scripts.model.tables import Field, Table
from scripts.model.values import DATE, INTEGER, NUMBER
from scripts.store.schemas import load_tables

# The text that a cell of each type may be; engines anchor it in their own ways.
LEXICAL = {
    "integer": INTEGER.pattern.removesuffix(r"\Z"),
    "number": NUMBER.pattern.removesuffix(r"\Z"),
    "date": DATE.pattern.removesuffix(r"\Z"),
    "boolean": "true|false",
}
Found = Counter[str]


def _csv(folder: Path, table: Table) -> Path:
    return folder / f"data/{table.name}.csv"


def _patterns(field: Field) -> list[tuple[str, str]]:
    """Regular expressions that a filled cell must match as a whole, with the kind of fault where it does
    not.
    """
    found = [("lexical", LEXICAL[field.type])] if field.type in LEXICAL else []
    return [*found, ("pattern", field.pattern)] if field.pattern else found


def floor(folder: Path) -> Found:
    """Only reads: every CSV by pyarrow, nothing checked."""
    import pyarrow.csv as csv

    return Counter(
        {"rows read": sum(csv.read_csv(path).num_rows for path in sorted((folder / "data").glob("*.csv")))}
    )


def validator(folder: Path) -> Found:
    """This project's own: everything, evidence and derived tables, Parquet and descriptor included."""
    from scripts.validation.package import check_package

    return Counter(p.rule for p in check_package(folder))


def frictionless(folder: Path) -> Found:
    """frictionless on the descriptor, its limit of 1000 errors lifted."""
    import frictionless as tool

    kinds = {"type-error": "lexical", "primary-key": "primary-key", "foreign-key": "foreign-key"}
    constraints = {"required": "required", "enum": "enum", "pattern": "pattern"}
    report = tool.validate(str(folder / "datapackage.json"), limit_errors=10**9)
    found: Found = Counter()
    for error in (e for task in report.tasks for e in task.errors):
        constraint = next(
            (k for word, k in constraints.items() if f'constraint "{word}' in error.note), "other"
        )
        found[kinds.get(error.type) or constraint] += 1
    return found


def _pandera_schema(table: Table, frames: dict) -> object:
    import pandas as pd
    import pandera.pandas as pa

    def number(check: Callable) -> Callable:
        def run(cells: pd.Series) -> pd.Series:
            numbers = pd.to_numeric(cells, errors="coerce")
            return check(numbers) | numbers.isna()

        return run

    columns = {}
    for f in table.fields:
        checks = [pa.Check.str_matches(rf"\A(?:{p})\Z", error=kind) for kind, p in _patterns(f)]
        if f.enum:
            checks.append(pa.Check.isin(f.enum, error="enum"))
        if f.minimum is not None:
            checks.append(pa.Check(number(lambda n, m=f.minimum: n >= m), error="minimum"))
        if f.maximum is not None:
            checks.append(pa.Check(number(lambda n, m=f.maximum: n <= m), error="maximum"))
        for key in table.foreign_keys:
            if key.fields == (f.name,):
                target = frames[key.table][key.reference[0]].dropna()
                checks.append(pa.Check(lambda cells, t=target: cells.isin(t), error="foreign-key"))
        columns[f.name] = pa.Column("str", checks=checks, nullable=not f.required, unique=f.unique)
    return pa.DataFrameSchema(
        columns, unique=list(table.primary_key), report_duplicates="exclude_first", strict=True, ordered=True
    )


def pandera(folder: Path) -> Found:
    """pandera on pandas, over text cells: coercion would turn a faulty boolean or date into another fault."""
    import pandas as pd
    from pandera.errors import SchemaErrors

    warnings.simplefilter("ignore")
    tables = load_tables()
    frames = {
        n: pd.read_csv(_csv(folder, t), dtype="str", keep_default_na=False, na_values=[""])
        for n, t in tables.items()
    }
    found: Found = Counter()
    for name, table in tables.items():
        try:
            _pandera_schema(table, frames).validate(frames[name], lazy=True)
        except SchemaErrors as errors:
            cases = errors.failure_cases.drop_duplicates(["check", "column", "index"])
            for check, group in cases.groupby("check"):
                kind = {"not_nullable": "required", "multiple_fields_uniqueness": "primary-key"}.get(
                    str(check), str(check)
                )
                found[kind] += group["index"].nunique() if kind == "primary-key" else len(group)
    return found


def pointblank(folder: Path) -> Found:
    """pointblank on polars, over text cells; a step for each constraint."""
    import pointblank as tool
    import polars as pl

    tables = load_tables()
    frames = {n: pl.read_csv(_csv(folder, t), infer_schema=False) for n, t in tables.items()}
    found: Found = Counter()
    for name, table in tables.items():
        plan, kinds = tool.Validate(frames[name]), []

        def step(kind: str, method: str, *args: object, _kinds: list[str] = kinds, **options: object) -> None:
            nonlocal plan
            plan = getattr(plan, method)(*args, **options)
            _kinds.append(kind)

        for f in table.fields:
            if f.required:
                step("required", "col_vals_not_null", f.name)
            for kind, pattern in _patterns(f):
                step(kind, "col_vals_regex", f.name, rf"^(?:{pattern})$", na_pass=True)
            if f.enum:
                step(
                    "enum", "col_vals_in_set", f.name, list(f.enum), pre=lambda df, c=f.name: df.drop_nulls(c)
                )
            for kind, bound, method in (
                ("minimum", f.minimum, "col_vals_ge"),
                ("maximum", f.maximum, "col_vals_le"),
            ):
                if bound is not None:
                    step(
                        kind,
                        method,
                        f.name,
                        bound,
                        na_pass=True,
                        pre=lambda df, c=f.name: df.with_columns(pl.col(c).cast(pl.Float64, strict=False)),
                    )
        for key in table.foreign_keys:
            step(
                "foreign-key",
                "col_vals_in_table",
                key.fields[0],
                ref_table=frames[key.table],
                ref_column=key.reference[0],
                na_pass=True,
            )
        step("primary-key", "rows_distinct", list(table.primary_key))
        failed = plan.interrogate().n_failed()
        for number, kind in enumerate(kinds, 1):
            found[kind] += int(failed[number] or 0)
    # Every row that shares a key counts as failed there; one of each pair is the one to mend.
    found["primary-key"] //= 2
    return +found


def _sql_string(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql_checks(table: Table) -> list[tuple[str, str]]:
    """Kind of fault and the SQL condition under which a row has it, by row alone."""
    types = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
    checks = []
    for f in table.fields:
        column = f'"{f.name}"'
        if f.required:
            checks.append(("required", f"{column} IS NULL"))
        for kind, pattern in _patterns(f):
            checks.append((kind, f"NOT regexp_full_match({column}, {_sql_string(pattern)})"))
        if f.type in types:
            checks.append(
                (
                    "type",
                    (
                        f"{column} IS NOT NULL AND try_cast({column} AS {types[f.type]}) IS NULL AND"
                        f" regexp_full_match({column}, {_sql_string(LEXICAL[f.type])})"
                    ),
                )
            )
        if f.enum:
            checks.append(("enum", f"{column} NOT IN ({', '.join(map(_sql_string, f.enum))})"))
        if f.minimum is not None:
            checks.append(("minimum", f"try_cast({column} AS DOUBLE) < {f.minimum}"))
        if f.maximum is not None:
            checks.append(("maximum", f"try_cast({column} AS DOUBLE) > {f.maximum}"))
    return checks


def duckdb(folder: Path) -> Found:
    """Plain SQL in DuckDB over text cells, giving the failing rows: one scan for the cells, one query for
    each key.
    """
    import duckdb as tool

    connection, tables = tool.connect(), load_tables()
    found: Found = Counter()
    for name, table in tables.items():
        path = _sql_string(str(_csv(folder, table)))
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv({path}, all_varchar = true, header = true, delim"
            " = ',', quote = '\"', escape = '\"', nullstr = '')"
        )
    for name, table in tables.items():
        faults = ", ".join(
            f"CASE WHEN {condition} THEN '{kind}' END" for kind, condition in _sql_checks(table)
        )
        rows = connection.execute(
            f"SELECT row, fault FROM (SELECT rowid AS row, unnest([{faults}]) AS fault FROM {name}) WHERE"
            " fault IS NOT NULL"
        ).fetchall()
        found.update(kind for _, kind in rows)
        for key in (table.primary_key, *table.unique_keys):
            columns = ", ".join(f'"{c}"' for c in key)
            whole = " AND ".join(f'"{c}" IS NOT NULL' for c in key)
            again = connection.execute(
                f"SELECT {columns}, count(*) FROM {name} WHERE {whole} GROUP BY ALL HAVING count(*) > 1"
            ).fetchall()
            found["primary-key" if key == table.primary_key else "unique-key"] += sum(
                row[-1] - 1 for row in again
            )
        for key in table.foreign_keys:
            column, target = key.fields[0], key.reference[0]
            orphans = connection.execute(
                f'SELECT c.rowid FROM {name} c ANTI JOIN {key.table} t ON c."{column}" = t."{target}" WHERE'
                f' c."{column}" IS NOT NULL'
            ).fetchall()
            found["foreign-key"] += len(orphans)
    return +found


TOOLS: dict[str, Callable[[Path], Found]] = {
    f.__name__: f for f in (floor, validator, duckdb, pointblank, pandera, frictionless)
}
