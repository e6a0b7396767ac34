"""What any check of any input is held to: it ends in time, and its messages are fit to be read."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.model.problems import Problem

# A message is one line that a person reads.
LONGEST = 4_000


class TimedOut(BaseException):
    """A check took longer than it may; no ``Exception``, so that no handler of the pipeline swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimedOut in the block after ``seconds``."""

    def stop(*_: object) -> None:
        raise TimedOut

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fault_of_message(problem: Problem) -> str | None:
    """What is wrong with a problem as a message: empty, not one line, not printable, endless; None where
    nothing is.
    """
    if not problem.message.strip() or not problem.fix.strip() or not problem.rule or not problem.file:
        return "a part of the problem is empty"
    text = str(problem)
    if not text.isprintable():
        return "it has a line break, a control character or half a character"
    return f"it has {len(text)} characters" if len(text) > LONGEST else None
