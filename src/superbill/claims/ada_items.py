"""The items of the ADA Dental Claim Form (1 to 58) of a dental claim, as text, page by page: ten services a page.

Items are the form's numbers; what they hold is in our own words. An item without content has no key. Totals are each
page's own, so that a page stands alone.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from superbill.claims.model import Claim, OtherInsurance, Provider, ServiceLine
from superbill.claims.print_text import amount, name, natural_name, plain, postal, quantity

LINES_PER_PAGE = 10
Items = dict[str, str]
_LETTERS = "ABCD"
_TEETH = "JP"
_ON_FILE = "SIGNATURE ON FILE"
_RELATIONSHIPS = {"18": "SELF", "01": "SPOUSE", "19": "CHILD"}
_CAUSES = {"EM": "EMPLOYMENT", "AA": "AUTO", "OA": "OTHER"}


def pages(claim: Claim, signed_on: date | None = None) -> tuple[Items, ...]:
    """The items of each page. `signed_on` dates the signatures. Raises ValueError for a claim that is not dental."""
    if claim.dental is None:
        raise ValueError("the dental form is for dental claims")
    shared = {key: value for key, value in _header(claim, signed_on) if value}
    lines = iter(claim.lines)
    made: list[Items] = []
    while (here := tuple(islice(lines, LINES_PER_PAGE))) or not made:
        page = dict(shared)
        for row, line in enumerate(here, 1):
            page |= {f"{key}.{row}": value for key, value in _line(line) if value}
        page["32"] = amount(sum(line.charge for line in here))
        made.append(page)
    return tuple(made)


def _header(claim: Claim, signed_on: date | None) -> Iterator[tuple[str, str]]:
    detail = claim.dental
    assert detail is not None
    yield "1", "PREDETERMINATION" if claim.predetermination else "ACTUAL"
    yield "2", plain(detail.predetermination_number or claim.prior_authorization)
    yield "3.name", plain(claim.payer.name)
    if claim.payer.address:
        yield "3.street", plain(claim.payer.address.line1)
        yield "3.city", postal(claim.payer.address)
    yield from _other_coverage(claim)
    yield from _policyholder(claim)
    yield from _patient(claim)
    missing = [tooth.number for tooth in detail.teeth if tooth.status == "M"]
    yield "33", " ".join(missing)
    if claim.diagnoses:
        yield "34", "AB"
    for letter, diagnosis in zip(_LETTERS, claim.diagnoses, strict=False):
        yield f"34a.{letter}", diagnosis.code
    yield "35", plain(claim.note)
    yield "36", _ON_FILE if claim.release_of_information == "Y" else ""
    yield "37", _ON_FILE if claim.benefits_assigned == "Y" else ""
    for item in ("36", "37"):
        yield f"{item}.date", _day(signed_on)
    yield from _treatment(claim)
    yield from _billing(claim.billing)
    yield from _treating(claim, signed_on)


def _other_coverage(claim: Claim) -> Iterator[tuple[str, str]]:
    """Items 4 to 11: the next other plan."""
    other: OtherInsurance | None = next(iter(claim.other_insurance), None)
    if other is None:
        return
    yield "4", "DENTAL"
    yield "5", name(other.subscriber.person)
    yield "6", _day(other.subscriber.birth_date)
    yield "7", other.subscriber.sex or ""
    yield "8", plain(other.subscriber.member_id)
    yield "9", plain(other.subscriber.group_number)
    yield "10", _RELATIONSHIPS.get(other.subscriber.relationship, "OTHER")
    yield "11", plain(other.payer.name)


def _policyholder(claim: Claim) -> Iterator[tuple[str, str]]:
    """Items 12 to 17; the patient's own facts where the patient is insured."""
    insured = claim.subscriber
    own = claim.patient_is_subscriber
    address = insured.address or (claim.patient.address if own else None)
    yield "12.name", name(insured.person)
    if address:
        yield "12.street", plain(f"{address.line1} {address.line2}")
        yield "12.city", postal(address)
    yield "13", _day(insured.birth_date or (claim.patient.birth_date if own else None))
    yield "14", insured.sex or (claim.patient.sex if own else "")
    yield "15", plain(insured.member_id)
    yield "16", plain(insured.group_number)
    yield "17", plain(insured.group_name)


