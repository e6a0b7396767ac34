"""Reads ``seeds/``: lists, coding sheets, rulings, the lock. Every fault of every file is reported at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scripts.constraints.violations import constraint_violations, frame_of, own_violations
from scripts.model.claims import Claim
from scripts.model.problems import BadData, CannotRun, Problem, brief, shown
from scripts.model.tables import ROOT, Field, Table, load_seed_table
from scripts.model.values import format_value, row_id
from scripts.sources.passages import parse_places, parse_spans
from scripts.store import spreadsheet
from scripts.store.csvfile import Row, read_rows
from scripts.store.files import entries, read_inside
from scripts.techpacts.nearest import did_you_mean

SEEDS = ROOT / "seeds"
# The vocabularies and provenance lists that people write; evidence is the build's.
LISTS = {
    "sources": "sources.csv",
    "rulings": "rulings.csv",
    "tombstones": "tombstones.csv",
    "upstreams": "upstream/upstreams.csv",
}
# Columns of a sheet beside those of its table.
SHEET_COLUMNS = ("at", "attribution", "relays", "note")

Record = dict[str, Any]


class Spot(NamedTuple):
    """A row of a sheet: where it is, what it cites, and which columns its sheet has."""

    file: str
    line: int
    source_id: str
    at: str
    columns: frozenset[str]


@dataclass
class Seeds:
    """What people wrote. ``lists`` holds vocabularies, sources, rulings and tombstones by table; each record knows its ``_line``.

    ``files``: the file of each list, and of each pinned table by its id.
    """

    lists: dict[str, list[Record]]
    files: dict[str, str]
    claims: list[Claim] = field(default_factory=list)
    # The rows of the fact tables with their key values, and every row of a sheet that speaks of each.
    keys: dict[tuple[str, str], Record] = field(default_factory=dict)
    places: dict[tuple[str, str], list[Spot]] = field(default_factory=lambda: defaultdict(list))
    lock: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    lock_lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    uncoded: dict[str, list[Record]] = field(default_factory=dict)
    # What the pinned tables give, by table of the package.
    series: dict[str, list[Record]] = field(default_factory=dict)

    def source(self, source_id: str) -> Record:
        return next(s for s in self.lists["sources"] if s["source_id"] == source_id)


def _checked(rows: list[Row], table: Table, file: str, problems: list[Problem]) -> list[Record]:
    """Rows that passed the reader, held against the constraints and keys of ``table``; faults go to ``problems``."""
    whole = [r for r in rows if len(r.values) == len(r.text)]
    for v in own_violations(table, frame_of(table.fields, [r.values for r in whole])):
        problems.append(v.problem(lambda i, _: (file, whole[i].line if i >= 0 else 0)))
    return [{**r.values, "_line": r.line} for r in whole]


def read_typed(
    path: Path,
    file: str,
    fields: Sequence[Field],
    problems: list[Problem],
    *,
    exact: bool,
    needed: Sequence[str] = (),
) -> list[Row]:
    """Read the rows of a file that people write, often with a spreadsheet: what that did to it has one remedy."""
    data = read_inside(path, path.parent, file)
    if spoilt := spreadsheet.fault(data):
        problems.append(Problem(file, 1, "", spoilt, f"run python -m scripts format {file}", "bytes"))
        return []
    return read_rows(data, file, fields, problems, exact=exact, needed=needed)


def read_list(path: Path, table: Table, problems: list[Problem]) -> list[Record]:
    """A hand-written list with exactly the columns of ``table``."""
    file = shown(path, ROOT)
    rows = read_typed(path, file, table.fields, problems, exact=True)
    records = _checked(rows, table, file, problems)
    if len(rows) < table.min_rows and not any(p.file == file for p in problems):
        problems.append(
            Problem(
                file,
                0,
                "",
                f"the table has {len(rows)} rows, it needs {table.min_rows}",
                "add rows or restore them",
                "min-rows",
            )
        )
    return records


def _notes(row: Record, table: Table, file: str, problems: list[Problem]) -> dict[str, str]:
    """The note of a sheet row, ``field: how; field: how``, by field."""
    notes = {}
    for part in (row.get("note") or "").split(" | "):
        name, colon, reason = part.partition(": ")
        if not part:
            continue
        if not colon or name not in table.by_name or not reason.strip():
            problems.append(
                Problem(
                    file,
                    row["_line"],
                    "note",
                    f"{brief(part)} does not say which cell is inferred",
                    "write field: how the value follows, several joined by ' | '",
                    "note",
                )
            )
        else:
            notes[name] = reason.strip()
    for name in notes:
        if row.get(name) is None:
            problems.append(
                Problem(
                    file,
                    row["_line"],
                    "note",
                    f"the note explains {name}, which is empty",
                    "fill the cell or take the note out",
                    "note",
                )
            )
    return notes


@dataclass
class _Sheet:
    """One coding sheet as read: which source's, and its rows."""

    file: str
    source: Record
    rows: list[Row]


