"""Coding sheets: the claims of each source, one CSV for each table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from scripts.coding.lists import read_list, read_typed
from scripts.constraints.violations import constraint_violations
from scripts.model.claims import Claim
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.model.seeds import Record, Seeds, Spot
from scripts.model.tables import Field, Table
from scripts.model.values import format_value
from scripts.sources.passages import parse_places, parse_spans
from scripts.store.csvfile import Row
from scripts.store.files import entries
from scripts.store.frames import frame_of
from scripts.store.schemas import load_seed_table
from scripts.techpacts.nearest import did_you_mean
from scripts.techpacts.row_ids import join_key

# Columns of a sheet beside those of its table.
SHEET_COLUMNS = ("at", "attribution", "relays", "note")


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
        name = join_key([format_value(table.by_name[k], row[k]) for k in table.primary_key])
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
    """How long the held text of a source is: 0 where none is held, None where its row is faulty and does not
    say.
    """
    return None if source["_faulty"] else source["characters"] or 0


def read_sheets(
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


def duplicate_claims(seeds: Seeds, problems: list[Problem]) -> None:
    """Report claims that a sheet makes twice from the same place: a row that repeats a whole earlier one
    once, or else each cell.
    """
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