def _patient(claim: Claim) -> Iterator[tuple[str, str]]:
    patient = claim.patient
    yield "18", _RELATIONSHIPS.get(claim.subscriber.relationship, "OTHER")
    yield "20.name", name(patient.person)
    if patient.address:
        yield "20.street", plain(f"{patient.address.line1} {patient.address.line2}")
        yield "20.city", postal(patient.address)
    yield "21", _day(patient.birth_date)
    yield "22", patient.sex
    yield "23", plain(claim.control_number)


def _line(line: ServiceLine) -> Iterator[tuple[str, str]]:
    """Items 24 to 31 of one service."""
    mouth = line.dental
    yield "24", _day(line.service.start)
    if mouth is not None:
        yield "25", " ".join(mouth.oral_cavity)
        yield "26", _TEETH if mouth.teeth else ""
        yield "27", " ".join(tooth.number for tooth in mouth.teeth)
        yield "28", " ".join("".join(tooth.surfaces) for tooth in mouth.teeth if tooth.surfaces)
    yield "29", line.procedure.code
    yield "29a", "".join(_LETTERS[pointer - 1] for pointer in line.diagnosis_pointers if 0 < pointer <= len(_LETTERS))
    yield "29b", quantity(line.units)
    yield "30", plain(line.procedure.description)
    yield "31", amount(line.charge)


def _treatment(claim: Claim) -> Iterator[tuple[str, str]]:
    """Items 38 to 47."""
    detail = claim.dental
    assert detail is not None
    yield "38", claim.place_of_service
    yield "39", "Y" if claim.attachments else "N"
    plan = detail.orthodontics
    yield "40", "YES" if plan else "NO"
    if plan:
        yield "41", _day(plan.placed)
        yield "42", str(plan.months) if plan.months is not None else ""
    replaced = [line.dental for line in claim.lines if line.dental and line.dental.prosthesis == "R"]
    yield "43", "YES" if replaced else "NO"
    yield "44", _day(next((mouth.prior_placement for mouth in replaced if mouth.prior_placement), None))
    if claim.accident:
        yield "45", _CAUSES[claim.accident.causes[0]] if claim.accident.causes else ""
        yield "46", _day(claim.accident.on)
        yield "47", plain(claim.accident.state)


def _billing(billing: Provider) -> Iterator[tuple[str, str]]:
    yield "48.name", natural_name(billing.person) if billing.person else plain(billing.organization)
    if billing.address:
        yield "48.street", plain(f"{billing.address.line1} {billing.address.line2}")
        yield "48.city", postal(billing.address)
    yield "49", billing.npi
    yield "50", _license(billing)
    yield "51", billing.tin
    if billing.contact:
        yield "52", billing.contact.phone


def _treating(claim: Claim, signed_on: date | None) -> Iterator[tuple[str, str]]:
    """Items 53 to 58; who treated is the billing dentist where nobody else is named."""
    treating = claim.rendering or claim.billing
    place = claim.service_facility or claim.billing
    yield "53", _ON_FILE if claim.provider_signature else ""
    yield "53.date", _day(signed_on)
    yield "54", treating.npi
    yield "55", _license(treating)
    if place.address:
        yield "56.street", plain(f"{place.address.line1} {place.address.line2}")
        yield "56.city", postal(place.address)
    yield "56a", treating.taxonomy
    if claim.billing.contact:
        yield "57", claim.billing.contact.phone


def _license(provider: Provider) -> str:
    return next((plain(one.value) for one in provider.secondary_ids if one.qualifier == "0B"), "")


def _day(day: date | None) -> str:
    """MM/DD/CCYY."""
    return f"{day:%m/%d}/{day.year:04d}" if day else ""
