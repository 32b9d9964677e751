"""Coding one encounter: every encounter ends coded, or with findings that say exactly why it is not billable."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec.structs import replace

from superbill.chart.model import CPT, HCPCS, Chart, EncounterRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.place_of_service import lookup as places
from superbill.coding import combinations, diagnoses, procedures, services, vaccines, visits, wellness
from superbill.coding import facility as facilities
from superbill.coding.context import Visit, clinician_code, kind_of_visit, suggested
from superbill.coding.diagnoses import Diagnosis
from superbill.coding.groups import belongs
from superbill.coding.kinds import kind_of
from superbill.coding.lines import Line, repeated
from superbill.coding.model import CodedEncounter, CodedService, Disposition, FacilityPart
from superbill.findings import Severity

MOST_DIAGNOSES = 12  # 837P HI segment; CMS-1500 box 21
MOST_OF_FACILITY = 25  # 837I: principal and 24 others; UB-04 FL 67
MOST_POINTERS = 4  # 837P SV107; CMS-1500 box 24E
_VOID = {"entered-in-error", "cancelled", "planned", "unknown"}
# Why an encounter may have no service: what somebody can mend, and what nobody can.
_MENDABLE = {
    "coding.unmapped-procedure", "coding.unmapped-vaccine", "coding.birth-date-missing",
    "coding.visit-without-diagnosis", "coding.code-ended",
}  # fmt: skip
_FINAL = {
    "coding.institutional-service", "coding.obstetric-global", "coding.global-surgery", "coding.dental-claim",
    "coding.separate-provider", "coding.telephone-new-patient", "coding.telephone-too-short",
}  # fmt: skip
_NEEDS_25 = {"surgery", "injection", "vaccine administration"}


def is_established(earlier_dates: Iterable[date], day: date) -> bool:
    """Was the patient seen by the practice in the three years before `day` (CPT: new and established patient)?

    A visit on the same day of the month three years earlier still counts; the visit itself does not.
    """
    try:
        since = day.replace(year=day.year - 3)
    except ValueError:  # 29 February
        since = date(day.year - 3, 3, 1)
    return any(since <= earlier < day for earlier in earlier_dates)


def code_encounter(
    chart: Chart, encounter: EncounterRecord, *, established: bool, payer_kind: str = "", facility: str = ""
) -> CodedEncounter:
    """The encounter in codes, each with evidence and rule; or not billable (final), or held (somebody can mend it).

    `established`: seen by the practice within three years. `payer_kind` as the site names it ("medicare" changes
    codes). `facility`: the kind of facility that the site bills for where the encounter was ("hospital",
    "skilled_nursing"); the encounter then also has that facility's part. Pure: the same chart gives the same result.
    """
    visit = _visit(chart, encounter, established, payer_kind)
    visit.facility = facility
    refused = _refused(visit)
    if refused is not None:
        return _result(visit, refused)
    found = diagnoses.of_encounter(visit)
    lines, brought = services.gather(visit)
    vaccine_lines, vaccine_diagnoses = vaccines.gather(visit, lines)
    lines += vaccine_lines + _coded_visit(visit, lines)
    found = _with_fallback(visit, found, brought, lines)
    chosen = procedures.without_included(visit, visits.choose(visit, found + brought, lines), lines, found + brought)
    if any(wellness.is_preventive(line.code.code) for line in chosen):
        found = wellness.examination(visit, found + brought) + found
    every = found + brought + vaccine_diagnoses
    every += list(diagnoses.additional(visit, [diagnosis.code.code for diagnosis in every]))
    final, became = combinations.combine(visit, _unique(every))
    visits_kept = _supported(visit, chosen, final)
    visit_lines = [line for line in _with_modifiers(visits_kept + lines) if line.kind == "visit"]
    part = facilities.part_of(visit, final, visit_lines, vaccine_lines)
    if part is not None:
        lines = [line for line in lines if not (line in vaccine_lines and visit.in_facility)]  # the hospital gives them
    kept = repeated(_with_modifiers(visits_kept + lines))
    most = MOST_OF_FACILITY if part else MOST_DIAGNOSES
    _say_what_was_left_out(visit, final, most)
    return _assembled(visit, final[:most], kept, became, part)


def _visit(chart: Chart, encounter: EncounterRecord, established: bool, payer_kind: str) -> Visit:
    kind, known = kind_of_visit(encounter)
    day = encounter.date_of_service
    visit = Visit(
        chart=chart, encounter=encounter, established=established, payer_kind=payer_kind, day=day,
        age=chart.age_on(day), kind=kind, place=_place(encounter, kind.place, day), findings=[],
    )  # fmt: skip
    if not known:
        visit.say(
            "coding.unmapped-visit", Severity.WARNING,
            f"This kind of visit is not in the crosswalk ({encounter.kind.label or 'none recorded'}); "
            f"it was taken by its class {encounter.class_code}.",
            "Check the visit code.", field="kind",
        )  # fmt: skip
    return visit


def _place(encounter: EncounterRecord, usual: str, day: date) -> str:
    """The place recorded, else the usual one of the kind: a hospital for what is done only there, else an office."""
    recorded = encounter.location.place_of_service if encounter.location else ""
    if recorded and places.place(recorded, day):
        return recorded
    if usual in {"11", "22"} and encounter.class_code in {"AMB", "WELLNESS"}:
        codes = [coding.code for record in encounter.procedures for coding in record.concept.codings]
        mapped = [found for code in codes if (found := crosswalk.procedures().get(code))]
        hospital = any(found.facility and kind_of(found.system, found.code).name == "surgery" for found in mapped)
        return "22" if hospital else "11"
    if places.place(usual, day):
        return usual
    return "02" if usual == "10" and places.place("02", day) else "11"


def _refused(visit: Visit) -> Disposition | None:
    """The reasons that settle an encounter before any code is looked up."""
    status, day = visit.encounter.status, visit.day.isoformat()
    if status in _VOID or status.startswith("no"):
        visit.say(
            "coding.not-a-visit",
            Severity.INFORMATION,
            f"The encounter is {status}: no service took place.",
            field="status",
        )
        return Disposition.NOT_BILLABLE
    if status != "finished":
        visit.say(
            "coding.visit-open", Severity.ERROR, f"The encounter is {status}, not finished.",
            "Code it when the visit is closed.", field="status",
        )  # fmt: skip
        return Disposition.HELD
    if visit.day < crosswalk.ICD10_START:
        visit.say(
            "coding.before-icd-10", Severity.INFORMATION,
            f"The date of service {day} is before 2015-10-01, when ICD-10-CM came into force.",
            "Claims of that time carry ICD-9-CM codes, which are not coded here.", field="start",
            source="45 CFR 162.1002",
        )  # fmt: skip
        return Disposition.NOT_BILLABLE
    if visit.kind.claim == "none" or visit.kind.visit == "not_billable":
        visit.say(
            "coding.not-payable", Severity.INFORMATION, f"{visit.kind.display} is not separately payable.", field="kind"
        )
        return Disposition.NOT_BILLABLE
    if visit.kind.claim == "institutional":
        visit.say(
            "coding.institutional-only", Severity.INFORMATION,
            f"{visit.kind.display} is billed by the facility or agency on an institutional claim (837I, "
            f"revenue code {visit.kind.revenue}); there is no professional counterpart.",
            "Bill it with the institutional claim.", field="kind",
        )  # fmt: skip
        return Disposition.NOT_BILLABLE
    died = visit.chart.patient.deceased
    if died is not None and died < visit.day:
        visit.say(
            "coding.after-death", Severity.ERROR,
            f"The patient died on {died.isoformat()}, before the service of {day}.",
            "Check both dates.", field="start", source="CARC 13",
        )  # fmt: skip
        return Disposition.HELD
    return None


def _coded_visit(visit: Visit, lines: list[Line]) -> list[Line]:
    """The visit code that the clinician gave as the type of the encounter."""
    code = visit.encounter.kind.code(CPT) or visit.encounter.kind.code(HCPCS)
    if code is None or any(line.code.code == code for line in lines):
        return []
    system = crosswalk.system_of(code)
    if kind_of(system, code).name != "visit":
        return []
    assigned = clinician_code(
        "CPT" if system == "CPT" else "HCPCS", code, visit.encounter.id, visit.encounter.kind.label
    )
    return [Line(code=assigned, kind="visit", day=visit.day)]


def _with_fallback(
    visit: Visit, found: list[Diagnosis], brought: list[Diagnosis], lines: list[Line]
) -> list[Diagnosis]:
    """Diagnoses of the visit; where nothing was recorded, what its kind names, then the active problem list.

    A preventive visit needs neither, and a visit of which a procedure tells the reason has it there.
    """
    usable = [diagnosis for diagnosis in found + brought if not belongs(diagnosis.code.code, "secondary_only")]
    if usable or visit.kind.visit == "preventive_by_age":
        return found
    if visit.kind.dx:
        dated = crosswalk.in_force("ICD-10-CM", visit.kind.dx, visit.day)
        if dated:
            rule = f"named by the kind of visit, SNOMED {visit.kind.snomed}"
            code = suggested("ICD-10-CM", dated, visit.encounter.id, visit.kind.display, rule, visit.kind.confidence)
            return [*found, Diagnosis(code)]
    if visit.kind.visit == "procedure_only" and all(line.kind.startswith("vaccine") for line in lines):
        return found
    return found + diagnoses.of_problem_list(visit)


def _unique(found: list[Diagnosis]) -> list[Diagnosis]:
    best: dict[str, Diagnosis] = {}
    for diagnosis in sorted(found, key=_preference):
        best.setdefault(diagnosis.code.code, diagnosis)
    return sorted(best.values(), key=diagnoses.sort_key)


def _preference(diagnosis: Diagnosis) -> tuple[tuple[bool, int, int, int, str], bool, str]:
    code = diagnosis.code
    return (diagnoses.sort_key(diagnosis), code.source != "clinician", code.evidence[0].record if code.evidence else "")


def _supported(visit: Visit, chosen: list[Line], final: list[Diagnosis]) -> list[Line]:
    """The visit lines, unless the only diagnosis is that of a vaccine: that supports no problem visit."""
    if not chosen or any(_may_be_first(diagnosis) and diagnosis.code.code != vaccines.DIAGNOSIS for diagnosis in final):
        return chosen
    if final and any(diagnosis.code.code == vaccines.DIAGNOSIS for diagnosis in final):
        visit.say(
            "coding.visit-without-diagnosis", Severity.WARNING,
            f"{chosen[0].code.code} is not billed: no diagnosis but the vaccination is recorded.",
            "Ask the provider what else was seen to.", field="diagnoses", source="ICD-10-CM guidelines IV.A",
        )  # fmt: skip
        return []
    return chosen


def _may_be_first(diagnosis: Diagnosis) -> bool:
    return not belongs(diagnosis.code.code, "secondary_only")


def _with_modifiers(lines: list[Line]) -> list[Line]:
    """25 on the visit beside a minor procedure, an injection or the giving of a vaccine; 57 beside a major one.

    CMS Claims Processing Manual ch. 12 §30.6.6; NCCI policy manual ch. 1 §D and ch. 11 (vaccine administration).
    Medicare's wellness visits have 25 beside what `_holds_a_visit`, and no 57: they decide nothing about an operation.
    Drawing blood and laboratory tests have no visit of their own inside them: beside them the visit stands alone.
    """
    others = [line for line in lines if line.kind != "visit"]
    major = any(belongs(line.code.code, "major_surgery") for line in others)
    minor = any(line.kind in _NEEDS_25 for line in others)
    wellness_too = not major and any(_holds_a_visit(line) for line in others)
    wanted = "57" if major else "25"
    return [
        replace(line, modifiers=(*line.modifiers, wanted))
        if line.kind == "visit"
        and _may_carry(line)
        and ((line.code.code[:2] == "99" and (major or minor)) or (_is_wellness(line) and wellness_too))
        else line
        for line in lines
    ]  # fmt: skip


def _is_wellness(line: Line) -> bool:
    """Medicare's own preventive visits: the welcome visit and the annual wellness visits."""
    return line.code.system == "HCPCS" and wellness.is_preventive(line.code.code)


