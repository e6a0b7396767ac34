"""The whole build on the committed seeds: the same bytes everywhere, the committed files, the commands."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from scripts.commands.main import main
from scripts.lookup.explain import explain
from scripts.model.evidence_kinds import kind_of
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun
from scripts.pipeline.build import Built, build
from scripts.pipeline.drift import compare_with_seeds
from scripts.pipeline.judging import validate_frames
from scripts.sources.coverage import cited_spans, contradicted, cover, uncoded_spans
from scripts.sources.locate import locate
from scripts.sources.passages import HeldText, Transcript
from scripts.store.csvfile import sort_rows, write_rows
from scripts.store.frames import frame_of
from scripts.store.publish import publish
from scripts.validation.package import check_package
from tests.mini import HELD, MONEY, PACT, PREVIEW, RELEASE, SIGNING, TEXT, Mini, spans
from tests.pipeline_copy import lay_out


def run(*args: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """A command as a user types it."""
    return subprocess.run(
        [sys.executable, "-m", "scripts", *args],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def copy(folder: Path) -> Path:
    """The pipeline and the seeds elsewhere, without data and without the source texts beside them."""
    for name in ("scripts", "schemas", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


# --- bytes


def test_committed_files_are_what_the_seeds_give(real: Built) -> None:
    for name, content in real.files.items():
        assert (ROOT / name).read_bytes() == content, name


def test_the_repository_is_valid_without_the_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "validate",
        *(word for name in ("--sources", "--texts", "--passages") for word in (name, str(tmp_path))),
    ]
    assert main([*words, "--verbose"]) == 0
    printed = capsys.readouterr()
    held = sum(
        s["held"] != "none" for s in csv.DictReader((ROOT / "data/sources.csv").open(encoding="utf-8"))
    )
    valid = "seeds and data: valid\n"
    assert (
        printed.out
        == valid + f"checks: 0 sources against their text, {held} from the lock (texts not at hand)\n"
    )
    assert printed.err == ""
    assert main(words) == 0
    assert capsys.readouterr() == (valid, "")


@pytest.mark.parametrize("which", ["mini_built", "real"])
def test_csv_of_a_frame_is_that_of_its_rows(which: str, request: pytest.FixtureRequest) -> None:
    """The build writes typed frames; the writer of rows gives the same bytes."""
    built: Built = request.getfixturevalue(which)
    for table in built.tables.values():
        rows = built.data[table.name]
        assert built.files[f"data/{table.name}.csv"] == write_rows(table.fields, rows), table.name
        assert rows == sort_rows(table, rows), table.name


def test_data_that_are_what_the_seeds_give_are_sound_when_read(mini_built: Built, tmp_path: Path) -> None:
    """``validate`` does not read them a second time: nothing would be found."""
    publish(tmp_path, mini_built.files)
    assert compare_with_seeds(mini_built, tmp_path) == [] == check_package(tmp_path)


def test_a_stray_file_beside_data_that_are_what_the_seeds_give(mini_built: Built, tmp_path: Path) -> None:
    publish(tmp_path, mini_built.files)
    (tmp_path / "data/notes.csv").write_text("mine", "utf-8")
    found = compare_with_seeds(mini_built, tmp_path)
    assert [p.rule for p in found] == ["stray-file"] and found == check_package(tmp_path)


@pytest.mark.parametrize("text", ["=1+1", " Memorandum", "Memo\u200brandum", ""])
def test_a_text_that_the_build_makes_is_held_against_what_texts_must_be(mini_built: Built, text: str) -> None:
    frames = {n: frame_of(t.fields, mini_built.data[n]) for n, t in mini_built.tables.items()}
    frames["timeline"] = frames["timeline"].with_columns(pl.lit(text).alias("label_en"))
    found = validate_frames(mini_built.tables, frames)
    rows = [v.index for table, v in found if (table, v.column, v.rule) == ("timeline", "label_en", "lexical")]
    assert rows == list(range(frames["timeline"].height))


# --- what the seeds hold


def test_no_typed_value_from_a_held_text_is_unproven(real: Built) -> None:
    held = {s["source_id"] for s in real.data["sources"] if s["sha256"]}
    facts = {t.name: t for t in real.tables.values() if t.kind == "fact"}
    for e in real.data["evidence"]:
        if e["source_id"] in held and kind_of(facts[e["table"]].by_name[e["field"]].evidence).typed:
            assert e["check"] == "confirmed" or (e["check"] == "inferred" and e["note"])


def test_every_character_of_the_texts_is_accounted_for(real: Built, texts: Path) -> None:
    held_whole = [h for h in real.held.values() if isinstance(h, HeldText)]
    assert len(held_whole) >= 5
    cited = cited_spans(real.seeds)
    archived = {s["source_id"] for s in real.seeds.lists["sources"] if s["archive_url"]}
    for held in held_whole:
        result = cover(cited[held.source_id], uncoded_spans(real.seeds, held.source_id), held)
        assert contradicted(real.seeds, cited[held.source_id], held) == []
        assert result.cited + result.uncoded + result.missing == result.characters
        # Of the texts from archives parts are still to be coded.
        assert held.source_id in archived or result.gaps == ()


def test_no_long_run_of_a_source_stands_in_the_repository(real: Built, texts: Path) -> None:
    """Names, offices, titles and addresses aside, which are facts, no 60 characters of a text are copied."""
    whole = [" ".join(h.text.split()) for h in real.held.values() if isinstance(h, HeldText)]
    whole += [p for h in real.held.values() if isinstance(h, Transcript) for p in h.passages.values()]
    grams = {t[i : i + 60] for t in whole for i in range(len(t) - 60)}
    prose = [
        e["value"]
        for e in real.data["evidence"]
        if e["field"].split("_")[0] in {"summary", "condition", "operative", "caveat"}
    ]
    prose += [
        str(r[k])
        for t in ("evidence", "rulings", "tombstones", "exclusions", "sources", "domains", "indicators")
        for r in real.data[t]
        for k in r
        if k.split("_")[0] in {"note", "reason", "definition", "caveat"} and r[k]
    ]
    prose += [
        p.read_text("utf-8")
        for p in [
            *ROOT.glob("*.md"),
            *ROOT.glob("docs/*.md"),
            *ROOT.glob("docs/reference/*.md"),
            *ROOT.glob("tests/**/*.py"),
            *ROOT.glob("schemas/*.json"),
        ]
    ]
    names = {
        r["name_en"] for t in ("organizations", "people") for r in real.data[t] if len(r["name_en"]) > 20
    }
    names |= {a["name"] for a in real.data["aliases"] if len(a["name"]) > 20} | {
        e["value"] for e in real.data["evidence"] if e["field"].startswith("official_")
    }
    for text in prose:
        plain = " ".join(re.sub(r"https?://\S+", "", text).split())
        if any(plain[i : i + 60] in grams for i in range(len(plain) - 60)):
            for name in names:
                plain = plain.replace(name, "")
            copied = [plain[i : i + 60] for i in range(len(plain) - 60) if plain[i : i + 60] in grams]
            assert not copied, f"{copied[0]} in {text[:80]}"


def test_traps_of_the_texts(real: Built) -> None:
    """What the sources say, not what one would like them to say."""
    rows = {t: {r[table.primary_key[0]]: r for r in real.data[t]} for t, table in real.tables.items()}
    money = rows["funding"]["kor-usa-cet-2023-bioeconomy"]
    assert (money["amount"], money["currency"], money["bound"]) == (10_000_000, "USD", "at_least")
    assert {
        p["role"]
        for p in real.data["funding_parties"]
        if p["funding_id"] == "kor-usa-cet-2023-bioeconomy" and p["organization_id"] in {"msit", "nsf"}
    } == {"cooperating_body"}
    roles = {
        (s["person_id"], s["role"])
        for s in real.data["signatories"]
        if s["agreement_id"] == "kor-usa-tpd-2025"
    }
    assert roles == {
        ("bae-kyung-hoon", "signed"),
        ("michael-kratsios", "signed"),
        ("ha-jung-woo", "attended"),
    }
    pharma = rows["statistics"]["hamilton-pharma-kor-2023"]
    assert (pharma["vintage"], pharma["period_from"], pharma["rank_scope"]) == (
        "2023",
        None,
        "industries_of_the_country",
    )
    # What was planned when the dialogue was held took place, and the history says when that was known.
    for event in ("ai-global-forum-2024", "mini-ai-summit-2024", "reaim-2024"):
        stages = [
            h["value"] for h in real.data["cell_history"] if (h["row_id"], h["field"]) == (event, "stage")
        ]
        assert (stages[0], rows["events"][event]["stage"]) == ("planned", "held")
    assert all(
        p["evidence_grade"] in {"A", "D"} for p in real.data["provisions"] if p["standing"] == "expected"
    )
    for deal, by in (
        ("gbr-usa-tpd-2025", {"donald-trump", "keir-starmer"}),
        ("jpn-usa-tpd-2025", {"michael-kratsios", "onoda-kimi"}),
    ):
        assert {
            s["person_id"]
            for s in real.data["signatories"]
            if s["agreement_id"] == deal and s["role"] == "signed"
        } == by
    # Three deals, three texts: who may leave them, and when, is in the text.
    assert {rows["agreements"][f"{p}-usa-tpd-2025"]["notice_days"] for p in ("gbr", "jpn", "kor")} == {180}
    assert not [
        f
        for f in real.data["funding"]
        if f["agreement_id"] in {"gbr-usa-tpd-2025", "jpn-usa-tpd-2025", "kor-usa-tpd-2025"}
        and f["under_agreement"]
    ]
    assert rows["agreements"]["kor-usa-tpd-2025"]["status"] == "signed"


# --- as of a day


def test_as_of_shows_what_was_known(mini: Mini) -> None:
    early = mini.build(as_of=dt.date(2025, 3, 1))
    assert [s["source_id"] for s in early.data["sources"]] == [PREVIEW]
    (pact,) = early.data["agreements"]
    assert (pact["instrument_type"], pact["signed_on"], pact["status"], pact["evidence_grade"]) == (
        "mou",
        None,
        "unknown",
        "D",
    )
    assert [(e["stage"], e["effect"]) for e in early.data["events"]] == [("planned", "none")]
    assert early.data["rulings"] == []
    middle = mini.build(as_of=dt.date(2025, 3, 4))
    assert {s["source_id"] for s in middle.data["sources"]} == {PREVIEW, RELEASE}
    assert middle.data["agreements"][0]["instrument_type"] == "moc"
    assert {r["expect"]: r["stands"] for r in middle.data["rulings"]} == {"mou": False, "moc": True}
    with pytest.raises(CannotRun, match="no source was published on or before 2024-01-01"):
        mini.build(as_of=dt.date(2024, 1, 1))


def test_as_of_a_day_nothing_leans_on_what_only_later_sources_say(mini: Mini) -> None:
    mini.edit(f"coding/{PREVIEW}/events.csv", "effect,attribution\n", "effect,parent_event_id,attribution\n")
    mini.edit(f"coding/{PREVIEW}/events.csv", ",none,unnamed", ",none,pact-follow-up,unnamed")
    mini.path(f"coding/{PREVIEW}/agreements.csv").write_text(
        mini.path(f"coding/{PREVIEW}/agreements.csv").read_text("utf-8")
        + "para 2,other-pact,Another pact,다른 각서,science_and_technology,mou,hearsay\n",
        "utf-8",
    )
    for party in ("gov-kor", "gov-usa"):
        mini.path("parties").write_text(
            mini.path("parties").read_text("utf-8") + f"{spans(SIGNING)},other-pact,{party},party\n", "utf-8"
        )
    mini.lock()
    early = mini.build(as_of=dt.date(2025, 3, 1))
    assert [e["parent_event_id"] for e in early.data["events"]] == [None]
    assert [a["agreement_id"] for a in early.data["agreements"]] == [PACT]
    assert not [
        e for e in early.data["evidence"] if e["row_id"] == "other-pact" or e["field"] == "parent_event_id"
    ]
    assert {a["agreement_id"] for a in mini.build().data["agreements"]} == {PACT, "other-pact"}


@pytest.mark.slow
def test_as_of_publication_days_of_the_real_sources(real: Built) -> None:
    """The first and a middle one; each builds only if its package is whole."""
    days = sorted({s["published_on"] for s in real.data["sources"]})
    for day in (days[0], days[len(days) // 2]):
        early = build(as_of=day)
        assert {s["published_on"] for s in early.data["sources"]} <= {
            d for d in {s["published_on"] for s in real.data["sources"]} if d <= day
        }
        assert json.loads(early.files["datapackage.json"])["techpacts:asOf"] == day.isoformat()


def test_as_of_package_is_valid_by_itself(mini: Mini, tmp_path: Path) -> None:
    publish(tmp_path, mini.build(as_of=dt.date(2025, 3, 4)).files)
    assert check_package(tmp_path) == []


@pytest.mark.slow
def test_as_of_package_of_the_real_seeds_is_valid_by_itself(tmp_path: Path) -> None:
    assert main(["as-of", "2025-10-28", "--out", str(tmp_path / "then")]) == 0
    assert check_package(tmp_path / "then") == []
    assert "kor-usa-tpd-2025" not in (tmp_path / "then/data/agreements.csv").read_text("utf-8")


def test_as_of_does_not_overwrite(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["as-of", "2025-10-28", "--out", str(tmp_path)]) == 2
    assert main(["as-of", "2025-10-28", "--out", str(ROOT)]) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


# --- commands


@pytest.fixture(scope="module")
def package(mini_built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up package on disk."""
    folder = tmp_path_factory.mktemp("package")
    publish(folder, mini_built.files)
    return folder


