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

ADDRESS = "https://example.org/1"
BODY = """<h1>Title</h1><!-- note --><p>A <b>memorandum</b> &amp; <a href="https://example.org/">more</a>.</p>
<ol start="3" type="i"><li>One<ul><li>Two</ul><li>Three</ol><table><tr><th>a<td>b</table><script>x</script>"""
PAGES = {
    "page.html": f"<html><head><title>x</title></head><body>{BODY}</body></html>\n",
    "feed.rss": '<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY a "b">]>\n'
    "<rss><channel><item><title>T &a;</title>"
    f"<link>{ADDRESS}</link><description><![CDATA[{BODY}]]></description></item></channel></rss>\n",
    "page.md": f"""---
title: A title
date: 2025-03-04
list: [1, &a {{b: c}}, *a]
---
# Title

A **memorandum  ** of *two* [countries](https://example.org/ "title")[^1] ![picture][1], `code`  
and **more** \\* <sup>2</sup> <https://example.org/>.

> 1. One
>    - Two
> 2. Three &copy;

```text
x
```

{BODY}

[1]: https://example.org/ 'x'
""",
}


class World:
    """Where one worker lets checks loose: the pipeline's folder, a package as released, its twin as folder
    and zip, schemas to damage, and bait outside.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo, self.package, self.schemas = folder / "repo", folder / "package", folder / "schemas"
        self.texts, self.passages = folder / "shared" / "sources", folder / "passages"
        self.earlier, self.zip = folder / "earlier", folder / "earlier.zip"
        # Files of an archive, of each kind that is made into text.
        self.pages = folder / "pages"
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
        world.pages.mkdir()
        for name, text in PAGES.items():
            (world.pages / name).write_text(text, "utf-8")
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
