"""Write data/, datapackage.json and the citation files from the seeds."""

from __future__ import annotations

import argparse

from scripts.commands.text_folders import add_texts, folders
from scripts.model.paths import ROOT
from scripts.pipeline.build import build
from scripts.pipeline.summary import summary
from scripts.store.publish import publish

register = add_texts


def run(args: argparse.Namespace) -> int:
    """Build the package and print its closing table."""
    built = build(**folders(args))
    publish(ROOT, built.files)
    print(summary(built))
    return 0
