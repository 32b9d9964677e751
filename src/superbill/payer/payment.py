"""One payment: what a payer tells one payee in one cycle, from new claims, second looks and old debts.

The order within a payment: replacements and new claims by member, day and receipt; then second looks; then interest,
forwarded balances and recoveries in PLB, so that the payment is never negative.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from superbill.claims.model import Claim
from superbill.money import Cents, portion
from superbill.payer.adjudicate import adjudicate
from superbill.payer.chance import happens
from superbill.payer.cob import prior_payments
from superbill.payer.config import PayerConfig
from superbill.payer.crossing import crossed_over
from superbill.payer.history import History, member_key, payee_of
from superbill.payer.rules import Case, changes_another
from superbill.payer.second_look import corrected, kept_for_later, reversal_of
from superbill.payer.state import Debt, Pending, Reopening, Settled
from superbill.payer.stays import as_a_whole
from superbill.payer.telling import in_parts, told_otherwise
from superbill.pricing.benefits import NOTHING, PatientShare
from superbill.x12.model import BankAccount, ProviderAdjustment, Remittance, RemittanceClaim

Payee = tuple[str, str, str]  # NPI, TIN, name
_YEAR = Decimal(365)
# One PLB segment holds six adjustments, and some receivers read only one: two for forwarded balances (in, out), one
# for interest, and these. What finds no place is netted, or waits for the next payment.
_LETTERS, _RECOVERIES = 1, 2

# No real bank: routing numbers of the Federal Reserve's test range with a right check digit.
_PAYERS_BANK = BankAccount("999999992", "100000001")
_PAYEES_BANK = BankAccount("999988880", "200000002")


class Payment:
    """The payment of one payer to one payee on one day. `add` claims and reopenings, then `close` it."""

    def __init__(self, payer: PayerConfig, payee: Payee, on: date, seed: int, history: History) -> None:
        self.payer, self.payee, self.on, self.seed, self.history = payer, payee, on, seed, history
        self.claims: list[RemittanceClaim] = []
        self._plb: list[ProviderAdjustment] = []
        self._new_debts: list[Debt] = []
        self._interest: list[tuple[str, Cents]] = []
        self._told: list[Settled] = []
        self.passed_on: list[tuple[Claim, RemittanceClaim]] = []

    def add(self, pending: Pending) -> None:
        """Adjudicate one claim; a replacement or void first takes back the claim that it names."""
        claim = pending.claim
        if changes_another(claim):
            self._take_back(claim.payer_control_number)
        if claim.frequency == "8":  # with nothing left to void it is only confirmed: there is no money in it
            return
        self._adjudicate(pending)

    def _take_back(self, icn: str) -> None:
        """Report the reversal of a claim, where there is something to take back."""
        waiting = self.history.state.pending.pop(icn, None)
        if waiting is not None:  # replaced before it was paid: decide it now, so that the reversal has its claim
            self._adjudicate(waiting)
        old = self.history.state.settled.get(icn)
        if old is not None and not old.reversed:
            self.claims.append(reversal_of(old.result))
            self.history.take_back(icn)

    def _adjudicate(self, pending: Pending) -> None:
        claim, payer, history = pending.claim, self.payer, self.history
        # Only a question what would be paid has no day; the front end refuses a claim without one.
        day = claim.service.start or pending.received
        member = member_key(payer, claim)
        case = Case(
            payer=payer,
            claim=claim,
            benefits=payer.benefits(claim.subscriber.group_number, day),
            seed=self.seed,
            received=pending.received,
            prior=prior_payments(claim),
            paid_before=lambda line: history.paid_before(claim, member, line),
        )
        answer = adjudicate(case, history.accumulators(member, day.year), icn=pending.icn)
        result = crossed_over(payer, claim, answer.result)
        self._settle(pending.icn, result, answer.share, member, day.year, pending.received)
        if result.crossover_payer_id:
            self.passed_on.append((claim, result))
        if not changes_another(claim) and answer.result.paid > 0:
            self._owe_interest(pending, answer.result.paid)
            if happens(payer.rates.recoupment, self.seed, payer.id, "recoupment", claim.control_number):
                due = self.on + timedelta(days=payer.recoupment_days)
                history.state.reopenings.append(Reopening(icn=pending.icn, payer=payer.id, due=due))

    def _settle(
        self, icn: str, result: RemittanceClaim, share: PatientShare, member: str, year: int, received: date
    ) -> None:
        self.claims.append(result)
        settled = Settled(
            payer=self.payer.id,
            member=member,
            year=year,
            payee=self.payee,
            received=received,
            paid_on=self.on,
            result=result,
            share=share,
        )
        self._told.append(settled)
        self.history.settle(icn, settled)

    def _owe_interest(self, pending: Pending, paid: Cents) -> None:
        """Prompt-payment interest: simple interest per day beyond the limit."""
        late = (self.on - pending.received).days - self.payer.prompt_pay_days
        if late > 0:
            owed = portion(paid, self.payer.interest_rate * late / _YEAR)
            self._interest.append((pending.icn, owed))

    def reopen(self, icn: str) -> None:
        """Look again at a paid claim: reverse it and report it corrected. Money owed is netted, or asked for first."""
        old = self.history.state.settled[icn]
        if old.reversed:
            return
        new_icn = self.history.new_icn(self.payer.id, "correction", icn)
        result, ended = corrected(old.result, new_icn, self.seed)
        self.claims.append(reversal_of(old.result))
        self.history.take_back(icn)
        self._settle(new_icn, result, NOTHING if ended else old.share, old.member, old.year, old.received)
        overpaid = old.result.paid - result.paid
        if overpaid > 0 and len(self._new_debts) < _LETTERS and kept_for_later(icn, self.seed):
            # The payee keeps the money for now: PLB gives back what the reversal took, a letter asks for it.
            self._adjust("WO", icn, -overpaid)
            due = self.on + timedelta(days=self.payer.recovery_days)
            self._new_debts.append(
                Debt(kind="WO", payer=self.payer.id, payee=self.payee, reference=icn, amount=overpaid, due=due)
            )

    def _adjust(self, reason: str, reference: str, amount: Cents) -> None:
        """A PLB adjustment; a positive amount takes money from the payee."""
        if amount:
            year_end = date(self.on.year, 12, 31)
            self._plb.append(
                ProviderAdjustment(
                    npi=self.payee[0], fiscal_year_end=year_end, reason=reason, reference=reference, amount=amount
                )
            )

    @property
    def amount(self) -> Cents:
        """BPR02 as it stands."""
        return sum(claim.paid for claim in self.claims) - sum(each.amount for each in self._plb)

    def close(self, next_trace: Callable[[], str]) -> Remittance | None:
        """The remittance, with forwarded balances brought in, debts withheld and a negative rest forwarded.

        None when there is no claim to report (nothing is withheld then either).
        """
        if not self.claims:
            return None
        trace = next_trace()
        for settled in self._told:
            settled.trace = trace
        # Interest on one claim names the claim, on several the payment.
        reference = self._interest[0][0] if len(self._interest) == 1 else trace
        self._adjust("L6", reference, -sum(owed for _, owed in self._interest))
        self._withhold(self.history.state.debts)
        self.history.state.debts += self._new_debts
        if self.amount < 0:
            owed = -self.amount
            self._adjust("FB", trace, -owed)
            self.history.state.debts.append(
                Debt(kind="FB", payer=self.payer.id, payee=self.payee, reference=trace, amount=owed, due=self.on)
            )
        payer = self.payer
        return Remittance(
            payer_name=payer.name,
            payer_id=payer.id,
            payer_address=payer.address,
            payer_contact=payer.contact,
            payee_name=self.payee[2],
            payee_npi=self.payee[0],
            payee_tin=self.payee[1],
            trace_number=trace,
            originator_id=payer.originator_id,
            payment_amount=self.amount,
            payment_method=payer.payment_method if self.amount else "NON",
            payer_account=_PAYERS_BANK if self.amount else None,
            payee_account=_PAYEES_BANK if self.amount else None,
            payment_date=self.on,
            production_date=self.on,
            claims=tuple(told for claim in self.claims for told in self._reported(claim)),
            provider_adjustments=tuple(self._plb),
        )

    def _reported(self, claim: RemittanceClaim) -> tuple[RemittanceClaim, ...]:
        if self.payer.stays_as_a_whole and claim.inpatient is not None:
            return (as_a_whole(claim),)
        return in_parts(told_otherwise(claim, self.payer, self.seed), self.payer, self.seed)

    def _withhold(self, debts: list[Debt]) -> None:
        """Bring in forwarded balances whole, then withhold recoveries as far as the payment goes."""
        mine = [debt for debt in debts if debt.payer == self.payer.id and debt.payee == self.payee]
        for debt in mine:
            if debt.kind == "FB":
                self._adjust("FB", debt.reference, debt.amount)
                debt.amount = 0
        recoveries = [debt for debt in mine if debt.kind == "WO" and debt.due <= self.on]
        for debt in recoveries[:_RECOVERIES]:
            whole = self.payer.recoups_beyond_payment
            part = debt.amount if whole else min(debt.amount, max(0, self.amount))
            self._adjust("WO", debt.reference, part)
            debt.amount -= part
        debts[:] = [debt for debt in debts if debt.amount]


def in_order(pending: Iterable[Pending]) -> list[Pending]:
    """By payee, member and day of service: what one member's claims do to each other never depends on other members."""

    def key(each: Pending) -> tuple[object, ...]:
        claim = each.claim
        return (
            payee_of(claim),
            claim.subscriber.member_id,
            claim.frequency != "1",  # a replacement comes after what it replaces
            claim.service.start or date.min,
            each.received,
            claim.control_number,
            each.icn,
        )

    return sorted(pending, key=key)
