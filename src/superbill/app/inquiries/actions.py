"""Questions go out (276), answers are kept (277), and move the claims that they are about."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.events import tell
from superbill.app.claims.models import Batch, ClaimEventKind, ClaimRow, ClaimState
from superbill.app.claims.opening import NotThisClaim
from superbill.app.claims.sending import BatchNumbers, insert_batch
from superbill.app.claims.told import RULES, rules_of
from superbill.app.claims.words import meaning, mend
from superbill.app.documents import content_key, encoded
from superbill.app.inquiries.models import InquiryRow, ReplyRow
from superbill.app.inquiries.steps import kind_of, next_step
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action
from superbill.findings import Finding, Place, Severity
from superbill.x12.inquiry_model import ClaimReply

_REPLY = (
    "practice_id", "inquiry_id", "claim_id", "received_file_id", "key", "category", "status", "kind", "effective",
    "doc", "at",
)  # fmt: skip
Traces = Mapping[int, str]  # claim (row id) -> the trace number of its question


class ReplyCounts(Struct, frozen=True, kw_only=True):
    """What a file of answers did. `findings` name answers that belong to no claim of ours."""

    answered: int = 0
    already: int = 0
    unmatched: int = 0
    findings: tuple[Finding, ...] = ()


def ask(
    actor: Actor,
    payer_key: str,
    claims: Sequence[int],
    make: Callable[[BatchNumbers, Traces], bytes],
    *,
    at: datetime,
    receiver: str = "",
) -> Batch:
    """Take numbers, make the file of questions about these claims (row ids) and keep both: all, or nothing.

    The caller delivers the batch as one of claims. Raises NotThisClaim for a claim of another payer, or never sent.
    """
    with action(actor, Permission.SEND, "ask about claims", at) as work:
        columns = ("id", "control_number", "state", "payer_key", "on_paper")
        rows = {row[0]: row[1:] for row in found(work.scope, ClaimRow, "id", claims, *columns)}
        for row_id in claims:
            number, state, payer, on_paper = rows.get(row_id, (str(row_id), "not in this practice", payer_key, False))
            if row_id not in rows or state in (ClaimState.HELD, ClaimState.READY) or payer != payer_key or on_paper:
                raise NotThisClaim(f"claim {number} is {state} for {payer}: {payer_key} can't be asked about it (276)")
        first = take(work.practice_id, "inquiry", len(claims)) if claims else 0
        traces = {row_id: f"Q{number:09d}" for number, row_id in enumerate(claims, first)}
        batch = insert_batch(work, payer_key, len(claims), 0, lambda n: make(n, traces), kind="276", receiver=receiver)
        asked = [(work.practice_id, row_id, batch.pk, trace, actor.name, at) for row_id, trace in traces.items()]
        insert(InquiryRow, ("practice_id", "claim_id", "batch_id", "trace", "by", "at"), asked)
        work.note("batch", batch.pk, questions=len(asked))
        return batch


def record_replies(
    actor: Actor, replies: Iterable[ClaimReply], *, at: datetime, received_file: int | None = None
) -> ReplyCounts:
    """Keep a payer's answers, each once, and let them move their claims: one whose 277CA is missing is accepted by an
    answer that has it in process, and rejected by one that was not taken. What is decided waits for its 835."""
    with action(actor, Permission.RECEIVE, "record claim status", at) as work:
        told = list(replies)
        matched = _matched(work, told)
        keys = {content_key(encoded(one)): one for one in told if matched.get(_names(one))}
        known = {key for (key,) in found(work.scope, ReplyRow, "key", keys, "key")}
        fresh = [(key, one, matched[_names(one)]) for key, one in keys.items() if key not in known]
        insert(ReplyRow, _REPLY, [_row(work, key, one, where, received_file) for key, one, where in fresh])
        _move(work, [(one, claim) for _, one, (_, claim) in fresh])
        unknown = tuple(_no_claim(one) for one in told if not matched.get(_names(one)))
        work.note("reply", answered=len(fresh), unmatched=len(unknown))
        return ReplyCounts(
            answered=len(fresh), already=len(keys) - len(fresh), unmatched=len(unknown), findings=unknown
        )


_Names = tuple[str, str]  # trace, control number
_Where = tuple[int | None, int]  # inquiry, claim


def _names(one: ClaimReply) -> _Names:
    return one.trace, one.control_number


def _matched(work: Work, replies: Sequence[ClaimReply]) -> dict[_Names, _Where]:
    """The question that each reply answers and its claim; by our control number where the payer gives back another
    trace, as those do that answer unasked."""
    asked = {
        trace: (row_id, claim)
        for trace, row_id, claim in found(
            work.scope, InquiryRow, "trace", (one.trace for one in replies), "trace", "id", "claim_id"
        )
    }
    numbers = (one.control_number for one in replies if one.trace not in asked and one.control_number)
    by_number = dict(found(work.scope, ClaimRow, "control_number", numbers, "control_number", "id"))
    matched: dict[_Names, _Where] = {}
    for one in replies:
        if one.trace in asked:
            matched[_names(one)] = asked[one.trace]
        elif one.control_number in by_number:
            matched[_names(one)] = (None, by_number[one.control_number])
    return matched


def _row(work: Work, key: str, one: ClaimReply, where: _Where, file: int | None) -> tuple[object, ...]:
    inquiry, claim = where
    code = one.statuses[0] if one.statuses else None
    category = code.category if code else ""
    return (
        work.practice_id, inquiry, claim, file, key, category, code.status if code else "", kind_of(category),
        one.effective, encoded(one), work.at,
    )  # fmt: skip


def _move(work: Work, replies: Sequence[tuple[ClaimReply, int]]) -> None:
    last = {claim: one for one, claim in replies if one.statuses}
    columns = ("id", "state", "payer_control_number")
    rows = list(found(work.scope, ClaimRow, "id", last, *columns, state__in=("sent", "accepted"), lock=True))
    numbers = [(last[row[0]].payer_control_number, row[0]) for row in rows if last[row[0]].payer_control_number]
    update(ClaimRow, ("payer_control_number",), [(number, row_id) for number, row_id in numbers])
    steps = {row_id: (state, next_step(last[row_id].statuses[0].category)) for row_id, state, _ in rows}
    accepted = [row_id for row_id, (state, step) in steps.items() if step.accepts and state == ClaimState.SENT]
    update(ClaimRow, ("state", "state_since"), [(ClaimState.ACCEPTED.value, work.at, row_id) for row_id in accepted])
    tell(work, accepted, ClaimEventKind.ACCEPTED, reference="277")
    refused = {row_id: _findings(last[row_id]) for row_id, (_, step) in steps.items() if step.rejects}
    texts = [encoded(said) for said in refused.values()]
    changes = [
        (ClaimState.REJECTED.value, work.at, True, text, rules_of(said), row_id)
        for (row_id, said), text in zip(refused.items(), texts, strict=True)
    ]
    update(ClaimRow, ("state", "state_since", "rejected_once", "findings", *RULES), changes)
    tell(work, list(refused), ClaimEventKind.REJECTED, reference="277", texts=texts)


def _findings(reply: ClaimReply) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule=f"answer.{code.category}-{code.status}",
            severity=Severity.ERROR,
            where=Place(loop="2200D", element="STC01"),
            message=meaning(code),
            fix=mend(code),
            source="277 (005010X212) STC",
        )
        for code in reply.statuses
    )


def _no_claim(one: ClaimReply) -> Finding:
    what = f"claim {one.control_number}" if one.control_number else f"question {one.trace}"
    return Finding(
        rule="answer.unknown-claim",
        severity=Severity.ERROR,
        where=Place(loop="2200D", element="TRN02"),
        message=f"The 277 answers {what}, which this practice has not sent.",
        fix="Check that the file belongs to this practice.",
    )
