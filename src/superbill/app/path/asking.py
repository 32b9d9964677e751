"""Questions about claims (276) to the connector, one file per payer."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct, field

from superbill.app.claims.actions import BatchNumbers
from superbill.app.claims.queries import StoredClaim, claims_by_id
from superbill.app.inquiries.actions import Traces, ask
from superbill.app.inquiries.queries import claims_due
from superbill.app.path.sending import deliver, envelope_of
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.claims.model import Claim
from superbill.connectors.base import Connector
from superbill.findings import Finding, Severity, header
from superbill.x12 import write_276
from superbill.x12.inquiry_model import ClaimQuestion


class AskCounts(Struct):
    """Files and questions that went out, and claims that can't be asked about, with the reason."""

    batches: int = 0
    questions: int = 0
    findings: list[Finding] = field(default_factory=list)


def ask_payers(
    session: Session, connector: Connector, stages: Stages, *, at: datetime, claims: Sequence[int] | None = None
) -> AskCounts:
    """Ask about these claims (row ids), or about all that have been silent long enough."""
    counts = AskCounts()
    wanted = claims_due(session.scope, at.date()) if claims is None else claims
    by_payer: dict[str, list[StoredClaim]] = {}
    for one in claims_by_id(session.scope, list(wanted)):
        if (problem := _unaskable(one)) is not None:
            counts.findings.append(problem)
        else:
            by_payer.setdefault(one.payer_key, []).append(one)
    for payer, some in sorted(by_payer.items()):
        ids = [one.id for one in some]
        make = partial(_file, session, some, at)
        batch = ask(session.actor, payer, ids, make, at=at, receiver=session.site.trading.receiver_id)
        deliver(session, connector, batch, at)
        counts.batches += 1
        counts.questions += len(some)
        stages.step("Ask", len(some))
    return counts


def _file(session: Session, some: Sequence[StoredClaim], at: datetime, numbers: BatchNumbers, traces: Traces) -> bytes:
    trading, practice = session.site.trading, session.site.practice
    questions = [question(one.claim, traces[one.id], one.payer_control_number) for one in some]
    asker = practice.name, trading.submitter_id
    return write_276(
        questions, envelope=envelope_of(session, numbers, at), asker=asker, number=f"S{numbers.interchange:09d}"
    )


def question(claim: Claim, trace: str, payer_control_number: str = "") -> ClaimQuestion:
    """What a payer is asked of a claim: as it was billed, with the payer's own number where we know it."""
    billing, patient = claim.billing, claim.patient
    return ClaimQuestion(
        trace=trace,
        payer_name=claim.payer.name,
        payer_id=claim.payer.id,
        provider_name=billing.organization,
        provider_person=None if billing.organization else billing.person,
        provider_npi=billing.npi,
        subscriber=claim.subscriber.person,
        member_id=claim.subscriber.member_id,
        dependent=None if claim.patient_is_subscriber else patient.person,
        birth_date=patient.birth_date or (claim.subscriber.birth_date if claim.patient_is_subscriber else None),
        sex=patient.sex,
        control_number=claim.control_number,
        payer_control_number=payer_control_number,
        bill_type=claim.type_of_bill[1:],
        charge=claim.charge,
        service=claim.service,
    )


def _unaskable(one: StoredClaim) -> Finding | None:
    asked = question(one.claim, "")
    lacks = [
        name
        for name, value in (
            ("the patient's birth date", asked.birth_date),
            ("the member id", asked.member_id),
            ("the provider's NPI", asked.provider_npi),
            ("a day of service", asked.service.start),
        )
        if not value
    ]
    if not lacks:
        return None
    return Finding(
        rule="inquiry.incomplete",
        severity=Severity.ERROR,
        where=header("claim"),
        message=f"Claim {one.control_number} lacks {' and '.join(lacks)}: nobody can be asked about it.",
        fix="Correct the claim, or call the payer.",
        source="276 TR3 (005010X212), loops 2000D, 2100D",
    )
