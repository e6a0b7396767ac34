"""Hostile and broken input: a message and an exit code for each, no traceback, no hang, nothing read outside
the folder.

``make fuzz`` does the same with a hundred thousand inputs, of which ``benchmarks/tests`` tries a small share;
here are the named cases.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.commands import main as cli
from scripts.model.paths import ROOT, SCHEMAS
from scripts.model.problems import BadData, CannotRun, Problem
from scripts.model.tables import parse_table
from scripts.package.settings import load_package
from scripts.pipeline.seeds import read_seeds
from scripts.store.files import entries, read_inside
from scripts.store.jsonfile import read_json
from scripts.store.publish import publish
from scripts.store.schemas import load_tables
from tests.bounded import fault_of_message, time_limit
from tests.faults.packages import descriptor, rewrite
from tests.mini import HELD, Mini


def told(capsys: pytest.CaptureFixture[str], folder: Path, code: int) -> str:
    """What ``validate`` prints about the package in ``folder``; it must exit with ``code`` within 30 s."""
    with time_limit(30):
        assert cli.main(["validate", str(folder)]) == code
    printed = capsys.readouterr()
    text = (printed.out + printed.err).replace(f"{folder}/", "")
    assert text.strip() and "Traceback" not in text and text.replace("\n", "").isprintable()
    return text


# --- paths

OUTSIDE = [
    "../funding.csv",
    "/etc/passwd",
    "https://example.org/f.csv",
    "http://127.0.0.1:9/f.csv",
    "file:///etc/passwd",
    "data/../../x.csv",
    "data/\0.csv",
    "",
    "..",
    None,
    7,
    ["data/funding.csv"],
    {"path": "x"},
    True,
]
ELSEWHERE = [
    "C:\\x.csv",
    "\\\\host\\share\\x.csv",
    "data\\funding.csv",
    "data//funding.csv/",
    "%2e%2e/x.csv",
    "~/x.csv",
    "$HOME/x",
    "x" * 5_000,
    "data",
    ".",
    "\ud800",
]


def test_no_path_of_a_descriptor_leads_anywhere_else(
    package: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each path in a resource of its own, in turn for the CSV and for the Parquet file."""
    opened: list[Path] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: opened.append(self) or real(self))
    for key in ("csv", "parquet"):
        given = json.loads((package / "datapackage.json").read_text("utf-8"))
        hostile = [*OUTSIDE, *(p for p in ELSEWHERE if p != "\ud800")]
        for r, path in zip(given["resources"], hostile, strict=False):
            (r if key == "csv" else r["techpacts:parquet"])["path"] = path
        (package / "datapackage.json").write_text(json.dumps(given), "utf-8")
        text = told(capsys, package, 1)
        for r, path in zip(given["resources"], hostile, strict=False):
            assert re.search(
                rf"datapackage\.json:{r['name']}\.|data/{r['name']}\.|: the file is missing", text
            ), (path, text)
        publish(package, {"datapackage.json": b""}, clear=None)
        shutil.copy(ROOT / "datapackage.json", package / "datapackage.json")
    # The list of commands comes from their modules.
    folders = (package.resolve(), SCHEMAS, ROOT / "scripts/commands")
    assert all(any(p.resolve().is_relative_to(folder) for folder in folders) for p in opened)


