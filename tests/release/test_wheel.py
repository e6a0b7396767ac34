"""The wheel, installed by pip in a folder of its own and used as anybody would, without the repository and
without a network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scripts.lookup.cite import cite
from scripts.model.paths import ROOT
from scripts.package.loaded import Contents, read_contents
from scripts.package.version_number import pep440
from scripts.release.wheel import write_wheel
from scripts.store.schemas import load_tables
from scripts.techpacts.pandera_schemas import pandera_schema

ROW = "kor-usa-cet-2023-bioeconomy"


@pytest.fixture(scope="module")
def contents() -> Contents:
    return read_contents()


@pytest.fixture(scope="module")
def wheel(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return folder / write_wheel(contents, b"# techpacts\n", folder)


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    target = wheel.parent / "installed"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--no-compile",
            "--target",
            str(target),
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    return target


def run(installed: Path, code: str) -> str:
    """What the code prints in a fresh process that sees the installed package and not the repository; sockets
    are forbidden.
    """
    offline = (
        "import sys\nsys.addaudithook(lambda event, _: event == 'socket.connect' and"
        " sys.exit('network'))\nimport techpacts\n"
    )
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "SOURCE_DATE_EPOCH"}} | {
        "PYTHONPATH": str(installed)
    }
    done = subprocess.run(
        [sys.executable, "-c", offline + code],
        cwd=installed if installed.is_dir() else installed.parent,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_table_is_loaded_as_it_is_in_the_parquet(installed: Path) -> None:
    said = run(
        installed,
        f"""
import polars as pl
from polars.testing import assert_frame_equal
for name in techpacts.tables():
    wanted = pl.read_parquet({str(ROOT / "data")!r} + "/" + name + ".parquet")
    assert_frame_equal(techpacts.load(name, as_="polars"), wanted)
    assert_frame_equal(pl.DataFrame(pl.from_arrow(techpacts.load(name, as_="arrow"))), wanted)
    frame = techpacts.load(name)
    assert type(frame).__module__.startswith("pandas") and frame.shape == wanted.shape
    numbers = {{"Int64": "int64", "Float64": "double", "Boolean": "bool", "Date": "date32"}}
    as_arrow = {{"String": "string", **numbers}}
    assert [str(t).split("[")[0] for t in frame.dtypes] == [as_arrow[str(t)] for t in wanted.dtypes], name
    assert frame.isna().sum().tolist() == list(wanted.null_count().row(0))
print(len(techpacts.tables()))
""",
    )
    assert said.strip() == str(len(load_tables()))


SCHEMA = """
def told(schema):
    return [
        schema.name, schema.unique, schema.strict, schema.ordered, schema.coerce,
        [[c.name, c.description] for c in schema.checks],
        [[c.name, str(c.dtype), c.nullable, c.title, [[k.name, k.description] for k in c.checks]]
         for c in schema.columns.values()],
    ]
"""  # fmt: skip


@pytest.mark.parametrize("backend", ["pandas", "polars"])
def test_every_table_keeps_the_schema_that_the_repository_makes(installed: Path, backend: str) -> None:
    said = run(
        installed,
        f"""
import json
{SCHEMA}
found = {{}}
for name in techpacts.tables():
    schema = techpacts.schema(name, {backend!r})
    frame = techpacts.load(name, {backend!r})
    assert len(schema.validate(frame, lazy=True)) == len(frame)
    found[name] = told(schema)
print(json.dumps(found))
""",
    )
    names: dict[str, Any] = {}
    exec(SCHEMA, names)
    assert json.loads(said) == {
        name: json.loads(json.dumps(names["told"](pandera_schema(table, backend))))
        for name, table in load_tables().items()
    }


def test_a_schema_finds_the_cell_that_is_wrong(installed: Path) -> None:
    said = run(
        installed,
        """
import pandas, pyarrow
from pandera.errors import SchemaErrors
frame = techpacts.load("funding")
frame.loc[3, "currency"] = "dollars"
try:
    techpacts.schema("funding").validate(frame, lazy=True)
except SchemaErrors as errors:
    print(errors.failure_cases[["column", "check", "index", "failure_case"]].values.tolist())
""",
    )
    assert said.strip() == "[['currency', 'pattern', 3, 'dollars']]"


@pytest.mark.parametrize("missing", ["pandera", "polars", "pandas"])
def test_without_the_extra_it_says_what_to_install(installed: Path, missing: str) -> None:
    said = run(
        installed,
        f"""
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
assert len(techpacts.load("funding", "arrow"))
try:
    techpacts.schema("funding")
except ImportError as error:
    print(error)
