"""The sums of a remittance (835): line, claim, the provider's summary, payment."""

from collections.abc import Iterator, Sequence

from superbill.money import Cents
from superbill.x12 import balancing as sums
from superbill.x12.balancing import Balance, Unbalanced, named, usd
from superbill.x12.standard.payment import BPR, CLP, PLB, TS3
from superbill.x12.standard.service import SVC
from superbill.x12.tree import Loop

_PREDETERMINED = "25"
_REVERSED = "22"


class RemittanceBalance(Balance):
    """The remittance: each line, each claim, the provider's summary, the payment.

    Source: 005010X221A1, sections 1.10.2.1.1 (service line), 1.10.2.1.2 (claim) and 1.10.2.1.3 (transaction), the
    notes on TS304 and TS305; the same in 004010X091A1. A predetermination (1.10.2.7) pays nothing and need not
    balance. A reversal (1.10.2.8) balances like the claim that it takes back, with its signs turned.
    """

    loops = frozenset(("2000", "2100"))

    def __init__(self) -> None:
        self.paid: Cents | None = 0  # by all claims so far
        self.charged: Cents | None = 0  # in the header (LX) that is open
        self.claims = 0
        self.reversals = False

    def closed(self, loop: Loop, above: Sequence[Loop]) -> Iterator[Unbalanced]:
        """A claim when it closes; a header (loop 2000) after all of its claims."""
        first = loop.body[0]
        if not isinstance(first, CLP):
            yield from self._summary(loop)
            return
        charge, paid = first.charge, first.paid
        self.claims += 1
        self.reversals |= first.status == _REVERSED
        self.paid = None if self.paid is None or paid is None else self.paid + paid
        self.charged = None if self.charged is None or charge is None else self.charged + charge
        if first.status != _PREDETERMINED:
            yield from _remitted(loop, charge, paid)

    def _summary(self, header: Loop) -> Iterator[Unbalanced]:
        """TS304 counts the claims of its header and TS305 is their charge; with reversals in it, who knows."""
        charged, claims, reversals = self.charged, self.claims, self.reversals
        self.charged, self.claims, self.reversals = 0, 0, False
        summary = next((part for part in header.body if isinstance(part, TS3)), None)
        if summary is None or reversals:
            return
        if summary.claims is not None and summary.claims != claims:
            words = f"TS304 counts {summary.claims} claims but {claims} follow."
            yield Unbalanced("x12.balance.summary-claims", "TS3", 4, words)
        if summary.charge is not None and charged is not None and summary.charge != charged:
            words = f"TS305 charges {usd(summary.charge)} but the claims that follow charge {usd(charged)}."
            yield Unbalanced("x12.balance.summary-charge", "TS3", 5, words)

    def end(self, root: Loop) -> Iterator[Unbalanced]:
        """BPR02 is what the claims pay less what the provider adjustments take; a debit may be told without sign."""
        payment = next((part for part in root.body if isinstance(part, BPR)), None)
        adjustments = (part for part in root.body if isinstance(part, PLB))
        taken = sums.total(amount for each in adjustments for _, amount in each.adjustments)
        if payment is None or payment.amount is None or self.paid is None or taken is None:
            return
        amount, due = payment.amount, self.paid - taken
        if amount != due and not (payment.credit_or_debit == "D" and amount == -due):
            words = (
                f"BPR02 pays {usd(amount)} but the claims pay {usd(self.paid)} "
                f"and the provider adjustments take {usd(taken)}."
            )
            yield Unbalanced("x12.balance.payment", "BPR", 2, words)


def _remitted(loop: Loop, charge: Cents | None, paid: Cents | None) -> Iterator[Unbalanced]:
    """One claim of an 835: what is taken from it and its lines, each line, and the lines against the claim."""
    adjusted = sums.adjusted(loop.body)
    line_charge: Cents | None = 0
    line_paid: Cents | None = 0
    in_lines: Cents | None = 0
    lines = named(loop, "lines")
    for number, line in enumerate(lines, 1):
        service = line.body[0]
        assert isinstance(service, SVC)
        taken = sums.adjusted(line.body)
        if service.charge is not None and service.paid is not None and taken is not None:
            less = service.charge - service.paid
            if less != taken:
                words = f"SVC02 − SVC03 is {usd(less)}, but the adjustments of line {number} add up to {usd(taken)}."
                yield Unbalanced("x12.balance.remittance-line", "SVC", 3, words, number, line)
        line_charge = sums.plus(line_charge, service.charge)
        line_paid = sums.plus(line_paid, service.paid)
        in_lines = sums.plus(in_lines, taken)
    everything = sums.plus(adjusted, in_lines)
    if charge is not None and paid is not None and everything is not None and charge - paid != everything:
        words = (
            f"CLP03 {usd(charge)} − CLP04 {usd(paid)} is {usd(charge - paid)}, "
            f"but the adjustments add up to {usd(everything)}."
        )
        yield Unbalanced("x12.balance.remittance-claim", "CLP", 4, words)
    if lines and charge is not None and line_charge is not None and line_charge != charge:
        words = f"CLP03 charges {usd(charge)} but its lines add up to {usd(line_charge)}."
        yield Unbalanced("x12.balance.remittance-lines", "CLP", 3, words)
    if lines and paid is not None and line_paid is not None and adjusted is not None and line_paid - adjusted != paid:
        words = f"CLP04 pays {usd(paid)} but its lines add up to {usd(line_paid - adjusted)}."
        yield Unbalanced("x12.balance.remittance-lines", "CLP", 4, words)
