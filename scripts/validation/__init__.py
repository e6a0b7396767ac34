"""Checks a package on disk: descriptor, files, tables, and the rules between them (``rules/``)."""