def _explain(mini: Mini, package: Path, table: str, key: str) -> str:
    return explain(table, key, package, sources=(mini.texts,), passages=mini.passages)


def test_explain_shows_value_check_source_place_and_passage(mini: Mini, package: Path) -> None:
    text = _explain(mini, package, "funding", "pact-money")
    assert f"amount: 3000000\n    confirmed | {HELD} (2025-03-05) | at {spans(MONEY)}" in text
    assert f"“{MONEY}”" in text
    assert "evidence_grade: C (derived by the build)" in text
    text = _explain(mini, package, "agreements", PACT)
    assert f"confirmed | {RELEASE} (2025-03-04) | at title; para 1" in text
    assert f"cited | {PREVIEW} (2025-03-01, word of: unnamed_source) | at para 1" in text
    assert f"coded, does not stand: mou | {HELD}" in text
    assert "note: next year, counted from the report of 2025" in _explain(
        mini, package, "events", "pact-follow-up"
    )


def test_explain_without_the_text_shows_the_place_alone(package: Path, tmp_path: Path) -> None:
    text = explain("funding", "pact-money", package, sources=(tmp_path,), passages=None)
    assert spans(MONEY) in text and MONEY not in text


def test_explain_refuses_a_text_that_is_not_the_one_that_was_coded(mini: Mini, package: Path) -> None:
    (mini.texts / "news.txt").write_text(TEXT.replace("300", "400"), "utf-8")
    message = r"data/sources\.csv:2:sha256: news\.txt is not the text that was coded"
    with pytest.raises(BadData, match=message):
        _explain(mini, package, "funding", "pact-money")


