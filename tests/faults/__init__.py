"""The one kit that damages sound data: tests, mutants, benchmarks and the fuzz plant their faults with it.

- ``csvs``: cells, rows and columns of a CSV as text;
- ``frames``: cells and rows of typed tables;
- ``packages``: files of a package on disk, the descriptor brought up to date, and the descriptor itself;
- ``seeds``: sheets, lists and texts of the seeds;
- ``damage``: named damage to a cell, a text or the bytes of a file;
- ``drawn``: damage drawn by a seeded generator.

Tests and benchmarks import it; it imports neither, but for ``tests.mini``. Tests never import benchmarks.
"""
