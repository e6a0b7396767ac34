"""``docs/reference/scale.md``: the figures of ``benchmarks.scale``, and what they make of a snapshot."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence

from benchmarks.measure import Cost
from benchmarks.report import count, markdown_table
from benchmarks.scale_measure import TIGHT, Measured
from benchmarks.works import PART

# Of OpenAlex: docs.openalex.org/how-to-use-the-api/xpac (November 2025) and developers.openalex.org/download
# (June 2026).
WORKS, WORKS_API = 470_000_000, 278_000_000
PACKED = 330e9
CLUSTER = 64

# Measured once, with both libraries in an environment of their own; they are not among the packages of this
# project.
CHOICE = """## SQL, Ibis or sqlglot

The heart of the logic (distinct countries as one text, three bits, number of works of each kind) on 400 000 works of one Parquet file, DuckDB with two threads, processor seconds of three runs:

| | seconds | start-up | besides |
| --- | ---: | ---: | --- |
| own SQL | 4.6 to 5.0 | 0.3 | six functions of one line for each engine |
| the same SQL through sqlglot 30.17 | 4.6 to 4.8 | 0.5 | 8 MB |
| Ibis 12.0.0 with sqlglot 30.17 | 4.4 to 4.6 | 1.1 | 37 MB, and numpy, pandas, rich |

