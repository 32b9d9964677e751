"""Vaccines: the product and its administration, in the sequence that CPT and Medicare ask for."""

import re
from decimal import Decimal

from msgspec import Struct

from superbill.chart.model import CPT, CVX, SNOMED, ImmunizationRecord
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.crosswalk.lookup import VaccineMap
from superbill.coding.context import Visit, clinician_code, suggested
from superbill.coding.diagnoses import FOUND, Diagnosis
from superbill.coding.lines import Line
from superbill.coding.model import AssignedCode
from superbill.findings import Severity

DIAGNOSIS = "Z23"
_COUNSELING = re.compile(r"counsel", re.IGNORECASE)
_VACCINE_WORD = re.compile(r"vaccin|immuni[sz]", re.IGNORECASE)


class Given(Struct, frozen=True):
    """One vaccine that was given and can be billed."""

    record: str
    text: str
    vaccine: VaccineMap
    dose: int


def gather(visit: Visit, lines: list[Line]) -> tuple[list[Line], list[Diagnosis]]:
    """Product and administration lines, and Z23. `lines` are those found before: what the clinician coded stays."""
    coded = {line.code.code for line in lines}
    given: list[Given] = []
    found: list[Line] = []
    for record in sorted(visit.encounter.immunizations, key=lambda record: record.id):
        if record.status != "completed":
            continue
        vaccine, code = _product(visit, record)
        if vaccine is not None:
            given.append(Given(record.id, record.concept.label, vaccine, _dose(visit, record)))
        if code is not None and code.code not in coded:
            found.append(
                Line(
                    code=code, kind="vaccine", day=visit.day, reasons=(DIAGNOSIS,), ndc=record.ndc,
                    ndc_quantity=record.dose_quantity,
                )
            )  # fmt: skip
    products = {line.code.code for line in found} | coded
    for procedure in visit.encounter.procedures:
        mapped = crosswalk.procedures().get(procedure.concept.code(SNOMED) or "")
        vaccine = crosswalk.vaccines().get(mapped.cvx) if mapped and mapped.cvx else None
        if vaccine is None or vaccine.product in products or procedure.status != "completed":
            continue
        products.add(vaccine.product)
        given.append(Given(procedure.id, procedure.concept.label, vaccine, 1))
        code = suggested("CPT", vaccine.product, procedure.id, procedure.concept.label, f"CVX {vaccine.cvx}", "medium")
        found.append(Line(code=code, kind="vaccine", day=visit.day, reasons=(DIAGNOSIS,)))
    if not any(line.kind == "vaccine administration" for line in lines):
        found += administration(visit, given)
    text = found[0].code.evidence[0].text if found else ""
    record_id = found[0].record if found else ""
    diagnosis = suggested("ICD-10-CM", DIAGNOSIS, record_id, text, "vaccine given: ICD-10-CM guidelines I.C.21.c.2")
    return found, [Diagnosis(diagnosis, FOUND + 1)] if found else []


def _dose(visit: Visit, record: ImmunizationRecord) -> int:
    """The number of the dose: as recorded, else one more than the earlier ones of the same vaccine in the chart."""
    if record.dose_number:
        return record.dose_number
    cvx = record.concept.code(CVX)
    return 1 + sum(
        1 for other in visit.chart.encounters if other.start.date() < visit.day
        for earlier in other.immunizations if earlier.status == "completed" and earlier.concept.code(CVX) == cvx
    )  # fmt: skip


def _product(visit: Visit, record: ImmunizationRecord) -> tuple[VaccineMap | None, AssignedCode | None]:
    """The vaccine as our table knows it, and its product code: the clinician's or ours; (None, None) with a finding."""
    cvx = (record.concept.code(CVX) or "").strip()
    vaccine = crosswalk.vaccines().get(cvx.zfill(2)) or crosswalk.vaccines().get(cvx.lstrip("0"))
    native = record.concept.code(CPT)
    label = record.concept.label
    if native is None and vaccine is None:
        visit.say(
            "coding.unmapped-vaccine", Severity.WARNING, f"No billing code is known for CVX {cvx or '?'} ({label}).",
            "Code the product and its administration by hand.", field="immunizations",
        )  # fmt: skip
        return None, None
    code = native or (vaccine.product if vaccine else "")
    if crosswalk.in_force("CPT", code, visit.day) != code:
        visit.say(
            "coding.code-ended", Severity.WARNING,
            f"CPT {code} ({label}) was not in force on {visit.day.isoformat()} and has no successor on file.",
            "Check which product was given, and bill its code.", field="immunizations",
        )  # fmt: skip
        return None, None
    if native:
        by_product = next((v for v in crosswalk.vaccines().values() if v.product == native), None)
        return vaccine or by_product, clinician_code("CPT", native, record.id, label)
    return vaccine, suggested("CPT", code, record.id, label, f"CVX {cvx}")