def test_half_a_character_in_a_path(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    descriptor(package, lambda d: d["resources"][0].update(path="\ud800"))
    assert "holds a lone surrogate" in told(capsys, package, 1)


def test_links_out_of_the_package_are_not_followed(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(package, tmp_path / "outside")
    (tmp_path / "outside/data/secret-name.csv").write_text("secret\n")
    (package / "data/funding.csv").unlink()
    (package / "data/funding.csv").symlink_to(tmp_path / "outside/data/secret-name.csv")
    assert 'funding.path: the path "data/funding.csv" leads out of the package' in told(capsys, package, 1)
    shutil.rmtree(package / "data")
    (package / "data").symlink_to(tmp_path / "outside/data")
    text = told(capsys, package, 1)
    assert (
        'funding.path: the path "data/funding.csv" leads out of the package' in text and "secret" not in text
    )
    (package / "datapackage.json").unlink()
    (package / "datapackage.json").symlink_to(tmp_path / "outside/datapackage.json")
    assert "it is a link that leads out of the folder" in told(capsys, package, 2)


@pytest.mark.parametrize("kind", ["folder", "pipe", "circle", "dead link", "device"])
def test_what_is_no_file_is_reported_and_not_waited_for(
    package: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    make = {
        "folder": Path.mkdir,
        "pipe": os.mkfifo,
        "circle": lambda p: p.symlink_to(p.name),
        "dead link": lambda p: p.symlink_to("nowhere"),
        "device": lambda p: p.symlink_to("/dev/zero"),
    }[kind]
    for name in ("data/funding.csv", "data/events.parquet"):
        (package / name).unlink()
        make(package / name)
    text = told(capsys, package, 1)
    assert "funding" in text and "events" in text
    (package / "datapackage.json").unlink()
    make(package / "datapackage.json")
    assert "datapackage.json: " in told(capsys, package, 2)


@pytest.mark.parametrize(
    "name",
    [
        "sources.csv",
        "vocabularies/people.csv",
        f"coding/{HELD}/funding.csv",
        f"coding/{HELD}/uncoded.csv",
        "passages.lock.csv",
    ],
)
def test_seeds_that_are_no_files_are_reported(mini: Mini, tmp_path: Path, name: str) -> None:
    path = mini.seeds / name
    sound = path.read_bytes()
    (tmp_path / "secret.csv").write_bytes(sound)
    for make, message in (
        (os.mkfifo, "it is not a file"),
        (Path.mkdir, "it is not a file"),
        (lambda p: p.symlink_to(tmp_path / "secret.csv"), "it is a link that leads out of the folder"),
    ):
        path.unlink()
        make(path)
        with time_limit(10), pytest.raises(CannotRun, match=message):
            read_seeds(load_tables(), mini.seeds)
        path.rmdir() if path.is_dir() else path.unlink()
        path.write_bytes(sound)


def test_a_folder_of_seeds_that_is_a_link_or_a_file_is_reported(mini: Mini, tmp_path: Path) -> None:
    sheets = mini.seeds / f"coding/{HELD}"
    sheets.rename(tmp_path / "elsewhere")
    sheets.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotRun, match="it is a link, not a folder"):
        read_seeds(load_tables(), mini.seeds)
    sheets.unlink()
    sheets.write_text("x")
    with pytest.raises(CannotRun, match="there is no such folder"):
        read_seeds(load_tables(), mini.seeds)


def test_an_unreadable_file_is_reported(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "closed.csv"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(CannotRun, match=r"closed\.csv: cannot be read \(Permission denied\)"):
        read_inside(path, tmp_path, "closed.csv")
    tmp_path.chmod(0)
    try:
        with pytest.raises(CannotRun, match=r"cannot be listed|no such folder"):
            entries(tmp_path, "closed")
    finally:
        tmp_path.chmod(0o700)


# --- descriptors of another shape

SHAPES = [
    "[]",
    "null",
    "7",
    '"x"',
    "true",
    '{"resources": null}',
    '{"resources": {"a": 1}}',
    '{"resources": [null, 1, "x", [], {}, [[]]]}',
    "{}",
]
DEEP = '{"resources": ' + "[" * 500 + "]" * 500 + "}"
SYNTAX = [
    ("", "is not JSON"),
    ("\ufeff{}", "is not JSON"),
    ("[" * 100_000, "is not JSON"),
    (DEEP, "it nests deeper than 50 levels"),
    ('{"a": NaN}', "NaN is not a number in JSON"),
    ('{"a": -Infinity}', "-Infinity is not a number in JSON"),
    ('{"a": ' + "9" * 5_000 + "}", "is not JSON"),
    ('{"a": 1, "a": 2}', 'duplicate name "a" in an object'),
    ('{"a\\udfff": 1}', "holds a lone surrogate"),
    ('{"a": 1', "is not JSON"),
    ("{'a': 1}", "is not JSON"),
]


@pytest.mark.parametrize("text", SHAPES, ids=[s[:24] for s in SHAPES])
def test_a_descriptor_of_another_shape(package: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (package / "datapackage.json").write_text(text, "utf-8")
    assert "datapackage.json:" in told(capsys, package, 1)


@pytest.mark.parametrize(
    ("text", "message"), SYNTAX, ids=[f"{s[0][:12]!r}-{i}" for i, s in enumerate(SYNTAX)]
)
def test_what_is_no_fit_json(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(BadData, match=re.escape(message)):
        read_json(tmp_path / "x.json")
    (tmp_path / "x.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(BadData, match="is not JSON in UTF-8"):
        read_json(tmp_path / "x.json")


WRONG = {
    "hash": ["sha256:x"],
    "bytes": "1",
    "techpacts:rows": None,
    "schema": [],
    "techpacts:parquet": 7,
    "type": {},
    "profile": 0.5,
    "encoding": [None],
    "dialect": [],
    "name": ["funding"],
}


def test_properties_of_a_wrong_type_are_reported(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in a resource of its own."""
    given = json.loads((package / "datapackage.json").read_text("utf-8"))
    names = {}
    for r, (key, value) in zip(given["resources"], WRONG.items(), strict=False):
        names[key] = r["name"]
        r[key] = value
    given["resources"][20]["techpacts:parquet"] |= {"hash": None, "bytes": -1}
    given["resources"][21]["schema"]["fields"] = None
    (package / "datapackage.json").write_text(json.dumps(given), "utf-8")
    text = told(capsys, package, 1)
    for key, name in names.items():
        if key not in {"dialect", "name"}:
            assert f"{name}." in text, key
    assert "['funding']" in text
    for r in given["resources"][20:22]:
        assert f"{r['name']}." in text


# --- large input

# Address space is no measure: polars reserves gigabytes that it never touches.
HUGE = """
import resource, sys
from scripts.commands import main as cli
from scripts.validation import package as validate
code = cli.main(["validate", sys.argv[1]])
print("MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
sys.exit(code)
"""


def test_a_cell_of_fifty_megabytes_is_reported_in_bounded_memory(package: Path) -> None:
    rewrite(package, "funding", lambda sound: sound + b'"' + b"x" * 50_000_000 + b'"\n')
    done = subprocess.run(
        [sys.executable, "-c", HUGE, str(package)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert (
        "data/funding.csv:4: a line is longer than 1000000 bytes; check its quotes and line ends"
        in done.stdout
    )
    assert int(done.stdout.split()[-1]) < 1_200


def test_a_header_of_ten_thousand_columns_and_an_endless_row(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ",".join(["funding_id", *(f"c{i}" for i in range(10_000))])
    rewrite(package, "funding", lambda _: f"{header}\n".encode())
    rewrite(package, "events", lambda sound: sound + b"," * 200_000 + b"\n")
    text = told(capsys, package, 1)
    assert (
        'data/funding.csv:1:c0: there is no column "c0" in this table' in text
        and "data/funding.csv:1: 9950 more columns are not in this table" in text
    )
    assert "data/events.csv:4: the row has 200001 cells, the header " in text


# --- declarations

TABLE = json.loads((SCHEMAS / "funding.json").read_text("utf-8"))
DECLARATIONS: list[tuple[Any, str]] = [
    ([], 'the whole is "[]", not an object'),
    (None, 'the whole is "null", not an object'),
    (TABLE | {"fields": {"a": 1}}, "not a list"),
    (TABLE | {"fields": [1]}, '"fields.0" is "1", not an object'),
    (TABLE | {"fields": []}, '"fields" is empty'),
    (TABLE | {"primaryKey": "funding_id"}, '"primaryKey" is "funding_id", not a list'),
    (TABLE | {"primaryKey": [["funding_id"]]}, '"primaryKey.0" is "[\'funding_id\']", not a text'),
    (TABLE | {"uniqueKeys": ["funding_id"]}, '"uniqueKeys.0" is "funding_id", not a list'),
    (TABLE | {"uniqueKeys": [[]]}, '"uniqueKeys.0" names no field'),
    (TABLE | {"foreignKeys": [{"fields": ["domain_id"], "reference": None}]}, "not an object"),
    (TABLE | {"uniqueKeys": [["funding_id", "funding_id"]]}, '"uniqueKeys.0" names a field twice'),
    (TABLE | {"techpacts:minRows": True}, "not a whole number"),
    (TABLE | {"techpacts:minRows": None}, "not a whole number"),
    (TABLE | {"title_ko": "x"}, '"title_ko" is not enforced by this project'),
    (TABLE | {"declaration": TABLE}, '"declaration" is not enforced by this project'),
    (TABLE | {"\ud800": 1}, "lone surrogate"),
    (TABLE | {"techpacts:minRows": 10**30}, "not a whole number"),
    (TABLE | {"name": 7}, "not a text"),
    (TABLE | {"techpacts:kind": ["fact"]}, "is not an allowed value"),
]
FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, '"fields.0.name" is "null", not in snake_case'),
    ({"name": "a\nb"}, '"name" is "a\\nb", not in snake_case'),
    ({"type": ["string"]}, "is not an allowed value"),
    ({"constraints": None}, "not an object"),
    ({"constraints": {"required": "yes"}}, "not true or false"),
    ({"constraints": {"required": True, "enum": "abc"}}, '"constraints.enum" is "abc", not a list'),
    ({"constraints": {"required": True, "enum": [1]}}, '"constraints.enum.0" is "1", not a text'),
    (
        {"constraints": {"required": True, "pattern": "(?:a{1000}){1000}"}},
        "is not a regular expression that polars can run",
    ),
    (
        {"constraints": {"required": True, "pattern": "(" * 3_000 + ")" * 3_000}},
        '"constraints.pattern" is not a regular expression',
    ),
    ({"constraints": {"required": True, "pattern": 7}}, "not a text"),
    ({"categories": ["a"]}, '"categories.0" is "a", not an object'),
    ({"example": 7}, "not a text"),
    ({"unit": None}, '"unit" is "null", not a text'),
    ({"techpacts:evidence": None}, '"techpacts:evidence" is "null", not a text'),
    ({"constraints.required": True}, '"constraints.required", which is not enforced'),
    (
        {"constraints": {"required": True, "minimum": 1}},
        '"constraints.minimum" is not enforced by this project',
    ),
    ({"type": "integer", "constraints": {"required": True, "minimum": 1.5}}, "not a whole number"),
    ({"type": "integer", "constraints": {"required": True, "minimum": True}}, "not a whole number"),
    ({"type": "number", "constraints": {"required": True, "minimum": 2**63}}, "not a number"),
    ({"type": "number", "constraints": {"required": True, "maximum": float("nan")}}, "not a number"),
    ({"\x1b[31m": 1}, '"\\x1b[31m" is not enforced'),
]


@pytest.mark.parametrize(
    ("given", "message"), DECLARATIONS, ids=[d[1] + str(i) for i, d in enumerate(DECLARATIONS)]
)
def test_a_declaration_of_another_shape(given: Any, message: str) -> None:
    with pytest.raises(BadData, match=re.escape(message)) as bad:
        parse_table(given, "schemas/funding.json")
    assert not [p for p in bad.value.problems if fault_of_message(p)]


@pytest.mark.parametrize(("new", "message"), FIELDS, ids=[f[1] + str(i) for i, f in enumerate(FIELDS)])
def test_a_field_of_another_shape(new: dict[str, Any], message: str) -> None:
    given = json.loads(json.dumps(TABLE))
    given["fields"][0] |= new
    with time_limit(10), pytest.raises(BadData, match=re.escape(message)):
        parse_table(given, "schemas/funding.json")


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], [None], {"name": []}, "", " "])
@pytest.mark.parametrize("name", json.loads((SCHEMAS / "package.json").read_text("utf-8")))
def test_package_metadata_of_another_shape(tmp_path: Path, name: str, value: Any) -> None:
    given = json.loads((SCHEMAS / "package.json").read_text("utf-8"))
    if value == "x" and isinstance(given[name], str) and name not in {"version", "released"}:
        pytest.skip("a text is what it should be")
    (tmp_path / "package.json").write_text(json.dumps({**given, name: value}), "utf-8")
    with pytest.raises(BadData) as bad:
        load_package(tmp_path)
    assert name in " ".join(f"{p.column} {p.message}" for p in bad.value.problems) or name == "codeLicense"


# --- messages and the command line


def test_a_message_is_one_line_whatever_was_read() -> None:
    p = Problem("a\nb.csv", 1, "\ud800", "\x1b[31mred\u202e", "x" * 9_999, "rule")
    assert (
        str(p).isprintable()
        and len(str(p)) < 3_000
        and str(p).startswith("a\\nb.csv:1:\\ud800: \\x1b[31mred\\u202e; xxx")
    )
    assert str(CannotRun("a\0\nb")) == "a\\x00\\nb"


def test_words_that_are_no_folder_and_output_that_cannot_be_written(tmp_path: Path) -> None:
    for words in (
        ["validate", "a\0b"],
        ["validate", ""],
        ["as-of", "2025-03-04", "--out", ""],
        ["as-of", "2025-03-04", "--out", "\ud800"],
        ["diff", "a", "b", "--csv", "\0"],
    ):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert ended.value.code == 2
    for words in (
        ["validate", "a" * 5_000],
        ["diff", "a" * 5_000, "b"],
        ["diff", "\0", "\ud800"],
        ["cite", "\0", "\ud800"],
        ["cite", "funding", "\0"],
    ):
        assert cli.main(words) == 2
    command = f'"{sys.executable}" -m scripts validate'
    env = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    (tmp_path / "datapackage.json").write_text('{"한국": 1}', "utf-8")
    done = subprocess.run(
        f'{command} "{tmp_path}"', shell=True, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "1 problem\n" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "datapackage.json").write_text('{"한국": 1, "resources": []}', "utf-8")
    done = subprocess.run(
        f'{command} "{tmp_path}" >/dev/full', shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2 and done.stderr.strip() == "output: No space left on device"
