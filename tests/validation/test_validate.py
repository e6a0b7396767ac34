"""A package on disk with something wrong: bytes, tables, descriptor, Parquet."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from scripts.commands.main import main
from scripts.model.problems import BadData, CannotRun
from scripts.store.files import sha256
from scripts.validation.package import check_package, inspect_given
from tests.faults.packages import descriptor, reparquet, resource, rewrite
from tests.mini import PACT


def told(folder: Path) -> list[str]:
    """What is reported, with the folder cut off."""
    return [str(p).replace(str(folder) + "/", "") for p in check_package(folder)]


def test_sound_package(package: Path) -> None:
    assert told(package) == []


def test_no_descriptor_cannot_run(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="there is no such file"):
        check_package(tmp_path)


def test_broken_descriptor(package: Path) -> None:
    (package / "datapackage.json").write_text('{"name": ', "utf-8")
    assert told(package)[0].startswith("datapackage.json:1: is not JSON in UTF-8")


DAMAGE = [
    ("hash", lambda p: (p / "data/funding.csv").write_bytes((p / "data/funding.csv").read_bytes().replace(
        b"3000000", b"3000001")),
     "data/funding.csv: its hash is not the one in the descriptor (737 bytes, the descriptor says 737);"
     " rebuild with python -m scripts build"),
    ("size", lambda p: (p / "data/funding.csv").write_bytes(b""),
     "data/funding.csv: its hash is not the one in the descriptor (0 bytes, the descriptor says 737);"
     " rebuild"),
    ("gone", lambda p: (p / "data/funding.csv").unlink(), "data/funding.csv: the file is missing; rebuild"),
    ("parquet-gone", lambda p: (p / "data/funding.parquet").unlink(),
     "data/funding.parquet: the file is missing; rebuild"),
    ("stray", lambda p: (p / "data/old.csv").write_text("a\n"),
     "data/old.csv: the file is not in the descriptor; delete it, or declare its table"),
    ("value", lambda p: rewrite(p, "funding", lambda b: b.replace(b",3000000,", b",3000001,")),
     'data/funding.csv:2:amount: no source says "3000001"; its evidence says "3000000"; code it from a'
     ' source, or empty the cell'),
    ("floor-as-exact", lambda p: rewrite(p, "funding", lambda b: b.replace(b",at_least,", b",exactly,")),
     'data/funding.csv:2:bound: no source says "exactly"; its evidence says "at_least"; code it from a'
     ' source, or empty the cell'),
    ("type", lambda p: rewrite(p, "funding", lambda b: b.replace(b",3000000,", b",3e6,")),
     'data/funding.csv:2:amount: "3e6" is not an integer; write it like 10000000'),
    ("bom", lambda p: rewrite(p, "funding", lambda b: b"\xef\xbb\xbf" + b),
     "data/funding.csv:1: the file starts with a byte order mark; save it as UTF-8 without BOM"),
    ("crlf", lambda p: rewrite(p, "funding", lambda b: b.replace(b"\n", b"\r\n")),
     "data/funding.csv:1: a line ends with a carriage return; save it with line feeds (LF) only"),
    ("orphan", lambda p: rewrite(p, "funding_parties", lambda b: b.replace(b"alpha", b"ghost")),
     'data/funding_parties.csv:2:organization_id: there is no organization "ghost"; add it to organizations,'
     ' or correct the spelling'),
    ("key-twice", lambda p: rewrite(p, "funding", lambda b: b + b.split(b"\n", 1)[1]),
     'data/funding.csv:4:funding_id: duplicate row, with the key "pact-money" (first in row 2); delete one of'
     ' the two'),
    ("unsorted",
     lambda p: rewrite(p, "events",
                       lambda b: b"\n".join([b.split(b"\n")[0], *b.split(b"\n")[1:3][::-1], b""])),
     "data/events.csv:2: from here on it is not sorted by key or not in canonical form; rebuild"),
    ("quoted", lambda p: rewrite(p, "funding", lambda b: b.replace(b",USD,", b',"USD",')),
     "data/funding.csv:2: from here on it is not sorted by key or not in canonical form; rebuild"),
    ("emptied", lambda p: rewrite(p, "rulings", lambda b: b.split(b"\n", 1)[0] + b"\n"),
     "data/rulings.csv: the table has 0 rows, it needs 1; bring the rows back"),
    ("planned-in-force", lambda p: rewrite(p, "events", lambda b: b.replace(b",planned,", b",held,")),
     'data/events.csv:2:stage: no source says "held"; its evidence says "planned"; code it from a source, or'
     ' empty the cell'),
    ("version", lambda p: descriptor(p, lambda d: d.update(version="banana")),
     "datapackage.json:version: version is not that of schemas/package.json; rebuild"),
    ("licence", lambda p: descriptor(p, lambda d: d["licenses"][0].update(name="CC-BY-4")),
     "datapackage.json:licenses: licenses is not that of schemas/package.json; rebuild"),
    ("unknown-property", lambda p: descriptor(p, lambda d: d.update(licences=[])),
     'datapackage.json:licences: the property "licences" is not known; remove it'),
    ("schema-removed", lambda p: descriptor(p, lambda d: resource(d).pop("schema")),
     "datapackage.json:funding.schema: the schema in the descriptor is not the one in schemas/; rebuild"),
    ("schema-loosened",
     lambda p: descriptor(p,
                          lambda d: resource(d)["schema"]["fields"][7]["constraints"].update(required=False)),
     "datapackage.json:funding.schema: the schema in the descriptor is not the one in schemas/; rebuild"),
    ("resource-removed", lambda p: descriptor(p, lambda d: d["resources"].remove(resource(d))),
     "datapackage.json:resources: the table funding is not listed; rebuild"),
    ("resource-twice", lambda p: descriptor(p, lambda d: d["resources"].append(resource(d))),
     "datapackage.json:funding: duplicate resource; keep one"),
    ("resource-unknown", lambda p: descriptor(p, lambda d: resource(d).update(name="fun")),
     'datapackage.json:fun: there is no table "fun"; remove the resource'),
    ("no-resources", lambda p: descriptor(p, lambda d: d.update(resources={})),
     "datapackage.json:resources: there is no list of resources; rebuild"),
    ("row-count", lambda p: descriptor(p, lambda d: resource(d).update({"techpacts:rows": 9})),
     "datapackage.json:funding.techpacts:rows: it says 9, the table has 2 rows; rebuild"),
    ("path-up", lambda p: descriptor(p, lambda d: resource(d).update(path="../funding.csv")),
     'datapackage.json:funding.path: the path "../funding.csv" leads out of the package; name a file'
     ' inside it'),
    ("path-absolute", lambda p: descriptor(p, lambda d: resource(d).update(path="/etc/hosts")),
     'datapackage.json:funding.path: the path "/etc/hosts" leads out of the package'),
    ("path-url", lambda p: descriptor(p, lambda d: resource(d).update(path="https://example.org/f.csv")),
     'datapackage.json:funding.path: the path "https://example.org/f.csv" leads out of the package'),
    ("path-other", lambda p: descriptor(p, lambda d: resource(d).update(path="data/events.csv")),
     'datapackage.json:funding.path: the path is "data/events.csv", not data/funding.csv'),
    ("parquet-path-other",
     lambda p: descriptor(p, lambda d: resource(d)["techpacts:parquet"].update(path="data/events.parquet")),
     'datapackage.json:funding.techpacts:parquet: the path is "data/events.parquet", not'
     ' data/funding.parquet'),
    ("parquet-elsewhere",
     lambda p: ((p / "copy.parquet").write_bytes((p / "data/funding.parquet").read_bytes()),
                descriptor(p, lambda d: resource(d)["techpacts:parquet"].update(path="copy.parquet"))),
     'datapackage.json:funding.techpacts:parquet: the path is "copy.parquet", not data/funding.parquet'),
    ("parquet-property", lambda p: descriptor(p, lambda d: resource(d)["techpacts:parquet"].update(rows=2)),
     'datapackage.json:funding.techpacts:parquet: the property "rows" is not known; remove it'),
    ("as-of-too-early", lambda p: descriptor(p, lambda d: d.update({"techpacts:asOf": "2025-03-01"})),
     "datapackage.json:techpacts:asOf: it says 2025-03-01, the newest source is of 2025-03-05"),
    ("parquet-value",
     lambda p: reparquet(p,
                         lambda t: t.set_column(t.schema.get_field_index("amount"), t.schema.field("amount"),
                             pa.array([3000001, 2000000], pa.int64()))),
     'data/funding.parquet:2:amount: it holds "3000001", the CSV "3000000"; rebuild'),
    ("parquet-type",
     lambda p: reparquet(p,
                         lambda t: t.set_column(t.schema.get_field_index("amount"), "amount",
                             pa.array([3e6, 2e6]))),
     "data/funding.parquet:amount: the type is double, not int64; rebuild"),
    ("parquet-date-as-text",
     lambda p: reparquet(p,
                         lambda t: t.set_column(t.schema.get_field_index("announced_on_from"),
                             "announced_on_from", pa.array(["", ""]))),
     "data/funding.parquet:announced_on_from: the type is string, not date32[day]; rebuild"),
    ("parquet-column", lambda p: reparquet(p, lambda t: t.drop_columns(["amount"])),
     "data/funding.parquet: its columns are funding_id, agreement_id"),
    ("parquet-rows", lambda p: reparquet(p, lambda t: pa.concat_tables([t, t])),
     "data/funding.parquet: it has 4 rows, the CSV 2; rebuild"),
    ("parquet-license",
     lambda p: reparquet(p, lambda t: t.replace_schema_metadata({**t.schema.metadata, b"license": b"MIT"})),
     "data/funding.parquet: its metadata license is not that of the package; rebuild"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "message"), [d[1:] for d in DAMAGE], ids=[d[0] for d in DAMAGE])
def test_damage_is_reported(package: Path, damage: Callable[[Path], None], message: str) -> None:
    damage(package)
    found = told(package)
    assert any(t.startswith(message) for t in found), "\n".join(found)


def test_broken_parquet(package: Path) -> None:
    (package / "data/funding.parquet").write_bytes(b"PAR1")
    descriptor(
        package,
        lambda d: resource(d)["techpacts:parquet"].update({"bytes": 4, "hash": f"sha256:{sha256(b'PAR1')}"}),
    )
    assert any(t.startswith("data/funding.parquet: it cannot be read as Parquet") for t in told(package))


def test_a_link_out_of_the_package_is_not_followed(package: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("secret\n")
    (package / "data/funding.csv").unlink()
    os.symlink(tmp_path / "secret.csv", package / "data/funding.csv")
    found = told(package)
    assert any('the path "data/funding.csv" leads out of the package' in t for t in found) and not any(
        "secret" in t for t in found
    )


@pytest.mark.parametrize("content", ["[]", "null", '{"resources": [1, null, []]}', '"x"'])
def test_descriptors_of_another_shape_give_messages(package: Path, content: str) -> None:
    (package / "datapackage.json").write_text(content, "utf-8")
    assert told(package)


def test_one_wrong_signatory_is_found_though_every_stock_check_passes(package: Path) -> None:
    """Two people exchanged: valid keys, valid types, valid hashes, and a wrong fact."""
    rewrite(
        package,
        "signatories",
        lambda b: b.replace(f"{PACT},delta,signed".encode(), f"{PACT},epsilon,signed".encode(), 1),
    )
    assert any(
        t.startswith(f'data/signatories.csv:2:person_id: no source speaks of "{PACT}|epsilon|signed"')
        for t in told(package)
    )


def test_problems_carry_everything_for_machines(package: Path) -> None:
    rewrite(package, "funding", lambda b: b.replace(b",at_least,", b",exactly,"))
    given = check_package(package)[0].as_dict()
    assert set(given) == {"file", "row", "column", "message", "fix", "rule"}


def test_bad_data_lists_each_problem_once() -> None:
    from scripts.model.problems import Problem

    one = Problem("f", 1, "c", "m", "x", "r")
    assert BadData([one, one]).problems == [one]


# --- what may be given to validate


def zipped(package: Path, inner: str = "", leave: str = "") -> Path:
    path = package.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(p for p in package.rglob("*") if p.is_file() and p.name != leave):
            archive.write(file, f"{inner}{file.relative_to(package).as_posix()}")
    return path


@pytest.mark.parametrize("inner", ["", "mini-1.0.0/"])
def test_a_package_is_taken_as_a_folder_a_descriptor_or_a_zip(package: Path, inner: str) -> None:
    rewrite(package, "funding", lambda b: b.replace(b",3000000,", b",3000001,"))
    path = zipped(package, inner)
    plain = inspect_given(package).problems
    assert plain and inspect_given(package / "datapackage.json").problems == plain
    assert [str(p) for p in inspect_given(path).problems] == [
        str(p).replace(f"{package}/", f"{path}/{inner}") for p in plain
    ]


def test_validate_of_a_zip_and_of_what_is_none(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(zipped(package, "mini/"))]) == 0
    assert capsys.readouterr().out.endswith("package.zip: valid\n")
    (tmp_path / "broken.zip").write_bytes(zipped(package).read_bytes()[:1000])
    (tmp_path / "other.zip").write_bytes(zipped(package, leave="datapackage.json").read_bytes())
    for name, why in (
        ("broken.zip", "this is not a zip file"),
        ("other.zip", "there is no datapackage.json in it"),
        ("absent.zip", "there is no such file"),
    ):
        assert main(["validate", str(tmp_path / name)]) == 2
        said = capsys.readouterr()
        assert said.out == "" and name in said.err and why in said.err
