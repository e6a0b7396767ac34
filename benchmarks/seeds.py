"""Made-up seeds, drawn at random and valid: agreements with all that hangs on them, in the proportions of the
real data.

Every id and every name of a drawn row carries ``TAG``, so that a package of any size is made by writing
another tag in its place (``synthetic``). Countries, their governments and the exchange rates carry none and
are shared.
"""

from __future__ import annotations

import datetime as dt
import random
import string
from pathlib import Path

from benchmarks.pile import Pile
from scripts.model.paths import SEEDS
from scripts.store.csvfile import read_rows
from scripts.store.files import sha256

# x is no hexadecimal digit: the tag stands in no hash.
TAG = "x0000"
SURNAMES = [
    ("Alder", "알더"),
    ("Birch", "버치"),
    ("Cedar", "시더"),
    ("Elm", "엘름"),
    ("Hazel", "헤이즐"),
    ("Juniper", "주니퍼"),
    ("Larch", "라치"),
    ("Maple", "메이플"),
    ("Rowan", "로언"),
    ("Willow", "윌로"),
]
FIELDS = [
    ("photonics", "광자"),
    ("fusion energy", "핵융합"),
    ("quantum sensing", "양자 센싱"),
    ("gene editing", "유전자 편집"),
    ("machine learning", "기계학습"),
    ("power electronics", "전력 반도체"),
    ("satellite navigation", "위성 항법"),
    ("battery materials", "이차전지 소재"),
]
DEEDS = [
    ("The two sides run joint test beds for {en} and share what they measure with whoever takes part.",
     "양측은 {ko} 시험장을 함께 운영하고 측정 결과를 참여하는 모든 기관과 나눈다."),
    ("Researchers in {en} are exchanged between the institutes for a year at a time, at the cost of whoever"
     " sends them.", "{ko} 연구자를 보내는 쪽의 비용으로 기관끼리 한 해씩 서로 보낸다."),
    ("Standards for {en} are drafted together before they go to the international bodies.",
     "{ko} 표준의 초안을 국제기구에 내기 전에 함께 마련한다."),
    ("Export rules for {en} are compared and gaps between them are closed.",
     "{ko} 수출 규정을 견주어 서로 다른 점을 줄인다."),
    ("Supply of parts for {en} is watched jointly, with early warning of shortages.",
     "{ko} 부품의 공급을 함께 살피고 부족을 미리 알린다."),
]  # fmt: skip
OPINIONS = [
    ("The memorandum will be worth what is spent on it.", "각서의 값어치는 들이는 돈에 달렸다고 보았다."),
    ("Smaller firms ought to be let in early.", "중소기업을 일찍 참여시켜야 한다고 권했다."),
    (
        "Without common standards the work will be done twice.",
        "공통 표준이 없으면 같은 일을 두 번 하게 된다고 내다보았다.",
    ),
]
ACTIVITIES = [
    "joint_research",
    "standards",
    "talent_exchange",
    "supply_chain",
    "regulatory_alignment",
    "data",
    "infrastructure",
]
FAMILIES = ["science_and_technology", "quantum", "semiconductors", "ai_partnership", "civil_nuclear", "space"]
RATES = "rates-2024"
FIRST_DAY = dt.date(2024, 1, 8)
# Units per dollar and dollars per unit, roughly as in 2024.
CURRENCIES = {"KRW": ("units_per_usd", 1300, 1400), "GBP": ("usd_per_unit", 1.2, 1.3)}
RATE_DAYS = 10


