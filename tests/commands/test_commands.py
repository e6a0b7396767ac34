"""The commands: found by listing their package, each with a line of help, loaded only when asked for."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import scripts.commands
from scripts.commands import derive
from scripts.commands.main import commands_in, main
from scripts.model.paths import ROOT

COMMANDS = {c.name: c.text for c in commands_in(scripts.commands.__path__, "scripts.commands")}
TARGETS = {c.name: c.text for c in commands_in(derive.__path__, "scripts.commands.derive")}
GREET = '''"""Greet a NAME.

At length.
"""
from scripts.model.problems import CannotRun

def register(parser):
    parser.add_argument("name")

def run(args):
    if args.name == "nobody":
        raise CannotRun("nobody is there")
    if args.name == "robot":
        import robot_of_a_library_that_is_not_installed
    print(f"hello {args.name}")
    return 0
'''


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second folder of the package of commands."""
    monkeypatch.setattr(scripts.commands, "__path__", [*scripts.commands.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    return tmp_path


def ended(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int | str | None, str, str]:
    """The exit code of the command line, and what it printed to standard output and error."""
    try:
        code: int | str | None = main(words)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, " ".join(said.out.split()), said.err


def test_a_module_that_is_dropped_in_is_a_command(
    dropped: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ended(capsys, "say-hello", "you")[0] == 2
    (dropped / "say_hello.py").write_text(GREET, "utf-8")
    (dropped / "helper.py").write_text('"""No command."""\n', "utf-8")
    (dropped / "group").mkdir()
    (dropped / "group/__init__.py").write_text('"""Do things."""\n', "utf-8")
    (dropped / "group/say_bye.py").write_text(GREET.replace("hello", "bye"), "utf-8")
    importlib.invalidate_caches()
    try:
        code, out, _ = ended(capsys, "--help")
        assert code == 0 and "say-hello greet a NAME" in out and "group do things" in out
        assert "helper" not in out and "At length" not in out
        assert ended(capsys, "say-hello", "you") == (0, "hello you", "")
        assert ended(capsys, "group", "say-bye", "you") == (0, "bye you", "")
        assert ended(capsys, "say-hello", "nobody") == (2, "", "nobody is there\n")
        assert "Greet a NAME. At length." in ended(capsys, "say-hello", "--help")[1]
        code, _, err = ended(capsys, "say-hello", "robot")
        assert (code, err.split()[:4]) == (
            2,
            ["robot_of_a_library_that_is_not_installed", "is", "not", "installed;"],
        )
        assert ended(capsys, "group")[0] == 2
    finally:
        for name in [
            n for n in sys.modules if n.startswith(("scripts.commands.say_", "scripts.commands.group"))
        ]:
            del sys.modules[name]


def test_a_missing_module_of_our_own_is_not_taken_for_a_library(dropped: Path) -> None:
    (dropped / "say_hello.py").write_text("def run(args): ...\nimport scripts.nothing\n", "utf-8")
    importlib.invalidate_caches()
    with pytest.raises(ModuleNotFoundError, match=r"scripts\.nothing"):
        main(["say-hello"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *((n, t) for n, t in COMMANDS.items() if n != "derive"),
        *((f"derive {n}", t) for n, t in TARGETS.items()),
    ],
)
def test_each_command_has_a_sentence_and_prints_its_help(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence begins with a capital letter and ends with a full stop on the first line."""
    first = text.split("\n")[0]
    assert first[:1].isupper() and first.endswith(".") and len(first) <= 100
    code, out, _ = ended(capsys, *name.split(), "--help")
    assert code == 0 and first in out


def test_a_command_loads_no_other() -> None:
    """Nor does the list of commands load any: start-up stays fast however many there are."""
    for words, there in ((["--help"], set()), (["cite", "--help"], {"cite"})):
        code = (
            "import sys, json\nfrom scripts.commands.main import main\ntry:\n    main(sys.argv[1:])\n"
            "except SystemExit:\n    pass\nprint(json.dumps(sorted(sys.modules)))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=True
        )
        loaded = set(json.loads(done.stdout.splitlines()[-1]))
        assert {n for n in COMMANDS if f"scripts.commands.{n.replace('-', '_')}" in loaded} == there
        assert ("polars" in loaded) == bool(there) and not {"duckdb", "altair"} & loaded
