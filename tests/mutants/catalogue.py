"""The whole catalogue: whoever imports ``CATALOGUE`` from here has every operator in it."""

from tests.mutants import (  # noqa: F401  (each fills the catalogue)
    constraint_faults,
    derived_faults,
    descriptor_faults,
    evidence_faults,
    fact_faults,
    file_faults,
    history_faults,
    parquet_faults,
    repository,
    seed_faults,
    seed_meaning,
    seed_sums,
    series_faults,
    structure,
    tombstone_faults,
    typing_faults,
)
from tests.mutants.operator import CATALOGUE

__all__ = ["CATALOGUE"]
