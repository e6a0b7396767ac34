"""Counts works of OpenAlex by country, by pair of countries and by year. ``docs/openalex.md`` says what the
counts mean.
"""
