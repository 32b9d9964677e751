"""The visit code: by kind of visit, place, age, payer and what the chart supports."""

from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

from superbill.chart.model import EncounterRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.coding import wellness
from superbill.coding.context import Visit, minutes, suggested
from superbill.coding.diagnoses import Diagnosis
from superbill.coding.em.categories import newest
from superbill.coding.groups import belongs
from superbill.coding.levels import level
from superbill.coding.lines import Line
from superbill.coding.model import Confidence
from superbill.findings import Severity

# Public health emergency of COVID-19 (HHS): the telephone codes were open to new patients.
_EMERGENCY = (date(2020, 3, 1), date(2023, 5, 11))
_DOMICILIARY = {2: ("99324", "99334"), 3: ("99325", "99335"), 4: ("99327", "99336"), 5: ("99328", "99337")}
_GLOBAL_DAYS = 90


class Choice(Struct, frozen=True):
    """A visit code with its modifiers, and the sentence that says why."""

    code: str
    why: str
    modifiers: tuple[str, ...] = ()


Chooser = Callable[[Visit, list[Diagnosis], list[Line]], Choice | None]


def choose(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> list[Line]:
    """The visit lines of the encounter: none where its rule gives none, or the clinician coded one (99024 too)."""
    if any(line.kind in {"visit", "tracking"} for line in lines):
        return []
    rule = visit.kind.visit
    if rule == "preventive_by_age" or (visit.place == "20" and not diagnoses):
        return wellness.choose(visit, diagnoses, lines)
    choice = _RULES[rule](visit, diagnoses, lines)
    return [] if choice is None else [line_of(visit, choice)]


def line_of(visit: Visit, choice: Choice, reasons: tuple[str, ...] = ()) -> Line:
    """A visit line, with the encounter as its evidence."""
    confidence: Confidence = visit.kind.confidence
    text = visit.kind.display
    code = suggested(crosswalk.system_of(choice.code), choice.code, visit.encounter.id, text, choice.why, confidence)
    return Line(code=code, kind="visit", day=visit.day, modifiers=choice.modifiers, reasons=reasons)


def _none(_visit: Visit, _diagnoses: list[Diagnosis], _lines: list[Line]) -> None:
    return None


def office(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice:
    """99202-99205 new, 99212-99215 established, by medical decision making."""
    usual = int(visit.kind.code[-1]) if visit.kind.code.startswith(("9920", "9921")) else 3
    found = level(visit, diagnoses, lines, usual)
    who = "established" if visit.established else "new"
    return Choice(f"9921{found.number}" if visit.established else f"9920{found.number}", f"{who} patient; {found.why}")


def _office_unless_procedure(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice | None:
    return None if visit.standalone else office(visit, diagnoses, lines)


def _telehealth(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice:
    """Office codes with 95 (GT before 2017, when CPT had no 95)."""
    choice = office(visit, diagnoses, lines)
    marker = "95" if visit.day >= date(2017, 1, 1) else "GT"
    return Choice(choice.code, f"audio and video; {choice.why}", (marker,))


def _telephone(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice | None:
    """Through 2024 99441-99443 by minutes, for established patients; since 2025 office codes with 93 (CPT)."""
    if visit.day >= date(2025, 1, 1):
        choice = office(visit, diagnoses, lines)
        return Choice(choice.code, f"audio only; {choice.why}", ("93",))
    if not visit.established and not _EMERGENCY[0] <= visit.day <= _EMERGENCY[1]:
        visit.say(
            "coding.telephone-new-patient", Severity.WARNING, "Telephone codes are for established patients only.",
            "Nothing can be billed for this call.", field="kind", source="CPT 99441-99443",
        )  # fmt: skip
        return None
    spoken = minutes(visit.encounter.start, visit.encounter.end)
    if spoken and spoken < 5:
        visit.say(
            "coding.telephone-too-short", Severity.WARNING, f"The call lasted {spoken} minutes; five are the least.",
            "Nothing can be billed for this call.", field="end", source="CPT 99441-99443",
        )  # fmt: skip
        return None
    code = "99443" if spoken > 20 else "99441" if 0 < spoken < 11 else "99442"
    return Choice(code, f"telephone, {spoken or 'unknown'} minutes")


def _home(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice:
    """Home or residence by decision making; before 2023 a residence had codes of its own (CPT)."""
    found = level(visit, diagnoses, lines, 3)
    own = visit.day < date(2023, 1, 1) and visit.place in {"13", "14", "33"}
    if own:
        return Choice(_DOMICILIARY[found.number][visit.established], found.why)
    codes = newest("home").series("established" if visit.established else "new").codes
    return Choice(codes[found.number - 2], found.why)


def _default(visit: Visit, _diagnoses: list[Diagnosis], _lines: list[Line]) -> Choice:
    return Choice(visit.kind.code, "usual code of this kind of visit")


def _admission(visit: Visit, _diagnoses: list[Diagnosis], _lines: list[Line]) -> Choice:
    """Initial hospital care; 99234-99236 when in and out on one date after eight hours (CPT; CMS ch. 12 §30.6.9)."""
    stay = visit.encounter
    if stay.end is not None and stay.last_date_of_service == visit.day and minutes(stay.start, stay.end) >= 480:
        return Choice(
            {"99221": "99234", "99223": "99236"}.get(visit.kind.code, "99235"), "admitted and discharged on one day"
        )
    if stay.last_date_of_service > visit.day:
        visit.say(
            "coding.hospital-days", Severity.INFORMATION,
            "Only the admission is coded: daily and discharge visits need a note of their own.",
            "Add 99231-99233 and 99238-99239 for the documented days.", field="end", source="CPT 99221-99239",
        )  # fmt: skip
    return Choice(visit.kind.code, "initial hospital care")


def _critical(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice:
    documented = any("critical care" in note.text.lower() for note in visit.encounter.notes)
    if documented and minutes(visit.encounter.start, visit.encounter.end) >= 30:
        return Choice("99291", "critical care is documented and the visit lasted at least 30 minutes")
    return _default(visit, diagnoses, lines)


def _obstetric(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice | None:
    """Nothing while the delivery package covers it; an office visit when the pregnancy was lost (CPT maternity)."""
    if any(belongs(diagnosis.code.code, "loss") for diagnosis in diagnoses):
        choice = office(visit, diagnoses, lines)
        return Choice(choice.code, f"pregnancy lost, outside the obstetric package; {choice.why}")
    if not any(line.kind == "delivery" for line in lines):
        visit.say(
            "coding.obstetric-global", Severity.INFORMATION,
            "The visit itself is part of the obstetric package, billed with the delivery (59400, 59510).",
            "If another practice delivers, bill 59425, 59426 or 59430 instead.", field="kind",
            source="CPT maternity care and delivery",
        )  # fmt: skip
    return None


def _surgical(visit: Visit, _diagnoses: list[Diagnosis], lines: list[Line]) -> None:
    if not any(line.kind == "surgery" for line in lines):
        visit.say(
            "coding.global-surgery", Severity.INFORMATION,
            "Care around an operation is in the surgeon's global package.",
            "Bill the operation; another physician bills 99221-99223.", field="kind",
            source="CMS Claims Processing Manual chapter 12 §40",
        )  # fmt: skip


def _postoperative(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line]) -> Choice | None:
    """Within 90 days of an operation in the chart nothing is billed (99024 only tracks it); later an office visit."""
    earliest = visit.day - timedelta(days=_GLOBAL_DAYS)
    for other in visit.chart.encounters:
        if earliest <= other.start.date() < visit.day and any(_operation(other_code) for other_code in _codes(other)):
            visit.say(
                "coding.global-surgery", Severity.INFORMATION,
                f"The visit is within 90 days of the operation of {other.start.date().isoformat()} and paid with it.",
                "Report 99024 only where the payer asks for it.", field="kind",
                source="CMS Claims Processing Manual chapter 12 §40",
            )  # fmt: skip
            return None
    return office(visit, diagnoses, lines)


def _codes(encounter: EncounterRecord) -> list[str]:
    return [coding.code for record in encounter.procedures for coding in record.concept.codings]


def _operation(code: str) -> bool:
    mapped = crosswalk.procedures().get(code)
    return belongs(mapped.code if mapped else code, "major_surgery")


_RULES: dict[str, Chooser] = {
    "office_established_mdm": office,
    "office_new_mdm": office,
    "procedure_only": _none,
    "procedure_only_else_office_mdm": _office_unless_procedure,
    "ob_global": _obstetric,
    "ed_mdm": _default,
    "telehealth_mdm": _telehealth,
    "initial_hospital_mdm": _admission,
    "subsequent_hospital_mdm": _default,
    "telephone": _telephone,
    "home_residence_mdm": _home,
    "surgical_global": _surgical,
    "psychiatric_evaluation": _default,
    "postoperative_global": _postoperative,
    "critical_care_time": _critical,
    "nursing_facility_mdm": _default,
}
