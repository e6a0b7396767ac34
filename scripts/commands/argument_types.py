"""The types of arguments: a day, a path, a share, an amount of memory.

Each function takes the word from the command line and returns its value; it raises ArgumentTypeError, which
argparse prints, before anything is run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
from pathlib import Path

from scripts.model.problems import brief


def day(text: str) -> dt.date:
    """Parse a day written as YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day; write it as YYYY-MM-DD') from None


def path(text: str) -> Path:
    """Parse a name that a file or folder can have."""
    try:
        # os.fsencode refuses a lone surrogate.
        if text and b"\0" not in os.fsencode(text):
            return Path(text)
    except UnicodeEncodeError:
        pass
    raise argparse.ArgumentTypeError(f"{brief(text)} cannot be the name of a file or folder")


def share(text: str) -> float:
    """Parse a number between 0 and 1."""
    try:
        if 0 <= float(text) <= 1:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{brief(text)} is not a share between 0 and 1")


def memory(text: str) -> str:
    """Check an amount of memory in MB or GB, such as 2500MB."""
    if re.fullmatch("[1-9][0-9]{0,6}[MG]B", text):
        return text
    raise argparse.ArgumentTypeError(f"{brief(text)} is not an amount of memory such as 2500MB or 3GB")
