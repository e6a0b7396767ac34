"""The commands: ``python -m scripts COMMAND --help``. Exit code 0 fine, 1 bad data, 2 could not run."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.commands.argument_types import day, folder
from scripts.commands.derive import add_derive
from scripts.model.paths import ROOT
from scripts.model.problems import BadData, CannotRun, Gone, Problem, one_line, shown

if TYPE_CHECKING:
    from scripts.pipeline.build import Built


def _reread(built: Built) -> str:
    """How much of what is held was read again, in one line."""
    held = sum(s["held"] != "none" for s in built.seeds.lists["sources"])
    again = held - len(built.unread)
    rest = (
        "; for the others the committed lock serves (CONTRIBUTING.md, Check, lock, build)"
        if built.unread
        else ""
    )
    return f"{again} of {held} held texts read again{rest}"


def _fail(problems: Sequence[Problem], as_json: bool) -> int:
    if as_json:
        print(
            json.dumps(
                {"valid": not problems, "problems": [p.as_dict() for p in problems]},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for problem in problems:
            print(problem)
        if problems:
            print(f"{len(problems)} problem{'s' * (len(problems) > 1)}", file=sys.stderr)
    return 1 if problems else 0


def _build(args: argparse.Namespace) -> int:
    from scripts.pipeline.build import build, summary
    from scripts.store.publish import publish

    built = build(sources=args.sources, passages=args.passages)
    publish(ROOT, built.files)
    print(summary(built))
    print(_reread(built))
    return 0


def _validate(args: argparse.Namespace) -> int:
    from scripts.pipeline.repository import check_repository
    from scripts.store.publish import recover
    from scripts.validation.package import inspect_given

    if args.dir is None or args.dir.resolve() == ROOT:
        recover(ROOT)
        report, built = check_repository(args.sources, args.passages)
        what = "seeds and data"
    else:
        report, built, what = inspect_given(args.dir), None, shown(args.dir)
    code = _fail(report.problems, args.json)
    if not args.json and not report.problems:
        print(f"{what}: valid" + (f"\n{_reread(built)}" if built else ""))
    if report.waiting:
        print(
            f"{len(report.waiting)} rule(s) were not judged, since tables that they read have these faults;"
            " mend them and validate again",
            file=sys.stderr,
        )
    return code


def _lock(args: argparse.Namespace) -> int:
    from scripts.pipeline.build import build
    from scripts.sources.lock import LOCK_FILE, lock_file
    from scripts.store.publish import publish

    # What is not at hand keeps the checks that it has; a claim without any is refused.
    built = build(sources=args.sources, passages=args.passages, against_lock=False)
    lock = lock_file(built.seeds)
    publish(ROOT, {LOCK_FILE: lock}, clear=None)
    # A line for each, and the header.
    print(f"{LOCK_FILE}: {len(lock.splitlines()) - 1} checks")
    if args.verbose:
        print(_reread(built), file=sys.stderr)
    return 0


def _explain(args: argparse.Namespace) -> int:
    from scripts.lookup.explain import explain
    from scripts.pipeline.build import build

    built = build(sources=args.sources, passages=args.passages)
    print(explain(built, args.table, args.row))
    if args.verbose:
        print(_reread(built), file=sys.stderr)
    return 0


def _seeds_and_texts(sources: Path):
    from scripts.pipeline.seeds import read_seeds
    from scripts.sources.passages import read_held_texts
    from scripts.store.schemas import load_tables

    seeds = read_seeds(load_tables())
    return seeds, read_held_texts(sources, seeds.lists["sources"], seeds.files["sources"])


def _coverage(args: argparse.Namespace) -> int:
    from scripts.sources.coverage import cover

    seeds, held = _seeds_and_texts(args.sources)
    if not held:
        raise CannotRun(f"{args.sources} holds none of the texts; give their folder with --sources")
    problems, missing = [], 0
    for source_id, text in held.items():
        result, faults = cover(seeds, text)
        problems += faults
        missing += result.missing
        print(
            f"{source_id}: {result.characters} characters, {result.cited} cited, {result.uncoded} explained"
            f" as uncoded, {result.missing} unaccounted for"
        )
        for start, end in result.gaps:
            print(f"    {start}-{end} {' '.join(text.text[start:end].split())[:70]}")
    print(f"{missing} characters unaccounted for")
    return _fail(problems, False) or int(missing > 0)


def _locate(args: argparse.Namespace) -> int:
    from scripts.sources.locate import locate

    _, held = _seeds_and_texts(args.sources)
    if args.source_id not in held:
        raise CannotRun(
            f"the text of {args.source_id} is not at hand in {args.sources}; there are:"
            f" {', '.join(held) or 'none'}"
        )
    places = locate(held[args.source_id], args.words)
    for start, end, around in places:
        print(f"{start}-{end}\t{around}")
    if not places:
        print("not found: check the spelling against the text", file=sys.stderr)
    return 0 if places else 1


def _as_of(args: argparse.Namespace) -> int:
    from scripts.pipeline.build import build, summary
    from scripts.store.publish import publish

    target = args.out.resolve()
    if target == ROOT or ROOT.is_relative_to(target):
        raise CannotRun("--out must be a folder of its own, or the package itself would be overwritten")
    if target.is_dir() and any(target.iterdir()) and not (target / "datapackage.json").is_file():
        raise CannotRun(f"{shown(args.out)} is not empty and holds no package; give another folder")
    built = build(sources=args.sources, passages=args.passages, as_of=args.date)
    publish(target, built.files)
    print(summary(built))
    print(f"{shown(args.out)}: as known on {args.date}, from {len(built.seeds.lists['sources'])} source(s)")
    if args.verbose:
        print(_reread(built), file=sys.stderr)
    return 0


def _cite(args: argparse.Namespace) -> int:
    from scripts.lookup.cite import cite

    print(cite(args.table, args.row, args.format))
    return 0


def _diff(args: argparse.Namespace) -> int:
    from scripts.store.publish import publish
    from scripts.versions.change import change_file, level
    from scripts.versions.changelog import changelog
    from scripts.versions.diff import changes
    from scripts.versions.reading import read_version

    old, new = read_version(args.old), read_version(args.new)
    found = changes(old, new)
    if args.csv is not None:
        if not args.csv.parent.is_dir():
            raise CannotRun(f"{shown(args.csv.parent)}: there is no such folder")
        publish(args.csv.parent, {args.csv.name: change_file(found)}, clear=None)
    print(changelog(old, new, found), end="")
    print(
        f"{len(found)} changes; at least a new {level(found)} version" if found else "no changes",
        file=sys.stderr,
    )
    return 0


def _release(args: argparse.Namespace) -> int:
    try:
        from scripts.release.make import make_release
    except ImportError as error:
        raise CannotRun(f"{error.name} is not installed; it belongs to the extra release: make env") from None

    for name in make_release(args.out, args.since):
        print(f"{shown(args.out)}/{name}")
    return 0


def _pictures(args: argparse.Namespace) -> int:
    from scripts.package.loaded import read_contents
    from scripts.pages.pictures import write_pictures

    args.out.mkdir(parents=True, exist_ok=True)
    for name in write_pictures(read_contents(), args.out, png=args.png):
        print(f"{shown(args.out)}/{name}")
    return 0


def _docs(args: argparse.Namespace) -> int:
    from scripts.commands.docs import run

    return run(args)


def _format(args: argparse.Namespace) -> int:
    from scripts.store.files import read_inside
    from scripts.store.publish import publish
    from scripts.store.spreadsheet import canonical

    for path in args.files:
        data = read_inside(path, path.parent, shown(path))
        made = canonical(data, shown(path))
        if made != data:
            publish(path.parent, {path.name: made}, clear=None)
        print(f"{shown(path)}: {'written anew' if made != data else 'as it was'}")
    return 0


def _countries(_: argparse.Namespace) -> int:
    from scripts.coding.countries import countries_csv
    from scripts.store.publish import publish

    name = "seeds/vocabularies/countries.csv"
    publish(ROOT, {name: countries_csv()}, clear=None)
    print(name)
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    from scripts.sources.passages import PASSAGES, SOURCES

    top = argparse.ArgumentParser(
        prog="python -m scripts", description="Builds and checks the techpacts dataset."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run, text: str, *, texts: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        if texts:
            sub.add_argument(
                "--sources",
                type=folder,
                default=SOURCES,
                metavar="DIR",
                help="folder of the held texts (default: ../shared/sources)",
            )
            sub.add_argument(
                "--passages",
                type=folder,
                default=PASSAGES,
                metavar="DIR",
                help="folder of the transcribed passages (default: ../passages)",
            )
            sub.add_argument(
                "--verbose", action="store_true", help="say how many of the held texts were read again"
            )
        return sub

    command("build", _build, "make data/, datapackage.json and the citation files from the seeds")
    sub = command("validate", _validate, "check seeds and data, or another package")
    sub.add_argument(
        "dir",
        type=folder,
        nargs="?",
        metavar="PACKAGE",
        help="a folder, its datapackage.json, or a zip of a release",
    )
    sub.add_argument("--json", action="store_true", help="print the problems as JSON")
    sub = command("explain", _explain, "print a row with the proof of each cell")
    sub.add_argument("table")
    sub.add_argument("row", help="key values joined by |")
    command("coverage", _coverage, "show which characters of the held texts nothing accounts for")
    sub = command("locate", _locate, "print the offsets of words in a held text")
    sub.add_argument("source_id")
    sub.add_argument("words")
    sub = command(
        "format",
        _format,
        "bring files of the seeds that a spreadsheet saved into their one form",
        texts=False,
    )
    sub.add_argument("files", type=folder, nargs="+", metavar="FILE")
    command("lock", _lock, "check every cited passage at hand and write seeds/passages.lock.csv")
    sub = command("as-of", _as_of, "build the package from the sources published by DATE")
    sub.add_argument("date", type=day, metavar="DATE")
    sub.add_argument("--out", type=folder, required=True, metavar="DIR")
    sub = command(
        "cite", _cite, "print how to cite a row: the dataset and the documents behind it", texts=False
    )
    sub.add_argument("table")
    sub.add_argument("row", help="key values joined by |")
    sub.add_argument("--format", choices=("text", "bibtex", "ris", "csl"), default="text")
    sub = command(
        "diff",
        _diff,
        "print what changed between two versions: folders, zips of releases, or git revisions",
        texts=False,
    )
    sub.add_argument("old", metavar="OLD")
    sub.add_argument("new", metavar="NEW")
    sub.add_argument("--csv", type=folder, metavar="FILE", help="write every changed cell there as well")
    add_derive(commands)
    sub = command("release", _release, "write the package as a zip and in every format", texts=False)
    sub.add_argument(
        "--out",
        type=folder,
        default=ROOT / "dist",
        metavar="DIR",
        help="folder of the release (default: dist)",
    )
    sub.add_argument(
        "--since",
        metavar="OLD",
        help="the version before, a folder, zip or git revision: adds a file of what changed",
    )
    sub = command(
        "pictures",
        _pictures,
        "draw the pictures of docs/reference/pictures (needs the font Noto Sans CJK KR)",
        texts=False,
    )
    sub.add_argument(
        "--out",
        type=folder,
        default=ROOT / "docs/reference/pictures",
        metavar="DIR",
        help="folder of the pictures (default: docs/reference/pictures)",
    )
    sub.add_argument("--png", action="store_true", help="as PNG too")
    sub = command("docs", _docs, "write what follows from the data into the pages", texts=False)
    sub.add_argument(
        "--check", action="store_true", help="write nothing; report each page that is not current"
    )
    command("countries", _countries, "rewrite the list of countries from pycountry and Babel", texts=False)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; every foreseeable fault becomes a message and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Korean letters gets their numbers.
            stream.reconfigure(errors="backslashreplace")
    args = parser().parse_args(argv)
    try:
        code = args.run(args)
        sys.stdout.flush()
        return code
    except BadData as bad:
        return _fail(bad.problems, getattr(args, "json", False))
    except Gone as gone:
        print(gone, file=sys.stderr)
        return 1
    except CannotRun as error:
        why = str(error)
    except BrokenPipeError:
        # Whoever read the output has enough of it.
        sys.stderr.close()
        return 2
    except KeyboardInterrupt:
        why = "stopped"
    except OSError as error:
        why = f"{error.filename or 'output'}: {error.strerror or error}"
    except MemoryError:
        why = "the memory ran out"
    print(one_line(why), file=sys.stderr)
    return 2
