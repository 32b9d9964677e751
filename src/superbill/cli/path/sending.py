"""Ready claims into 837 files, and the files to the connector."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from superbill.app.claims.actions import BatchNumbers, mark_sent, prepare_batch, release_held
from superbill.app.claims.models import Batch
from superbill.app.claims.queries import StoredClaim, batches_to_write, claims_by_id, ready_groups
from superbill.cli.output import Stages
from superbill.cli.session import Session
from superbill.connectors.base import Connector
from superbill.findings import Finding
from superbill.x12 import X12WriteError, write_837p
from superbill.x12.model import Envelope, Submitter


class SendCounts(Struct):
    """Batches and claims sent, and claims held because they can't be written as a valid 837."""

    batches: int = 0
    claims: int = 0
    charge: int = 0
    held: int = 0


def send_claims(
    session: Session, connector: Connector, stages: Stages, *, at: datetime, before: date | None = None
) -> SendCounts:
    """Send every ready claim (with services before `before`), one batch per payer and month of service.

    Batches that an interrupted run prepared are written first. A claim that can't be written is held with the reason.
    """
    counts = SendCounts()
    for batch in batches_to_write(session.scope):
        _deliver(session, connector, batch, at)
    for group in ready_groups(session.scope, before=before):
        claims = list(claims_by_id(session.scope, group.claim_ids))
        good, bad = _writable(session, claims, at)
        if bad:
            release_held(session.actor, [(one.id, one.claim, why) for one, why in bad], at=at)
            counts.held += len(bad)
        if not good:
            continue
        batch = _prepare(session, group.payer_key, good, at)
        _deliver(session, connector, batch, at)
        counts.batches += 1
        counts.claims += len(good)
        counts.charge += batch.charge
        stages.step("Send", len(good))
    return counts


def interchange(session: Session, claims: Iterable[StoredClaim], numbers: BatchNumbers, at: datetime) -> bytes:
    """The 837P of `claims`, addressed as the site file says."""
    trading, practice = session.site.trading, session.site.practice
    envelope = Envelope(
        sender_id=trading.submitter_id,
        receiver_id=trading.receiver_id,
        sender_qualifier=trading.sender_qualifier,
        receiver_qualifier=trading.receiver_qualifier,
        interchange_control_number=numbers.interchange,
        group_control_number=numbers.group,
        created=at,
        usage=trading.usage,
    )
    submitter = Submitter(
        name=practice.name,
        id=trading.submitter_id,
        contact=practice.contact,
        receiver_name=trading.receiver_name,
        receiver_id=trading.receiver_id,
    )
    documents = (one.claim for one in claims)
    return write_837p(documents, envelope=envelope, submitter=submitter, reference=f"B{numbers.interchange:09d}")


def _prepare(session: Session, payer_key: str, claims: list[StoredClaim], at: datetime) -> Batch:
    # Claims of one subscriber side by side share their loops in the file.
    ordered = sorted(claims, key=lambda one: (one.claim.subscriber.member_id, one.id))
    return prepare_batch(
        session.actor,
        payer_key,
        [one.id for one in ordered],
        lambda numbers: interchange(session, ordered, numbers, at),
        at=at,
        receiver=session.site.trading.receiver_id,
    )


def _deliver(session: Session, connector: Connector, batch: Batch, at: datetime) -> None:
    connector.send(batch.file_name, bytes(batch.content))
    mark_sent(session.actor, batch.pk, at=at)


def _writable(
    session: Session, claims: list[StoredClaim], at: datetime
) -> tuple[list[StoredClaim], list[tuple[StoredClaim, tuple[Finding, ...]]]]:
    """Claims that make a valid file, and those that don't, with the writer's reasons."""
    trial = BatchNumbers(1, 1)
    try:
        interchange(session, claims, trial, at)
    except X12WriteError:
        pass
    else:
        return claims, []
    good: list[StoredClaim] = []
    bad: list[tuple[StoredClaim, tuple[Finding, ...]]] = []
    for one in claims:
        try:
            interchange(session, [one], trial, at)
            good.append(one)
        except X12WriteError as error:
            bad.append((one, tuple(error.findings)))
    return good, bad
