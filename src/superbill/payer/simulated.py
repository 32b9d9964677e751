"""The simulated payers as a trading partner: files in, files out.

    partner = SimulatedPayer(read_payers(text))
    answers = partner.receive(batch, at)       # 999 and 277CA, at once
    payments = partner.pay(at)                 # one payment cycle: 835s
    saved = partner.state()                    # and later: SimulatedPayer(payers, saved)

One partner stands before all payers of its configuration, as a clearinghouse does; claims find theirs by the payer
id of 2010BB. Every id that claims or payments carry is answered by configuration, seed and the files alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import blake2b

from superbill.claims.model import Claim
from superbill.money import Cents
from superbill.payer.chance import digest, happens
from superbill.payer.config import PayerConfig, Payers
from superbill.payer.crossing import passed_on
from superbill.payer.eligibility import answer as coverage_answer
from superbill.payer.front import Desk, examine
from superbill.payer.history import History, payee_of
from superbill.payer.payment import Payee, Payment, in_order
from superbill.payer.questions import Desk as QuestionDesk
from superbill.payer.rules import changes_another
from superbill.payer.state import FileKind, Mailbox, OutgoingFile, Pending, Reopening, State, decode, encode
from superbill.payer.telling import halves, remittance_part
from superbill.x12 import (
    X12ReadError,
    acknowledge,
    read_276,
    read_837,
    write,
    write_277,
    write_277ca,
    write_835,
    write_999,
)
from superbill.x12.documents.eligibility import read_questions, reply_file
from superbill.x12.inquiry_model import ClaimReply
from superbill.x12.model import (
    ClaimAcknowledgement,
    ClaimStatus,
    Envelope,
    FunctionalAcknowledgement,
    Remittance,
    RemittanceClaim,
    TransactionSet,
)

# Who sent it and what its control numbers are can't be told of a file without a readable header.
_NOBODY = Mailbox(id="UNKNOWN", qualifier="ZZ", usage="T")
_TAKEN = frozenset("AE")

# SNIP types that the 999 rejects a batch for; what is wrong with single claims, its 277CA tells.
_REJECTED_AT_ONCE = (1, 2, 3)


class SimulatedPayer:
    """One receiver with its payers. Not safe for use by two threads."""

    def __init__(self, payers: Payers, state: bytes | None = None) -> None:
        self.payers = payers
        self._history = History(State() if state is None else decode(state))

    @property
    def _state(self) -> State:
        return self._history.state

    def state(self) -> bytes:
        """Everything it remembers. The same events give the same bytes."""
        return encode(self._state)

    def restore(self, state: bytes) -> None:
        """Go back to a state. Raises StateError when the bytes are none; then nothing changes."""
        self._history = History(decode(state))

    @property
    def waiting(self) -> int:
        """Claims accepted and not yet paid or refused."""
        return len(self._state.pending)

    @property
    def receivable(self) -> Cents:
        """Overpayments and forwarded balances that later payments will withhold."""
        return sum(debt.amount for debt in self._state.debts)

    @property
    def last_cycle(self) -> datetime | None:
        """When it last paid, or when it first heard from anyone."""
        return self._state.last_cycle

    def receive(self, data: bytes, at: datetime) -> list[OutgoingFile]:
        """Take in a file and answer it: a 999 for its groups, a 277CA for its claims.

        The same interchange again gives the same files again and changes nothing. A file that can't be read, or a new
        one under a used control number, is answered with a 999 that rejects it.
        """
        state = self._state
        digest = blake2b(data, digest_size=16).hexdigest()
        if digest in state.answered:
            return list(state.answered[digest])
        if state.last_cycle is None:
            state.last_cycle = at
        mailbox, control = _sender_of(data)
        number = f"{mailbox.qualifier}|{mailbox.id}|{control}"
        files = [] if number in state.interchanges else self._take_in(data, mailbox, at)
        if any(file.kind == "277CA" for file in files):
            # The number is used once claims came in under it: a file cut off on its way may be sent again whole.
            state.interchanges.add(number)
        files = files or [self._refuse(data, mailbox, at)]
        state.answered[digest] = tuple(files)
        return files

    def ask(self, data: bytes, at: datetime) -> bytes:
        """Answer questions about coverage (270) at once with a 271. It changes nothing that the payers remember.

        Raises X12ReadError for what can't be read, ValueError for what asks nothing.
        """
        asked = list(read_questions(data))
        if not asked:
            raise ValueError("it holds no question about coverage (270)")
        mailbox, _ = _sender_of(data)
        replies = [coverage_answer(self.payers, self._state, one, at.date()) for _, one in asked]
        envelope = Envelope(
            sender_id=self.payers.receiver_id,
            receiver_id=mailbox.id,
            receiver_qualifier=mailbox.qualifier,
            interchange_control_number=1,
            group_control_number=1,
            created=at,
            usage="P" if mailbox.usage == "P" else "T",
        )
        return write([reply_file(replies, envelope, number=asked[0][0])])

    def _take_in(self, data: bytes, mailbox: Mailbox, at: datetime) -> list[OutgoingFile]:
        """999 and 277CA of a file; nothing when it has no group that can be answered."""
        try:
            acks = acknowledge(data, rejects=_REJECTED_AT_ONCE)
        except X12ReadError:
            acks = []
        if not acks:
            return []
        files = [self._file("999", mailbox, at, lambda envelope: write_999(acks, envelope=envelope))]
        taken = _taken(acks, "837")
        statuses: list[ClaimAcknowledgement] = []
        for read, claims in read_837(data) if taken else ():
            if (read.group_control_number, read.control_number) in taken:
                statuses += self._claims(read, claims, mailbox, at)
        if statuses:
            files.append(self._file("277CA", mailbox, at, lambda envelope: write_277ca(statuses, envelope=envelope)))
        return [*files, *self._answers(data, _taken(acks, "276"), mailbox, at)]

    def _answers(
        self, data: bytes, taken: set[tuple[str, str]], mailbox: Mailbox, at: datetime
    ) -> Iterator[OutgoingFile]:
        """A 277 for every 276 that was taken."""
        for read, asker, questions in read_276(data) if taken else ():
            if questions and (read.group_control_number, read.control_number) in taken:
                desk, today = QuestionDesk(self._history), at.date()
                replies = [desk.answer(one, self.payers.payer(one.payer_id), today) for one in questions]
                yield self._file("277", mailbox, at, partial(_replies, replies, asker, read.reference))

    def _claims(
        self, read: TransactionSet, claims: Iterable[Claim], mailbox: Mailbox, at: datetime
    ) -> list[ClaimAcknowledgement]:
        """Front-end edits of one transaction set; one acknowledgement per payer and billing provider."""
        groups: dict[tuple[str, Payee], list[ClaimStatus]] = {}
        for claim in claims:
            payer = self.payers.payer(claim.payer.id)
            status = self._examine(claim, payer, at.date(), f"{mailbox.id}|{read.interchange_control_number}")
            if status is None:
                continue
            groups.setdefault((payer.id if payer else "", payee_of(claim)), []).append(status)
            if status.action == "WQ":
                self._state.mailboxes[claim.billing.npi] = mailbox
        return [
            self._acknowledgement(payer_id, payee, statuses, read, mailbox, at)
            for (payer_id, payee), statuses in groups.items()
        ]

    def _examine(self, claim: Claim, payer: PayerConfig | None, today: date, sent_in: str) -> ClaimStatus | None:
        """What the front end says of a claim; None where it is lost. Sent again, in another file, it may arrive."""
        payer_id = payer.id if payer else ""
        desk = Desk(
            claim=claim,
            payer=payer,
            seed=self.payers.seed,
            today=today,
            known=lambda icn: self._history.knows(payer_id, icn),
        )
        icn = self._history.new_icn(payer_id, self.payers.seed, claim.billing.npi, claim.control_number)
        status = examine(desk, icn=icn)
        if status.action == "WQ" and payer is not None:
            lost = "lost", claim.control_number, sent_in
            if not changes_another(claim) and happens(payer.rates.lost, self.payers.seed, payer_id, *lost):
                return status if digest(self.payers.seed, *lost) % 2 else None
            late = not changes_another(claim) and happens(
                payer.rates.late, self.payers.seed, payer_id, "late", claim.control_number
            )
            due = today + timedelta(days=payer.late_days if late else payer.days_to_pay)
            self._state.pending[icn] = Pending(icn=icn, payer=payer_id, claim=claim, received=today, due=due)
        return status

    def _acknowledgement(
        self,
        payer_id: str,
        payee: Payee,
        statuses: list[ClaimStatus],
        read: TransactionSet,
        mailbox: Mailbox,
        at: datetime,
    ) -> ClaimAcknowledgement:
        payer = self.payers.payer(payer_id)
        self._state.trace += 1
        return ClaimAcknowledgement(
            source_name=payer.name if payer else self.payers.receiver_name,
            source_id=payer.id if payer else self.payers.receiver_id,
            receiver_name=payee[2],
            receiver_id=mailbox.id,
            provider_name=payee[2],
            provider_npi=payee[0],
            reference=f"CA{self._state.trace:09d}",
            batch_reference=read.reference,
            received=at.date(),
            processed=at.date(),
            claims=tuple(statuses),
        )

    def _refuse(self, data: bytes, mailbox: Mailbox, at: datetime) -> OutgoingFile:
        """A 999 that rejects the whole of a file."""
        functional_id, group, version = _group_of(data)
        ack = FunctionalAcknowledgement(
            functional_id=functional_id,
            group_control_number=group,
            version=version,
            code="R",
            included=0,
            received=0,
            accepted=0,
        )
        return self._file("999", mailbox, at, lambda envelope: write_999([ack], envelope=envelope))

    def pay(self, at: datetime) -> list[OutgoingFile]:
        """One payment cycle: for every payer and payee with something due, one 835 with all its claims.

        Claims are due some days after receipt. A cycle in which nothing is due gives no file.
        """
        today = at.date()
        state = self._state
        state.last_cycle = at
        due = in_order(each for each in state.pending.values() if each.due <= today)
        by_payment: dict[tuple[str, Payee], list[Pending]] = {}
        for each in due:
            by_payment.setdefault((each.payer, payee_of(each.claim)), []).append(each)
        files = []
        for (payer_id, payee), batch in sorted(by_payment.items()):
            payer = self.payers.payer(payer_id)
            if payer is not None:
                files += self._pay(payer, payee, batch, at)
        return files

    def _pay(self, payer: PayerConfig, payee: Payee, batch: list[Pending], at: datetime) -> list[OutgoingFile]:
        payment = Payment(payer, payee, at.date(), self.payers.seed, self._history)
        for pending in batch:
            if self._state.pending.pop(pending.icn, None) is not None:  # else a replacement has just taken it along
                payment.add(pending)
        for icn in self._due_reopenings(payer, payee, at.date()):
            payment.reopen(icn)
        remittance = payment.close(self._next_trace)
        for claim, result in payment.passed_on:
            self._pass_on(payer, claim, result, at.date())
        return [] if remittance is None else self._tell(payer, payee, remittance, at)

    def _tell(self, payer: PayerConfig, payee: Payee, remittance: Remittance, at: datetime) -> list[OutgoingFile]:
        """The 835 of a payment; by chance in two files, or once more under another interchange."""
        mailbox = self._state.mailboxes.get(payee[0], _NOBODY)
        seed, trace = self.payers.seed, remittance.trace_number
        parts = halves(remittance) if happens(payer.rates.two_files, seed, payer.id, "two files", trace) else None
        told = list(parts or (remittance,))
        if happens(payer.rates.twice, seed, payer.id, "twice", trace):
            told.append(told[0])
        write = remittance_part if parts else _whole
        return [self._file("835", mailbox, at, partial(write, one), payer.id) for one in told]

    def _pass_on(self, payer: PayerConfig, claim: Claim, result: RemittanceClaim, today: date) -> None:
        """A claim crosses over to the next payer, unless it is lost between the two."""
        crossing = passed_on(claim, result, today)
        following = self.payers.payer(crossing.payer.id) if crossing is not None else None
        if crossing is None or following is None:
            return
        seed, number = self.payers.seed, claim.control_number
        if happens(following.rates.lost, seed, following.id, "lost", number, payer.id):
            return
        icn = self._history.new_icn(following.id, seed, claim.billing.npi, number, "crossover")
        due = today + timedelta(days=following.days_to_pay)
        self._state.pending[icn] = Pending(icn=icn, payer=following.id, claim=crossing, received=today, due=due)

    def _due_reopenings(self, payer: PayerConfig, payee: Payee, today: date) -> list[str]:
        """Claims to look at again, taken off the list. A second look waits for a payment that it can ride on."""
        due: list[Reopening] = []
        rest: list[Reopening] = []
        for each in self._state.reopenings:
            mine = each.payer == payer.id and self._state.settled[each.icn].payee == payee
            (due if mine and each.due <= today else rest).append(each)
        self._state.reopenings[:] = rest
        return sorted(each.icn for each in due)

    def _next_trace(self) -> str:
        self._state.trace += 1
        return f"{self._state.trace:010d}"

    def _file(
        self, kind: FileKind, to: Mailbox, at: datetime, write: Callable[[Envelope], bytes], payer: str = ""
    ) -> OutgoingFile:
        self._state.interchange += 1
        control = self._state.interchange
        envelope = Envelope(
            sender_id=self.payers.receiver_id,
            receiver_id=to.id,
            receiver_qualifier=to.qualifier,
            interchange_control_number=control,
            group_control_number=control,
            created=at,
            usage="P" if to.usage == "P" else "T",
        )
        middle = f".{payer}" if payer else ""
        return OutgoingFile(f"{kind}{middle}.{control:09d}.x12", write(envelope), kind)


def _taken(acks: Iterable[FunctionalAcknowledgement], identifier: str) -> set[tuple[str, str]]:
    """Group and number of the transaction sets of this kind that were accepted."""
    return {
        (ack.group_control_number, response.control_number)
        for ack in acks
        for response in ack.responses
        if response.code in _TAKEN and response.identifier == identifier
    }


def _replies(some: list[ClaimReply], asker: tuple[str, str], number: str, envelope: Envelope) -> bytes:
    return write_277(some, envelope=envelope, asker=asker, number=number)


def _whole(remittance: Remittance, envelope: Envelope) -> bytes:
    return write_835([remittance], envelope=envelope)


def _header(data: bytes, segment: str, count: int) -> list[str]:
    """The elements of the first ISA or GS, as far as they can be read."""
    text = data[:2000].decode("latin-1").lstrip("\ufeffï»¿ \r\n\t")
    if not text.startswith("ISA") or len(text) < 106:
        return []
    separator = text[3]
    fields = text.split(separator, 16)
    if segment == "ISA" or len(fields) < 17:
        return fields[:count] if len(fields) >= 17 else []
    _, found, rest = fields[16].partition(f"GS{separator}")
    return ["GS", *rest.split(separator, count)[: count - 1]] if found else []


def _sender_of(data: bytes) -> tuple[Mailbox, str]:
    """Who sent a file, and its interchange control number ("" when its header can't be read)."""
    isa = [field.strip() for field in _header(data, "ISA", 16)]
    if not isa:
        return _NOBODY, ""
    return Mailbox(id=isa[6] or _NOBODY.id, qualifier=isa[5] or "ZZ", usage=isa[15]), isa[13]


def _group_of(data: bytes) -> tuple[str, str, str]:
    """Id, control number and version of the first group, or what stands for them when they can't be read."""
    gs = [field.strip() for field in _header(data, "GS", 9)]
    functional_id, number = (gs[1], gs[6]) if len(gs) > 6 else ("", "")
    version = re.match(r"\w{6,12}", gs[8], re.ASCII) if len(gs) > 8 else None
    return (
        functional_id if len(functional_id) == 2 and functional_id.isalnum() else "HC",
        number if number.isdigit() and len(number) <= 9 else "1",
        version[0] if version else "005010X222A1",
    )
