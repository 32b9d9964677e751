"""The form in which a term is kept and looked up: its stems, without words that say nothing or are read apart."""

from superbill.codesets.search.words import STOP, canonical, stem, words

SIDES = frozenset(("right", "left", "bilateral", "unilateral"))
"""Read as an attribute of what is mentioned, wherever they stand."""
PASSED = STOP | frozenset(
    ("their", "your", "our", "she", "he", "they", "there", "that", "these", "those", "some", "any", "both", "side",
     "sided", "upon", "over", "along", "within", "into", "about", "are", "were", "been", "being", "have", "having")
)  # fmt: skip
"""Words between those of a term that don't part it."""
_SILENT = frozenset(
    ("unspecified", "nos", "nec", "encounter", "initial", "subsequent", "classified", "elsewhere", "not")
)
MOST = 8
"""Words of the longest term that is kept."""


def form(text: str) -> str:
    """The stems of a term in their order: "Pain in right knee" → "pain knee"; "" for one that is empty or too long."""
    kept = [word for word in words(text) if word not in PASSED and word not in SIDES and word not in _SILENT]
    return " ".join(map(stem, kept)) if 0 < len(kept) <= MOST else ""


def stem_of(word: str) -> str:
    """The stem of one word of a note, in any case."""
    return stem(canonical(word.casefold()))