def _holds_a_visit(line: Line) -> bool:
    """Whether Medicare counts a wellness visit as part of this service, unless 25 says that it stood apart.

    Every procedure and injection has some evaluation inside (NCCI policy manual ch. 1 §D). Medicare's other preventive
    services, among them Part B's vaccines, are no part of a wellness visit and paid beside it (CMS Claims Processing
    Manual ch. 18 §140).
    """
    vaccine = line.kind == "vaccine administration"
    if line.code.system != "CPT" or (vaccine and not "90460" <= line.code.code <= "90474"):  # COVID-19 is Part B's, too
        return False
    return line.kind in _NEEDS_25


def _may_carry(line: Line) -> bool:
    return not {"25", "57"} & set(line.modifiers) and len(line.modifiers) < 4


def _say_what_was_left_out(visit: Visit, final: list[Diagnosis], most: int) -> None:
    if visit.social:
        visit.say(
            "coding.no-code-for-finding", Severity.INFORMATION,
            f"{visit.social} social findings have no ICD-10-CM code and are not coded.", field="conditions",
        )  # fmt: skip
    if visit.not_separate:
        visit.say(
            "coding.part-of-visit", Severity.INFORMATION,
            f"{visit.not_separate} procedures are part of the visit or of another service and not billed.",
            field="procedures",
        )  # fmt: skip
    if len(final) > most:
        dropped = ", ".join(diagnosis.code.code for diagnosis in final[most:])
        visit.say(
            "coding.too-many-diagnoses", Severity.INFORMATION, f"A claim holds {most} diagnoses; left out: {dropped}.",
            field="diagnoses", source="837P HI" if most == MOST_DIAGNOSES else "837I HI",
        )  # fmt: skip


