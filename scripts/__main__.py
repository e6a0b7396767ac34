import sys

from scripts.commands.main import main

sys.exit(main())
