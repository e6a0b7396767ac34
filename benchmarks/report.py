"""The figures as a page: machine, command, tables, and whether each goal is reached."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.bench import TOOLS, Results
from benchmarks.measure import Cost

LIBRARY = {
    "floor": "pyarrow",
    "duckdb": "duckdb",
    "pointblank": "pointblank",
    "pandera": "pandera",
    "frictionless": "frictionless",
}
SAYS = {
    "floor": "nothing: every CSV is read, that is all",
    "validator": (
        "bytes, form, types, constraints, keys, references, evidence against cells, rules, derived tables,"
        " CSV against Parquet, descriptor and hashes"
    ),
    "duckdb": "form, types, constraints, keys, unique keys, references; the failing rows",
    "pointblank": "form, constraints, keys, references (polars)",
    "pandera": "form, constraints, keys, references (pandas)",
    "frictionless": "form, types, constraints, keys, references, hashes of the CSV",
}
MILLION = 1_000_000
# Below, start-up is most of the time.
LONG = 90_000


def markdown_table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines] + [""]


def count(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


def machine() -> list[str]:
    """What the figures were taken on."""
    cpu = platform.processor() or "unknown"
    info = Path("/proc/cpuinfo")
    if info.is_file():
        cpu = next(
            (
                line.partition(":")[2].strip()
                for line in info.read_text().splitlines()
                if line.startswith("model name")
            ),
            cpu,
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = ", ".join(
        f"{n} {importlib.metadata.version(n)}"
        for n in ("pyarrow", "polars", "pandas", "pandera", "duckdb", "pointblank", "frictionless")
    )
    return [
        (
            f"Machine: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}"
            f" {platform.release()}."
        ),
        f"Python {platform.python_version()}; {versions}.",
    ]


def _grid(results: Results, show: Callable[[Cost, int], str], tools: Sequence[str] = TOOLS) -> list[str]:
    head = ["rows", *(count(n) for n in results.rows.values())]
    cells = [
        [tool, *(_cell(results.valid[size, tool], size, show) for size in results.rows)] for tool in tools
    ]
    return markdown_table(head, cells)


def _cell(cost: Cost | str, size: int, show: Callable[[Cost, int], str]) -> str:
    return f"({cost})" if isinstance(cost, str) else show(cost, size)


def _against(results: Results, other: str, *, faster: bool) -> Callable[[Cost, int], str]:
    def show(cost: Cost, size: int) -> str:
        base = results.valid[size, other]
        if isinstance(base, str):
            return "-"
        ratio = base.seconds / cost.seconds if faster else cost.seconds / base.seconds
        return f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"

    return show


def _reported(results: Results, size: int, stage: str, tool: str) -> list[str]:
    """Found of planted and what else was said, seconds, memory."""
    cost, planted = results.faulty[size, stage, tool], results.planted[size, stage]
    if isinstance(cost, str):
        return [f"left out: {cost}", "", ""]
    found = cost.result["found"]
    hits = sum(min(found.get(kind, 0), number) for kind, number in planted.items())
    more = sum(found.values()) - hits
    return [
        f"{count(hits)} of {count(sum(planted.values()))}" + (f" (+{count(more)})" if more else ""),
        f"{cost.seconds:.2f}",
        count(cost.peak),
    ]


def _growth(seconds: dict[int, float]) -> tuple[str, bool]:
    """How the time grows from one number of rows or claims to the next, and whether never faster than they
    do.

    A tenth is let pass: two runs of the same differ by that.
    """
    steps = [(more / less, seconds[more] / seconds[less]) for less, more in pairwise(sorted(seconds))]
    return "; ".join(f"{n:.1f} times as many take {t:.1f} times as long" for n, t in steps), all(
        t <= 1.1 * n for n, t in steps
    )


def goals(results: Results) -> list[str]:
    """Each goal with what was measured; a goal whose size was not run is left out."""
    rows = []

    def goal(words: str, figure: str, reached: bool) -> None:
        rows.append([words, figure, "yes" if reached else "**no**"])

    own = {s: c for (s, t), c in results.valid.items() if t == "validator" and isinstance(c, Cost)}
    if MILLION in own:
        other, floor = results.valid[MILLION, "frictionless"], results.valid[MILLION, "floor"]
        if isinstance(other, Cost):
            ratio = other.seconds / own[MILLION].seconds
            goal(
                "1 million rows: at least 30 times as fast as frictionless", f"{ratio:.0f} times", ratio >= 30
            )
        if isinstance(floor, Cost):
            ratio = own[MILLION].seconds / floor.seconds
            goal("1 million rows: within 4 times of the floor", f"{ratio:.1f} times", ratio <= 4)
    long = {results.rows[size]: c.seconds for size, c in own.items() if size >= LONG}
    if len(long) > 1:
        goal("time linear in the rows, from 100 thousand on", *_growth(long))
    if 10 * MILLION in own:
        goal(
            "10 million rows: under 4 GiB",
            f"{own[10 * MILLION].peak / 1024:.2f} GiB",
            own[10 * MILLION].peak < 4096,
        )
    for name, cost in results.start_up.items():
        if name == "package":
            goal(
                "`validate` on the real package: under 1.5 s, imports included",
                f"{cost.wall:.2f} s",
                cost.wall < 1.5,
            )
    long = {number: c.seconds for number, c in results.builds.items() if number >= LONG}
    if len(long) > 1:
        goal("build linear in the claims, from 100 thousand on", *_growth(long))
    return markdown_table(["goal", "measured", "reached"], rows)


def page(results: Results, command: str) -> str:
    """The whole page in Markdown."""
    text = [
        "# Benchmarks", "",
        f"Made by `{command}`; do not edit. Other machines give other seconds: look at the ratios.", "",
        *machine(), "",
        "The packages are synthetic: `benchmarks/` makes up seeds with a fixed random seed, the project's own"
        " build makes a small package of them, and that is copied under other names to the size wanted, all"
        " 32 tables, about four fifths of the rows evidence, as in the real data. Every job is a process of"
        " its own; of up to five runs the quickest counts (no further run after a minute). Seconds are"
        " without start-up and imports unless said otherwise; memory is the most that was resident. The files"
        " were just written, so they are read from the page cache and not from the disk.", "",
        "## Goals", "", *goals(results),
        "## Who checks what", "",
        *markdown_table(["tool", "version", "checks"],
                [[t, importlib.metadata.version(LIBRARY[t]) if t in LIBRARY else "this project", SAYS[t]]
                 for t in TOOLS]),
        "## Seconds to check a valid package", "",
        "In brackets with start-up and imports; an estimate alone in brackets: left out, it would take that"
        " much.", "",
        *_grid(results, lambda c, _: f"{c.seconds:.3g} ({c.wall:.3g})"),
        "## Processor seconds, imports included", "",
        "Of all threads together: what other work on the machine changes least.", "",
        *_grid(results, lambda c, _: f"{c.cpu:.3g}"),
        "## Peak memory in MiB", "", *_grid(results, lambda c, _: count(c.peak)),
        "## Times the floor", "", *_grid(results, _against(results, "floor", faster=False)),
        "## Times as fast as frictionless", "",
        *_grid(results, _against(results, "frictionless", faster=True)),
        "## Growth of this validator", "",
        *markdown_table(
            ["rows", "MB of CSV", "seconds", "microseconds per row", "peak MiB"],
            [[count(results.rows[s]), f"{results.megabytes[s]:.1f}", f"{c.seconds:.2f}",
              f"{1e6 * c.seconds / results.rows[s]:.1f}", count(c.peak)] for s in results.rows
             if isinstance(c := results.valid[s, "validator"], Cost)],
        ),
        "## One row in a hundred faulty", "",
        "Faults of form (letters in a number, a boolean, a date), of constraints (a value off the list, an"
        " empty cell, an orphan, a key twice), of meaning (a cell that says other than its evidence). Found"
        " of planted; in brackets what was reported besides.", "",
        *markdown_table(
            ["rows", "faults of", "tool", "found", "seconds", "peak MiB"],
            [[count(results.rows[s]), stage, tool, *_reported(results, s, stage, tool)] for s, stage,
             tool in results.faulty],
        ),
        "## The command on the real data", "",
        *markdown_table(["`python -m scripts validate`", "seconds with imports", "peak MiB"],
                [[n, f"{c.wall:.2f}", count(c.peak)] for n, c in results.start_up.items()]),
        "## Builds", "", "From seeds and their lock to the published files.", "",
        *markdown_table(
            ["claims", "rows", "seconds", "microseconds per claim", "peak MiB"],
            [[count(n), count(c.result["rows"]), f"{c.seconds:.1f}", f"{1e6 * c.seconds / n:.0f}",
              count(c.peak)] for n, c in results.builds.items()],
        ),
    ]  # fmt: skip
    return "\n".join(text).rstrip() + "\n"
