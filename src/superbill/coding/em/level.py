"""The evaluation and management service of a note: the door to this room."""

from collections.abc import Callable, Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.em import categories, data, grid, management, preventive, problems, risk, time
from superbill.coding.em.categories import Category, Family, medicare
from superbill.coding.em.grid import POSSIBLE, PROBABLE, SURE, Element
from superbill.coding.em.patient import RULE, Patient, patient
from superbill.coding.em.view import View, Zone, view
from superbill.coding.groups import belongs
from superbill.coding.reading.model import Reading
from superbill.coding.suggest.model import (
    Column,
    Complexity,
    Counted,
    Step,
    SuggestedCode,
    SuggestedService,
    Visit,
    Visits,
)  # fmt: skip

GUIDELINES = "CPT E/M guidelines 2021 (office), 2023 (all others)"
_G2211 = date(2024, 1, 1)
_TELEPHONE_ENDS = date(2025, 1, 1)


class Grid(Struct, frozen=True):
    """The elements found, and the levels that they give at a certainty."""

    problems: tuple[Element, ...]
    data: tuple[Element, ...]
    risk: tuple[Element, ...]

    def at(self, certainty: int) -> tuple[Complexity, Complexity, Complexity]:
        """Problems, data and risk, counting what is at least so certain."""
        return (
            grid.problems(_least(self.problems, certainty)),
            grid.data(_least(self.data, certainty)),
            grid.risk(_least(self.risk, certainty)),
        )

    def decision(self, certainty: int) -> Complexity:
        return grid.decision(*self.at(certainty))


def _least(elements: Iterable[Element], certainty: int) -> list[Element]:
    return [each for each in elements if each.certainty >= certainty]


def level(
    reading: Reading, visit: Visit, diagnoses: tuple[SuggestedCode, ...], services: tuple[SuggestedService, ...]
) -> Visits | None:
    """The visit's code with its range, and every element that was counted, at its place in the note.

    `code` is the level best supported, `low` what the note plainly supports, `high` what it supports when everything
    ambiguous is read in favour. None for a note in which nothing is told, planned or decided. The diagnoses help to
    judge the problems; the services say which tests the practice bills, and what stands beside the visit.
    """
    seen = view(reading, visit, services)
    if not _tells(seen):
        return None
    who, where = patient(seen), categories.category(seen)
    found = Grid(problems.elements(seen, diagnoses), data.elements(seen), risk.elements(seen))
    base = _base(seen, who, where, found)
    special = _SPECIAL.get(where.name)
    if special:
        return special(seen, base)
    family = categories.family(where.name, visit.on)
    if family is None:
        return _undated(where, base, visit)
    return _beside(seen, _selected(seen, base, family, found), found, family)


def _tells(seen: View) -> bool:
    told = (Zone.PLAN, Zone.HISTORY)
    said = (words for words, zone in zip(seen.reading.tokens, seen.zones, strict=True) if zone in told)
    return any(word.word[0].isalpha() for words in said for word in words)


def _base(seen: View, who: Patient, where: Category, found: Grid) -> Visits:
    """All but the code."""
    levels = found.at(PROBABLE)
    columns = tuple(
        _column(seen, name, of, elements)
        for name, of, elements in zip(grid.NAMES, levels, (found.problems, found.data, found.risk), strict=True)
    )
    said = f" ({seen.text[who.hit.start : who.hit.end]!r})" if who.hit else ""
    mdm = grid.decision(*levels)
    way = [Step("coding.em.patient", f"{who.status}: {who.why}{said}", RULE)]
    if where.why:
        way.append(
            Step("coding.em.category", f"{where.name}: {where.why}", "CPT; CMS Claims Processing Manual chapter 12")
        )
    way.append(
        Step("coding.em.mdm", f"{mdm}: two of problems {levels[0]}, data {levels[1]}, risk {levels[2]}", GUIDELINES)
    )
    evidence = (seen.evidence(who.hit.start, who.hit.end),) if who.hit else ()
    return Visits(
        family=where.name, patient=who.status, basis="mdm", mdm=mdm, problems=columns[0], data=columns[1],
        risk=columns[2], modifiers=where.modifiers, way=tuple(way), patient_evidence=evidence,
        missing=tuple(filter(None, (who.missing, where.missing))),
    )  # fmt: skip


