"""From what was found to claim lines: one of each, what another contains left out, modifiers, place, pointers.

Source of what is contained and of what stands apart: the NCCI policy manual's principles and CPT's notes on add-on
services, as tables of code numbers (data/included.yaml).
"""

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.kinds import kind_of
from superbill.coding.model import CodeSystem, Evidence
from superbill.coding.performed import again, apart, lesions, parts, vaccines
from superbill.coding.performed.catalog import read
from superbill.coding.performed.model import Done
from superbill.coding.performed.spoken import Spoken
from superbill.coding.reading.model import Reading
from superbill.coding.suggest.model import Step, SuggestedCode, SuggestedService, Visit

_FACILITIES = frozenset(("19", "21", "22", "23", "24"))
_FAR = frozenset(("02", "10"))
_BY_VIDEO = ("908", "9791", "9780", "994", "9615", "96127", "96160", "G0447", "G0446", "99497", "99498", "G044")
_UNSURE = 0.6
_ELSEWHERE = 0.3
_POINTERS = 4


class Included(Struct, frozen=True):
    """Beside a code that begins so, those that begin so are part of it."""

    has: tuple[str, ...]
    drops: tuple[str, ...]


class Apart(Struct, frozen=True, rename={"beside": "with"}):
    """Beside these codes those marked carry 59."""

    beside: tuple[str, ...]
    marked: tuple[str, ...]


class AddOn(Struct, frozen=True):
    """A code that is reported only beside one of these."""

    code: str
    beside: tuple[str, ...]


class Reasons(Struct, frozen=True):
    """The beginnings of diagnoses that services are for."""

    codes: tuple[str, ...]
    icd: tuple[str, ...]


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of this family."""

    included: tuple[Included, ...]
    apart: tuple[Apart, ...]
    addons: tuple[AddOn, ...]
    reasons: tuple[Reasons, ...]
    areas: dict[str, tuple[str, ...]]


@cache
def tables() -> Tables:
    """The tables of what belongs together."""
    found: Tables = read("included.yaml", Tables)
    return found


def settled(
    found: tuple[Done, ...], reading: Reading, visit: Visit, diagnoses: tuple[SuggestedCode, ...], least: float
) -> tuple[SuggestedService, ...]:
    """The services that are sure enough, in the order of the note."""
    spoken = Spoken(reading)
    first, repeats = again.split(parts.taken(found, spoken, visit.place_of_service), spoken, visit.payer_kind)
    kept = [one for one in _together(lesions.summed(_doubted(first))) if one.score >= least]
    kept = vaccines.administered(kept, visit)
    kept = _complete(_without_included(kept))
    kept = list(_here([*kept, *again.lines(kept, repeats)], visit))
    kept = apart.marked(kept, _pairs(kept), spoken, visit.payer_kind)
    return tuple(
        _service(parts.paid_first(one), reading, visit, diagnoses)
        for one in sorted(kept, key=lambda one: (one.start, one.code))
    )


def _doubted(found: Iterable[Done]) -> Iterator[Done]:
    """A result without its source is not of today when the note says elsewhere that the test was of another day."""
    found = tuple(found)
    other = {one.what for one in found if one.why.startswith("of another day or place")}
    for one in found:
        if one.what in other and one.score <= _UNSURE and one.why.startswith(("a result", "named")):
            yield replace(
                one, score=min(one.score, _ELSEWHERE), why=f"{one.why}; elsewhere the note says it was earlier"
            )
        else:
            yield one


def _together(found: Iterable[Done]) -> list[Done]:
    """One of each: the surest mention, the one that says the number of views before one that doesn't."""
    by_thing: dict[str, list[Done]] = {}
    for one in found:
        by_thing.setdefault(one.what, []).append(one)
    kept: list[Done] = []
    for several in by_thing.values():
        most = max(one.score for one in several)
        several = [one for one in several if one.score >= min(most, 0.5)]
        sided: dict[str, Done] = {}
        for one in sorted(several, key=lambda one: (bool(one.rule), -one.score, one.start)):
            before = sided.get(_place(one))
            if before is None:
                sided[_place(one)] = replace(one, score=max(o.score for o in several if _place(o) == _place(one)))
            elif one.adds:
                sided[_place(one)] = replace(before, units=max(before.units, one.units))
        if any(place[:1] in "FTE" for place in sided if place):  # a finger says its hand
            sided = {place: one for place, one in sided.items() if place not in ("RT", "LT")}
        if len(sided) > 1 and "" in sided:
            unsided = sided.pop("")
            first = next(iter(sided))
            if unsided.score > sided[first].score:
                sided[first] = replace(sided[first], score=unsided.score)
        kept += _both_sides(list(sided.values()))
    return _one_line_each(kept)


def _place(one: Done) -> str:
    return " ".join(one.modifiers) if one.modifiers else ""


