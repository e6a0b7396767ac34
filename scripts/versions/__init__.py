"""Versions of the package: the ledger of releases, and what changed between two of them."""
