"""What is said of a mention: side, acuity, severity, stage and so on, in its own phrase."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from superbill.coding.reading.model import Attribute, Mention, Outline, Token

_SIDE = re.compile(r"\b(right|left|bilateral|both)\b", re.IGNORECASE)
_REACH = 25


def described(mentions: Sequence[Mention], outline: Outline, words: Sequence[Sequence[Token]]) -> tuple[Mention, ...]:
    """The mentions with their attributes. `words` are the outline's tokens, a row to a sentence."""
    return tuple(_described(mention, outline) for mention in mentions)


def _described(mention: Mention, outline: Outline) -> Mention:
    sentence = outline.sentences[mention.sentence]
    start, end = max(sentence.start, mention.start - _REACH), min(sentence.end, mention.end + _REACH)
    found = []
    for match in _SIDE.finditer(outline.text, start, end):
        value = match[0].casefold().replace("both", "bilateral")
        found.append(Attribute("side", value, match.start(), match.end()))
    return replace(mention, attributes=tuple(found[:1]))
