"""The Python package that the wheel of a release installs. Uses nothing of the rest, which may use it."""
