"""Who concluded and signed the agreements, in the data themselves.

These are no rules of the package: a package as of an earlier day may know a signer and not yet the agency, or
an office in one language only.
"""

from __future__ import annotations

import polars as pl
import pytest

from scripts.model.paths import ROOT

# What agencies conclude among themselves, or one of them for its government.
OF_AGENCIES = ("mou", "moc", "implementing_arrangement")


def table(name: str) -> pl.DataFrame:
    return pl.read_csv(ROOT / "data" / f"{name}.csv", infer_schema=False)


def unnamed_agencies(
    signatories: pl.DataFrame, parties: pl.DataFrame, agreements: pl.DataFrame, organizations: pl.DataFrame
) -> list[str]:
    """Return who signed a memorandum or arrangement for an agency that is not among its parties."""
    return sorted(
        signatories.filter(pl.col("role") == "signed")
        .join(agreements.filter(pl.col("instrument_type").is_in(OF_AGENCIES)), on="agreement_id")
        .join(organizations.filter(pl.col("organization_type") != "government"), on="organization_id")
        .join(parties, on=["agreement_id", "organization_id"], how="anti")
        .select(pl.format("{}|{}|{}", "agreement_id", "person_id", "organization_id"))
        .to_series()
    )


def test_who_signs_a_memorandum_for_an_agency_has_it_among_the_parties() -> None:
    names = ("signatories", "parties", "agreements", "organizations")
    assert unnamed_agencies(*(table(n) for n in names)) == []


def test_a_memorandum_signed_for_an_agency_that_is_not_named_is_found() -> None:
    signatories, parties, agreements, organizations = (
        table(n) for n in ("signatories", "parties", "agreements", "organizations")
    )
    rest = parties.filter(
        (pl.col("agreement_id") != "kor-usa-sccd-2022") | (pl.col("organization_id") != "motie")
    )
    found = unnamed_agencies(signatories, rest, agreements, organizations)
    assert found == ["kor-usa-sccd-2022|lee-chang-yang|motie"]


@pytest.mark.parametrize("there, missing", [("office_en", "office_ko"), ("office_ko", "office_en")])
def test_an_office_is_given_in_both_languages(there: str, missing: str) -> None:
    one = table("signatories").filter(pl.col(there).is_not_null() & pl.col(missing).is_null())
    # The passage of the second is not at hand: the Korean office of Kim Jina is printed, not the English one.
    known = [] if there == "office_en" else ["kim-jina"]
    assert one["person_id"].to_list() == known
