"""The count with Apache Spark: on the workers of a cluster, or on the cores of this machine.

Each part is a job of its own, and as many jobs are under way at once as there are workers, since a gzipped
part cannot be divided. All workers must see the parts and the folder of results under the same names.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from scripts.model.problems import CannotRun
from scripts.openalex.counting import Dialect, narrow
from scripts.openalex.engine import Engine
from scripts.openalex.fields import WORK, fit, spark_type
from scripts.openalex.inputs import Part

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    # A backslash in a pattern is one, and the fields of Parquet are spelled as they are.
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
}
_STRICT = "map('mode', 'PERMISSIVE', 'columnNameOfCorruptRecord', 'unsound', 'allowSingleQuotes', 'false')"


@contextmanager
def _silent(log: Path) -> Iterator[None]:
    """Let Java, which is started here, write its messages to a file."""
    terminal = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


DIALECT = Dialect(
    empty="array()",
    each=lambda items, name, expression: f"transform({items}, {name} -> {expression})",
    only=lambda items, name, condition: f"filter({items}, {name} -> {condition})",
    size=lambda items: f"coalesce(size({items}), 0)",
    distinct=lambda lists: f"array_compact(array_distinct(flatten({lists})))",
    joined=lambda items: f"coalesce(array_join(array_sort({items}), ' '), '')",
    matches=lambda text, pattern: rf"regexp_like({text}, '\A(?:{pattern})\z')",
)


class Spark(Engine):
    """``master`` is the address of the cluster; ``local[2]`` is two workers on this machine."""

    name, version = "spark", pyspark.__version__
    errors = (PySparkException, Py4JError)

    def __init__(self, spill: Path, master: str) -> None:
        local = master.startswith("local")
        # Spark looks for other addresses of this machine and warns, unless it is given one.
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
        # To a folder of Parquet files.
        works, relation = self._relation(part, source)
        # Before the query is formatted, braces of the logic itself are doubled.
        query = (
            narrow(DIALECT, "\0", part.name)
            .replace("{", "{{")
            .replace("}", "}}")
            .replace("\0", f"({relation})")
        )
        self._session.sql(query, works=works).write.option("compression", "zstd").parquet(str(out))

    def query(self, make: Callable[[str], str], rows: list[Path]) -> pa.Table:
        works = self._session.read.parquet(*map(str, rows))
        return self._session.sql(make("{rows}"), rows=works).toArrow()

    def close(self) -> None:
        self._session.stop()
