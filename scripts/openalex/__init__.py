"""Counts of works of OpenAlex by country, pair of countries and year (``docs/openalex.md``)."""