All three end in the same plan, so speed decides nothing. Ibis writes lambdas with an arrow, which DuckDB 2.0 refuses unless a deprecated setting is made, and needs an old sqlglot (before 30.18). sqlglot turned the length of a list into Spark's `LENGTH`, which is that of a text, and left `FLATTEN` and `ARRAY_DISTINCT`, which treat nulls otherwise in Spark. So the logic is SQL, with the names of functions on lists put in (`scripts/openalex/counting.py`).
"""  # noqa: E501


def _value(costs: dict[tuple[str, int], Cost], name: str, size: int, of: str) -> float | None:
    cost = costs.get((name, size))
    if cost is None:
        return None
    return {"seconds": cost.seconds, "cpu": cost.cpu, "peak": cost.peak, "spill": cost.result["spill"]}[of]


def _matrix(
    costs: dict[tuple[str, int], Cost], sizes: Sequence[int], names: Sequence[str], of: str, digits: int
) -> list[str]:
    rows = []
    for name in names:
        values = [_value(costs, name, size, of) for size in sizes]
        rows.append([name, *("" if v is None else f"{v:,.{digits}f}".replace(",", " ") for v in values)])
    return markdown_table(["works", *map(count, sizes)], rows)


def _machine() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        cpu = next(
            (line.partition(":")[2].strip() for line in file if line.startswith("model name")),
            "processor unknown",
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Machine: {cpu}, {os.cpucount()} cores, {memory:.0f} GiB of memory, {platform.system()}"
        f" {platform.release()}; Python {platform.python_version()}."
    )


def _slope(costs: dict[tuple[str, int], Cost], name: str) -> float:
    """Works a second between the smallest and the largest size."""
    sizes = sorted(size for job, size in costs if job == name)
    least, most = sizes[0], sizes[-1]
    return (
        (most - least) / (_value(costs, name, most, "seconds") - _value(costs, name, least, "seconds"))
        if most > least
        else most / _value(costs, name, most, "seconds")
    )


def _yes(reached: bool) -> str:
    return "yes" if reached else "**no**"


def page(found: dict[str, Measured]) -> str:
    """The page, of what was measured by format."""
    parquet, packed = found["parquet"].costs, found["jsonl"].costs
    sizes, json_sizes = (sorted({size for _, size in costs}) for costs in (parquet, packed))
    most, json_most = sizes[-1], json_sizes[-1]
    first = next((n for n in sizes if n >= 1_000_000), sizes[0])
    more, longer, busier = (
        most / first,
        *(
            _value(parquet, "duckdb", most, of) / _value(parquet, "duckdb", first, of)
            for of in ("seconds", "cpu")
        ),
    )
    peak = max(cost.peak for (name, _), cost in [*parquet.items(), *packed.items()] if name == "duckdb")
    kept = parquet["duckdb", most].result["kept"] / most
    rate, spark_rate = most / _value(parquet, "duckdb", most, "seconds"), _slope(parquet, "spark")
    json_rate, json_bytes = (
        json_most / _value(packed, "duckdb", json_most, "seconds"),
        found["jsonl"].bytes[json_most] / json_most,
    )
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("duckdb", "pyarrow", "pyspark", "pandas")
    )

    def near(costs: dict[tuple[str, int], Cost], size: int, floor: str) -> list[str]:
        wall, cpu = (
            _value(costs, "duckdb", size, of) / _value(costs, floor, size, of) for of in ("seconds", "cpu")
        )
        return [f"{wall:.2f} times; of processor seconds {cpu:.2f} times", _yes(wall <= 1.5)]

    goals = [
        [f"Parquet, {count(most)} works: within 1.5 times of DuckDB looking at the same columns",
         *near(parquet, most, "floor")],
        ["the same, of pyarrow unpacking the same leaves, the lowest floor", *near(parquet, most, "pyarrow")],
        [f"gzipped JSON, {count(json_most)} works: within 1.5 times of DuckDB looking at the same columns",
         *near(packed, json_most, "floor")],
        [f"time linear in the works, from {count(first)} on",
         f"{more:.0f} times as many take {longer:.1f} times as long, {busier:.1f} times the processor"
         " seconds", _yes(busier <= 1.2 * more)],
        ["memory of DuckDB under 4 GiB", f"{peak / 1024:.2f} GiB at most", _yes(peak < 4096)],
    ]  # fmt: skip
    hours, minutes = WORKS / rate / 3600, WORKS / (spark_rate * CLUSTER / 2) / 60
    lines = [
        "# Counting works of OpenAlex: time and memory", "",
        "Made by `make scale`; do not edit. Other machines give other seconds: look at the ratios. This"
        " machine was shared with other work while it was measured, more at some times than at others, so"
        " seconds compare badly between jobs; processor seconds compare better.", "",
        _machine(), f"{versions}; {java}.", "",
        "The works are synthetic (`benchmarks/works.py`): authorships, institutions, countries, concepts and"
        " years are those of the real samples, kept together as they were found, with names and addresses"
        f" beside them that counting does not need, but without abstracts. Parts have {count(PART)} works,"
        f" each {found['parquet'].bytes[most] / most:.0f} bytes as Parquet and {json_bytes:.0f} as gzipped"
        " JSON. Each job is a process of its own, run once, or again where it was seen to be disturbed;"
        " seconds are without start-up and imports; memory is the most that was resident. A run of ours"
        " counts all that `docs/openalex.md` says, looks for copies and writes the tables.", "",
        "## Goals", "", *markdown_table(["goal", "measured", "reached"], goals),
        "## Seconds, Parquet", "",
        "`pyarrow` unpacks the leaves that are counted and does nothing with them; `floor` is DuckDB"
        " counting the values of the same columns, for which it unpacks all of an authorship and of a"
        f" concept; `duckdb` and `spark` are a run of ours; `tight` is one with `--memory {TIGHT}`, which has"
        " to spill; `pandas` makes whole counts, fractional ones and pairs for two definitions only, all in"
        " memory.", "",
        *_matrix(parquet, sizes, ("pyarrow", "floor", "duckdb", "tight", "spark", "pandas"), "seconds", 1),
        "## Processor seconds, Parquet, imports included", "",
        "Of all threads together. Those of Spark are in another process and not seen.", "",
        *_matrix(parquet, sizes, ("pyarrow", "floor", "duckdb", "pandas"), "cpu", 1),
        "## Peak memory in MiB, Parquet", "",
        *_matrix(parquet, sizes, ("pyarrow", "floor", "duckdb", "tight", "pandas"), "peak", 0),
        "## Spilled to disk at most, in MiB, Parquet", "",
        *_matrix(parquet, sizes, ("duckdb", "tight"), "spill", 0),
        "## Seconds, gzipped JSON", "",
        *_matrix(packed, json_sizes, ("floor", "duckdb", "spark"), "seconds", 1),
        "## Processor seconds and peak memory in MiB, gzipped JSON", "",
        *_matrix(packed, json_sizes, ("floor", "duckdb"), "cpu", 1),
        *_matrix(packed, json_sizes, ("floor", "duckdb"), "peak", 0),
        CHOICE,
        "## What a whole snapshot costs, on paper", "",
        f"OpenAlex says that it has over {count(WORKS)} works with the expansion pack, about"
        f" {count(WORKS_API)} without ([xpac](https://docs.openalex.org/how-to-use-the-api/xpac), November"
        f" 2025), and that the gzipped JSON of all entities is about {PACKED / 1e9:.0f} GB"
        " ([download](https://developers.openalex.org/download), a stored copy of 2026; the figure is older"
        " than the expansion pack, so there may be more by now).", "",
        f"**One machine like this one**, with its two cores. Parquet: {count(WORKS)} works / {count(rate)}"
        f" works a second = {hours:.1f} hours. Gzipped JSON: {count(WORKS)} / {count(json_rate)} ="
        f" {WORKS / json_rate / 3600:.1f} hours, or by size {PACKED / 1e9:.0f} GB /"
        f" {json_rate * json_bytes / 1e6:.1f} MB a second = {PACKED / (json_rate * json_bytes) / 3600:.1f}"
        " hours; real records also carry abstracts and references, which a reader of JSON has to pass over,"
        f" so the larger is the safer. A disk of 500 MB a second reads {PACKED / 1e9:.0f} GB in"
        f" {PACKED / 5e8 / 60:.0f} minutes and is not what one waits for. The short rows that are kept take"
        f" {kept:.1f} bytes a work, {WORKS * kept / 1e9:.1f} GB. Memory stays under its limit, for parts are"
        f" counted two at a time and what is added up spills; looking for copies among {count(WORKS)} ids"
        f" should spill {WORKS * 32 / 1e9:.0f} GB, at 32 bytes an id (reckoned, not measured).", "",
        f"**A cluster** of {CLUSTER} cores. With two workers here Spark does {count(spark_rate)} more works"
        " of Parquet in each further second, between its smallest and its largest size above; its start, the"
        " better part of a minute here, is in neither. Parts are independent and there are over a thousand,"
        f" so {CLUSTER} cores take {count(WORKS)} / ({count(spark_rate)} x {CLUSTER} / 2) = {minutes:.0f}"
        f" minutes, and to add up shuffles {WORKS * 16 / 1e9:.0f} GB at 16 bytes a work. At 0.05 dollars a"
        f" core and hour, which is assumed, that is {minutes / 60 * CLUSTER * 0.05:.2f} dollars, and DuckDB"
        f" on one machine is {hours * 2 * 0.05:.2f}. For Parquet one machine is enough; a cluster pays where"
        " the snapshot already lies there, or for JSON.", "",
    ]  # fmt: skip
    return "\n".join(lines).rstrip("\n") + "\n"
