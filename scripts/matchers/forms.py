"""Named forms of writing something, each with an example that the tests hold against its pattern."""

from __future__ import annotations

from typing import NamedTuple


class Form(NamedTuple):
    """One way to write something: its name, an example in full, and the pattern, in any case of letters."""

    name: str
    example: str
    pattern: str
