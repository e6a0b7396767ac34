"""Benchmarks: synthetic packages of any size, this validator beside others, and what they cost. ``make bench`` runs them."""