def _both_sides(several: list[Done]) -> list[Done]:
    """Right and left of one service are one line with 50."""
    right = next((one for one in several if one.modifiers[:1] == ("RT",)), None)
    left = next((one for one in several if one.modifiers[:1] == ("LT",)), None)
    both = next((one for one in several if one.modifiers[:1] == ("50",)), None)
    if both:
        return [one for one in several if one.modifiers[:1] not in (("RT",), ("LT",))]
    if right and left and right.code == left.code:
        return [replace(right, modifiers=("50", *right.modifiers[1:])), *(o for o in several if o not in (right, left))]
    return several


def _one_line_each(found: list[Done]) -> list[Done]:
    """Two things of one code (two joints of a kind) are two lines; the same code without a place of its own is one."""
    lines: dict[tuple[str, tuple[str, ...]], Done] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.start)):
        key = (one.code, one.modifiers)
        before = lines.get(key)
        if before is None:
            lines[key] = one
        elif one.adds and before.score >= 0.5 and one.score >= 0.5 and one.what != before.what:
            lines[key] = replace(before, units=before.units + one.units)
        elif one.area and one.area != before.area and one.score >= 0.5:
            lines[(one.code, (*one.modifiers, "59"))] = replace(one, modifiers=(*one.modifiers, "59"))
    return list(lines.values())


def _without_included(found: list[Done]) -> list[Done]:
    sure = [one.code for one in found if one.score >= 0.5]
    dropped = {
        code
        for rule in tables().included
        if any(code.startswith(rule.has) for code in sure)
        for code in sure
        if code.startswith(rule.drops) and not code.startswith(rule.has)
    }
    return [one for one in found if one.code not in dropped]


def _complete(found: list[Done]) -> list[Done]:
    """Without add-on services whose primary service is not there."""
    codes = {one.code for one in found}
    lonely = {rule.code for rule in tables().addons if not codes.intersection(rule.beside)}
    return [one for one in found if one.code not in lonely]


def _pairs(found: list[Done]) -> Iterator[tuple[Done, Done]]:
    """Services that are reported beside one another only when they were apart; the second is the one to be marked."""
    sure = [one for one in found if one.score >= 0.5]
    for rule in tables().apart:
        beside = next((one for one in sure if one.code.startswith(rule.beside)), None)
        for one in sure if beside else ():
            if beside and one.code.startswith(rule.marked) and not one.code.startswith(rule.beside):
                yield beside, one


def _here(found: Iterable[Done], visit: Visit) -> Iterator[Done]:
    """As a professional bills it in this place: only the reading of a test whose equipment is the hospital's, nothing
    that is the hospital's alone (kinds.csv); 95 for what is done by video."""
    for one in found:
        billing = kind_of(_system(one.code), one.code).facility
        if visit.place_of_service in _FACILITIES:
            if billing in ("hospital", "never"):
                continue
            if billing == "26" and "26" not in one.modifiers:
                one = replace(one, modifiers=("26", *one.modifiers)[:4])
            if billing == "93010":
                one = replace(one, code="93010")
        elif (visit.place_of_service in _FAR or visit.kind == "telehealth") and one.code.startswith(_BY_VIDEO):
            one = replace(one, modifiers=(*one.modifiers, "95")[:4])
        yield one


def _system(code: str) -> CodeSystem:
    return "HCPCS" if code[0].isalpha() else "CPT"


def _service(one: Done, reading: Reading, visit: Visit, diagnoses: tuple[SuggestedCode, ...]) -> SuggestedService:
    said = reading.text[one.start : one.end]
    same = said.casefold() == one.label.casefold()
    named = f"the note names it: {said!r}" if same else f"{said!r} is {one.label}"
    way = [Step("coding.performed.named", named), Step("coding.performed.status", one.why)]
    if one.rule:
        way.append(Step("coding.performed.choice", one.rule))
    return SuggestedService(
        code=SuggestedCode(
            system=_system(one.code), code=one.code, title=one.label, score=round(one.score, 2),
            evidence=(Evidence(visit.record, said, one.start, one.end),), way=tuple(way),
        ),
        modifiers=one.modifiers, units=one.units, diagnosis_pointers=_pointers(one, diagnoses),
    )  # fmt: skip


def _pointers(one: Done, diagnoses: tuple[SuggestedCode, ...]) -> tuple[int, ...]:
    """Places, from 1, of the diagnoses that the service was for; none where that isn't clear."""
    if len(diagnoses) == 1:
        return (1,)
    names = tables().areas.get(one.area, (one.area,) if one.area else ())
    found = []
    for place, each in enumerate(diagnoses, 1):
        title = each.title.casefold()
        against = {"right": "left", "left": "right"}.get(one.side, "")
        if any(name in title for name in names) and not (against and against in title):
            found.append(place)
    if not found:
        for rule in tables().reasons:
            if one.code.startswith(rule.codes):
                for begin in rule.icd:
                    found += [
                        p for p, each in enumerate(diagnoses, 1) if each.code.startswith(begin) and p not in found
                    ]
                break
    return tuple(found[:_POINTERS])
