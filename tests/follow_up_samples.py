"""Two payers, a batch and its acknowledgements, for tests of what happens after claims were sent."""

from datetime import timedelta

from superbill.app.claims import worklist
from superbill.app.claims.actions import (
    mark_sent,
    prepare_batch,
    record_277ca,
    record_999,
)
from superbill.app.claims.models import ClaimRow
from superbill.claims.model import Person
from superbill.site import PayerEntry
from superbill.x12.model import (
    ClaimAcknowledgement,
    ClaimStatus,
    FunctionalAcknowledgement,
    StatusCode,
)
from tests.app_samples import AT

ONE = PayerEntry(
    key="one", name="Payer One", id="00001", claim_filing_indicator="MB", kind="medicare", filing_limit_days=365
)
TWO = PayerEntry(key="two", name="Payer Two", id="00002", claim_filing_indicator="CI", filing_limit_days=90)
DAY = timedelta(days=1)
PAYERS = (ONE, TWO)


def batch_of(actor, at=AT):
    """Send every ready claim to payer one once more, as a batch."""
    ids = list(actor.scope.rows(ClaimRow).filter(state="ready").values_list("id", flat=True))
    batch = prepare_batch(actor, "one", ids, lambda numbers: b"ISA", at=at)
    mark_sent(actor, batch.pk, at=at)
    return batch


def acknowledged(actor, claims, code=("A2", "20"), *, batch="", at=AT):
    """A 277CA about these claims."""
    statuses = tuple(
        ClaimStatus(
            control_number=each.control_number,
            patient=Person("Family", "Given"),
            action="WQ" if code[0] == "A2" else "U",
            statuses=(StatusCode(*code),),
            charge=each.charge,
            payer_control_number=f"ICN{each.control_number}" if code[0] == "A2" else "",
        )
        for each in claims
    )
    ack = ClaimAcknowledgement(
        source_name="Payer One",
        source_id="00001",
        receiver_name="Lakeside",
        receiver_id="SUB",
        provider_name="Lakeside",
        provider_npi="1234567893",
        reference="CA1",
        batch_reference=batch,
        received=at.date(),
        processed=at.date(),
        claims=statuses,
    )
    return record_277ca(actor, ack, at=at)


def accepted_999(actor, number=1, at=AT):
    ack = FunctionalAcknowledgement(
        functional_id="HC",
        group_control_number=str(number),
        version="005010X222A1",
        code="A",
        included=1,
        received=1,
        accepted=1,
    )
    return record_999(actor, ack, at=at)


def states(actor):
    return list(actor.scope.rows(ClaimRow).order_by("id").values_list("state", flat=True))


def kinds(actor, on):
    return [item.kind for item in worklist.wanted(actor.scope, on)]
