"""The site: one practice's own facts, read from a TOML file: who bills and renders, where, to whom, at what price.

A chart names people and payers in its own words; `match` lists those words, so that a practitioner, location or
payer of the chart finds its entry here. Nothing about a patient is in a site file.
"""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import PurePath
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from superbill.claims.model import Address, Contact
from superbill.coding.deciding import Policy
from superbill.identifiers import is_npi
from superbill.money import Cents
from superbill.site.appeals import AppealLevel, PayerKind, PayerRules
from superbill.site.policy import MoneyPolicy


class SiteError(ValueError):
    """A site file that can't be used; the message names the place and the fix."""


class Practice(Struct, frozen=True, kw_only=True):
    """The billing provider (loop 2010AA). `postal_code` of its address has nine digits; no P.O. box."""

    key: str
    name: str
    npi: str
    tin: str
    taxonomy: str
    address: Address
    contact: Contact
    tin_kind: Literal["EI", "SY"] = "EI"
    pay_to: Address | None = None
    clia: str = ""


class RenderingProvider(Struct, frozen=True, kw_only=True):
    """One who sees patients. `match`: ids, NPIs or names under which charts know this person."""

    key: str
    last: str
    first: str
    npi: str
    taxonomy: str
    match: tuple[str, ...] = ()


class Location(Struct, frozen=True, kw_only=True):
    """A place where the practice gives care."""

    key: str
    name: str
    place_of_service: str
    address: Address
    npi: str = ""
    match: tuple[str, ...] = ()


class Facility(Struct, frozen=True, kw_only=True):
    """A hospital or skilled nursing facility for which institutional claims are billed: their billing provider.

    `match`: ids and names under which charts know it. `payment_window_days`: outpatient services of so many days before
    an admission are billed with it, 3 for a hospital paid by MS-DRG, 1 for another, 0 never (42 CFR 412.2(c)(5),
    413.40(c)(2)).
    """

    key: str
    name: str
    npi: str
    tin: str
    taxonomy: str
    address: Address
    contact: Contact
    kind: Literal["hospital", "skilled_nursing"] = "hospital"
    tin_kind: Literal["EI", "SY"] = "EI"
    pay_to: Address | None = None
    match: tuple[str, ...] = ()
    payment_window_days: Literal[0, 1, 3] = 3


class PayerEntry(Struct, frozen=True, kw_only=True):
    """A payer that the practice bills. `match`: names under which coverages know it.

    `filing_limit_days` counts from the last day of service, `correction_limit_days` likewise for a corrected claim,
    `secondary_limit_days` from the payment of the payer before it; None: no limit known. `authorized_codes` and
    `referred_codes`: codes and ranges ("97110-97140") that it pays only with prior authorization, or on referral.
    `appeal_levels` in their order; none: what law or custom give the kind.
    `electronic_secondary`: takes COB claims as 837; `electronic_status`: answers what has become of a claim (276).
    `kind` decides claim fields: medicare, medicaid, commercial,
    supplement, workers_compensation, auto.
    """

    key: str
    name: str
    id: str
    claim_filing_indicator: str
    kind: PayerKind = "commercial"
    address: Address | None = None
    match: tuple[str, ...] = ()
    filing_limit_days: int | None = None
    secondary_limit_days: int | None = None
    correction_limit_days: int | None = None
    authorized_codes: tuple[str, ...] = ()
    referred_codes: tuple[str, ...] = ()
    electronic_secondary: bool = True
    electronic_status: bool = True
    appeal_levels: tuple[AppealLevel, ...] = ()


class CoverageAssignment(Struct, frozen=True, kw_only=True):
    """For charts that carry no coverage: which payer a patient of this age gets, or "self-pay".

    Among the rows whose age band holds on the date of service, one is drawn by `weight`, always the same for the
    same patient. `secondary` adds a second payer.
    """

    payer: str
    min_age: int = 0
    max_age: int = 150
    weight: int = 1
    secondary: str = ""


