"""Coding sheets: the claims of each source, one CSV for each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.coding.lists import read_list, read_typed
from scripts.constraints.violations import constraint_violations
from scripts.model.claims import Claim
from scripts.model.paths import ROOT
from scripts.model.problems import Problem, brief, shown
from scripts.model.seeds import Record, Seeds, Spot
from scripts.model.tables import Field, Table
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
    """The note of a sheet row, ``field: how | field: how``, by field."""
    notes, line = {}, row["_line"]
    for part in (row.get("note") or "").split(" | "):
        name, colon, reason = part.partition(": ")
        if not part:
            continue
        if not colon or name not in table.by_name or not reason.strip():
            message = f"{brief(part)} does not say which cell is inferred"
            fix = "write field: how the value follows, several joined by ' | '"
            problems.append(Problem(file, line, "note", message, fix, "note"))
        else:
            notes[name] = reason.strip()
    for name in (n for n in notes if row.get(n) is None):
        message = f"the note explains {name}, which is empty"
        problems.append(Problem(file, line, "note", message, "fill the cell or remove the note", "note"))
    return notes


@dataclass
class Sheet:
    """A coding sheet as read: the rows of which every cell has its form, and the columns of all."""

    file: str
    rows: list[Row]
    columns: frozenset[str]


def read_sheet(path: Path, fields: list[Field], needed: list[str], problems: list[Problem]) -> Sheet:
    """Read one sheet with any of ``fields`` and all of ``needed``; faults go to ``problems``."""
    file, before = shown(path, ROOT), len(problems)
    rows = read_typed(path, file, fields, problems, exact=False, needed=needed)
    if not rows and len(problems) == before:
        problems.append(Problem(file, 1, "", "the sheet has no rows", "add rows or delete the file", "empty"))
    columns = frozenset(rows[0].text) if rows else frozenset[str]()
    return Sheet(file, [r for r in rows if len(r.values) == len(r.text)], columns)


def check_sheets(
    sheets: Iterable[Sheet], fields: list[Field], needed: list[str], problems: list[Problem]
) -> set[tuple[str, int]]:
    """Hold the rows of all ``sheets`` against the constraints in one go: hundreds of small frames would cost
    seconds. Return file and line of the rows with faults.
    """
    every = [(sheet.file, row) for sheet in sheets for row in sheet.rows]
    frame = frame_of(fields, [row.values for _, row in every])
    found = constraint_violations(fields, frame, sheet=needed)
    problems += [v.problem(lambda i, _: (every[i][0], every[i][1].line)) for v in found]
    return {(every[v.index][0], every[v.index][1].line) for v in found}


def no_table(path: Path, names: Iterable[str], otherwise: str, rule: str) -> Problem:
    """Report a sheet that is named after no table; ``names`` are those of the tables there are."""
    return Problem(
        shown(path, ROOT),
        0,
        "",
        f"there is no table {brief(path.name)} to code into",
        did_you_mean(path.name, [f"{name}.csv" for name in names], otherwise),
        rule,
    )


def _sheet_claims(
    paths: list[tuple[Path, Record]], table: Table, evidence: Table, problems: list[Problem], seeds: Seeds
) -> None:
    """Read the claims of all sheets of ``table``."""
    fields = [evidence.by_name["at"], *table.typed, *(evidence.by_name[n] for n in SHEET_COLUMNS[1:])]
    needed = ["at", *table.primary_key]
    sheets = [(read_sheet(path, fields, needed, problems), source) for path, source in paths]
    check_sheets((sheet for sheet, _ in sheets), fields, needed, problems)
    for sheet, source in sheets:
        _claims_of(sheet, source, table, needed, problems, seeds)


def _claims_of(
    sheet: Sheet, source: Record, table: Table, needed: list[str], problems: list[Problem], seeds: Seeds
) -> None:
    file, source_id = sheet.file, source["source_id"]
    claimed = [f.name for f in table.claimed if f.name in sheet.columns]
    for row in sheet.rows:
        cells = row.values
        if any(cells.get(n) is None for n in needed):
            continue
        at = row.text["at"]
        spans, fault = _places(at, source)
        if fault:
            problems.append(Problem(file, row.line, "at", *fault, "offsets"))
            continue
        notes = _notes({**cells, "_line": row.line}, table, file, problems) if cells.get("note") else {}
        # A cell that has its form is written as it would be printed.
        name = join_key(row.text[k] for k in table.primary_key)
        seeds.keys.setdefault((table.name, name), {k: cells[k] for k in table.primary_key})
        seeds.places[table.name, name].append(Spot(file, row.line, source_id, at, sheet.columns))
        attribution, relays = row.text.get("attribution") or "document", row.text.get("relays") or None
        seeds.claims += [
            Claim(
                table.name,
                name,
                column,
                cells[column],
                row.text[column],
                source_id,
                at,
                spans,
                attribution,
                relays,
                notes.get(column),
                file,
                row.line,
            )
            for column in claimed
            if cells[column] is not None
        ]


def _places(at: str, source: Record) -> tuple[tuple[tuple[int, int], ...], tuple[str, str] | None]:
    """The spans that ``at`` cites where the whole text of ``source`` is held, and what is wrong with it."""
    if source["held"] == "text":
        return parse_spans(at, _length(source))
    return (), parse_places(at)[1] if source["held"] == "passages" else None


def _length(source: Record) -> int | None:
    """How long the held text of a source is: 0 where none is held, None where its row is faulty and does not
    say.
    """
    return None if source["_faulty"] else source["characters"] or 0


def read_sheets(folder: Path, tables: dict[str, Table], seeds: Seeds, problems: list[Problem]) -> None:
    """Read every coding sheet under ``folder`` into ``seeds``; faults go to ``problems``."""
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
                f"add sheets in seeds/coding/{source_id}/ or remove the source",
                "coding",
            )
        )
    sheets: dict[str, list[tuple[Path, Record]]] = {}
    for sub in folders:
        if sub.name in known:
            for path in entries(sub, shown(sub, ROOT)):
                if path.suffix != ".csv" or path.stem not in {*facts, "uncoded"}:
                    otherwise = "name the sheet after one of " + ", ".join(facts)
                    problems.append(no_table(path, (*facts, "uncoded"), otherwise, "coding"))
                elif path.stem == "uncoded":
                    seeds.uncoded[sub.name] = _uncoded(path, known[sub.name], problems)
                else:
                    sheets.setdefault(path.stem, []).append((path, known[sub.name]))
        elif complete:
            fix = did_you_mean(sub.name, known, "add it to seeds/sources.csv or rename the folder")
            message = f"there is no source {brief(sub.name)}"
            problems.append(Problem(shown(sub, ROOT), 0, "", message, fix, "coding"))
    for name, paths in sheets.items():
        _sheet_claims(paths, facts[name], tables["evidence"], problems, seeds)


def _uncoded(path: Path, source: Record, problems: list[Problem]) -> list[Record]:
    """The passages of a source that hold nothing for the tables, each with its ``_file`` and ``_spans``."""
    file = shown(path, ROOT)
    rows = [row for row in read_list(path, load_seed_table("uncoded"), problems) if row["at"] is not None]
    for row in rows:
        row["_file"] = file
        row["_spans"], fault = parse_spans(row["at"], _length(source))
        if fault:
            problems.append(Problem(file, row["_line"], "at", *fault, "offsets"))
    return rows


def duplicate_claims(seeds: Seeds, problems: list[Problem]) -> None:
    """Report claims that a sheet makes twice from the same place: a row that repeats a whole earlier one
    once, or else each cell.
    """
    seen: dict[tuple[str, ...], int] = {}
    rows: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    repeated: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in seeds.claims:
        rows[claim.file, claim.line].append(claim)
        if seen.setdefault(claim.said, claim.line) != claim.line:
            repeated[claim.file, claim.line].append(claim)
    fix, rule = "delete one of the two", "duplicate-claim"
    for (file, line), claims in repeated.items():
        first = seen[claims[0].said]
        whole = [{c.said for c in given} for given in (claims, rows[file, line], rows[file, first])]
        if whole[0] == whole[1] == whole[2]:
            problems.append(Problem(file, line, "", f"duplicate row (first in row {first})", fix, rule))
            continue
        for c in claims:
            message = f"duplicate claim, the same from the same place (first in row {seen[c.said]})"
            problems.append(Problem(file, line, c.field, message, fix, rule))
