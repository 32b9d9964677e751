"""Type of bill, statement period, admission and discharge (UB-04 FL 4, 6, 12 to 17) and who attended (FL 76 to 79)."""

from collections.abc import Iterator

from superbill.claims.model import Claim, Provider
from superbill.codesets.admission_type.lookup import all_admission_types
from superbill.codesets.discharge_status.lookup import discharge_status as known_status
from superbill.codesets.point_of_origin.lookup import origin as known_origin
from superbill.codesets.type_of_bill.lookup import refusal
from superbill.edits.bill.detail import HOSPITAL_STAYS, INTERIM, WHOLE_OR_LAST, bill_rule, detail_of
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem
from superbill.findings import header
from superbill.identifiers import is_npi

_FL_1_15 = "Claims Processing Manual ch. 25 §75.1"
_FL_16_30 = "Claims Processing Manual ch. 25 §75.2"
_FL_43_81 = "Claims Processing Manual ch. 25 §75.5"
_STILL_PATIENT = "30"
_NEWBORN = "4"
_HOURS = frozenset(f"{hour:02d}" for hour in range(24))
_NO_ATTENDING = frozenset({"0540", "0541", "0542", "0543", "0544", "0545", "0546", "0547", "0548", "0549"})


@bill_rule("bill.type", ERROR, source=f"{_FL_1_15}, FL 4; 837I TR3, CLM05")
def type_of_bill(claim: Claim) -> Iterator[Problem]:
    """The type of bill is one that is in use on the last day billed."""
    wrong = refusal(claim.type_of_bill, claim.service.end)
    if wrong:
        fix = "Give facility type and frequency as the NUBC lists them, such as 0111, 0131."
        yield Problem(header("institutional.facility_type"), f"{wrong}.", fix)


