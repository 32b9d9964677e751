"""The posting plan of one 835: its journal entries, or the reason why it must wait for a person.

Pure: it reads a Remittance and what the ledger says, and returns entries. All of a remittance posts, or nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from superbill.findings import Finding, Place, Severity
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Entry, Kind, Posting, Reason, reversal
from superbill.money import Cents, decimal_dollars, dollars
from superbill.remits.balancing import imbalances, total
from superbill.remits.match import match_lines
from superbill.remits.model import ChargeLine, ClaimOutcome, PostingPlan, SentClaim
from superbill.remits.posting import LineMoney, post_line, spread_claim_adjustments, spread_whole
from superbill.x12.model import Remittance, RemittanceClaim

Find = Callable[[RemittanceClaim], SentClaim | None]

REVERSAL = "22"
FORWARDED = frozenset({"19", "20", "21"})
NOT_OURS_TO_POST = {"23": "not this payer's claim, forwarded to another payer"}
_PREDETERMINED = "25"
_EXPECTED = ("OA", "101")  # what a predetermination would pay


def plan_posting(remittance: Remittance, *, payer: str, find: Find, source: str) -> PostingPlan:
    """Plan the posting of `remittance` from `payer` (its key at the site).

    `find` gives the claim that a CLP answers; `source` identifies the remittance and begins every entry key, so that
    planning it again gives the same keys. Held, with no entries: a remittance that does not balance, or of which no
    claim is ours. A claim that can't be posted has its money in SUSPENSE and a finding; the others post.
    """
    findings = imbalances(remittance)
    if findings:
        return PostingPlan(findings=tuple(findings), held=True)
    plan = _Plan(remittance, payer, source)
    for position, claim in enumerate(remittance.claims):
        plan.add_claim(position, claim, find(claim))
    if remittance.claims and all(outcome.state == "unmatched" for outcome in plan.outcomes):
        return PostingPlan(outcomes=tuple(plan.outcomes), findings=(_none_is_ours(remittance),), held=True)
    plan.add_provider_level()
    return PostingPlan(entries=tuple(plan.entries), outcomes=tuple(plan.outcomes), findings=tuple(plan.findings))


class _Plan:
    """The plan as it grows. A claim may come twice (reversal, then corrected), so what it changed is remembered."""

    def __init__(self, remittance: Remittance, payer: str, source: str) -> None:
        self.remittance, self.payer, self.source = remittance, payer, source
        self.entries: list[Entry] = []
        self.outcomes: list[ClaimOutcome] = []
        self.findings: list[Finding] = []
        self._changed: dict[str, Cents] = {}  # line key -> what this plan adds to the payer's balance
        self._standing: dict[str, list[Entry]] = {}  # control number -> entries not reversed

    def add_claim(self, position: int, claim: RemittanceClaim, sent: SentClaim | None) -> None:
        """One CLP: posted, reversed, or set aside with its money in suspense."""
        if claim.status == _PREDETERMINED and not claim.paid:
            self._outcome(position, claim, "held", (), findings=(_predetermined(claim),))
        elif claim.status in NOT_OURS_TO_POST or claim.status == _PREDETERMINED:
            why = NOT_OURS_TO_POST.get(claim.status, "a predetermination, yet with a payment")
            self._set_aside(position, claim, "held", f"Claim status {claim.status}: {why}.")
        elif sent is None:
            self._set_aside(position, claim, "unmatched", "No claim of ours has this control number.")
        elif claim.status == REVERSAL:
            self._reverse(position, claim, sent)
        else:
            self._adjudicate(position, claim, sent)

    def add_provider_level(self) -> None:
        """The deposit and every PLB adjustment; with the claims they bring CLEARING to zero."""
        if self.remittance.payment_amount:
            self._move("deposit", "deposit", Account.CASH, self.remittance.payment_amount, Reason())
        for number, adjustment in enumerate(self.remittance.provider_adjustments, 1):
            if adjustment.amount:
                account = Account.INTEREST if adjustment.reason == "L6" else Account.PROVIDER_LEVEL
                why = Reason(code=adjustment.reason, remarks=tuple(adjustment.reference.split()))
                self._move(f"plb:{number}", "provider adjustment", account, adjustment.amount, why)

    def _reverse(self, position: int, claim: RemittanceClaim, sent: SentClaim) -> None:
        standing = self._standing_entries(sent)
        paid = sum(posting.amount for posting in _payments(standing))
        if not standing or paid != -claim.paid:
            back, here = decimal_dollars(-claim.paid), decimal_dollars(paid)
            self._set_aside(
                position, claim, "held", f"The payer takes back {back}, but {here} of this claim is posted."
            )
            return
        self._take_back(position, sent)
        self._outcome(position, claim, "reversed", sent.lines)

    def _adjudicate(self, position: int, claim: RemittanceClaim, sent: SentClaim) -> None:
        money = _line_money(claim, sent.lines)
        if isinstance(money, str):
            self._set_aside(position, claim, "held", money)
        elif any(_payments(self._standing_entries(sent))):
            why = "This payer has already paid this claim and has not reversed that payment."
            self._set_aside(position, claim, "held", why)
        else:
            # A denial that the payer reconsiders is often paid without a reversal of the denial.
            self._take_back(position, sent)
            self._post(position, claim, sent, money)

    def _post(self, position: int, claim: RemittanceClaim, sent: SentClaim, money: Sequence[LineMoney]) -> None:
        postings: list[Posting] = []
        for line in money:
            balance = sent.insurance.get(line.line, 0) + self._changed.get(line.line, 0)
            postings += post_line(line, balance=balance, payer=self.payer, next_payer=sent.next_payer)
        denied = {posting.line for posting in postings if posting.account is Account.DENIED}
        settled = {posting.line for posting in postings if _settles(posting)}
        if postings:
            kind: Kind = "denial" if denied and not settled else "insurance payment"
            entry = self._entry(str(position), kind, postings, memo=f"claim {claim.control_number}")
            self._standing[sent.control_number] = [entry]
        to_next = any(posting.account is Account.INSURANCE and posting.amount > 0 for posting in postings)
        state: Literal["paid", "partly_denied", "denied"]
        state = "paid" if not denied else "partly_denied" if settled else "denied"
        self._outcome(position, claim, state, sent.lines, bill_next=to_next)

    def _take_back(self, position: int, sent: SentClaim) -> None:
        for entry in reversed(self._standing_entries(sent)):
            key = f"{self.source}:{position}:reverses:{entry.key}"
            self._add(reversal(entry, key=key, on=self.remittance.payment_date, source=self.source))
        self._standing[sent.control_number] = []

    def _standing_entries(self, sent: SentClaim) -> list[Entry]:
        return self._standing.setdefault(sent.control_number, list(sent.posted))

    def _set_aside(
        self, position: int, claim: RemittanceClaim, state: Literal["held", "unmatched"], message: str
    ) -> None:
        finding = Finding(
            rule=f"remit.{state}",
            severity=Severity.ERROR,
            where=Place(loop="2100", element="CLP01", field=f"claim {claim.control_number}"),
            message=message,
            fix="Its money waits in suspense. Find the claim and post it there, or return the money to the payer.",
        )
        self.findings.append(finding)
        if claim.paid:
            why = Reason(code=state, remarks=tuple(claim.control_number.split()))
            self._move(f"{position}:suspense", "insurance payment", Account.SUSPENSE, -claim.paid, why)
        self._outcome(position, claim, state, (), findings=(finding,))

    def _outcome(
        self,
        position: int,
        claim: RemittanceClaim,
        state: Literal["paid", "partly_denied", "denied", "reversed", "held", "unmatched"],
        lines: Iterable[ChargeLine],
        *,
        bill_next: bool = False,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        forwarded = claim.status in FORWARDED
        self.outcomes.append(
            ClaimOutcome(
                position=position,
                control_number=claim.control_number,
                state=state,
                findings=findings,
                forwarded=forwarded,
                bill_next=bill_next and not forwarded,
                line_keys=tuple(line.key for line in lines),
            )
        )

    def _move(self, suffix: str, kind: Kind, account: Account, amount: Cents, why: Reason) -> None:
        """`amount` onto a payment account, out of CLEARING."""
        onto = Posting(account=account, amount=amount, payer=self.payer, reason=why)
        out = Posting(account=Account.CLEARING, amount=-amount, payer=self.payer)
        self._entry(suffix, kind, (onto, out))

    def _entry(self, suffix: str, kind: Kind, postings: Iterable[Posting], memo: str = "") -> Entry:
        entry = Entry(
            key=f"{self.source}:{suffix}",
            kind=kind,
            on=self.remittance.payment_date,
            postings=tuple(postings),
            source=self.source,
            memo=memo,
        )
        self._add(entry)
        return entry

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        for posting in entry.postings:
            if posting.line and posting.payer == self.payer and posting.account in INSURANCE_BALANCE:
                self._changed[posting.line] = self._changed.get(posting.line, 0) + posting.amount


def _payments(entries: Iterable[Entry]) -> list[Posting]:
    return [posting for entry in entries for posting in entry.postings if posting.account is Account.CLEARING]


def _settles(posting: Posting) -> bool:
    """Money that is answered for: paid, agreed away, or moved on to the next payer or the patient."""
    if posting.account is Account.INSURANCE:
        return posting.amount > 0
    return posting.account in {Account.CLEARING, Account.CONTRACTUAL, Account.PATIENT}


def _line_money(claim: RemittanceClaim, ours: Sequence[ChargeLine]) -> tuple[LineMoney, ...] | str:
    """What the claim says of each of our lines, or why that can't be told."""
    if not claim.lines:
        return _money_of_whole(claim, ours)
    matched = match_lines(claim.lines, ours)
    from_claim = spread_claim_adjustments([line.paid for line in claim.lines], claim.adjustments)
    money: dict[str, LineMoney] = {}
    for number, (line, own, extra) in enumerate(zip(claim.lines, matched, from_claim, strict=True), 1):
        if own is None:
            return f"Line {number} ({line.procedure.code}, {decimal_dollars(line.charge)}) is not on our claim."
        before = money.get(own.key, LineMoney(line=own.key, paid=0, adjustments=()))
        money[own.key] = LineMoney(
            line=own.key,
            paid=before.paid + line.paid - total(extra),
            adjustments=(*before.adjustments, *line.adjustments, *extra),
            remarks=(*before.remarks, *line.remarks),
        )
    return tuple(money.values())


def _money_of_whole(claim: RemittanceClaim, ours: Sequence[ChargeLine]) -> tuple[LineMoney, ...] | str:
    """A claim that the payer answered without lines, as Medicare does a stay: its money by our lines' charges."""
    money = spread_whole([line.charge for line in ours], claim.paid, claim.adjustments)
    if money is None and len(ours) == 1:  # the payer has another charge than ours, but there is only one line to mean
        money = [LineMoney(line=ours[0].key, paid=claim.paid, adjustments=claim.adjustments)]
    if money is None:
        billed = decimal_dollars(sum(line.charge for line in ours))
        return f"The payer answers the claim as a whole, {decimal_dollars(claim.charge)}, but its lines are {billed}."
    return tuple(
        LineMoney(line=own.key, paid=part.paid, adjustments=part.adjustments, remarks=claim.remarks)
        for own, part in zip(ours, money, strict=True)
    )


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