def _column(seen: View, name: str, of: Complexity, elements: tuple[Element, ...]) -> Column:
    """A column with what was counted; what is only possible says so and does not make the level."""
    counted = []
    kept: set[tuple[str, str, int]] = set()
    for each in elements:
        key = (each.kind, each.unique, 0 if each.unique else each.start)
        if key in kept or (name == "risk" and (each.kind, "", -1) in kept):
            continue
        kept.add(key)
        if name == "risk" and each.certainty > POSSIBLE:
            kept.add((each.kind, "", -1))
        words, alone = grid.NAMES[name][each.kind]
        doubt = {POSSIBLE: "possible, not counted", PROBABLE: "probable", SURE: ""}[each.certainty]
        note = ", ".join(filter(None, (each.note, doubt)))
        counted.append(Counted(element=words, level=alone, evidence=seen.evidence(each.start, each.end), note=note))
    return Column(level=of, counted=tuple(counted), missing=grid.MISSING.get((name, of), ""))


def _selected(seen: View, base: Visits, family: Family, found: Grid) -> Visits:
    """The code by decision making or by time, whichever is higher."""
    who = base.patient
    low, best, high = (found.decision(each) for each in (SURE, PROBABLE, POSSIBLE))
    chosen = replace(base, code=family.code(who, best), low=family.code(who, low), high=family.code(who, high))
    said = time.stated(seen)
    if said is None:
        return chosen
    by_time = time.level(family, who, said.minutes)
    chosen = replace(chosen, minutes=said.minutes, time_evidence=seen.evidence(said.start, said.end))
    if by_time is None:
        return chosen
    code, words = family.code(who, by_time), f"{said.minutes} minutes on the date of the visit"
    if said.counselling:
        missing = (
            "That the minutes are the total on the date of the visit: counselling alone has not selected since 2021."
        )
        return replace(chosen, high=max(chosen.high, code), missing=(*chosen.missing, missing))
    if code <= chosen.code:
        return chosen
    way = (*chosen.way, Step("coding.em.time", f"{by_time}: {words}, more than decision making gives", GUIDELINES))
    return replace(
        chosen, code=code, high=max(chosen.high, code), basis="time", way=way, missing=_apart(seen, chosen, said)
    )


def _apart(seen: View, chosen: Visits, said: time.Stated) -> tuple[str, ...]:
    """Where something else is billed, the note should say that its minutes are not in the total."""
    if not seen.services or said.excludes:
        return chosen.missing
    return (*chosen.missing, "That the total time is without the services reported separately.")


def _beside(seen: View, chosen: Visits, found: Grid, family: Family) -> Visits:
    """Prolonged services, modifiers, the preventive visit, and what else the note points to."""
    visit, payer = seen.visit, medicare(seen.visit)
    chosen = _with_preventive(seen, chosen, found)
    also: list[str] = list(chosen.also)
    if chosen.minutes is not None and chosen.code and chosen.basis == "time":
        highest = chosen.code == family.series(chosen.patient).codes[-1]
        rule = family.medicare if payer and family.medicare else family.prolonged
        also += time.prolonged(rule, chosen.patient, chosen.minutes) if highest else ()
    modifiers = _modifiers(seen, chosen)
    way, missing = list(chosen.way), list(chosen.missing)
    for managed in (management.transitional(seen, chosen.mdm), management.planning(seen), management.chronic(seen)):
        also += managed.codes
        if managed.codes:
            way.append(Step("coding.em.management", managed.why, "CPT care management services"))
        if managed.missing:
            missing.append(managed.missing)
    if payer and _longitudinal(seen, chosen, modifiers, visit.on):
        also.append("G2211")
        way.append(
            Step(
                "coding.em.longitudinal",
                "continuing care of a chronic condition",
                "CMS CY2024 and CY2025 fee schedule: G2211",
            )
        )
    if seen.first("postoperative", zones=(Zone.HISTORY, Zone.PLAN)):
        missing.append("Whether the visit is within the global period of an operation: then 99024, and no visit.")
    return replace(chosen, also=tuple(also), modifiers=modifiers, way=tuple(way), missing=tuple(missing))


