"""Infusions by time: hydration from 31 minutes, drugs from 16, a further hour from 31 minutes of it on."""

import re
from collections.abc import Iterator

from superbill.coding.performed import status, units
from superbill.coding.performed.catalog import phrases_of
from superbill.coding.performed.model import Done, Hit, Said
from superbill.coding.performed.words import Phrase

_SAID = "infus* - pump/insulin/intralesional | iv hydration | iv fluid | intravenous fluid | saline bolus | iv drip"
_FLUID = re.compile(r"\b(?:saline|fluids?|hydration|lactated|ringer\w*|bolus)\b")
_CHEMOTHERAPY = re.compile(r"\b(?:chemotherapy|remicade|infliximab|rituximab|keytruda|monoclonal)\b")
_UNTIMED = 0.4


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    yield from phrases_of("infusions", "infusion", {"infusion": _SAID})


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """The first hour and each further one; what runs 15 minutes or less is a push."""
    lower = hit.said.lower
    score, why = status.judged(hit.said, hit.start, hit.end, status.Manner(0.25, True))
    time = units.minutes(lower)
    for said in around[:2]:
        time = time or (units.minutes(said.lower) if len(said.words) < 25 else None)
    if _CHEMOTHERAPY.search(lower):
        codes = ("96413", "96415", 16)
    elif _FLUID.search(lower):
        codes = ("96360", "96361", 31)
    else:
        codes = ("96365", "96366", 16)
    first, further, least = codes
    rule = f"{time:g} minutes" if time else "no time is said, and the code depends on it"
    if time is None:
        score = min(score, _UNTIMED)
    elif time < least:
        if first == "96360":
            return
        first = "96374"
    yield _one(hit, first, 1, score, why, rule)
    more = int((time or 0) // 60) - 1 + ((time or 0) % 60 > 30)
    if more > 0 and first != "96374":
        yield _one(hit, further, more, score, why, rule)


def _one(hit: Hit, code: str, count: int, score: float, why: str, rule: str) -> Done:
    return Done(
        code=code, label="infusion into a vein", start=hit.start, end=hit.end, score=score, why=why,
        what=f"infusions {code}", units=count, group="infusions", rule=rule,
    )  # fmt: skip
