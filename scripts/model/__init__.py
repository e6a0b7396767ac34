"""What the data are made of: declarations of tables and fields, values, names of rows, claims, problems. Uses
nothing above it.
"""
