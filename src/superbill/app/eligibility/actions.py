"""Payers' answers about coverage are put on record."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.eligibility.models import EligibilityRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found, insert
from superbill.app.work import action
from superbill.effective import Period

_COLUMNS = (
    "practice_id", "patient_id", "payer_key", "member_id", "active", "start", "end", "plan", "order", "verified_on",
    "source", "digest", "by", "at",
)  # fmt: skip
_SAME = ("patient_id", "payer_key", "member_id", "active", "start", "end", "verified_on", "digest")


class NotRecorded(ValueError):
    """An answer that can't be put on record; the message says why. Nothing was changed."""


class Answer(Struct, frozen=True, kw_only=True):
    """A payer's answer about one patient (row id). `order` 1, 2, 3; 0: not told. `digest` identifies the file."""

    patient: int
    payer_key: str
    member_id: str
    active: bool
    verified_on: date
    period: Period = Period()
    plan: str = ""
    order: int = 0
    source: str = ""
    digest: str = ""


def record_eligibility(actor: Actor, answers: Sequence[Answer], *, at: datetime) -> int:
    """Put answers on record, all or none; how many are new. What the same file has told before is left alone.

    Raises NotPermitted; NotRecorded for a patient who is not the practice's, for an answer without payer, and for a
    period that ends before it starts.
    """
    with action(actor, Permission.VERIFY_COVERAGE, "record eligibility", at) as work:
        patients = {one.patient for one in answers}
        known = {row[0] for row in found(work.scope, PatientRow, "id", patients, "id")}
        for one in answers:
            _check(one, known)
        there = set(found(work.scope, EligibilityRow, "patient_id", patients, *_SAME))
        rows: dict[tuple[object, ...], tuple[object, ...]] = {}
        for one in answers:
            first, last = one.period.start, one.period.end
            told = (one.patient, one.payer_key, one.member_id, one.active, first, last)
            key = (*told, one.verified_on, one.digest)
            if key not in there:
                rest = (one.plan[:120], one.order, one.verified_on, one.source[:255], one.digest, actor.name, work.at)
                rows[key] = (work.practice_id, *told, *rest)
        insert(EligibilityRow, _COLUMNS, list(rows.values()))
        work.note("patient", ids=sorted(patients), recorded=len(rows))
        return len(rows)


def _check(answer: Answer, known: set[int]) -> None:
    if answer.patient not in known:
        raise NotRecorded(f"No patient {answer.patient} in this practice.")
    if not answer.payer_key:
        raise NotRecorded("An answer about coverage needs its payer.")
    period = answer.period
    if period.start and period.end and period.end < period.start:
        raise NotRecorded(f"The coverage ends on {period.end}, before it starts on {period.start}.")
