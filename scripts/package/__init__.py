"""What the package says of itself: ``schemas/package.json``, the descriptor, the citation files, a package as
read.
"""
