"""The declarations: whole, bilingual, enforced, and the same in Arrow, pandera and the descriptor."""

from __future__ import annotations

import copy
import json

import polars as pl
import pyarrow as pa
import pytest

from scripts.constraints.violations import constraint_violations, own_violations, unique_key_violations
from scripts.model.paths import SCHEMAS
from scripts.model.problems import BadData
from scripts.model.tables import Field, Table, parse_table
from scripts.model.values import parse
from scripts.package.descriptor import table_schema
from scripts.pipeline.build import Built
from scripts.store.frames import frame_of
from scripts.store.parquet import arrow_schema
from scripts.store.schemas import load_seed_table, load_tables
from scripts.techpacts.constraints import POLARS_TYPE
from scripts.techpacts.pandera_schemas import pandera_schema
from tests.mini import TABLES

ALL_TABLES = [*TABLES.values(), *map(load_seed_table, ("uncoded", "passages_lock", "coverage_lock"))]
FIELDS = [(t, f) for t in ALL_TABLES for f in t.fields]
DESIGN = {
    "agreements", "parties", "signatories", "agreement_domains", "provisions", "provision_organizations",
    "funding", "funding_parties",
    "events", "event_organizations", "event_people", "statistics", "statements", "countries", "organizations",
    "people", "aliases",
    "domains", "domain_crosswalks", "indicators", "sources", "evidence", "rulings", "timeline",
    "agreement_matrix",
}  # fmt: skip


def test_every_table_of_the_design_is_declared() -> None:
    assert set(TABLES) >= DESIGN
    assert {p.stem for p in SCHEMAS.glob("*.json")} == set(TABLES) | {"package"}


@pytest.mark.parametrize(("table", "field"), FIELDS, ids=lambda x: x.name)
def test_example_passes_its_own_field(table: Table, field: Field) -> None:
    value, fault = parse(field, field.example)
    assert fault is None
    assert constraint_violations([field], frame_of([field], [{field.name: value}])) == []


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda t: t.name)
def test_both_languages_are_in_their_script(table: Table) -> None:
    def hangul(s: str) -> bool:
        return any("가" <= c <= "힣" for c in s)

    for f in table.fields:
        assert not hangul(f.title + f.description), f.name
        assert hangul(f.description_ko), f.name
        for c in f.categories:
            assert hangul(c["techpacts:descriptionKo"]) and not hangul(c["label"] + c["description"]), (
                f.name,
                c["value"],
            )
    assert hangul(table.title_ko + table.description_ko)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_arrow_pandera_and_descriptor_agree_with_the_schema_both_ways(table: Table, real: Built) -> None:
    arrow = arrow_schema(table)
    pandera = pandera_schema(table, "polars")
    published = next(
        r for r in json.loads(real.files["datapackage.json"])["resources"] if r["name"] == table.name
    )["schema"]
    declared = [(f.name, f.type, f.required) for f in table.fields]
    to_arrow = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    assert [(f.name, f.type, not f.nullable) for f in arrow] == [(n, to_arrow[t], r) for n, t, r in declared]
    assert [(n, c.dtype.type, not c.nullable) for n, c in pandera.columns.items()] == [
        (n, POLARS_TYPE[t], r) for n, t, r in declared
    ]
    assert list(pandera.unique) == list(table.primary_key)
    assert pandera.strict is True and pandera.ordered is True and pandera.coerce is False
    for f in table.fields:
        checks = {c.name for c in pandera.columns[f.name].checks}
        wanted = {
            n
            for n, v in (
                ("enum", f.enum),
                ("pattern", f.pattern),
                ("minimum", f.minimum),
                ("maximum", f.maximum),
                ("finite", f.type == "number" or None),
                ("unique", f.unique or None),
            )
            if v is not None
        }
        assert checks == wanted, f.name
    assert published == table_schema(table)
    assert [(f["name"], f["type"], f["constraints"]["required"]) for f in published["fields"]] == declared
    assert published["primaryKey"] == list(table.primary_key)


def test_keys_point_to_primary_keys() -> None:
    for table in TABLES.values():
        for key in table.foreign_keys:
            assert TABLES[key.table].primary_key == key.reference


def _declaration() -> dict:
    return copy.deepcopy(TABLES["funding"].declaration)


