"""Mutations: small damage to JSON, CSV, text and bytes, drawn from a seeded generator.

Each function takes the generator and an input and gives a damaged copy. The same generator state gives the
same damage, so that an input can be made again from its number.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

# What stands where something else is expected: each JSON type, sizes at the edge, names that lead elsewhere.
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**30, 1e308, -0.0, 0.5, float("nan"),
    float("inf"), "", " ", "\n",
    "\0", "a\0b", "\ud800", "\udfff\ud800", "﷽" * 50, "é", "\u202eabc", "\ufeff", "\x1b[31mred", "x" * 5_000,
    "null", "../x", "/etc/passwd",
    "..", ".", "../../outside/secret.csv", "data/../../outside/secret.csv", "C:\\x.csv", "\\\\host\\share",
    "file:///etc/passwd",
    "https://example.org/x.csv", "http://127.0.0.1:9/x", "data\\funding.csv", "data/funding.csv/",
    "data//funding.csv", "data", "~", "$HOME", "-", "%2e%2e/x",
    "(a+)+$", "[", "(?<=a)b", "\\d+", "(" * 300 + ")" * 300, "a{1000}{1000}", "(?:a|b)*", "[z-a]", "=1+1",
    "{}", "{0.__class__}", "%s", "2026-02-30", "9999999-01-01",
    [], {}, [None], [[]], [{}], {"": None}, {"a": {"a": {}}}, ["a", "a"], [1, 2], b"bytes".decode(),
    {"name": 1}, [0.1, "x", None, {}],
)  # fmt: skip
# Pieces of text that a CSV or a transcript is damaged with.
TOKENS: tuple[str, ...] = (
    ",", '"', '""', "\n", "\r\n", "\r", "\0", "\t", ";", "|", "\ufeff", "\u200b", "\u00a0", "\u2028",
    "\ud7ff", "a\u0301", "\u1112\u1161\u11ab", "=1", "-", "+", "@", "@ ", "@ para 1\n", "'", "\\", "NaN",
    "inf", "-0", "1e5", "1e999",
    "9" * 30, "9" * 5_000, "٣", "½", "true", "TRUE", "null", "NULL", "../x", "/etc/passwd", "2025-02-30",
    "0000-00-00", "99999-01-01", "2025-13", "1-2;1-2", "5-1", "0-0", "0-999999", "-1-2", "x" * 3_000,
    "한국", "\x1b[2J", "\u202e", "💥", " ", "  ", "#", "//", "Z" * 300, "a,b,c", "\n\n\n", ",,,,,,,,",
)  # fmt: skip
Path = tuple[Any, ...]


def _nodes(tree: Any, at: Path = ()) -> list[Path]:
    found = [at]
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += _nodes(value, (*at, key))
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            found += _nodes(value, (*at, i))
    return found


def _get(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def json_tree(rng: Random, tree: Any) -> Any:
    """A copy of ``tree`` with one node replaced, taken out, doubled, renamed, wrapped, moved, added or nested
    deep.
    """
    tree = copy.deepcopy(tree)
    paths = _nodes(tree)
    # Nodes near the root are few and matter most.
    depth = rng.choice([1, 2, 2, 3, 4, 5, 9])
    path = rng.choice([p for p in paths if len(p) <= depth] or paths)
    if not path:
        return rng.choice([*NASTY, [tree], {"resources": tree}])
    parent, last = _get(tree, path[:-1]), path[-1]
    match rng.randrange(9):
        case 0 | 1 | 2:
            parent[last] = copy.deepcopy(rng.choice(NASTY))
        case 3:
            del parent[last]
        case 4 if isinstance(parent, list):
            parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(parent[last]))
        case 4 | 5 if isinstance(parent, dict):
            value = parent.pop(last)
            parent[
                rng.choice(
                    [
                        str(last).upper(),
                        f"{last} ",
                        "techpacts:x",
                        "",
                        "\ud800",
                        "__proto__",
                        "x" * 200,
                        f"{last}s",
                    ]
                )
            ] = value
        case 6:
            parent[last] = rng.choice(
                [
                    lambda v: [v],
                    lambda v: {"value": v},
                    lambda v: str(v),
                    lambda v: [v] * 50,
                    lambda v: json.dumps(v),
                ]
            )(parent[last])
        case 7:
            parent[last] = copy.deepcopy(_get(tree, rng.choice(paths)))
        case _:
            value: Any = "deep"
            for _ in range(rng.choice([3, 50, 400])):
                value = [value] if rng.random() < 0.5 else {"a": value}
            parent[last] = value
    return tree


def json_text(rng: Random, text: str) -> str:
    """Damage that only the text of a JSON file can have: names given twice, odd literals, cuts, deep
    nesting.
    """
    spots = [i for i, c in enumerate(text) if c in '{[:,"'] or [0]
    at = rng.choice(spots)
    match rng.randrange(8):
        case 0:
            return text.replace("{", '{"name": 1, "name": 2, ', 1)
        case 1:
            return (
                text[:at]
                + rng.choice(
                    [
                        "NaN",
                        "-Infinity",
                        "1e999",
                        "0x10",
                        "01",
                        "9" * 5_000,
                        "'a'",
                        "// c",
                        "\\ud800",
                        '"\\ud800"',
                        "\ufeff",
                        "\t",
                        "}",
                        "]",
                    ]
                )
                + text[at + 1 :]
            )
        case 2:
            return text[:at]
        case 3:
            return "[" * rng.choice([500, 100_000]) + text
        case 4:
            return text + rng.choice(["{}", "x", "\0", "\n" * 100])
        case 5:
            return '{"a":' * rng.choice([300, 50_000]) + text
        case 6:
            return rng.choice(["", "null", "[]", "0", '""', "true", "\ufeff" + text])
    return text[:at] + text[at + rng.randrange(1, 60) :]


def csv_text(rng: Random, text: str) -> str:
    """Damage to cells, rows, header, quotes and line ends of a CSV."""
    lines = text.split("\n")
    row = rng.randrange(len(lines))
    cells = lines[row].split(",")
    at = rng.randrange(len(cells))
    match rng.randrange(14):
        case 0 | 1 | 2:
            cells[at] = rng.choice([*TOKENS, "", cells[at] * 2, cells[at].upper(), cells[at][::-1]])
        case 3:
            other = lines[rng.randrange(len(lines))].split(",")
            cells[at] = rng.choice(other)
        case 4:
            cells.pop(at)
        case 5:
            cells.insert(at, rng.choice(TOKENS))
        case 6:
            lines.insert(row, lines[rng.randrange(len(lines))])
        case 7:
            del lines[row]
            return "\n".join(lines)
        case 8:
            rng.shuffle(lines)
            return "\n".join(lines)
        case 9:
            header = lines[0].split(",")
            header[rng.randrange(len(header))] = rng.choice([*TOKENS, *header, "", "note", "at"])
            lines[0] = ",".join(header)
            return "\n".join(lines)
        case 10:
            lines[0] += "".join(f",c{i}" for i in range(rng.choice([1, 100, 3_000])))
            return "\n".join(lines)
        case 11:
            cells[at] = rng.choice(["한", "x", '"', ","]) * rng.choice([1_000, 99_999, 100_001, 400_000])
        case 12:
            lines = [line + "," * rng.choice([1, 500]) for line in lines]
            return "\n".join(lines)
        case _:
            return text.replace(
                rng.choice([",", "\n", "-", "a", "1"]), rng.choice(TOKENS), rng.randrange(1, 4)
            )
    lines[row] = ",".join(cells)
    return "\n".join(lines)


def plain_text(rng: Random, text: str) -> str:
    """Damage to lines and characters of a text."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            lines[at] = rng.choice(TOKENS) + lines[at]
        case 1:
            lines.insert(at, rng.choice([*lines, *TOKENS]))
        case 2:
            del lines[at]
        case 3:
            rng.shuffle(lines)
        case 4:
            lines[at] = "@ " + rng.choice([*TOKENS, lines[at], "x" * 81, "a; b", "a;b"])
        case _:
            spot = rng.randrange(len(text) + 1)
            return text[:spot] + rng.choice(TOKENS) + text[spot + rng.randrange(9) :]
    return "\n".join(lines)


