"""The posting plan of one remittance: its journal entries, or the reason why it must wait for a person.

Pure: it reads a Remittance and what the ledger says, and returns entries. All of a remittance posts, or nothing.
Every entry key begins with the payment and names the event in it by what it says, so that the same event has the same
key whatever file or order brings it.
"""

from collections.abc import Callable

from superbill.findings import Finding, Place, Severity
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Reason
from superbill.money import dollars
from superbill.remits.answering import REVERSAL, Insist, Planner
from superbill.remits.balancing import imbalances
from superbill.remits.identity import adjustment_events, claim_events
from superbill.remits.model import PostingPlan, SentClaim
from superbill.remits.posting import LineMoney
from superbill.remits.provider_level import provider_money
from superbill.x12.model import Remittance, RemittanceClaim

__all__ = ["REVERSAL", "Find", "only_incomplete", "plan_by_hand", "plan_claim", "plan_posting"]

Find = Callable[[RemittanceClaim], SentClaim | None]

_PREDETERMINED = "25"
_NOT_OURS = "23"
_EXPECTED = ("OA", "101")  # what a predetermination would pay
_PAYMENT_IS_OFF = "remit.balance.payment"


def plan_posting(remittance: Remittance, *, payer: str, find: Find, source: str, accepted: bool = False) -> PostingPlan:
    """Plan the posting of `remittance` from `payer` (its key at the site).

    `find` gives the claim that a CLP answers; `source` names the payment and begins every entry key, so that planning
    it again gives the same keys. Held, with no entries: a remittance that does not balance, or of which no claim is
    ours and nobody `accepted` it. A claim that can't be posted has its money in SUSPENSE and a finding; the others
    post. Reversals come first, wherever they stand.
    """
    findings = [*imbalances(remittance), *_no_payment(remittance)]
    if findings:
        return PostingPlan(findings=tuple(findings), held=True)
    planner = Planner(remittance, payer, source)
    events = claim_events(remittance.claims)
    order = sorted(range(len(events)), key=lambda place: remittance.claims[place].status != REVERSAL)
    for position in order:
        claim = remittance.claims[position]
        _answer(planner, position, events[position], claim, find(claim))
    planner.outcomes.sort(key=lambda outcome: outcome.position)
    if remittance.claims and not accepted and all(outcome.state == "unmatched" for outcome in planner.outcomes):
        return PostingPlan(outcomes=tuple(planner.outcomes), findings=(_none_is_ours(remittance),), held=True)
    _provider_level(planner, remittance)
    return planner.plan()


def plan_claim(
    remittance: Remittance, position: int, sent: SentClaim, *, payer: str, source: str, event: str, insist: Insist
) -> PostingPlan:
    """Plan one CLP of a payment that is on the books already, onto the claim that a person says it answers.

    `insist`: what the person decided where the payer has paid before: "add" to it, or post "instead" of it. The
    outcome is held, with its reason, where the figures don't fit the claim's lines.
    """
    planner = Planner(remittance, payer, source, insist=insist)
    _answer(planner, position, event, remittance.claims[position], sent)
    return planner.plan()


def plan_by_hand(
    remittance: Remittance,
    position: int,
    sent: SentClaim,
    lines: tuple[LineMoney, ...],
    *,
    payer: str,
    source: str,
    event: str,
) -> PostingPlan:
    """Plan one CLP of a payment that is on the books already as a person spread it over the lines of a claim.

    The outcome is held, with its reason, where a line is not the claim's or the payments are not the answer's.
    """
    planner = Planner(remittance, payer, source)
    planner.post_by_hand(position, event, remittance.claims[position], sent, lines)
    return planner.plan()


def only_incomplete(plan: PostingPlan) -> bool:
    """Whether all that holds the remittance is that its claims do not yet add up to its payment."""
    return plan.held and bool(plan.findings) and all(found.rule == _PAYMENT_IS_OFF for found in plan.findings)


