"""The dental claim of a visit (837D; ADA Dental Claim Form): from coded dental services, or from a chart's procedures.

Which services need a tooth, surfaces, a quadrant, an arch, a prosthesis or an orthodontic plan: `dental_needs.csv`, by
ranges of code numbers, our own table.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, cast, get_args

from msgspec import Struct

from superbill.chart.model import SNOMED, Chart, EncounterRecord, ProcedureRecord
from superbill.claims import from_chart
from superbill.claims.control import control_number, is_account
from superbill.claims.dental import Tooth
from superbill.claims.inputs import BillingParties, Built, CoverageOrder, Held, Outcome, Price, SelfPay
from superbill.claims.model import (
    Claim,
    DentalDetail,
    DentalLine,
    Diagnosis,
    OtherInsurance,
    Procedure,
    Provider,
    ServiceLine,
)
from superbill.codesets import tables
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.effective import Period
from superbill.findings import Finding, Severity, errors, header, line
from superbill.money import times

CDT = "http://www.ada.org/cdt"
MAX_LINES, MAX_DIAGNOSES = 50, 4
QUADRANTS, ARCHES = ("10", "20", "30", "40"), ("01", "02")
Surface = Literal["M", "O", "D", "B", "F", "L", "I"]
_DENTAL_CODE = re.compile(r"D\d{4}")
_NOT_DONE = frozenset({"not-done", "entered-in-error", "preparation", "stopped", "in-progress", "on-hold"})
_TOOTH = re.compile(r"\b(?:tooth|teeth|#)\s*#?\s*(\d{1,2}|[A-T])\b(?:[\s,:\-]*([MODBFLI]{1,5})\b)?", re.IGNORECASE)
_AREAS = {
    "upper right": "10", "upper left": "20", "lower left": "30", "lower right": "40",
    "maxillary arch": "01", "upper arch": "01", "mandibular arch": "02", "lower arch": "02",
}  # fmt: skip


class DentalService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One dental service as coded: a CDT number, and where in the mouth it was done (claims/dental.py)."""

    code: str
    on: date
    units: Decimal = Decimal(1)
    mouth: DentalLine = DentalLine()
    diagnosis_pointers: tuple[int, ...] = ()
    note: str = ""


class DentalVisit(Struct, frozen=True, kw_only=True):
    """A visit with all that its dental claim draws on. `diagnoses` are ICD-10-CM codes, at most four, if any.

    `predetermination` asks what would be paid for services that were not done yet.
    """

    chart: Chart
    encounter: EncounterRecord
    services: tuple[DentalService, ...]
    account: str
    order: CoverageOrder
    parties: BillingParties
    price: Price
    detail: DentalDetail = DentalDetail()
    diagnoses: tuple[str, ...] = ()
    place_of_service: str = "11"
    predetermination: bool = False


def is_tooth(number: str) -> bool:
    """1 to 32 (permanent), A to T (primary), 51 to 82 and AS to TS (supernumerary): universal numbering, JP."""
    if number.isascii() and number.isdigit():
        return 1 <= int(number) <= 32 or 51 <= int(number) <= 82
    return bool(re.fullmatch(r"[A-T]S?", number))


@cache
def _needs() -> tuple[tuple[str, str, frozenset[str]], ...]:
    rows = tables.rows("superbill.claims", "dental_needs.csv")
    return tuple((row["first"], row["last"], frozenset(row["needs"].split())) for row in rows)


def needs_of(code: str) -> frozenset[str]:
    """What a CDT number must tell: tooth, surface, quadrant, arch, prosthesis, orthodontics."""
    found = (needs for first, last, needs in _needs() if first <= code <= last)
    return frozenset[str]().union(*found)


def dental_services(encounter: EncounterRecord) -> tuple[DentalService, ...]:
    """The dental procedures of a chart's encounter: by CDT code, else by the crosswalk; with tooth, surfaces and area
    where the body site says them ("tooth 14 MO", "upper right")."""
    return tuple(
        DentalService(code=code, on=record.performed or encounter.date_of_service, mouth=_mouth(record))
        for record in encounter.procedures
        if record.status not in _NOT_DONE and (code := _code(record))
    )


