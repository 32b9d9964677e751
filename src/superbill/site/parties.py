"""From the chart's words to the parties of a claim: the site's providers, places, payers and coverage assignment."""

from functools import cache
from hashlib import blake2b
from typing import TypeVar

from superbill.chart.model import Chart, CoverageRecord, EncounterRecord, ProviderRecord
from superbill.claims.facility_inputs import FacilityParties
from superbill.claims.inputs import BillingParties, PayerLookup, PayerOnClaim
from superbill.claims.model import Payer, Person, Provider
from superbill.identifiers import is_npi
from superbill.site.model import (
    CoverageAssignment,
    Facility,
    Location,
    PayerEntry,
    RenderingProvider,
    Site,
    payer_called,
)

SELF_PAY = "self-pay"
Keyed = TypeVar("Keyed", RenderingProvider, Location)


def billing_parties(site: Site, encounter: EncounterRecord) -> BillingParties:
    """Who bills, renders, refers and supervises this visit, and where it was.

    A performer whom the site does not know is billed under the site's default provider (a site for data from
    elsewhere lists none of its people); a referring provider counts only with a valid NPI.
    """
    practice = site.practice
    billing = Provider(
        organization=practice.name,
        npi=practice.npi,
        taxonomy=practice.taxonomy,
        tin=practice.tin,
        tin_kind=practice.tin_kind,
        address=practice.address,
        contact=practice.contact,
    )
    supervisor = encounter.supervisor and site.provider(*_names(encounter.supervisor))
    return BillingParties(
        billing=billing,
        pay_to=Provider(organization=practice.name, address=practice.pay_to) if practice.pay_to else None,
        rendering=_rendering(rendering_provider(site, encounter)),
        referring=_referring(encounter.referrer),
        supervising=_rendering(supervisor) if supervisor else None,
        service_facility=_facility(location_of(site, encounter)),
        clia=practice.clia,
    )


def rendering_provider(site: Site, encounter: EncounterRecord) -> RenderingProvider:
    """The site's entry for the one who saw the patient, else its default provider."""
    found = site.provider(*_names(encounter.performer)) if encounter.performer else None
    return found or _default(site.providers, site.default_provider)


def location_of(site: Site, encounter: EncounterRecord) -> Location:
    """The site's entry for where the visit was, else its default location."""
    return site.location(*_places(encounter)) or _default(site.locations, site.default_location)


def _places(encounter: EncounterRecord) -> list[str]:
    """Every name that the chart has for the place of the encounter."""
    names: list[str] = []
    if encounter.location:
        names += [encounter.location.id, encounter.location.npi, encounter.location.name]
    if encounter.organization:
        names += _names(encounter.organization)
    return names


def facility_of(site: Site, encounter: EncounterRecord) -> Facility | None:
    """The site's entry for the facility where the encounter was, else its default one; None where it has none."""
    return site.facility(*_places(encounter)) if site.facilities else None


def facility_provider(facility: Facility) -> Provider:
    """A facility as the billing provider of its claims, and as the service facility of professionals' ones."""
    return Provider(
        organization=facility.name,
        npi=facility.npi,
        taxonomy=facility.taxonomy,
        tin=facility.tin,
        tin_kind=facility.tin_kind,
        address=facility.address,
        contact=facility.contact,
    )


def facility_parties(site: Site, facility: Facility, encounter: EncounterRecord) -> FacilityParties:
    """Who bills for the facility, and who attended: the one who saw the patient, who also operated if anybody did."""
    attending = _rendering(rendering_provider(site, encounter))
    return FacilityParties(
        billing=facility_provider(facility),
        pay_to=Provider(organization=facility.name, address=facility.pay_to) if facility.pay_to else None,
        attending=attending,
        operating=attending,
        referring=_referring(encounter.referrer),
    )


@cache
def payer_lookup(site: Site) -> PayerLookup:
    """Finds the payer that a coverage names; None when the site does not bill it."""
    return lookup_among(site.payers)


def lookup_among(payers: tuple[PayerEntry, ...]) -> PayerLookup:
    """Finds one of these payers by key, id, name or a `match` word."""
    known = {entry.key: _payer(entry) for entry in payers}

    @cache
    def find(name: str) -> PayerOnClaim | None:
        entry = payer_called(payers, name)
        return known[entry.key] if entry else None

    return find


