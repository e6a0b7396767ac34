"""Where the repository and its parts lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCHEMAS = ROOT / "schemas"

SEEDS = ROOT / "seeds"
