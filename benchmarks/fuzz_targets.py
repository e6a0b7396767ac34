"""What is fuzzed: for each target a sound input, ways to damage it, and the check that must bear it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random

from benchmarks.fuzz_world import ADDRESS, World, clear
from scripts.archives.plain_text import NotText, plain_text
from scripts.commands.main import main
from scripts.constraints.violations import constraint_violations
from scripts.model.problems import CannotRun, Problem
from scripts.model.values import parse
from scripts.package.citation_files import citation_cff
from scripts.package.descriptor import table_schema
from scripts.package.settings import load_package
from scripts.pipeline.build import build
from scripts.pipeline.seeds import read_seeds
from scripts.sources.passages import parse_transcript
from scripts.store.files import sha256
from scripts.store.frames import frame_of
from scripts.store.jsonfile import to_json
from scripts.store.parquet import arrow_schema
from scripts.store.schemas import load_tables
from scripts.validation.package import check_package
from scripts.versions.change import change_file
from scripts.versions.changelog import changelog
from scripts.versions.diff import changes
from scripts.versions.ledger import IDS, LEDGER, recorded, unreleasable
from scripts.versions.reading import read_version
from tests.faults.drawn import TOKENS, mutate

# Instead of a file: nothing, a folder, a pipe that nobody feeds, links out, to nowhere and in a circle.
ODD_FILES = ("missing", "folder", "pipe", "link out", "dead link", "circle", "device")


@dataclass
class Input:
    """Files to put in place of the sound ones (by path from the world's folder), or words for the command
    line.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@contextlib.contextmanager
def placed(world: World, given: Input) -> Iterator[None]:
    """The input's files in place while the block runs, and the sound ones afterwards."""
    sound = {
        name: (world.folder / name).read_bytes()
        for name in {*given.files, *given.odd}
        if (world.folder / name).is_file()
    }
    try:
        for name, data in given.files.items():
            (world.folder / name).write_bytes(data)
        for name, kind in given.odd.items():
            _put_odd(world, world.folder / name, kind)
        yield
    finally:
        for name in {*given.files, *given.odd}:
            path = world.folder / name
            if name in given.odd or name not in sound:
                clear(path)
            if name in sound:
                path.write_bytes(sound[name])


def _put_odd(world: World, path: Path, kind: str) -> None:
    clear(path)
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link out":
            path.symlink_to(world.outside / "secret.csv")
        case "dead link":
            path.symlink_to(world.folder / "nowhere")
        case "circle":
            path.symlink_to(path.name)
        case "device":
            path.symlink_to("/dev/zero")


class Target:
    """A part of the pipeline under fuzz; subclasses say which files, and what checks them."""

    name = ""
    # Its share of all inputs, and that of a quick run, where a check counts by its cost.
    share: float = 0
    light: float = 0
    # Whether a pipe or a link in place of a file is tried too.
    odd = True

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        """The files that may be damaged, by path from the world's folder, and the kind of each."""
        raise NotImplementedError

    def make(self, rng: Random, keep: Callable[[int], bool] = lambda _: True) -> Input:
        """A damaged input. ``keep`` says by number which of the mutations are made: a failure is made smaller
        with it.
        """
        chosen, given = (
            rng.sample(self.files, rng.choice([1, 1, 1, 1, 2]) if len(self.files) > 1 else 1),
            Input(),
        )
        seeds = [
            (name, kind, rng.randrange(2**32))
            for name, kind in chosen
            for _ in range(rng.choice([1, 1, 1, 2, 3, 5]))
        ]
        odd = self.odd and rng.random() < 0.01
        for number, (name, kind, seed) in enumerate(seeds):
            if keep(number):
                if odd:
                    given.odd[name] = Random(seed).choice(ODD_FILES)
                else:
                    data = given.files.get(name, self._sound[name])
                    # What doubles with every mutation stops at half a megabyte.
                    given.files[name] = data if len(data) > 500_000 else mutate(Random(seed), kind, data)
        self.finish(rng, given)
        return given

    @cached_property
    def _sound(self) -> dict[str, bytes]:
        return {name: (self.world.folder / name).read_bytes() for name, _ in self.files}

    def finish(self, rng: Random, given: Input) -> None:
        """What has to follow from the damage so that a check gets past the first gate."""

    def check(self, given: Input) -> list[Problem] | None:
        """The check itself, with the files in place."""
        raise NotImplementedError

    @property
    def folders(self) -> dict[str, tuple[str, ...]]:
        """What the check may read and write, beside the interpreter's own files."""
        return {"readable": (str(self.world.folder),), "writable": (), "denied": (str(self.world.outside),)}

    def under(self, folder: Path, pattern: str) -> list[str]:
        return sorted(
            p.relative_to(self.world.folder).as_posix() for p in folder.rglob(pattern) if p.is_file()
        )


class Transcripts(Target):
    """A file of transcribed passages."""

    name, share, light, odd = "transcript", 32, 45, False

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [(n, "text") for n in self.under(self.world.passages, "*.txt")]

    def check(self, given: Input) -> None:
        for name, data in given.files.items():
            transcript = parse_transcript("x", data.decode("utf-8", "replace"), name)
            for place in (*transcript.passages, *TOKENS[:9]):
                transcript.passage(place)


class Texts(Target):
    """A file of a public archive, made into plain text."""

    name, share, light, odd = "text", 8, 10, False
    # Doubled until they are large: what nests, what does not end, what is looked for in vain.
    PILES = (
        "<div>", "<p><b>", "<a b=c ", "<!--", "<![CDATA[", "&", "<table><tr><td>", "<li>", "<ol>", "<item>",
        "<x>", "[", "![](", "[[a]", "[a](<b ", "*", "**a ", "*_", "`", "> ", "- ", "1. ", "#", "---\n", "&a;",
        "- [", "? ", "a: ", "\u0301", "\u200b", "\\",
    )  # fmt: skip

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [(n, "text") for n in self.under(self.world.pages, "*")]

    def finish(self, rng: Random, given: Input) -> None:
        for name, data in given.files.items():
            if rng.random() < 0.4:
                at, pile = rng.randrange(len(data) + 1), rng.choice(self.PILES).encode()
                data = data[:at] + pile * rng.choice([2, 50, 500, 5_000, 50_000]) + data[at:]
            # Bytes that are no UTF-8 are refused at once: the rest is to be read as well.
            given.files[name] = data if rng.random() < 0.05 else data.decode("utf-8", "replace").encode()

    def check(self, given: Input) -> list[Problem]:
        problems = []
        for name, data in given.files.items():
            try:
                text = plain_text(data, name, ADDRESS)
            except NotText as why:
                problems.append(Problem(name, 0, "archive_path", str(why), "name another file", "held-text"))
                continue
            lines = text.encode("utf-8").decode("utf-8").removesuffix("\n").split("\n")
            if not all(line and line == " ".join(line.split()) for line in lines):
                raise AssertionError(f"not in order: {text[:200]!r}")
        return problems


class Schemas(Target):
    """The table schemas, and what is derived from one that is accepted."""

    name, share, light = "schema", 20, 3

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [
            (n, "json")
            for n in self.under(self.world.schemas, "*.json")
            if "/seeds/" not in n and "package.json" not in n
        ]

    def check(self, given: Input) -> None:
        tables = load_tables(self.world.schemas)
        for name in {Path(n).stem for n in (*given.files, *given.odd)} & set(tables):
            table = tables[name]
            row = {f.name: parse(f, f.example)[0] for f in table.fields}
            constraint_violations(table.fields, frame_of(table.fields, [row]), key=table.primary_key)
            arrow_schema(table, {"tableschema": json.dumps(table.declaration, ensure_ascii=False)})
            to_json(table_schema(table))


class Metadata(Target):
    """``schemas/package.json`` and what is written from it."""

    name, share, light = "package", 20, 40

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [("schemas/package.json", "json")]

    def check(self, given: Input) -> None:
        package = load_package(self.world.schemas)
        citation_cff(package)
        to_json(package)


class SeedFiles(Target):
    """Lists, coding sheets, rulings and the lock, read."""

    name, share, light = "seeds", 16, 2

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [(n, "csv") for n in self.under(self.world.repo / "seeds", "*.csv") if "/recoding/" not in n]

    def check(self, given: Input) -> None:
        read_seeds(self._tables, self.world.repo / "seeds")

    @cached_property
    def _tables(self):
        return load_tables()


class Builds(Target):
    """The whole build from damaged seeds, texts and passages."""

    name, share, light = "build", 1, 0.3

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        texts = [(n, "text") for f in (self.world.texts, self.world.passages) for n in self.under(f, "*.txt")]
        return [(n, "csv") for n in self.under(self.world.repo / "seeds", "*.csv")] + texts

    def check(self, given: Input) -> None:
        build(
            seeds_folder=self.world.repo / "seeds", sources=(self.world.texts,), passages=self.world.passages
        )


class Descriptors(Target):
    """A package with a damaged descriptor."""

    name, share, light = "descriptor", 4, 0.6

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [("package/datapackage.json", "json")]

    def check(self, given: Input) -> list[Problem]:
        return check_package(self.world.package)


class _DataFiles(Descriptors):
    """A package with damaged data; in half of the inputs the descriptor has the size and hash of the damaged
    file.
    """

    pattern = ""

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [(n, self.pattern) for n in self.under(self.world.package / "data", f"*.{self.pattern}")]

    def finish(self, rng: Random, given: Input) -> None:
        if rng.random() < 0.3:
            return
        whole = json.loads((self.world.package / "datapackage.json").read_bytes())
        for name, data in given.files.items():
            for r in whole["resources"]:
                holder = r if self.pattern == "csv" else r["techpacts:parquet"]
                if r["name"] == Path(name).stem:
                    holder |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
                    if self.pattern == "csv":
                        r["techpacts:rows"] = max(0, data.count(b"\n") - 1)
        given.files["package/datapackage.json"] = json.dumps(whole).encode()


class Data(_DataFiles):
    """CSV files of a package."""

    name, share, light, pattern = "csv", 3, 0.6, "csv"


class Columns(_DataFiles):
    """Parquet files of a package."""

    name, share, light, pattern = "parquet", 3, 0.6, "parquet"


class Versions(Descriptors):
    """Two versions compared, one of them damaged; revisions are left out, since they start git."""

    name, share, light = "diff", 4, 0.6

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [
            *[("package/datapackage.json", "json")] * 10,
            *((n, "csv") for n in self.under(self.world.package / "data", "*.csv")),
        ]

    def check(self, given: Input) -> list[Problem]:
        sides = (
            self.world.zip if self.world.zip.name in given.files else self.world.package,
            self.world.earlier,
        )
        for old, new in (sides, sides[::-1]):
            versions = read_version(str(old)), read_version(str(new))
            found = changes(*versions)
            change_file(found)
            changelog(*versions, found).encode("utf-8")
        return []


class Archives(Versions):
    """The same with a damaged zip."""

    name, share, light, odd = "zip", 1, 0.2, False

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [(self.world.zip.name, "parquet")]


class Ledgers(Descriptors):
    """The lists of what was released; in seven of ten inputs the list of versions has the hash of the damaged
    list of ids.
    """

    name, share, light = "ledger", 3, 0.6

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return [(f"released/{name}", "csv") for name in (LEDGER, IDS)]

    def finish(self, rng: Random, given: Input) -> None:
        ids, sound = f"released/{IDS}", self._sound[f"released/{LEDGER}"]
        if rng.random() < 0.7 and ids in given.files:
            given.files[f"released/{LEDGER}"] = sound.replace(
                sha256(self._sound[ids]).encode(), sha256(given.files[ids]).encode()
            )

    def check(self, given: Input) -> list[Problem]:
        recorded(self.world.released)
        return unreleasable(self.world.released)


class Commands(Target):
    """Command lines with odd words."""

    name, share, light = "command", 1, 0.2
    # Of these only the first kind changes files; all of them work in the world's own folder.
    COMMANDS = (
        "build",
        "validate",
        "validate",
        "validate",
        "explain",
        "cite",
        "cite",
        "diff",
        "diff",
        "coverage",
        "locate",
        "lock",
        "as-of",
        "--help",
        "nonsense",
        "",
    )

    @cached_property
    def files(self) -> list[tuple[str, str]]:
        return []

    def make(self, rng: Random, keep: Callable[[int], bool] = lambda _: True) -> Input:
        w = self.world
        places = [
            str(w.package),
            str(w.repo),
            str(w.repo / "seeds"),
            str(w.folder / "none"),
            str(w.package / "datapackage.json"),
            str(w.schemas),
            "",
            ".",
            "\0",
            "\ud800",
            "a" * 300,
            "--",
            "-",
        ]
        words = [rng.choice(self.COMMANDS)]
        # Folders that the world does not hold are the caller's own wish and are left out.
        pool = [
            *places,
            *(t for t in TOKENS if not t.startswith(("/", "../")) and len(t) < 100),
            "--json",
            "--sources",
            "--passages",
            "--out",
            "funding",
            "pact-money",
            "agreements",
            "mini-news-2025-03-05",
            "2025-03-04",
            "2025-02-30",
            "9999-12-31",
            "0001-01-01",
            "양자",
            "--help",
        ]
        if words[0] == "as-of":
            words += [
                rng.choice(["2025-03-04", "0001-01-01", "9999-12-31", rng.choice(TOKENS)]),
                "--out",
                rng.choice([str(w.folder / "out"), *places]),
            ]
        elif words[0] in {"explain", "cite"}:
            words += [
                rng.choice(["funding", "agreements", "provisions", rng.choice(pool)]),
                rng.choice(["pact-money", "pact-study", rng.choice(pool)]),
            ]
            words += (
                ["--format", rng.choice(["text", "bibtex", "ris", "csl", rng.choice(pool)])]
                if words[0] == "cite" and rng.random() < 0.5
                else []
            )
        elif words[0] == "diff":
            # Only what is there, or cannot be a revision: any other word would start git.
            return Input(
                words=(
                    "diff",
                    *(
                        rng.choice(
                            [
                                *map(
                                    str,
                                    (
                                        w.package,
                                        w.repo,
                                        w.earlier,
                                        w.zip,
                                        w.schemas,
                                        w.package / "datapackage.json",
                                    ),
                                ),
                                "\0",
                                "\ud800",
                                "--help",
                            ]
                        )
                        for _ in range(2)
                    ),
                    *rng.choice(
                        [
                            (),
                            ("--csv", str(w.folder / "changes.csv")),
                            ("--csv", str(w.folder / "none/x")),
                            ("--csv", "\0"),
                        ]
                    ),
                )
            )
        elif words[0] == "locate":
            words += [rng.choice(["mini-news-2025-03-05", rng.choice(pool)]), rng.choice(pool)]
        words += rng.sample(pool, rng.choice([0, 0, 0, 1, 2]))
        return Input(words=tuple(words))

    @property
    def folders(self) -> dict[str, tuple[str, ...]]:
        return {**super().folders, "writable": (str(self.world.folder),)}

    def check(self, given: Input) -> list[Problem]:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main(given.words)
            except SystemExit as ended:
                code = ended.code
        out.flush(), err.flush()
        printed = (out.buffer.getvalue() + err.buffer.getvalue()).decode("utf-8").strip()
        if code not in (0, 1, 2, None) or (code and not printed) or "Traceback" in printed:
            raise AssertionError(f"exit code {code}, {printed[:200]!r}")
        if code == 2:
            raise CannotRun(printed)
        return [Problem("command", 0, "", printed, "see there", "command")] if code else []


TARGETS: tuple[type[Target], ...] = (
    Transcripts,
    Texts,
    Schemas,
    Metadata,
    SeedFiles,
    Builds,
    Descriptors,
    Data,
    Columns,
    Versions,
    Archives,
    Ledgers,
    Commands,
)
