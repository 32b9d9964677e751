"""Finding the services of an encounter: the clinician's own codes, else the crosswalk's."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.chart.model import CPT, SNOMED, ProcedureRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.crosswalk.lookup import ProcedureMap, System
from superbill.coding.context import Visit, clinician_code, native_procedure, suggested
from superbill.coding.diagnoses import FOUND, UNRANKED, Diagnosis, of_concept, side_of
from superbill.coding.kinds import kind_of
from superbill.coding.lines import Line
from superbill.coding.model import AssignedCode, CodeSystem
from superbill.findings import Severity

_NOT_DONE = {"not-done", "entered-in-error", "preparation", "stopped", "in-progress", "on-hold"}
_SIDE_MODIFIER = {"right": "RT", "left": "LT", "bilateral": "50"}
_STANDALONE = {"surgery", "delivery", "psychotherapy", "dialysis", "therapy", "injection", "radiation", "dental"}
_SCREENING_COLONOSCOPY = "Z12.11"


def gather(visit: Visit) -> tuple[list[Line], list[Diagnosis]]:
    """The lines of all procedures done in the encounter, and the diagnoses that they bring."""
    lines: list[Line] = []
    diagnoses: list[Diagnosis] = []
    for record in visit.encounter.procedures:
        if record.status in _NOT_DONE:
            continue
        own = [found for reason in record.reasons for found in of_concept(visit, reason, record.id, FOUND)]
        coding = native_procedure(record.concept)
        if coding is not None:
            system: CodeSystem = "CPT" if coding.system == CPT else "HCPCS"
            diagnoses += own
            code = clinician_code(system, coding.code.strip().upper(), record.id, record.concept.label)
            lines += _native(visit, record, code, own)
            continue
        found = crosswalk.procedures().get(record.concept.code(SNOMED) or _any_code(record))
        if found is None:
            _unmapped(visit, record)
            continue
        if not found.code or (found.payers and visit.payer_kind not in found.payers):
            visit.not_separate += not found.cvx
            diagnoses += own
            continue
        own = _with_own_diagnoses(visit, record, found, own)
        diagnoses += own
        lines += _mapped(visit, record, found, own)
    visit.standalone = any(line.kind in _STANDALONE for line in lines)
    billable = _contained(visit, _billable_here(visit, lines))
    visit.performed = _contained(visit, iter(lines))
    return billable, diagnoses


def _any_code(record: ProcedureRecord) -> str:
    return next((coding.code for coding in record.concept.codings), "")


def _unmapped(visit: Visit, record: ProcedureRecord) -> None:
    visit.say(
        "coding.unmapped-procedure", Severity.WARNING,
        f"No billing code is known for {_any_code(record) or 'an uncoded procedure'} ({record.concept.label}).",
        "Code it by hand, or confirm that it is not billable.", field="procedures",
    )  # fmt: skip


def _native(visit: Visit, record: ProcedureRecord, code: AssignedCode, own: list[Diagnosis]) -> Iterator[Line]:
    dates = crosswalk.code_dates().get((code.system, code.code))
    if dates is not None and visit.day not in dates.valid:
        visit.say(
            "coding.code-ended", Severity.WARNING,
            f"{code.system} {code.code} was not in force on {visit.day.isoformat()}.",
            "Choose the code that is valid on the date of service.", field="procedures",
        )  # fmt: skip
        return
    yield Line(
        code=code, kind=kind_of(code.system, code.code).name, day=_day(visit, record), modifiers=record.modifiers[:4],
        units=record.units or Decimal(1), reasons=tuple(found.code.code for found in own), note="",
    )  # fmt: skip


def _day(visit: Visit, record: ProcedureRecord) -> date:
    """The day it was done, when that lies within the encounter; else the first day."""
    done = record.performed
    return done if done and visit.day <= done <= visit.encounter.last_date_of_service else visit.day


def _with_own_diagnoses(
    visit: Visit, record: ProcedureRecord, found: ProcedureMap, own: list[Diagnosis]
) -> list[Diagnosis]:
    """The reasons on record; the procedure's own diagnoses where there are none, or where they belong in any case."""
    if own and not found.always:
        return own
    belonging = []
    for code in found.dx:
        dated = crosswalk.in_force("ICD-10-CM", code, visit.day)
        if dated:
            rule = f"diagnosis of SNOMED {found.snomed}"
            assigned = suggested("ICD-10-CM", dated, record.id, record.concept.label, rule, found.confidence)
            belonging.append(Diagnosis(assigned, FOUND, UNRANKED))
    return [*belonging, *own]


