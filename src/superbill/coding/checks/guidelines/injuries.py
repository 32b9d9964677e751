"""I.C.19 and I.C.20: injuries of one site, burns by degree, 7th characters of the external cause; I.C.18.e.1."""

import re
from collections.abc import Iterator
from datetime import date

from superbill.coding.checks.guidelines.codes import codes
from superbill.coding.checks.guidelines.rule import ERROR, WARNING, Facts, Problem, Rule, named

_SUPERFICIAL = codes("S00 S10 S20 S30 S40 S50 S60 S70 S80 S90")
_BURNS = codes("T20-T25")
_PHYSEAL = {
    physeal: bone
    for bone, every in {"S42": "S490 S491", "S52": "S590 S591 S592", "S72": "S790 S791",
                        "S82": "S890 S891 S892 S893", "S92": "S990 S991 S992"}.items()
    for physeal in every.split()
}  # fmt: skip
_SIDED = re.compile(r"\b(?:right|left) [a-z ]+?(?=,| with| without| of|$)")
_SITE = re.compile(r" of (?!unspecified|other)([a-z ]+?)(?=,| with| without|$)")
_SEQUELA = "S"
_UNSPECIFIED = "9"  # S09, S19 …: unspecified injuries, no worse than a bruise
_DEGREES = {"1": 1, "2": 2, "3": 3, "5": 1, "6": 2, "7": 3}
_CORROSION = "4567"
_SEVENTH = 7
_ACTIVE = "ABC"
_EXTERNAL = codes("V W X Y0 Y1 Y2 Y3")
_CIRCUMSTANCE = codes("Y92 Y93 Y99")
_INJURIES = codes("S T07-T79")
_SCALES = ("R4021", "R4022", "R4023")


def _site(title: str) -> str:
    """The injured site as the title names it: with its side, or after "of"; "" when it names none."""
    found = _SIDED.search(title)
    if found:
        return found[0]
    found = _SITE.search(title)
    return found[1] if found else ""


def _superficial(facts: Facts) -> Iterator[Problem]:
    for position in facts.where(_SUPERFICIAL):
        code = facts.codes[position - 1]
        site = _site(facts.title(code))
        for other in facts.codes if site else ():
            worse = other[:2] == code[:2] and other[2:3] not in ("0", _UNSPECIFIED) and not other.endswith(_SEQUELA)
            if worse and re.search(rf"\b{site}\b", facts.title(other)):
                message = f"{named(code)}, a superficial injury, stands with {named(other)} of the same site."
                yield Problem(position, message, f"Drop {named(code)}.")
                break


def _physeal(facts: Facts) -> Iterator[Problem]:
    for code in facts.codes:
        bone = _PHYSEAL.get(code[:4])
        side = _side(facts.title(code)) if bone else ""
        for position, other in enumerate(facts.codes, 1):
            if side and other.startswith(bone or "-") and _side(facts.title(other)) == side:
                message = f"{named(other)} names the bone of the physeal fracture {named(code)}."
                yield Problem(position, message, f"Drop {named(other)} unless it is another fracture.")


def _side(title: str) -> str:
    found = re.search(r"\b(right|left)\b", title)
    return found[1] if found else ""


def _burns(facts: Facts) -> list[tuple[int, str, int]]:
    """(position, code, degree) of the current burns and corrosions of known degree."""
    every = ((position, facts.codes[position - 1]) for position in facts.where(_BURNS))
    return [
        (position, code, _DEGREES[code[3]])
        for position, code in every
        if code[3:4] in _DEGREES and not code.endswith(_SEQUELA)
    ]


def _highest_first(facts: Facts) -> Iterator[Problem]:
    burns = _burns(facts)
    if burns and burns[0][0] == 1:
        worst = max(burns, key=lambda burn: burn[2])
        if worst[2] > burns[0][2]:
            message = f"{named(burns[0][1])} stands before {named(worst[1])}, a burn of higher degree."
            yield Problem(1, message, f"Put {named(worst[1])} first.")


