"""Identity edits: billing provider (2010AA), pay-to (2010AB), rendering, referring, supervising, facility (2310)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from superbill.claims.build import same_place
from superbill.claims.model import Address, Claim, Provider
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header, line
from superbill.identifiers import is_ein, is_npi, is_taxonomy, is_tin

_BILLING = "837P TR3, loop 2010AA"
_PO_BOX = re.compile(r"\b(P\.?\s*O\.?\s*BOX|POST OFFICE BOX|LOCK ?BOX|BOX \d+$)", re.IGNORECASE)
_valid_npi = lru_cache(maxsize=4096)(is_npi)
_NPPES = "Look the number up in NPPES and correct it in the site file."


@rule("identity.billing-name", ERROR, of="billing", source=f"{_BILLING} NM103")
def billing_name(claim: Claim) -> Iterator[Problem]:
    """The billing provider is one organization or one person, with a name."""
    billing = claim.billing
    named = bool(billing.organization.strip()), bool(billing.person and billing.person.last.strip())
    if named[0] == named[1]:
        what = "has both an organization's and a person's name" if named[0] else "has no name"
        yield Problem(header("billing.name"), f"The billing provider {what}.", "Give the name on the W-9, one only.")


@rule("identity.billing-npi", ERROR, of="billing", source="45 CFR 162.406; 837P TR3, loop 2010AA NM109")
def billing_npi(claim: Claim) -> Iterator[Problem]:
    """The billing provider's NPI has its check digit."""
    if not _valid_npi(claim.billing.npi):
        yield Problem(header("billing.npi"), _bad_npi("billing provider", claim.billing.npi), _NPPES)


def _bad_npi(who: str, npi: str) -> str:
    return f"The {who}'s NPI {npi} fails its check digit." if npi else f"The {who} has no NPI."


@rule("identity.billing-tin", ERROR, of="billing", source=f"{_BILLING} REF*EI or SY; CMS-1500 box 25")
def billing_tin(claim: Claim) -> Iterator[Problem]:
    """The billing provider's tax number has nine digits and its kind."""
    if not is_tin(claim.billing.tin):
        message = f"The tax number {claim.billing.tin!r} is not nine digits."
        yield Problem(header("billing.tin"), message, "Enter it without hyphen, as on the W-9.")
    elif not claim.billing.tin_kind:
        yield Problem(header("billing.tin_kind"), "The kind of tax number is not known.", "Say EI (employer) or SY.")


@rule("identity.billing-ein-prefix", WARNING, of="billing", source="IRS list of EIN prefixes")
def billing_ein_prefix(claim: Claim) -> Iterator[Problem]:
    """An employer number begins with a prefix that the IRS has assigned."""
    billing = claim.billing
    if billing.tin_kind == "EI" and is_tin(billing.tin) and not is_ein(billing.tin):
        message = f"The IRS has assigned no employer number that begins with {billing.tin[:2]}."
        yield Problem(header("billing.tin"), message, "Compare with the W-9; a social security number is kind SY.")


@rule("identity.billing-taxonomy", ERROR, of="billing", source="837P TR3, loop 2000A PRV03; NUCC taxonomy")
def billing_taxonomy(claim: Claim) -> Iterator[Problem]:
    """A billing taxonomy code has its shape; without one, payers that price by specialty may reject."""
    code = claim.billing.taxonomy
    if code and not is_taxonomy(code):
        message = f"{code!r} is not the shape of a taxonomy code."
        yield Problem(header("billing.taxonomy"), message, "Ten characters ending in X, as enrolled with the payer.")


@rule("identity.billing-address", ERROR, of="billing", source=f"{_BILLING} N3, N4")
def billing_address(claim: Claim) -> Iterator[Problem]:
    """The billing provider has a street address, city and state."""
    yield from _address("billing", "billing provider", claim.billing.address)


