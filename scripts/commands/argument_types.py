"""What words on the command line must be: an amount, a day, a folder. Anything else is said and nothing is
run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
from pathlib import Path

from scripts.model.problems import brief


def day(text: str) -> dt.date:
    """A day written as YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day; write it as YYYY-MM-DD') from None


def folder(text: str) -> Path:
    """A name that a file or folder can have."""
    try:
        # Half a character is no name either.
        if text and b"\0" not in os.fsencode(text):
            return Path(text)
    except UnicodeEncodeError:
        pass
    raise argparse.ArgumentTypeError(f"{brief(text)} is no folder")


def share(text: str) -> float:
    """A number between 0 and 1."""
    try:
        if 0 <= float(text) <= 1:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{brief(text)} is not a share between 0 and 1")


def memory(text: str) -> str:
    """An amount of memory, in MB or GB."""
    if re.fullmatch("[1-9][0-9]{0,6}[MG]B", text):
        return text
    raise argparse.ArgumentTypeError(f"{brief(text)} is not an amount of memory such as 2500MB or 3GB")