@pytest.mark.parametrize(
    ("table", "key", "message"),
    [
        ("fundings", "x", "there is no table fundings"),
        ("funding", "x", 'there is no row "x" in funding; there are pact-money'),
        ("funding", "pact-mony", 'there is no row "pact-mony" in funding; near it are pact-money'),
    ],
)
def test_explain_of_what_is_not_there(package: Path, table: str, key: str, message: str) -> None:
    with pytest.raises(CannotRun, match=message):
        explain(table, key, package)


def test_locate_finds_words_across_lines() -> None:
    held = HeldText(HELD, "a b\n c a  b")
    assert [(a, b) for a, b, _ in locate(held, "a b")] == [(0, 3), (7, 11)]
    assert locate(held, "zzz") == [] and locate(held, "  ") == []
    (place,) = locate(HeldText(HELD, TEXT), MONEY)
    assert f"{place[0]}-{place[1]}" == spans(MONEY)


def test_coverage_names_each_gap(mini: Mini) -> None:
    mini.path("statements").unlink()
    mini.path("statement_domains").unlink()
    seeds = _seeds(mini)
    result = cover(cited_spans(seeds)[HELD], uncoded_spans(seeds, HELD), HeldText(HELD, TEXT))
    (gap,) = result.gaps
    assert TEXT[gap[0] : gap[1]] == "델타 처장은 협력이 더 넓어질 것이라고 말했다."
    assert result.missing == sum(not c.isspace() for c in TEXT[gap[0] : gap[1]])


