"""The seeds and the held texts that are at hand, for commands that look into texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts.model.seeds import Seeds
from scripts.pipeline.seeds import read_seeds
from scripts.sources.passages import HeldText, read_held_texts
from scripts.store.schemas import load_tables


def read_seeds_and_texts(sources: Sequence[Path]) -> tuple[Seeds, dict[str, HeldText]]:
    """Read the seeds, and the held texts that are in the folders ``sources``, by source."""
    seeds = read_seeds(load_tables())
    return seeds, read_held_texts(sources, seeds.lists["sources"], seeds.files["sources"])
