"""Run a command: ``python -m scripts COMMAND``."""

import sys

from scripts.commands.main import main

sys.exit(main())
