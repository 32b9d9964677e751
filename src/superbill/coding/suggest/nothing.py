"""Why a note gives no diagnosis, in words that help: the first that is true."""

import re

from superbill.coding.reading.model import Reading
from superbill.coding.suggest.model import Visit
from superbill.coding.suggest.reportable import judged

FOREIGN = "Nothing codable found: the note is not in English, and only English notes are read."
LONGEST = 100_000
"""Characters of the longest note that is read: some forty pages. What is longer is a record of many notes."""
CROWDED = 1_500
"""Mentions of a text that is no note: forty densely written pages have no more."""
_SHOWN = 3
_FEW = 8
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    ("the", "of", "and", "with", "is", "was", "has", "to", "for", "no", "not", "on", "in", "at", "he", "she", "her",
     "his", "patient", "pain", "denies", "history")
)  # fmt: skip
_OTHERS = frozenset(
    ("el", "la", "los", "las", "de", "del", "que", "con", "por", "una", "un", "se", "en", "para", "desde",
     "hace", "paciente", "dolor", "le", "les", "des", "du", "est", "une", "sans", "aux", "et", "der", "die",
     "das", "und", "mit", "ist", "nicht", "ein", "eine", "il", "lo", "gli", "di", "che", "per", "non", "da",
     "uma", "dos", "em", "het", "een", "niet")
)  # fmt: skip


def too_long(text: str) -> str:
    """What is said of a text that is too long to be one note."""
    return (
        f"This is no single note: it has {len(text):,} characters, and {LONGEST:,} are read. Split it into its notes "
        "and give each by itself."
    )


def crowded(reading: Reading) -> str:
    """What is said of a text that names more than notes do: a list, or the same words over and over."""
    return (
        f"This is no note of one visit: it names {len(reading.mentions):,} conditions and drugs, and {CROWDED:,} are "
        "looked at. Split it into its notes and give each by itself."
    )


def foreign(text: str) -> bool:
    """Is a text in another language? By the small words: those of English are in every English note of some length."""
    words = _WORD.findall(text[:20_000].casefold())
    if len(words) < _FEW:
        return False
    english = sum(map(_ENGLISH.__contains__, words))
    return sum(map(_OTHERS.__contains__, words)) > 2 * english + 1


def nothing(reading: Reading, visit: Visit) -> str:
    """Why nothing is suggested for a note that was read."""
    text = reading.text
    if not text.strip():
        return "Nothing codable found: the note is empty."
    if not any(text[section.body : section.end].strip() for section in reading.outline.sections):
        return "Nothing codable found: the note holds headings and nothing under them."
    if not reading.mentions:
        return "Nothing codable found: no clinical term in English is in the note."
    against: dict[str, list[str]] = {}
    for mention, verdict in judged(reading, visit):
        if mention.codes and not verdict.reported:
            against.setdefault(verdict.step.words, []).append(text[mention.start : mention.end])
    if not against:
        return "Nothing codable found: what the note names leads to no diagnosis."
    why = max(against, key=lambda words: len(against[words]))
    named = ", ".join(dict.fromkeys(" ".join(said.split()) for said in against[why]))
    named = ", ".join(named.split(", ")[:_SHOWN])
    return f"Nothing codable found: no condition is assessed. What the note names ({named}) is {why}."