def _read_sheet(
    path: Path, fields: list[Field], needed: list[str], source: Record, problems: list[Problem]
) -> _Sheet:
    file = shown(path, ROOT)
    rows = read_typed(path, file, fields, problems, exact=False, needed=needed)
    if not rows and not any(p.file == file for p in problems):
        problems.append(Problem(file, 1, "", "the sheet has no rows", "add rows or delete the file", "empty"))
    return _Sheet(file, source, [r for r in rows if len(r.values) == len(r.text)])


def _sheet_claims(
    paths: list[tuple[Path, Record]], table: Table, evidence: Table, problems: list[Problem], seeds: Seeds
) -> None:
    """The claims of all sheets of ``table``, checked in one go: hundreds of small frames would cost seconds."""
    fields = [evidence.by_name["at"], *table.typed, *(evidence.by_name[n] for n in SHEET_COLUMNS[1:])]
    needed = ["at", *table.primary_key]
    sheets = [_read_sheet(path, fields, needed, source, problems) for path, source in paths]
    every = [(sheet, row) for sheet in sheets for row in sheet.rows]
    for v in constraint_violations(fields, frame_of(fields, [r.values for _, r in every]), sheet=needed):
        problems.append(v.problem(lambda i, _: (every[i][0].file, every[i][1].line)))
    for sheet in sheets:
        _claims_of(sheet, table, needed, problems, seeds)


def _claims_of(sheet: _Sheet, table: Table, needed: list[str], problems: list[Problem], seeds: Seeds) -> None:
    file, source = sheet.file, sheet.source
    columns = frozenset(sheet.rows[0].text) if sheet.rows else frozenset()
    for row in [{**r.values, "_line": r.line} for r in sheet.rows]:
        if any(row.get(n) is None for n in needed):
            continue
        spans: tuple[tuple[int, int], ...] = ()
        fault = None
        if source["held"] == "text":
            spans, fault = parse_spans(row["at"], _length(source))
        elif source["held"] == "passages":
            _, fault = parse_places(row["at"])
        if fault:
            problems.append(Problem(file, row["_line"], "at", *fault, "offsets"))
            continue
        notes = _notes(row, table, file, problems)
        name = row_id([format_value(table.by_name[k], row[k]) for k in table.primary_key])
        seeds.keys.setdefault((table.name, name), {k: row[k] for k in table.primary_key})
        seeds.places[table.name, name].append(
            Spot(file, row["_line"], source["source_id"], row["at"], columns)
        )
        for f in table.claimed:
            if row.get(f.name) is not None:
                seeds.claims.append(
                    Claim(
                        table.name,
                        name,
                        f.name,
                        row[f.name],
                        format_value(f, row[f.name]),
                        source["source_id"],
                        row["at"],
                        spans,
                        row.get("attribution") or "document",
                        row.get("relays"),
                        notes.get(f.name),
                        file,
                        row["_line"],
                    )
                )


