"""The history of the cells: it ends in the cells as they are, and each value in it has its source."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from scripts.facts.linked_evidence import cell_texts, columns_of, link_cells, text_places
from scripts.model.known import known_on
from scripts.model.problems import brief
from scripts.model.tables import Table
from scripts.store.frames import in_order, row_ids
from scripts.validation.rules.registry import Fault, Row, Stage, Tables, declared, facts, is_fact, rows, rule

CELL = ["table", "row_id", "field"]
STANDS = pl.col("known_until").is_null()


@rule(Stage.DERIVED, reads=("cell_history", "sources"))
def history_is_in_order(t: Tables) -> Iterator[Fault]:
    """A value stands from a day on which a source became known to a later such day, and no two at a time."""
    history = t["cell_history"]
    days = pl.Series(sorted({known_on(row) for row in _publications(t["sources"])}), dtype=pl.Date)
    reported = set[int]()
    for column in ("known_from", "known_until"):
        for row in rows(history, ~pl.col(column).is_in(days.implode())):
            reported.add(row["_row"])
            message = f"no source became known on {row[column]}"
            yield Fault("cell_history", row["_row"], column, message, "rebuild")
    for row in rows(_followed(history), _ends_too_late() & ~pl.col("_row").is_in(reported)):
        message = f"it stands from {row['known_from']} until {row['known_until'] or 'today'}" + (
            f", and {brief(row['_value'])} from {row['_from']} on" if row["_from"] else ""
        )
        yield Fault("cell_history", row["_row"], "known_until", message, "rebuild")


def _publications(sources: pl.DataFrame) -> Iterator[Row]:
    """Yield what decides from when on a source is known, once where several share it."""
    known = sources.drop_nulls("published_on")
    return known.unique([c for c in known.columns if c.startswith("published_")]).iter_rows(named=True)


def _followed(history: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with day and value of the next one on the same cell."""
    table = declared()["cell_history"]
    if not in_order(history, table):
        history = history.sort(table.primary_key, maintain_order=True)
    same = pl.all_horizontal(pl.col(c) == pl.col(c).shift(-1) for c in CELL)
    return history.with_columns(
        pl.when(same).then(pl.col("known_from").shift(-1)).alias("_from"),
        pl.when(same).then(pl.col("value").shift(-1)).alias("_value"),
    )


def _ends_too_late() -> pl.Expr:
    """Tell of a row whether it ends before it begins, or the next one begins before it ends, or goes on with
    the same value on the same day.
    """
    until, after = pl.col("known_until"), pl.col("_from")
    goes_on = (until == after) & (pl.col("value") == pl.col("_value"))
    return (until <= pl.col("known_from")) | (
        after.is_not_null() & (until.is_null() | (until > after) | goes_on)
    )


@rule(Stage.SECOND, reads=("cell_history", is_fact))
def history_ends_in_the_cells(t: Tables) -> Iterator[Fault]:
    """The values that stand today by the history are the cells of the fact tables, and each of these is among
    them.
    """
    history, missing = t["cell_history"], list[Row]()
    linked = link_cells(facts().values(), t, history.filter(STANDS))
    nowhere = {"_at": None, "_key": None, "_cell": None}
    extra = [{**row, **nowhere} for row in rows(history, ~pl.col("table").is_in(list(facts())))]
    for table in facts().values():
        of_table = linked[table.name]
        texts, place = cell_texts(table, t[table.name]), text_places(of_table, t[table.name])
        said = texts.gather(place)
        wrong = of_table.with_columns(said.alias("_cell")).filter(said.ne_missing(of_table["value"]))
        extra += wrong.to_dicts()
        bare = texts.is_not_null().to_numpy().copy()
        bare[place.drop_nulls().to_numpy()] = False
        missing += list(_cells(table, t[table.name], texts, bare.nonzero()[0].tolist()))
    if extra or missing:
        yield from _differences(history, extra, missing)


