"""Stops builds in every way that a machine can: ``python -m benchmarks.kills --kills 200 --seed 1``.

Two variants of small seeds give packages that differ in most files. Real ``python -m scripts build``
processes bring the package from one to the other and are killed, run out of disk, may not write, or run two
and three at once. The next reader has to find one of the two packages, whole, byte for byte; a mixture is a
failure.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from scripts.store.publish import STAGE, recover
from tests.pipeline_copy import AS_NOBODY, NOBODY, Files, ended, lay_out, package_files, settings, start


def run(repo: Path, *words: str) -> tuple[int, str]:
    """A command run to its end."""
    return ended(start(repo, *words))


@dataclass
class Bench:
    """The pipeline in a folder of its own, and the two packages that it can hold."""

    repo: Path
    packages: tuple[Files, Files]

    @classmethod
    def make(cls, folder: Path) -> Bench:
        """Lays out the pipeline in ``folder`` and builds both packages once; the second is in place then."""
        bench = cls(lay_out(folder), ({}, {}))
        built = []
        for variant in (0, 1):
            bench.sow(variant)
            assert run(bench.repo, "build")[0] == 0
            built.append(package_files(bench.repo))
        bench.packages = (built[0], built[1])
        assert sum(built[0][n] != built[1].get(n) for n in built[0]) >= 35
        return bench

    def sow(self, variant: int) -> None:
        """Puts the seeds of a variant in place: another version (in every Parquet file) and another name (in
        many tables).
        """
        path = self.repo / "schemas/package.json"
        given = json.loads(path.read_text("utf-8")) | {"version": ("1.0.0", "9.9.9")[variant]}
        path.write_text(json.dumps(given, ensure_ascii=False, indent=2), "utf-8")
        path = self.repo / "seeds/vocabularies/organizations.csv"
        text = path.read_text("utf-8").replace("Daily Zeta Two", "Daily Zeta")
        path.write_text(text.replace("Daily Zeta", "Daily Zeta Two") if variant else text, "utf-8")

    def put(self, variant: int) -> None:
        """Puts a package in place by hand, as it was published."""
        shutil.rmtree(self.repo / STAGE, ignore_errors=True)
        shutil.rmtree(self.repo / "data", ignore_errors=True)
        for name, content in self.packages[variant].items():
            path = self.repo / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    def state(self) -> str:
        """Which package is there: ``0``, ``1`` or ``mixed``."""
        found = package_files(self.repo)
        return next((str(i) for i, p in enumerate(self.packages) if p == found), "mixed")


def _times(bench: Bench) -> tuple[float, float]:
    """Seconds that a build takes, and how long its stage is there."""
    bench.put(0)
    bench.sow(1)
    began = time.monotonic()
    process = start(bench.repo, "build")
    while not (bench.repo / STAGE).exists() and process.poll() is None:
        time.sleep(0.0005)
    staged = time.monotonic()
    while (bench.repo / STAGE).exists():
        time.sleep(0.0005)
    gone = time.monotonic()
    process.communicate()
    return time.monotonic() - began, gone - staged


def kills(bench: Bench, number: int, seed: int) -> Counter[str]:
    """Kills ``number`` builds, half of them while the stage is there; counts what the next reader found."""
    rng, found = Random(seed), Counter[str]()
    whole, staged = _times(bench)
    found["build ms"], found["stage ms"] = round(whole * 1000), round(staged * 1000)
    for i in range(number):
        old = i % 2
        new = 1 - old
        bench.put(old)
        bench.sow(new)
        process = start(bench.repo, "build")
        if i % 4 < 2:
            time.sleep(rng.uniform(0, whole))
        else:
            while not (bench.repo / STAGE).exists() and process.poll() is None:
                time.sleep(0.0005)
            time.sleep(rng.uniform(0, staged * 1.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found["killed" if process.returncode == -signal.SIGKILL else "ended before"] += 1
        found["stage left behind"] += (bench.repo / STAGE).exists()
        found["mixed until the next command"] += bench.state() == "mixed"
        # Every fifth time a whole command comes by; else what each command does first.
        if i % 5 == 0:
            run(bench.repo, "validate")
        else:
            recover(bench.repo)
        state = bench.state()
        found["mixed" if state == "mixed" else "old" if state == str(old) else "new"] += 1
        found["stage after recovery"] += (bench.repo / STAGE).exists()
        if i % 20 == 0:
            assert run(bench.repo, "build")[0] == 0 and bench.state() == str(new), (
                "the build after a kill does not give the new package"
            )
    return found


def at_once(bench: Bench, together: int, rounds: int) -> Counter[str]:
    """Starts ``together`` builds in the same moment; the package has to be the new one, whole, and each build
    content.
    """
    found = Counter[str]()
    for i in range(rounds):
        old = i % 2
        bench.put(old)
        bench.sow(1 - old)
        processes = [start(bench.repo, "build") for _ in range(together)]
        for process in processes:
            process.communicate(timeout=300)
        found["new" if bench.state() == str(1 - old) else "mixed or old"] += 1
        found["failed builds"] += sum(p.returncode != 0 for p in processes)
    return found


PUBLISH = """
import pickle, sys
from pathlib import Path
from scripts.store.publish import publish
files = pickle.loads(Path(sys.argv[2]).read_bytes())
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    publish(Path(sys.argv[1]), files)
"""


def two_packages_at_once(bench: Bench, rounds: int) -> Counter[str]:
    """Two processes publish different packages into one folder again and again: in the end one of the two is
    there.
    """
    import pickle

    found = Counter[str]()
    for _ in range(rounds):
        bench.put(0)
        processes = []
        for variant in (0, 1):
            path = bench.repo.parent / f"package-{variant}"
            path.write_bytes(pickle.dumps(bench.packages[variant]))
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-c", PUBLISH, str(bench.repo), str(path), "5"],
                    cwd=bench.repo,
                    stdin=subprocess.PIPE,
                )
            )
        for process in processes:
            process.communicate(b"\n")
            found["failed"] += process.returncode != 0
        found[{"0": "one", "1": "other"}.get(bench.state(), "mixed")] += 1
    return found


@contextlib.contextmanager
def mounted(folder: Path, *words: str) -> Iterator[None]:
    """A mount for the time of the block."""
    subprocess.run(["mount", *words, str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full_disk(bench: Bench, folder: Path, steps: int) -> Counter[str]:
    """Builds on a small disk with more and more room left, from none to enough."""
    found = Counter[str]()
    needed = sum(
        -(-len(b) // 4096) * 4096 for n, b in bench.packages[1].items() if bench.packages[0].get(n) != b
    )
    with mounted(folder, "-t", "tmpfs", "-o", "size=64m", "tmpfs"):
        shutil.copytree(bench.repo.parent, folder / "all", symlinks=True)
        small = Bench(folder / "all" / "repo", bench.packages)
        for step in range(steps):
            small.put(0)
            small.sow(1)
            free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
            leave = int(needed * 1.15 * step / (steps - 1)) // 4096 * 4096
            (folder / "filler").write_bytes(b"\0" * (free - leave))
            code, text = run(small.repo, "build")
            state = small.state()
            told = code == 2 and "No space left on device" in text
            found[
                (
                    "old, told"
                    if state == "0" and told
                    else "new"
                    if state == "1" and code == 0
                    else "mixed or not told"
                )
            ] += 1
            found["stage left behind"] += (small.repo / STAGE).exists()
            (folder / "filler").unlink()
    return found


def read_only(bench: Bench) -> Counter[str]:
    """Builds where the folder, or only the data in it, may not be written, and on a disk mounted for reading
    only.
    """
    found = Counter[str]()
    root = os.geteuid() == 0
    bench.put(0)
    bench.sow(1)
    for path in [bench.repo, *bench.repo.rglob("*")] if root else []:
        os.chown(path, NOBODY, NOBODY)
    for name in (".", "data"):
        (bench.repo / name).chmod(0o555)
        code, text = ended(subprocess.Popen([sys.executable, "-c", AS_NOBODY], **settings(bench.repo)))
        (bench.repo / name).chmod(0o755)
        found[
            (
                "old, told"
                if code == 2 and "Permission denied" in text and bench.state() == "0"
                else f"mixed or not told ({name})"
            )
        ] += 1
    if root:
        with mounted(bench.repo, "--bind", str(bench.repo)):
            subprocess.run(["mount", "-o", "remount,bind,ro", str(bench.repo)], check=True)
            code, text = run(bench.repo, "build")
            found[
                (
                    "old, told"
                    if code == 2 and "Read-only file system" in text and bench.state() == "0"
                    else "mixed or not told (mount)"
                )
            ] += 1
    else:
        found["skipped: not root"] += 1
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """The command; exit code 1 where a reader found a mixture or a fault was not told."""
    p = argparse.ArgumentParser(
        prog="python -m benchmarks.kills", description="Kills builds, fills their disk, runs them at once."
    )
    p.add_argument("--kills", type=int, default=200)
    p.add_argument("--rounds", type=int, default=5, help="of builds at once")
    p.add_argument("--steps", type=int, default=24, help="sizes of the small disk")
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args(argv)
    results: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(prefix="techpacts-kills-") as name:
        Path(name).chmod(0o755)
        bench = Bench.make(Path(name) / "all")
        (Path(name) / "disk").mkdir()
        results[f"{args.kills} kills"] = kills(bench, args.kills, args.seed)
        results["two builds at once"] = at_once(bench, 2, args.rounds)
        results["three builds at once"] = at_once(bench, 3, args.rounds)
        results["two packages at once"] = two_packages_at_once(bench, args.rounds)
        results["full disk"] = (
            full_disk(bench, Path(name) / "disk", args.steps)
            if os.geteuid() == 0
            else Counter({"skipped: not root": 1})
        )
        results["read only"] = read_only(bench)
    for what, found in results.items():
        print(f"{what:<22}" + ", ".join(f"{k} {v}" for k, v in found.items()))
    bad = ("mixed", "stage after recovery", "mixed or old", "failed", "failed builds")
    return int(
        any(
            v
            for found in results.values()
            for k, v in found.items()
            if k in bad or k.startswith("mixed or not told")
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
