"""Reading a study without having made it, or making it for others to read: 26, TC, or codes of their own.

CPT appendix A (26) and the HCPCS modifier TC. A look at somebody else's images is part of the visit (CPT E/M,
data), so only words that say a report of one's own make a reading a service.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from superbill.coding.kinds import kind_of
from superbill.coding.performed.again import Part, tables
from superbill.coding.performed.model import Done
from superbill.coding.performed.spoken import Spoken

_READ_ONLY = re.compile(
    r"\binterpretation(?: (?:and|&|with) (?:a )?(?:\w+ )?report)? only\b|\b(?:read(?:ing)?|over-?read) only\b|"
    r"\bonly (?:the )?(?:interpretation|professional component)\b|\bprofessional component\b"
)
_MADE_ONLY = re.compile(r"\b(?:tracing only|technical component|technical only|(?:image )?acquisition only)\b")
_READER = r"(?:radiolog\w+|cardiolog\w+|neurolog\w+|(?:an )?outside \w+|(?:the |an? )?reading (?:group|service|room))"
_SENT = re.compile(
    rf"\b(?:sent|forwarded|submitted|transmitted|uploaded)\b[^.;]{{0,30}}\b{_READER}\b[^.;]{{0,20}}\b(?:interpret\w*|"
    rf"read(?:ing)?|report)\b|\b(?:to be|will be|being) (?:formally |officially )?(?:read|interpreted) by "
    rf"(?:the |an? )?"
    rf"{_READER}|\binterpretation by (?:the |an? )?{_READER}|\b{_READER} (?:to|will) (?:read|interpret)\b"
)
_OWN = re.compile(
    r"\b(?:interpreted|read|reviewed|viewed) by (?:me|myself|us)\b|\b(?:my|our) (?:own )?(?:interpretation|"
    r"read(?:ing)?|"
    r"review)\b|\bi (?:\w+ )?(?:interpreted|read|reviewed|see|saw|viewed)\b|\b(?:independently|personally)\b|"
    r"\b(?:shows?|showed|reveal\w*|demonstrat\w*|negative|normal|wet read|preliminary|over-?read|no (?:acute|evidence|"
    r"fracture|infiltrate))\b"
)
_ABOUT_IT = re.compile(
    r"^(?:it|they|this|these|(?:the )?(?:films?|images?|study|tracing|x-?rays?)|radiolog\w+|cardiolog\w+|"
    r"interpret\w+)\b"
)
_ELSEWHERE = ("of another day or place", "named", "a result", "told")
_READ = 0.8
_FACILITIES = frozenset(("19", "21", "22", "23", "24"))


def taken(found: Iterable[Done], spoken: Spoken, place: str) -> Iterator[Done]:
    """The services, those of which a part alone was done as that part. `place` of service: in a hospital a professional
    reads, and never makes."""
    for one in found:
        own = tables().parts.get(one.code)
        if own is None and kind_of("CPT", one.code).facility != "26":
            yield one
            continue
        lower, _, _ = spoken.around(one.start, one.end)
        behind = spoken.after(one.start)
        said = f"{lower} {behind}" if _ABOUT_IT.search(behind) else lower
        if _READ_ONLY.search(lower) and (one.score >= _READ or one.why.startswith(_ELSEWHERE)):
            yield from _part(replace(one, score=max(one.score, _READ)), own, "26")
        elif place not in _FACILITIES and (_MADE_ONLY.search(said) or (_SENT.search(said) and not _OWN.search(said))):
            yield from _part(one, own, "TC")
        else:
            yield one


def _part(one: Done, own: Part | None, modifier: str) -> Iterator[Done]:
    rule = "the reading alone" if modifier == "26" else "made here, read elsewhere"
    if own is None:
        yield replace(one, modifiers=(*one.modifiers, modifier), rule=rule)
    elif code := own.read if modifier == "26" else own.made:
        yield replace(one, code=code, rule=rule)


def paid_first(one: Done) -> Done:
    """26 and TC stand before all other modifiers, as they change the price."""
    first = tuple(each for each in one.modifiers if each in ("26", "TC"))[:1]
    return replace(one, modifiers=(*first, *(each for each in one.modifiers if each not in ("26", "TC")))[:4])