class PayerHint(Struct, frozen=True, kw_only=True):
    """A chart's word for who pays a visit, where that is not one payer: `payers` in the order in which they pay.

    `match` is the word as the chart writes it, case aside ("dual_eligible"). No payers: the patient pays.
    """

    match: str
    payers: tuple[str, ...]


class EnrolmentEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider's enrolment with a payer, from `start` to `end`, both included; None: open.

    `provider`: the key of the practice, of a provider or of a facility of this file, or any NPI (one who refers).
    `payer`: a payer's key; "": every payer.
    """

    provider: str
    payer: str = ""
    start: date | None = None
    end: date | None = None


class Trading(Struct, frozen=True, kw_only=True):
    """How files are addressed: our submitter id and the receiver's."""

    submitter_id: str
    receiver_id: str
    receiver_name: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    usage: Literal["P", "T"] = "T"


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything the path needs to know about the practice. `charge_master` names a CSV beside the site file,
    `contracts` the TOML files of what payers agreed to pay.

    `facilities` are billed for on institutional claims, at the charges of the CSV `facility_charges`; an encounter at a
    place that none of them is takes `default_facility`, and without one only the professional's claim is made.
    `enrolments`: a payer that none names is not checked; with one that is named, whoever bills or renders needs one.

    For charts without coverage: a visit's word for its payer is looked up in `hints`, then among the payers; where
    neither knows it, `assignments` decide.
    `billing_cycle_months`: a run over past visits bills each on the first day after its cycle of so many months (1, 2,
    3, 4, 6 or 12). Without `as_of` a session's day is today. `coding`: what is done with visits that only a note
    tells of. `money`: limits, cycles and days of the office.
    """

    practice: Practice
    trading: Trading
    providers: tuple[RenderingProvider, ...]
    locations: tuple[Location, ...]
    payers: tuple[PayerEntry, ...]
    default_provider: str
    default_location: str
    assignments: tuple[CoverageAssignment, ...] = ()
    hints: tuple[PayerHint, ...] = ()
    enrolments: tuple[EnrolmentEntry, ...] = ()
    facilities: tuple[Facility, ...] = ()
    default_facility: str = ""
    charge_master: str = "charge_master.csv"
    contracts: tuple[str, ...] = ()
    facility_charges: str = "facility_charges.csv"
    as_of: date | None = None
    statement_minimum: Cents = 500
    billing_cycle_months: Literal[1, 2, 3, 4, 6, 12] = 1
    coding: Policy = Policy()
    money: MoneyPolicy = MoneyPolicy()

    def payer(self, name: str) -> PayerEntry | None:
        """The payer that a coverage calls `name` (key, id, name or a `match` word; case does not count)."""
        return payer_called(self.payers, name)

    def hinted(self, word: str) -> tuple[PayerEntry, ...] | None:
        """The payers that a chart means by `word`, in the order in which they pay; None when the site can't tell."""
        wanted = word.strip().casefold()
        for hint in self.hints:
            if hint.match.casefold() == wanted:
                return tuple(entry for key in hint.payers for entry in self.payers if entry.key == key)
        entry = self.payer(word)
        return (entry,) if entry else None

    def provider(self, *names: str) -> RenderingProvider | None:
        """The rendering provider whom a chart calls by any of `names`."""
        return next((found for name in names if (found := _find(self.providers, name))), None)

    def facility(self, *names: str) -> Facility | None:
        """The facility that a chart calls by any of `names`, else the default one, if there is one."""
        found = next((found for name in names if (found := _find(self.facilities, name))), None)
        return found or next((one for one in self.facilities if one.key == self.default_facility), None)

    def enrolled_npi(self, provider: str) -> str:
        """The NPI that an enrolment means by `provider`: a key's, else `provider` itself."""
        return _npis(self).get(provider, provider)

    def location(self, *names: str) -> Location | None:
        """The location that a chart calls by any of `names`."""
        return next((found for name in names if (found := _find(self.locations, name))), None)