def _address(field: str, who: str, address: Address | None) -> Iterator[Problem]:
    if address is None or not address.line1.strip():
        yield Problem(
            header(f"{field}.address"), f"The {who} has no street address.", "Enter street, city, state, ZIP."
        )
    elif not address.city.strip() or (not address.country and not re.fullmatch("[A-Z]{2}", address.state)):
        message = f"The {who}'s address lacks its city or two-letter state."
        yield Problem(header(f"{field}.address"), message, "Complete the address.")


@rule("identity.billing-zip", ERROR, of="billing", source=f"{_BILLING} N403")
def billing_zip(claim: Claim) -> Iterator[Problem]:
    """The billing address has a nine-digit ZIP code."""
    address = claim.billing.address
    if address and not address.country and not re.fullmatch(r"\d{9}", address.postal_code):
        message = f"The billing ZIP code {address.postal_code!r} does not have nine digits."
        yield Problem(header("billing.address.postal_code"), message, "Add the four digits (USPS ZIP lookup).")


@rule("identity.billing-po-box", ERROR, of="billing", source=f"{_BILLING} N301: street address, not a post office box")
def billing_po_box(claim: Claim) -> Iterator[Problem]:
    """The billing address is a street; a P.O. box may only be the pay-to address."""
    address = claim.billing.address
    if address and (_PO_BOX.search(address.line1) or _PO_BOX.search(address.line2)):
        message = "The billing address is a post office box."
        yield Problem(header("billing.address"), message, "Enter the street; move the box to the pay-to address.")


@rule("identity.billing-phone", WARNING, of="billing", source=f"{_BILLING} PER04")
def billing_phone(claim: Claim) -> Iterator[Problem]:
    """The billing contact's telephone has ten digits."""
    contact = claim.billing.contact
    if contact and contact.phone and not re.fullmatch(r"[2-9]\d{9}", contact.phone):
        message = f"The billing telephone {contact.phone!r} is not ten digits."
        yield Problem(header("billing.contact.phone"), message, "Enter area code and number, digits only.")


@rule("identity.pay-to", ERROR, when="pay_to", source="837P TR3, loop 2010AB")
def pay_to(claim: Claim) -> Iterator[Problem]:
    """A pay-to party has a whole address; it is there only to give one."""
    if claim.pay_to:
        yield from _address("pay_to", "pay-to party", claim.pay_to.address)


@rule("identity.rendering-npi", ERROR, source="837P TR3, loops 2310B and 2420A NM109; CMS-1500 box 24J")
def rendering_npi(claim: Claim) -> Iterator[Problem]:
    """Who rendered the service has an NPI with its check digit, on the claim and on each line."""
    if claim.rendering and not _valid_npi(claim.rendering.npi):
        yield Problem(header("rendering.npi"), _bad_npi("rendering provider", claim.rendering.npi), _NPPES)
    for service in claim.lines:
        if service.rendering and not _valid_npi(service.rendering.npi):
            message = _bad_npi("rendering provider", service.rendering.npi)
            yield Problem(line(service.number, "rendering.npi"), message, _NPPES)


@rule("identity.rendering-name", ERROR, when="rendering", source="837P TR3, loop 2310B NM103")
def rendering_name(claim: Claim) -> Iterator[Problem]:
    """The rendering provider is named."""
    if claim.rendering and not _named(claim.rendering):
        yield Problem(header("rendering"), "The rendering provider has no name.", "Enter it as enrolled.")


def _named(provider: Provider) -> bool:
    return bool(provider.organization.strip() or (provider.person and provider.person.last.strip()))


@rule(
    "identity.rendering-missing",
    WARNING,
    source="837P TR3, loop 2310B; Claims Processing Manual ch. 26 §10.4 item 24J",
    forms=("professional", "dental"),
)
def rendering_missing(claim: Claim) -> Iterator[Problem]:
    """A group names the person who rendered: on the claim or on every line."""
    if claim.billing.organization and not claim.rendering and not all(one.rendering for one in claim.lines):
        message = "An organization bills, and nobody is named as the one who saw the patient."
        yield Problem(header("rendering"), message, "Name the rendering provider.")


