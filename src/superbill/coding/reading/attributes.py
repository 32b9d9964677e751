"""What is said of a mention: side, acuity, severity, stage and so on, in its own phrase."""

import re

from msgspec.structs import replace

from superbill.coding.reading.model import Attribute, Mention, Outline

_SIDE = re.compile(r"\b(right|left|bilateral|both)\b", re.IGNORECASE)
_REACH = 25


def described(mention: Mention, outline: Outline) -> Mention:
    """The mention with its attributes."""
    sentence = outline.sentences[mention.sentence]
    start, end = max(sentence.start, mention.start - _REACH), min(sentence.end, mention.end + _REACH)
    found = []
    for match in _SIDE.finditer(outline.text, start, end):
        value = match[0].casefold().replace("both", "bilateral")
        found.append(Attribute("side", value, match.start(), match.end()))
    return replace(mention, attributes=tuple(found[:1]))