def _answer(planner: Planner, position: int, event: str, claim: RemittanceClaim, sent: SentClaim | None) -> None:
    """One CLP: posted, reversed, or set aside with its money in suspense."""
    if claim.status == _PREDETERMINED and not claim.paid:
        planner.outcome(position, event, claim, "held", findings=(_predetermined(claim),))
    elif claim.status == _PREDETERMINED:
        planner.set_aside(position, event, claim, "held", "Claim status 25: a predetermination, yet with a payment.")
    elif sent is None:
        planner.set_aside(position, event, claim, "unmatched", "No claim of ours has this control number.")
    elif sent.payer != planner.payer and not planner.insist:
        why = f"The claim was sent to {sent.payer or 'the patient'}, but {planner.payer} answers it."
        planner.set_aside(position, event, claim, "held", why)
    elif claim.status == _NOT_OURS:
        planner.forward(position, event, claim, sent)
    elif claim.status == REVERSAL:
        planner.reverse(position, event, claim, sent)
    else:
        planner.adjudicate(position, event, claim, sent)


def _provider_level(planner: Planner, remittance: Remittance) -> None:
    """The deposit and every PLB adjustment; with the claims they bring CLEARING to zero."""
    if remittance.payment_amount:
        why = Reason(code=remittance.payment_method)
        planner.move("deposit", "deposit", Account.CASH, remittance.payment_amount, why)
    adjustments = remittance.provider_adjustments
    for event, adjustment in zip(adjustment_events(adjustments), adjustments, strict=True):
        money = provider_money(adjustment)
        if money.finding:
            planner.findings.append(money.finding)
        if money.amount:
            planner.move(f"plb:{event}", "provider adjustment", money.account, money.amount, money.reason)


def _no_payment(remittance: Remittance) -> list[Finding]:
    """A payment that can't be one (835 TR3: BPR02 is never negative, and zero when BPR04 is NON)."""
    amount = remittance.payment_amount
    if amount < 0:
        what = f"The payment is {dollars(amount)}, less than nothing."
        why = "What a payer takes back above its payment it carries forward (PLB FB); the payment is then zero."
    elif amount and remittance.payment_method == "NON":
        what = f"The payment is {dollars(amount)}, yet its method (NON) says that no money moves."
        why = "It may be a copy for information of a payment that comes by another way."
    else:
        return []
    return [
        Finding(
            rule="remit.no-payment",
            severity=Severity.ERROR,
            where=Place(element="BPR02", field="payment amount"),
            message=what,
            why=why,
            fix="Nothing was posted. Ask the payer for a corrected file.",
            source="835 TR3, BPR",
        )
    ]


def _predetermined(claim: RemittanceClaim) -> Finding:
    """What the payer would pay, and what it would leave to the patient: nothing is owed before the work is done."""
    pieces = [*claim.adjustments, *(piece for line in claim.lines for piece in line.adjustments)]
    pays = sum(piece.amount for piece in pieces if (piece.group, piece.reason) == _EXPECTED)
    owes = sum(piece.amount for piece in pieces if piece.group == "PR")
    return Finding(
        rule="remit.predetermination",
        severity=Severity.INFORMATION,
        where=Place(loop="2100", element="CLP02", field=f"claim {claim.control_number}"),
        message=f"The payer would pay {dollars(pays)} and leave {dollars(owes)} to the patient.",
        fix="Tell the patient; bill the services once they are done, with the payer's predetermination number.",
        source="835 TR3, claim status 25",
    )


def _none_is_ours(remittance: Remittance) -> Finding:
    return Finding(
        rule="remit.unknown-claims",
        severity=Severity.ERROR,
        where=Place(loop="2100", element="CLP01"),
        message=f"None of the {len(remittance.claims)} claims of payment {remittance.trace_number} is ours.",
        fix="Nothing was posted. Check that the file belongs to this practice; if it does, import its claims first.",
    )
