"""What the practice keeps of its patients beside charts and claims: coverage and authorizations."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from superbill.app.authorizations import queries as granted
from superbill.app.eligibility import queries as eligibility
from superbill.app.patients.queries import charts
from superbill.app.session import Session
from superbill.claims.control import RESPONSIBILITIES
from superbill.claims.coverage_order import ACCIDENT_KINDS, in_payment_order
from superbill.claims.model import Claim
from superbill.edits import Authorization, CoverageSpan
from superbill.edits.coverage.known import Answered, spans
from superbill.site import Site, payer_lookup


class Facts(Struct, frozen=True, kw_only=True):
    """What is kept of one patient, as the edits take it; None where nobody keeps it."""

    coverage: tuple[CoverageSpan, ...] | None = None
    verifies: bool = False
    authorizations: tuple[Authorization, ...] | None = None


NO_FACTS = Facts()


class Known:
    """The facts of the patients (row ids) of a run.

    Coverage is known of a patient whose chart carries coverages or about whom a payer has answered. Authorizations
    are known with payers of whom the practice has ever entered one: of others their absence says nothing.
    """

    def __init__(self, session: Session, patients: Iterable[int]) -> None:
        wanted, scope = set(patients), session.scope
        self._site, self._payers = session.site, payer_lookup(session.site)
        self._verifies = eligibility.verifies(scope)
        self._answers = eligibility.verifications(scope, wanted) if self._verifies else {}
        self._kept = granted.kept_payers(scope)
        self._grants = granted.grants(scope, wanted) if self._kept else {}
        self._charts = charts(scope, wanted)

    def of(self, patient: int, payer_key: str, claim: Claim) -> Facts:
        """What is kept of a patient, for a claim to this payer."""
        cards = self._cards(patient, payer_key)
        answers = [_answered(self._site, one) for one in self._answers.get(patient, ())]
        grants = tuple(authorization(self._site, one) for one in self._grants.get(patient, ()))
        return Facts(
            coverage=spans(cards or _as_billed(claim), answers) if cards or answers else None,
            verifies=self._verifies,
            authorizations=grants if payer_key in self._kept else None,
        )

    def _cards(self, patient: int, payer_key: str) -> list[CoverageSpan]:
        """The chart's coverages with payers that the practice bills.

        An accident's payer counts for its claims only, and alone (as in claims/coverage_order.py). The card's number
        is left out: the claim has it from there, and one that a person has corrected since is no fault.
        """
        chart, payer = self._charts.get(patient), self._payers(payer_key)
        if chart is None or not chart.coverages:
            return []
        accident = payer.kind if payer is not None and payer.kind in ACCIDENT_KINDS else None
        mine = [
            (record, one)
            for record, one in in_payment_order(chart, self._payers)
            if (one.kind == accident if accident else one.kind not in ACCIDENT_KINDS)
        ]
        return [
            CoverageSpan(
                payer_id=one.payer.id,
                member_id="",
                period=record.period,
                order=place,
                plan=record.group_name,
            )
            for place, (record, one) in enumerate(mine, 1)
        ]


def _as_billed(claim: Claim) -> list[CoverageSpan]:
    """The payers of a claim in their order, for a patient whose chart carries no coverage."""
    mine = (claim.subscriber.responsibility, claim.payer.id)
    others = [(other.subscriber.responsibility, other.payer.id) for other in claim.other_insurance]
    return [
        CoverageSpan(payer_id=payer, member_id="", order=RESPONSIBILITIES.index(place) + 1)
        for place, payer in sorted([mine, *others], key=lambda one: RESPONSIBILITIES.index(one[0]))
    ]


def payer_id(site: Site, key: str) -> str:
    """The id on claims of the payer that the practice calls `key`; the key itself for one that the site lost."""
    entry = site.payer(key)
    return entry.id if entry else key


def authorization(site: Site, one: granted.Grant) -> Authorization:
    """A grant as the edits take it."""
    return Authorization(
        number=one.number,
        kind="referral" if one.kind == "referral" else "authorization",
        payer_id=payer_id(site, one.payer_key),
        codes=one.codes,
        period=one.period,
        units=one.units,
        used=Decimal(0),
        provider_npi=one.provider_npi,
    )


def _answered(site: Site, one: eligibility.Verification) -> Answered:
    return Answered(
        payer_id=payer_id(site, one.payer_key),
        member_id=one.member_id,
        on=one.verified_on,
        active=one.active,
        period=one.period,
        order=one.order,
        plan=one.plan,
    )
