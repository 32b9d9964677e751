"""Files from the payers: 999 and 277CA move claims, 835 become journal entries."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct, field

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import finish_file, receive_file, record_277ca, record_999, record_ta1
from superbill.app.claims.queries import files_to_finish
from superbill.app.inquiries.actions import record_replies
from superbill.app.path.importing import chunked
from superbill.app.remits.actions import post_remittance
from superbill.app.remits.queries import can_post_again
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.app.work import together
from superbill.connectors.base import Connector
from superbill.findings import Finding, Place, Severity
from superbill.x12 import X12ReadError, identify, read_277, read_277ca, read_835, read_999, read_ta1
from superbill.x12.model import Remittance

FILES_PER_TRANSACTION = 25


class ReceiveCounts(Struct):
    """Files by kind, what they did, and what needs a person. `left` are payments for who may post them."""

    files: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    rejected: int = 0
    remittances: int = 0
    posted_claims: int = 0
    already: int = 0
    held: int = 0
    left: int = 0
    waiting: int = 0
    replies: int = 0
    findings: list[Finding] = field(default_factory=list)


def receive_files(session: Session, connector: Connector, stages: Stages, *, at: datetime) -> ReceiveCounts:
    """Take in everything that waits at the connector, and whatever an interrupted run left unfinished."""
    counts = ReceiveCounts()
    for file in files_to_finish(session.scope):
        if _is_left(session, file.kind):
            counts.left += 1
            continue
        process(session, file.pk, file.name, bytes(file.content), counts, at, file.kind)
    for some in chunked(_fetched(connector, stages), FILES_PER_TRANSACTION):
        with together():
            for name, data in some:
                take_in(session, name, data, counts, at)
        for name, _ in some:
            connector.confirm(name)
    return counts


def _fetched(connector: Connector, stages: Stages) -> Iterator[tuple[str, bytes]]:
    """File by file, as they come over the line: between two of them nothing is open, so there one may stop."""
    for name, data in connector.receive():
        stages.step("Receive")
        yield name, data


def take_in(session: Session, name: str, data: bytes, counts: ReceiveCounts, at: datetime) -> None:
    """Keep one file and do what it says, in one transaction, once however often it comes. One that was held is tried
    again, and one whose payment was voided. A payment that this person may not post waits, kept, for one who may."""
    kind = kind_of(data)
    with together():
        kept = receive_file(session.actor, name=name, content=data, kind=kind, at=at)
        if kept.finished and not kept.held and not can_post_again(session.scope, kept.id):
            counts.already += 1
            return
        if _is_left(session, kind):
            counts.left += 1
            return
        process(session, kept.id, name, data, counts, at, kind)


def _is_left(session: Session, kind: str) -> bool:
    return kind == "835" and Permission.POST_REMITTANCE not in session.actor.permissions


def kind_of(data: bytes) -> str:
    """What a file holds: "835", "999", "277CA", "277", "TA1" (and nothing else), the identifier of another
    transaction set, or "" when unreadable."""
    try:
        kinds = identify(data)
    except X12ReadError:
        return ""
    names = {"277CA" if identifier == "277" and "X214" in version else identifier for identifier, version in kinds}
    if not names:
        return "TA1" if next(read_ta1(data), None) is not None else ""
    return names.pop() if len(names) == 1 else "mixed"


def process(
    session: Session, file_id: int, name: str, data: bytes, counts: ReceiveCounts, at: datetime, kind: str
) -> None:
    """Do what a stored file says; a remittance that can't be posted is held with its findings."""
    counts.files[kind or "unreadable"] += 1
    found: list[Finding] = []
    work = _BY_KIND.get(kind)
    if work is None:
        found.append(_not_for_us(name, kind))
    else:
        try:
            found += work(session, file_id, data, counts, at)
        except X12ReadError as error:
            found.append(error.finding)
    named = [_in_file(finding, name) for finding in found]
    counts.findings += named
    held = any(finding.severity is Severity.ERROR for finding in named)
    counts.held += held
    finish_file(session.actor, file_id, named, held=held, at=at)


