"""``python -m tests.mutants``."""

import os
import sys

# The made-up tables are tiny: threads would only stand in each other's way. Read when polars is loaded.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from tests.mutants.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
