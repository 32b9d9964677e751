"""Finding the diagnoses of an encounter: what the clinician coded, else what the crosswalk says of the condition."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from superbill.chart.model import ICD10CM, SNOMED, Concept, ConditionRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.crosswalk.lookup import ConditionMap
from superbill.coding.context import Visit, clinician_code, problem_list, suggested
from superbill.coding.groups import belongs
from superbill.coding.model import AssignedCode
from superbill.findings import Severity

UNRANKED = 1_000
VISIT, CLINICIAN, REASON, FOUND = -1, 0, 2, 3
_UNCERTAIN = {"provisional", "differential", "unconfirmed"}
_VOID = {"refuted", "entered-in-error"}
_ICD10CM = re.compile(r"[A-Z]([0-9][0-9A-Z]|[A-Z][0-9])(\.[0-9A-Z]{1,4})?")
_SIDES = (
    ("bilateral", re.compile(r"\b(bilateral|both)\b", re.IGNORECASE)),
    ("right", re.compile(r"\bright\b", re.IGNORECASE)),
    ("left", re.compile(r"\bleft\b", re.IGNORECASE)),
)
_GESTATION_WEEKS = {"11884-4", "18185-9", "49051-6", "11885-1"}  # LOINC: gestational age
_BMI = "39156-5"
_INSULIN = re.compile(r"insulin|humulin|novolin|lantus", re.IGNORECASE)
_ORAL_ANTIDIABETIC = re.compile(
    r"metformin|glipizide|glyburide|glimepiride|pioglitazone|sitagliptin|empagliflozin", re.IGNORECASE
)


class Diagnosis(Struct, frozen=True):
    """A diagnosis and where it wants to stand: `tier` (visit, clinician's rank, reason, found …), then `rank`."""

    code: AssignedCode
    tier: int = FOUND
    rank: int = UNRANKED


def sort_key(diagnosis: Diagnosis) -> tuple[bool, int, int, int, str]:
    """First-listed first: what must come first, the clinician's rank, the reason, what is treated, symptoms, status.

    ICD-10-CM guidelines IV.G (first-listed), IV.D (symptoms), I.B.14 and I.A.13 (never first).
    """
    code = diagnosis.code.code
    tier = 0 if belongs(code, "first") and diagnosis.tier > VISIT else diagnosis.tier
    nature = 3 if belongs(code, "status") else 2 if belongs(code, "symptoms") else 1
    return (belongs(code, "secondary_only"), tier, diagnosis.rank, nature, code)


def side_of(*texts: str) -> str:
    """right, left or bilateral, when one of the texts says so; else ""."""
    for text in texts:
        for side, pattern in _SIDES:
            if text and pattern.search(text):
                return side
    return ""


def of_encounter(visit: Visit) -> list[Diagnosis]:
    """Diagnoses of the conditions recorded in the encounter and of the reasons for it."""
    found: list[Diagnosis] = []
    for record in visit.encounter.conditions:
        if record.verification in _VOID:
            continue
        if record.verification in _UNCERTAIN:
            visit.say(
                "coding.uncertain-diagnosis", Severity.INFORMATION,
                f"{record.concept.label} is recorded as {record.verification} and is not coded.",
                "Code the sign or symptom, or confirm the diagnosis.", field="conditions",
                source="ICD-10-CM guidelines IV.H",
            )  # fmt: skip
            continue
        tier, rank = (CLINICIAN, record.rank) if record.rank is not None else (FOUND, UNRANKED)
        found += of_concept(visit, record.concept, record.id, tier, rank, record.body_site, record.onset)
    for reason in visit.encounter.reasons:
        if reason.codings:
            found += of_concept(visit, reason, visit.encounter.id, REASON)
        elif not visit.encounter.conditions:
            visit.say(
                "coding.reason-in-words", Severity.INFORMATION,
                f"The reason for the visit is in words only: {reason.label}.", "Record the diagnosis.", field="reasons",
            )  # fmt: skip
    return found


def of_concept(
    visit: Visit,
    concept: Concept,
    record: str,
    tier: int,
    rank: int = UNRANKED,
    site: str = "",
    onset: date | None = None,
) -> list[Diagnosis]:
    """The codes of one concept on the date of service; [] with a finding when it has none."""
    native = concept.code(ICD10CM)
    if native is not None:
        return list(_native(visit, native, concept, record, tier, rank))
    code = concept.code(SNOMED)
    found = crosswalk.conditions().get(code or "")
    if found is None:
        if concept.label or code:
            visit.say(
                "coding.unmapped-condition", Severity.WARNING,
                f"No ICD-10-CM code is known for {code or 'an uncoded condition'} ({concept.label}).",
                "Code it by hand.", field="conditions",
            )  # fmt: skip
        return []
    if found.use == "none":
        visit.social += 1
        return []
    return list(_mapped(visit, found, concept, record, tier, rank, site, onset))


def _native(visit: Visit, code: str, concept: Concept, record: str, tier: int, rank: int) -> Iterator[Diagnosis]:
    plain = code.strip().upper().replace(".", "")
    dotted = plain[:3] + ("." + plain[3:] if len(plain) > 3 else "")
    dated = crosswalk.in_force("ICD-10-CM", dotted, visit.day) if _ICD10CM.fullmatch(dotted) else None
    if dated is None:
        visit.say(
            "coding.code-ended", Severity.WARNING,
            f"{code} ({concept.label}) is not a valid ICD-10-CM code on {visit.day.isoformat()}.",
            "Choose the code that is valid on the date of service.", field="conditions", source="45 CFR 162.1002",
        )  # fmt: skip
        return
    if dated == dotted:
        yield Diagnosis(clinician_code("ICD-10-CM", dotted, record, concept.label), tier, rank)
        return
    visit.say(
        "coding.code-not-yet", Severity.WARNING,
        f"{dotted} ({concept.label}) was not yet in force on {visit.day.isoformat()}; {dated} stood for it.",
        "Check the code.", field="conditions", source="ICD-10-CM conversion table",
    )  # fmt: skip
    yield Diagnosis(suggested("ICD-10-CM", dated, record, concept.label, f"before {dotted}"), tier, rank)


def _mapped(
    visit: Visit,
    found: ConditionMap,
    concept: Concept,
    record: str,
    tier: int,
    rank: int,
    site: str,
    onset: date | None,
) -> Iterator[Diagnosis]:
    main, rule = _variant(visit, found, concept, site, onset)
    text = concept.label or found.display
    for place, code in enumerate((main, *found.also)):
        dated = crosswalk.in_force("ICD-10-CM", code, visit.day) if code != "-" else None
        if dated is None and code != "-":
            visit.say(
                "coding.code-ended", Severity.WARNING,
                f"{code} ({text}) has no valid form on {visit.day.isoformat()}.", "Code it by hand.",
                field="conditions",
            )  # fmt: skip
        if dated is None:
            return
        how = rule if not place else f"reported with {main}"
        how += f"; {dated} stood for {code} on this date" if dated != code else ""
        suggestion = suggested("ICD-10-CM", dated, record, text, how, found.confidence)
        yield Diagnosis(suggestion, tier if found.use == "yes" else max(tier, FOUND + 1), rank)


def _variant(visit: Visit, found: ConditionMap, concept: Concept, site: str, onset: date | None) -> tuple[str, str]:
    """The code of the map that fits the circumstances, and the rule by which."""
    if found.when:
        began = onset or _first_onset(visit, found.snomed) or visit.day
        for circumstance, code in found.when:
            if _is(circumstance, visit, began):
                return code, f"SNOMED {found.snomed}, {circumstance.replace('_', ' ')}"
    side = side_of(site, concept.text, concept.label) if found.sides else ""
    if side in found.sides:
        return found.sides[side], f"SNOMED {found.snomed}, {side}"
    trimester = _trimester(visit) if found.trimesters else None
    if trimester in found.trimesters:
        return found.trimesters[trimester], f"SNOMED {found.snomed}, trimester {trimester}"
    return found.code, f"SNOMED {found.snomed}"


def _is(circumstance: str, visit: Visit, began: date) -> bool:
    since = visit.day - began
    return {
        "emergency": visit.kind.class_code == "EMER" or visit.place == "23",
        "onset": since <= timedelta(0),
        "later": since > timedelta(0),
        "within_28_days": since <= timedelta(28),  # guidelines I.C.9.e.1: four weeks
        "after_28_days": since > timedelta(28),
    }[circumstance]


def _first_onset(visit: Visit, snomed: str) -> date | None:
    records: Iterable[ConditionRecord] = (
        *visit.chart.problems, *(record for e in visit.chart.encounters for record in e.conditions)
    )  # fmt: skip
    days = [record.onset for record in records if record.onset and record.concept.code(SNOMED) == snomed]
    return min((day for day in days if day <= visit.day), default=None)


def _observed(visit: Visit, codes: set[str]) -> float | None:
    for observation in visit.encounter.observations:
        if any(coding.code in codes for coding in observation.concept.codings):
            try:
                return float(observation.value)
            except ValueError:
                continue
    return None


def _trimester(visit: Visit) -> int | None:
    """By completed weeks (I.C.15 intro): first under 14 weeks 0 days, second under 28, then third."""
    weeks = _observed(visit, _GESTATION_WEEKS)
    return None if weeks is None else 1 if weeks < 14 else 2 if weeks < 28 else 3


def additional(visit: Visit, codes: list[str]) -> Iterator[Diagnosis]:
    """Codes that the presence of others asks for: body mass index with obesity, drugs with diabetes."""
    bmi = _observed(visit, {_BMI})
    if bmi is not None and visit.age is not None and visit.age >= 20 and any(code.startswith("E66") for code in codes):
        rule = "body mass index of the visit: ICD-10-CM guidelines I.B.14"
        yield Diagnosis(
            suggested("ICD-10-CM", body_mass_code(bmi), visit.encounter.id, f"BMI {bmi:g}", rule), FOUND + 2
        )
    if any(code.startswith("E11") for code in codes):
        drugs = " ".join(record.concept.label for record in visit.encounter.medications)
        rule = "drug treatment of diabetes: ICD-10-CM guidelines I.C.4.a.3"
        for pattern, code in ((_INSULIN, "Z79.4"), (_ORAL_ANTIDIABETIC, "Z79.84")):
            dated = crosswalk.in_force("ICD-10-CM", code, visit.day)
            if dated and pattern.search(drugs):
                yield Diagnosis(suggested("ICD-10-CM", dated, visit.encounter.id, "medication list", rule), FOUND + 2)


def body_mass_code(bmi: float) -> str:
    """The code of an adult's body mass index in kg/m²: Z68.1 below 20, by whole numbers below 40, then by ranges."""
    if bmi < 20:
        return "Z68.1"
    if bmi < 40:
        return f"Z68.{int(bmi)}"
    return next(
        code
        for limit, code in ((45, "Z68.41"), (50, "Z68.42"), (60, "Z68.43"), (70, "Z68.44"), (999, "Z68.45"))
        if bmi < limit
    )


def of_problem_list(visit: Visit) -> list[Diagnosis]:
    """When the visit names no diagnosis: the one that its kind suggests if the patient has it, else chronic problems.

    At most four, all of low confidence, with a warning: somebody must see that they were addressed.
    """
    found: dict[str, Diagnosis] = {}
    social, said = visit.social, list(visit.findings)
    for record in problem_list(visit):
        for diagnosis in of_concept(visit, record.concept, record.id, FOUND, UNRANKED, record.body_site, record.onset):
            found.setdefault(diagnosis.code.code, diagnosis)
    visit.social, visit.findings[:] = social, said
    likely = [found[visit.kind.likely]] if visit.kind.likely in found else []
    chronic = [found[code] for code in sorted(found) if belongs(code, "chronic")] if visit.kind.problems else []
    chosen = (likely or chronic)[:4]
    if chosen:
        names = ", ".join(diagnosis.code.code for diagnosis in chosen)
        visit.say(
            "coding.diagnosis-from-problem-list", Severity.WARNING,
            f"The visit names no diagnosis; {names} was taken from the patient's active problems.",
            "Check that the note of the visit addresses it.", field="diagnoses", source="ICD-10-CM guidelines IV.J",
        )  # fmt: skip
    return [_low(diagnosis) for diagnosis in chosen]


def _low(diagnosis: Diagnosis) -> Diagnosis:
    code = diagnosis.code
    text = code.evidence[0].text
    return Diagnosis(
        suggested("ICD-10-CM", code.code, code.evidence[0].record, text, "active problem list", "low"), FOUND
    )