def _with_preventive(seen: View, chosen: Visits, found: Grid) -> Visits:
    """A preventive visit by age; the problem visit stays beside it when a problem was significant by itself."""
    hit = preventive.checkup(seen)
    if hit is None or chosen.family not in ("office", "telehealth", "home", "audio"):
        return chosen
    age = preventive.age_of(seen)
    special = preventive.medicare_codes(seen)
    way = (
        *chosen.way,
        Step("coding.em.preventive", f"{seen.text[hit.start : hit.end]!r}", "CPT preventive medicine services"),
    )
    if age is None:
        missing = (*chosen.missing, "The patient's age, which decides the preventive code.")
        return replace(chosen, way=way, missing=missing, also=special)
    code = preventive.code(age, new=chosen.patient == "new")
    chosen = replace(chosen, preventive=code, way=way, also=special)
    significant = grid.problems(_least(found.problems, PROBABLE)) != "straightforward"
    if significant and grid.risk(_least(found.risk, PROBABLE)) != "straightforward":
        return chosen
    ambiguous = grid.problems(found.problems) != "straightforward"
    return replace(chosen, code="", low="", high=chosen.high if ambiguous else "", basis="age")


def _modifiers(seen: View, chosen: Visits) -> tuple[str, ...]:
    """25 beside a preventive visit or a minor procedure of the day, 57 with the decision for a major operation
    (CMS Claims Processing Manual chapter 12 §40.2)."""
    if not chosen.code:
        return ()
    codes = [each.code.code for each in seen.services]
    found = list(chosen.modifiers)
    if chosen.preventive or any(belongs(code, "minor_surgery") for code in codes):
        found.append("25")
    if any(belongs(code, "major_surgery") for code in codes):
        found.append("57")
    return tuple(found)


def _longitudinal(seen: View, chosen: Visits, modifiers: tuple[str, ...], on: date) -> bool:
    """Does Medicare's add-on for continuing care fit: an office visit without modifier 25, or since 2025 with it beside
    a preventive service only?"""
    beside_preventive = bool(chosen.preventive) and on >= date(2025, 1, 1) and not any(
        belongs(each.code.code, "minor_surgery") for each in seen.services
    )  # fmt: skip
    if chosen.family != "office" or not chosen.code or on < _G2211 or ("25" in modifiers and not beside_preventive):
        return False
    chronic = any("chronic" in each.element for each in chosen.problems.counted)
    return chronic and seen.first("longitudinal") is not None


def _undated(where: Category, base: Visits, visit: Visit) -> Visits:
    """Before decision making alone selected the code, history and examination did too: no level is claimed."""
    ends = categories.newest(where.name).series(base.patient).codes
    missing = (
        *base.missing,
        f"On {visit.on} history and examination still selected the level (guidelines of 1995, 1997).",
    )
    return replace(base, code="", low=ends[0], high=ends[-1], basis="", missing=missing)


def _critical(seen: View, base: Visits) -> Visits:
    managed = management.critical_care(seen, medicare=medicare(seen.visit))
    missing = (*base.missing, managed.missing) if managed.missing else base.missing
    code = managed.codes[0] if managed.codes else ""
    way = (
        (*base.way, Step("coding.em.critical", managed.why, "CPT critical care; CMS CY2023 fee schedule"))
        if code
        else base.way
    )
    return replace(base, code=code, low=code, high=code, basis="time", minutes=managed.minutes, also=managed.codes[1:],
                   way=way, missing=missing)  # fmt: skip


def _discharge(short: str, long: str) -> Callable[[View, Visits], Visits]:
    """A discharge by its minutes: more than thirty, or not."""

    def chosen(seen: View, base: Visits) -> Visits:
        said = time.stated(seen)
        if said is None:
            missing = (*base.missing, f"The minutes of the discharge day: more than 30 are {long}.")
            return replace(base, code=short, low=short, high=long, basis="rule", missing=missing)
        code = long if said.minutes > 30 else short
        return replace(base, code=code, low=code, high=code, basis="time", minutes=said.minutes,
                       time_evidence=seen.evidence(said.start, said.end))  # fmt: skip

    return chosen


_SPECIAL: dict[str, Callable[[View, Visits], Visits]] = {
    "critical care": _critical,
    "discharge": _discharge("99238", "99239"),
    "nursing facility discharge": _discharge("99315", "99316"),
}
