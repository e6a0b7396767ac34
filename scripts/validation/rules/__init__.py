"""Rules between fields and between tables: what a Table Schema cannot say.

A rule is a function with the decorator ``rule`` (``registry.py``); its docstring is the rule in one plain
sentence, its name the id under which it is reported. It may be in any module of this package: all are found.
``judge.py`` runs the rules.
"""
