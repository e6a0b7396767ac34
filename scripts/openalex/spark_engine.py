"""Counts with Apache Spark: on the workers of a cluster, or on the cores of this machine.

Each part is a job of its own, and as many jobs are under way at once as there are workers, since a gzipped
part cannot be divided. All workers must see the parts and the folder of results under the same names.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from scripts.model.problems import CannotRun
from scripts.openalex import counting
from scripts.openalex.fields import WORK, fit, spark_type
from scripts.openalex.inputs import Part

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    # A backslash in a pattern is one, and the fields of Parquet are spelt as they are.
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
}
_STRICT = "map('mode', 'PERMISSIVE', 'columnNameOfCorruptRecord', 'unsound', 'allowSingleQuotes', 'false')"


@contextmanager
def _silent(log: Path) -> Iterator[None]:
    """Java, which is started here, says what it says into a file."""
    terminal = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


class _Dialect:
    empty = "array()"

    def each(self, items: str, name: str, expression: str) -> str:
        return f"transform({items}, {name} -> {expression})"

    def only(self, items: str, name: str, condition: str) -> str:
        return f"filter({items}, {name} -> {condition})"

    def size(self, items: str) -> str:
        return f"coalesce(size({items}), 0)"

    def distinct(self, lists: str) -> str:
        return f"array_compact(array_distinct(flatten({lists})))"

    def joined(self, items: str) -> str:
        return f"coalesce(array_join(array_sort({items}), ' '), '')"

    def matches(self, text: str, pattern: str) -> str:
        return rf"regexp_like({text}, '\A(?:{pattern})\z')"


class Spark:
    """``master`` is the address of the cluster; ``local[2]`` is two workers on this machine."""

    name, version = "spark", pyspark.__version__
    errors = (PySparkException, Py4JError)

    def __init__(self, spill: Path, master: str) -> None:
        local = master.startswith("local")
        # Spark looks for other addresses of this machine and warns, unless it is told.
        if local:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        logging.getLogger("py4j").setLevel(logging.ERROR)
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        builder = (
            SparkSession.builder.master(master).appName("techpacts").config("spark.local.dir", str(spill))
        )
        settings = _SETTINGS | (
            {
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.sql.shuffle.partitions": "2",
            }
            if local
            else {}
        )
        for name, value in settings.items():
            builder = builder.config(name, value)
        try:
            with _silent(spill / "java.log"):
                self._session = builder.getOrCreate()
        except self.errors as error:
            raise CannotRun(
                "Spark does not start; it needs Java 17 and, for a cluster, its address"
                f" ({' '.join(str(error).split())})"
            ) from None
        self.together = self._session.sparkContext.defaultParallelism

    def _relation(self, part: Part, source: Path) -> tuple[DataFrame, str]:
        """The works of a file, and a query of their columns."""
        if source.suffix == ".parquet":
            shape, _ = fit(pq.ParquetFile(source), part.name)
            fields = ", ".join(f"{f.name} {spark_type(f.type)}" for f in shape)
            return (
                self._session.read.schema(fields).parquet(str(source)),
                "SELECT *, FALSE AS unsound FROM {works}",
            )
        # Spark takes the first record of a line and drops the rest; in a list, the rest is seen. An empty
        # line is an empty list.
        shape = f"works ARRAY<{spark_type(pa.struct(list(WORK)))}>, unsound STRING"
        parsed = f"from_json(concat('{{{{\"works\":[', value, ']}}}}'), '{shape}', {_STRICT})"
        query = f"""SELECT work.*, unsound FROM (
            SELECT line.works[0] AS work, line.unsound IS NOT NULL OR size(line.works) > 1 AS unsound
            FROM (SELECT {parsed} AS line FROM {{works}}) WHERE coalesce(size(line.works), -1) <> 0)"""
        return self._session.read.option("lineSep", "\n").text(str(source)), query

    def narrow(self, part: Part, source: Path, out: Path) -> None:
        """Writes the short rows of a part, read from ``source``, to the Parquet folder ``out``."""
        works, relation = self._relation(part, source)
        # Before the query is formatted, braces of the logic itself are doubled.
        query = (
            counting.narrow(_Dialect(), "\0", part.name)
            .replace("{", "{{")
            .replace("}", "}}")
            .replace("\0", f"({relation})")
        )
        self._session.sql(query, works=works).write.option("compression", "zstd").parquet(str(out))

    def kinds(self, rows: Path) -> pa.Table:
        """The kinds of short rows of one part."""
        return self._session.sql(
            counting.kinds("{rows}"), rows=self._session.read.parquet(str(rows))
        ).toArrow()

    def merged(self, parts: list[Path]) -> pa.Table:
        """The kinds of works of all parts, each work once."""
        return self._session.sql(
            counting.merged("{rows}"), rows=self._session.read.parquet(*map(str, parts))
        ).toArrow()

    def close(self) -> None:
        """Ends the session."""
        self._session.stop()