def administration(visit: Visit, given: list[Given]) -> list[Line]:
    """How the vaccines were given: their own codes (COVID-19), Medicare's, counseling's, else by route.

    CPT 90460-90474: with counseling by the physician under 19 one 90460 each and 90461 for each further component;
    else one initial (90471, or 90473 when nothing was injected) and the others as additional. Medicare: G0008,
    G0009, G0010 once each (CMS Claims Processing Manual chapter 18 §10.2).
    """
    lines: list[Line] = []
    general: list[Given] = []
    medicare: dict[str, Given] = {}
    for one in given:
        if one.vaccine.administration:
            codes = one.vaccine.administration
            code = codes[min(one.dose, len(codes)) - 1]
            if crosswalk.in_force("CPT", code, visit.day) == code:
                lines.append(_line(visit, code, [one], 1, f"CVX {one.vaccine.cvx}, dose {one.dose}"))
            else:
                visit.say(
                    "coding.code-ended", Severity.WARNING,
                    f"CPT {code} ({one.text}) was not in force on {visit.day.isoformat()}.",
                    "Choose the administration code of that date.", field="immunizations",
                )  # fmt: skip
        elif visit.medicare and one.vaccine.medicare_administration:
            medicare.setdefault(one.vaccine.medicare_administration, one)
        else:
            general.append(one)
    lines += [_line(visit, code, [one], 1, "Medicare administration") for code, one in sorted(medicare.items())]
    if general and visit.age is not None and visit.age < 19 and _counseled(visit):
        further = sum(one.vaccine.components - 1 for one in general)
        lines.append(_line(visit, "90460", general, len(general), "counseling under 19"))
        if further:
            lines.append(_line(visit, "90461", general, further, "further components with counseling under 19"))
        return lines
    return lines + _by_route(visit, general)


def _by_route(visit: Visit, given: list[Given]) -> list[Line]:
    injected = [one for one in given if one.vaccine.route == "injection"]
    other = [one for one in given if one.vaccine.route != "injection"]
    lines: list[Line] = []
    if injected:
        lines.append(_line(visit, "90471", injected[:1], 1, "first injected vaccine"))
        if injected[1:]:
            lines.append(_line(visit, "90472", injected[1:], len(injected) - 1, "each further injected vaccine"))
    elif other:
        lines.append(_line(visit, "90473", other[:1], 1, "first oral or nasal vaccine"))
        other = other[1:]
    if other:
        lines.append(_line(visit, "90474", other, len(other), "each further oral or nasal vaccine"))
    return lines


def _line(visit: Visit, code: str, given: list[Given], units: int, rule: str) -> Line:
    evidence = tuple(
        part for one in given for part in suggested("CPT", code, one.record, one.text, rule).evidence
    )  # fmt: skip
    assigned = AssignedCode(
        system=crosswalk.system_of(code), code=code, release=crosswalk.RELEASE, evidence=evidence, rule=rule
    )  # fmt: skip
    return Line(code=assigned, kind="vaccine administration", day=visit.day, units=Decimal(units), reasons=(DIAGNOSIS,))


def _counseled(visit: Visit) -> bool:
    """Does a note or a procedure of the encounter say that the vaccines were talked through?"""
    texts = [note.text for note in visit.encounter.notes]
    texts += [f"{record.concept.label} {record.note}" for record in visit.encounter.procedures]
    return any(
        _COUNSELING.search(sentence) and _VACCINE_WORD.search(sentence)
        for text in texts
        for sentence in text.split(".")
    )
