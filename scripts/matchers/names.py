"""Names of listed entities in prose: the longest name wins, so that a country inside a body's name is not
counted.

Reads names as they are listed, in any case of letters and with any white space. Latin names stand between
non-letters. Hangul names start a word and end it or are followed by a particle, as Korean joins particles to
nouns: 한국은, 한국과, but not 한국형. Does not read names that are not listed, inflected or misspelled
forms, pronouns and descriptions (the ministry), or a short Latin name in other case than its own (us, Who).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from scripts.matchers.forms import Form
from scripts.matchers.normal import normal

_HANGUL = "가-힣"
# Particles and bound nouns that may follow a name without a space; a second one may follow the first (과는,
# 에서도).
PARTICLES = (
    Form("subject and topic", "한국은", "은|는|이|가|께서"),
    Form("object", "한국을", "을|를"),
    Form("and, and others", "한국과", "과|와|하고|및|등|나|이나"),
    Form("of", "한국의", "의"),
    Form("at, to, from", "한국으로부터", "에|에서|에게|에게서|로|으로|부터|로부터|으로부터|까지"),
    Form("as, by means of", "한국으로서", "로서|으로서|로써|으로써"),
    Form("called, quoted", "한국이라는", "라고|이라고|라는|이라는|이라|란|이란"),
    Form("is and, is", "한국이며", "이며|이자|인"),
    Form("also, only, even", "한국도", "도|만|마다|조차|밖에|처럼|만큼|보다|야"),
    Form("side, inside, among", "한국측", "측|쪽|내|간|들"),
    Form("made in, led by, authorities of", "한국산", "산|주재|주도|당국"),
)
_SECOND = "(?:는|도|만|의|이|은|과|에)?"
# 장: the head of a body, named by it (국가안보실장).
_PARTICLE = "|".join(form.pattern for form in PARTICLES)
_AFTER_HANGUL = rf"(?=장?(?:{_PARTICLE})?{_SECOND}(?![{_HANGUL}]))"

# What may be before a name depends on its first letter, what may be after it on its last.
_BEFORE = re.compile(rf"(?:(?<![{_HANGUL}])(?=[{_HANGUL}])|(?<![A-Za-z0-9])(?=[^{_HANGUL}]))")
_AFTER = re.compile(rf"(?:(?<=[{_HANGUL}]){_AFTER_HANGUL}|(?<=[^{_HANGUL}])(?:'?s)?(?![A-Za-z0-9]))")


@cache
def _anycase(pattern: str) -> re.Pattern[str]:
    """Compile once: the cache of ``re`` is too small for all names."""
    return re.compile(pattern, re.IGNORECASE)


class Entity(NamedTuple):
    """A row of a vocabulary: ``kind`` is country, place, organization, person or domain."""

    kind: str
    id: str


class Names:
    """All names of all entities, prepared once; ``and_also`` adds those of one source.

    Names of technology domains are looked for by themselves, in any case of letters, inside compounds and
    inside other names too (AI반도체 is of two domains); of all other names the longest wins.

    Args:
        names: each name as written, with its entities; it may be that of several (``한미``: both countries).
        base: names that these are added to.
    """

    def __init__(self, names: dict[str, set[Entity]], base: Names | None = None) -> None:
        self._proper: dict[str, set[Entity]] = dict(base._proper) if base else {}
        self._domain: dict[str, set[Entity]] = dict(base._domain) if base else {}
        self._spelled: dict[str, set[str]] = dict(base._spelled) if base else {}
        self._found: dict[tuple[str, bool], list[tuple[str, frozenset[Entity]]]] = {}
        for name, entities in names.items():
            key = self._key(name)
            for entity in entities:
                kind = self._domain if entity.kind == "domain" else self._proper
                kind[key] = kind.get(key, set()) | {entity}
            self._spelled[key] = self._spelled.get(key, set()) | {normal(name)}

    def and_also(self, names: dict[str, set[Entity]]) -> Names:
        """Return these names and some more."""
        return Names(names, self) if names else self

    @staticmethod
    def _key(name: str) -> str:
        return re.sub(r"\s+", " ", normal(name)).casefold()

    @staticmethod
    def _body(name: str) -> str:
        return " ".join(re.escape(part) for part in name.split(" "))

    def _loose(self, name: str) -> str:
        latin = re.match(r"[a-z0-9]", name) is not None
        body = self._body(name)
        return rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])" if latin else body

    def find(self, text: str, *, nested: bool = True) -> list[tuple[str, frozenset[Entity]]]:
        """Return the names in ``text``, each as printed with the entities that it can mean.

        With ``nested``, also a domain's name inside a longer one (energy in nuclear energy).
        """
        if (text, nested) not in self._found:
            self._found[text, nested] = self._find(normal(text), nested)
        return self._found[text, nested]

    def _find(self, text: str, nested: bool) -> list[tuple[str, frozenset[Entity]]]:
        # Of thousands of names few occur in a passage.
        folded = text.casefold()
        found = []
        for start, end in self._longest(text, [n for n in self._proper if n in folded]):
            printed, key = text[start:end], self._key(text[start:end])
            if key not in self._proper:
                key = re.sub(r"'?s$", "", key)
            # A short Latin name in letters not its own is a word and not the name (us, Who); capitals will do
            # (CHO).
            bare = printed[: len(key)]
            if (
                not (len(key) <= 4 and key.isascii() and key.isalpha())
                or bare in self._spelled[key]
                or bare.isupper()
            ):
                found.append((printed, frozenset(self._proper.get(key, set()))))
        listed = [(self._loose(n), frozenset(self._domain[n])) for n in sorted(self._domain) if n in folded]
        terms = [
            (m.span(), m[0], entities) for term, entities in listed for m in _anycase(term).finditer(text)
        ]
        for (start, end), printed, entities in terms:
            if nested or not any(
                a <= start and end <= b and (a, b) != (start, end) for (a, b), _, _ in terms
            ):
                found.append((printed, entities))
        return found

    @staticmethod
    def _longest(text: str, names: list[str]) -> list[tuple[int, int]]:
        """Where the names stand as names, from left to right, the longest at each place and none inside
        another.
        """
        best: dict[int, tuple[int, int]] = {}
        for name in names:
            for match in _anycase(Names._body(name)).finditer(text):
                start, after = match.start(), _AFTER.match(text, match.end())
                if after and _BEFORE.match(text, start) and (start not in best or len(name) > best[start][0]):
                    best[start] = (len(name), after.end())
        taken, result = 0, []
        for start in sorted(best):
            if start >= taken:
                taken = best[start][1]
                result.append((start, taken))
        return result

    def entities(self, text: str) -> set[Entity]:
        """Return every entity that some name in ``text`` can mean."""
        return {e for _, entities in self.find(text) for e in entities}
