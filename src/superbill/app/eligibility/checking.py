"""Asking a payer about a coverage: the question is kept as it went, the answer as it came, read and on record."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import content_key, decoded, encoded
from superbill.app.eligibility.actions import Answer, record_eligibility
from superbill.app.eligibility.models import CoverageCheck
from superbill.app.eligibility.telling import Told
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import take
from superbill.app.rows import found
from superbill.app.session import Session
from superbill.app.work import action
from superbill.chart.model import Chart, CoverageRecord, PersonName
from superbill.claims.model import Person
from superbill.connectors.base import Connector
from superbill.pricing.eligibility import coverage as benefits_of
from superbill.x12 import X12ReadError, X12WriteError, write
from superbill.x12.coverage_model import CoverageQuestion
from superbill.x12.documents.benefits_271 import members
from superbill.x12.documents.coverage_271 import member_coverages, refusals
from superbill.x12.documents.eligibility import question_file
from superbill.x12.model import Envelope


class NotAsked(ValueError):
    """A payer that can't be asked; the message says why. Nothing was put on record."""


class Check(Struct, frozen=True, kw_only=True):
    """A question about a coverage and what came back. `warnings` and words are made when it is shown."""

    id: int
    number: int
    patient: int
    coverage: str
    payer_key: str
    on: date
    active: bool | None
    told: Told
    simulated: bool
    by: str
    at: datetime


def check_coverage(
    session: Session, connector: Connector, patient: int, coverage_id: str, on: date, *, at: datetime
) -> int:
    """Ask the payer of a coverage about the patient for services on `on`; the row id of the check.

    Raises NotAsked where the payer is not known, the record lacks what the guide asks for, or the trading partner
    answers no questions at once.
    """
    ask: Any = getattr(connector, "ask", None)
    if ask is None:
        raise NotAsked(
            "This trading partner answers no questions at once. Bring the payer’s 271 in with superbill eligibility "
            "import."
        )
    with action(session.actor, Permission.VERIFY_COVERAGE, "ask about coverage", at) as work:
        row = work.scope.rows(PatientRow).filter(pk=patient, merged_into=None).first()
        if row is None:
            raise NotAsked("This patient is not here, or was merged into another one.")
        chart = decoded(row.doc, Chart, f"patient {patient}")
        one = next((each for each in chart.coverages if each.id == coverage_id), None)
        if one is None:
            raise NotAsked("This coverage is not on the patient’s record any more.")
        number = take(work.practice_id, "coverage question")
        question = _question(session, chart, one, number, on)
        file = _file(session, question, number, at)
        work.note("patient", patient, asked=number)
    try:
        answer: bytes = ask(file)
        told, rest = read_answer(answer, one.order)
    except X12ReadError as error:
        raise NotAsked(f"The answer can’t be read: {error}. Ask again.") from None
    return _keep(session, patient, one, number, on, file, answer, told, rest, at)


def _keep(
    session: Session, patient: int, one: CoverageRecord, number: int, on: date, file: bytes, answer: bytes, told: Told,
    verified: date | None, at: datetime,
) -> int:  # fmt: skip
    entry = session.site.payer(one.payer)
    key = entry.key if entry else one.payer
    active = told.coverage.active if told.coverage else None
    with action(session.actor, Permission.VERIFY_COVERAGE, "check coverage", at) as work:
        made = CoverageCheck(
            practice_id=work.practice_id, patient_id=patient, coverage=one.id, payer_key=key, number=number, on=on,
            active=active, doc=encoded(told), question=file.decode("ascii", "replace"),
            answer=answer.decode("ascii", "replace"), simulated=True, by=work.actor.name, at=at,
        )  # fmt: skip
        work.scope.rows(CoverageCheck).bulk_create([made])
        if active is not None:
            record_eligibility(
                session.actor,
                [
                    Answer(
                        patient=patient, payer_key=key, member_id=one.member_id, active=active,
                        verified_on=verified or at.date(), period=told.period, plan=told.plan, order=told.place,
                        source=f"check {number}", digest=content_key(answer),
                    )
                ],
                at=at,
            )  # fmt: skip
        work.note("patient", patient, check=number)
        return made.pk


