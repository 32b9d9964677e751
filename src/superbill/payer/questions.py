"""What has become of a claim (276, 277), answered from what the payer remembers, and from nothing else."""

from collections.abc import Sequence
from datetime import date

from superbill.claims.model import Claim
from superbill.payer.config import PayerConfig
from superbill.payer.history import History
from superbill.payer.state import Pending, Settled
from superbill.x12.inquiry_model import ClaimQuestion, ClaimReply
from superbill.x12.model import StatusCode

NOT_FOUND = (StatusCode("A4", "35"),)
NO_SUCH_PAYER = (StatusCode("E0", "116"),)
IN_PROCESS, UNDER_REVIEW = (StatusCode("P1", "20"),), (StatusCode("P2", "20"),)
PAID, NOTHING_TO_PAY, DENIED = StatusCode("F1", "65"), StatusCode("F4", "104"), StatusCode("F2", "1")
REVISED, PASSED_ON = StatusCode("F3", "1"), StatusCode("F3F", "16")


class Desk:
    """Answers questions. Who asks must know the member's number: a claim of somebody else is not found."""

    def __init__(self, history: History) -> None:
        state = history.state
        self._pending, self._settled = state.pending, state.settled
        self._waiting: dict[tuple[str, str], str] = {}
        self._decided: dict[tuple[str, str], str] = {}
        for icn, one in state.pending.items():
            self._waiting[one.payer, one.claim.control_number] = icn
        for icn, done in state.settled.items():
            if not done.reversed:
                self._decided[done.payer, done.result.control_number] = icn

    def answer(self, question: ClaimQuestion, payer: PayerConfig | None, today: date) -> ClaimReply:
        """The state of the claim that a question names, by the payer's number of it or by ours."""
        if payer is None:
            return _reply(question, NO_SUCH_PAYER, today)
        key = (payer.id, question.control_number)
        icn = question.payer_control_number
        if icn not in self._pending and icn not in self._settled:
            icn = self._waiting.get(key) or self._decided.get(key, "")
        pending, settled = self._pending.get(icn), self._settled.get(icn)
        if pending is not None and pending.payer == payer.id and _is_of(pending.claim, question):
            return _reply(question, _of_pending(pending, payer), today, icn)
        if settled is not None and settled.payer == payer.id and _member(settled) == question.member_id.upper():
            return _decided(question, settled, icn, today)
        return _reply(question, NOT_FOUND, today)


def _is_of(claim: Claim, question: ClaimQuestion) -> bool:
    return claim.subscriber.member_id.upper() == question.member_id.upper()


def _member(settled: Settled) -> str:
    return settled.member.split("|")[1]


def _of_pending(pending: Pending, payer: PayerConfig) -> tuple[StatusCode, ...]:
    late = (pending.due - pending.received).days > payer.days_to_pay
    return UNDER_REVIEW if late else IN_PROCESS


def _decided(question: ClaimQuestion, settled: Settled, icn: str, today: date) -> ClaimReply:
    result = settled.result
    refused = all(line.allowed is None for line in result.lines)
    first = REVISED if settled.reversed else PAID if result.paid else DENIED if refused else NOTHING_TO_PAY
    more = (PASSED_ON,) if result.crossover_payer_id else ()
    paid = 0 if settled.reversed else result.paid
    return _reply(question, (first, *more), today, icn, paid=paid, settled=settled)


def _reply(
    question: ClaimQuestion,
    statuses: Sequence[StatusCode],
    today: date,
    icn: str = "",
    *,
    paid: int | None = None,
    settled: Settled | None = None,
) -> ClaimReply:
    return ClaimReply(
        trace=question.trace,
        payer_name=question.payer_name,
        payer_id=question.payer_id,
        provider_name=question.provider_name,
        provider_npi=question.provider_npi,
        subscriber=question.subscriber,
        member_id=question.member_id,
        dependent=question.dependent,
        control_number=question.control_number,
        payer_control_number=icn,
        bill_type=question.bill_type,
        statuses=tuple(statuses),
        effective=today,
        charge=question.charge,
        paid=paid,
        finalized=settled.paid_on if settled else None,
        payment_date=settled.paid_on if settled and paid else None,
        payment_trace=settled.trace if settled and paid else "",
        service=question.service,
    )
