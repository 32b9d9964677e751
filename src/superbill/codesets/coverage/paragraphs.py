"""The paragraph above a group of diagnoses: whether they need a diagnosis of another group, and for which procedures.

Contractors write it in prose. What is read are its numbers of groups, its procedure codes, and the words that ask for
two diagnoses; a paragraph that asks for two and doesn't say of which group is kept as such: then presence proves
nothing, and nothing is called missing.
"""

import html
import re

from msgspec import Struct

_TAG = re.compile(r"<[^>]+>")
_GROUP = re.compile(r"\bgroups?\s+#?(\d{1,3})(?:\s*(?:,|and|or|&)\s*(?:groups?\s+)?#?(\d{1,3}))*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}")
_TWO = re.compile(
    r"\b(?:must|should|shall|needs? to|required to)\b[^.]{0,80}\b(?:with|accompanied|together|both|two|dual)\b"
    r"|\b(?:must|should|shall)\b[^.]{0,80}\bsecondary\b"
    r"|\bdual diagnos[ei]s\b|\btwo (?:icd-10|diagnosis|codes)|\bin (?:addition to|conjunction with|combination with)\b"
    r"|\b(?:secondary|additional) (?:diagnosis|code)s? (?:is|are|must)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\w.])(?:\d{4}[0-9A-Z]|[A-CE-V]\d{4})(?![\w.])")
_RANGE = re.compile(r"(?<![\w.])(\d{5})\s*(?:-|–|through|to)\s*(\d{5})(?![\w.])")
_LONGEST_RANGE = 500


class Paragraph(Struct, frozen=True):
    """What a paragraph asks: a further diagnosis of one of `partners` (groups), for `codes` only (() all).

    `in_words`: it asks for a further diagnosis and names no group.
    """

    partners: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    in_words: bool = False


def read_paragraph(text: str, own: int) -> Paragraph:
    """What the paragraph above group `own` asks."""
    plain = " ".join(html.unescape(_TAG.sub(" ", text)).split())
    two = [sentence for sentence in re.split(r"(?<=[.;:])\s+(?=[A-Z*])", plain) if _TWO.search(sentence)]
    named = {int(each) for sentence in two for found in _GROUP.finditer(sentence) for each in _NUMBER.findall(found[0])}
    partners = tuple(sorted(named - {own}))
    codes = set(_CODE.findall(plain))
    for first, last in _RANGE.findall(plain):
        if 0 <= int(last) - int(first) <= _LONGEST_RANGE:
            codes |= {f"{each:05}" for each in range(int(first), int(last) + 1)}
    return Paragraph(partners, tuple(sorted(codes)), bool(two) and not partners)
