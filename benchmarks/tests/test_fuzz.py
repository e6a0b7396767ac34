"""The judge of the fuzz sees what a check may not do, and a small share of the fuzz finds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.fuzz import main as fuzz
from scripts.model.paths import ROOT

# Each line does what a check may not do; the judge has to see it.
FORBIDDEN = """
import socket, subprocess, sys, time
from pathlib import Path
import pyarrow.parquet as pq
from benchmarks.fuzz_judge import Watch, interpreter_folders, judge
from scripts.model.problems import BadData, CannotRun, Problem
here = Path(sys.argv[1])
(here / "outside").mkdir()
(here / "outside/x.parquet").write_bytes(b"x")
(here / "link").symlink_to(here / "outside")
def natively():
    try:
        pq.read_schema(str(here / "outside/x.parquet"))
    except Exception:
        pass
def badly(*parts):
    raise BadData([Problem(*parts)] if parts else [])
watch = Watch()
for what in (
    lambda: (here / "outside/x.parquet").read_bytes(),
    lambda: (here / "link/x.parquet").read_bytes(),
    lambda: list((here / "outside").iterdir()),
    natively,
    lambda: Path("/etc/passwd").read_bytes(),
    lambda: (here / "new").write_text("x"),
    lambda: (here / "outside/x.parquet").unlink(),
    lambda: (here / "a").rename(here / "b"),
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: subprocess.run(["true"]),
    lambda: time.sleep(9),
    lambda: 1 / 0,
    badly,
    lambda: badly("f", 0, "", "", "fix", "r"),
    lambda: badly("f", 0, "", "m", "", "r"),
    lambda: (_ for _ in ()).throw(CannotRun("")),
    lambda: None,
):
    readable = (str(here), *interpreter_folders())
    folders = {"readable": readable, "writable": (), "denied": (str(here / "outside"),)}
    verdict, failure = judge("t", lambda: what() and None, watch, seconds=0.3, **folders)
    print(verdict, "|", failure.kind if failure else "", flush=True)
"""


def test_the_judge_of_the_fuzz_is_awake(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    touched = "failed | touched what it may not"
    others = [
        "failed | longer than 0.3 s",
        "failed | ZeroDivisionError",
        "failed | bad data without a problem",
        *["failed | a part of the problem is empty"] * 2,
        "failed | cannot run without a fit message",
        "valid | ",
    ]
    lines = done.stdout.splitlines()
    assert lines == [touched] * 10 + others, done.stdout + done.stderr


@pytest.mark.parametrize("inputs", [100, pytest.param(400, marks=pytest.mark.slow)])
def test_a_share_of_the_fuzz(capsys: pytest.CaptureFixture[str], inputs: int) -> None:
    code = fuzz(["--inputs", str(inputs), "--seed", "20261122", "--jobs", "1", "--light"])
    assert code == 0, capsys.readouterr().out
