"""A folder of its own with the pipeline, small seeds, a built package, and bait beside them that nothing may
read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from scripts.model.paths import ROOT
from scripts.store.publish import publish
from scripts.versions.ledger import recorded
from tests.mini import Mini, set_release
from tests.pipeline_copy import lay_out


class World:
    """Where one worker lets checks loose: the pipeline's folder, a package as released, its twin as folder
    and zip, schemas to damage, and bait outside.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo, self.package, self.schemas = folder / "repo", folder / "package", folder / "schemas"
        self.texts, self.passages = folder / "shared" / "sources", folder / "passages"
        self.earlier, self.zip = folder / "earlier", folder / "earlier.zip"
        # The package with its version set: a development version is not released.
        self.released = folder / "released"
        self.outside = folder / "outside"

    @classmethod
    def make(cls, folder: Path) -> World:
        """Builds the world in ``folder``, which is empty."""
        world = cls(folder)
        lay_out(folder)
        built = Mini(folder / "x").build(
            seeds_folder=world.repo / "seeds", sources=(world.texts,), passages=world.passages
        )
        for place in (world.package, world.repo, world.earlier, world.released):
            publish(place, built.files)
            shutil.copy(ROOT / "CHANGELOG.md", place)
        shutil.make_archive(str(world.earlier), "zip", world.earlier)
        set_release(world.released)
        publish(world.released, recorded(world.released), clear=None)
        shutil.copytree(ROOT / "schemas", world.schemas)
        world.outside.mkdir()
        for name, content in built.files.items():
            path = world.outside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (world.outside / "secret.csv").write_text("secret\n1\n", "utf-8")
        return world

    def copy(self, folder: Path) -> World:
        """The same world elsewhere, for another worker."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return World(folder)


def clear(path: Path) -> None:
    """Takes away whatever stands at ``path``."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
