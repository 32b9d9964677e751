"""Answers come in: files, TA1, 999 and 277CA, and what they do to batches and claims."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.events import tell
from superbill.app.claims.models import (
    Batch,
    BatchState,
    ClaimEventKind,
    ClaimRow,
    ClaimState,
    FileOutcome,
    ReceivedFile,
)
from superbill.app.claims.sending import reference_of
from superbill.app.claims.told import RULES, rules_of
from superbill.app.claims.words import rejected_interchange, rejected_set, rejection
from superbill.app.documents import content_key, encoded
from superbill.app.rows import found, insert_one, update
from superbill.app.work import Work, action
from superbill.findings import Finding, Place, Severity
from superbill.x12.model import (
    ClaimAcknowledgement,
    ClaimStatus,
    FunctionalAcknowledgement,
    InterchangeAcknowledgement,
)

OPEN = (ClaimState.SENT, ClaimState.ACCEPTED)
_ANSWER = ("state", "findings", "answered", "answer_file_id")


class Received(Struct, frozen=True):
    """A file's row, and whether it was finished before: then there is nothing left to do with it, unless it was held
    for a person."""

    id: int
    finished: bool
    held: bool = False


class AnswerCounts(Struct, frozen=True, kw_only=True):
    """What an acknowledgement did. `findings` name claims and batches that it could not be matched to."""

    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    unmatched: int = 0
    findings: tuple[Finding, ...] = ()


def receive_file(actor: Actor, *, name: str, content: bytes, kind: str = "", at: datetime) -> Received:
    """Keep a file that came in. The same bytes again are the same file."""
    with action(actor, Permission.RECEIVE, "receive file", at) as work:
        sha256 = content_key(content)
        for row_id, outcome in found(work.scope, ReceivedFile, "sha256", [sha256], "id", "outcome"):
            return Received(row_id, outcome != FileOutcome.RECEIVED, outcome == FileOutcome.HELD)
        row = (work.practice_id, sha256, name, kind, at, content)
        row_id = insert_one(ReceivedFile, ("practice_id", "sha256", "name", "kind", "received_at", "content"), row)
        work.note("file", row_id, size=len(content))
        return Received(row_id, finished=False)


def finish_file(
    actor: Actor, file_id: int, findings: Sequence[Finding] = (), *, held: bool = False, at: datetime
) -> None:
    """All that the file asks for is done (or held for a person)."""
    with action(actor, Permission.RECEIVE, "finish file", at) as work:
        outcome = FileOutcome.HELD if held else FileOutcome.PROCESSED
        ours = [row_id for (row_id,) in found(work.scope, ReceivedFile, "id", [file_id], "id")]
        said = encoded(tuple(findings))
        update(ReceivedFile, ("outcome", "findings"), [(outcome.value, said, row_id) for row_id in ours])
        work.note("file", file_id, outcome=outcome.value)


def record_999(
    actor: Actor, answer: FunctionalAcknowledgement, *, at: datetime, file: int | None = None
) -> AnswerCounts:
    """The batch is acknowledged or rejected; claims of a rejected transaction set are rejected with the reason.

    `file`: the received file (row id) that holds the answer.
    """
    with action(actor, Permission.RECEIVE, "record 999", at) as work:
        number = answer.group_control_number
        wanted = [int(number)] if number.isdigit() else []
        columns = ("id", "claim_count", "content")
        batch = next(found(work.scope, Batch, "group_control_number", wanted, *columns, lock=True), None)
        if batch is None:
            return AnswerCounts(unmatched=1, findings=(_no_batch(number),))
        batch_id, claim_count, content = batch
        bad = {one.control_number: rejected_set(one) for one in answer.responses if one.code not in "AE"}
        whole = answer.code in "RMWX" and not bad
        findings: dict[str, tuple[Finding, ...]] = {}
        for transaction, claim in claims_by_set(bytes(content)) if whole or bad else ():
            if whole or transaction in bad:
                findings[claim] = bad.get(transaction, (_group_rejected(answer),))
        rejected = _reject(work, findings, batch=batch_id, file=file)
        state = BatchState.REJECTED if answer.code in "RMWX" else BatchState.ACKNOWLEDGED
        said = tuple({finding: None for group in findings.values() for finding in group})
        update(Batch, _ANSWER, [(state.value, encoded(said), at, file, batch_id)])
        work.note("batch", batch_id, rejected=rejected, state=state.value)
        return AnswerCounts(accepted=claim_count - len(findings), rejected=rejected, findings=said)


def record_ta1(
    actor: Actor, answer: InterchangeAcknowledgement, *, at: datetime, file: int | None = None
) -> AnswerCounts:
    """An interchange that was refused takes all its claims back; one that was taken still waits for its 999."""
    with action(actor, Permission.RECEIVE, "record TA1", at) as work:
        number = answer.control_number.strip()
        wanted = [int(number)] if number.isdigit() else []
        columns = ("id", "claim_count", "content")
        batch = next(found(work.scope, Batch, "interchange_control_number", wanted, *columns, lock=True), None)
        if batch is None:
            return AnswerCounts(unmatched=1, findings=(_no_interchange(number),))
        batch_id, claim_count, content = batch
        if answer.code != "R":
            return AnswerCounts(unchanged=claim_count)
        said = rejected_interchange(answer)
        rejected = _reject(work, {claim: said for _, claim in claims_by_set(bytes(content))}, batch=batch_id, file=file)
        update(Batch, _ANSWER, [(BatchState.REJECTED.value, encoded(said), at, file, batch_id)])
        work.note("batch", batch_id, rejected=rejected, state=BatchState.REJECTED.value)
        return AnswerCounts(rejected=rejected, findings=said)


def record_277ca(actor: Actor, answer: ClaimAcknowledgement, *, at: datetime, file: int | None = None) -> AnswerCounts:
    """Claims go into adjudication or are rejected, with findings in plain words. A claim further on is left alone, and
    so is one that has gone out again since, in another batch than the one that is acknowledged."""
    with action(actor, Permission.RECEIVE, "record 277CA", at) as work:
        wanted = [status.control_number for status in answer.claims]
        columns = ("control_number", "batch__interchange_control_number")
        there = dict(found(work.scope, ClaimRow, "control_number", wanted, *columns))
        current = {number for number, interchange in there.items() if _is_of(answer.batch_reference, interchange)}
        answered = [one for one in answer.claims if one.control_number in current]
        taken = _accept(
            work, {one.control_number: one for one in answered if one.action == "WQ"}, answer.reference, file
        )
        refused = {one.control_number: rejection(one) for one in answered if one.action == "U"}
        rejected = _reject(work, refused, reference=answer.reference, file=file)
        unknown = [_no_claim(number) for number in wanted if number not in there]
        work.note("acknowledgement", accepted=taken, rejected=rejected, unmatched=len(unknown))
        return AnswerCounts(
            accepted=taken,
            rejected=rejected,
            unchanged=len(wanted) - taken - rejected - len(unknown),
            unmatched=len(unknown),
            findings=tuple(unknown),
        )


def _is_of(reference: str, interchange: int | None) -> bool:
    """Whether an acknowledgement is of the batch that carried the claim last. A reference that is none of ours, as some
    clearinghouses give their own, may be of any."""
    ours = len(reference) == len(reference_of(1)) and reference[0] == "B" and reference[1:].isdigit()
    return not ours or interchange is None or reference == reference_of(interchange)


def _accept(work: Work, statuses: dict[str, ClaimStatus], reference: str, file: int | None) -> int:
    columns = ("id", "control_number", "payer_control_number")
    rows = list(found(work.scope, ClaimRow, "control_number", statuses, *columns, state=ClaimState.SENT, lock=True))
    changes = [
        (ClaimState.ACCEPTED.value, work.at, statuses[number].payer_control_number or known, row_id)
        for row_id, number, known in rows
    ]
    update(ClaimRow, ("state", "state_since", "payer_control_number"), changes)
    tell(work, [row[0] for row in rows], ClaimEventKind.ACCEPTED, reference=reference, file=file)
    return len(changes)


def _reject(
    work: Work,
    findings: dict[str, tuple[Finding, ...]],
    *,
    batch: int | None = None,
    reference: str = "",
    file: int | None = None,
) -> int:
    """Claims that are still under way (in this batch) are rejected."""
    columns = ("id", "control_number", "batch_id")
    rows = [
        (row_id, findings[number])
        for row_id, number, sent_in in found(
            work.scope, ClaimRow, "control_number", findings, *columns, state__in=OPEN, lock=True
        )
        if batch is None or batch == sent_in
    ]
    changes = [
        (ClaimState.REJECTED.value, work.at, True, encoded(said), rules_of(said), row_id) for row_id, said in rows
    ]
    update(ClaimRow, ("state", "state_since", "rejected_once", "findings", *RULES), changes)
    ids, texts = [row_id for row_id, _ in rows], [encoded(said) for _, said in rows]
    tell(work, ids, ClaimEventKind.REJECTED, batch=batch, reference=reference, texts=texts, file=file)
    return len(changes)


def claims_by_set(content: bytes) -> Iterator[tuple[str, str]]:
    """(ST02, CLM01) of every claim in an interchange that we wrote."""
    text = content.decode("utf-8", "replace")
    element, segment = text[3:4], text[105:106]
    transaction = ""
    for part in text.split(segment) if segment else ():
        tag, _, rest = part.strip().partition(element)
        if tag == "ST":
            transaction = _second(rest.split(element))
        elif tag == "CLM":
            yield transaction, rest.split(element, 1)[0]


def _second(elements: Iterable[str]) -> str:
    return next((value for place, value in enumerate(elements) if place == 1), "")


def _no_batch(number: str) -> Finding:
    return Finding(
        rule="answer.unknown-batch",
        severity=Severity.ERROR,
        where=Place(loop="", element="AK102"),
        message=f"The 999 answers group {number}, which this practice has not sent.",
        fix="Check that the file belongs to this practice.",
    )


def _no_interchange(number: str) -> Finding:
    return Finding(
        rule="answer.unknown-interchange",
        severity=Severity.ERROR,
        where=Place(element="TA101"),
        message=f"The TA1 answers interchange {number}, which this practice has not sent.",
        fix="Check that the file belongs to this practice.",
    )


def _no_claim(number: str) -> Finding:
    return Finding(
        rule="answer.unknown-claim",
        severity=Severity.ERROR,
        where=Place(loop="2200D", element="TRN02"),
        message=f"The 277CA answers claim {number}, which this practice has not sent.",
        fix="Check that the file belongs to this practice.",
    )


def _group_rejected(answer: FunctionalAcknowledgement) -> Finding:
    return Finding(
        rule="answer.group-rejected",
        severity=Severity.ERROR,
        where=Place(element="AK901"),
        message=f"The receiver refused the whole group {answer.group_control_number} (code {answer.code}).",
        fix="Check version and control numbers of the file with the receiver, then send the claims again.",
        source="999 (005010X231A1) AK901",
    )