def some_bytes(rng: Random, data: bytes) -> bytes:
    """Bits turned, bytes put in, taken out, cut off or repeated; near the end as often as anywhere (Parquet's
    footer).
    """
    size = len(data)
    if not size:
        return rng.randbytes(rng.randrange(1, 50))
    at = rng.randrange(size) if rng.random() < 0.5 else max(0, size - 1 - rng.randrange(min(size, 4_000)))
    match rng.randrange(8):
        case 0 | 1:
            return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        case 2:
            return data[:at] + rng.randbytes(rng.randrange(1, 9)) + data[at:]
        case 3:
            return data[:at] + data[at + rng.randrange(1, 9) :]
        case 4:
            return data[:at]
        case 5:
            return (
                data[:at]
                + rng.choice([b"\xff" * 4, b"\0" * 8, b"\xff\xff\xff\x7f", b"\x80" * 10, b"PAR1"])
                + data[at + 4 :]
            )
        case 6:
            end = min(size, at + rng.randrange(1, 200))
            return data[:end] + data[at:]
    return data[: at // 2] + bytes(rng.sample(range(256), 16)) + data[at // 2 + 16 :]


def noise(rng: Random) -> bytes:
    """Bytes of no kind at all, or letters that could be some kind."""
    if rng.random() < 0.5:
        return rng.randbytes(rng.choice([0, 1, 7, 300, 5_000]))
    return "".join(
        rng.choice('{}[]",:\n@ ;-|0123456789abcX한é\\') for _ in range(rng.choice([1, 20, 400]))
    ).encode()


def _as_json(change: Callable[[Random, Any], Any]) -> Callable[[Random, bytes], bytes]:
    def run(rng: Random, data: bytes) -> bytes:
        try:
            tree = json.loads(data)
        except (ValueError, RecursionError):
            return some_bytes(rng, data)
        return json.dumps(
            change(rng, tree), ensure_ascii=rng.random() < 0.9 or b"\\ud" in data, indent=None
        ).encode("utf-8", "surrogatepass")

    return run


def _as_text(change: Callable[[Random, str], str]) -> Callable[[Random, bytes], bytes]:
    def run(rng: Random, data: bytes) -> bytes:
        return change(rng, data.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape" if change is not json_text else "surrogatepass"
        )

    return run


def _noise(rng: Random, _: bytes) -> bytes:
    return noise(rng)


# Mutations of the bytes of a file by its kind, the frequent ones several times.
KINDS: dict[str, tuple[Callable[[Random, bytes], bytes], ...]] = {
    "json": (*[_as_json(json_tree)] * 12, *[_as_text(json_text)] * 3, some_bytes, _noise),
    "csv": (*[_as_text(csv_text)] * 12, some_bytes, some_bytes, _noise),
    "text": (*[_as_text(plain_text)] * 10, some_bytes, _noise),
    "parquet": (*[some_bytes] * 20, _noise),
}


def mutate(rng: Random, kind: str, data: bytes) -> bytes:
    """One mutation of the bytes of a file of ``kind``."""
    return rng.choice(KINDS[kind])(rng, data)
