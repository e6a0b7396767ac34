"""Files in and out: CSV, Parquet, JSON, zip, typed frames, and putting a set of files in place whole or not
at all.
"""
