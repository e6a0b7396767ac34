"""Data mutation: a catalogue of faults, each planted alone, each to be reported at its place and nowhere
else.

``python -m tests.mutants`` plants them all and writes the kill table ``docs/reference/mutants.md``.
"""
