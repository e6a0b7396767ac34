"""Make the pinned tables of a publisher: a conversion of its tables in, our form out."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from scripts.model.problems import CannotRun, brief, shown
from scripts.model.values import NUMBER
from scripts.series.pinned import table_path
from scripts.series.publisher import Publisher
from scripts.store.csvfile import write_rows
from scripts.store.files import read_inside
from scripts.store.schemas import load_seed_table


def pinned_table(publisher: Publisher, upstream_id: str, original: bytes) -> bytes:
    """Return one pinned table as CSV, made from the bytes of its conversion.

    Raises CannotRun where the conversion has another form than the one declared, or a cell is neither a
    figure nor one of ``publisher.not_available``.
    """
    file, figures = publisher.tables[upstream_id]
    made = []
    try:
        table = list(csv.DictReader(io.StringIO(original.decode("utf-8"), newline="")))
        for figure in figures(table):
            if figure.value in publisher.not_available:
                continue
            if not NUMBER.match(figure.value):
                raise CannotRun(
                    f"{file}: row {figure.source_row} holds {brief(figure.value)}, which is not a figure; say"
                    f" what it means where {publisher.name} is declared (scripts/series/publishers/)"
                )
            made.append({**figure._asdict(), "value": float(figure.value)})
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        # Another header, cells that are missing, other bytes.
        raise CannotRun(f"{file}: this is not the table that is declared ({error})") from None
    return write_rows(load_seed_table("pinned").fields, made)


def pin(publisher: Publisher, folder: Path) -> dict[str, bytes]:
    """Return every pinned table of a publisher, made from the conversions in ``folder``, by its path in
    ``seeds/``. Raises CannotRun.
    """
    return {
        table_path(upstream_id): pinned_table(
            publisher, upstream_id, read_inside(folder / file, folder, shown(folder / file))
        )
        for upstream_id, (file, _) in publisher.tables.items()
    }
