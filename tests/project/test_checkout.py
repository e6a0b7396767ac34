"""A checkout has the committed bytes, whatever git is told about line ends, and every name in it fits every
disk.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.model.paths import ROOT

ATTRIBUTES = ROOT / ".gitattributes"
BINARY = b"PAR1\r\n\0\x1a\n\xff\r\n"
TEXT = "a,b\n가,나\n".encode()


def git(folder: Path, *words: str) -> bytes:
    """Run git in ``folder``, without the configuration of this machine."""
    sealed = {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": "/usr/bin:/bin:/usr/local/bin",
    }
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, env=sealed, check=True, capture_output=True
    ).stdout


@pytest.fixture(scope="module")
def committed() -> list[str]:
    """The names of the committed files; skipped where there is no repository (an unpacked archive)."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    return git(ROOT, "ls-files", "-z").decode().rstrip("\0").split("\0")


def kinds(committed: list[str]) -> dict[str, str]:
    """One committed file of each kind: by its ending, or by its name where it has none."""
    return {Path(name).suffix or name: name for name in committed}


def test_every_committed_kind_of_file_is_named_in_the_attributes(committed: list[str]) -> None:
    patterns = {
        line.split()[0]
        for line in ATTRIBUTES.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    assert {
        f"*{kind}" if kind == Path(name).suffix else kind for kind, name in kinds(committed).items()
    } <= patterns


@pytest.mark.parametrize(
    "setting", ["core.autocrlf=true", "core.autocrlf=input", "core.eol=crlf", "core.autocrlf=false"]
)
def test_a_clone_has_the_committed_bytes(tmp_path: Path, committed: list[str], setting: str) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    git(origin, "init", "--quiet")
    # A kind of file that nobody has listed must come through as well.
    wanted = {
        name: BINARY if name.endswith((".gz", ".parquet")) else TEXT for name in kinds(committed).values()
    } | {"new.unheard-of": BINARY, "new.crlf": b"a\r\nb\r\n"}
    wanted[".gitattributes"] = ATTRIBUTES.read_bytes()
    for name, content in wanted.items():
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        (origin / name).write_bytes(content)
    git(origin, "-c", setting, "add", "--all", "--force")
    git(origin, "commit", "--quiet", "--message", "All kinds")
    git(tmp_path, "-c", setting, "clone", "--quiet", "--config", setting, str(origin), str(clone))
    assert {name: (clone / name).read_bytes() for name in wanted} == wanted
    assert git(clone, "status", "--porcelain") == b""


def test_committed_text_has_line_feeds_only(committed: list[str]) -> None:
    """Otherwise the attributes would change a file when it is next committed."""
    states = git(ROOT, "ls-files", "--eol", "-z").decode().rstrip("\0").split("\0")
    assert [s for s in states if "eol=lf" in s and s.split()[0] not in {"i/lf", "i/none"}] == []
