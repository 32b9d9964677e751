"""Service lines and diagnoses of a claim from a coded encounter."""

from decimal import Decimal
from typing import Literal

from superbill.claims.codes import WAIVED_WITH_QW, is_anesthesia, is_unlisted, is_vaccine
from superbill.claims.inputs import BillingParties, Price
from superbill.claims.model import Diagnosis, NationalDrug, Procedure, ServiceLine
from superbill.coding.model import CodedEncounter, CodedService
from superbill.effective import Period
from superbill.findings import Finding, Severity, header, line
from superbill.money import times

DIAGNOSES_PER_CLAIM = 12
POINTERS_PER_LINE = 4
MODIFIERS_PER_LINE = 4
MAX_LINES = 1300  # 26 claims of 50
_DESCRIPTION = 80  # SV101-7
# CTP05 for the units that charts use (UCUM) and that billers write.
_DRUG_UNITS = {
    alias: unit
    for unit, aliases in {"ML": "ML", "GR": "G GR GM", "ME": "MG ME", "F2": "[IU] IU F2", "UN": "UN EA"}.items()
    for alias in aliases.split()
}


def choose_diagnoses(coded: CodedEncounter, findings: list[Finding]) -> tuple[tuple[Diagnosis, ...], dict[int, int]]:
    """At most 12 diagnoses in sequence, and where each of the encounter's went (both counted from 1).

    The first-listed stays first. Beyond 12, those that lines point to are kept before the others; a code that
    comes twice is one.
    """
    codes = [code.code.replace(".", "").upper() for code in coded.diagnoses]
    first_place: dict[str, int] = {}
    for place, code in enumerate(codes, start=1):
        first_place.setdefault(code, place)
    pointed = {1} | {
        first_place[codes[p - 1]] for s in coded.services for p in s.diagnosis_pointers if 0 < p <= len(codes)
    }
    distinct = list(first_place.values())
    kept = sorted(sorted(distinct, key=lambda place: (place not in pointed, place))[:DIAGNOSES_PER_CLAIM])
    new_place = {old: new for new, old in enumerate(kept, start=1)}
    if len(distinct) > DIAGNOSES_PER_CLAIM:
        findings.append(
            Finding(
                rule="claims.diagnoses-left-out",
                severity=Severity.INFORMATION,
                where=header("diagnoses"),
                message=f"{len(distinct) - DIAGNOSES_PER_CLAIM} of {len(distinct)} diagnoses are not on the claim.",
                why="A professional claim holds 12 (837P TR3, loop 2300 HI).",
                fix="Nothing, unless a line's reason is among them.",
            )
        )
    places = {
        place: new_place[first_place[code]] for place, code in enumerate(codes, 1) if first_place[code] in new_place
    }
    return tuple(Diagnosis(codes[old - 1]) for old in kept), places


def build_lines(
    coded: CodedEncounter,
    account: str,
    places: dict[int, int],
    parties: BillingParties,
    price: Price,
    findings: list[Finding],
) -> tuple[ServiceLine, ...]:
    """The lines with their charges and control numbers; what can't be built is added to `findings`."""
    if len(coded.services) > MAX_LINES:
        findings.append(
            _problem("claims.too-many-lines", MAX_LINES + 1, f"More than {MAX_LINES} services.", "Split the visit.")
        )
        return ()
    built = (
        _line(number, service, f"{account}-{number}", places, parties, price, findings)
        for number, service in enumerate(coded.services, start=1)
    )
    return tuple(one for one in built if one)


