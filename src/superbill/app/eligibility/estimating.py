"""What a visit will cost the patient, by contract and benefits; Good Faith Estimates; both kept as they were given."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.contracts import Office, services
from superbill.app.documents import decoded, encoded
from superbill.app.eligibility.models import EstimateKind, EstimateRow
from superbill.app.eligibility.telling import Told
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import take
from superbill.app.session import BadInput
from superbill.app.work import action
from superbill.findings import Finding, errors
from superbill.money import Cents
from superbill.pricing.benefits import Accumulators, Benefits
from superbill.pricing.estimate import estimate
from superbill.pricing.good_faith import (
    ExpectedProvider,
    ExpectedService,
    GoodFaithEstimate,
    Separate,
    gaps,
)

_SELF_PAY = "self-pay"


class ShareLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service: charged, allowed (None: no price), the patient's part, and how it was reckoned."""

    service: str
    charge: Cents
    allowed: Cents | None
    patient: Cents
    clause: str = ""
    steps: tuple[str, ...] = ()


class ShareEstimate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A visit as it is expected to be paid. `notes` say what the reckoning rests on."""

    payer: str
    contract: str
    on: date
    lines: tuple[ShareLine, ...]
    plan: Cents
    patient: Cents
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def charge(self) -> Cents:
        """What the charge master asks."""
        return sum(one.charge for one in self.lines)

    @property
    def allowed(self) -> Cents:
        """What the contract allows."""
        return sum(one.allowed or 0 for one in self.lines)


class Given(Struct, frozen=True, kw_only=True):
    """An estimate on file."""

    id: int
    number: int
    kind: str
    issued: date
    scheduled: date | None
    amount: Cents
    by: str
    doc: ShareEstimate | GoodFaithEstimate


def share_of(office: Office, payer_key: str, texts: Sequence[str], on: date, told: Told | None) -> ShareEstimate:
    """What the payer allows and what the patient will owe of it, line by line. `told`: the payer's latest answer.

    Raises BadInput for a service that can't be read, and where no contract holds.
    """
    contract = office.contract(payer_key, on)
    known = told.coverage if told and told.coverage and told.coverage.active else None
    notes = list(known.notes) if known else ["No answer of the payer is on file: nothing is left to the patient here."]
    bill = services(tuple(texts), office, on, "11")
    found = estimate(
        bill, contract, known.benefits if known else Benefits(), known.accumulators if known else Accumulators()
    )
    return ShareEstimate(
        payer=payer_key,
        contract=contract.agreement.title or contract.agreement.key,
        on=on,
        lines=tuple(
            ShareLine(
                service=one.priced.label,
                charge=one.priced.charge,
                allowed=one.priced.allowed,
                patient=one.patient,
                clause=one.priced.clause.id if one.priced.clause else "",
                steps=(*one.priced.steps, *one.steps),
            )
            for one in found.lines
        ),
        plan=found.plan,
        patient=found.patient,
        notes=tuple(notes),
        findings=found.findings,
    )


def good_faith_of(
    office: Office, name: str, born: date, primary: str, texts: Sequence[str], *, issued: date,
    scheduled: date | None = None, diagnoses: tuple[str, ...] = (), separate: tuple[str, ...] = (),
) -> GoodFaithEstimate:  # fmt: skip
    """A Good Faith Estimate of our own services at the self-pay prices. Raises BadInput for what the law misses."""
    day = scheduled or issued
    bill = services(tuple(texts), office, day, "11")
    contract = office.contracts.find(_SELF_PAY, day, office.site.practice.key)
    priced = {one.number: one for one in contract.price(bill).lines} if contract else {}
    made = []
    for item in bill.items:
        line = priced.get(item.number)
        self_pay = line.allowed if line is not None and line.allowed is not None else item.charge
        made.append(
            ExpectedService(
                code=item.code, modifiers=item.modifiers, units=item.units, charge=self_pay, diagnoses=diagnoses,
                on=scheduled, steps=line.steps if line else (),
            )
        )  # fmt: skip
    practice = office.site.practice
    ours = ExpectedProvider(
        name=practice.name, npi=practice.npi, tin=practice.tin, address=office.location.address, convening=True,
        services=tuple(made),
    )  # fmt: skip
    found = GoodFaithEstimate(
        patient_name=name, birth_date=born, primary=primary, issued=issued, scheduled=scheduled, providers=(ours,),
        separate=tuple(Separate(description=one) for one in separate),
    )  # fmt: skip
    if lacking := errors(gaps(found)):
        raise BadInput(" ".join(one.message for one in lacking))
    return found


def keep_estimate(actor: Actor, patient: int, doc: ShareEstimate | GoodFaithEstimate, *, at: datetime) -> int:
    """Keep an estimate with the patient as it is given to them; its row id. Raises BadInput for a stranger."""
    with action(actor, Permission.VERIFY_COVERAGE, "give estimate", at) as work:
        if not work.scope.rows(PatientRow).filter(pk=patient, merged_into=None).exists():
            raise BadInput("This patient is not here, or was merged into another one.")
        share = isinstance(doc, ShareEstimate)
        row = EstimateRow(
            practice_id=work.practice_id, patient_id=patient, number=take(work.practice_id, "estimate"),
            kind=(EstimateKind.SHARE if share else EstimateKind.GOOD_FAITH).value,
            issued=at.date() if isinstance(doc, ShareEstimate) else doc.issued,
            scheduled=doc.on if isinstance(doc, ShareEstimate) else doc.scheduled,
            amount=doc.patient if isinstance(doc, ShareEstimate) else doc.total, doc=encoded(doc), by=actor.name, at=at,
        )  # fmt: skip
        work.scope.rows(EstimateRow).bulk_create([row])
        work.note("patient", patient, estimate=row.number)
        return row.pk


def estimates(scope: Scope, patient: int) -> list[Given]:
    """The estimates that a patient was given, the latest first."""
    rows = scope.rows(EstimateRow).filter(patient_id=patient).order_by("-number")
    return [_given(row) for row in rows]


def estimate_numbered(scope: Scope, number: int) -> tuple[int, Given] | None:
    """The patient and the estimate of this number."""
    row = scope.rows(EstimateRow).filter(number=number).first()
    return (row.patient_id, _given(row)) if row else None


def _given(row: EstimateRow) -> Given:
    place = f"estimate {row.number}"
    doc: ShareEstimate | GoodFaithEstimate
    if row.kind == EstimateKind.SHARE:
        doc = decoded(row.doc, ShareEstimate, place)
    else:
        doc = decoded(row.doc, GoodFaithEstimate, place)
    return Given(
        id=row.pk, number=row.number, kind=row.kind, issued=row.issued, scheduled=row.scheduled, amount=row.amount,
        by=row.by, doc=doc,
    )  # fmt: skip