def _label(number: int) -> str:
    """Three letters for a number below 17 576."""
    a = string.ascii_lowercase
    return a[number // 676] + a[number // 26 % 26] + a[number % 26]


def _shared(pile: Pile, rng: random.Random, partners: int) -> list[str]:
    """Add countries, their governments and a source of rates; return the codes of the partner countries."""
    fields = pile.tables["countries"].fields
    every = [
        r.values
        for r in read_rows(
            (SEEDS / "vocabularies/countries.csv").read_bytes(), "countries.csv", fields, [], exact=True
        )
    ]
    codes = sorted(
        rng.sample(sorted(str(c["country_code"]) for c in every if c["country_code"] != "USA"), partners)
    )
    for country in every:
        code = str(country["country_code"])
        if code in codes or code == "USA":
            pile.add("countries", **country)
            pile.add(
                "organizations",
                organization_id=f"gov-{code.lower()}",
                name_en=f"Government of {country['name_en']}",
                name_ko=f"{country['name_ko']} 정부",
                organization_type="government",
                country_code=code,
                name_basis="translation",
            )
    pile.add(
        "organizations",
        organization_id="rate-bank",
        name_en="Bank of Rates",
        name_ko="환율은행",
        organization_type="company",
        name_basis="translation",
    )
    day = FIRST_DAY + dt.timedelta(RATE_DAYS * 7)
    pile.add(
        "sources",
        source_id=RATES,
        title="Rates of exchange",
        publisher_organization_id="rate-bank",
        language="en",
        document_type="dataset",
        published_on=day,
        published_precision="day",
        published_on_basis="printed",
        url="https://example.org/rates",
        accessed_on=day,
        held="passages",
        extent="part",
        licence="made up",
    )
    for week in range(RATE_DAYS):
        for currency, (quoted_as, low, high) in CURRENCIES.items():
            on = (FIRST_DAY + dt.timedelta(week * 7)).isoformat()
            pile.claim(
                RATES,
                "exchange_rates",
                rate_id=f"{currency.lower()}-{on}",
                currency=currency,
                rate_on=on,
                value=round(rng.uniform(low, high), 4),
                quoted_as=quoted_as,
            )
    return codes


def _series(pile: Pile, rng: random.Random, codes: list[str]) -> dict[str, str]:
    """One table of another publisher, shared by all: papers by country, and of the first two countries
    together. Its files.
    """
    described = {
        "concept": "ai_publications",
        "definition_status": "published",
        "unit": "papers",
        "counting_method": "whole",
        "vintage": "2024",
        "publisher_organization_id": "rate-bank",
        "caveat_en": "Made up.",
        "caveat_ko": "지어낸 값이다.",
    }
    pile.add(
        "indicators",
        indicator_id="papers-counted",
        name_en="Papers, counted",
        name_ko="논문(집계)",
        definition_en="Papers of journals.",
        definition_ko="학술지 논문.",
        **described,
    )
    pile.add(
        "indicators",
        indicator_id="papers-together",
        name_en="Papers of two countries",
        name_ko="공동 논문",
        definition_en="Papers of both.",
        definition_ko="두 나라의 논문.",
        **{**described, "concept": "ai_collaboration"},
    )
    pile.add("regions", region_id="world", kind="world", name_en="World", name_ko="세계")
    rows = [
        "measure,entity,partner,period_from,period_to,value,source_row",
        "papers,World,,2023,2023,1000000,1",
    ]
    rows += [
        f"papers,{code},,2023,2023,{rng.randrange(100, 9000)},{i}" for i, code in enumerate(codes, start=2)
    ]
    table = "\n".join([*rows, f"together,{codes[0]},{codes[1]},2023,2023,99,1", ""])
    pile.add(
        "upstreams",
        upstream_id="yearbook",
        title_en="Papers",
        title_ko="논문",
        publisher_organization_id="rate-bank",
        publication="Yearbook",
        published_on=FIRST_DAY,
        published_precision="day",
        underlying_source="Made up",
        licence="made up",
        sha256=sha256(table),
        note_en="Made up.",
        note_ko="지어낸 표이다.",
    )
    return {
        "tables/yearbook.csv": table,
        "series.csv": (
            "upstream_id,measure,indicator_id,ranked\nyearbook,papers,papers-counted,true\nyearbook,together,"
            "papers-together,false\n"
        ),
        "names.csv": "name,country_code,region_id\nWorld,,world\n" + "".join(f"{c},{c},\n" for c in codes),
    }


class _Cluster:
    """One agreement with everything that hangs on it: its ids all begin with the same name."""

    def __init__(self, pile: Pile, rng: random.Random, number: int, country: str) -> None:
        self.pile, self.rng, self.country = pile, rng, country
        self.name, self.home = f"{TAG}{_label(number)}", f"gov-{country.lower()}"
        self.pact = f"{self.name}-{country.lower()}-usa-2024"
        self.day = FIRST_DAY + dt.timedelta(rng.randrange(RATE_DAYS) * 7 + rng.randrange(4))
        self.en, self.ko = rng.choice(FIELDS)
        self.preview, self.release, self.news, self.study = (
            f"{self.name}-{kind}-{self.day}" for kind in ("preview", "release", "news", "study")
        )

    def make(self, held: str) -> None:
        self._lists()
        self._sources(held)
        self._agreement()
        self._provisions()
        self._money()
        self._events()
        self._figures()

    def _lists(self) -> None:
        add, rng, name = self.pile.add, self.rng, self.name
        url = f"https://example.org/{name}"
        add(
            "places",
            place_id=f"{name}-city",
            name_en=f"Harbour City {name}",
            name_ko=f"항구시 {name}",
            country_code=self.country,
        )
        self.bodies = [f"{name}-ministry", f"{name}-office", f"{name}-institute"]
        for body, en, ko, kind, country, parent in (
            (self.bodies[0], "Ministry of Science", "과학부", "government_body", self.country, self.home),
            (self.bodies[1], "Office of Technology", "기술처", "government_body", "USA", "gov-usa"),
            (self.bodies[2], "Institute of Measurement", "측정연구원", "research_institute", self.country,
             f"{name}-ministry"),
            (f"{name}-daily", "Daily Courier", "쿠리어일보", "media", self.country, None),
            (f"{name}-agency", "News Agency", "통신사", "media", "USA", None),
        ):  # fmt: skip
            add(
                "organizations",
                organization_id=body,
                name_en=f"{en} {name}",
                name_ko=f"{ko} {name}",
                organization_type=kind,
                country_code=country,
                parent_organization_id=parent,
                name_basis="own_use" if parent else "translation",
                name_url=f"{url}/{body}" if parent else None,
            )
        add(
            "aliases", entity_type="organization", entity_id=self.bodies[0], name=f"MoS {name}", language="en"
        )
        add(
            "aliases",
            entity_type="organization",
            entity_id=self.bodies[1],
            name=f"기술처장실 {name}",
            language="ko",
            source_id=self.news,
        )
        self.people = [f"{name}-{given[0].lower()}" for given in rng.sample(SURNAMES, 4)]
        for person in self.people:
            en, ko = next(s for s in SURNAMES if person.endswith(s[0].lower()))
            add(
                "people",
                person_id=person,
                name_en=f"{en} {name}",
                name_ko=f"{ko} {name}",
                name_basis="romanized",
            )
        self.domains = [f"{name}-field", f"{name}-methods", f"{name}-parts"]
        for domain, en, ko in zip(
            self.domains, ("", "methods of ", "parts for "), ("", "방법론: ", "부품: "), strict=True
        ):
            add(
                "domains",
                domain_id=domain,
                parent_domain_id=None if domain == self.domains[0] else self.domains[0],
                name_en=f"{en}{self.en} {name}",
                name_ko=f"{ko}{self.ko} {name}",
                definition_en=f"What is done in {self.en}.",
                definition_ko=f"{self.ko} 분야의 일.",
            )
        add(
            "domain_crosswalks",
            domain_id=self.domains[0],
            scheme="us_cet_2024",
            target_en=self.en.capitalize(),
            match=rng.choice(["exact", "close", "broad"]),
            url=url,
        )
        add(
            "indicators",
            indicator_id=f"{name}-papers",
            name_en=f"Papers on {self.en} {name}",
            name_ko=f"{self.ko} 논문 {name}",
            concept="ai_publications",
            definition_en="Papers counted whole.",
            definition_ko="논문을 통째로 센 수.",
            definition_status="not_published",
            unit="papers",
            counting_method="whole",
            publisher_organization_id=self.bodies[2],
            caveat_en="Not defined.",
            caveat_ko="정의가 없다.",
        )
        add(
            "exclusions",
            exclusion_id=f"{name}-poems",
            kind="instrument",
            name_en="Exchange of poems",
            name_ko="시 교환",
            country_code=self.country,
            dated="2024",
            url=url,
            reason="not_technology",
            note_en="No technology in it.",
            note_ko="기술이 없다.",
            considered_on=self.day,
        )

    def _sources(self, held: str) -> None:
        for source, body, language, kind, days, how in (
            (self.preview, f"{self.name}-agency", "en", "news", -3, "none"),
            (self.release, self.bodies[1], "en", "official_release", 0, "passages"),
            (self.news, f"{self.name}-daily", "ko", "news", 1, held),
            (self.study, self.bodies[2], "en", "analysis", 60, "passages"),
        ):  # fmt: skip
            on = self.day + dt.timedelta(days)
            self.pile.add(
                "sources",
                source_id=source,
                title=f"On {self.en}",
                publisher_organization_id=body,
                language=language,
                document_type=kind,
                published_on=on,
                published_precision="day",
                published_on_basis="printed",
                url=f"https://example.org/{source}",
                accessed_on=on,
                held=how,
                extent="whole" if how == "text" else "part",
                licence="made up; all rights reserved",
            )

    def _agreement(self) -> None:
        claim, rng, day = self.pile.claim, self.rng, self.day.isoformat()
        title = {
            "title_en": f"Memorandum on {self.en}, {self.name}",
            "title_ko": f"{self.ko} 협력 각서 {self.name}",
        }
        family, kind = rng.choice(FAMILIES), rng.choice(["moc", "agreement", "joint_statement"])
        full = {
            "family": family,
            "legally_binding": rng.random() < 0.2,
            "commits_public_funds": False,
            "signed_on": day,
            "place_id": f"{self.name}-city",
        }
        claim(
            self.preview,
            "agreements",
            agreement_id=self.pact,
            **title,
            family=family,
            instrument_type="mou",
            attribution="unnamed_source",
        )
        claim(
            self.release,
            "agreements",
            agreement_id=self.pact,
            **title,
            **full,
            instrument_type=kind,
            official_title_en=f"Memorandum of Cooperation on {self.en.title()} {self.name}",
            notice_days=rng.choice([30, 90, 180]),
            operative_condition_en="Each side tells the other that it is ready.",
            operative_condition_ko="양측이 준비가 되었음을 서로 알려야 한다.",
            official_url=f"https://example.org/{self.pact}",
        )
        claim(self.news, "agreements", agreement_id=self.pact, **title, **full, instrument_type=kind)
        for expect in ("mou", kind):
            self.pile.add(
                "rulings",
                table="agreements",
                row_id=self.pact,
                field="instrument_type",
                expect=expect,
                stands=expect == kind,
                reason_en=(
                    "The signatory's own word." if expect == kind else "Word of an agency before the signing."
                ),
                reason_ko="서명 기관의 표현이다." if expect == kind else "서명 전 통신사의 표현이다.",
                ruled_on=self.day,
            )
        for source in (self.preview, self.release, self.news):
            for organization, role in (
                (self.home, "party"),
                ("gov-usa", "party"),
                (self.bodies[0], "lead_agency"),
                (self.bodies[1], "lead_agency"),
            ):
                if source != self.preview or role == "party":
                    claim(source, "parties", agreement_id=self.pact, organization_id=organization, role=role)
        for source in (self.release, self.news):
            for person, role, body in zip(
                self.people, ("signed", "signed", "attended"), self.bodies, strict=False
            ):
                claim(
                    source,
                    "signatories",
                    agreement_id=self.pact,
                    person_id=person,
                    role=role,
                    office_en=None if source == self.news else "Head of the body",
                    office_ko="장관" if source == self.news else None,
                    organization_id=body,
                )
        for source, standing in ((self.preview, "expected"), (self.release, "agreed"), (self.news, "agreed")):
            for domain in self.domains:
                claim(
                    source,
                    "agreement_domains",
                    agreement_id=self.pact,
                    domain_id=domain,
                    standing=standing,
                    heading=f"Part on {self.en}" if source == self.release else None,
                )

    def _provisions(self) -> None:
        claim, rng = self.pile.claim, self.rng
        for number in range(1, 8):
            en, ko = rng.choice(DEEDS)
            summary = {"summary_en": en.format(en=self.en), "summary_ko": ko.format(ko=self.ko)}
            provision = f"{self.pact}-provision-{number}"
            coded = {
                "provision_id": provision,
                "agreement_id": self.pact,
                "domain_id": rng.choice(self.domains),
                "activity": rng.choice(ACTIVITIES),
                "strength": rng.choice(["will", "intends", "will_explore"]),
                "standing": "agreed",
                **summary,
            }
            due = (
                {"due_on": str(self.day.year + 1), "note": "due_on: the year after that of the document"}
                if number == 7
                else {}
            )
            claim(
                self.release,
                "provisions",
                **coded,
                number=f"II.{number}",
                heading=f"Section {rng.choice('ABC')}",
                position=number,
                **due,
            )
            if number <= 3:
                claim(self.news, "provisions", **coded, relays=f"{self.name}-agency" if number == 3 else None)
            for body in rng.sample(self.bodies, 2):
                claim(
                    self.release,
                    "provision_organizations",
                    provision_id=provision,
                    organization_id=body,
                    role=rng.choice(["implementer", "participant"]),
                )
        self.pile.add(
            "tombstones",
            table="provisions",
            row_id=f"{self.pact}-clause-1",
            successor_table="provisions",
            successor_row_id=f"{self.pact}-provision-1",
            removed_in="0.1.0",
            reason="renamed",
            note_en="Clauses are called provisions.",
            note_ko="조항의 이름을 바꾸었다.",
        )

    def _money(self) -> None:
        claim, rng, day = self.pile.claim, self.rng, self.day.isoformat()
        currency = rng.choice(["USD", "USD", *CURRENCIES])
        whole = rng.randrange(50, 900) * 1_000_000
        parts = sorted(rng.sample(range(1_000_000, whole // 2, 100_000), 2))
        for number, amount in enumerate((whole, *parts)):
            funding = f"{self.pact}-sum-{number}"
            coded = {"funding_id": funding, "agreement_id": self.pact,
                     "provision_id": f"{self.pact}-provision-1", "domain_id": self.domains[number],
                     "sector": rng.choice(["public", "private"]),
                     "instrument": rng.choice(["grant", "investment", "support"]),
                "amount": amount, "currency": currency,
                     "bound": rng.choice(["exactly", "up_to"]) if number else "exactly",
                     "standing": "committed", "announced_on": day,
                     "part_of": f"{self.pact}-sum-0" if number else None,
                "under_agreement": rng.random() < 0.5, "summary_en": f"Money for work on {self.en}.",
                     "summary_ko": f"{self.ko} 연구에 쓸 돈이다."}  # fmt: skip
            claim(self.release, "funding", **coded, period_from=self.day.year, period_to=self.day.year + 3)
            if not number:
                claim(self.news, "funding", **coded)
            claim(
                self.release,
                "funding_parties",
                funding_id=funding,
                organization_id=self.bodies[number % 2],
                role="funder",
            )
            claim(
                self.release,
                "funding_parties",
                funding_id=funding,
                organization_id=self.bodies[2],
                role="recipient",
            )

    def _events(self) -> None:
        claim, day = self.pile.claim, self.day.isoformat()
        signing = {
            "event_id": f"{self.pact}-signing",
            "event_type": "signing",
            "start_on": day,
            "agreement_id": self.pact,
            "name_en": f"Signing of the memorandum {self.name}",
            "name_ko": f"각서 서명 {self.name}",
        }
        claim(self.preview, "events", **signing, stage="planned", effect="none", attribution="unnamed_source")
        for source in (self.release, self.news):
            claim(
                source,
                "events",
                **signing,
                stage="held",
                effect="signed",
                place_id=f"{self.name}-city",
                country_code=self.country,
                attribution="official" if source == self.news else None,
            )
            claim(
                source,
                "events",
                event_id=f"{self.pact}-dialogue",
                event_type="dialogue",
                name_en=f"Dialogue on {self.en} {self.name}",
                name_ko=f"{self.ko} 대화 {self.name}",
                start_on=f"{self.day.year + 1}-05",
                stage="planned",
                agreement_id=self.pact,
                effect="none",
                summary_en="The sides meet again.",
                summary_ko="양측이 다시 만난다.",
            )
            for body in self.bodies[:2]:
                claim(
                    source,
                    "event_organizations",
                    event_id=signing["event_id"],
                    organization_id=body,
                    role="signatory",
                )
            claim(
                source,
                "event_people",
                event_id=signing["event_id"],
                person_id=self.people[3],
                role="attendee",
                office_ko="국장",
                organization_id=self.bodies[2],
            )
        on = (self.day + dt.timedelta(40)).isoformat()
        claim(
            self.study,
            "events",
            event_id=f"{self.pact}-in-force",
            event_type="entry_into_force",
            name_en=f"Entry into force {self.name}",
            name_ko=f"각서 발효 {self.name}",
            start_on=on,
            stage="held",
            agreement_id=self.pact,
            effect="operative",
            parent_event_id=signing["event_id"],
        )

    def _figures(self) -> None:
        claim, rng = self.pile.claim, self.rng
        claim(
            self.study,
            "statistics",
            statistic_id=f"{self.name}-papers-2023",
            indicator_id=f"{self.name}-papers",
            country_code=self.country,
            period_from=2023,
            period_to=2023,
            value=rng.choice([rng.randrange(100, 9000), round(rng.uniform(1, 99), 1)]),
            rank=rng.randrange(1, 60),
            rank_scope="countries_of_the_world",
            standing="reported",
            attribution="official",
        )
        for number, (en, ko) in enumerate(rng.sample(OPINIONS, 2)):
            statement = f"{self.pact}-statement-{number}"
            claim(
                self.study,
                "statements",
                statement_id=statement,
                kind=rng.choice(["forecast", "recommendation", "assessment"]),
                person_id=self.people[number],
                organization_id=self.bodies[2],
                speaker="named_person",
                stated_on=self.day.isoformat(),
                agreement_id=self.pact,
                summary_en=en,
                summary_ko=ko,
                attribution="named_person",
            )
            claim(self.study, "statement_domains", statement_id=statement, domain_id=self.domains[0])


def write_seeds(folder: Path, clusters: int, seed: int) -> None:
    """Writes seeds of ``clusters`` agreements with their texts and passages under ``folder``; one in ten news
    texts is held whole.
    """
    rng, pile = random.Random(seed), Pile()
    codes = _shared(pile, rng, min(40, clusters + 2))
    upstream = _series(pile, rng, codes)
    for number in range(clusters):
        _Cluster(pile, rng, number, rng.choice(codes)).make("text" if number % 10 == 0 else "passages")
    pile.write(folder)
    for name, text in upstream.items():
        path = folder / "seeds/upstream" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    sheet = folder / "seeds/recoding/round-1/provisions.csv"
    sheet.parent.mkdir(parents=True)
    again = [
        r for (_, table), rows in pile.sheets.items() if table == "provisions" for r in rows if "number" in r
    ][:40]
    rows = "".join(f"{r['provision_id']},{rng.choice(ACTIVITIES[:2])}\n" for r in again)
    sheet.write_text("provision_id,activity\n" + rows, "utf-8")
