"""Seeds in, package out: reading all seeds, the build, as of a day, where a cell was typed, drift from the
seeds.
"""
