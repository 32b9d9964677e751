"""Batches go out: numbers, bytes and states in one transaction; the file is written from the stored bytes."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.events import tell
from superbill.app.claims.models import Batch, BatchState, ClaimEventKind, ClaimRow, ClaimState
from superbill.app.claims.opening import NotThisClaim
from superbill.app.documents import content_key
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert_one, update
from superbill.app.work import Work, action
from superbill.money import Cents

_COLUMNS = (
    "practice_id", "kind", "payer_key", "receiver", "interchange_control_number", "group_control_number", "file_name",
    "sha256", "content", "created", "state", "claim_count", "charge",
)  # fmt: skip


class BatchNumbers(Struct, frozen=True):
    """Control numbers of one interchange and its functional group; never given out again in this practice."""

    interchange: int
    group: int


def reference_of(interchange: int) -> str:
    """BHT03 of a file that we send: by it an acknowledgement names the batch."""
    return f"B{interchange:09d}"


def prepare_batch(
    actor: Actor,
    payer_key: str,
    claim_ids: Sequence[int],
    make: Callable[[BatchNumbers], bytes],
    *,
    at: datetime,
    kind: str = "837P",
    receiver: str = "",
    file_name: Callable[[BatchNumbers], str] | None = None,
) -> Batch:
    """Take control numbers, make the interchange, store its bytes, and set its claims to sent: all, or nothing.

    The caller then writes `batch.content` to `batch.file_name` and calls `mark_sent`; a run stopped in between finds
    the batch among `queries.batches_to_write`. Raises NotThisClaim for a claim that is not ready for this payer.
    """
    with action(actor, Permission.SEND, "prepare batch", at) as work:
        columns = ("id", "state", "payer_key", "charge", "on_paper")
        claims = {row[0]: row[1:] for row in found(work.scope, ClaimRow, "id", claim_ids, *columns, lock=True)}
        for row_id in claim_ids:
            state, payer, _, on_paper = claims.get(row_id, ("not in this practice", payer_key, 0, False))
            if on_paper:
                raise NotThisClaim(f"claim {row_id} goes by mail: {payer} takes it on paper only")
            if state != ClaimState.READY or payer != payer_key:
                raise NotThisClaim(f"claim {row_id} is {state} for {payer}, not ready for {payer_key}")
        if not claims:
            raise NotThisClaim("a batch needs at least one claim")
        total = sum(charge for _, _, charge, _ in claims.values())
        batch = insert_batch(
            work, payer_key, len(claims), total, make, kind=kind, receiver=receiver, file_name=file_name
        )
        changes = [(batch.pk, ClaimState.SENT.value, at, row_id) for row_id in sorted(claims)]
        update(ClaimRow, ("batch_id", "state", "state_since"), changes)
        tell(
            work,
            sorted(claims),
            ClaimEventKind.SENT,
            batch=batch.pk,
            reference=reference_of(batch.interchange_control_number),
        )
        work.note("batch", batch.pk, claims=len(claims), interchange=batch.interchange_control_number)
        return batch


def insert_batch(
    work: Work,
    payer_key: str,
    count: int,
    charge: Cents,
    make: Callable[[BatchNumbers], bytes],
    *,
    kind: str,
    receiver: str = "",
    file_name: Callable[[BatchNumbers], str] | None = None,
) -> Batch:
    """Part of an action: numbers are taken, the interchange is made and kept with its bytes, to be delivered."""
    numbers = BatchNumbers(take(work.practice_id, "interchange"), take(work.practice_id, "group"))
    content = make(numbers)
    batch = Batch(
        practice_id=work.practice_id,
        kind=kind,
        payer_key=payer_key,
        receiver=receiver,
        interchange_control_number=numbers.interchange,
        group_control_number=numbers.group,
        file_name=file_name(numbers) if file_name else f"{kind}-{payer_key}-{numbers.interchange:09d}.x12",
        sha256=content_key(content),
        content=content,
        created=work.at,
        claim_count=count,
        charge=charge,
    )
    batch.pk = insert_one(Batch, _COLUMNS, [getattr(batch, column) for column in _COLUMNS])
    return batch


def mark_sent(actor: Actor, batch_id: int, *, at: datetime) -> None:
    """The batch's file is where it belongs. Saying so twice changes nothing."""
    with action(actor, Permission.SEND, "mark batch sent", at) as work:
        for (row_id,) in found(work.scope, Batch, "id", [batch_id], "id", state=BatchState.PREPARED, lock=True):
            update(Batch, ("state",), [(BatchState.SENT.value, row_id)])
            work.note("batch", row_id)
