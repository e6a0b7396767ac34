"""Benchmarks: synthetic packages of any size, this validator beside others, and what they cost. ``make
bench`` runs them.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