@rule("identity.rendering-taxonomy", ERROR, when="rendering", source="837P TR3, loop 2310B PRV03")
def rendering_taxonomy(claim: Claim) -> Iterator[Problem]:
    """A rendering taxonomy code has its shape."""
    if claim.rendering and claim.rendering.taxonomy and not is_taxonomy(claim.rendering.taxonomy):
        message = f"{claim.rendering.taxonomy!r} is not the shape of a taxonomy code."
        yield Problem(header("rendering.taxonomy"), message, "Ten characters ending in X, as enrolled with the payer.")


@rule("identity.rendering-is-billing", WARNING, when="rendering", source="837P TR3, loop 2310B situational rule")
def rendering_is_billing(claim: Claim) -> Iterator[Problem]:
    """Loop 2310B is sent only when the one who rendered is not the billing provider."""
    if claim.rendering and claim.rendering.npi and claim.rendering.npi == claim.billing.npi:
        message = "The rendering provider is the billing provider."
        yield Problem(header("rendering"), message, "Leave the rendering provider out, or bill under the group's NPI.")


@rule("identity.referring-npi", ERROR, when="referring", source="837P TR3, loop 2310A NM109; CMS-1500 box 17b")
def referring_npi(claim: Claim) -> Iterator[Problem]:
    """A referring provider has a name and an NPI with its check digit."""
    yield from _second_party("referring", "referring provider", claim.referring)


def _second_party(field: str, who: str, party: Provider | None) -> Iterator[Problem]:
    if party is None:
        return
    if not _named(party):
        yield Problem(header(field), f"The {who} has no name.", "Enter it as in NPPES, or leave the provider out.")
    if not _valid_npi(party.npi):
        yield Problem(header(f"{field}.npi"), _bad_npi(who, party.npi), "Look the number up in NPPES and correct it.")


@rule("identity.supervising-npi", ERROR, when="supervising", source="837P TR3, loop 2310D NM109")
def supervising_npi(claim: Claim) -> Iterator[Problem]:
    """A supervising provider has a name and an NPI with its check digit."""
    yield from _second_party("supervising", "supervising provider", claim.supervising)


@rule("identity.facility", ERROR, when="service_facility", source="837P TR3, loop 2310C; CMS-1500 box 32")
def facility(claim: Claim) -> Iterator[Problem]:
    """A service facility has a name and a whole address."""
    place = claim.service_facility
    if place is None:
        return
    if not _named(place):
        yield Problem(header("service_facility"), "The service facility has no name.", "Enter the location's name.")
    yield from _address("service_facility", "service facility", place.address)


@rule("identity.facility-npi", ERROR, when="service_facility", source="837P TR3, loop 2310C NM109; CMS-1500 box 32a")
def facility_npi(claim: Claim) -> Iterator[Problem]:
    """A service facility's NPI, when given, has its check digit."""
    place = claim.service_facility
    if place and place.npi and not _valid_npi(place.npi):
        yield Problem(header("service_facility.npi"), _bad_npi("service facility", place.npi), _NPPES)


@rule("identity.facility-is-billing", WARNING, when="service_facility", source="837P TR3, loop 2310C situational rule")
def facility_is_billing(claim: Claim) -> Iterator[Problem]:
    """Loop 2310C is sent only for a place other than the billing address."""
    place = claim.service_facility
    if place and place.address and same_place(place, claim.billing):
        message = "The service facility is the billing address."
        yield Problem(header("service_facility"), message, "Leave the service facility out.")


@rule("identity.facility-home", ERROR, when="service_facility", source="Claims Processing Manual ch. 26 §10.4 item 32")
def facility_home(claim: Claim) -> Iterator[Problem]:
    """Care in the patient's home names no facility."""
    if claim.service_facility and claim.place_of_service == "12":
        message = "A service facility is named for care in the patient's home."
        yield Problem(header("service_facility"), message, "Leave it out, or correct the place of service.")
