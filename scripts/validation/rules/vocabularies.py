"""Lists: trees without loops, aliases of something that exists, names that fit every disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import PureWindowsPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from scripts.constraints.violations import unknown_reference
from scripts.model.evidence_kinds import NAMED
from scripts.model.problems import brief
from scripts.techpacts.tombstones import ENTITY
from scripts.validation.rules.registry import Fault, Stage, Tables, cycles, facts, rows, rule


@rule(Stage.LISTS, reads=("aliases", *NAMED))
def alias_has_entity(t: Tables) -> Iterator[Fault]:
    """An alias belongs to an entity that is listed."""
    for kind, (table, key) in ENTITY.items():
        for row in rows(
            t["aliases"],
            (pl.col("entity_type") == kind) & ~pl.col("entity_id").is_in(t[table][key].implode()),
        ):
            yield Fault(
                "aliases",
                row["_row"],
                "entity_id",
                *unknown_reference(table, row["entity_id"], t[table][key].drop_nulls().to_list()),
            )


@rule(Stage.LISTS, reads=("domains", "organizations"))
def trees(t: Tables) -> Iterator[Fault]:
    """Domains and organizations form trees."""
    for table, key, parent in (
        ("domains", "domain_id", "parent_domain_id"),
        ("organizations", "organization_id", "parent_organization_id"),
    ):
        for row in rows(t[table], pl.col(key).is_in(cycles(t[table], key, parent))):
            yield Fault(table, row["_row"], parent, f"{row[key]} is its own ancestor", "correct the parents")


@rule(Stage.LISTS, reads=("organizations",))
def parent_of_same_country(t: Tables) -> Iterator[Fault]:
    """A body belongs to the country of the body above it."""
    above = (
        t["organizations"]
        .select(
            pl.col("organization_id").alias("parent_organization_id"), pl.col("country_code").alias("_above")
        )
        .unique("parent_organization_id", keep="last")
    )
    for row in rows(
        t["organizations"].join(above, on="parent_organization_id", how="left", maintain_order="left"),
        pl.col("_above") != pl.col("country_code"),
    ):
        yield Fault(
            "organizations",
            row["_row"],
            "country_code",
            f"{row['organization_id']} is of {row['country_code']}, its parent of {row['_above']}",
            "correct one of them",
        )


@rule(Stage.LISTS, reads=("organizations", "people"))
def name_has_page(t: Tables) -> Iterator[Fault]:
    """A name said to be in own use or in use by others names the page that shows it."""
    for table in ("organizations", "people"):
        for row in rows(
            t[table], pl.col("name_basis").is_in(["own_use", "press_use"]) & pl.col("name_url").is_null()
        ):
            yield Fault(
                table,
                row["_row"],
                "name_url",
                f"the name is {row['name_basis']}, but no page shows it",
                "give the page, or correct name_basis",
            )


@rule(Stage.LISTS, reads=("sources",))
def source_is_whole(t: Tables) -> Iterator[Fault]:
    """A source says where it is found, what of it is held, and in which time zone its hour is."""
    filled = {c: pl.col(c).is_not_null() for c in ("text_file", "sha256", "characters")}
    text = pl.col("held") == "text"
    for column, there in filled.items():
        for row in rows(t["sources"], text & ~there):
            yield Fault(
                "sources",
                row["_row"],
                column,
                f"a held text needs file name, hash and length, and {column} is empty",
                "fill text_file, sha256 and characters",
            )
    for row in rows(t["sources"], ~text & pl.any_horizontal(filled.values())):
        yield Fault(
            "sources",
            row["_row"],
            "held",
            f"{row['held']} is held, but text_file, sha256 or characters is filled",
            "empty them, or write text",
        )
    for row in rows(t["sources"], pl.col("published_time").is_null() != pl.col("time_zone").is_null()):
        yield Fault(
            "sources",
            row["_row"],
            "time_zone",
            "an hour and its time zone go together",
            "fill both or neither",
        )
    for row in rows(
        t["sources"],
        ~pl.col("time_zone").is_in(list(_zones(t["sources"]["time_zone"].drop_nulls().unique().to_list()))),
    ):
        yield Fault(
            "sources",
            row["_row"],
            "time_zone",
            f"there is no time zone {brief(row['time_zone'])}",
            "write it like Asia/Seoul",
        )
    archive = [pl.col(c).is_not_null() for c in ("archive_url", "archive_commit", "archive_path")]
    for row in rows(t["sources"], pl.any_horizontal(archive) & ~(pl.all_horizontal(archive) & text)):
        message = "a text from an archive needs its address, commit and path, and text in held"
        fix = "fill archive_url, archive_commit and archive_path, or empty all three"
        yield Fault("sources", row["_row"], "archive_url", message, fix)
    imprecise = pl.col("published_on_basis") == "listing"
    for row in rows(t["sources"], imprecise & (pl.col("published_precision") == "day")):
        message = "a day that only a listing gives may be some days off"
        fix = "write week, or look for the day that the document prints"
        yield Fault("sources", row["_row"], "published_precision", message, fix)
    for row in rows(t["sources"], ~text & pl.col("url").is_null()):
        yield Fault(
            "sources", row["_row"], "url", "a source whose text is not held needs an address", "fill url"
        )


def _zones(names: list[str]) -> Iterator[str]:
    """Yield those of the names that are time zones."""
    for name in names:
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            yield ZoneInfo(name).key


# Columns whose values name files, and the path in the repository of the longest.
FILES = {
    ("sources", "source_id"): "seeds/coding/{}/{}.csv",
    ("sources", "text_file"): "{}",
    ("upstreams", "upstream_id"): "seeds/upstream/tables/{}.csv",
}
# Windows takes 260 with the folder of the clone.
LONGEST_PATH = 200


@rule(Stage.LISTS, reads=("sources", "upstreams"))
def names_fit_every_disk(t: Tables) -> Iterator[Fault]:
    """A name of a file or folder can be a name on every disk."""
    longest = max(facts(), key=len)
    for (table, column), path in FILES.items():
        seen: dict[str, str] = {}
        room = LONGEST_PATH - len(path.format("", longest))
        for row in rows(t[table], pl.col(column).is_not_null()):
            name = row[column]
            first = seen.setdefault(name.casefold(), name)
            if fault := _unfit(name, first, room):
                yield Fault(table, row["_row"], column, *fault)


def _unfit(name: str, first: str, room: int) -> tuple[str, str] | None:
    """Return why some system cannot have a file of this name, and the fix.

    ``first`` is the first name in the list that differs in capitals at most; ``room`` the longest allowed.
    """
    # Windows reads aux and aux.csv as a device, and drops a dot or blank at the end.
    if PureWindowsPath(name).is_reserved():
        return (
            f"{brief(name)} names a device on Windows, so no file can be called so",
            f"choose another name, such as {brief(f'the-{name}')}",
        )
    if name.endswith((".", " ")):
        return (
            f"{brief(name)} ends with a dot or a blank, which Windows drops from the name of a file",
            "end it with a letter or digit",
        )
    if first != name:
        return (
            f"{brief(name)} and {brief(first)} differ only in capitals, and are one file on Windows and"
            " macOS",
            "choose another name",
        )
    if len(name) > room:
        return (
            f"{brief(name)} has {len(name)} characters, which makes a path longer than {LONGEST_PATH}",
            f"write at most {room}",
        )
    return None
