"""The formats of a release beside CSV and Parquet, a module for each."""