""",
    )
    assert missing in said and said.strip().endswith("pip install techpacts[pandera]")


def test_it_works_from_the_wheel_as_it_is(wheel: Path, contents: Contents) -> None:
    """Put on the path without being installed, as some notebooks and clusters do."""
    said = run(
        wheel,
        "print(techpacts.__version__, *(techpacts.load(name, as_='arrow').num_rows for name in"
        f" techpacts.tables())); print(techpacts.cite('funding', {ROW!r}))",
    )
    assert said.split("\n", 1)[0].split() == [
        contents.package["version"],
        *(str(f.height) for f in contents.frames.values()),
    ]
    assert said.split("\n", 1)[1].strip() == cite("funding", ROW)


def test_a_row_is_cited_as_the_command_cites_it(installed: Path, contents: Contents) -> None:
    assert run(installed, "print(techpacts.cite())").strip() == contents.package["citation"]
    assert run(installed, f"print(techpacts.cite('funding', {ROW!r}))").strip() == cite("funding", ROW)
    for form in ("bibtex", "ris"):
        # The command puts the dataset before the documents.
        assert cite("funding", ROW, form).endswith(
            run(installed, f"print(techpacts.cite('funding', {ROW!r}, {form!r}))").rstrip("\n")
        )
    assert json.loads(cite("funding", ROW, "csl"))[1:] == json.loads(
        run(installed, f"print(techpacts.cite('funding', {ROW!r}, 'csl'))")
    )


def test_a_figure_of_a_series_is_cited_as_the_command_cites_it(installed: Path) -> None:
    row = "country_statistics", "ncses-ai-articles-whole|KOR|2022|2022"
    assert run(installed, f"print(techpacts.cite{row!r})").strip() == cite(*row)


def test_the_evidence_on_a_row_comes_with_its_sources(installed: Path, contents: Contents) -> None:
    said = run(
        installed,
        f"found = techpacts.evidence('funding', {ROW!r}, as_='arrow').to_pylist(); import json;"
        " print(json.dumps(found, default=str))",
    )
    found = json.loads(said)
    told = contents.frames["evidence"].rows(named=True)
    wanted = sorted(
        (e["field"], e["value"], e["source_id"], e["at"])
        for e in told
        if (e["table"], e["row_id"]) == ("funding", ROW)
    )
    assert sorted((e["field"], e["value"], e["source_id"], e["at"]) for e in found) == wanted
    urls = dict(contents.frames["sources"].select("source_id", "url").iter_rows())
    assert all(e["url"] == urls[e["source_id"]] and e["published_on"] for e in found)


def test_columns_are_described_in_both_languages(installed: Path, contents: Contents) -> None:
    table = contents.tables["funding"]
    for language, title in (("en", "title"), ("ko", "title_ko")):
        found = json.loads(
            run(installed, f"import json; print(json.dumps(techpacts.describe('funding', {language!r})))")
        )
        assert [(c["name"], c["title"], list(c["values"])) for c in found] == [
            (f.name, getattr(f, title), list(f.enum or ())) for f in table.fields
        ]


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("load('fundin')", "there is no table 'fundin'; there are funding"),
        ("load('funding', as_='numpy')", "use pandas, polars or arrow"),
        ("schema('fundin')", "there is no table 'fundin'; there are funding"),
        ("schema('funding', 'ibis')", "backend is 'ibis'; use pandas or polars"),
        (f"evidence('funding', '{ROW}', as_='numpy')", "use pandas, polars or arrow"),
        ("evidence('sources', 'x')", "is not a table of facts; there are agreement_domains"),
        ("evidence('funding', 'kor-usa-cet-2023-bioeconom')", f"near it are {ROW}"),
        ("cite('pair_statistics', 'ghost')", 'there is no row "ghost" in pair_statistics'),
        ("cite('funding', 'ghost')", 'there is no row "ghost" in funding'),
        ("cite('provisions', 'kor-usa-tpd-2025-roadmap')", "was removed in version 0.2.0 (renamed)"),
        (
            "evidence('funding_parties', 'ind-usa-2026-purchases|gov-ind|funder')",
            "was removed with funding ind-usa-2026-purchases",
        ),
    ],
)
def test_what_is_not_there_is_reported(call: str, why: str, installed: Path) -> None:
    said = run(
        installed,
        f"""
try:
    techpacts.{call}
except (KeyError, ValueError) as error:
    print(error)
""",
    )
    assert why in said


def test_the_wheel_holds_the_files_as_they_are_and_is_the_same_each_time(
    wheel: Path, contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("techpacts/datapackage.json") == (ROOT / "datapackage.json").read_bytes()
        assert all(
            archive.read(f"techpacts/data/{n}.parquet") == (ROOT / f"data/{n}.parquet").read_bytes()
            for n in contents.tables
        )
        said = archive.read(f"techpacts-{pep440(contents.package['version'])}.dist-info/METADATA").decode(
            "utf-8"
        )
    for line in (
        f"Version: {pep440(contents.package['version'])}",
        "License-Expression: MIT AND CC-BY-4.0",
        "Requires-Dist: pyarrow>=20",
        'Requires-Dist: pandera>=0.35 ; extra == "pandera"',
        'Requires-Dist: polars>=1.20 ; extra == "pandera"',
        "Author: The techpacts contributors",
    ):
        assert line in said.splitlines(), said
    # Whatever the surroundings say, which stay as they are.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    monkeypatch.chdir(tmp_path)
    before = {**os.environ}
    name = write_wheel(contents, b"# techpacts\n", Path())
    assert name == wheel.name and (tmp_path / name).read_bytes() == wheel.read_bytes()
    assert (before, tmp_path.resolve()) == ({**os.environ}, Path.cwd())
