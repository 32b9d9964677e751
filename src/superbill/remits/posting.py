"""One adjudicated line as postings: what was paid, what nobody will pay, what the patient owes, what was refused."""

from collections.abc import Sequence

from msgspec import Struct

from superbill.claims.model import Adjustment
from superbill.codesets.carc.lookup import reason as carc
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Posting, Reason
from superbill.money import Cents, split

CONTRACTUAL_GROUPS = frozenset({"CO", "OA", "PI"})


class LineMoney(Struct, frozen=True, kw_only=True):
    """What a payer did with one charge line: `paid`, and every adjustment that applies to it."""

    line: str
    paid: Cents
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...] = ()


# Which adjustments come first onto what is left of a balance, and onto which account; None: whoever is billed next.
_ORDER: dict[str, tuple[int, Account | None]] = {
    "patient": (0, None),
    "contractual": (1, Account.CONTRACTUAL),
    "denial": (2, Account.DENIED),
    "prior_payer": (3, Account.DENIED),
}


def handling(adjustment: Adjustment) -> str:
    """contractual, denial, patient or prior_payer. Group PR is always the patient's; a CARC we don't know is a
    denial, so that a person looks at it."""
    if adjustment.group == "PR":
        return "patient"
    known = carc(adjustment.reason)
    kind = known.handling if known else "denial"
    return "denial" if kind == "patient" else kind


def post_line(money: LineMoney, *, balance: Cents, payer: str, next_payer: str, denied: Cents = 0) -> list[Posting]:
    """The postings of one line; they add up to zero. `balance` is what `payer` still answers for on it.

    The payment posts in full. What the patient owes goes to the next payer's balance, or to the patient's. A later
    payer's adjustments often repeat an earlier one's: only what is left of the balance can still be adjusted. A
    refused amount moves to DENIED and stays the payer's; it is never written off here. `denied` of the balance was
    refused before: what is answered now is no longer.
    """
    postings: list[Posting] = []
    if money.paid:
        postings.append(Posting(account=Account.CLEARING, amount=money.paid, line=money.line, payer=payer))
    patient = _patient_account(next_payer)
    moves = sorted(((_ORDER[handling(adjustment)], adjustment) for adjustment in money.adjustments), key=_place)
    # What adds to the charge (a payment above it, CO-94) makes room for what takes from it.
    left = balance - money.paid - sum(adjustment.amount for _, adjustment in moves if adjustment.amount < 0)
    for (_, kind), adjustment in moves:
        account = kind or patient
        amount = min(adjustment.amount, max(left, 0)) if adjustment.amount > 0 else adjustment.amount
        if amount:
            left -= max(amount, 0)
            owner = next_payer if account is Account.INSURANCE else "" if account is Account.PATIENT else payer
            postings.append(_posting(account, amount, money, owner, adjustment))
    moved = sum(posting.amount for posting in postings)
    if reopened := min(max(denied, 0), max(moved, 0)):
        postings.append(Posting(account=Account.DENIED, amount=-reopened, line=money.line, payer=payer))
        moved -= reopened
    if moved:
        postings.append(Posting(account=Account.INSURANCE, amount=-moved, line=money.line, payer=payer))
    return postings


def _patient_account(next_payer: str) -> Account:
    return Account.INSURANCE if next_payer else Account.PATIENT


def _place(move: tuple[tuple[int, Account | None], Adjustment]) -> int:
    return move[0][0]


def _posting(account: Account, amount: Cents, money: LineMoney, payer: str, adjustment: Adjustment) -> Posting:
    why = Reason(group=adjustment.group, code=adjustment.reason, remarks=money.remarks)
    return Posting(account=account, amount=amount, line=money.line, payer=payer, reason=why)


def spread_claim_adjustments(paid: Sequence[Cents], adjustments: Sequence[Adjustment]) -> list[list[Adjustment]]:
    """Claim-level adjustments put onto lines, in proportion to what each line pays.

    They take from the lines' payments: CLP04 = Σ SVC03 − Σ claim-level CAS (X12 835 guide, section 1.10.2.1).
    """
    left = list(paid)
    given: list[list[Adjustment]] = [[] for _ in paid]
    for adjustment in adjustments:
        parts = split(adjustment.amount, [max(amount, 0) for amount in left])
        for place, part in enumerate(parts):
            left[place] -= part
            if part:
                given[place].append(Adjustment(adjustment.group, adjustment.reason, part))
    return given


def spread_whole(charges: Sequence[Cents], paid: Cents, adjustments: Sequence[Adjustment]) -> list[LineMoney] | None:
    """A payment and adjustments of a whole claim put onto its lines, which are named by their places from 0.

    In proportion to the charges, so that every line is explained to the cent: its payment and its parts of the
    adjustments add up to its charge. None where the whole does not add up to the charges, or a charge is negative.
    """
    whole = sum(charges)
    if min(charges, default=-1) < 0 or paid + sum(each.amount for each in adjustments) != whole:
        return None
    room = list(charges)
    given: list[list[Adjustment]] = [[] for _ in charges]
    payments = [0] * len(charges)
    # What adds to the charges (a payment above them, CO-94) makes room for what takes from them.
    for amount, adjustment in sorted([(paid, None), *((each.amount, each) for each in adjustments)], key=_adds_first):
        for place, part in enumerate(split(amount, room if amount > 0 else charges)):
            room[place] -= part
            if adjustment is None:
                payments[place] = part
            elif part:
                given[place].append(Adjustment(adjustment.group, adjustment.reason, part))
    return [
        LineMoney(line=str(place), paid=part, adjustments=tuple(given[place])) for place, part in enumerate(payments)
    ]


def _adds_first(each: tuple[Cents, Adjustment | None]) -> bool:
    return each[0] > 0