def _cells(table: Table, frame: pl.DataFrame, texts: pl.Series, places: list[int]) -> Iterator[Row]:
    """Yield the cells at these places of ``texts``."""
    columns = columns_of(table)
    if places:
        ids = frame.select(row_ids(table)).to_series()
        for place in places:
            column, at = divmod(place, frame.height)
            cell = {"table": table.name, "row_id": ids[at], "field": columns[column]}
            yield {**cell, "value": texts[place]}


def _differences(history: pl.DataFrame, extra: list[Row], missing: list[Row]) -> Iterator[Fault]:
    """Yield rows that no cell bears out, and cells of which nothing stands; each pair of them once, where a
    row has the name of another cell.
    """
    lacking = {tuple(m[c] for c in CELL): m for m in missing}
    instead = {(c, *_apart_from(c, m)): name for name, m in lacking.items() for c in CELL}
    for row in extra:
        column, message = "value", f"it stands, and the cell is {brief(row['_cell'] or '')}"
        if row["table"] not in facts():
            column, message = "table", f"{brief(row['table'])} is not a table that sources fill"
        elif row["_at"] is None:
            column, message = "row_id", f"there is no row {brief(row['row_id'])} in {row['table']}"
        elif row["_key"] is None:
            column = "field"
            message = f"{brief(row['field'])} is not a column of {row['table']} that sources fill"
        meant = next((c for c in CELL if instead.get((c, *_apart_from(c, row))) in lacking), None)
        if meant and not row["_cell"]:
            column = meant
            del lacking[instead[meant, *_apart_from(meant, row)]]
        yield Fault("cell_history", row["_row"], column, message, "rebuild")
    ended = {
        name: (index, until)
        for *name_, index, until in history.filter(~STANDS).select(*CELL, "_row", "known_until").iter_rows()
        if (name := tuple(name_)) in lacking
    }
    for name, cell in lacking.items():
        what = f"{brief(cell['value'])} in {cell['field']} of {cell['table']} {cell['row_id']}"
        if name in ended:
            message = f"it ends on {ended[name][1]}, and {what} stands"
            yield Fault("cell_history", ended[name][0], "known_until", message, "rebuild")
        else:
            message = f"there is no row for {what}"
            yield Fault("cell_history", -1, ",".join([*CELL, "known_from"]), message, "rebuild")


def _apart_from(column: str, row: Row) -> list[str]:
    """Return the name of a cell without one part of it, and its value."""
    return [row[c] for c in (*CELL, "value") if c != column]


@rule(Stage.THIRD, reads=("cell_history", "sources", "evidence", is_fact))
def history_has_its_sources(t: Tables) -> Iterator[Fault]:
    """A value in the history is given by its source, and does not stand before that was published.

    Of a cell that stands no more, as there are in packages as of a day, no evidence is published.
    """
    history, said, reported = t["cell_history"], [*CELL, "value", "source_id"], set[int]()
    without = history.join(t["evidence"].select(said), on=said, how="anti", maintain_order="left")
    if without.height:
        without = without.join(
            history.filter(STANDS).select(CELL), on=CELL, how="semi", maintain_order="left"
        )
        values = set(t["evidence"].select([*CELL, "value"]).iter_rows())
        for row in without.iter_rows(named=True):
            reported.add(row["_row"])
            known = tuple(row[c] for c in [*CELL, "value"]) in values
            message = f"{row['source_id']} does not say {brief(row['value'])}"
            yield Fault("cell_history", row["_row"], "source_id" if known else "value", message, "rebuild")
    published = t["sources"].select("source_id", "published_on").unique("source_id", keep="first")
    for row in rows(
        history.join(published, on="source_id", how="left", maintain_order="left"),
        (pl.col("known_from") < pl.col("published_on")) & ~pl.col("_row").is_in(reported),
    ):
        message = f"it stands from {row['known_from']}, {row['source_id']} is of {row['published_on']}"
        yield Fault("cell_history", row["_row"], "known_from", message, "rebuild")