def _code(record: ProcedureRecord) -> str:
    native = (coding.code.strip().upper() for coding in record.concept.codings if coding.system == CDT)
    found = crosswalk.procedures().get(record.concept.code(SNOMED) or "")
    code = next(native, "") or (found.code if found else "")
    return code if _DENTAL_CODE.fullmatch(code) else ""


def _mouth(record: ProcedureRecord) -> DentalLine:
    teeth = {
        match[1].upper(): cast("tuple[Surface, ...]", tuple(dict.fromkeys((match[2] or "").upper())))
        for match in _TOOTH.finditer(record.body_site)
        if is_tooth(match[1].upper())
    }
    said = record.body_site.casefold()
    areas = tuple(code for words, code in _AREAS.items() if words in said)
    return DentalLine(teeth=tuple(Tooth(*one) for one in teeth.items()), oral_cavity=areas)


def build_dental(visit: DentalVisit) -> Outcome:
    """The claim for the first payer, what the patient owes alone, or Held with what is missing. Never raises."""
    findings = [*visit.order.findings, *_unbillable(visit)]
    for number, service in enumerate(visit.services, 1):
        findings += _wrong(number, service, visit)
    lines = tuple(_lines(visit, findings))
    if errors(findings):
        return Held(findings=tuple(findings))
    diagnoses = tuple(Diagnosis(code.replace(".", "").upper()) for code in visit.diagnoses)
    if not visit.order.coverages:
        return SelfPay(
            account=visit.account, reason=visit.order.self_pay, lines=lines, diagnoses=diagnoses,
            patient_paid=visit.encounter.copay_collected, findings=tuple(findings),
        )  # fmt: skip
    claim = _claim(visit, lines, diagnoses)
    return Built(claims=(claim,), coverages=visit.order.coverages, findings=tuple(findings))


def _unbillable(visit: DentalVisit) -> Iterator[Finding]:
    if not visit.services:
        yield _error("claims.no-service", "services", "There is no service to bill.", "Code what was done.")
    if len(visit.services) > MAX_LINES:
        yield _error("claims.too-many-lines", "services", f"More than {MAX_LINES} services.", "Split the visit.")
    if len(visit.diagnoses) > MAX_DIAGNOSES:
        message = f"{len(visit.diagnoses)} diagnoses; a dental claim holds {MAX_DIAGNOSES}."
        yield _error("claims.dental-diagnoses", "diagnoses", message, "Keep those that the services are for.")
    if not is_account(visit.account):
        message = f"{visit.account!r} can't head a control number."
        yield _error("claims.account", "account", message, "Use capital letters and digits, at most 15.")
    if not visit.order.coverages:
        yield from visit.chart.findings


_SAYS: Mapping[str, tuple[str, str]] = {
    "tooth": ("the tooth", "Record its number, 1 to 32 or A to T."),
    "surface": ("the surfaces", "Record them: M, O, D, B, F, L, I."),
    "quadrant": ("the quadrant", "Record it: 10 upper right, 20 upper left, 30 lower left, 40 lower right."),
    "arch": ("the arch", "Record it: 01 upper, 02 lower."),
    "prosthesis": (
        "whether the prosthesis is the first or a replacement",
        "Record it: I, or R and the day of the old.",
    ),
    "orthodontics": ("the months of treatment", "Record the plan: its months, and the day of the appliance."),
}


