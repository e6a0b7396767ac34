"""Derive statistics from what others publish."""