def _same_site(facts: Facts) -> Iterator[Problem]:
    burns = _burns(facts)
    for position, code, degree in burns:
        for _, other, higher in burns:
            alike = code[:3] == other[:3] and code[4:6] == other[4:6]
            if alike and higher > degree and (code[3] in _CORROSION) == (other[3] in _CORROSION):
                message = f"{named(code)} stands with {named(other)}, a higher degree of the same site."
                yield Problem(position, message, f"Keep {named(other)} alone.")
                break


def _phase(code: str) -> str:
    """A for active treatment, D for what follows, S for sequela; "" without a 7th character."""
    if len(code) != _SEVENTH:
        return ""
    last = code[-1]
    return "A" if last in _ACTIVE else last if last == _SEQUELA else "D"


def _phases(facts: Facts) -> set[str]:
    return {_phase(facts.codes[position - 1]) for position in facts.where(_INJURIES)} - {""}


def _external(facts: Facts) -> Iterator[Problem]:
    injured = _phases(facts)
    for position in facts.where(_EXTERNAL):
        code = facts.codes[position - 1]
        if injured and _phase(code) and _phase(code) not in injured:
            message = f"{named(code)} has another 7th character than the injury."
            yield Problem(position, message, f"Use {min(injured)} as its 7th character.")


def _circumstance(facts: Facts) -> Iterator[Problem]:
    injured = _phases(facts)
    if injured and "A" not in injured:
        position = facts.where(_CIRCUMSTANCE)[0]
        message = f"{named(facts.codes[position - 1])} is told once, at the first encounter."
        yield Problem(position, message, "Drop it for care that follows.")


def _coma(facts: Facts) -> Iterator[Problem]:
    parts = {scale: {code[6:] for code in facts.codes if code.startswith(scale)} for scale in _SCALES}
    position = facts.where(codes(" ".join(_SCALES)))[0]
    missing = [named(scale) for scale, times in parts.items() if not times]
    if missing:
        message = f"The coma scale lacks {' and '.join(missing)}."
        yield Problem(position, message, "Code eyes, words and movement, or the total (R40.24-) when only it is known.")
    elif len({frozenset(times) for times in parts.values()}) > 1:
        message = "The parts of the coma scale were taken at different times."
        yield Problem(position, message, "Give the three parts the same 7th character.")


RULES = (
    Rule(
        section="I.C.18.e.1", name="scale-complete", title="The coma scale has three parts, taken at the same time",
        severity=WARNING, on=codes(" ".join(_SCALES)), check=_coma,
    ),
    Rule(
        section="I.C.19.b.1", name="superficial-of-the-same-site",
        title="A superficial injury isn't coded with a worse one of the same site",
        severity=WARNING, on=_SUPERFICIAL, check=_superficial,
    ),
    Rule(
        section="I.C.19.c.3", name="bone-of-physeal-fracture", title="A physeal fracture is one code, without its bone",
        severity=WARNING, on=codes(" ".join(_PHYSEAL)), check=_physeal, since=date(2021, 10, 1),
    ),
    Rule(
        section="I.C.19.d.1", name="highest-degree-first", title="The burn of the highest degree goes first",
        severity=ERROR, on=_BURNS, check=_highest_first,
    ),
    Rule(
        section="I.C.19.d.2", name="degrees-of-one-site", title="Burns of one site are coded by their highest degree",
        severity=ERROR, on=_BURNS, check=_same_site,
    ),
    Rule(
        section="I.C.20.a.2", name="phase-of-the-injury",
        title="The external cause has the 7th character of the injury", severity=WARNING, on=_EXTERNAL, check=_external,
    ),
    Rule(
        section="I.C.20.d", name="circumstance-after-first-encounter",
        title="Place, activity and status are told once, at the first encounter",
        severity=WARNING, on=_CIRCUMSTANCE, check=_circumstance,
    ),
)  # fmt: skip
