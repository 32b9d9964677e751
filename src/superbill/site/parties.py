"""From the chart's words to the parties of a claim: the site's providers, places, payers and coverage assignment."""

from functools import cache
from hashlib import blake2b
from typing import TypeVar

from superbill.chart.model import Chart, CoverageRecord, EncounterRecord, ProviderRecord
from superbill.claims.inputs import BillingParties, PayerLookup, PayerOnClaim
from superbill.claims.model import Payer, Person, Provider
from superbill.identifiers import is_npi
from superbill.site.model import CoverageAssignment, Location, PayerEntry, RenderingProvider, Site

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
    names: list[str] = []
    if encounter.location:
        names += [encounter.location.id, encounter.location.npi, encounter.location.name]
    if encounter.organization:
        names += _names(encounter.organization)
    return site.location(*names) or _default(site.locations, site.default_location)


@cache
def payer_lookup(site: Site) -> PayerLookup:
    """Finds the payer that a coverage names; None when the site does not bill it."""
    known = {entry.key: _payer(entry) for entry in site.payers}

    @cache
    def find(name: str) -> PayerOnClaim | None:
        entry = site.payer(name)
        return known[entry.key] if entry else None

    return find


def assigned_coverages(site: Site, chart: Chart, encounter: EncounterRecord) -> tuple[CoverageRecord, ...]:
    """Coverage for a chart that carries none, by the site's assignment.

    A payer hint of the visit (who its own claim named) decides where the site knows it. Otherwise one assignment row
    is drawn by weight among those whose age band holds; the draw depends on the patient alone.
    """
    if encounter.payer_hint:
        hinted = [name.strip() for name in encounter.payer_hint.split("+")]
        payers = [site.payer(name) for name in hinted]
        if all(payers):
            return tuple(_coverage(chart, entry.key, order) for order, entry in enumerate(payers, 1) if entry)
    age = chart.age_on(encounter.date_of_service) or 0
    row = _draw(chart.patient.id, [row for row in site.assignments if row.min_age <= age <= row.max_age])
    if row is None or row.payer == SELF_PAY:
        return ()
    keys = [row.payer, row.secondary] if row.secondary else [row.payer]
    return tuple(_coverage(chart, key, order) for order, key in enumerate(keys, 1))


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


def _coverage(chart: Chart, payer: str, order: int) -> CoverageRecord:
    mark = blake2b(f"{payer}:{chart.patient.id}".encode(), digest_size=5).hexdigest().upper()
    return CoverageRecord(id=f"assigned:{payer}", payer=payer, member_id=f"M{mark}", order=order)


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