def _wrong(number: int, service: DentalService, visit: DentalVisit) -> Iterator[Finding]:
    """What a service does not tell, or tells wrongly."""
    code, mouth = service.code, service.mouth
    if not _DENTAL_CODE.fullmatch(code):
        yield _problem("claims.dental-code", number, f"{code!r} is no CDT number.", "Use D and four digits.")
    told = {
        "tooth": bool(mouth.teeth),
        "surface": bool(mouth.teeth) and all(tooth.surfaces for tooth in mouth.teeth),
        "quadrant": bool(set(mouth.oral_cavity) & set(QUADRANTS)),
        "arch": bool(set(mouth.oral_cavity) & set(ARCHES)),
        "prosthesis": bool(mouth.prosthesis),
        "orthodontics": bool(visit.detail.orthodontics and visit.detail.orthodontics.months),
    }
    for need in sorted(needs_of(code)):
        if not told[need]:
            what, fix = _SAYS[need]
            yield _problem(f"claims.dental-{need}", number, f"{code} does not tell {what}.", fix)
    for tooth in mouth.teeth:
        if not is_tooth(tooth.number):
            yield _problem("claims.dental-tooth", number, f"{tooth.number!r} is no tooth.", _SAYS["tooth"][1])
        if not set(tooth.surfaces) <= set(get_args(Surface)) or len(set(tooth.surfaces)) < len(tooth.surfaces):
            said = "".join(tooth.surfaces)
            yield _problem("claims.dental-surface", number, f"{said!r} are no surfaces.", _SAYS["surface"][1])
    if mouth.prosthesis == "R" and mouth.prior_placement is None:
        yield _problem(
            "claims.dental-prosthesis", number, "The day of the prosthesis that is replaced is missing.",
            "Record when the old one was placed.",
        )  # fmt: skip


def _lines(visit: DentalVisit, findings: list[Finding]) -> Iterator[ServiceLine]:
    for number, service in enumerate(visit.services, 1):
        each = visit.price(service.code, (), service.on)
        if each is None:
            fix = f"Add {service.code} to the charge master, in force on {service.on.isoformat()}."
            findings.append(_problem("claims.no-price", number, f"The practice has no price for {service.code}.", fix))
            continue
        yield ServiceLine(
            number=number, control_number=f"{visit.account}-{number}",
            procedure=Procedure(service.code, qualifier="AD", description=service.note[:80]),
            charge=times(each, service.units), units=service.units, service=_days(visit, service),
            diagnosis_pointers=service.diagnosis_pointers,
            dental=service.mouth if service.mouth != DentalLine() else None,
        )  # fmt: skip


def _days(visit: DentalVisit, service: DentalService) -> Period:
    """A predetermination has no days of service."""
    return Period() if visit.predetermination else Period(service.on, service.on)


def _claim(visit: DentalVisit, lines: tuple[ServiceLine, ...], diagnoses: tuple[Diagnosis, ...]) -> Claim:
    first, *others = visit.order.coverages
    parties, encounter = visit.parties, visit.encounter
    return Claim(
        kind="dental",
        control_number=control_number(visit.account, first.subscriber.responsibility),
        billing=parties.billing,
        pay_to=parties.pay_to,
        rendering=_other_than(parties.billing, parties.rendering),
        referring=parties.referring,
        subscriber=first.subscriber,
        patient=from_chart.patient(visit.chart),
        payer=first.payer.payer,
        diagnoses=diagnoses,
        place_of_service=visit.place_of_service,
        lines=lines,
        other_insurance=tuple(
            OtherInsurance(
                subscriber=one.subscriber, payer=one.payer.payer, benefits_assigned=parties.benefits_assigned,
                release_of_information=parties.release_of_information,
            )
            for one in others
        ),
        prior_authorization=encounter.authorization_number.strip(),
        accident=from_chart.recorded_accident(encounter),
        accept_assignment=parties.accept_assignment,
        benefits_assigned=parties.benefits_assigned,
        release_of_information=parties.release_of_information,
        patient_paid=encounter.copay_collected or None,
        predetermination=visit.predetermination,
        dental=visit.detail,
    )  # fmt: skip


def _other_than(billing: Provider, rendering: Provider | None) -> Provider | None:
    return None if rendering is None or (rendering.npi and rendering.npi == billing.npi) else rendering


def _error(rule: str, field: str, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, where=header(field), message=message, fix=fix)


def _problem(rule: str, number: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, where=line(number), message=message, fix=fix)
