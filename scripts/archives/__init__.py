"""Whole texts from public archives: files read from a folder or a git directory, and made into plain text."""
