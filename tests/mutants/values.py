"""Another value that its column allows, for any cell."""

from __future__ import annotations

import datetime as dt

from scripts.model.tables import Field
from tests.mutants.world import Sheet, World


def another(world: World, sheet: Sheet, field: Field, text: str) -> str | None:
    """A text that ``field`` allows and that is not ``text``, for a cell of the package; None where there is
    none.

    Lists give another of their values, references another key that exists, dates and numbers the next one.
    """
    if field.enum:
        return next((v for v in field.enum if v != text), None)
    target = next((k for k in sheet.table.foreign_keys if k.fields == (field.name,)), None)
    if target is not None:
        other = world.tables[target.table].csv
        return next(
            (v for v in (other.cell(i, target.reference[0]) for i in range(len(other.rows))) if v != text),
            None,
        )
    if not text:
        return field.example
    match field.type:
        case "boolean":
            return "false" if text == "true" else "true"
        case "date":
            return (dt.date.fromisoformat(text) + dt.timedelta(1)).isoformat()
        case "integer":
            return str(int(text) + (1 if field.maximum is None or int(text) < field.maximum else -1))
        case "number":
            value = float(text)
            return str(
                value - 0.5 if field.maximum is not None and value + 0.5 > field.maximum else value + 0.5
            ).removesuffix(".0")
    if field.fullmatch is None:
        return text + ("덧" if field.name.endswith("_ko") else " more")
    for other in (field.example, text + "x", text[:-1] + "1", text[:-1] + "0", "XXX"):
        if other != text and field.fullmatch.match(other):
            return other
    return None
