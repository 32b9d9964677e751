"""The Good Faith Estimate for someone without insurance, or who does not use it (45 CFR 149.610), and its $400 check.

Expected charges are the provider's own prices for a patient who pays himself, with the discounts for such patients
(149.610(a)(2)). What it must hold stands in 149.610(c)(1); 149.620(a)(2) says when a bill is substantially in excess.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from superbill.claims.model import Address
from superbill.findings import Finding, Severity, header
from superbill.money import Cents, dollars

SUBSTANTIAL: Cents = 400_00
_DISPUTE_DAYS = 120

# In our own words; 149.610(c)(1) says what each of them has to tell.
NOTICES = (
    "The provider may recommend further services as part of your care. They have to be scheduled or asked for "
    "separately and are not in this estimate.",
    "This is only an estimate of what is reasonably expected today. Services and charges may turn out different.",
    "If a provider or facility bills you at least $400 more than this estimate says for that provider or facility, you "
    "have the right to dispute the bill (patient-provider dispute resolution), within 120 calendar days of the date on "
    "the first bill. How to begin: www.cms.gov/nosurprises or 1-800-985-3059. A dispute won't make your care worse.",
    "This estimate is no contract. You are not obliged to take these services from any of the providers named here.",
)
SEPARATE_NOTICE = (
    "The services below are expected before or after this care and are scheduled separately. Each has an estimate of "
    "its own, on scheduling or when you ask for it; ask the provider named, or us."
)


class ExpectedService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service with what it is expected to cost, in cents for all its units, and the diagnoses it is for."""

    code: str
    charge: Cents
    description: str = ""
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    diagnoses: tuple[str, ...] = ()
    on: date | None = None
    steps: tuple[str, ...] = ()


class ExpectedProvider(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider or facility of the estimate, with its services. `convening`: the one who gives the estimate."""

    name: str
    npi: str
    tin: str
    address: Address
    services: tuple[ExpectedService, ...]
    convening: bool = False

    @property
    def total(self) -> Cents:
        """What it is expected to charge; the $400 check compares this sum."""
        return sum(service.charge for service in self.services)


class Separate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A service that will need its own scheduling, named without a price."""

    description: str
    code: str = ""
    provider: str = ""


class GoodFaithEstimate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The document as 149.610(c)(1) asks for it. `primary` says in plain words what brings the patient."""

    patient_name: str
    birth_date: date
    primary: str
    issued: date
    providers: tuple[ExpectedProvider, ...]
    scheduled: date | None = None
    separate: tuple[Separate, ...] = ()
    notices: tuple[str, ...] = NOTICES

    @property
    def total(self) -> Cents:
        return sum(provider.total for provider in self.providers)


def gaps(estimate: GoodFaithEstimate) -> list[Finding]:
    """What the document lacks of 149.610(c)(1)."""
    found = []
    for wrong, field, message, fix in (
        (not estimate.patient_name.strip(), "patient_name", "The patient is not named.", "Give the patient's name."),
        (
            not estimate.primary.strip(),
            "primary",
            "The primary service is not described.",
            "Say in plain words what for.",
        ),
        (not estimate.providers, "providers", "There is no provider.", "Name who gives the care, with the services."),
        (
            sum(each.convening for each in estimate.providers) != 1,
            "providers",
            "Exactly one provider gives the estimate.",
            "Mark the convening provider.",
        ),
    ):
        if wrong:
            found.append(_gap(field, message, fix))
    for provider in estimate.providers:
        for field in ("name", "npi", "tin"):
            if not getattr(provider, field):
                found.append(
                    _gap(f"providers.{field}", f"{provider.name or 'A provider'} has no {field.upper()}.", "Add it.")
                )
        if not provider.address.state:
            found.append(
                _gap("providers.address", f"{provider.name}: the State of the care is missing.", "Add the address.")
            )
        if not provider.services:
            found.append(_gap("providers.services", f"{provider.name} has no expected service.", "List its services."))
        for service in provider.services:
            if not service.code:
                found.append(_gap("services.code", f"{provider.name}: a service has no code.", "Add its service code."))
    return found


def _gap(field: str, message: str, fix: str) -> Finding:
    return Finding(
        rule="pricing.good-faith-estimate",
        severity=Severity.ERROR,
        where=header(field),
        message=message,
        why="The content of a Good Faith Estimate is fixed by law.",
        fix=fix,
        source="45 CFR 149.610(c)(1)",
        since=date(2022, 1, 1),
    )


def due(asked: date, scheduled_for: date | None) -> date | None:
    """The last day on which the estimate may be given, counted in business days (149.610(b)(1)).

    A service scheduled at least ten business days ahead: three business days after scheduling; at least three ahead:
    one. Asked for without a schedule (`scheduled_for` None): three. Scheduled nearer than that: none is due. Business
    days are Monday to Friday here: a federal holiday in between can only make the true day later.
    """
    if scheduled_for is None:
        return _business_days_after(asked, 3)
    if scheduled_for >= _business_days_after(asked, 10):
        return _business_days_after(asked, 3)
    return _business_days_after(asked, 1) if scheduled_for >= _business_days_after(asked, 3) else None


def _business_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


class Excess(Struct, frozen=True, kw_only=True):
    """What one provider billed against what the estimate said of it, in cents."""

    name: str
    npi: str
    expected: Cents
    billed: Cents
    substantial: bool

    @property
    def over(self) -> Cents:
        return self.billed - self.expected


def excesses(estimate: GoodFaithEstimate, billed: Iterable[tuple[str, Cents]]) -> list[Excess]:
    """Each provider's bills (NPI, cents) against its expected total: $400 more or above is substantially in excess.

    A provider who billed but is not in the estimate has an expected total of nothing (149.620 has rules of its own for
    a co-provider who stands in for another).
    """
    sums: dict[str, Cents] = {}
    for npi, cents in billed:
        sums[npi] = sums.get(npi, 0) + cents
    expected: dict[str, tuple[str, Cents]] = {}
    for provider in estimate.providers:
        before = expected.get(provider.npi, (provider.name, 0))[1]
        expected[provider.npi] = (provider.name, before + provider.total)
    found = []
    for npi, cents in sums.items():
        name, said = expected.get(npi, ("not in the estimate", 0))
        found.append(Excess(name=name, npi=npi, expected=said, billed=cents, substantial=cents - said >= SUBSTANTIAL))
    return sorted(found, key=lambda each: (-each.over, each.npi))


def excess_findings(found: Sequence[Excess], first_bill: date | None = None) -> list[Finding]:
    """A warning for each provider that the patient may dispute; the last day to do so where the bill's is known."""
    until = f", until {(first_bill + timedelta(days=_DISPUTE_DAYS)).isoformat()}" if first_bill else ""
    return [
        Finding(
            rule="pricing.good-faith-excess",
            severity=Severity.WARNING,
            where=header("charges"),
            message=f"{each.name} billed {dollars(each.billed)}, {dollars(each.over)} more than the "
            f"{dollars(each.expected)} of the Good Faith Estimate.",
            why=f"From $400 on the bill is substantially in excess, and the patient may dispute it{until}.",
            fix="Find the reason before the bill goes out: an unexpected service is documented, an error is corrected.",
            source="45 CFR 149.620(a)(2)",
            since=date(2022, 1, 1),
        )
        for each in found
        if each.substantial
    ]
