"""The institutional claim of an encounter at a facility (837I; UB-04).

Medicare Claims Processing Manual chapter 3 (inpatient), chapter 4 (outpatient), chapter 25 (form locators).
"""

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from superbill.claims import facility_codes, from_chart
from superbill.claims.build import same_place
from superbill.claims.control import control_number, is_account
from superbill.claims.facility_inputs import FacilityParties, FacilityVisit
from superbill.claims.facility_lines import inpatient_lines, outpatient_lines, room_lines
from superbill.claims.inputs import Built, CoverageOnClaim, Held, Outcome, SelfPay
from superbill.claims.institutional import InpatientProcedure, InstitutionalDetail
from superbill.claims.model import Claim, Diagnosis, Frequency, OtherInsurance, Payer, Provider, ServiceLine
from superbill.claims.statement import frequency, in_window
from superbill.codesets.msdrg.stay import Diagnosis as GroupedDiagnosis
from superbill.codesets.msdrg.stay import Stay as GroupedStay
from superbill.coding.model import FacilityPart, FacilityService
from superbill.effective import Period
from superbill.findings import Finding, Severity, errors, header

_STILL_THERE = "30"
_UNKNOWN, _EMERGENCY, _FROM_HOME = "9", "1", "1"
_INTERIM_OPEN = frozenset({"2", "3"})
_PART_A, _PART_B = "MA", "MB"
_RATE_CODE = "0022"
_SURGERY_LINES = ("036", "0481", "0480", "0722", "0750", "0790")
_CAN_HAVE_NO_WINDOW = ("080", "082", "054")  # dialysis and ambulance are never part of the payment window


class _Bill(NamedTuple):
    """The days and the services of one bill."""

    statement: Period
    stay: Period
    frequency: Frequency
    services: tuple[FacilityService, ...]


def build_institutional(visit: FacilityVisit) -> Outcome:
    """The facility's claim for its first payer, what the patient owes alone, or why it is held.

    Bad data never raises. A statement of the caller's that leaves the stay raises ValueError (claims/statement.py).
    """
    part = visit.coded.facility
    findings = [*visit.order.findings, *_missing(visit)]
    if part is None or errors(findings):
        return Held(findings=tuple(findings))
    bill = _bill(visit, part)
    rooms = room_lines(visit, part.room, bill.statement, bill.stay, findings) if part.inpatient else ()
    if part.inpatient:
        lines = (*rooms, *inpatient_lines(visit, bill.services, len(rooms), findings))
    else:
        lines = outpatient_lines(visit, bill.services, findings)
    end = bill.statement.end
    assert end is not None
    diagnoses, causes = facility_codes.coded_diagnoses(visit, part, end, findings)
    if not errors(findings) and not lines:
        findings.append(_error("claims.no-service", "lines", "There is no charge to bill.", "Code what was done."))
    if errors(findings):
        return Held(findings=tuple(findings))
    if not visit.order.coverages:
        return SelfPay(
            account=visit.account, reason=visit.order.self_pay, lines=lines, diagnoses=diagnoses,
            findings=tuple(findings),
        )  # fmt: skip
    detail = _detail(visit, part, bill, rooms, diagnoses, findings)
    detail = replace(detail, external_causes=causes)
    claim = _claim(visit, part, bill, lines, diagnoses, detail)
    return Built(claims=(claim,), coverages=visit.order.coverages, findings=tuple(findings))


def _missing(visit: FacilityVisit) -> list[Finding]:
    found = []
    if visit.coded.facility is None:
        found.append(_error(
            "claims.no-facility-part", "claim kind", "The encounter has no facility's part.", "Code it with a facility."
        ))  # fmt: skip
    if not visit.coded.diagnoses:
        found.append(_error("claims.no-diagnosis", "diagnoses", "There is no diagnosis.", "Code why the patient came."))
    if visit.parties.attending is None:
        found.append(_error(
            "claims.no-attending", "attending", "Who attended the patient is not known.",
            "Name the provider in the site file.",
        ))  # fmt: skip
    if _needs_rate_code(visit):
        found.append(_error(
            "claims.no-rate-code", "lines", "Medicare pays skilled nursing by a HIPPS rate code; the stay has none.",
            "Assess the patient, and bill the code under revenue code 0022.",
        ))  # fmt: skip
    if not is_account(visit.account):
        message = f"{visit.account!r} can't head a control number."
        found.append(_error("claims.account", "account", message, "Use capital letters and digits, at most 15."))
    if not visit.order.coverages:
        found += visit.chart.findings
    return found