def _length(source: Record) -> int | None:
    """How long the held text of a source is: 0 where none is held, None where its row is faulty and does not say."""
    return None if source["_faulty"] else source["characters"] or 0


def _sheets(
    folder: Path, tables: dict[str, Table], seeds: Seeds, problems: list[Problem], kept: set[str]
) -> None:
    facts = {t.name: t for t in tables.values() if t.kind == "fact"}
    known = {s["source_id"]: s for s in seeds.lists["sources"]}
    folders = entries(folder, shown(folder, ROOT))
    # A source whose own row is faulty is not in the list; its sheets are not to blame.
    complete = not any(p.file == seeds.files["sources"] for p in problems)
    for source_id in sorted({n for n, s in known.items() if not s["_faulty"]} - {p.name for p in folders}):
        problems.append(
            Problem(
                seeds.files["sources"],
                known[source_id]["_line"],
                "source_id",
                f"nothing is coded from {source_id}",
                f"add sheets in seeds/coding/{source_id}/ or take the source out",
                "coding",
            )
        )
    sheets: dict[str, list[tuple[Path, Record]]] = {}
    for sub in folders:
        if sub.name not in known and not complete:
            continue
        if sub.name not in known:
            problems.append(
                Problem(
                    shown(sub, ROOT),
                    0,
                    "",
                    f"there is no source {brief(sub.name)}",
                    did_you_mean(sub.name, known, "add it to seeds/sources.csv or rename the folder"),
                    "coding",
                )
            )
            continue
        for path in entries(sub, shown(sub, ROOT)):
            if path.suffix != ".csv" or (path.stem not in facts and path.stem != "uncoded"):
                problems.append(
                    Problem(
                        shown(path, ROOT),
                        0,
                        "",
                        f"there is no table {brief(path.name)} to code into",
                        did_you_mean(
                            path.name,
                            [f"{name}.csv" for name in (*facts, "uncoded")],
                            "name the sheet after one of " + ", ".join(facts),
                        ),
                        "coding",
                    )
                )
            elif path.stem == "uncoded":
                table = load_seed_table("uncoded")
                seeds.uncoded[sub.name] = [
                    row for row in read_list(path, table, problems) if row["at"] is not None
                ]
                for row in seeds.uncoded[sub.name]:
                    row["_file"] = shown(path, ROOT)
                    row["_spans"], fault = parse_spans(row["at"], _length(known[sub.name]))
                    if fault:
                        problems.append(Problem(shown(path, ROOT), row["_line"], "at", *fault, "offsets"))
            elif sub.name in kept:
                sheets.setdefault(path.stem, []).append((path, known[sub.name]))
    for name, paths in sheets.items():
        _sheet_claims(paths, facts[name], tables["evidence"], problems, seeds)


def _duplicates(seeds: Seeds, problems: list[Problem]) -> None:
    """Report claims that a sheet makes twice from the same place: a row that repeats a whole earlier one once, or else each cell."""
    seen: dict[tuple[str, ...], int] = {}
    rows: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    repeated: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in seeds.claims:
        rows[claim.file, claim.line].append(claim)
        if seen.setdefault(claim.lock_key, claim.line) != claim.line:
            repeated[claim.file, claim.line].append(claim)
    for (file, line), claims in repeated.items():
        first = seen[claims[0].lock_key]
        if (
            {c.lock_key for c in claims}
            == {c.lock_key for c in rows[file, line]}
            == {c.lock_key for c in rows[file, first]}
        ):
            problems.append(
                Problem(
                    file,
                    line,
                    "",
                    f"duplicate row (first in row {first})",
                    "delete one of the two",
                    "duplicate-claim",
                )
            )
            continue
        for c in claims:
            problems.append(
                Problem(
                    file,
                    line,
                    c.field,
                    f"duplicate claim, the same from the same place (first in row {seen[c.lock_key]})",
                    "delete one of the two",
                    "duplicate-claim",
                )
            )


