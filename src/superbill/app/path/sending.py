"""Ready claims into 837 files, and the files to the connector."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import partial

from msgspec import Struct

from superbill.app.claims.actions import BatchNumbers, mark_sent, prepare_batch, release_held
from superbill.app.claims.models import Batch
from superbill.app.claims.queries import StoredClaim, batches_to_write, claims_by_id, ready_groups
from superbill.app.claims.sending import reference_of
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.connectors.base import Connector
from superbill.findings import Finding
from superbill.x12 import X12WriteError, guide_of, write_claims
from superbill.x12.model import Envelope, Submitter


class SendCounts(Struct):
    """Batches and claims sent, and claims held because they can't be written as a valid 837."""

    batches: int = 0
    claims: int = 0
    charge: int = 0
    held: int = 0


def send_claims(
    session: Session,
    connector: Connector,
    stages: Stages,
    *,
    at: datetime,
    before: date | None = None,
    only: Collection[int] | None = None,
) -> SendCounts:
    """Send every ready claim (with services before `before`), one batch per payer, billing cycle and kind of 837.

    Batches that an interrupted run prepared are written first. A claim that can't be written is held with the reason.
    `only`: of the ready claims, those of these row ids.
    """
    counts = SendCounts()
    for unsent in batches_to_write(session.scope):
        deliver(session, connector, unsent, at)
    for group in ready_groups(session.scope, before=before, months=session.site.billing_cycle_months):
        wanted = group.claim_ids if only is None else tuple(one for one in group.claim_ids if one in only)
        for guide, claims in _by_guide(claims_by_id(session.scope, wanted)):
            batch = _prepare(session, group.payer_key, guide, claims, counts, at)
            if batch is None:
                continue
            deliver(session, connector, batch, at)
            counts.batches += 1
            counts.claims += batch.claim_count
            counts.charge += batch.charge
            stages.step("Send", batch.claim_count)
    return counts


def _by_guide(claims: Iterable[StoredClaim]) -> list[tuple[str, list[StoredClaim]]]:
    """The claims of each guide (837P, 837I, 837D …): one interchange carries claims of one guide."""
    groups: dict[str, list[StoredClaim]] = {}
    for one in claims:
        groups.setdefault(guide_of(one.claim), []).append(one)
    return sorted(groups.items())


def interchange(session: Session, claims: Iterable[StoredClaim], numbers: BatchNumbers, *, at: datetime) -> bytes:
    """The 837 of `claims`, all of one guide, addressed as the site file says."""
    trading, practice = session.site.trading, session.site.practice
    submitter = Submitter(
        name=practice.name,
        id=trading.submitter_id,
        contact=practice.contact,
        receiver_name=trading.receiver_name,
        receiver_id=trading.receiver_id,
    )
    documents = (one.claim for one in claims)
    envelope, reference = envelope_of(session, numbers, at), reference_of(numbers.interchange)
    return write_claims(documents, envelope=envelope, submitter=submitter, reference=reference)


def envelope_of(session: Session, numbers: BatchNumbers, at: datetime) -> Envelope:
    """The envelope of an interchange to the receiver, as the site file says."""
    trading = session.site.trading
    return Envelope(
        sender_id=trading.submitter_id,
        receiver_id=trading.receiver_id,
        sender_qualifier=trading.sender_qualifier,
        receiver_qualifier=trading.receiver_qualifier,
        interchange_control_number=numbers.interchange,
        group_control_number=numbers.group,
        created=at,
        usage=trading.usage,
    )


def _prepare(
    session: Session, payer_key: str, guide: str, claims: list[StoredClaim], counts: SendCounts, at: datetime
) -> Batch | None:
    # Claims of one subscriber side by side share their loops in the file.
    ordered = sorted(claims, key=lambda one: (one.claim.subscriber.member_id, one.id))
    while ordered:
        try:
            return prepare_batch(
                session.actor,
                payer_key,
                [one.id for one in ordered],
                partial(interchange, session, ordered, at=at),
                at=at,
                kind=guide.partition("-")[0],
                receiver=session.site.trading.receiver_id,
            )
        except X12WriteError as error:
            bad = {one.id: why for one in ordered if (why := _unwritable(session, one, at))}
            if not bad:
                raise error
            held = [(one.id, one.claim, (*one.findings, *bad[one.id])) for one in ordered if one.id in bad]
            release_held(session.actor, held, at=at)
            counts.held += len(held)
            ordered = [one for one in ordered if one.id not in bad]
    return None


def _unwritable(session: Session, one: StoredClaim, at: datetime) -> tuple[Finding, ...]:
    """Why this claim alone makes no valid file; empty when it does."""
    try:
        interchange(session, [one], BatchNumbers(1, 1), at=at)
    except X12WriteError as error:
        return tuple(error.findings)
    return ()


def deliver(session: Session, connector: Connector, batch: Batch, at: datetime) -> None:
    """Hand a batch over, and say so."""
    connector.send(batch.file_name, bytes(batch.content))
    mark_sent(session.actor, batch.pk, at=at)
