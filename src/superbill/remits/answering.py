"""One answer of a payer as entries: adjudicated, reversed, forwarded, or set aside with its money in suspense."""

from collections.abc import Iterable, Sequence
from typing import Literal

from superbill.findings import Finding, Place, Severity
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Kind, Posting, Reason, reversal
from superbill.money import Cents, dollars
from superbill.remits.again import Answer, answer_again
from superbill.remits.books import PlannedBooks, paid_on, touching
from superbill.remits.identity import digest
from superbill.remits.lines import ClaimMoney, claim_money
from superbill.remits.model import ChargeLine, ClaimOutcome, OutcomeState, PostingPlan, SentClaim
from superbill.remits.posting import LineMoney, post_line
from superbill.x12.model import Remittance, RemittanceClaim

REVERSAL = "22"
FORWARDED = frozenset({"19", "20", "21", "23"})
Insist = Literal["", "add", "instead"]
_IN_SUSPENSE = "Its money waits in suspense. Find the claim and post it there, or return the money to the payer."


class Planner:
    """The plan as it grows."""

    def __init__(self, remittance: Remittance, payer: str, source: str, *, insist: Insist = "") -> None:
        self._remittance, self.payer, self._source, self.insist = remittance, payer, source, insist
        self.entries: list[Entry] = []
        self.outcomes: list[ClaimOutcome] = []
        self.findings: list[Finding] = []
        self._books = PlannedBooks()

    def plan(self) -> PostingPlan:
        """All that was planned."""
        return PostingPlan(entries=tuple(self.entries), outcomes=tuple(self.outcomes), findings=tuple(self.findings))

    def adjudicate(self, position: int, event: str, claim: RemittanceClaim, sent: SentClaim) -> None:
        """A first answer, or one after a reversal, or one more."""
        money = claim_money(claim, self._lines(sent, answered_first=False))
        if isinstance(money, str):
            self.set_aside(position, event, claim, "held", money)
            return
        answer = self._answer(money, sent)
        if answer.act == "ask":
            self.set_aside(position, event, claim, "held", answer.why)
        elif answer.act == "nothing":
            if money.interest:  # it tells nothing new of the claim, yet pays for being late
                self._entry(event, "insurance payment", _interest(money.interest, self.payer))
            self.outcome(position, event, claim, "repeated", sent, findings=(_repeated(claim),))
        else:
            self._take_back(event, answer.replaces, {line.line for line in money.lines})
            self._post(position, event, claim, sent, answer.money)

    def reverse(self, position: int, event: str, claim: RemittanceClaim, sent: SentClaim) -> None:
        """What the payer takes back must be what stands, line by line; else a person decides."""
        standing = self._books.standing(sent)
        money = claim_money(claim, self._lines(sent, answered_first=True))
        back = reversed_by(claim, money, standing)
        if back is not None:
            entries, lines = back
            paid = sum(posting.amount for entry in entries for posting in _payments(entry) if posting.line in lines)
            self._take_back(event, entries, lines, interest=-claim.paid - paid)
            self.outcome(position, event, claim, "reversed", sent)
        elif self.insist and not isinstance(money, str):
            self._post(position, event, claim, sent, money)
        else:
            taken, here = dollars(-claim.paid), dollars(sum(paid_on(standing).values()))
            why = f"The payer takes back {taken}, but {here} of this claim is posted."
            if taken == here:
                why = f"The payer takes back {taken}, as much as is posted, but from other lines."
            self.set_aside(position, event, claim, "held", why)

    def forward(self, position: int, event: str, claim: RemittanceClaim, sent: SentClaim) -> None:
        """Not this payer's claim, which it has passed on (CLP02 23): the next payer answers for all of it."""
        if claim.paid or not sent.next_payer:
            why = "it has a payment" if claim.paid else "we know of no further payer"
            said = f"Claim status 23: not this payer's claim, forwarded to another payer; but {why}."
            self.set_aside(position, event, claim, "held", said)
            return
        postings: list[Posting] = []
        for line in sent.lines:
            balance, denied = self._books.balance(sent, line.key), self._books.denied(sent, line.key)
            for account, amount in ((Account.INSURANCE, balance - denied), (Account.DENIED, denied)):
                if amount:
                    postings.append(Posting(account=account, amount=-amount, line=line.key, payer=sent.payer))
            if balance:
                move = Posting(account=Account.INSURANCE, amount=balance, line=line.key, payer=sent.next_payer)
                postings.append(move)
        if postings:
            self._entry(event, "transfer", postings, memo=f"claim {claim.control_number}")
        self.outcome(position, event, claim, "forwarded", sent)

    def post_by_hand(
        self, position: int, event: str, claim: RemittanceClaim, sent: SentClaim, lines: tuple[LineMoney, ...]
    ) -> None:
        """Onto the lines that a person names, as they say."""
        strange = sorted({line.line for line in lines} - {line.key for line in sent.lines})
        paid = sum(line.paid for line in lines)
        if strange:
            why = f"Line {strange[0]} is not on claim {sent.control_number}."
            self.set_aside(position, event, claim, "held", why)
        elif paid != claim.paid:
            said, whole = dollars(paid), dollars(claim.paid)
            self.set_aside(position, event, claim, "held", f"The lines pay {said}, but the answer pays {whole}.")
        else:
            self._post(position, event, claim, sent, ClaimMoney(lines))

    def set_aside(
        self, position: int, event: str, claim: RemittanceClaim, state: Literal["held", "unmatched"], message: str
    ) -> None:
        """Nothing onto a line; what it pays, or takes back, waits in SUSPENSE."""
        finding = Finding(
            rule=f"remit.{state}",
            severity=Severity.ERROR,
            where=Place(loop="2100", element="CLP01", field=f"claim {claim.control_number}"),
            message=message,
            fix=_IN_SUSPENSE
            if claim.paid
            else "It carries no money. Find the claim and post it there, or set it aside.",
        )
        self.findings.append(finding)
        if claim.paid:
            why = Reason(code=state, remarks=tuple(claim.control_number.split()))
            self.move(f"{event}:suspense", "insurance payment", Account.SUSPENSE, -claim.paid, why)
        self.outcome(position, event, claim, state, findings=(finding,))

    def outcome(
        self,
        position: int,
        event: str,
        claim: RemittanceClaim,
        state: OutcomeState,
        sent: SentClaim | None = None,
        *,
        bill_next: bool = False,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        """Note what became of a CLP."""
        forwarded = claim.status in FORWARDED
        self.outcomes.append(
            ClaimOutcome(
                position=position,
                control_number=claim.control_number,
                state=state,
                event=event,
                findings=findings,
                forwarded=forwarded,
                bill_next=bill_next and not forwarded,
                line_keys=tuple(line.key for line in sent.lines) if sent else (),
            )
        )

    def move(self, suffix: str, kind: Kind, account: Account, amount: Cents, why: Reason) -> None:
        """`amount` onto a payment account, out of CLEARING."""
        onto = Posting(account=account, amount=amount, payer=self.payer, reason=why)
        out = Posting(account=Account.CLEARING, amount=-amount, payer=self.payer)
        self._entry(suffix, kind, (onto, out))

    def _lines(self, sent: SentClaim, *, answered_first: bool) -> Sequence[ChargeLine]:
        """The claim's lines; of two that are alike, a further part of an answer means the one that is not answered, a
        reversal the one that is."""
        standing = self._books.standing(sent)
        if not standing:
            return sent.lines
        answered = {posting.line for entry in standing for posting in entry.postings}
        return sorted(sent.lines, key=lambda line: (line.key in answered) is not answered_first)

    def _answer(self, money: ClaimMoney, sent: SentClaim) -> Answer:
        standing = self._books.standing(sent)
        if not standing:
            return Answer("post", money)
        answer = answer_again(money, standing, lambda line: self._books.balance(sent, line))
        if answer.act == "ask" and self.insist:
            before = touching(standing, (line.line for line in money.lines)) if self.insist == "instead" else []
            return Answer("instead" if before else "post", money, tuple(before))
        return answer

    def _post(self, position: int, event: str, claim: RemittanceClaim, sent: SentClaim, money: ClaimMoney) -> None:
        postings: list[Posting] = []
        for line in money.lines:
            balance, denied = self._books.balance(sent, line.line), self._books.denied(sent, line.line)
            postings += post_line(line, balance=balance, payer=sent.payer, next_payer=sent.next_payer, denied=denied)
        refused = {posting.line for posting in postings if posting.account is Account.DENIED and posting.amount > 0}
        settled = {posting.line for posting in postings if _settles(posting)}
        postings += _interest(money.interest, self.payer)
        if postings:
            kind: Kind = "denial" if refused and not settled else "insurance payment"
            self._entry(event, kind, postings, memo=f"claim {claim.control_number}")
        to_next = any(posting.account is Account.INSURANCE and posting.amount > 0 for posting in postings)
        state: OutcomeState = "paid" if not refused else "partly_denied" if settled else "denied"
        if claim.status == REVERSAL:
            state = "reversed"
        told = (_bill_by_hand(claim),) if to_next and sent.crossover and claim.status not in FORWARDED else ()
        self.findings += told
        bill_next = to_next and not sent.crossover and state != "reversed"
        self.outcome(position, event, claim, state, sent, bill_next=bill_next, findings=told)

    def _take_back(self, event: str, entries: Sequence[Entry], lines: Iterable[str], interest: Cents = 0) -> None:
        """Reverse `entries`; what they say of other lines than `lines` is said again, and interest stays income but
        for the `interest` that the payer takes back."""
        gone, stays = set(lines), -interest
        for entry in reversed(entries):
            name = digest(entry.key)
            key = f"{self._source}:{event}:back:{name}"
            self._add(reversal(entry, key=key, on=self._remittance.payment_date, source=self._source))
            stays -= sum(posting.amount for posting in entry.postings if posting.account is Account.INTEREST)
            if {posting.line for posting in entry.postings} - gone - {""}:
                kept = [posting for posting in entry.postings if posting.line and posting.line not in gone]
                paid = any(posting.account is not Account.DENIED and posting.amount > 0 for posting in kept)
                self._entry(f"{event}:kept:{name}", "insurance payment" if paid else "denial", kept, memo=entry.memo)
        if stays:
            self._entry(f"{event}:interest", "insurance payment", _interest(stays, self.payer))

    def _entry(self, suffix: str, kind: Kind, postings: Iterable[Posting], memo: str = "") -> None:
        self._add(
            Entry(
                key=f"{self._source}:{suffix}",
                kind=kind,
                on=self._remittance.payment_date,
                postings=tuple(postings),
                source=self._source,
                memo=memo,
            )
        )

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._books.add(entry)


def reversed_by(
    claim: RemittanceClaim, money: ClaimMoney | str, standing: Sequence[Entry]
) -> tuple[Sequence[Entry], set[str]] | None:
    """The entries that a reversal takes back, and on which lines; None where what it takes back is not what stands.

    All that stands on the lines it names, or one of several answers; or, where the lines can't be told, the whole.
    """
    everything = {posting.line for entry in standing for posting in entry.postings} - {""}
    lines = everything if isinstance(money, str) else {line.line for line in money.lines}
    here = touching(standing, lines)
    if not isinstance(money, str):
        wanted = {line: -paid for line, paid in money.paid.items() if paid}
        for some in (here, *([entry] for entry in reversed(here))):
            paid = {line: amount for line, amount in paid_on(some).items() if line in lines}
            if paid == wanted and (some or not claim.paid):
                return some, lines
    if lines >= everything and here and -claim.paid == sum(paid_on(here).values()):
        return here, lines
    return None


def _payments(entry: Entry) -> list[Posting]:
    return [posting for posting in entry.postings if posting.line and posting.account is Account.CLEARING]


def _settles(posting: Posting) -> bool:
    """Money that is answered for: paid, agreed away, or moved on to the next payer or the patient."""
    if posting.account is Account.INSURANCE:
        return posting.amount > 0
    return posting.account in {Account.CLEARING, Account.CONTRACTUAL, Account.PATIENT}


def _interest(amount: Cents, payer: str) -> list[Posting]:
    """Interest inside a claim's payment is income and no payment of a charge."""
    if not amount:
        return []
    why = Reason(group="CO", code="225")
    return [
        Posting(account=Account.INTEREST, amount=-amount, payer=payer, reason=why),
        Posting(account=Account.CLEARING, amount=amount, payer=payer),
    ]


def _repeated(claim: RemittanceClaim) -> Finding:
    return Finding(
        rule="remit.repeated",
        severity=Severity.INFORMATION,
        where=Place(loop="2100", element="CLP01", field=f"claim {claim.control_number}"),
        message="The payer calls this claim a duplicate of one that it has paid. That payment stands.",
        fix="Nothing to do, unless the service was done twice: then send it again with a modifier that says so.",
    )


def _bill_by_hand(claim: RemittanceClaim) -> Finding:
    return Finding(
        rule="remit.bill-next-by-hand",
        severity=Severity.WARNING,
        where=Place(loop="2100", element="CLP01", field=f"claim {claim.control_number}"),
        message="A payer that got the claim by crossover leaves a share to a further payer.",
        fix="Send the claim to the further payer with both answers.",
    )
