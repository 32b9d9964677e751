"""What a claim is built from besides the chart: the practice's parties, its payers, the coverages in order."""

from collections.abc import Callable
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from superbill.claims.model import Claim, Diagnosis, Payer, Provider, ServiceLine, Subscriber
from superbill.findings import Finding
from superbill.money import Cents

PayerKind = Literal["medicare", "medicaid", "commercial", "supplement", "workers_compensation", "auto"]
# The charge for one unit of a code with its modifiers on a day, in cents; None: the practice has no price for it.
Price: TypeAlias = Callable[[str, tuple[str, ...], date], Cents | None]


class BillingParties(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who bills, where the money goes, who saw the patient and where, and the practice's standing statements.

    `service_facility` is always the place of the visit: the builder leaves it out where a claim must not name it.
    `clia` with `certificate_of_waiver`: the laboratory may run only waived tests, which then carry modifier QW.
    """

    billing: Provider
    pay_to: Provider | None = None
    rendering: Provider | None = None
    referring: Provider | None = None
    supervising: Provider | None = None
    service_facility: Provider | None = None
    clia: str = ""
    certificate_of_waiver: bool = True
    accept_assignment: Literal["A", "B", "C"] = "A"
    benefits_assigned: Literal["Y", "N", "W"] = "Y"
    release_of_information: Literal["Y", "I"] = "Y"


class PayerOnClaim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payer as the practice knows it: `key` of its own list, identity on claims, and what decides claim fields."""

    key: str
    payer: Payer
    kind: PayerKind = "commercial"
    electronic_secondary: bool = True


PayerLookup: TypeAlias = Callable[[str], PayerOnClaim | None]


class CoverageOnClaim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One coverage in its place in the order of payment: `subscriber.responsibility` says which."""

    coverage_id: str
    payer: PayerOnClaim
    subscriber: Subscriber


class CoverageOrder(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who pays for a visit, first to last. No coverages and no error: the patient pays; `self_pay` says why."""

    coverages: tuple[CoverageOnClaim, ...] = ()
    self_pay: str = ""
    findings: tuple[Finding, ...] = ()


class Built(Struct, frozen=True, kw_only=True, tag="built"):
    """The claims of one visit for its first payer: one, or several for more than 50 lines. Findings don't hold them."""

    claims: tuple[Claim, ...]
    coverages: tuple[CoverageOnClaim, ...]
    findings: tuple[Finding, ...] = ()


class SelfPay(Struct, frozen=True, kw_only=True, tag="self-pay"):
    """No claim: the patient owes the lines. They carry charges and control numbers as on a claim."""

    account: str
    reason: str
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    patient_paid: Cents | None = None
    findings: tuple[Finding, ...] = ()


class Held(Struct, frozen=True, kw_only=True, tag="held"):
    """Nothing could be built; at least one finding is an error and says what is missing."""

    findings: tuple[Finding, ...]


class BilledElsewhere(Struct, frozen=True, kw_only=True, tag="elsewhere"):
    """No claim of its own: its charges stand on another encounter's claim, as the findings say."""

    findings: tuple[Finding, ...]


Outcome: TypeAlias = Built | SelfPay | Held | BilledElsewhere