def _assembled(
    visit: Visit, final: list[Diagnosis], lines: list[Line], became: dict[str, str], part: FacilityPart | None
) -> CodedEncounter:
    if not lines:
        fate = _nothing_billable(visit, part)
        if fate is not None:
            return _result(visit, fate)
    if not any(_may_be_first(diagnosis) for diagnosis in final):
        what = ", ".join(line.code.code for line in lines[:6]) or "the facility's charges"
        visit.say(
            "coding.no-diagnosis", Severity.ERROR, f"No diagnosis is recorded that supports {what}.",
            "Ask the provider for the diagnosis of the visit.", field="diagnoses", source="ICD-10-CM guidelines IV",
        )  # fmt: skip
        return _result(visit, Disposition.HELD)
    if any(finding.severity is Severity.ERROR for finding in visit.findings):
        return _result(visit, Disposition.HELD)
    numbers = {diagnosis.code.code: number for number, diagnosis in enumerate(final, 1)}
    coded = tuple(_service(line, numbers, became) for line in lines)
    kind: Literal["professional", "institutional"] = "professional" if lines else "institutional"
    result = replace(_result(visit, Disposition.CODED), claim_kind=kind, facility=part)
    return replace(result, diagnoses=tuple(diagnosis.code for diagnosis in final), services=coded)


