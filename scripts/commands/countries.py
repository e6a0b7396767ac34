"""Rewrite the list of countries from pycountry and Babel."""

from __future__ import annotations

import argparse

from scripts.coding.countries import countries_csv
from scripts.model.paths import ROOT
from scripts.store.publish import publish


def register(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(_: argparse.Namespace) -> int:
    """Write the list."""
    name = "seeds/vocabularies/countries.csv"
    publish(ROOT, {name: countries_csv()}, clear=None)
    print(name)
    return 0
