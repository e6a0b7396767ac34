"""From which day on something counts as known."""

from __future__ import annotations

import datetime as dt

from scripts.model.seeds import Record


def known_on(source: Record) -> dt.date:
    """Return the first day on which a reader can know what a source, or a pinned table, says.

    The only place that turns the day of publication into this one.
    """
    day: dt.date = source["published_on"]
    return day
