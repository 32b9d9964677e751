"""Other ways to write what the book says: titles without what is said by default, and what a form loses by it."""

import re
from collections.abc import Iterator

_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_UNSAID = re.compile(
    r"\b(?:unspecified|not specified|not elsewhere classified|not otherwise specified|NEC|NOS|uncomplicated|"
    r"not intractable)\b", re.IGNORECASE,
)  # fmt: skip
_WITHOUT = re.compile(r",? without (?!exacerbation\b)[^,]*$")
_OTHER = re.compile(r"^Other (?:specified )?(?=\w)")
_LEADS = re.compile(r"^(?:Encounter for (?:other )?|Unspecified |Personal )", re.IGNORECASE)


def plain(text: str) -> str:
    """Without what stands in parentheses: "Cough (acute)" → "Cough"."""
    return _ASIDE.sub("", text)


def shorter(title: str) -> Iterator[str]:
    """A title without what nobody says: "Pneumonia, unspecified organism" → "Pneumonia"; "Type 2 diabetes mellitus
    without complications" → "Type 2 diabetes mellitus"; "Encounter for screening for X" → "screening for X"."""
    said = plain(title)
    parts = [part for place, part in enumerate(said.split(",")) if place == 0 or not _UNSAID.search(part)]
    short = _UNSAID.sub("", ",".join(parts)).strip(" ,")
    if short and short != said:
        yield short
    bare = _WITHOUT.sub("", short).strip(" ,")
    if bare and bare != short:
        yield bare
    led = _LEADS.sub("", bare)
    if led and led != bare:
        yield led


def otherwise(title: str) -> Iterator[str]:
    """A title without "Other", for what has no title of its own: "Other fatigue" → "fatigue"."""
    said = plain(title)
    for each in (said, *shorter(title)):
        bare = _OTHER.sub("", each)
        if bare != each:
            yield bare
