"""Strategies that draw related tables as text, parents first, and plant faults in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from string import ascii_lowercase, ascii_uppercase

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from scripts.model.tables import Field, Table
from tests.corpus import forms, sound_values
from tests.faults.csvs import to_csv
from tests.faults.damage import CHANGES, LENIENT, ODD, SPOIL
from tests.mini import TABLES

Grid = list[list[str]]
# Tables to draw, each with all that it refers to: between them every type and every kind of key.
LEAVES = (
    "parties",
    "funding",
    "provisions",
    "event_organizations",
    "exchange_rates",
    "aliases",
    "agreement_matrix",
    "timeline",
    "indicators",
)


# One package holds up to ten tables; to draw and to judge it takes a tenth of a second or two.
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def budget(examples: int) -> settings:
    """Set how many examples are drawn: so many in the whole run, a third in the quick one, always the same;
    with ``pytest --hypothesis-profile deep`` forty times as many, each time others.
    """
    profile = settings.get_current_profile_name()
    return settings(
        max_examples={"quick": max(5, examples // 3), "deep": examples * 40}.get(profile, examples),
        derandomize=profile != "deep",
        deadline=None,
        database=None,
        suppress_health_check=SLOW,
    )


@dataclass
class Related:
    """Tables as grids of text, and what else was done to their bytes."""

    grids: dict[str, Grid]
    spoilt: dict[str, str]

    @property
    def tables(self) -> dict[str, Table]:
        return {name: TABLES[name] for name in self.grids}

    def files(self) -> dict[str, bytes]:
        """The CSV of each table."""
        plain = {name: to_csv(TABLES[name].names, grid) for name, grid in self.grids.items()}
        return {
            name: SPOIL[self.spoilt[name]](data) if name in self.spoilt else data
            for name, data in plain.items()
        }


@cache
def family(leaf: str) -> tuple[str, ...]:
    """A table and all it refers to, parents first."""
    found: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        for key in TABLES[name].foreign_keys:
            if key.table not in (*path, name):
                visit(key.table, (*path, name))
        if name not in found:
            found.append(name)

    visit(leaf, ())
    return tuple(found)


def _own(field: Field, i: int) -> str:
    """A sound value that no other row has: the name of row ``i``."""
    letters = {
        "[A-Z]{3}": product(ascii_uppercase, repeat=3),
        "[A-Z]{2}": product(ascii_uppercase, repeat=2),
        "[a-z_]+": product(ascii_lowercase, repeat=2),
    }
    if field.pattern in letters:
        return "".join(list(letters[field.pattern])[i])
    return f"k{i}"


@cache
def _texts(table: str, column: str) -> tuple[str, ...]:
    """Sound values to choose from."""
    field = TABLES[table].by_name[column]
    if field.enum or field.type != "string":
        return tuple(v for v in sound_values()[table, column] if v)
    if field.pattern:
        return tuple(t for t in forms("good")[field.pattern] if not t.startswith("0000"))
    return ("Alpha", "알파", "a, b and c", 'the "new" deal', "Ångström–Ω", "2025")


@st.composite
def _row(draw: st.DrawFn, table: Table, i: int, keys: Mapping[str, list[str]]) -> list[str]:
    """A sound row: its own name, references to rows that are there, anything sound in the rest."""
    variant, empty = draw(st.integers(0, 11)), draw(st.integers(0, 2 ** len(table.fields) - 1))
    cells = []
    for n, field in enumerate(table.fields):
        target = table.reference_of(field.name)
        if target and keys.get(target):
            cell = draw(st.sampled_from(keys[target]))
        elif target:
            cell = ""
        elif field.unique or (field.name == table.primary_key[0] and not field.enum):
            cell = _own(field, i)
        else:
            texts = _texts(table.name, field.name)
            cell = texts[(variant + n) % len(texts)]
        cells.append("" if not field.required and empty >> n & 1 else cell)
    return cells


def _distinct(table: Table, rows: Grid) -> Grid:
    """Rows without those that repeat a key; a unique key with an empty part repeats nothing."""
    seen: set[tuple] = set()
    kept = []
    for row in rows:
        cells = dict(zip(table.names, row, strict=True))
        keys = [(key, *(cells[c] for c in key)) for key in (table.primary_key, *table.unique_keys)]
        if not seen & set(keys):
            seen |= {k for k in keys if all(k[1:])}
            kept.append(row)
    return kept


@st.composite
def sound_packages(draw: st.DrawFn, leaves: tuple[str, ...] = LEAVES) -> Related:
    """Related tables without a fault."""
    grids: dict[str, Grid] = {}
    keys: dict[str, list[str]] = {}
    for name in family(draw(st.sampled_from(leaves))):
        table = TABLES[name]
        rows = [draw(_row(table, i, keys)) for i in range(draw(st.integers(1, 5)))]
        grids[name] = _distinct(table, rows)
        if len(table.primary_key) == 1:
            keys[name] = [row[table.names.index(table.primary_key[0])] for row in grids[name]]
    return Related(grids, {})


def _plant(draw: st.DrawFn, grid: Grid, table: Table) -> None:
    """One fault in a table; it may hit a row that has another already."""
    row = draw(st.integers(0, len(grid) - 1))
    typed = [i for i, f in enumerate(table.fields) if f.type != "string"]
    column = draw(st.sampled_from([*typed, *typed, *range(len(table.names))]))
    kind = draw(
        st.sampled_from(
            (
                "cell",
                "cell",
                "cell",
                "change",
                "change",
                "empty",
                "twice",
                "nearly",
                "short",
                "long",
                "blank",
                "none",
            )
        )
    )
    cell = grid[row][column] if column < len(grid[row]) else ""
    if kind == "cell":
        grid[row] = [
            *grid[row][:column],
            draw(st.sampled_from(ODD if table.fields[column].type == "string" else LENIENT)),
            *grid[row][column + 1 :],
        ]
    elif kind == "change":
        grid[row] = [*grid[row][:column], draw(st.sampled_from(CHANGES))(cell), *grid[row][column + 1 :]]
    elif kind == "empty":
        grid[row] = [*grid[row][:column], "", *grid[row][column + 1 :]]
    elif kind == "twice":
        grid.append(list(grid[row]))
    elif kind == "nearly":
        grid.append([*grid[row][:column], "", *grid[row][column + 1 :]])
    elif kind == "short":
        grid[row] = grid[row][:-1]
    elif kind == "long":
        grid[row] = [*grid[row], draw(st.sampled_from(("", "x")))]
    else:
        grid.append([""] * len(table.names) if kind == "blank" else [])


@st.composite
def faulty_packages(draw: st.DrawFn, leaves: tuple[str, ...] = LEAVES, *, spoil: bool = True) -> Related:
    """Related tables with some faults, in cells, rows, references, and, if so wished, now and then in the
    bytes of a file.
    """
    package = draw(sound_packages(leaves))
    names = list(package.grids)
    for _ in range(draw(st.integers(0, 12))):
        name = draw(st.sampled_from(names))
        _plant(draw, package.grids[name], TABLES[name])
    if spoil and draw(st.integers(0, 4)) == 4:
        package.spoilt[draw(st.sampled_from(names))] = draw(st.sampled_from(sorted(SPOIL)))
    return package
