"""The commands of ``python -m scripts``.

A module with a function ``run`` is a command, called like the module with hyphens for underscores. The first
sentence of its docstring is its line in ``--help``, ``register`` adds its arguments. A package is a command
whose modules are its targets (``derive ncses``). There is no other list of commands.
"""
