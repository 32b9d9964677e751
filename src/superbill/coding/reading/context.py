"""In which context a mention stands: denied, uncertain, past, planned, of someone else."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from superbill.coding.reading.model import Kind, Mention, Outline, Token

_NEGATED = re.compile(
    r"\b(no|not|denies|denied|without|negative for|no evidence of|ruled out|absence of|never)\b", re.IGNORECASE
)
_UNCERTAIN = re.compile(
    r"\b(possible|possibly|probable|probably|suspected|suspect|likely|rule out|r/o|versus|vs|consistent with|"
    r"concerning for|suspicious for|evaluate for|question of)\b", re.IGNORECASE
)  # fmt: skip
_PAST = re.compile(r"\b(history of|h/o|status post|s/p|previous|prior|resolved|past)\b", re.IGNORECASE)


def judged(mentions: Sequence[Mention], outline: Outline, words: Sequence[Sequence[Token]]) -> tuple[Mention, ...]:
    """The mentions with their context. `words` are the outline's tokens, a row to a sentence."""
    return tuple(_judged(mention, outline) for mention in mentions)


def _judged(mention: Mention, outline: Outline) -> Mention:
    sentence = outline.sentences[mention.sentence]
    before = outline.text[sentence.start : mention.start]
    kind = outline.kind_of(sentence)
    cues = []
    flags: dict[str, bool] = {}
    for name, pattern in (("negated", _NEGATED), ("uncertain", _UNCERTAIN), ("past", _PAST)):
        found = pattern.search(before)
        if found:
            flags[name] = True
            cues.append((sentence.start + found.start(), sentence.start + found.end()))
    return replace(
        mention, negated="negated" in flags, uncertain="uncertain" in flags,
        time="past" if "past" in flags else "current",
        experiencer="family" if kind is Kind.FAMILY_HISTORY else "patient", cues=tuple(cues),
    )  # fmt: skip