def assigned_coverages(site: Site, chart: Chart, encounter: EncounterRecord) -> tuple[CoverageRecord, ...]:
    """Coverage for a chart that carries none, by the site's assignment.

    The visit's own word for who pays (from its claim, or the registration desk) decides where the site knows it.
    Otherwise one assignment row is drawn by weight among those whose age band holds; the draw depends on the patient
    alone.
    """
    hinted = site.hinted(encounter.payer_hint) if encounter.payer_hint else None
    if hinted is not None:
        return tuple(_coverage(chart, entry, order) for order, entry in enumerate(hinted, 1))
    age = chart.age_on(encounter.date_of_service) or 0
    row = _draw(chart.patient.id, [row for row in site.assignments if row.min_age <= age <= row.max_age])
    if row is None or row.payer == SELF_PAY:
        return ()
    keys = [row.payer, row.secondary] if row.secondary else [row.payer]
    payers = [entry for key in keys for entry in site.payers if entry.key == key]
    return tuple(_coverage(chart, entry, order) for order, entry in enumerate(payers, 1))


def _draw(patient_id: str, rows: list[CoverageAssignment]) -> CoverageAssignment | None:
    total = sum(row.weight for row in rows)
    if not total:
        return None
    place = int.from_bytes(blake2b(patient_id.encode(), digest_size=8).digest()) % total
    for row in rows:
        place -= row.weight
        if place < 0:
            return row
    return None


def _coverage(chart: Chart, payer: PayerEntry, order: int) -> CoverageRecord:
    made = medicare_number if payer.kind == "medicare" else _member_number
    member_id = made(f"{payer.key}:{chart.patient.id}")
    return CoverageRecord(id=f"assigned:{payer.key}", payer=payer.key, member_id=member_id, order=order)


def _member_number(identity: str) -> str:
    return f"M{blake2b(identity.encode(), digest_size=5).hexdigest().upper()}"


_LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # an MBI has no S, L, O, I, B or Z
_DIGITS = "0123456789"
# 1EG4 opens the number on the card that CMS prints as its specimen; the rest follows the pattern.
_SPECIMEN = "1EG4"
_PATTERN = (_LETTERS, _LETTERS + _DIGITS, _DIGITS, _LETTERS, _LETTERS, _DIGITS, _DIGITS)


def medicare_number(identity: str) -> str:
    """A made-up Medicare Beneficiary Identifier, always the same for the same identity.

    CMS, "Understanding the Medicare Beneficiary Identifier (MBI) format": eleven characters C A AN N A AN N A A N N.
    """
    rest = int.from_bytes(blake2b(identity.encode(), digest_size=8).digest())
    made = _SPECIMEN
    for characters in _PATTERN:
        rest, place = divmod(rest, len(characters))
        made += characters[place]
    return made


def _names(record: ProviderRecord) -> list[str]:
    name = record.name
    spoken = " ".join([*name.given[:1], name.family]) if name.given else name.family
    return [text for text in (record.id, record.npi, spoken, name.family) if text]


def _rendering(entry: RenderingProvider) -> Provider:
    return Provider(person=Person(entry.last, entry.first), npi=entry.npi, taxonomy=entry.taxonomy)


def _referring(record: ProviderRecord | None) -> Provider | None:
    if record is None or not is_npi(record.npi):
        return None
    return Provider(person=Person(record.name.family, *record.name.given[:1]), npi=record.npi)


def _facility(location: Location) -> Provider:
    return Provider(organization=location.name, npi=location.npi, address=location.address)


def _payer(entry: PayerEntry) -> PayerOnClaim:
    payer = Payer(
        name=entry.name, id=entry.id, claim_filing_indicator=entry.claim_filing_indicator, address=entry.address
    )
    return PayerOnClaim(key=entry.key, payer=payer, kind=entry.kind, electronic_secondary=entry.electronic_secondary)


def _default(entries: tuple[Keyed, ...], key: str) -> Keyed:
    return next(entry for entry in entries if entry.key == key)