def read_answer(answer: bytes, order: int) -> tuple[Told, date | None]:
    """A 271 about one person, as read, and the day that it carries. Raises X12ReadError, NotAsked."""
    people = [*member_coverages(answer), *refusals(answer)]
    if len(people) != 1:
        raise NotAsked(f"The answer tells of {len(people)} people, one was asked about. Ask again.")
    person = people[0]
    if person.rejected:
        return Told(refused=person.rejected), person.on
    statements = next((each.statements for each in members(answer)), ())
    found_coverage = benefits_of(statements)
    place = person.place if person.place and person.place != order else 0
    return (
        Told(coverage=found_coverage, plan=person.plan, period=person.period, place=place, others=person.others),
        person.on,
    )


def _question(session: Session, chart: Chart, one: CoverageRecord, number: int, on: date) -> CoverageQuestion:
    entry, patient, practice = session.site.payer(one.payer), chart.patient, session.site.practice
    if entry is None:
        raise NotAsked(f"Nobody knows who {one.payer} is: choose the payer of this coverage.")
    if not one.member_id:
        raise NotAsked("Without the member number the payer can’t be asked. Copy it from the card.")
    if patient.birth_date is None:
        raise NotAsked("Without the birth date the payer can’t be asked. Add it to the patient.")
    own = one.relationship == "self"
    if not own and one.subscriber is None:
        raise NotAsked("Name the person whose insurance it is.")
    subscriber = patient.name if own or one.subscriber is None else one.subscriber.name
    return CoverageQuestion(
        trace=f"E{number:09d}",
        payer_name=entry.name,
        payer_id=entry.id,
        provider_name=practice.name,
        provider_npi=practice.npi,
        subscriber=_person(subscriber),
        member_id=one.member_id,
        dependent=None if own else _person(patient.name),
        birth_date=patient.birth_date,
        sex=patient.sex if patient.sex != "U" else None,
        group_number=one.group_number,
        on=on,
    )


def _person(name: PersonName) -> Person:
    return Person(name.family, name.given[0] if name.given else "", " ".join(name.given[1:]), name.suffix)


def _file(session: Session, question: CoverageQuestion, number: int, at: datetime) -> bytes:
    trading = session.site.trading
    envelope = Envelope(
        sender_id=trading.submitter_id,
        receiver_id=trading.receiver_id,
        sender_qualifier=trading.sender_qualifier,
        receiver_qualifier=trading.receiver_qualifier,
        interchange_control_number=number,
        group_control_number=number,
        created=at,
        usage=trading.usage,
    )
    try:
        return write([question_file([question], envelope, number=f"E{number:09d}")])
    except X12WriteError as error:
        raise NotAsked(f"The question can’t be written: {error}") from None


_COLUMNS = ("id", "number", "patient_id", "coverage", "payer_key", "on", "active", "doc", "simulated", "by", "at")


def checks(scope: Scope, patients: Sequence[int]) -> dict[int, list[Check]]:
    """What was asked about these patients (row ids), the latest first."""
    made: dict[int, list[Check]] = {}
    for row in sorted(found(scope, CoverageCheck, "patient_id", patients, *_COLUMNS), reverse=True):
        row_id, number, patient, coverage, key, on, active, doc, simulated, by, at = row
        made.setdefault(patient, []).append(
            Check(
                id=row_id, number=number, patient=patient, coverage=coverage, payer_key=key, on=on,
                active=None if active is None else bool(active), told=decoded(doc, Told, f"check {number}"),
                simulated=bool(simulated), by=by, at=at,
            )
        )  # fmt: skip
    return made


def files_of(scope: Scope, check: int) -> tuple[int, str, str] | None:
    """The patient, the question and the answer of a check (row id), as they were sent."""
    row = scope.rows(CoverageCheck).filter(pk=check).values_list("patient_id", "question", "answer").first()
    return row
