"""What a release holds beside the CSV and Parquet of the package: the same rows in the formats that people
work with.

Each module writes one format from the same typed frames and declarations (``contents.py``); ``make.py``
writes them all.
"""
