"""A made-up package, small and whole: three sources, one with its text, which an archive has, one with
passages, one only cited, and a row in every table.

Its bodies and people are Greek letters; nothing in it is meant to be anybody.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.package.settings import load_package
from scripts.package.version_number import release_of
from scripts.pipeline.build import Built, build
from scripts.sources.coverage import coverage_file
from scripts.sources.lock import lock_file
from scripts.store.files import sha256
from scripts.store.schemas import load_tables
from tests.faults.csvs import to_csv

TEXT = """메뉴 로그인
한국과 미국은 2025년 3월 4일 서울에서 양자 협력 각서를 체결했다. 알파부의 감마 장관과 베타처의 델타 처장이 서명하고 엡실론 국장이 배석했다.
알파부와 베타처는 양자 공동연구에 최소 300만 달러를 지원하기로 했다. 내년에 후속 회의를 연다.
알파부에 따르면 한국은 2024년 양자 논문 1,234건으로 세계 3위이다. 델타 처장은 협력이 더 넓어질 것이라고 말했다.
"""  # noqa: E501
SIGNING = "한국과 미국은 2025년 3월 4일 서울에서 양자 협력 각서를 체결했다."
SIGNERS = "알파부의 감마 장관과 베타처의 델타 처장이 서명하고 엡실론 국장이 배석했다."
MONEY = "알파부와 베타처는 양자 공동연구에 최소 300만 달러를 지원하기로 했다."
FOLLOW_UP = "내년에 후속 회의를 연다."
FIGURE = "알파부에 따르면 한국은 2024년 양자 논문 1,234건으로 세계 3위이다."
QUOTE = "델타 처장은 협력이 더 넓어질 것이라고 말했다."
# The file of a public archive whose plain text this is.
ARCHIVE, COMMIT, ARCHIVE_PATH = "https://example.org/archive", "0123456789" * 4, "news/2025-03 기사.md"
ARCHIVED = TEXT.replace("\n", "\n\n").replace("양자 협력", "**양자** [협력](https://example.org/)")
PASSAGES = """@ title
Memorandum of Cooperation on Quantum Technology
@ para 1
Seoul, 4 March 2025: South Korea and the United States signed the memorandum
of cooperation.
@ para 2
Office Beta pays 2 million pounds for quantum research.
@ note 3
One pound was 1.25 US dollars on 3 March 2025.
"""
PINNED = """measure,entity,partner,period_from,period_to,value,source_row
papers,All,,2024,2024,4000,1
papers,America,,2024,2024,2500.5,2
papers,"Korea, South",,2024,2024,1300,3
summed,America,,2020,2024,9000,2
summed,"Korea, South",,2020,2024,5000,3
together,"Korea, South",America,2024,2024,100,4
"""
HELD, PREVIEW, RELEASE = "mini-news-2025-03-05", "mini-preview-2025-03-01", "mini-release-2025-03-04"
PACT = "kor-usa-quantum-2025"


def spans(*phrases: str, text: str = TEXT) -> str:
    """``at`` of the phrases: their offsets in the text, in order."""
    found = sorted((text.index(p), text.index(p) + len(p)) for p in phrases)
    return ";".join(f"{a}-{b}" for a, b in found)


def _csv(header: str, *rows: tuple) -> str:
    return to_csv(header.split(","), rows).decode("utf-8")


def _lists() -> dict[str, str]:
    url = "https://example.org/"
    return {
        "vocabularies/countries.csv": _csv("country_code,alpha_2,name_en,name_ko",
                                           ("KOR", "KR", "South Korea", "한국"),
                                           ("USA", "US", "United States", "미국")),
        "vocabularies/places.csv": _csv("place_id,name_en,name_ko,country_code",
                                        ("seoul", "Seoul", "서울", "KOR")),
        "vocabularies/organizations.csv": _csv(
            "organization_id,name_en,name_ko,name_native,acronym,organization_type,country_code,"
            "parent_organization_id,name_basis,name_url",
            ("gov-kor", "Government of Korea", "한국 정부", "", "", "government", "KOR", "", "translation",
             ""),
            ("gov-usa", "Government of the United States", "미국 정부", "", "", "government", "USA", "",
             "translation", ""),
            ("alpha", "Ministry Alpha", "알파부", "", "MAL", "government_body", "KOR", "gov-kor", "own_use",
             url),
            ("beta", "Office Beta", "베타처", "", "", "government_body", "USA", "gov-usa", "press_use", url),
            ("daily", "Daily Zeta", "제타일보", "", "", "media", "KOR", "", "translation", ""),
        ),
        "vocabularies/people.csv": _csv("person_id,name_en,name_ko,name_native,name_basis,name_url",
                                        ("gamma", "Gamma", "감마", "", "romanized", ""),
                                        ("delta", "Delta", "델타", "", "romanized", ""),
                                        ("epsilon", "Epsilon", "엡실론", "", "romanized", "")),
        "vocabularies/aliases.csv": _csv("entity_type,entity_id,name,language,source_id",
                                         ("domain", "quantum", "양자", "ko", ""),
                                         ("domain", "quantum", "quantum", "en", ""),
                                         ("organization", "beta", "처장실", "ko", HELD)),
        "vocabularies/domains.csv": _csv("domain_id,parent_domain_id,name_en,name_ko,definition_en,"
                                         "definition_ko",
                                         ("quantum", "", "Quantum technology", "양자 기술",
                                          "Quantum effects put to use.", "양자 현상의 이용.")),
        "vocabularies/domain_crosswalks.csv": _csv("domain_id,scheme,target_en,target_ko,match,url",
            ("quantum", "us_cet_2024", "Quantum Information and Enabling Technologies", "", "exact", url)),
        "vocabularies/indicators.csv": _csv(
            "indicator_id,name_en,name_ko,concept,definition_en,definition_ko,definition_status,unit,"
            "counting_method,vintage,publisher_organization_id,licence,url,caveat_en,caveat_ko,"
            "contradicts_indicator_id",
            ("papers", "Quantum papers", "양자 논문", "ai_publications", "Papers on quantum technology.",
             "양자 기술 논문.", "not_published", "papers", "not_stated", "", "", "", "", "Not defined.",
             "정의가 없다.", ""),
            ("papers-counted", "Quantum papers, counted", "양자 논문(집계)", "ai_publications",
             "Papers of journals on quantum technology.", "양자 기술 학술지의 논문.", "published", "papers",
             "whole", "2025", "beta", "public domain", url, "Journals only.", "학술지만 센다.", ""),
            ("papers-summed", "Quantum papers, summed up", "양자 논문(누적)", "ai_publications",
             "The same over five years.", "같은 논문의 5년 누적.", "published", "papers", "whole", "2025",
             "beta", "public domain", url, "Journals only.", "학술지만 센다.", ""),
            ("papers-together", "Quantum papers of two countries", "양자 공동 논문", "ai_collaboration",
             "Papers of both countries.", "두 나라가 함께 쓴 논문.", "published", "papers", "whole", "2025",
             "beta", "public domain", url, "Journals only.", "학술지만 센다.", ""),
        ),
        "vocabularies/regions.csv": _csv("region_id,kind,name_en,name_ko,note_en,note_ko",
                                         ("world", "world", "World", "세계", "", "")),
        "upstream/upstreams.csv": _csv(
            "upstream_id,table_number,title_en,title_ko,publisher_organization_id,publication,published_on,"
            "published_precision,underlying_source,licence,url,sha256,note_en,note_ko",
            ("beta-papers", "B-1", "Quantum papers", "양자 논문", "beta", "Yearbook", "2025-02-01", "day",
             "A made-up database", "public domain", url, sha256(PINNED), "Made up.", "지어낸 표이다."),
        ),
        "upstream/series.csv": _csv("upstream_id,measure,indicator_id,ranked",
                                    ("beta-papers", "papers", "papers-counted", "true"),
                                    ("beta-papers", "summed", "papers-summed", "true"),
                                    ("beta-papers", "together", "papers-together", "false")),
        "upstream/names.csv": _csv("name,country_code,region_id", ("Korea, South", "KOR", ""),
                                   ("America", "USA", ""), ("All", "", "world")),
        "upstream/tables/beta-papers.csv": PINNED,
        "sources.csv": _csv(
            "source_id,title,publisher_organization_id,author,language,document_type,published_on,"
            "published_time,time_zone,published_precision,published_on_basis,url,copy_url,accessed_on,held,"
            "extent,text_file,sha256,characters,archive_url,archive_commit,archive_path,licence,note",
            (HELD, "기사", "daily", "", "ko", "news", "2025-03-05", "", "", "day", "address", url, "",
             "2025-04-01", "text", "whole", "news.txt", sha256(TEXT), len(TEXT), ARCHIVE, COMMIT,
             ARCHIVE_PATH, "made up", ""),
            (PREVIEW, "예고", "daily", "", "ko", "news", "2025-03-01", "", "", "day", "printed",
             url + "preview", "", "2025-04-01", "none", "part", "", "", "", "", "", "", "made up", ""),
            (RELEASE, "Release", "beta", "", "en", "official_release", "2025-03-04", "", "", "day", "printed",
             url + "release", url + "copy", "2025-04-01", "passages", "part", "", "", "", "", "", "",
             "made up", ""),
        ),
        "vocabularies/exclusions.csv": _csv("exclusion_id,kind,name_en,name_ko,country_code,dated,url,reason,"
                                            "note_en,note_ko,considered_on",
                                            ("poem", "instrument", "Exchange of poems", "시 교환", "KOR",
                                             "2025", url, "not_technology", "No technology in it.",
                                             "기술이 없다.", "2025-04-01")),
        "recoding/round-1/provisions.csv": _csv("provision_id,activity,strength",
            ("pact-research", "joint_research", "will"), ("pact-meeting", "policy_dialogue", "will")),
        "rulings.csv": _csv(
            "table,row_id,field,expect,stands,reason_en,reason_ko,ruled_on",
            ("agreements", PACT, "instrument_type", "mou", "false", "A newspaper's word.", "신문의 표현이다.",
             "2025-04-01"),
            ("agreements", PACT, "instrument_type", "moc", "true", "The signatory's own word.",
             "서명 기관의 표현이다.", "2025-04-01"),
        ),
        "tombstones.csv": _csv(
            "table,row_id,successor_table,successor_row_id,removed_in,reason,note_en,note_ko",
            ("people", "zeta", "", "", "0.2.0", "wrong", "Nobody is called so.", "그런 사람은 없다."),
            ("provisions", "pact-study", "provisions", "pact-research", "0.1.0", "renamed",
             "Research is meant.", "연구를 말한다."),
        ),
    }  # fmt: skip


def _sheets() -> dict[str, str]:
    news, preview, release = f"coding/{HELD}/", f"coding/{PREVIEW}/", f"coding/{RELEASE}/"
    return {
        news + "agreements.csv": _csv("at,agreement_id,title_en,title_ko,family,instrument_type,signed_on,"
                                      "place_id", (spans(SIGNING), PACT,
                                          "Quantum memorandum of South Korea and the United States",
                                              "한국과 미국의 양자 협력 각서", "science_and_technology", "mou",
                                                  "2025-03-04", "seoul")),
        news + "parties.csv": _csv("at,agreement_id,organization_id,role",
                                   (spans(SIGNING), PACT, "gov-kor", "party"),
                                   (spans(SIGNING), PACT, "gov-usa", "party")),
        news + "signatories.csv": _csv("at,agreement_id,person_id,role,office_en,office_ko,organization_id",
            (spans(SIGNERS), PACT, "gamma", "signed", "Minister, Ministry Alpha", "장관", "alpha"),
                                       (spans(SIGNERS), PACT, "delta", "signed", "Head, Office Beta", "처장",
                                        "beta"), (spans(SIGNERS), PACT, "epsilon", "attended", "", "국장",
                                            "")),
        news + "agreement_domains.csv": _csv("at,agreement_id,domain_id,standing",
                                             (spans(SIGNING), PACT, "quantum", "agreed")),
        news + "provisions.csv": _csv("at,provision_id,agreement_id,domain_id,activity,strength,standing,"
                                      "due_on,summary_en,summary_ko,note",
            (spans(MONEY), "pact-research", PACT, "quantum", "joint_research", "will", "agreed", "",
             "At least 3 million dollars will support joint quantum research.",
             "양자 공동연구에 최소 300만 달러를 댄다.", ""),
            (spans(FOLLOW_UP), "pact-meeting", PACT, "", "policy_dialogue", "intends", "agreed", "2026",
             "A further meeting is to follow.", "다음 회의를 연다.",
             "due_on: next year, counted from the report of 2025")),
        news + "provision_organizations.csv": _csv("at,provision_id,organization_id,role",
            (spans(MONEY), "pact-research", "alpha", "implementer"),
                (spans(MONEY), "pact-research", "beta", "implementer")),
        news + "funding.csv": _csv("at,funding_id,agreement_id,event_id,provision_id,domain_id,sector,"
                                   "instrument,amount,currency,bound,standing,under_agreement,summary_en,"
                                   "summary_ko",
            (spans(MONEY), "pact-money", PACT, "", "pact-research", "quantum", "public", "support", "3000000",
             "USD", "at_least", "committed", "true", "Support for joint quantum research.",
             "양자 공동연구를 지원한다.")),
        news + "funding_parties.csv": _csv("at,funding_id,organization_id,role",
                                           (spans(MONEY), "pact-money", "alpha", "cooperating_body"),
                                           (spans(MONEY), "pact-money", "beta", "cooperating_body")),
        news + "events.csv": _csv("at,event_id,event_type,name_en,name_ko,start_on,place_id,country_code,"
                                  "stage,agreement_id,effect,note",
            (spans(SIGNING), "pact-signing", "signing", "Signing of the memorandum", "각서 체결",
             "2025-03-04", "seoul", "", "held", PACT, "signed", ""),
            (spans(FOLLOW_UP), "pact-follow-up", "dialogue", "Further meeting", "후속 회의", "2026", "", "",
             "planned", PACT, "none", "start_on: next year, counted from the report of 2025")),
        news + "event_organizations.csv": _csv("at,event_id,organization_id,role",
            (spans(SIGNERS), "pact-signing", "alpha", "signatory"),
                (spans(SIGNERS), "pact-signing", "beta", "signatory")),
        news + "event_people.csv": _csv("at,event_id,person_id,role,office_ko",
                                        (spans(SIGNERS), "pact-signing", "epsilon", "attendee", "국장")),
        news + "statistics.csv": _csv("at,statistic_id,indicator_id,country_code,period_from,period_to,value,"
                                      "rank,rank_scope,standing,attribution",
            (spans(FIGURE), "papers-kor-2024", "papers", "KOR", "2024", "2024", "1234", "3",
             "countries_of_the_world", "reported", "official")),
        news + "statements.csv": _csv("at,statement_id,kind,person_id,speaker,event_id,agreement_id,"
                                      "summary_en,summary_ko,attribution",
            (spans(QUOTE), "delta-2025", "forecast", "delta", "named_person", "", PACT,
             "Cooperation will widen.", "협력이 넓어질 것으로 보았다.", "named_person")),
        news + "statement_domains.csv": _csv("at,statement_id,domain_id",
                                             (spans(QUOTE, FIGURE), "delta-2025", "quantum")),
        news + "uncoded.csv": _csv("at,reason,note", (spans("메뉴 로그인"), "navigation", "Menu.")),
        preview + "events.csv": _csv("at,event_id,event_type,name_en,name_ko,start_on,stage,agreement_id,"
                                     "effect,attribution",
            ("para 1", "pact-signing", "signing", "Signing of a memorandum, as planned", "각서 체결 예정",
             "2025-03-04", "planned", PACT, "none", "unnamed_source")),
        preview + "agreements.csv": _csv("at,agreement_id,title_en,title_ko,family,instrument_type,"
                                         "attribution",
            ("para 1", PACT, "Memorandum on quantum technology, as planned", "양자 협력 각서(예정)",
             "science_and_technology", "mou", "unnamed_source")),
        preview + "parties.csv": _csv("at,agreement_id,organization_id,role",
                                      ("para 1", PACT, "gov-kor", "party"),
                                      ("para 1", PACT, "gov-usa", "party")),
        release + "agreements.csv": _csv("at,agreement_id,title_en,title_ko,family,instrument_type,signed_on",
            ("title; para 1", PACT, "Memorandum of Cooperation on Quantum Technology", "양자 기술 협력각서",
             "science_and_technology", "moc", "2025-03-04")),
        release + "events.csv": _csv("at,event_id,event_type,name_en,name_ko,start_on,stage,agreement_id,"
                                     "effect",
            ("para 1", "pact-signing", "signing", "Signing of the memorandum of cooperation", "협력각서 서명",
             "2025-03-04", "held", PACT, "signed")),
        release + "funding.csv": _csv("at,funding_id,agreement_id,domain_id,sector,instrument,amount,"
                                      "currency,bound,standing,announced_on,under_agreement,summary_en,"
                                      "summary_ko",
            ("para 1; para 2", "pact-pounds", PACT, "quantum", "public", "grant", "2000000", "GBP", "exactly",
             "committed", "2025-03-04", "false", "Money for quantum research.", "양자 연구에 쓴다.")),
        release + "funding_parties.csv": _csv("at,funding_id,organization_id,role",
                                              ("para 2", "pact-pounds", "beta", "funder")),
        release + "exchange_rates.csv": _csv("at,rate_id,currency,rate_on,value,quoted_as",
                                             ("note 3", "gbp-2025-03-03", "GBP", "2025-03-03", "1.25",
                                              "usd_per_unit")),
    }  # fmt: skip


class Mini:
    """The made-up seeds in ``folder``: change a file, build, look at what is reported."""

    def __init__(self, folder: Path) -> None:
        self.seeds, self.texts, self.passages = folder / "seeds", folder / "texts", folder / "passages"

    @classmethod
    def write(cls, folder: Path) -> Mini:
        """Writes the seeds and the text; the lock is still to be made."""
        mini = cls(folder)
        mini.texts.mkdir(parents=True)
        (mini.texts / "news.txt").write_text(TEXT, "utf-8")
        mini.passages.mkdir()
        (mini.passages / f"{RELEASE}.txt").write_text(PASSAGES, "utf-8")
        for name, content in {**_lists(), **_sheets()}.items():
            path = mini.seeds / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        return mini

    def path(self, name: str) -> Path:
        """A file of the seeds: a sheet of the held source by its table, or a path under ``seeds/``."""
        return self.seeds / (name if "/" in name or name.endswith(".csv") else f"coding/{HELD}/{name}.csv")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replaces ``old``, which must stand there, once."""
        text = self.path(name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new, 1), "utf-8")

    def build(self, **options: object) -> Built:
        """Builds in memory from these seeds and the text and passages beside them."""
        return build(
            **{"seeds_folder": self.seeds, "sources": (self.texts,), "passages": self.passages, **options}
        )

    def lock(self) -> None:
        """Writes the locks that fit the seeds as they are."""
        built = self.build(against_lock=False)
        (self.seeds / "passages.lock.csv").write_bytes(lock_file(built.claims))
        (self.seeds / "coverage.lock.csv").write_bytes(coverage_file(built.coverage))


TABLES = load_tables()


def _set_version(text: str, version: str) -> str:
    """What the package says of itself, with the release that its version leads to."""
    return text.replace(f"development version {version}", f"version {version}").replace(
        version, release_of(version)
    )


def release_package() -> dict[str, Any]:
    """``schemas/package.json`` as it will be for the release: a development version is not released."""
    given = load_package()
    return {k: _set_version(v, given["version"]) if isinstance(v, str) else v for k, v in given.items()}


def set_release(folder: Path) -> None:
    """Makes the package in ``folder`` one of the release to come, with its section in the changelog."""
    package = json.loads((folder / "datapackage.json").read_bytes())
    for name in ("datapackage.json", "CITATION.cff", ".zenodo.json", "codemeta.json"):
        if (folder / name).is_file():
            text = (folder / name).read_text("utf-8")
            (folder / name).write_text(_set_version(text, package["version"]), "utf-8")
    heading = f"## {release_of(package['version'])} ({package['created'][:10]})"
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n\nMade up.\n", "utf-8")