def _line(
    number: int,
    service: CodedService,
    control: str,
    places: dict[int, int],
    parties: BillingParties,
    price: Price,
    findings: list[Finding],
) -> ServiceLine | None:
    code = service.procedure.code.strip().upper()
    modifiers = _modifiers(number, code, service, parties, findings)
    each = price(code, modifiers, service.service_date)
    if each is None:
        fix = f"Add {code} to the charge master, in force on {service.service_date.isoformat()}."
        findings.append(_problem("claims.no-price", number, f"The practice has no price for {code}.", fix))
        return None
    unlisted = is_unlisted(code)
    return ServiceLine(
        number=number,
        control_number=control,
        procedure=Procedure(code, modifiers, description=service.note[:_DESCRIPTION] if unlisted else ""),
        charge=times(each, service.units),
        units=service.units,
        unit_kind=_unit_kind(code),
        service=Period(service.service_date, service.service_end or service.service_date),
        diagnosis_pointers=_pointers(number, service, places, findings),
        drug=_drug(number, code, service, findings),
        note=service.note[:_DESCRIPTION],
    )


def _unit_kind(code: str) -> Literal["UN", "MJ"]:
    return "MJ" if is_anesthesia(code) else "UN"


def _modifiers(
    number: int, code: str, service: CodedService, parties: BillingParties, findings: list[Finding]
) -> tuple[str, ...]:
    """The coder's modifiers, and QW on a waived test of a laboratory with a certificate of waiver."""
    modifiers = tuple(modifier.strip().upper() for modifier in service.modifiers)
    if parties.clia and parties.certificate_of_waiver and code in WAIVED_WITH_QW and not {"QW", "90"} & {*modifiers}:
        modifiers = (*modifiers, "QW")
    if len(modifiers) > MODIFIERS_PER_LINE:
        fix = "Keep the four that change payment most, or use 99 as the contract says."
        findings.append(_problem("claims.modifiers", number, f"{len(modifiers)} modifiers; a line holds 4.", fix))
    return modifiers


def _pointers(number: int, service: CodedService, places: dict[int, int], findings: list[Finding]) -> tuple[int, ...]:
    wanted = [places.get(pointer) for pointer in service.diagnosis_pointers]
    pointers = tuple(dict.fromkeys(place for place in wanted if place is not None))
    if service.diagnosis_pointers and None in wanted:
        fix = "Point the line to diagnoses that are on the claim."
        findings.append(_problem("claims.pointer", number, "The line points to a diagnosis that is not there.", fix))
    if not pointers:
        findings.append(
            Finding(
                rule="claims.pointer-assumed",
                severity=Severity.WARNING,
                where=line(number, "diagnosis pointers"),
                message="The line has no diagnosis; it points to the first-listed one.",
                fix="Link the service to its reason.",
            )
        )
        return (1,)
    return pointers[:POINTERS_PER_LINE]


def _drug(number: int, code: str, service: CodedService, findings: list[Finding]) -> NationalDrug | None:
    if not service.ndc:
        return None
    ndc = ndc11(service.ndc)
    unit = _DRUG_UNITS.get(service.ndc_unit.strip().upper() or "UN")
    quantity = service.ndc_quantity
    if quantity is None and is_vaccine(code):
        quantity, unit = service.units, "UN"  # one dose, one unit
    if ndc is None or unit is None or quantity is None:
        findings.append(
            Finding(
                rule="claims.drug",
                severity=Severity.WARNING,
                where=line(number, "drug"),
                message=f"The drug {service.ndc} is left off: its NDC, quantity or unit is not usable.",
                fix="Record the NDC as on the package (5-4-2), with quantity and unit (mL, g, mg, IU, each).",
                source="837P TR3, loop 2410",
            )
        )
        return None
    return NationalDrug(ndc, Decimal(quantity), unit)


def ndc11(text: str) -> str | None:
    """An NDC as eleven digits (5-4-2). Ten digits are padded by their hyphens (4-4-2, 5-3-2, 5-4-1); without, None."""
    parts = text.strip().split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if len(parts) == 1:
        return parts[0] if len(parts[0]) == 11 else None
    if tuple(map(len, parts)) not in {(5, 4, 2), (4, 4, 2), (5, 3, 2), (5, 4, 1)}:
        return None
    return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)


def _problem(rule: str, number: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, where=line(number), message=message, fix=fix)