REFUSED = [
    (lambda d: d["fields"][0]["constraints"].update(minLength=3),
     '"constraints.minLength" is not enforced by this project'),
    (lambda d: d["fields"][0]["constraints"].update(requried=True),
     '"constraints.requried" is not enforced by this project'),
    (lambda d: d["fields"][0].update(format="email"), '"format" is not enforced by this project'),
    (lambda d: d["fields"][0].update(type="yearmonth"),
     '"type" is "yearmonth", which is not an allowed value'),
    (lambda d: d["fields"][0]["constraints"].pop("required"), '"constraints.required" is missing'),
    (lambda d: d["fields"][0].pop("example"), '"example" is missing'),
    (lambda d: d["fields"][0].update(example=1), '"example" is "1", not a text'),
    (lambda d: d["fields"][0].update({"techpacts:titleKo": " "}), '"techpacts:titleKo" is empty'),
    (lambda d: d["fields"][0]["constraints"].update(pattern="(a"),
     '"constraints.pattern" is not a regular expression'),
    (lambda d: d["fields"][0]["constraints"].update(pattern=r"^a|b$"), '"constraints.pattern" uses anchors'),
    (lambda d: d["fields"][0]["constraints"].update(required=False),
     '"constraints.required" is false, and a part of the primary key may not be empty'),
    (lambda d: d["fields"][5]["constraints"].update(enum=["public"]), '"categories" and the enum differ'),
    (lambda d: d["fields"][5]["categories"][0].pop("techpacts:labelKo"),
     '"categories.0" does not have the properties of a category; compare "techpacts:labelKo"'),
    (lambda d: d["fields"][5].update({"techpacts:evidence": "guess"}),
     '"techpacts:evidence" is "guess", which does not fit the origin "claim"'),
    (lambda d: d["fields"][5].update({"techpacts:resolve": "oldest"}),
     '"techpacts:resolve" is "oldest", which is not an allowed value'),
    (lambda d: d["fields"][5].update({"techpacts:caveats": ["beware"]}),
     '"techpacts:caveats" has "beware", which is not on the list'),
    (lambda d: d["fields"][5].update({"techpacts:caveats": ["as_quoted", "as_quoted"]}),
     '"techpacts:caveats" has "as_quoted", which is not on the list, a duplicate'),
    (lambda d: d["fields"].append(d["fields"][1]), '"name" is "agreement_id", a duplicate'),
    (lambda d: d.update(primaryKey=[]), '"primaryKey" names no field'),
    (lambda d: d.update(primarykey=["funding_id"]), '"primarykey" is not enforced by this project'),
    (lambda d: d.update(missingValues=["", "NA"]), '"missingValues" has more than the empty cell'),
    (lambda d: d["foreignKeys"][0].update(fields=["ghost"]),
     '"foreignKeys.0.fields" names "ghost", which is not declared'),
    (lambda d: d["foreignKeys"][0]["reference"].update(onDelete="x"),
     '"foreignKeys.0.reference.onDelete" is not enforced'),
    (lambda d: d.update({"techpacts:kind": "lore"}),
     '"techpacts:kind" is "lore", which is not an allowed value'),
    (lambda d: d.update({"techpacts:kind": "seed"}),
     '"foreignKeys" is not enforced by this project for a list that only the seeds have'),
    (lambda d: d.update(name="other"), '"name" is "other", not the name of the file'),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), REFUSED, ids=[m[:40] for _, m in REFUSED])
def test_what_the_code_does_not_enforce_is_refused(spoil, message: str) -> None:
    declaration = _declaration()
    spoil(declaration)
    with pytest.raises(BadData) as bad:
        parse_table(declaration, "schemas/funding.json")
    assert any(
        message in p.message and p.file == "schemas/funding.json" and p.fix for p in bad.value.problems
    ), str(bad.value)


def test_a_table_whose_file_windows_cannot_have_is_refused() -> None:
    with pytest.raises(BadData, match='"name" is "aux", a device on Windows'):
        parse_table(_declaration() | {"name": "aux"}, "schemas/aux.json")


def test_a_foreign_key_to_no_primary_key_is_refused(tmp_path) -> None:
    for path in SCHEMAS.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    given = json.loads((tmp_path / "places.json").read_text("utf-8"))
    given["foreignKeys"][0]["reference"]["fields"] = ["alpha_2"]
    (tmp_path / "places.json").write_text(json.dumps(given), "utf-8")
    with pytest.raises(BadData, match="points to countries\\(alpha_2\\), which is not a primary key"):
        load_tables(tmp_path)


def test_unique_keys_are_declared_and_enforced_and_an_empty_part_repeats_nothing() -> None:
    provisions = TABLES["provisions"]
    assert (
        provisions.unique_keys == (("agreement_id", "number"),)
        and sum(len(t.unique_keys) for t in TABLES.values()) >= 5
    )
    rows = [
        {"provision_id": i, "agreement_id": "a", "number": n}
        for i, n in (("x", "II.1"), ("y", None), ("z", None), ("q", "II.1"))
    ]
    (found,) = unique_key_violations(provisions, frame_of(provisions.fields, rows))
    assert (found.index, found.column, found.message) == (
        3,
        "agreement_id,number",
        'duplicate agreement_id, number "a | II.1"',
    )


def test_unique_fields_name_the_later_row() -> None:
    countries = TABLES["countries"]
    rows = [{"country_code": c, "alpha_2": "KR", "name_en": "A", "name_ko": "가"} for c in ("KOR", "PRK")]
    (found,) = constraint_violations(countries.fields, frame_of(countries.fields, rows), key=["country_code"])
    assert (found.index, found.rule, found.message) == (1, "unique", 'duplicate alpha_2 "KR"')


def test_other_columns_and_another_order_are_reported() -> None:
    fields = TABLES["places"].fields
    sound = frame_of(fields, [{"place_id": "a", "name_en": "A", "name_ko": "가"}])
    assert constraint_violations(fields, sound, key=["place_id"]) == []
    for frame in (
        sound.drop("name_ko"),
        sound.with_columns(extra=pl.lit("x")),
        sound.select(sound.columns[::-1]),
    ):
        assert constraint_violations(fields, frame, key=["place_id"])


def test_rows_without_a_key_are_reported_to_be_without_it_and_not_to_repeat_one() -> None:
    table = TABLES["parties"]
    row = {f.name: None for f in table.fields}
    found = own_violations(table, frame_of(table.fields, [row, row]))
    assert {v.rule for v in found} == {"required"} and {v.index for v in found} == {0, 1}