def test_explain_shows_the_line_of_the_pinned_table(package: Path) -> None:
    text = explain("pair_statistics", "papers-together|KOR|USA|2024|2024", package)
    assert (
        "value: line 7 of seeds/upstream/tables/beta-papers.csv, SHA-256 " in text
        and "Quantum papers (Yearbook, 2025-02-01)" in text
    )


def test_uncoded_and_cited_at_once_is_a_fault(mini: Mini) -> None:
    mini.edit("uncoded", spans("메뉴 로그인"), spans("메뉴 로그인\n한국과"))
    seeds = _seeds(mini)
    (problem,) = contradicted(seeds, cited_spans(seeds)[HELD], HeldText(HELD, TEXT))
    assert problem.row == 2 and problem.message == "a claim cites a part of this passage"


def _seeds(mini: Mini):
    from scripts.pipeline.seeds import read_seeds
    from scripts.store.schemas import load_tables

    return read_seeds(load_tables(), mini.seeds)


def test_commands_that_cannot_run_say_why_and_end_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, why in (
        (["validate", str(tmp_path)], "there is no such file"),
        (["locate", "--sources", str(tmp_path), "newspim-2023-12-09", "x"], "is not at hand"),
    ):
        assert main(words) == 2
        assert why in capsys.readouterr().err
    for words in (["nonsense"], ["as-of", "yesterday", "--out", "x"], []):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_help_lists_the_commands() -> None:
    done = run("--help")
    assert done.returncode == 0 and all(
        c in done.stdout for c in ("build", "validate", "explain", "coverage", "locate", "lock", "as-of")
    )


def test_bad_seeds_change_nothing_and_are_reported_in_text_and_json(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    sheet = f"seeds/coding/{HELD}/funding.csv"
    text = (folder / sheet).read_text("utf-8")
    (folder / sheet).write_text(text.replace(",3000000,", ",3 million,"), "utf-8")
    done = run("build", cwd=folder)
    assert done.returncode == 1 and not (folder / "data").exists() and "Traceback" not in done.stderr
    reported = f'{sheet}:2:amount: "3 million" is not an integer; write 3000000'
    assert reported in done.stdout.splitlines()
    done = run("validate", "--json", cwd=folder)
    given = json.loads(done.stdout)
    assert done.returncode == 1 and given["valid"] is False
    assert {
        "file": sheet,
        "row": 2,
        "column": "amount",
        "message": '"3 million" is not an integer',
        "fix": "write 3000000",
        "rule": "lexical",
    } in given["problems"]
