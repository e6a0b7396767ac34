"""Seeds of any number of claims with their lock, so that the build can be measured: copied as the packages
are (``synthetic``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.seeds import TAG
from benchmarks.synthetic import MOST_CLUSTERS, build_pattern, expanded, tag, text_table
from scripts.model.claims import Claim
from scripts.model.seeds import Record
from scripts.pipeline.build import Built
from scripts.sources.coverage import cited_spans, coverage_file, places_digest, uncoded_spans
from scripts.sources.lock import lock_file

# Claims of one agreement, and those that all share: only to choose the size of the pattern.
CLAIMS_PER_CLUSTER, CLAIMS_SHARED = 428, 80


def write_claims(folder: Path, claims: int, seed: int = 1) -> int:
    """Seeds of about ``claims`` claims under ``folder``, locked, without texts; the number of claims.

    The checks of the pattern are done on its passages and the checks are copied with it: a build from the
    lock reads no passage, as on a fresh clone.
    """
    clusters = min(MOST_CLUSTERS, max(1, (claims - CLAIMS_SHARED) // CLAIMS_PER_CLUSTER))
    with tempfile.TemporaryDirectory() as place:
        built = build_pattern(Path(place), clusters, seed)
        seeds = Path(place) / "seeds"
        (seeds / "passages.lock.csv").unlink(missing_ok=True)
        shared = sum(TAG not in c.row_id for c in built.seeds.claims)
        each = len(built.seeds.claims) - shared
        copies = max(1, round((claims - shared) / each))
        for path in sorted(seeds.rglob("*.csv")):
            _copy_file(path, path.relative_to(seeds).as_posix(), folder, copies)
    (folder / "passages.lock.csv").write_bytes(lock_file(_copied(built.claims, copies)))
    (folder / "coverage.lock.csv").write_bytes(coverage_file(_covered(built, folder, copies)))
    return shared + each * copies


def _copied(claims: list[Claim], copies: int) -> Iterator[Claim]:
    """The claims of the copies, each with the check of its pattern."""
    for c in claims:
        tagged = any(TAG in part for part in c.said)
        for mark in map(tag, range(copies)) if tagged else ():
            cells = {
                name: getattr(c, name).replace(TAG, mark) for name in ("row_id", "text", "source_id", "at")
            }
            yield c._replace(**cells)
        if not tagged:
            yield c


def _covered(built: Built, folder: Path, copies: int) -> Iterator[Record]:
    """The coverage of the copies: each has the places of its pattern in a text of its own."""
    sources = text_table(folder / "sources.csv")
    hashes = dict(zip(sources["source_id"], sources["sha256"], strict=True))
    cited = cited_spans(built.seeds)
    for row in built.coverage:
        pattern = row["source_id"]
        uncoded = uncoded_spans(built.seeds, pattern)
        for mark in map(tag, range(copies)):
            name = pattern.replace(TAG, mark)
            digest = places_digest(hashes[name], cited[pattern], uncoded)
            yield row | {"source_id": name, "spans_sha256": digest}


def _copy_file(path: Path, name: str, folder: Path, copies: int) -> None:
    """Write one sheet for each copy where the name has the tag; else one list with the rows of all copies."""
    if TAG in name:
        text = path.read_text("utf-8")
        for i in range(copies):
            target = folder / name.replace(TAG, tag(i))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace(TAG, tag(i)), "utf-8")
        return
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    # Second codings are of rows of the pattern and stay as they are.
    if name.startswith("recoding/"):
        target.write_bytes(path.read_bytes())
    else:
        expanded(text_table(path), copies).write_csv(target)
