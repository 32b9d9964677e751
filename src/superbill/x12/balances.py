"""SNIP type 3: the sums of a claim, of a payment, of an enrollment. Each is judged as its loop closes, or at the end.

A value that is missing or can't be read makes a sum unknown, and an unknown sum is not judged: that the value is
wrong is said elsewhere, and once is enough.
"""

from collections.abc import Callable, Iterator, Sequence

from superbill.money import Cents
from superbill.x12.balances_claim import ClaimBalance
from superbill.x12.balances_remittance import RemittanceBalance
from superbill.x12.balancing import Balance, Unbalanced, plus, total, usd
from superbill.x12.standard.enrollment import ADX, INS, RMR
from superbill.x12.standard.parties import QTY
from superbill.x12.standard.payment import BPR
from superbill.x12.tree import Loop

__all__ = ["Balance", "EnrollmentBalance", "PremiumBalance", "Unbalanced", "balance_of"]


class PremiumBalance(Balance):
    """The premium payment: each item against its adjustments, the payment against its items.

    Source: 005010X218 and 005010X306, the notes on BPR02, RMR04, RMR05 and ADX01. Adjustments of earlier payments
    (loops 2200A and 2200B) stand beside the items; whether they are in the payment is the partners' business, so a
    payment that agrees with either sum is right. A file that tells the same money for the organization and person by
    person is judged by neither.
    """

    loops = frozenset(("2200A", "2200B", "2300", "2300A", "2300B"))

    def __init__(self) -> None:
        self.paid: Cents | None = 0
        self.earlier: Cents | None = 0
        self.kinds: set[str] = set()

    def closed(self, loop: Loop, above: Sequence[Loop]) -> Iterator[Unbalanced]:
        """RMR04 is RMR05 and the adjustments of the item, where these are told."""
        item = loop.body[0]
        if isinstance(item, ADX):
            self.earlier = plus(self.earlier, item.amount)
            return
        assert isinstance(item, RMR)
        self.kinds.add(loop.id)
        self.paid = plus(self.paid, item.paid)
        inner = (part.body[0] for part in loop.body if isinstance(part, Loop))
        amounts = [part.amount for part in inner if isinstance(part, ADX)]
        due = plus(item.billed, total(amounts))
        if amounts and due is not None and item.paid is not None and item.paid != due:
            words = f"RMR04 pays {usd(item.paid)} but the bill and its adjustments make {usd(due)}."
            yield Unbalanced("x12.balance.premium-item", "RMR", 4, words)

    def end(self, root: Loop) -> Iterator[Unbalanced]:
        """BPR02 is the sum of the items."""
        payment = next((part for part in root.body if isinstance(part, BPR)), None)
        if payment is None or payment.amount is None or self.paid is None or len(self.kinds) != 1:
            return
        with_earlier = plus(self.paid, self.earlier)
        if with_earlier is not None and payment.amount not in (self.paid, with_earlier):
            words = f"BPR02 pays {usd(payment.amount)} but its items add up to {usd(self.paid)}."
            yield Unbalanced("x12.balance.premium", "BPR", 2, words)


class EnrollmentBalance(Balance):
    """The enrollment: how many members it counts.

    Source: 005010X220A1 and 005010X307, the codes of QTY01: all members (TO), subscribers (ET), dependents (DT).
    """

    loops = frozenset(("2000",))

    def __init__(self) -> None:
        self.subscribers = 0
        self.dependents = 0

    def closed(self, loop: Loop, above: Sequence[Loop]) -> Iterator[Unbalanced]:
        """Counts the member."""
        member = loop.body[0]
        assert isinstance(member, INS)
        if member.subscriber == "Y":
            self.subscribers += 1
        else:
            self.dependents += 1
        return iter(())

    def end(self, root: Loop) -> Iterator[Unbalanced]:
        """QTY02 is the number of members of its kind."""
        counted = {
            "TO": (self.subscribers + self.dependents, "members"),
            "ET": (self.subscribers, "subscribers"),
            "DT": (self.dependents, "dependents"),
        }
        for at, part in enumerate(root.body):
            if isinstance(part, QTY) and part.quantity is not None and part.qualifier in counted:
                number, kind = counted[part.qualifier]
                if part.quantity != number:
                    words = f"QTY*{part.qualifier} counts {part.quantity} {kind} but there are {number}."
                    yield Unbalanced("x12.balance.members", "QTY", 2, words, 0, root, at)


_BY_TRANSACTION: dict[str, Callable[[], Balance]] = {
    "837": ClaimBalance,
    "835": RemittanceBalance,
    "820": PremiumBalance,
    "834": EnrollmentBalance,
}
_OTHER_NONCOVERED = ("-4010", "-post-adjudicated")  # guides whose AMT*A8 may be a part of the charge


def balance_of(guide_key: str) -> Balance:
    """The sums of a transaction set of that guide, from nothing; those of guides without sums are never out."""
    if guide_key.startswith("837") and guide_key.endswith(_OTHER_NONCOVERED):
        return ClaimBalance(all_noncovered=False)
    return _BY_TRANSACTION.get(guide_key[:3], Balance)()
