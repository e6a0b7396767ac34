"""The pipeline of techpacts: from coding sheets in ``seeds/`` to the package in ``data/``.

``python -m scripts --help`` lists the commands; ``scripts/README.md`` lists the modules.
"""