def _service(line: Line, numbers: dict[str, int], became: dict[str, str]) -> CodedService:
    own = [numbers[code] for reason in line.reasons if (code := combinations.follow(reason, became)) in numbers]
    shared = [number for code, number in numbers.items() if code != vaccines.DIAGNOSIS] or [1]
    # A line without a reason of its own, or with only secondary ones, also points to what comes first.
    pointers = own or shared
    return CodedService(
        procedure=line.code, modifiers=line.modifiers, units=line.units, service_date=line.day,
        diagnosis_pointers=tuple(dict.fromkeys(pointers))[:MOST_POINTERS], ndc=line.ndc,
        ndc_quantity=line.ndc_quantity, ndc_unit="UN" if line.ndc and line.ndc_quantity else "", note=line.note,
    )  # fmt: skip


def _nothing_billable(visit: Visit, part: FacilityPart | None) -> Disposition | None:
    """Why there is no service: what the findings already say, else that nothing was recorded. None: a facility bills,
    and nothing is to be mended first."""
    said = {finding.rule for finding in visit.findings}
    mendable, final = said & _MENDABLE, said & _FINAL
    if part is not None and not mendable:
        return None
    if not (mendable or final):
        visit.say(
            "coding.nothing-billable", Severity.INFORMATION,
            "No procedure that can be billed is recorded, and this kind of visit has no visit code of its own.",
            "Record the procedure if one was done.", field="procedures",
        )  # fmt: skip
    return Disposition.HELD if mendable else Disposition.NOT_BILLABLE


def _result(visit: Visit, disposition: Disposition) -> CodedEncounter:
    return CodedEncounter(
        encounter_id=visit.encounter.id, patient_id=visit.chart.patient.id, date_of_service=visit.day,
        place_of_service=visit.place, disposition=disposition, findings=tuple(visit.findings),
    )  # fmt: skip