def _interchanges(session: Session, file_id: int, data: bytes, counts: ReceiveCounts, at: datetime) -> list[Finding]:
    found: list[Finding] = []
    for answer in read_ta1(data):
        done = record_ta1(session.actor, answer, at=at, file=file_id)
        counts.rejected += done.rejected
        found += done.findings if done.unmatched else ()
    return found


def _acknowledge(session: Session, file_id: int, data: bytes, counts: ReceiveCounts, at: datetime) -> list[Finding]:
    found = _interchanges(session, file_id, data, counts, at)
    for _set, answer in read_999(data):
        done = record_999(session.actor, answer, at=at, file=file_id)
        counts.rejected += done.rejected
        found += [*_set.findings, *(done.findings if done.unmatched else ())]
    return found


def _accept(session: Session, file_id: int, data: bytes, counts: ReceiveCounts, at: datetime) -> list[Finding]:
    found: list[Finding] = []
    for _set, answer in read_277ca(data):
        done = record_277ca(session.actor, answer, at=at, file=file_id)
        counts.accepted += done.accepted
        counts.rejected += done.rejected
        found += [*_set.findings, *done.findings]
    return found


def _answer(session: Session, file_id: int, data: bytes, counts: ReceiveCounts, at: datetime) -> list[Finding]:
    found: list[Finding] = []
    for _set, replies in read_277(data):
        done = record_replies(session.actor, replies, at=at, received_file=file_id)
        counts.replies += done.answered
        counts.already += done.already
        found += [*_set.findings, *done.findings]
    return found


def _post(session: Session, file_id: int, data: bytes, counts: ReceiveCounts, at: datetime) -> list[Finding]:
    found: list[Finding] = []
    # A payment in several transaction sets of one file waits only until its last one is read.
    waiting: dict[tuple[str, str], list[Finding]] = {}
    for read, remittance in read_835(data):
        unreadable = [finding for finding in read.findings if finding.severity is Severity.ERROR]
        payer = payer_of(session, remittance)
        if unreadable or isinstance(payer, Finding):
            found += [*unreadable, *([payer] if isinstance(payer, Finding) else [])]
            continue
        result = post_remittance(session.actor, remittance, payer_key=payer, received_file=file_id, at=at)
        payment = remittance.originator_id, remittance.trace_number
        counts.already += result.already
        counts.remittances += not (result.held or result.already)
        counts.posted_claims += 0 if result.held else len(result.outcomes)
        if result.waiting:
            waiting[payment] = list(result.findings)
            continue
        found += result.findings
        if not result.held:
            waiting.pop(payment, None)
    counts.waiting += len(waiting)
    return [*found, *(finding for said in waiting.values() for finding in said)]


def payer_of(session: Session, remittance: Remittance) -> str | Finding:
    """The key of the payer at the site, or what to do when the site does not know it."""
    for name in (remittance.payer_id, remittance.payer_name):
        entry = session.site.payer(name) if name else None
        if entry:
            return entry.key
    return Finding(
        rule="remit.unknown-payer",
        severity=Severity.ERROR,
        where=Place(loop="1000A", element="N104"),
        message=f"The site does not know payer {remittance.payer_name} ({remittance.payer_id}). Nothing was posted.",
        fix="Add the payer, or its id among the match words of one, to the site file; then receive again.",
    )


def _not_for_us(name: str, kind: str) -> Finding:
    what = f"a {kind} file" if kind else "no X12 file that can be read"
    return Finding(
        rule="receive.not-an-answer",
        severity=Severity.ERROR,
        where=Place(file=name),
        message=f"This is {what}; TA1, 999, 277CA, 277 and 835 files are answers to claims.",
        fix="Nothing was done with it. Ask the sender what it is.",
    )


def _in_file(finding: Finding, name: str) -> Finding:
    from msgspec.structs import replace

    return finding if finding.where.file else replace(finding, where=replace(finding.where, file=name))


_BY_KIND: dict[str, Callable[[Session, int, bytes, ReceiveCounts, datetime], list[Finding]]] = {
    "999": _acknowledge,
    "277CA": _accept,
    "277": _answer,
    "TA1": _interchanges,
    "835": _post,
}
