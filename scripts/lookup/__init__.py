"""Looks a row up in a package: its proof, and how to cite it."""
