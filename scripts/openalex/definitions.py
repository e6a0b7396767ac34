"""What is counted: the named definitions of an AI work, and the works that are left out."""

from __future__ import annotations

from dataclasses import dataclass

CONCEPT = "https://openalex.org/C154945302"
SUBFIELD = "https://openalex.org/subfields/"
# From which score on a concept was meant when OpenAlex assigned it; lower scores stand for ancestors of
# assigned ones.
THRESHOLD = 0.3
# The API gives no more authorships of a work in a list of works; the snapshot should give all.
AUTHORS_AT_MOST = 100

# What is known of a work, as bits of one number: works of the same kind are then counted together.
XPAC, PARATEXT, RETRACTED = 1, 2, 4
HAS_TOPIC, HAS_CONCEPTS = 8, 16
SUBFIELD_1702, SUBFIELD_1707 = 32, 64
CONCEPT_ANY, CONCEPT_HIGH = 128, 256
# An engine finds the record invalid or unusual; a part that has one is checked record by record.
SUSPECT = 512


@dataclass(frozen=True)
class Definition:
    """A definition of a work that counts.

    A work counts where it has one of the bits ``any_of`` (0: every work); without the bit ``needs`` (0: none
    is needed) that is not known.
    """

    name: str
    any_of: int
    needs: int
    means: str

    def holds(self, bits: int) -> bool:
        """Tell whether a work with these bits counts."""
        return not self.any_of or bool(bits & self.any_of)

    def unknown(self, bits: int) -> bool:
        """Tell whether these bits leave it open."""
        return bool(self.needs) and not bits & self.needs


DEFINITIONS = (
    Definition("all", 0, 0, "every work"),
    Definition(
        "subfield_1702",
        SUBFIELD_1702,
        HAS_TOPIC,
        "the subfield of the primary topic is 1702, Artificial Intelligence",
    ),
    Definition(
        "subfield_1702_or_1707",
        SUBFIELD_1702 | SUBFIELD_1707,
        HAS_TOPIC,
        "the subfield of the primary topic is 1702 or 1707, Computer Vision and Pattern Recognition",
    ),
    Definition(
        "concept_030",
        CONCEPT_HIGH,
        HAS_CONCEPTS,
        "the concept C154945302, Artificial intelligence, has a score of at least 0.3",
    ),
    Definition(
        "concept_any",
        CONCEPT_ANY,
        HAS_CONCEPTS,
        "the concept C154945302, Artificial intelligence, has any score",
    ),
)


@dataclass(frozen=True)
class Contradiction:
    """A way in which fields of a record contradict each other; such a work counts as its authorships say."""

    name: str
    bit: int
    means: str


CONTRADICTIONS = (
    Contradiction(
        "authors_truncated",
        1024,
        f"is_authors_truncated is true, or exactly {AUTHORS_AT_MOST} authors are listed, where the API cuts a"
        " list: countries of further authors are missing",
    ),
    Contradiction("authors_count", 2048, "authors_count is not the number of authorships"),
    Contradiction(
        "countries_distinct_count",
        4096,
        "countries_distinct_count is not the number of distinct countries of the authorships",
    ),
    Contradiction(
        "institutions_distinct_count",
        8192,
        "institutions_distinct_count is not the number of distinct institutions of the authorships",
    ),
    Contradiction("publication_date", 16384, "publication_date lies in another year than publication_year"),
)


@dataclass(frozen=True)
class Switches:
    """Which works take part; by default those of the API: no ``is_xpac``, but retracted ones and paratext."""

    include_xpac: bool = False
    exclude_retracted: bool = False
    exclude_paratext: bool = False

    @property
    def left_out(self) -> int:
        """Return the bits that keep a work out."""
        return (
            XPAC * (not self.include_xpac)
            | RETRACTED * self.exclude_retracted
            | PARATEXT * self.exclude_paratext
        )