def _npis(site: Site) -> dict[str, str]:
    """The NPIs of the practice, its facilities and its providers by key."""
    npis = {one.key: one.npi for one in site.facilities} | {one.key: one.npi for one in site.providers}
    return {site.practice.key: site.practice.npi} | npis


@lru_cache(4096)
def _words(entry: "PayerEntry | RenderingProvider | Location | Facility") -> set[str]:
    words = {entry.key, *entry.match}
    if isinstance(entry, RenderingProvider):
        words |= {entry.npi, f"{entry.first} {entry.last}"}
    else:
        words |= {entry.name}
        words |= {entry.id} if isinstance(entry, PayerEntry) else {entry.npi}
    return {word.casefold() for word in words if word}


Entry = TypeVar("Entry", PayerEntry, RenderingProvider, Location, Facility)


def _find(entries: tuple[Entry, ...], name: str) -> Entry | None:
    wanted = name.strip().casefold()
    return next((entry for entry in entries if wanted and wanted in _words(entry)), None)


def payer_called(payers: tuple[PayerEntry, ...], name: str) -> PayerEntry | None:
    """The one of these payers that a coverage calls `name`."""
    return _find(payers, name)


def read_site(text: str, name: str = "site.toml") -> Site:
    """The site that a TOML text describes. Raises SiteError with the place when it can't be used."""
    try:
        site = msgspec.convert(tomllib.loads(text), Site)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{name}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise SiteError(f"{name}: {error}") from None
    named = [("charge_master", site.charge_master), ("facility_charges", site.facility_charges)]
    for field, file in (*named, *(("contracts", contract) for contract in site.contracts)):
        if PurePath(file).name != file:
            raise SiteError(f"{name}: {field} {file!r}: name a file beside the site file, no folder")
    keys = {entry.key for entry in site.facilities}
    if site.default_facility and site.default_facility not in keys:
        raise SiteError(f"{name}: default_facility {site.default_facility!r} is none of {sorted(keys)}")
    keys = {entry.key for entry in site.providers}
    if site.default_provider not in keys:
        raise SiteError(f"{name}: default_provider {site.default_provider!r} is none of {sorted(keys)}")
    keys = {entry.key for entry in site.locations}
    if site.default_location not in keys:
        raise SiteError(f"{name}: default_location {site.default_location!r} is none of {sorted(keys)}")
    _check_enrolments(site, name)
    payers = {entry.key for entry in site.payers} | {"self-pay"}
    for row in site.assignments:
        for payer in (row.payer, row.secondary):
            if payer and payer not in payers:
                raise SiteError(f"{name}: assignments: payer {payer!r} is none of {sorted(payers)}")
    for hint in site.hints:
        for payer in hint.payers:
            if payer not in payers - {"self-pay"}:
                fix = f"name one of {sorted(payers - {'self-pay'})}, or none where the patient pays"
                raise SiteError(f"{name}: hints: {hint.match!r}: there is no payer {payer!r}; {fix}")
    return replace(site, money=replace(site.money, payers={entry.key: _rules(entry) for entry in site.payers}))


def _rules(entry: PayerEntry) -> PayerRules:
    return PayerRules(
        kind=entry.kind, appeal_levels=entry.appeal_levels, correction_limit_days=entry.correction_limit_days
    )


def _check_enrolments(site: Site, name: str) -> None:
    """Every enrolment names who and with whom, and ends no earlier than it starts. Raises SiteError."""
    payers = sorted(entry.key for entry in site.payers)
    known = sorted(_npis(site))
    for place, one in enumerate(site.enrolments, 1):
        where = f"{name}: enrolments, entry {place}"
        if one.provider not in known and not is_npi(one.provider):
            raise SiteError(f"{where}: provider {one.provider!r} is no NPI and none of {known}")
        if one.payer and one.payer not in payers:
            raise SiteError(f"{where}: payer {one.payer!r} is none of {payers}; leave it out for every payer")
        if one.start and one.end and one.end < one.start:
            raise SiteError(f"{where}: it ends on {one.end}, before its start on {one.start}; correct one of the two")