def _mapped(visit: Visit, record: ProcedureRecord, found: ProcedureMap, own: list[Diagnosis]) -> Iterator[Line]:
    text = record.concept.label or found.display
    reasons = tuple(dict.fromkeys(diagnosis.code.code for diagnosis in own))
    code, rule = found.code, f"SNOMED {found.snomed}"
    for prefix, special in found.by_reason:
        if any(reason.startswith(prefix) for reason in reasons):
            code, rule = special, f"{rule}, reason {prefix}"
            break
    modifiers = list(record.modifiers) + [m for m in found.modifiers if m not in record.modifiers]
    side = _SIDE_MODIFIER.get(side_of(record.body_site, record.concept.text, text), "") if found.sides else ""
    if side and side not in modifiers:
        modifiers.append(side)
    parts = [(code, found.units, tuple(modifiers)), *((extra, units, ()) for extra, units in found.also)]
    for place, (part, units, marks) in enumerate(parts):
        system: System = "ICD-10-PCS" if found.system == "ICD-10-PCS" else crosswalk.system_of(part)
        dated = crosswalk.in_force(system, part, visit.day)
        if dated is None:
            _ended(visit, system, part, text)
            continue
        how = rule if not place else f"reported with {code}"
        system = system if system == "ICD-10-PCS" else crosswalk.system_of(dated)
        yield Line(
            code=suggested(system, dated, record.id, text, how, found.confidence), kind=_kind(system, dated),
            day=_day(visit, record), modifiers=marks[:4], reasons=reasons, once=found.once if not place else "",
            units=(record.units if record.units and not place else None) or Decimal(units),
        )  # fmt: skip


def _kind(system: System, code: str) -> str:
    return "facility" if system == "ICD-10-PCS" else kind_of(system, code).name


def _ended(visit: Visit, system: str, code: str, text: str) -> None:
    visit.say(
        "coding.code-ended", Severity.WARNING,
        f"{system} {code} ({text}) was not in force on {visit.day.isoformat()} and has no successor on file.",
        "Choose the code that is valid on the date of service.", field="procedures",
    )  # fmt: skip


def _billable_here(visit: Visit, lines: list[Line]) -> Iterator[Line]:
    """Lines that a professional may bill in this place, with 26 where only the reading is theirs."""
    for line in lines:
        billing = kind_of(line.code.system, line.code.code).facility
        if line.kind == "facility" or billing == "never" or (visit.in_facility and billing == "hospital"):
            _not_ours(visit, line)
        elif visit.in_facility and billing == "26" and "26" not in line.modifiers:
            rule = f"{line.code.rule}; professional component in place of service {visit.place}"
            yield replace(line, modifiers=("26", *line.modifiers)[:4], code=replace(line.code, rule=rule))
        elif visit.in_facility and billing == "93010":
            rule = f"{line.code.rule}; reading only in place of service {visit.place}"
            yield replace(line, code=replace(line.code, code="93010", rule=rule))
        else:
            yield line


_OTHERS_BILL = {
    "anesthesia": ("coding.separate-provider", "the anesthesia provider bills it, with minutes"),
    "dental": ("coding.dental-claim", "it belongs on a dental claim (837D)"),
}


def _not_ours(visit: Visit, line: Line) -> None:
    rule, why = _OTHERS_BILL.get(
        line.kind, ("coding.institutional-service", "the facility bills it on its institutional claim (837I)")
    )
    text = line.code.evidence[0].text
    visit.say(
        rule, Severity.INFORMATION, f"{line.code.code} ({text}) is not on this professional claim: {why}.",
        "Nothing to do here.", field="procedures", source="CMS Claims Processing Manual chapter 12",
    )  # fmt: skip


def _contained(visit: Visit, lines: Iterator[Line]) -> list[Line]:
    """Without what another line contains: a diagnostic colonoscopy in one with biopsy or removal (NCCI chapter 6)."""
    kept = list(lines)
    codes = {line.code.code for line in kept}
    if codes & {"45380", "45385"}:
        kept = [line for line in kept if line.code.code != "45378"]
    if {"45380", "45385"} <= codes:
        visit.say(
            "coding.separate-lesion", Severity.WARNING,
            "45380 beside 45385 says that the biopsy was of another lesion than the one removed.",
            "Check the operative note; without a separate lesion bill 45385 alone.", field="procedures",
            source="NCCI policy manual chapter 6",
        )  # fmt: skip
        kept = [_marked(line, "59") if line.code.code == "45380" else line for line in kept]
    return [_screening(visit, line) for line in kept]


def _marked(line: Line, modifier: str) -> Line:
    if modifier in line.modifiers or line.code.source == "clinician":
        return line
    return replace(line, modifiers=(*line.modifiers, modifier)[:4])


def _screening(visit: Visit, line: Line) -> Line:
    """A colonoscopy that began as a screening: G0121 or PT for Medicare, 33 for others (MLN screening guide; CPT)."""
    if not line.code.code.startswith("4538") and line.code.code != "45378":
        return line
    if _SCREENING_COLONOSCOPY not in line.reasons or line.code.source == "clinician":
        return line
    if visit.medicare and line.code.code == "45378":
        return replace(
            line, code=replace(line.code, system="HCPCS", code="G0121", rule="Medicare screening colonoscopy")
        )
    return _marked(line, "PT" if visit.medicare else "33")
