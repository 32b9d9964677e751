"""The CMS-1500 (02/12) as text per box: what a claim says in each form locator.

Placement follows the NUCC 1500 Claim Form Reference Instruction Manual; where Medicare asks otherwise (boxes 4, 7,
9, 11, 23, 32) the Medicare Claims Processing Manual, chapter 26, section 10. A form is data here; forms/ draws it.

Keys are box numbers with a part after a dot where a box has several ("3.dob", "24.2.D.m1": line 2). A box without
content has no key. Dates are "MM DD CCYY" or, where the form has room for two digits of the year, "MM DD YY"; amounts
are "dollars cents" with one space ("125 00"); check boxes carry the word printed beside the box.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from superbill.claims.line_locators import line_boxes
from superbill.claims.model import Address, Claim, OtherInsurance, Person, Provider, ServiceLine, Subscriber
from superbill.claims.print_text import amount, day4, day6, name, natural_name, plain, postal
from superbill.money import Cents

LINES_PER_FORM = 6
_LETTERS = "ABCDEFGHIJKL"
_MEDICARE = frozenset({"MA", "MB"})
_PLAN_BOX = {"MA": "MEDICARE", "MB": "MEDICARE", "MC": "MEDICAID", "CH": "TRICARE", "VA": "CHAMPVA"}
_RELATIONSHIP_BOX = {"18": "SELF", "01": "SPOUSE", "19": "CHILD"}
_ON_FILE = "SIGNATURE ON FILE"
_HOME = "12"
_BESIDE, _BELOW = 23, 48

Boxes = dict[str, str]


def form_pages(claim: Claim, signed_on: date | None = None) -> tuple[Boxes, ...]:
    """The boxes of each form that prints `claim`: six lines a form, so 7 lines need two forms.

    Every form repeats the header and totals its own lines (boxes 28, 29), so that each stands alone at the payer's
    scanner; what the patient paid is on the first. `signed_on` dates box 31. A claim without lines gives one form.
    Raises ValueError for a claim that is not professional: a facility's is told on the UB-04, a dentist's on the ADA's.
    """
    if claim.kind != "professional":
        raise ValueError(f"claim {claim.control_number} is {claim.kind}: the CMS-1500 is for professional claims")
    shared = {key: value for key, value in _header(claim, signed_on) if value}
    lines = iter(claim.lines)
    pages: list[Boxes] = []
    while (here := tuple(islice(lines, LINES_PER_FORM))) or not pages:
        page = dict(shared)
        for row, line in enumerate(here, start=1):
            page.update(line_boxes(row, line, claim))
        page["28"] = amount(sum(line.charge for line in here))
        paid = _paid(claim, here, first=not pages)
        if paid is not None:
            page["29"] = amount(paid)
        pages.append(page)
    return tuple(pages)


def _paid(claim: Claim, lines: tuple[ServiceLine, ...], *, first: bool) -> Cents | None:
    """Box 29: paid so far by the patient and by other payers, on the lines of this form."""
    known = [line_paid.paid for line in lines for line_paid in line.adjudications]
    if first:
        by_line = {paid.payer_id for line in claim.lines for paid in line.adjudications}
        known += [o.paid for o in claim.other_insurance if o.paid is not None and o.payer.id not in by_line]
        known += [claim.patient_paid] if claim.patient_paid is not None else []
    return sum(known) if known else None


def _header(claim: Claim, signed_on: date | None) -> Iterator[tuple[str, str]]:
    yield from _carrier(claim)
    yield "1", plan_box(claim)
    yield "1a", plain(claim.subscriber.member_id)
    yield from _patient(claim)
    yield from _insured(claim)
    yield from _other_insured(claim)
    yield from _circumstances(claim)
    yield from _referral(claim)
    yield from _note(plain(claim.note))
    yield "20", "NO"
    yield "21.indicator", "0"
    for letter, diagnosis in zip(_LETTERS, claim.diagnoses, strict=False):
        yield f"21.{letter}", diagnosis.code.replace(".", "")
    if claim.frequency != "1":
        yield "22.code", claim.frequency
        yield "22.original", claim.payer_control_number
    yield "23", _number_of_box_23(claim)
    yield from _billing(claim, signed_on)


def _note(text: str) -> Iterator[tuple[str, str]]:
    """Box 19: 71 characters (NUCC, item 19), 23 of them right of the box's title and 48 below it.

    What fits below stands there alone; a longer note begins beside the title. What is too long even so is left whole,
    for the form to say that it does not fit.
    """
    if len(text) <= _BELOW:
        yield "19", text
        return
    cut = text.rfind(" ", 0, _BESIDE + 1)
    if cut < 0 or len(text) - cut - 1 > _BELOW:
        cut = _BESIDE
    yield "19.beside", text[:cut].strip()
    yield "19", text[cut:].strip()


def plan_box(claim: Claim) -> str:
    """Box 1: which check box of the plan kinds. Workers' compensation and auto are OTHER (NUCC, item 1)."""
    return _PLAN_BOX.get(claim.payer.claim_filing_indicator) or ("GROUP" if claim.subscriber.group_number else "OTHER")


