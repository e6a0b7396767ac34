"""Find characters that look like others: compatibility forms (NFKC) and the confusables of Unicode (UTS 39).

What is allowed, by a rule: a compatibility character is refused where its plain form has a letter or a digit,
unless it is an exponent, an index or a fraction (², ₂, ½), a sign of its own (``SIGNS``) or a letter of a
living alphabet (``LETTERS``, and the lone Korean letters, ㄱ). A word is written in one script; Latin or
Greek letters may stand beside those of Korean, Chinese and Japanese (AI반도체, γ선), which may be mixed. A
letter above U+017F that looks like an ASCII one is refused in a Latin word, and so are whole words of another
script of which every letter looks like a Latin one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from scripts.model.problems import Flaw, brief

# Signs that people write, though Unicode has a plain form for them; ㈜ and ㈔ are of Korean companies and
# associations.
SIGNS = "ªºµ™℠№℃℉㈜㈔"
# Thai, Lao and Armenian letters that Unicode takes apart.
LETTERS = "ำຳໜໝև"
EAST_ASIAN = frozenset({"HAN", "HANGUL", "HIRAGANA", "KATAKANA", "BOPOMOFO"})
# Scripts of characters that many scripts share.
SHARED = frozenset({"COMMON", "INHERITED"})
# Everybody can distinguish the letters of European languages up to here: æ, ı, œ.
LAST_EUROPEAN = "\u017f"
WORD = re.compile(r"[\w\u0300-\u036f]+")


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """Return the characters that look alike, by the one (or the few, like rn) that represents them."""
    from confusable_homoglyphs.confusables import confusables_data  # type: ignore[import-untyped]

    # Right-to-left characters come wrapped in marks of direction.
    near = {
        c.strip("\u200e"): [e["c"].strip("\u200e") for e in others] for c, others in confusables_data.items()
    }

    def represents(c: str) -> bool:
        # Each class is a star around one; of a pair it is the longer, or the first.
        other, *more = near[c]
        return bool(more) or (len(near[other]) == 1 and (-len(c), c) < (-len(other), other))

    return {c: tuple(others) for c, others in near.items() if represents(c)}


@cache
def prototypes() -> dict[str, str]:
    """Return what represents each character that looks like another."""
    return {c: prototype for prototype, others in _classes().items() for c in others if len(c) == 1}


@lru_cache(maxsize=10_000)
def script(character: str) -> str:
    """Return the script of a character as Unicode names it, in capitals."""
    from confusable_homoglyphs.categories import alias  # type: ignore[import-untyped]

    return "LATIN" if character.isascii() and character.isalpha() else alias(character)


@lru_cache(maxsize=10_000)
def plain(character: str) -> str:
    """Return what to write for a character: its plain form, or itself where it may stay."""
    form = unicodedata.normalize("NFKC", character)
    if (
        form == character
        or not any(map(str.isalnum, form))
        or character in SIGNS + LETTERS
        or "ㄱ" <= character <= "ㆎ"
    ):
        return character
    small = unicodedata.decomposition(character).startswith(("<super>", "<sub>", "<fraction>"))
    return character if small and unicodedata.category(character) == "No" else form


@lru_cache(maxsize=10_000)
def latin_twin(character: str) -> str | None:
    """Return the ASCII letters or digits that a character looks like, or None."""
    twin = prototypes().get(character, "")
    known = (
        character <= LAST_EUROPEAN
        or not twin.isascii()
        or not twin.isalnum()
        or script(character) in EAST_ASIAN
    )
    return None if known else twin


def _counterpart(character: str, wanted: str) -> str | None:
    """Return what looks like a character in the script ``wanted``, or None."""
    if script(character) in SHARED | EAST_ASIAN | {wanted}:
        return character
    prototype = prototypes().get(character, character)
    alike = [
        c
        for c in (prototype, *_classes().get(prototype, ()))
        if len(c) == 1 and plain(c) == c and (wanted != "LATIN" or c <= LAST_EUROPEAN)
    ]
    return next((c for allowed in (wanted, "COMMON") for c in alike if script(c) == allowed), None)


def _in_one_script(word: str, scripts: set[str]) -> str:
    """Return how to write a word of two scripts: in that of most of its letters, if each other letter has a
    look-alike there.
    """
    count = Counter(s for c in word if (s := script(c)) in scripts - EAST_ASIAN)
    wanted = "LATIN" if scripts & EAST_ASIAN else max(count, key=lambda s: (count[s], s == "LATIN"))
    written = [_counterpart(c, wanted) for c in word]
    if None in written:
        return "write each word in the letters of one script"
    return f"write {brief(''.join(map(str, written)))} in {wanted.capitalize()} letters only"


def _words(text: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the words with anything but ASCII in them, and the scripts of their letters."""
    for word in WORD.findall(text):
        if not word.isascii():
            yield word, {script(c) for c in word} - SHARED


def fault(text: str) -> Flaw | None:
    """Return which word of a text looks like another, and how to write it; None where none does.

    The text is in Unicode normal form C.
    """
    for token in text.split():
        if (written := "".join(map(plain, token))) != token:
            first = next(c for c in token if plain(c) != c)
            return Flaw(
                f"{brief(token)} has a compatibility form of other characters (U+{ord(first):04X})",
                "write " + brief(written),
            )
    words = list(_words(text))
    for word, scripts in words:
        others = scripts - EAST_ASIAN
        if len(others) > 1 or (others != scripts and not others <= {"LATIN", "GREEK"}):
            names = " and ".join(s.capitalize() for s in sorted(others if len(others) > 1 else scripts))
            return Flaw(f"{brief(word)} mixes {names} letters", _in_one_script(word, scripts))
        if others == {"LATIN"} or (not others and any(map(str.isascii, word))):
            written = "".join(latin_twin(c) or c for c in word)
            if written != word:
                first = next(c for c in word if latin_twin(c))
                return Flaw(
                    f"{brief(word)} has a character that only looks like a plain one (U+{ord(first):04X})",
                    "write " + brief(written),
                )
    return _whole_words(text, words)


def _whole_words(text: str, words: list[tuple[str, set[str]]]) -> Flaw | None:
    """Return a word of look-alikes only, in a text with other letters and none that would show the script."""
    scripts = {s for _, found in words for s in found} - EAST_ASIAN - {"LATIN"}
    for name in sorted(scripts):
        of_script = [w for w, found in words if name in found]
        letters = [c for w in of_script for c in w if script(c) == name]
        elsewhere = any(c.isalpha() and script(c) != name for c in text)
        # A lone Greek letter is a symbol.
        if (
            elsewhere
            and all(map(latin_twin, letters))
            and not (name == "GREEK" and len(letters) == len(of_script))
        ):
            written = "".join(latin_twin(c) or c for c in of_script[0])
            return Flaw(
                f"{brief(of_script[0])} is in {name.capitalize()} letters that all look like Latin ones",
                f"write {brief(written)} in Latin letters",
            )
    return None
