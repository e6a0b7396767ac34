"""Where mutants are tried: folders with the sound files, in which a fault is put, checked for and taken out
again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.model.problems import BadData, CannotRun, Problem
from scripts.pipeline.drift import compare_with_seeds
from scripts.store.publish import publish
from scripts.validation.package import check_package
from tests.faults.csvs import Csv
from tests.mini import Mini
from tests.mutants.damage import forge_tables
from tests.mutants.operator import CONTEXTS, Changes, Mutant, Operator, Place, Verdict
from tests.mutants.world import World

# Of so many tables one has faults when many are planted together, so that what a fault does to sound tables
# is seen.
APART = 4


class Stage:
    """The sound package and the sound seeds on disk under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder / "seeds")
        publish(folder / "data", self.world.files)
        self.folders = {c: folder / ("seeds" if c == "seeds" else "data") for c in CONTEXTS}
        self.sound = {c: self.world.seed_files if c == "seeds" else self.world.files for c in CONTEXTS}

    def _put(self, context: str, changes: Changes) -> None:
        for name, content in changes.items():
            path = self.folders[context] / name
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

    def _take_out(self, context: str, changes: Changes) -> None:
        sound = self.sound[context]
        self._put(context, {n: sound.get(n) for n in changes})
        for name in changes:
            parent = (self.folders[context] / name).parent
            if not any(parent.iterdir()):
                parent.rmdir()

    @contextmanager
    def planted(self, context: str, changes: Changes) -> Iterator[Path]:
        """Put a fault into the folder of a context, and take it out again."""
        self._put(context, changes)
        try:
            yield self.folders[context]
        finally:
            self._take_out(context, changes)

    def _problems(self, context: str, locked: bool) -> list[Problem]:
        folder = self.folders[context]
        try:
            if context == "data":
                return check_package(folder)
            if context == "repository":
                return compare_with_seeds(self.world.built, folder)
            Mini(folder).build(against_lock=locked)
            return []
        except BadData as bad:
            return bad.problems

    def found(self, context: str, changes: Changes, *, locked: bool = True) -> Counter[Place]:
        """What is reported where ``changes`` are made. A crash is a report too, of a place that nobody
        expects.
        """
        prefix = f"{self.folders[context]}/"
        with self.planted(context, changes):
            try:
                return Counter(
                    Place(p.file.removeprefix(prefix), p.row, p.column, p.rule)
                    for p in self._problems(context, locked)
                )
            except CannotRun as error:
                return Counter(
                    [Place(str(error).removeprefix(prefix).partition(":")[0], 0, "", "cannot-run")]
                )
            except Exception as error:
                return Counter([Place("", 0, type(error).__name__, "crash")])

    def judge(self, operator: Operator, mutants: Iterable[Mutant]) -> list[Verdict]:
        """Tries ``mutants`` of ``operator``; see ``Mutant.cell`` for those that are tried together."""
        first, *rest = mutants
        verdicts = [self.alone(operator, first)]
        together: dict[int, list[Mutant]] = {}
        for mutant in rest:
            if mutant.cell is None or not mutant.form:
                verdicts.append(self.alone(operator, mutant))
            else:
                together.setdefault(list(self.world.tables).index(mutant.cell[0]) % APART, []).append(mutant)
        for group in together.values():
            verdicts += self.together([(operator, m) for m in group])
        return verdicts

    def alone(self, operator: Operator, mutant: Mutant) -> Verdict:
        """Tries one mutant."""
        return _verdict(operator, mutant, self.found(mutant.context, mutant.damage(), locked=mutant.locked))

    def together(self, mutants: Sequence[tuple[Operator, Mutant]]) -> list[Verdict]:
        """Tries faults in different cells of the package all at once, and each alone if they are not all
        reported at exactly their cells.
        """
        tables: dict[str, Csv] = {}
        expected = Counter[Place]()
        for _, mutant in mutants:
            assert mutant.cell is not None
            table, row, column, text = mutant.cell
            tables[table] = tables.get(table, self.world.tables[table].csv).put(row, column, text)
            expected[mutant.expected[0]._replace(row=row + 2)] += 1
        killed = self.found("data", forge_tables(self.world, tables)) == expected
        return [_verdict(o, m, Counter(m.expected)) if killed else self.alone(o, m) for o, m in mutants]


def _verdict(operator: Operator, mutant: Mutant, found: Counter[Place]) -> Verdict:
    return Verdict(operator.name, mutant.context, mutant.spot, Counter(mutant.expected), found)