def _carrier(claim: Claim) -> Iterator[tuple[str, str]]:
    yield "carrier.name", plain(claim.payer.name)
    if claim.payer.address:
        yield "carrier.line1", plain(claim.payer.address.line1)
        yield "carrier.line2", plain(claim.payer.address.line2)
        yield "carrier.city", postal(claim.payer.address)


def _patient(claim: Claim) -> Iterator[tuple[str, str]]:
    patient = claim.patient
    yield "2", name(patient.person)
    yield "3.dob", day4(patient.birth_date)
    yield "3.sex", patient.sex if patient.sex in ("F", "M") else ""
    yield from _address("5", patient.address)
    yield "6", _RELATIONSHIP_BOX.get(claim.subscriber.relationship, "OTHER")


def _address(box: str, address: Address | None) -> Iterator[tuple[str, str]]:
    if address is None:
        return
    yield f"{box}.street", plain(f"{address.line1} {address.line2}")
    yield f"{box}.city", plain(address.city)
    yield f"{box}.state", plain(address.state)
    yield f"{box}.zip", plain(address.postal_code)


def _insured(claim: Claim) -> Iterator[tuple[str, str]]:
    """Boxes 4, 7, 11–11c: the insured of this payer; for Medicare, of the insurance that is primary to it."""
    medicare = claim.payer.claim_filing_indicator in _MEDICARE
    insured: Subscriber | None = claim.subscriber
    plan = claim.payer.name
    if medicare:
        primary = _primary(claim)
        insured, plan = (primary.subscriber, primary.payer.name) if primary else (None, "")
    if insured is None:
        yield "11", "NONE"  # chapter 26, item 11: says that no insurance is primary to Medicare
        return
    yield "4", name(insured.person)
    same = insured.relationship == "18"
    yield from _address("7", insured.address or (claim.patient.address if same else None))
    policy = insured.group_number or (insured.member_id if medicare else "")
    yield "11", plain(policy)
    yield "11a.dob", day4(insured.birth_date or (claim.patient.birth_date if same else None))
    sex = insured.sex or (claim.patient.sex if same else "")
    yield "11a.sex", sex if sex in ("F", "M") else ""
    if insured.property_casualty_claim_number:
        yield "11b.qualifier", "Y4"
        yield "11b", plain(insured.property_casualty_claim_number)
    yield "11c", plain(insured.group_name or plan)


def _primary(claim: Claim) -> OtherInsurance | None:
    return next((other for other in claim.other_insurance if other.subscriber.responsibility == "P"), None)


