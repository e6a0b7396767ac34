"""Parse the command line, run the command, and turn every foreseeable error into a message and an exit code.

0: fine. 1: bad data. 2: could not run.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import io
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import scripts.commands
from scripts.commands.report import report
from scripts.model.problems import BadData, CannotRun, Gone, one_line


class Parser(argparse.ArgumentParser):
    """Parser of a command, which imports the module of the command only when that command is asked for.

    So no command loads what another one needs. ``given``: what the arguments hold from the start.
    """

    module = ""
    given: Mapping[str, Any] = {}

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Add the arguments of the command, then parse them."""
        if self.module:
            module = importlib.import_module(self.module)
            if hasattr(module, "__path__"):
                add_commands(self, module.__path__, self.module, "TARGET")
            else:
                module.register(self)
                self.set_defaults(run=module.run, **self.given)
        return super().parse_known_args(args, namespace)


class Command(NamedTuple):
    """A command or a target of one: its name, its help text, its module, and what its arguments hold."""

    name: str
    text: str
    module: str
    given: Mapping[str, Any] = {}


def commands_in(folders: Sequence[str], package: str) -> Iterator[Command]:
    """Yield the commands of a package: modules with a function ``run``, and packages of targets.

    None is imported for that, save a module with a function ``targets``: it gives several.
    """
    for found in pkgutil.iter_modules(folders):
        module = f"{package}.{found.name}"
        spec = importlib.util.find_spec(module)
        assert spec is not None and spec.origin is not None
        tree = ast.parse(Path(spec.origin).read_bytes())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if "targets" in functions:
            for name, text, given in importlib.import_module(module).targets():
                yield Command(name, text, module, given)
        elif found.ispkg or "run" in functions:
            yield Command(found.name.replace("_", "-"), ast.get_docstring(tree) or "", module)


def add_commands(parser: Parser, folders: Sequence[str], package: str, metavar: str) -> None:
    """Add the commands of a package, which lies in the folders."""
    commands = parser.add_subparsers(dest=metavar.lower(), required=True, metavar=metavar)
    for found in commands_in(folders, package):
        first = found.text.partition("\n")[0].removesuffix(".")
        help_line = first[:1].lower() + first[1:]
        command = commands.add_parser(found.name, help=help_line, description=found.text)
        command.module, command.given = found.module, found.given


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Korean letters gets their numbers.
            stream.reconfigure(errors="backslashreplace")
    parser = Parser(prog="python -m scripts", description="Build and check the techpacts dataset.")
    add_commands(parser, scripts.commands.__path__, scripts.commands.__name__, "COMMAND")
    args = argparse.Namespace()
    try:
        parser.parse_args(argv, args)
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except BadData as bad:
        return report(bad.problems, getattr(args, "json", False))
    except Gone as gone:
        print(gone, file=sys.stderr)
        return 1
    except CannotRun as error:
        why = str(error)
    except ModuleNotFoundError as error:
        if (error.name or "scripts").split(".")[0] == "scripts":
            raise
        why = f"{error.name} is not installed; make env installs what the commands need"
    except BrokenPipeError:
        # Whoever read the output has enough of it.
        sys.stderr.close()
        return 2
    except KeyboardInterrupt:
        why = "stopped"
    except OSError as error:
        why = f"{error.filename or 'output'}: {error.strerror or error}"
    except MemoryError:
        why = "out of memory"
    print(one_line(why), file=sys.stderr)
    return 2
