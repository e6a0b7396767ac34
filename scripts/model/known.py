"""From which day on something counts as known."""

from __future__ import annotations

import datetime as dt

from scripts.model.seeds import Record

WEEK = dt.timedelta(days=7)


def known_on(source: Record) -> dt.date:
    """Return the first day on which a reader can know what a source, or a pinned table, says.

    A day that may be a week off counts from a week later on, so that nothing is known too early. The only
    place that turns the day of publication into this one.
    """
    day: dt.date = source["published_on"]
    return day + WEEK if source.get("published_precision") == "week" else day