def _other_insured(claim: Claim) -> Iterator[tuple[str, str]]:
    """Boxes 9, 9a, 9d and 11d: the next other plan that the boxes of the insured don't already name."""
    medicare = claim.payer.claim_filing_indicator in _MEDICARE
    others = [other for other in claim.other_insurance if not (medicare and other is _primary(claim))]
    if not medicare:
        yield "11d", "YES" if others else "NO"  # Medicare asks that 11d stays blank (chapter 26, item 11d)
    if others:
        yield "9", name(others[0].subscriber.person)
        yield "9a", plain(others[0].subscriber.group_number or others[0].subscriber.member_id)
        yield "9d", plain(others[0].subscriber.group_name or others[0].payer.name)


def _circumstances(claim: Claim) -> Iterator[tuple[str, str]]:
    causes = claim.accident.causes if claim.accident else ()
    for box, cause in (("10a", "EM"), ("10b", "AA"), ("10c", "OA")):
        yield box, "YES" if cause in causes else "NO"
    if claim.accident and "AA" in causes:
        yield "10b.state", plain(claim.accident.state)
    if claim.release_of_information == "Y":
        yield "12", _ON_FILE
    if claim.benefits_assigned == "Y":
        yield "13", _ON_FILE
    if claim.last_menstrual_period:
        yield "14.date", day6(claim.last_menstrual_period)
        yield "14.qualifier", "484"
    elif claim.onset:
        yield "14.date", day6(claim.onset)
        yield "14.qualifier", "431"
    if claim.accident:
        yield "15.date", day6(claim.accident.on)
        yield "15.qualifier", "439"
    yield "18.from", day6(claim.admission)
    yield "18.to", day6(claim.discharge)


def _referral(claim: Claim) -> Iterator[tuple[str, str]]:
    """Box 17: one provider, the referring before the supervising (NUCC, item 17, order of the qualifiers)."""
    for qualifier, provider in (("DN", claim.referring), ("DQ", claim.supervising)):
        if provider is None:
            continue
        yield "17.qualifier", qualifier
        yield "17", natural_name(provider.person) if provider.person else plain(provider.organization)
        if provider.secondary_ids:
            yield "17a.qualifier", provider.secondary_ids[0].qualifier
            yield "17a", plain(provider.secondary_ids[0].value)
        yield "17b", provider.npi
        return


def _number_of_box_23(claim: Claim) -> str:
    """One number only. Medicare wants the CLIA number of a laboratory claim there before any other."""
    numbers = [claim.prior_authorization, claim.referral_number, claim.clia]
    if claim.payer.claim_filing_indicator in _MEDICARE:
        numbers = [claim.clia, claim.prior_authorization, claim.referral_number]
    return next((number for number in numbers if number), "").replace("-", "").replace(" ", "")


def _billing(claim: Claim, signed_on: date | None) -> Iterator[tuple[str, str]]:
    billing = claim.billing
    yield "25", billing.tin
    yield "25.kind", {"EI": "EIN", "SY": "SSN"}.get(billing.tin_kind, "")
    yield "26", claim.control_number
    yield "27", "YES" if claim.accept_assignment == "A" else "NO"
    if claim.provider_signature:
        yield "31", _ON_FILE
        yield "31.date", day6(signed_on)
    facility = claim.service_facility
    if facility is None and claim.payer.claim_filing_indicator in _MEDICARE and claim.place_of_service != _HOME:
        facility = billing  # chapter 26, item 32: the place of service is named even when it is the biller's own
    if facility:
        yield from _party("32", facility)
        yield "32a", facility.npi
    yield from _party("33", billing)
    if billing.contact:
        yield "33.phone", billing.contact.phone
    yield "33a", billing.npi
    if billing.taxonomy:
        yield "33b", f"ZZ{billing.taxonomy}"


def _party(box: str, provider: Provider) -> Iterator[tuple[str, str]]:
    yield f"{box}.name", _party_name(provider.person, provider.organization)
    if provider.address:
        yield f"{box}.street", plain(f"{provider.address.line1} {provider.address.line2}")
        yield f"{box}.city", postal(provider.address)


def _party_name(person: Person | None, organization: str) -> str:
    return natural_name(person) if person else plain(organization)