@bill_rule("bill.statement", ERROR, source=f"{_FL_1_15}, FL 6; 837I TR3, loop 2300 DTP*434")
def statement(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The statement covers days in their order, none of them to come."""
    period = claim.service
    if period.start is None or period.end is None:
        yield Problem(header("institutional.statement"), "The days that are billed are missing.", "Enter both days.")
    elif period.end < period.start or period.end > ctx.today:
        message = f"The statement {period.start.isoformat()} to {period.end.isoformat()} is backwards or in the future."
        yield Problem(header("institutional.statement"), message, "Correct the days that are billed.")


@bill_rule("bill.admission", ERROR, source=f"{_FL_1_15}, FL 12; 837I TR3, loop 2300 DTP*435")
def admission(claim: Claim) -> Iterator[Problem]:
    """An inpatient's bill tells the day of admission, and it is not after the last day billed."""
    last = claim.service.end
    if detail_of(claim).inpatient and claim.admission is None:
        yield Problem(header("admission"), "The day of admission is missing.", "Copy it from the registration.")
    elif claim.admission and last and claim.admission > last:
        message = f"The admission on {claim.admission.isoformat()} is after the last day billed."
        yield Problem(header("admission"), message, "Correct the day of admission or the statement.")


@bill_rule("bill.admission-hour", ERROR, source=f"{_FL_1_15}, FL 13; 837I TR3, loop 2300 DTP*435")
def admission_hour(claim: Claim) -> Iterator[Problem]:
    """A hospital's inpatient bill tells the hour of admission, 00 to 23."""
    detail = detail_of(claim)
    if detail.facility_type in HOSPITAL_STAYS and not detail.admission_hour:
        yield Problem(header("institutional.admission_hour"), "The hour of admission is missing.", "Enter 00 to 23.")
    elif detail.admission_hour and detail.admission_hour not in _HOURS:
        message = f"{detail.admission_hour!r} is no hour of admission."
        yield Problem(header("institutional.admission_hour"), message, "Enter 00 to 23.")


@bill_rule("bill.admission-type", ERROR, source=f"{_FL_1_15}, FL 14; 837I TR3, CL101")
def admission_type(claim: Claim) -> Iterator[Problem]:
    """The priority of the visit is told where it is required, and is one of its codes."""
    code = detail_of(claim).admission_type
    if not code and detail_of(claim).inpatient:
        yield Problem(header("institutional.admission_type"), "The type of admission is missing.", "Enter 1 to 5 or 9.")
    elif code and code not in all_admission_types():
        message = f"{code!r} is no type of admission."
        yield Problem(header("institutional.admission_type"), message, "Enter 1 to 5 or 9.")


@bill_rule("bill.point-of-origin", ERROR, source=f"{_FL_1_15}, FL 15; 837I TR3, CL102")
def origin(claim: Claim) -> Iterator[Problem]:
    """Where the patient came from is told, and is one of its codes; a newborn has codes of its own."""
    detail = detail_of(claim)
    code = detail.point_of_origin
    where = header("institutional.point_of_origin")
    if not code:
        if detail.inpatient:
            yield Problem(where, "Where the patient came from is missing.", "Enter the point of origin.")
    elif known_origin(code, claim.service.start, newborn=detail.admission_type == _NEWBORN) is None:
        what = "of a newborn" if detail.admission_type == _NEWBORN else "of an admission"
        yield Problem(where, f"{code!r} is no point of origin {what}.", "Enter a code in use on the first day.")


@bill_rule("bill.discharge-status", ERROR, source=f"{_FL_16_30}, FL 17; 837I TR3, CL103")
def discharge_status(claim: Claim) -> Iterator[Problem]:
    """The discharge status is there and known; 30, still a patient, goes with an interim bill and with no other."""
    detail = detail_of(claim)
    code, where = detail.discharge_status, header("institutional.discharge_status")
    if not code:
        yield Problem(where, "The discharge status is missing.", "Enter where the patient went: 01 home, 03 SNF …")
    elif known_status(code, claim.service.end) is None:
        yield Problem(where, f"{code!r} is no discharge status.", "Enter a code that was in use on the last day.")
    elif detail.inpatient and claim.frequency in INTERIM and code != _STILL_PATIENT:
        message = f"An interim bill (frequency {claim.frequency}) says that the patient has left ({code})."
        yield Problem(where, message, "Enter 30, or make this the last bill (frequency 4).")
    elif detail.inpatient and claim.frequency in WHOLE_OR_LAST and code == _STILL_PATIENT:
        message = f"The patient is still there (30), and the bill ends the stay (frequency {claim.frequency})."
        yield Problem(where, message, "Enter where the patient went, or bill interim (2 or 3).")


@bill_rule("bill.discharge-hour", ERROR, source=f"{_FL_16_30}, FL 16; 837I TR3, loop 2300 DTP*096")
def discharge_hour(claim: Claim) -> Iterator[Problem]:
    """The bill that ends a hospital stay tells the hour of discharge; an interim one does not."""
    detail = detail_of(claim)
    where = header("institutional.discharge_hour")
    if detail.facility_type not in HOSPITAL_STAYS:
        return
    if claim.frequency in WHOLE_OR_LAST and detail.discharge_status != _STILL_PATIENT and not detail.discharge_hour:
        yield Problem(where, "The hour of discharge is missing.", "Enter 00 to 23.")
    elif detail.discharge_hour and (claim.frequency in INTERIM or detail.discharge_hour not in _HOURS):
        message = f"{detail.discharge_hour!r} is no hour of discharge of this bill."
        yield Problem(where, message, "Enter 00 to 23, and none on an interim bill.")


@bill_rule(
    "bill.late-charges", ERROR, payers=("medicare",), source="Claims Processing Manual ch. 1 §130.1; ch. 3 §40.2"
)
def late_charges(claim: Claim) -> Iterator[Problem]:
    """Medicare takes no late-charge bill (frequency 5) from a hospital: it adjusts the first bill."""
    if claim.frequency == "5" and detail_of(claim).facility_type in ("11", "13", "18", "85"):
        message = f"Medicare takes no late charges on a type of bill {claim.type_of_bill}."
        yield Problem(header("frequency"), message, "Replace the first bill (frequency 7) with all its charges.")


@bill_rule("bill.attending", ERROR, source=f"{_FL_43_81}, FL 76; 837I TR3, loop 2310A; 42 CFR 424.507")
def attending(claim: Claim) -> Iterator[Problem]:
    """A person who attended is named with an NPI, but for scheduled transport alone."""
    provider = detail_of(claim).attending
    where = header("institutional.attending")
    if provider is None:
        if not all(line.revenue_code in _NO_ATTENDING for line in claim.lines):
            yield Problem(where, "Nobody is named as attending.", "Name the attending provider with the NPI.")
    else:
        yield from _person(provider, "attending", where.field)


def _person(provider: Provider, what: str, field: str) -> Iterator[Problem]:
    if provider.person is None or not provider.person.last.strip():
        yield Problem(header(field), f"The {what} provider is not a person with a name.", "Enter last and first name.")
    if not is_npi(provider.npi):
        yield Problem(header(field), f"The {what} provider's NPI is missing or fails its check digit.", "Look it up.")


@bill_rule("bill.operating", ERROR, source=f"{_FL_43_81}, FL 77; 837I TR3, loop 2310B")
def operating(claim: Claim) -> Iterator[Problem]:
    """Where an operation is coded, who operated is named, with an NPI."""
    detail = detail_of(claim)
    where = "institutional.operating"
    if detail.procedures and detail.operating is None:
        yield Problem(header(where), "A procedure is coded, and nobody is named who did it.", "Name who operated.")
    elif detail.operating is not None:
        yield from _person(detail.operating, "operating", where)


@bill_rule("bill.record-number", WARNING, source=f"{_FL_1_15}, FL 3b; 837I TR3, loop 2300 REF*EA")
def record_number(claim: Claim) -> Iterator[Problem]:
    """The medical record number is on the bill: payers ask for the record by it."""
    if not detail_of(claim).medical_record_number.strip():
        message = "The medical record number is missing."
        yield Problem(header("institutional.medical_record_number"), message, "Copy it from the chart.")