def _sources(records: list[Record], table: Table, file: str, problems: list[Problem]) -> None:
    """What a source must be before sheets are read that lean on it; a row with a fault of its own is marked ``_faulty`` and waits."""
    from scripts.validation.rules.vocabularies import source_is_whole

    told = {p.row for p in problems if p.file == file}
    for record in records:
        record["_faulty"] = record["_line"] in told
    records = [r for r in records if not r["_faulty"]]
    for fault in source_is_whole({"sources": frame_of(table.fields, records)}):
        records[fault.index]["_faulty"] = True
        problems.append(
            Problem(
                file,
                records[fault.index]["_line"],
                fault.column,
                fault.message,
                fault.fix,
                source_is_whole.__name__,
            )
        )


def _upstream(folder: Path, seeds: Seeds, problems: list[Problem], as_of: dt.date | None) -> None:
    """The pinned tables and the rows that they give; none where the lists that they refer to have faults of their own."""
    from scripts.series.pinned import read_upstream
    from scripts.series.rows import series_rows

    referred = {seeds.files[n] for n in ("countries", "regions", "indicators", "upstreams")}
    if any(p.file in referred for p in problems):
        return
    before = len(problems)
    upstream = read_upstream(folder, seeds.lists["upstreams"], problems, as_of=as_of)
    seeds.lists["upstreams"] = upstream.upstreams
    seeds.files |= upstream.files
    if len(problems) == before:
        seeds.series = series_rows(upstream, seeds.lists, problems, whole=as_of is None)


def read_seeds(tables: dict[str, Table], folder: Path = SEEDS, *, as_of: dt.date | None = None) -> Seeds:
    """All seeds under ``folder``; with ``as_of``, only sources published on or before that day.

    Raises BadData with every fault found, CannotRun where the folder is not there or no source is that old.
    """
    if not folder.is_dir():
        raise CannotRun(f"{shown(folder, ROOT)}: there is no such folder")
    problems: list[Problem] = []
    paths = {
        t.name: folder / "vocabularies" / f"{t.name}.csv" for t in tables.values() if t.kind == "vocabulary"
    }
    paths |= {name: folder / file for name, file in LISTS.items()}
    lists: dict[str, list[Record]] = {}
    for name, path in paths.items():
        lists[name] = read_list(path, tables[name], problems)
    known = {p.stem for p in paths.values()}
    for path in entries(folder / "vocabularies", shown(folder / "vocabularies", ROOT)):
        if path.stem not in known or path.suffix != ".csv":
            problems.append(
                Problem(
                    shown(path, ROOT),
                    0,
                    "",
                    "there is no vocabulary of this name",
                    did_you_mean(
                        path.name, [f"{n}.csv" for n in sorted(known)], "name it after a vocabulary table"
                    ),
                    "coding",
                )
            )
    seeds = Seeds(lists, {name: shown(path, ROOT) for name, path in paths.items()})
    _sources(lists["sources"], tables["sources"], seeds.files["sources"], problems)
    _upstream(folder, seeds, problems, as_of)
    kept = {s["source_id"] for s in lists["sources"] if as_of is None or s["published_on"] <= as_of}
    if not kept and not problems:
        raise CannotRun(f"no source was published on or before {as_of}")
    _sheets(folder / "coding", tables, seeds, problems, kept)
    later = {s["source_id"] for s in lists["sources"]} - kept
    lists["sources"] = [s for s in lists["sources"] if s["source_id"] in kept]
    # Names that only a source of its own explains go with that source.
    lists["aliases"] = [a for a in lists["aliases"] if a["source_id"] not in later]
    _duplicates(seeds, problems)
    lock = folder / "passages.lock.csv"
    if lock.exists():
        table = load_seed_table("passages_lock")
        for row in read_list(lock, table, problems):
            key = tuple(str(row[k]) for k in table.primary_key)
            seeds.lock[key], seeds.lock_lines[key] = (row["passage_sha256"], row["check"]), row["_line"]
    if problems:
        raise BadData(problems)
    return seeds