def _needs_rate_code(visit: FacilityVisit) -> bool:
    """A skilled nursing stay that Medicare pays, without its rate code (Claims Processing Manual chapter 6 §30)."""
    part, payers = visit.coded.facility, visit.order.coverages
    if part is None or part.facility_type != "21" or not payers or payers[0].payer.kind != "medicare":
        return False
    return not any(one.revenue_code == _RATE_CODE and one.procedure for one in part.services)


def _bill(visit: FacilityVisit, part: FacilityPart) -> _Bill:
    """Statement, frequency and services. What was done before the admission belongs to the first bill."""
    encounter = visit.encounter
    stay = Period(encounter.date_of_service, encounter.last_date_of_service)
    if not part.inpatient:
        days = [one.service_date for one in part.services] or [encounter.date_of_service]
        return _Bill(Period(min(days), max(*days, encounter.last_date_of_service)), stay, "1", part.services)
    statement = visit.statement or stay
    code = frequency(statement, stay)
    services = tuple(one for one in part.services if one.service_date in statement)
    if code in ("1", "2"):
        before = tuple(one for each in visit.joined for one in _of_window(each.coded.facility))
        days = [one.service_date for one in before if one.service_date < encounter.date_of_service]
        statement = Period(min([*days, encounter.date_of_service]), statement.end)
        services = (*before, *services)
    return _Bill(statement, stay, code, services)


def _of_window(part: FacilityPart | None) -> tuple[FacilityService, ...]:
    services = part.services if part else ()
    return tuple(one for one in services if not one.revenue_code.startswith(_CAN_HAVE_NO_WINDOW))


def joins(part: FacilityPart | None, outpatient: Period, admitted: date, days: int) -> bool:
    """Whether a facility's outpatient services are billed with an admission on a day (payment window of `days`)."""
    return part is not None and not part.inpatient and bool(_of_window(part)) and in_window(outpatient, admitted, days)


def _detail(
    visit: FacilityVisit, part: FacilityPart, bill: _Bill, rooms: tuple[ServiceLine, ...],
    diagnoses: tuple[Diagnosis, ...], findings: list[Finding],
) -> InstitutionalDetail:  # fmt: skip
    encounter, end = visit.encounter, bill.statement.end
    assert end is not None
    open_stay = bill.frequency in _INTERIM_OPEN
    status = _STILL_THERE if open_stay else part.discharge_status
    discharged = part.inpatient and not open_stay and encounter.end is not None
    kind, origin = _admitted(visit, part, findings)
    happened = facility_codes.accident(visit)
    operated = bool(part.procedures) or any(one.revenue_code.startswith(_SURGERY_LINES) for one in bill.services)
    procedures = tuple(
        InpatientProcedure(one.procedure.code, one.on) for one in part.procedures if one.on in bill.statement
    )
    return InstitutionalDetail(
        facility_type=part.facility_type,
        statement=bill.statement,
        admission_hour=f"{encounter.start:%H}" if part.inpatient else "",
        admission_minute=f"{encounter.start:%M}" if part.inpatient else "",
        admission_type=kind,
        point_of_origin=origin,
        discharge_hour=f"{encounter.end:%H}" if discharged and encounter.end else "",
        discharge_minute=f"{encounter.end:%M}" if discharged and encounter.end else "",
        discharge_status=status,
        medical_record_number=visit.chart.patient.medical_record_number,
        admitting_diagnosis=part.admitting.replace(".", ""),
        reasons_for_visit=tuple(code.replace(".", "") for code in part.reasons),
        procedures=procedures,
        drg=_drg(visit, part, status, diagnoses, findings) if part.facility_type == "11" and not open_stay else "",
        conditions=facility_codes.conditions(visit, part),
        occurrences=facility_codes.occurrences(visit, status, end),
        spans=facility_codes.spans(visit, part),
        values=facility_codes.values(visit, part, rooms),
        auto_accident_state=happened.state if happened else "",
        attending=visit.parties.attending,
        operating=_operating(visit.parties) if operated else None,
    )


