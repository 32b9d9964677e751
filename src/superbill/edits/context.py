"""What an edit may know besides the claim: the day, the payer, prices, history, authorizations, tables, the chart."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.chart.model import Chart
from superbill.claims.inputs import PayerKind, Price
from superbill.claims.model import Claim, ServiceLine
from superbill.edits.reference import NO_REFERENCE, Reference
from superbill.effective import Dated, Period
from superbill.site import PayerEntry

_ALWAYS = date.min


class PayerFacts(Struct, frozen=True, kw_only=True):
    """What the practice knows about the payer beyond the claim.

    `filing_limit`: days from the last service, dated. `secondary_limit`: days from the payment of the payer before it;
    `correction_limit`: days from the last service for a corrected claim; None: not known. `needs_authorization` and
    `needs_referral`: codes and ranges ("97110-97140") that it pays only so. `needs_ndc` and `needs_vaccine_ndc`: it
    rejects drugs, or vaccines, without NDC.
    """

    kind: PayerKind = "commercial"
    filing_limit: Dated[int] = Dated([])
    secondary_limit: int | None = None
    correction_limit: int | None = None
    needs_authorization: tuple[str, ...] = ()
    needs_referral: tuple[str, ...] = ()
    needs_ndc: bool = False
    needs_vaccine_ndc: bool = False


class PastClaim(Struct, frozen=True, kw_only=True):
    """An earlier claim of the same patient, as last sent, and what became of it (a ClaimState: "paid", "denied" …)."""

    claim: Claim
    state: str = "sent"
    payer_key: str = ""


class PastLine(Struct, frozen=True):
    """A line of an earlier claim, with that claim."""

    line: ServiceLine
    past: PastClaim


class History:
    """The earlier claims of a patient, asked by code or by day. Denied, voided and rejected claims are in it, too."""

    __slots__ = ("_by_code", "_by_day", "claims")

    def __init__(self, claims: Iterable[PastClaim] = ()) -> None:
        self.claims = tuple(claims)
        self._by_code: dict[str, list[PastLine]] = {}
        self._by_day: dict[date, list[PastLine]] = {}
        for past in self.claims:
            for line in past.claim.lines:
                one = PastLine(line, past)
                self._by_code.setdefault(line.procedure.code, []).append(one)
                if line.service.start is not None:
                    self._by_day.setdefault(line.service.start, []).append(one)

    def of(self, code: str) -> tuple[PastLine, ...]:
        """Every line of this code."""
        return tuple(self._by_code.get(code, ()))

    def on(self, day: date) -> tuple[PastLine, ...]:
        """Every line that starts on the day."""
        return tuple(self._by_day.get(day, ()))

    def between(self, first: date, last: date) -> list[PastLine]:
        """Every line that starts from the first to the last day, both included."""
        return [one for day, lines in self._by_day.items() if first <= day <= last for one in lines]

    def codes(self) -> frozenset[str]:
        """The codes that were ever billed."""
        return frozenset(self._by_code)


class Authorization(Struct, frozen=True, kw_only=True):
    """A prior authorization or a referral that a payer has given.

    `codes` single codes and ranges ("97110-97140"), none: any. `units` granted and `used` so far; None: not counted.
    """

    number: str
    kind: Literal["authorization", "referral"] = "authorization"
    payer_id: str = ""
    codes: tuple[str, ...] = ()
    period: Period = Period()
    units: Decimal | None = None
    used: Decimal = Decimal(0)
    provider_npi: str = ""


class CoverageSpan(Struct, frozen=True, kw_only=True):
    """What is known of a member's coverage, from a 271 or the card. `order`: whether it pays first, second …"""

    payer_id: str
    member_id: str
    period: Period = Period()
    order: int = 1
    plan: str = ""
    verified_on: date | None = None


class Enrolment(Struct, frozen=True, kw_only=True):
    """A provider's enrolment with a payer, from its effective date on. `payer_id` "": with every payer."""

    npi: str
    payer_id: str = ""
    period: Period = Period()


class Context(Struct, frozen=True, kw_only=True):
    """What an edit may know besides the claim.

    `price`: the charge master; None leaves charges unchecked against it. `reference`: the tables of the code sets.
    `history` has no claim that this one replaces. `authorizations`, `coverage` and `enrolments`: None where nobody
    keeps them, so that nothing follows from their absence; an empty tuple says that there is none. `verifies`: the
    practice asks payers for eligibility; where it never has, no coverage is told to be unverified.
    """

    today: date
    payer: PayerFacts = PayerFacts()
    price: Price | None = None
    reference: Reference = NO_REFERENCE
    history: History = History()
    authorizations: tuple[Authorization, ...] | None = None
    coverage: tuple[CoverageSpan, ...] | None = None
    verifies: bool = True
    enrolments: tuple[Enrolment, ...] | None = None
    chart: Chart | None = None


def payer_facts(entry: PayerEntry) -> PayerFacts:
    """The facts of a payer of the site.

    Medicaid rejects drugs without NDC (Social Security Act §1927(a)(7)); vaccines are no covered outpatient drugs
    there (§1927(k)(2)(B)).
    """
    limit = entry.filing_limit_days
    return PayerFacts(
        kind=entry.kind,
        filing_limit=Dated([(_ALWAYS, limit)] if limit is not None else []),
        secondary_limit=entry.secondary_limit_days,
        correction_limit=entry.correction_limit_days,
        needs_authorization=entry.authorized_codes,
        needs_referral=entry.referred_codes,
        needs_ndc=entry.kind == "medicaid",
    )