def _admitted(visit: FacilityVisit, part: FacilityPart, findings: list[Finding]) -> tuple[str, str]:
    """Type and point of origin; what is not recorded is that of the emergency visit before, where there was one."""
    kind, origin = part.admission_type, part.point_of_origin
    if part.inpatient and kind == _UNKNOWN and facility_codes.came_through_emergency(visit):
        return _EMERGENCY, _FROM_HOME if origin == _UNKNOWN else origin
    if part.inpatient and _UNKNOWN in (kind, origin):
        findings.append(Finding(
            rule="claims.admission", severity=Severity.WARNING, where=header("admission"),
            message="How the patient came to be admitted is not recorded; the claim says that it is not known (9).",
            fix="Record the priority of the admission and where the patient came from.", source="UB-04 FL 14 and 15",
        ))  # fmt: skip
    return kind, origin


def _drg(
    visit: FacilityVisit, part: FacilityPart, status: str, diagnoses: tuple[Diagnosis, ...], findings: list[Finding]
) -> str:
    """The MS-DRG, "" with a finding where it can't be told. It informs: payers group by themselves."""
    age = visit.chart.age_on(visit.encounter.date_of_service)
    grouped = None
    if age is not None and diagnoses:
        first, *others = (GroupedDiagnosis(one.code, "" if one.poa == "1" else one.poa) for one in diagnoses)
        stay = GroupedStay(
            principal=first, secondary=tuple(others), procedures=tuple(one.procedure.code for one in part.procedures),
            age=age, sex=visit.chart.patient.sex, discharge_status=status,
        )  # fmt: skip
        grouped = visit.group(stay, visit.encounter.last_date_of_service)
    if grouped is None or not grouped.grouped:
        why = grouped.problem if grouped else "no grouper of the day's version is at hand, or age is missing"
        findings.append(Finding(
            rule="claims.no-drg", severity=Severity.WARNING if grouped else Severity.NOT_CHECKED, where=header("drg"),
            message=f"The stay has no MS-DRG: {why}.", fix="Check the principal diagnosis, or install a grouper.",
            source="42 CFR 412.60",
        ))  # fmt: skip
        return ""
    return grouped.drg


def _claim(
    visit: FacilityVisit, part: FacilityPart, bill: _Bill, lines: tuple[ServiceLine, ...],
    diagnoses: tuple[Diagnosis, ...], detail: InstitutionalDetail,
) -> Claim:  # fmt: skip
    first, *others = visit.order.coverages
    encounter, parties = visit.encounter, visit.parties
    return Claim(
        kind="institutional",
        control_number=control_number(visit.account, first.subscriber.responsibility),
        frequency=bill.frequency,
        billing=parties.billing,
        pay_to=_pay_to(parties),
        referring=parties.referring,
        subscriber=first.subscriber,
        patient=from_chart.patient(visit.chart),
        payer=_payer(first),
        diagnoses=diagnoses,
        place_of_service="",
        lines=lines,
        other_insurance=tuple(OtherInsurance(subscriber=one.subscriber, payer=_payer(one)) for one in others),
        prior_authorization=encounter.authorization_number.strip(),
        admission=encounter.date_of_service if part.inpatient else None,
        institutional=detail,
    )


def _payer(coverage: CoverageOnClaim) -> Payer:
    """Medicare takes facilities' claims as Part A (SBR09 MA)."""
    payer = coverage.payer.payer
    return replace(payer, claim_filing_indicator=_PART_A) if payer.claim_filing_indicator == _PART_B else payer


def _operating(parties: FacilityParties) -> Provider | None:
    """Without a taxonomy, for which loop 2310B has no place."""
    return replace(parties.operating, taxonomy="") if parties.operating else None


def _pay_to(parties: FacilityParties) -> Provider | None:
    return parties.pay_to if parties.pay_to and not same_place(parties.pay_to, parties.billing) else None


def _error(rule: str, field: str, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, where=header(field), message=message, fix=fix)
